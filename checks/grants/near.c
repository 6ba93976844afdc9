/* near.c: see grants_near.h. */
#include "checks/grants/near.h"

#include "policy/evaluate/explain.h"

/* A statement for another action, or for somebody else, was never meant for the request. */
static bool is_near(const struct mismatches *misses)
{
    for (size_t i = 0; i < misses->count; i++) {
        if (!str_contains(misses->items[i].pointer, STR("/Condition")) &&
            !str_ends(misses->items[i].pointer, STR("Resource")))
            return false;
    }
    return misses->count > 0;
}

static struct str describe(struct arena *arena, const struct statement *statement, const struct mismatches *misses)
{
    struct buf text = buf_make(arena, BUF_NO_MAX);
    buf_add(&text, statement->pointer);
    if (statement->sid.len)
        buf_addf(&text, " (%.*s)", STR_ARG(statement->sid));
    if (statement->policy->name.len)
        buf_addf(&text, " of %.*s", STR_ARG(statement->policy->name));
    buf_add_c(&text, " does not apply: ");
    for (size_t i = 0; i < misses->count; i++)
        buf_addf(&text, "%s%.*s", i ? ", and " : "", STR_ARG(misses->items[i].text));
    return buf_str(&text);
}

struct nearest {
    const struct statement *statement;
    struct mismatches misses;
};

static void look_through(struct arena *arena, const struct policy *policy, const struct request *request, bool bounded,
                         struct nearest *nearest)
{
    for (size_t i = 0; i < policy->count; i++) {
        const struct statement *statement = &policy->statements[i];
        if (statement->effect != POLICY_ALLOW)
            continue;
        struct mismatches misses = explain_statement(arena, statement, request, bounded);
        if (is_near(&misses) && (!nearest->statement || misses.count < nearest->misses.count))
            *nearest = (struct nearest){statement, misses};
    }
}

struct str grants_near_miss(struct arena *arena, const struct policy_environment *environment,
                            const struct request *request, enum policy_type type)
{
    struct nearest nearest = {0};
    size_t count;
    struct attached_policy *policies = environment_policies(arena, environment, &count);
    for (size_t i = 0; i < count; i++) {
        if (policies[i].type == type)
            look_through(arena, policies[i].policy, request, environment->boundaries.count > 0, &nearest);
    }
    return nearest.statement ? describe(arena, nearest.statement, &nearest.misses) : STR("");
}
