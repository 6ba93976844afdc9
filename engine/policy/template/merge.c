/* merge.c: see merge.h. */
#include "policy/template/merge.h"

#include "policy/prove/pattern_algebra.h"

enum { ACCOUNT_DIGITS = 12, SID_TRIES = 1000 };

/* ---- The statements of a policy ---- */

struct statements {
    const struct json *items;
    size_t count;
};

static struct statements statements_of(const struct json *policy)
{
    const struct json *value = json_find(policy, "Statement");
    if (json_is(value, JSON_ARRAY))
        return (struct statements){value->items, value->count};
    return (struct statements){value, json_is(value, JSON_OBJECT) ? 1 : 0};
}

/* A text or a list of texts, seen as a list. */
static struct statements list_of(const struct json *value)
{
    if (json_is(value, JSON_ARRAY))
        return (struct statements){value->items, value->count};
    return (struct statements){value, value ? 1 : 0};
}

/* ---- The same purpose ---- */

/* Whether each text of `inner` lies within one pattern of `outer`. */
static bool lies_within(struct algebra *algebra, const struct json *inner, const struct json *outer, bool nocase)
{
    struct statements inside = list_of(inner);
    struct statements outside = list_of(outer);
    for (size_t i = 0; i < inside.count; i++) {
        bool found = false;
        for (size_t o = 0; o < outside.count && !found; o++) {
            if (inside.items[i].type != JSON_STRING || outside.items[o].type != JSON_STRING)
                return false;
            struct wildcard a = wildcard_pattern(algebra->arena, inside.items[i].string, nocase);
            struct wildcard b = wildcard_pattern(algebra->arena, outside.items[o].string, nocase);
            found = algebra_difference(algebra, a, &b, 1, NULL) == ALGEBRA_NONE;
        }
        if (!found)
            return false;
    }
    return true;
}

static bool same_principals(struct algebra *algebra, const struct json *old, const struct json *new)
{
    const struct json *a = json_find(old, "Principal");
    const struct json *b = json_find(new, "Principal");
    if (!a || !b)
        return !a && !b;
    if (json_equal(a, b))
        return true;
    const struct json *services = json_find(a, "Service");
    return json_is(a, JSON_OBJECT) && a->count == 1 && services &&
           lies_within(algebra, services, json_find(b, "Service"), false);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether every account id in the text also stands in the other. */
static bool same_accounts(struct str text, struct str other)
{
    for (ptrdiff_t i = 0; i < text.len;) {
        ptrdiff_t end = i;
        while (end < text.len && is_digit(text.ptr[end]))
            end++;
        if (end - i == ACCOUNT_DIGITS && !str_contains(other, str_slice(text, i, end)))
            return false;
        i = end + 1;
    }
    return true;
}

/* Whether the new condition speaks of every key that the old one speaks of: else the old one was stricter for a reason.
 */
static bool same_condition_keys(const struct json *old, const struct json *new)
{
    for (size_t i = 0; json_is(old, JSON_OBJECT) && i < old->count; i++) {
        const struct json *keys = &old->members[i].value;
        for (size_t k = 0; json_is(keys, JSON_OBJECT) && k < keys->count; k++) {
            bool found = false;
            for (size_t n = 0; json_is(new, JSON_OBJECT) && n < new->count; n++)
                for (size_t m = 0; json_is(&new->members[n].value, JSON_OBJECT) && m < new->members[n].value.count; m++)
                    found |= str_equal_nocase(new->members[n].value.members[m].name, keys->members[k].name);
            if (!found)
                return false;
        }
    }
    return true;
}

static bool same_purpose(struct algebra *algebra, const struct json *old, const struct json *new)
{
    struct str effect = json_find_string(old, "Effect");
    if (json_find(old, "NotAction") || json_find(old, "NotResource") || json_find(old, "NotPrincipal"))
        return false;
    const struct json *old_condition = json_find(old, "Condition");
    const struct json *new_condition = json_find(new, "Condition");
    struct str text = old_condition ? json_text(algebra->arena, old_condition, 0) : STR("");
    struct str other = new_condition ? json_text(algebra->arena, new_condition, 0) : STR("");
    return str_equal(effect, json_find_string(new, "Effect")) && same_principals(algebra, old, new) &&
           lies_within(algebra, json_find(old, "Action"), json_find(new, "Action"), true) &&
           lies_within(algebra, json_find(old, "Resource"), json_find(new, "Resource"), false) &&
           same_accounts(text, other) && same_condition_keys(old_condition, new_condition);
}

/* ---- Merging ---- */

struct merger {
    struct arena *arena;
    struct algebra algebra;
    struct json_builder statements;
    struct merge_change *changes;
    size_t change_count;
    size_t replaced;
};

static bool sid_is_taken(const struct merger *merger, struct str sid)
{
    for (size_t i = 0; i < merger->statements.count; i++)
        if (str_equal(json_find_string(&merger->statements.items[i], "Sid"), sid))
            return true;
    return false;
}

static struct str fresh_sid(const struct merger *merger, struct str sid)
{
    struct str fresh = sid;
    for (int number = 2; number < SID_TRIES && sid_is_taken(merger, fresh); number++)
        fresh = str_format(merger->arena, "%.*s%d", STR_ARG(sid), number);
    return fresh;
}

static struct json with_sid(struct arena *arena, const struct json *statement, struct str sid)
{
    struct json_builder built = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < statement->count; i++)
        json_build_append(&built, statement->members[i].name, statement->members[i].value);
    json_build_set(&built, STR("Sid"), json_string(sid));
    return json_built(&built);
}

static void note(struct merger *merger, enum merge_change_kind kind, struct str sid, struct str wanted)
{
    merger->changes[merger->change_count++] = (struct merge_change){kind, sid, wanted};
}

static void merge_statement(struct merger *merger, const struct json *statement)
{
    struct str sid = json_find_string(statement, "Sid");
    for (size_t i = 0; i < merger->statements.count; i++) {
        struct json *old = &merger->statements.items[i];
        struct json renamed = with_sid(merger->arena, statement, json_find_string(old, "Sid"));
        if (json_equal(old, &renamed)) {
            note(merger, MERGE_PRESENT, json_find_string(old, "Sid"), sid);
            return;
        }
        if (str_equal(json_find_string(old, "Sid"), sid) && same_purpose(&merger->algebra, old, statement)) {
            *old = *statement;
            merger->replaced++;
            note(merger, MERGE_REPLACED, sid, sid);
            return;
        }
    }
    struct str fresh = fresh_sid(merger, sid);
    json_build_add(&merger->statements, with_sid(merger->arena, statement, fresh));
    note(merger, str_equal(fresh, sid) ? MERGE_ADDED : MERGE_RENAMED, fresh, sid);
}

bool policy_grants_template(struct arena *arena, const struct json *policy, const struct json *wanted, bool on_bucket,
                            const struct template_asker *asker, struct prove_result *ret, struct error *error)
{
    struct policy_options options = {
        .name = STR("the policy"), .type = on_bucket ? POLICY_RESOURCE : POLICY_IDENTITY, .tolerance = POLICY_LENIENT};
    const struct policy *compiled;
    if (!policy_compile(arena, policy, options, &compiled, error))
        return false;
    const struct policy **list = arena_new(arena, const struct policy *);
    *list = compiled;
    struct prove_environment environment = {0};
    if (on_bucket)
        environment.policies.resource = compiled;
    else
        environment.policies.identity = (struct policy_list){list, 1};
    *ret = template_granted(arena, &environment, wanted, asker);
    return true;
}

static const struct json *merged_policy(struct merger *merger, const struct json *existing, const struct json *wanted)
{
    struct statements old = statements_of(existing);
    struct statements new = statements_of(wanted);
    merger->statements = json_build(merger->arena, JSON_ARRAY);
    merger->changes = arena_array(merger->arena, struct merge_change, new.count);
    for (size_t i = 0; i < old.count; i++)
        json_build_add(&merger->statements, old.items[i]);
    for (size_t i = 0; i < new.count; i++)
        merge_statement(merger, &new.items[i]);
    struct json_builder built = json_build(merger->arena, JSON_OBJECT);
    if (old.count == 0) /* nothing there that a newer version could change the meaning of */
        json_build_set(&built, STR("Version"), json_string(STR("2012-10-17")));
    for (size_t i = 0; i < existing->count; i++)
        json_build_set(&built, existing->members[i].name, existing->members[i].value);
    json_build_set(&built, STR("Statement"), json_built(&merger->statements));
    return json_box(merger->arena, json_built(&built));
}

bool policy_merge(struct arena *arena, const struct json *existing, const struct json *wanted, bool on_bucket,
                  const struct template_asker *asker, struct merge_result *ret, struct error *error)
{
    struct merge_result result = {.policy = existing};
    if (!policy_grants_template(arena, existing, wanted, on_bucket, asker, &result.check, error))
        return false;
    result.kept = statements_of(existing).count;
    if (result.check.verdict == PROVE_PROVED) {
        result.granted_before = true;
        *ret = result;
        return true;
    }
    struct arena *scratch = arena_open(0);
    struct merger merger = {.arena = arena, .algebra = algebra_make(arena, scratch)};
    result.policy = merged_policy(&merger, existing, wanted);
    arena_close(scratch);
    result.changes = merger.changes;
    result.change_count = merger.change_count;
    result.kept -= merger.replaced;
    if (!policy_grants_template(arena, result.policy, wanted, on_bucket, asker, &result.check, error))
        return error_wrap(error, "the merged policy");
    *ret = result;
    return true;
}
