/* source_pair.c: see source_pair.h. */
#include "policy/prove/source_pair.h"

#include "policy/language/resource_type.h"

enum { ACCOUNTS_TRIED_MAX = 32 };

static struct algebra_clause of_account(struct arena *arena, struct str account, bool excluded)
{
    struct wildcard *pattern = arena_new(arena, struct wildcard);
    struct wildcard_builder builder = wildcard_build(arena, false);
    wildcard_add_pattern(&builder, STR("arn:*:*:*:"));
    wildcard_add_literal(&builder, account);
    wildcard_add_pattern(&builder, STR(":*"));
    bool confined = wildcard_confine(&builder, pattern);
    return (struct algebra_clause){pattern, confined ? 1 : 0, excluded};
}

/* A value of the layer that differs from all that were tried: their clauses are pushed on top of it. */
static enum algebra_answer next_value(struct algebra *algebra, struct region_layer *tried, size_t count,
                                      const struct region_layer *layer, struct str *ret)
{
    const struct region_layer *top = count ? &tried[count - 1] : layer;
    return region_value(algebra, top, NULL, (struct region_preferred){NULL, 0}, ret);
}

static void push_tried(struct region_layer *tried, size_t count, const struct region_layer *layer,
                       struct algebra_clause clause)
{
    tried[count] = (struct region_layer){.below = count ? &tried[count - 1] : layer, .clause = clause};
}

static struct algebra_clause not_text(struct arena *arena, struct str text)
{
    struct wildcard *pattern = arena_new(arena, struct wildcard);
    *pattern = wildcard_literal(arena, text, false);
    return (struct algebra_clause){pattern, 1, true};
}

/*
 * Goes through the accounts of one side, as long as there are any, and looks for a value of the other side that goes
 * with it. ALGEBRA_NONE: the side has no further account, so there is no pair.
 */
static enum algebra_answer pair_from(struct algebra *algebra, const struct region_layer *account,
                                     const struct region_layer *arn, bool by_account, struct source_pair *source)
{
    struct region_layer tried[ACCOUNTS_TRIED_MAX];
    struct region_preferred none = {NULL, 0};
    for (size_t i = 0; i < ACCOUNTS_TRIED_MAX; i++) {
        struct str value;
        enum algebra_answer answer = next_value(algebra, tried, i, by_account ? account : arn, &value);
        if (answer != ALGEBRA_FOUND)
            return answer;
        struct str id = by_account ? value : arn_part(value, 4);
        struct wildcard literal = wildcard_literal(algebra->arena, id, false);
        struct algebra_clause same = {&literal, 1, false};
        struct algebra_clause with = by_account ? of_account(algebra->arena, id, false) : same;
        struct str other;
        answer = region_value(algebra, by_account ? arn : account, &with, none, &other);
        if (answer == ALGEBRA_FOUND) {
            source->account_text = by_account ? value : other;
            source->arn_text = by_account ? other : value;
        }
        if (answer != ALGEBRA_NONE)
            return answer;
        push_tried(tried, i, by_account ? account : arn,
                   by_account ? not_text(algebra->arena, id) : of_account(algebra->arena, id, true));
    }
    return ALGEBRA_BUDGET;
}

bool source_pair_accept(struct algebra *algebra, const struct region_layer *const *variables, void *user)
{
    struct source_pair *source = user;
    enum algebra_answer answer = pair_from(algebra, variables[source->account], variables[source->arn], true, source);
    if (answer == ALGEBRA_BUDGET)
        answer = pair_from(algebra, variables[source->account], variables[source->arn], false, source);
    source->exhausted |= answer == ALGEBRA_BUDGET;
    return answer == ALGEBRA_FOUND;
}
