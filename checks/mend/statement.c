/* statement.c: see statement.h. */
#include "checks/mend/statement.h"

#include "policy/language/pattern.h"

enum { SID_TRIES = 1000 };

struct json_list json_listed(const struct json *value)
{
    if (json_is(value, JSON_ARRAY))
        return (struct json_list){value->items, value->count};
    return (struct json_list){value, value ? 1 : 0};
}

bool pattern_fits(struct arena *arena, struct str pattern, struct str text)
{
    static const struct context nothing = {0};
    struct policy_pattern compiled;
    policy_pattern_compile(arena, str_lower(arena, pattern), (struct pattern_rules){.wildcards = true}, &compiled);
    return text.len <= PATTERN_SUBJECT_MAX && policy_pattern_match(&compiled, str_lower(arena, text), &nothing);
}

const struct json *policy_statement(const struct json *policy, size_t index)
{
    struct json_list list = json_listed(json_find(policy, "Statement"));
    return index < list.count ? &list.items[index] : NULL;
}

/* The document with another list of statements, which stays a single one where it was. */
static const struct json *with_list(struct arena *arena, const struct json *policy, struct json_builder *list)
{
    bool single = json_is(json_find(policy, "Statement"), JSON_OBJECT) && list->count == 1;
    struct json statements = single ? list->items[0] : json_built(list);
    return json_box(arena, statement_with(arena, policy, "Statement", "Statement", statements));
}

const struct json *policy_with(struct arena *arena, const struct json *policy, size_t index,
                               const struct json *statements, size_t count)
{
    struct json_list old = json_listed(json_find(policy, "Statement"));
    struct json_builder list = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < old.count; i++) {
        for (size_t k = 0; i == index && k < count; k++)
            json_build_add(&list, statements[k]);
        if (i != index)
            json_build_add(&list, old.items[i]);
    }
    return list.count ? with_list(arena, policy, &list) : NULL;
}

static bool has_sid(const struct json *policy, struct str sid)
{
    struct json_list list = json_listed(json_find(policy, "Statement"));
    for (size_t i = 0; i < list.count; i++)
        if (str_equal(json_find_string(&list.items[i], "Sid"), sid))
            return true;
    return false;
}

struct json statement_numbered(struct arena *arena, const struct json *policy, const struct json *statement,
                               struct str sid, int *number)
{
    struct str fresh = sid;
    while (sid.len && ++*number < SID_TRIES) {
        fresh = str_format(arena, "%.*s%d", STR_ARG(sid), *number);
        if (!has_sid(policy, fresh))
            break;
    }
    return sid.len ? statement_with(arena, statement, "Sid", "Sid", json_string(fresh)) : *statement;
}

const struct json *policy_plus(struct arena *arena, const struct json *policy, const struct json *more)
{
    struct json_list old = json_listed(json_find(policy, "Statement"));
    struct json_list new = json_listed(json_find(more, "Statement"));
    struct json_builder list = json_build(arena, JSON_ARRAY);
    int number = 1;
    for (size_t i = 0; i < old.count; i++)
        json_build_add(&list, old.items[i]);
    for (size_t i = 0; i < new.count; i++) {
        struct str sid = json_find_string(&new.items[i], "Sid");
        json_build_add(&list, has_sid(policy, sid) ? statement_numbered(arena, policy, &new.items[i], sid, &number)
                                                   : new.items[i]);
    }
    return with_list(arena, policy, &list);
}

struct json statement_with(struct arena *arena, const struct json *statement, const char *old, const char *name,
                           struct json value)
{
    struct json_builder built = json_build(arena, JSON_OBJECT);
    bool there = false;
    for (size_t i = 0; i < statement->count; i++) {
        const struct json_member *member = &statement->members[i];
        bool here = str_equal(member->name, str_from(old));
        there = there || here;
        json_build_append(&built, here ? str_from(name) : member->name, here ? value : member->value);
    }
    if (!there)
        json_build_append(&built, str_from(name), value);
    return json_built(&built);
}

struct json statement_without(struct arena *arena, const struct json *statement, const char *name)
{
    struct json_builder built = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < statement->count; i++)
        if (!str_equal(statement->members[i].name, str_from(name)))
            json_build_append(&built, statement->members[i].name, statement->members[i].value);
    return json_built(&built);
}

/* The member whose name differs in case at most: condition operators and keys ignore it. */
static const struct json_member *member_nocase(const struct json *object, const char *name)
{
    for (size_t i = 0; json_is(object, JSON_OBJECT) && i < object->count; i++)
        if (str_equal_nocase(object->members[i].name, str_from(name)))
            return &object->members[i];
    return NULL;
}

static struct json with_value(struct arena *arena, const struct json *values, struct str value)
{
    struct json_list list = json_listed(values);
    struct json_builder built = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < list.count; i++)
        json_build_add(&built, list.items[i]);
    json_build_add(&built, json_string(value));
    return list.count ? json_built(&built) : json_string(value);
}

struct json statement_asking(struct arena *arena, const struct json *statement, const char *operation, const char *key,
                             struct str value)
{
    static const struct json nothing = {.type = JSON_OBJECT};
    const struct json *condition = json_find(statement, "Condition");
    condition = condition ? condition : &nothing;
    const struct json_member *operator_there = member_nocase(condition, operation);
    const struct json *keys = operator_there ? &operator_there->value : &nothing;
    const struct json_member *key_there = member_nocase(keys, key);
    const char *spelled_key = key_there ? str_to_c(arena, key_there->name) : key;
    const char *spelled = operator_there ? str_to_c(arena, operator_there->name) : operation;
    struct json values = with_value(arena, key_there ? &key_there->value : NULL, value);
    struct json new_keys = statement_with(arena, keys, spelled_key, spelled_key, values);
    struct json new_condition = statement_with(arena, condition, spelled, spelled, new_keys);
    return statement_with(arena, statement, "Condition", "Condition", new_condition);
}
