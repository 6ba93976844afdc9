/*
 * Laws that hold for every policy: tried on random worlds, from a seed that is printed. A Deny more never allows more,
 * an Allow more never denies more, order is no matter, a boundary only takes away, a value is its one-element list; and
 * a decision allocates nothing.
 */
#include "policy/counting.h"
#include "policy/kit.h"

enum { WORLDS = 1000, STATEMENTS = 3 };

struct random {
    uint64_t state;
};

static size_t draw(struct random *random, size_t bound)
{
    random->state ^= random->state << 13;
    random->state ^= random->state >> 7;
    random->state ^= random->state << 17;
    return (size_t)(random->state >> 16) % bound;
}

#define PICK(random, list) ((list)[draw(random, COUNT_OF(list))])

static const char *const callers[] = {
    "arn:aws:iam::111122223333:user/ann", "arn:aws:sts::111122223333:assumed-role/r/s",
    "arn:aws:iam::111122223333:role/r",   "arn:aws:sts::111122223333:federated-user/ann",
    "arn:aws:iam::111122223333:root",     "arn:aws:iam::444455556666:user/eve",
    "bcm-data-exports.amazonaws.com",     "*",
};
static const char *const asked[][2] = {
    {"s3:GetObject", "arn:aws:s3:::b/k"},
    {"s3:PutObject", "arn:aws:s3:::b/k/l"},
    {"kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/k"},
    {"sts:AssumeRole", "arn:aws:iam::111122223333:role/t"},
    {"sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q"},
};
static const char *const contexts[] = {
    "{}",
    "{'aws:username': 'k', 'aws:SecureTransport': 'true', 'n': '5'}",
    "{'aws:TagKeys': ['a', 'b'], 'aws:SourceIp': '10.0.0.1', 'n': '50'}",
};
static const char *const actions[] = {"'*'", "'s3:*'", "'s3:Get*'", "'kms:*'", "'s?s:*'", "'sts:AssumeRole'"};
static const char *const resources[] = {"'*'", "'arn:aws:s3:::b/*'", "'arn:aws:s3:::b/${aws:username}'",
                                        "'arn:aws:kms:*:*:key/*'", "'arn:aws:s3:::*/l'"};
static const char *const principals[] = {
    "'*'",
    "{'AWS': '111122223333'}",
    "{'AWS': 'arn:aws:iam::111122223333:user/ann'}",
    "{'AWS': 'arn:aws:iam::111122223333:role/r'}",
    "{'AWS': 'arn:aws:sts::111122223333:assumed-role/r/s'}",
    "{'AWS': '444455556666', 'Service': 'bcm-data-exports.amazonaws.com'}",
};
static const char *const conditions[][3] = {
    {"StringEquals", "aws:username", "'k'"},
    {"StringNotEquals", "aws:username", "'k'"},
    {"Bool", "aws:SecureTransport", "'true'"},
    {"NumericLessThan", "n", "'10'"},
    {"IpAddress", "aws:SourceIp", "'10.0.0.0/8'"},
    {"ForAllValues:StringLike", "aws:TagKeys", "'a*'"},
    {"ForAnyValue:StringNotEquals", "aws:TagKeys", "'a'"},
    {"Null", "aws:username", "'true'"},
    {"StringLikeIfExists", "aws:username", "'${aws:username}'"},
};

/* Writes a value, as a list of one where `lists` says so. */
static void add_value(struct buf *buf, const char *value, bool lists)
{
    buf_addf(buf, lists ? "[%s]" : "%s", value);
}

struct style {
    bool lists;    /* every value as a list of one */
    bool reversed; /* statements, and policies, in the other order */
};

/* One statement; the same for the same state of `random`, but for its style. */
static void add_statement(struct buf *buf, struct random *random, const char *effect, bool principal, bool lists)
{
    buf_addf(buf, "{'Effect': '%s', '%s': ", effect, draw(random, 8) ? "Action" : "NotAction");
    add_value(buf, PICK(random, actions), lists);
    buf_addf(buf, ", '%s': ", draw(random, 8) ? "Resource" : "NotResource");
    add_value(buf, PICK(random, resources), lists);
    if (principal)
        buf_addf(buf, ", '%s': %s", draw(random, 8) ? "Principal" : "NotPrincipal", PICK(random, principals));
    if (draw(random, 2)) {
        const char *const *condition = PICK(random, conditions);
        buf_addf(buf, ", 'Condition': {'%s': {'%s': ", condition[0], condition[1]);
        add_value(buf, condition[2], lists);
        buf_add_c(buf, "}}");
    }
    buf_add_char(buf, '}');
}

/* A policy of random statements, and one more of the effect `extra` where that is not NULL. */
static const struct policy *random_policy(struct arena *arena, struct random *random, enum policy_type type,
                                          struct style style, const char *extra)
{
    bool principal = type == POLICY_RESOURCE;
    struct str statements[STATEMENTS + 1];
    size_t count = 0;
    for (; count < STATEMENTS; count++) {
        struct buf one = buf_make(arena, BUF_NO_MAX);
        add_statement(&one, random, draw(random, 4) ? "Allow" : "Deny", principal, style.lists);
        statements[count] = buf_str(&one);
    }
    struct buf more = buf_make(arena, BUF_NO_MAX);
    add_statement(&more, random, extra ? extra : "Allow", principal, style.lists);
    if (extra)
        statements[count++] = buf_str(&more);
    struct buf text = buf_make(arena, BUF_NO_MAX);
    buf_add_c(&text, "{'Version': '2012-10-17', 'Statement': [");
    for (size_t i = 0; i < count; i++) {
        buf_add_c(&text, i ? ", " : "");
        buf_add(&text, statements[style.reversed ? count - 1 - i : i]);
    }
    buf_add_c(&text, "]}");
    return kit_policy(arena, type, str_to_c(arena, buf_str(&text)));
}

/* What differs between the two worlds that a law compares. */
struct world {
    uint64_t seed;
    struct style style;
    const char *extra_identity;
    const char *extra_resource;
    bool bounded;
};

static enum verdict_of_policies decide(struct arena *arena, const struct world *world)
{
    struct random random = {.state = world->seed};
    const char *const *ask = PICK(&random, asked);
    const char *caller = PICK(&random, callers);
    struct request request = kit_request(arena, caller, ask[0], ask[1], PICK(&random, contexts));
    const struct policy *identity[2];
    for (size_t i = 0; i < COUNT_OF(identity); i++)
        identity[world->style.reversed ? 1 - i : i] =
            random_policy(arena, &random, POLICY_IDENTITY, world->style, i ? NULL : world->extra_identity);
    bool has_resource = draw(&random, 4) > 0;
    const struct policy *resource = random_policy(arena, &random, POLICY_RESOURCE, world->style, world->extra_resource);
    const struct policy *boundary = random_policy(arena, &random, POLICY_BOUNDARY, world->style, NULL);
    struct policy_environment environment = {
        .identity = {.items = identity, .count = COUNT_OF(identity)},
        .resource = has_resource ? resource : NULL,
        .boundaries = {.items = &boundary, .count = world->bounded},
    };
    struct decision decision;
    size_t before = allocations;
    policy_evaluate(&environment, &request, &decision);
    assert_int_equal(allocations, before);
    return decision.verdict;
}

/* Runs a law over all worlds; `b` is `a` with the change that the law is about. */
static void each_world(struct world a, struct world b,
                       bool (*holds)(enum verdict_of_policies, enum verdict_of_policies))
{
    struct arena *arena = arena_open(0);
    size_t allowed = 0;
    for (uint64_t i = 1; i <= WORLDS; i++) {
        struct arena_mark mark = arena_mark(arena);
        a.seed = b.seed = i * 0x9E3779B97F4A7C15U;
        enum verdict_of_policies before = decide(arena, &a);
        enum verdict_of_policies after = decide(arena, &b);
        if (!holds(before, after))
            fail_msg("seed %llu: %d became %d", (unsigned long long)a.seed, (int)before, (int)after);
        allowed += before == DECISION_ALLOWED;
        arena_rewind(arena, mark);
    }
    arena_close(arena);
    assert_true(allowed > WORLDS / 20); /* or the law was tried on nothing */
}

static bool allows_no_more(enum verdict_of_policies before, enum verdict_of_policies after)
{
    return after != DECISION_ALLOWED || before == DECISION_ALLOWED;
}

static bool denies_no_more(enum verdict_of_policies before, enum verdict_of_policies after)
{
    return before == after || (before == DECISION_IMPLICITLY_DENIED && after == DECISION_ALLOWED);
}

static bool is_the_same(enum verdict_of_policies before, enum verdict_of_policies after)
{
    return before == after;
}

static void a_deny_more_never_allows_more(void **state)
{
    (void)state;
    each_world((struct world){0}, (struct world){.extra_identity = "Deny"}, allows_no_more);
    each_world((struct world){0}, (struct world){.extra_resource = "Deny"}, allows_no_more);
}

static void an_allow_more_never_denies_more(void **state)
{
    (void)state;
    each_world((struct world){0}, (struct world){.extra_identity = "Allow"}, denies_no_more);
    each_world((struct world){0}, (struct world){.extra_resource = "Allow"}, denies_no_more);
}

static void order_is_no_matter(void **state)
{
    (void)state;
    each_world((struct world){0}, (struct world){.style = {.reversed = true}}, is_the_same);
}

static void a_boundary_only_takes_away(void **state)
{
    (void)state;
    each_world((struct world){0}, (struct world){.bounded = true}, allows_no_more);
}

static void a_value_is_its_one_element_list(void **state)
{
    (void)state;
    each_world((struct world){0}, (struct world){.style = {.lists = true}}, is_the_same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deny_more_never_allows_more),
        cmocka_unit_test(an_allow_more_never_denies_more),
        cmocka_unit_test(order_is_no_matter),
        cmocka_unit_test(a_boundary_only_takes_away),
        cmocka_unit_test(a_value_is_its_one_element_list),
    };
    print_message("allocations are %scounted\n", COUNTS_ALLOCATIONS ? "" : "not ");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
