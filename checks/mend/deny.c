/* deny.c: see deny.h. */
#include "checks/mend/deny.h"

#include "checks/mend/statement.h"
#include "policy/language/resource_type.h"

enum { PIECES_MAX = 3 };

/* The statements that take the Deny's place. */
struct narrowing {
    struct arena *arena;
    const struct deny_need *need;
    const struct json *source;
    struct json pieces[PIECES_MAX];
    size_t count;
    int number;          /* of the last Sid that was made */
    const char *refusal; /* NULL: none yet */
};

static bool fits_any(struct arena *arena, const struct str *patterns, size_t count, struct str text)
{
    for (size_t i = 0; i < count; i++)
        if (pattern_fits(arena, patterns[i], text))
            return true;
    return false;
}

/* Whether an item of Action says more than is needed, and part of that is needed. */
static bool reaches_needed(const struct narrowing *n, struct str item)
{
    for (size_t i = 0; i < n->need->action_count; i++)
        if (pattern_fits(n->arena, item, n->need->actions[i]))
            return true;
    return false;
}

static bool is_needed(const struct narrowing *n, struct str item)
{
    return fits_any(n->arena, n->need->actions, n->need->action_count, item);
}

/* "*" and "s3:*": on a resource of that service, all but some actions are NotAction. */
static bool is_everything(struct str item)
{
    return str_equal(item, STR("*")) || str_ends(item, STR(":*"));
}

static struct json needed_actions(const struct narrowing *n, const struct json *more)
{
    struct json_list old = json_listed(more);
    struct json_builder list = json_build(n->arena, JSON_ARRAY);
    for (size_t i = 0; i < old.count; i++)
        json_build_add(&list, old.items[i]);
    for (size_t i = 0; i < n->need->action_count; i++)
        json_build_add(&list, json_string(n->need->actions[i]));
    return list.count == 1 ? list.items[0] : json_built(&list);
}

/* What is left of Action, item by item. False: an item cannot be split. */
static bool rest_of_list(struct narrowing *n, const struct json *actions, bool concrete, struct json_builder *rest,
                         bool *ret_negated)
{
    struct json_list list = json_listed(actions);
    *ret_negated = false;
    for (size_t i = 0; i < list.count; i++) {
        struct str item = list.items[i].string;
        if (is_needed(n, item))
            continue;
        bool reaches = reaches_needed(n, item);
        bool whole = is_everything(item) && (concrete || str_equal(item, STR("*")));
        if (reaches && !whole) {
            n->refusal = "its Action is a pattern from which what is needed cannot be taken out";
            return false;
        }
        *ret_negated = *ret_negated || reaches;
        json_build_add(rest, list.items[i]);
    }
    return true;
}

/* Whether each resource is of a service that is named, so that no action of another service is asked on it. */
static bool is_concrete(const struct narrowing *n, const struct json *statement)
{
    struct json_list resources = json_listed(json_find(statement, "Resource"));
    for (size_t i = 0; i < resources.count; i++)
        if (!pattern_fits(n->arena, STR("arn:*:*:*"), resources.items[i].string) ||
            str_starts(arn_part(resources.items[i].string, 2), STR("*")))
            return false;
    return resources.count > 0;
}

/* The statement without the needed actions. False where none is left, or it cannot be said. */
static bool without_actions(struct narrowing *n, const struct json *statement, struct json *ret)
{
    bool concrete = is_concrete(n, statement) || n->need->statement->policy->type == POLICY_RESOURCE;
    const struct json *negated = json_find(statement, "NotAction");
    struct json_builder rest = json_build(n->arena, JSON_ARRAY);
    bool turned;
    if (negated) {
        *ret = statement_with(n->arena, statement, "NotAction", "NotAction", needed_actions(n, negated));
        return true;
    }
    if (!rest_of_list(n, json_find(statement, "Action"), concrete, &rest, &turned) || rest.count == 0)
        return false;
    if (turned) {
        *ret = statement_with(n->arena, statement, "Action", "NotAction", needed_actions(n, NULL));
        return true;
    }
    struct json left = json_is(json_find(statement, "Action"), JSON_STRING) ? rest.items[0] : json_built(&rest);
    *ret = statement_with(n->arena, statement, "Action", "Action", left);
    return true;
}

/* The first keeps the Deny's Sid, the others get numbers behind it. */
static void add_piece(struct narrowing *n, struct json piece)
{
    if (n->count)
        piece = statement_numbered(n->arena, n->need->statement->policy->source, &piece, n->need->statement->sid,
                                   &n->number);
    n->pieces[n->count++] = piece;
}

/* ---- The policy of a resource ---- */

static bool names_principal_alone(const struct narrowing *n)
{
    const struct policy_principals *principals = &n->need->statement->principals;
    return !principals->negated && principals->count == 1 &&
           str_equal(principals->items[0].principal.text, n->need->principal.text);
}

static struct json for_principal(const struct narrowing *n, const struct json *statement)
{
    struct json_member member = {STR("AWS"), json_string(n->need->principal.text)};
    const struct json *boxed = json_box(n->arena, json_object(&member, 1));
    const struct json *principal = json_clone(n->arena, boxed);
    const char *old = json_find(statement, "NotPrincipal") ? "NotPrincipal" : "Principal";
    return statement_with(n->arena, statement, old, "Principal", *principal);
}

static void narrow_for_person(struct narrowing *n)
{
    struct json rest;
    bool alone = names_principal_alone(n);
    if (!alone)
        add_piece(n,
                  statement_asking(n->arena, n->source, "ArnNotEquals", "aws:PrincipalArn", n->need->principal.text));
    if (!without_actions(n, n->source, &rest))
        return;
    add_piece(n, alone ? rest : for_principal(n, &rest));
}

/* ---- A policy of the user or role itself ---- */

static bool lies_within(const struct narrowing *n, struct str resource)
{
    return fits_any(n->arena, n->need->resources, n->need->resource_count, resource);
}

/* Whether a resource of the Deny is a pattern of which a part is needed. */
static bool is_wider(const struct narrowing *n, struct str resource)
{
    for (size_t i = 0; i < n->need->resource_count; i++)
        if (!lies_within(n, resource) && pattern_fits(n->arena, resource, n->need->resources[i]))
            return true;
    return false;
}

static struct json needed_resources(const struct narrowing *n, const struct json *more)
{
    struct json_list old = json_listed(more);
    struct json_builder list = json_build(n->arena, JSON_ARRAY);
    for (size_t i = 0; i < old.count; i++)
        json_build_add(&list, old.items[i]);
    for (size_t i = 0; i < n->need->resource_count; i++)
        json_build_add(&list, json_string(n->need->resources[i]));
    return list.count == 1 ? list.items[0] : json_built(&list);
}

/* Everywhere else the Deny stays; on what is needed, all but the needed actions stays denied. */
static void spare_resources(struct narrowing *n, const struct json *statement, const char *element)
{
    struct json rest;
    struct json there = statement_with(n->arena, statement, element, "Resource", needed_resources(n, NULL));
    const struct json *more = str_equal(str_from(element), STR("NotResource")) ? json_find(statement, element) : NULL;
    add_piece(n, statement_with(n->arena, statement, element, "NotResource", needed_resources(n, more)));
    if (without_actions(n, &there, &rest))
        add_piece(n, rest);
}

/* The resources of the Deny that are needed, or those that are not. */
static struct json resources_that(const struct narrowing *n, struct json_list resources, bool needed, size_t *ret_count)
{
    struct json_builder list = json_build(n->arena, JSON_ARRAY);
    for (size_t i = 0; i < resources.count; i++)
        if (lies_within(n, resources.items[i].string) == needed)
            json_build_add(&list, resources.items[i]);
    *ret_count = list.count;
    return list.count == 1 ? list.items[0] : json_built(&list);
}

/* It names what it denies: what is not needed stays denied, and on what is needed all but the needed actions. */
static void split_resources(struct narrowing *n, const struct json *statement, struct json_list resources)
{
    size_t others;
    size_t needed;
    struct json outside = resources_that(n, resources, false, &others);
    struct json inside = resources_that(n, resources, true, &needed);
    struct json there = statement_with(n->arena, statement, "Resource", "Resource", inside);
    struct json rest;
    if (others)
        add_piece(n, statement_with(n->arena, statement, "Resource", "Resource", outside));
    if (needed && without_actions(n, &there, &rest))
        add_piece(n, rest);
}

static void narrow_own(struct narrowing *n, const struct json *statement)
{
    struct json_list resources = json_listed(json_find(statement, "Resource"));
    struct json rest;
    bool wider = false;
    for (size_t i = 0; i < resources.count; i++)
        wider = wider || is_wider(n, resources.items[i].string);
    if (lies_within(n, STR("*"))) {
        if (without_actions(n, statement, &rest))
            add_piece(n, rest);
    } else if (json_find(statement, "NotResource")) {
        spare_resources(n, statement, "NotResource");
    } else if (!wider) {
        split_resources(n, statement, resources);
    } else if (resources.count == 1 && is_everything(resources.items[0].string)) {
        spare_resources(n, statement, "Resource");
    } else {
        n->refusal = "its Resource is a pattern from which what is needed cannot be taken out";
    }
}

/* It binds others, too: they keep it as it is. */
static void narrow_shared(struct narrowing *n)
{
    struct str arn = n->need->principal.text;
    struct json mine = statement_asking(n->arena, n->source, "ArnEquals", "aws:PrincipalArn", arn);
    add_piece(n, statement_asking(n->arena, n->source, "ArnNotEquals", "aws:PrincipalArn", arn));
    narrow_own(n, &mine);
}

/* ---- All of them ---- */

static void narrow(struct narrowing *n)
{
    bool on_resource = n->need->statement->policy->type == POLICY_RESOURCE;
    enum principal_kind kind = n->need->principal.kind;
    if (on_resource && kind == PRINCIPAL_SERVICE)
        add_piece(n, statement_asking(n->arena, n->source, "StringNotEquals", "aws:PrincipalServiceName",
                                      n->need->principal.text));
    else if (kind != PRINCIPAL_USER && kind != PRINCIPAL_ROLE)
        n->refusal = "it is not known by which ARN it would have to be excepted";
    else if (on_resource)
        narrow_for_person(n);
    else if (n->need->own)
        narrow_own(n, n->source);
    else
        narrow_shared(n);
}

bool deny_narrow(struct arena *arena, const struct deny_need *need, const struct json **ret, struct str *ret_why)
{
    const struct statement *statement = need->statement;
    struct narrowing n = {.arena = arena,
                          .need = need,
                          .number = 1,
                          .source = policy_statement(statement->policy->source, statement->index)};
    narrow(&n);
    if (n.refusal) {
        *ret_why = str_format(arena, "the Deny at %.*s of %.*s stays as it is: %s", STR_ARG(statement->pointer),
                              STR_ARG(statement->policy->name), n.refusal);
        return false;
    }
    *ret = policy_with(arena, statement->policy->source, statement->index, n.pieces, n.count);
    return true;
}
