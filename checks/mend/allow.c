/* allow.c: see allow.h. */
#include "checks/mend/allow.h"

#include "checks/mend/statement.h"

/* ---- For certain accounts alone ---- */

/* Whatever the statement says of aws:SourceAccount by StringEquals, it now says this. */
static struct json for_accounts(struct arena *arena, const struct json *statement, const struct str *accounts,
                                size_t count)
{
    const struct json *condition = json_find(statement, "Condition");
    struct json asking = *statement;
    struct json_builder kept = json_build(arena, JSON_OBJECT);
    const struct json *equals = json_find(condition, "StringEquals");
    for (size_t i = 0; json_is(equals, JSON_OBJECT) && i < equals->count; i++)
        if (!str_equal_nocase(equals->members[i].name, STR("aws:SourceAccount")))
            json_build_append(&kept, equals->members[i].name, equals->members[i].value);
    if (equals) {
        struct json others = statement_with(arena, condition, "StringEquals", "StringEquals", json_built(&kept));
        asking = statement_with(arena, statement, "Condition", "Condition", others);
    }
    for (size_t i = 0; i < count; i++)
        asking = statement_asking(arena, &asking, "StringEquals", "aws:SourceAccount", accounts[i]);
    return asking;
}

static struct json of_principal(struct arena *arena, const struct json *statement, const char *type, bool alone)
{
    const struct json *principal = json_find(statement, "Principal");
    const struct json_member member = {str_from(type), *json_find(principal, type)};
    struct json one = *json_clone(arena, json_box(arena, json_object(&member, 1)));
    return statement_with(arena, statement, "Principal", "Principal",
                          alone ? one : statement_without(arena, principal, type));
}

const struct json *allow_for_accounts(struct arena *arena, const struct statement *statement,
                                      const struct str *accounts, size_t count)
{
    const struct json *policy = statement->policy->source;
    const struct json *source = policy_statement(policy, statement->index);
    const struct json *principal = json_find(source, "Principal");
    struct json pieces[2];
    size_t piece_count = 0;
    int number = 1;
    if (!json_is(principal, JSON_OBJECT) || !json_find(principal, "Service"))
        return NULL;
    struct json services = of_principal(arena, source, "Service", true);
    pieces[piece_count++] = for_accounts(arena, &services, accounts, count);
    if (principal->count > 1) {
        struct json others = of_principal(arena, source, "Service", false);
        pieces[piece_count++] = statement_numbered(arena, policy, &others, statement->sid, &number);
    }
    return policy_with(arena, policy, statement->index, pieces, piece_count);
}

/* ---- Without certain actions ---- */

static bool is_among(const struct str *actions, size_t count, struct str action)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal_nocase(actions[i], action))
            return true;
    return false;
}

/* Action without the texts that name one of them; `*ret_pattern`: what is left allows one all the same. */
static struct json_builder other_actions(struct arena *arena, const struct json *source, const struct str *actions,
                                         size_t count, bool *ret_pattern)
{
    struct json_list list = json_listed(json_find(source, "Action"));
    struct json_builder kept = json_build(arena, JSON_ARRAY);
    *ret_pattern = json_find(source, "NotAction") != NULL;
    for (size_t i = 0; i < list.count; i++) {
        if (is_among(actions, count, list.items[i].string))
            continue;
        json_build_add(&kept, list.items[i]);
        for (size_t k = 0; k < count; k++)
            *ret_pattern = *ret_pattern || pattern_fits(arena, list.items[i].string, actions[k]);
    }
    return kept;
}

/* A list without the text; a text that is it counts as a list of one. */
static struct json_builder without_text(struct arena *arena, const struct json *values, struct str text)
{
    struct json_list list = json_listed(values);
    struct json_builder kept = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < list.count; i++)
        if (!json_is(&list.items[i], JSON_STRING) || !str_equal(list.items[i].string, text))
            json_build_add(&kept, list.items[i]);
    return kept;
}

/* The statement for its other principals; false: it has none. */
static bool without_principal(struct arena *arena, const struct json *source, struct str text, struct json *ret)
{
    const struct json *principal = json_find(source, "Principal");
    struct json_builder types = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; json_is(principal, JSON_OBJECT) && i < principal->count; i++) {
        struct json_builder kept = without_text(arena, &principal->members[i].value, text);
        if (kept.count)
            json_build_append(&types, principal->members[i].name, kept.count == 1 ? kept.items[0] : json_built(&kept));
    }
    *ret = statement_with(arena, source, "Principal", "Principal", json_built(&types));
    return types.count > 0 && text.len > 0;
}

bool allow_without(struct arena *arena, const struct statement *statement, const struct str *actions, size_t count,
                   struct str principal, const struct json **ret, struct str *ret_why)
{
    const struct json *policy = statement->policy->source;
    const struct json *source = policy_statement(policy, statement->index);
    bool pattern;
    struct json_builder kept = other_actions(arena, source, actions, count, &pattern);
    struct json piece = {.type = JSON_NULL};
    size_t piece_count = 0;
    if (pattern && statement->policy->type != POLICY_RESOURCE) {
        *ret_why =
            str_format(arena,
                       "%.*s of %.*s allows them by a pattern, and which other actions behind it are used is not "
                       "known here",
                       STR_ARG(statement->pointer), STR_ARG(statement->policy->name));
        return false;
    }
    if (pattern) {
        piece_count = without_principal(arena, source, principal, &piece);
    } else if (kept.count) {
        bool one = json_is(json_find(source, "Action"), JSON_STRING);
        piece = statement_with(arena, source, "Action", "Action", one ? kept.items[0] : json_built(&kept));
        piece_count = 1;
    }
    *ret = policy_with(arena, policy, statement->index, &piece, piece_count);
    return true;
}
