/* The pattern algebra against a plain recursive matcher over small alphabets, and cases that were built to be slow. */
#include "policy/prove/pattern_algebra.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum {
    RANDOM_CASES = 3000,
    MAX_LENGTH = 5, /* of the strings that are tried one by one */
    MAX_CLAUSES = 4,
    MAX_PATTERNS = 3,
};

static const char letters[] = "ab:x7";

struct fixture {
    struct arena *arena;
    struct arena *scratch;
    struct algebra algebra;
    uint64_t random;
};

static int setup(void **state)
{
    static struct fixture fixture;
    fixture.arena = arena_open(0);
    fixture.scratch = arena_open(0);
    fixture.algebra = algebra_make(fixture.arena, fixture.scratch);
    fixture.random = 20261122;
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    arena_close(fixture->arena);
    arena_close(fixture->scratch);
    return 0;
}

static unsigned next_random(struct fixture *fixture, unsigned below)
{
    fixture->random = fixture->random * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((fixture->random >> 33) % below);
}

/* What a pattern means, said as simply as it can be. */
static bool reference_matches(const uint16_t *token, const char *text)
{
    if (*token == WILDCARD_END)
        return *text == '\0';
    if (wildcard_is_run(*token))
        return reference_matches(token + 1, text) ||
               (*text && wildcard_takes(*token, (unsigned char)*text) && reference_matches(token, text + 1));
    return *text && wildcard_takes(*token, (unsigned char)*text) && reference_matches(token + 1, text + 1);
}

static bool reference_meets(const struct algebra_clause *clauses, size_t count, const char *text)
{
    for (size_t c = 0; c < count; c++) {
        bool any = false;
        for (size_t p = 0; p < clauses[c].count; p++)
            any |= reference_matches(clauses[c].patterns[p].tokens, text);
        if (any == clauses[c].excluded)
            return false;
    }
    return true;
}

/* Whether any string up to MAX_LENGTH meets the clauses. */
static bool brute_force(const struct algebra_clause *clauses, size_t count)
{
    char text[MAX_LENGTH + 1];
    for (int length = 0; length <= MAX_LENGTH; length++) {
        int combinations = 1;
        for (int i = 0; i < length; i++)
            combinations *= (int)strlen(letters);
        for (int number = 0; number < combinations; number++) {
            for (int i = 0, rest = number; i < length; i++, rest /= (int)strlen(letters))
                text[i] = letters[rest % (int)strlen(letters)];
            text[length] = '\0';
            if (reference_meets(clauses, count, text))
                return true;
        }
    }
    return false;
}

static struct wildcard random_pattern(struct fixture *fixture)
{
    static const char alphabet[] = "aab:7**?";
    char text[8];
    unsigned length = next_random(fixture, 6);
    for (unsigned i = 0; i < length; i++)
        text[i] = alphabet[next_random(fixture, sizeof(alphabet) - 1)];
    struct wildcard_builder builder = wildcard_build(fixture->arena, next_random(fixture, 4) == 0);
    wildcard_add_pattern(&builder, (struct str){text, length});
    struct wildcard pattern = wildcard_built(&builder);
    if (next_random(fixture, 4) == 0) { /* wildcards that do not run over a colon */
        uint16_t *tokens = builder.tokens;
        for (uint32_t i = 0; i < pattern.count; i++)
            if (tokens[i] == WILDCARD_RUN || tokens[i] == WILDCARD_ONE)
                tokens[i] |= 1;
    }
    for (uint32_t i = 0; i < pattern.count; i++) /* a digit here and there */
        if (builder.tokens[i] == WILDCARD_ONE && next_random(fixture, 2))
            builder.tokens[i] = WILDCARD_DIGIT;
    return pattern;
}

static void agrees_with_brute_force(void **state)
{
    struct fixture *fixture = *state;
    int found = 0;
    for (int round = 0; round < RANDOM_CASES; round++) {
        struct wildcard patterns[MAX_CLAUSES][MAX_PATTERNS];
        struct algebra_clause clauses[MAX_CLAUSES];
        size_t count = 1 + next_random(fixture, MAX_CLAUSES);
        for (size_t c = 0; c < count; c++) {
            size_t width = 1 + next_random(fixture, MAX_PATTERNS);
            for (size_t p = 0; p < width; p++)
                patterns[c][p] = random_pattern(fixture);
            clauses[c] = (struct algebra_clause){patterns[c], width, c > 0 && next_random(fixture, 3) > 0};
        }
        fixture->algebra.steps = 1000000;
        struct str witness = STR("");
        enum algebra_answer answer = algebra_find(&fixture->algebra, clauses, count, NULL, 0, &witness);
        assert_int_not_equal(answer, ALGEBRA_BUDGET);
        if (answer == ALGEBRA_FOUND) {
            found++;
            assert_true(reference_meets(clauses, count, str_to_c(fixture->arena, witness)));
        } else {
            assert_false(brute_force(clauses, count));
        }
    }
    assert_in_range(found, RANDOM_CASES / 10, RANDOM_CASES);
}

static struct wildcard pattern(struct fixture *fixture, const char *text)
{
    return wildcard_pattern(fixture->arena, str_from(text), false);
}

static void knows_inclusion_and_difference(void **state)
{
    static const struct {
        const char *inner;
        const char *outer;
        enum algebra_answer difference;
        const char *witness;
    } cases[] = {
        {"arn:aws:s3:::b/p/*", "arn:aws:s3:::b/*", ALGEBRA_NONE, NULL},
        {"arn:aws:s3:::b/*", "arn:aws:s3:::b/p/*", ALGEBRA_FOUND, "arn:aws:s3:::b/example"},
        {"a?", "a*", ALGEBRA_NONE, NULL},
        {"a*", "a?*", ALGEBRA_FOUND, "a"},
        {"*", "*?", ALGEBRA_FOUND, ""},
        {"a*b", "*", ALGEBRA_NONE, NULL},
        {"*ab*", "*a*b*", ALGEBRA_NONE, NULL},
        {"*a*b*", "*ab*", ALGEBRA_FOUND, "aexampleb"},
        {"b/p", "b/p", ALGEBRA_NONE, NULL},
        {"B/p", "b/p", ALGEBRA_FOUND, "B/p"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct wildcard outer = pattern(fixture, cases[i].outer);
        struct str witness = STR("");
        enum algebra_answer answer =
            algebra_difference(&fixture->algebra, pattern(fixture, cases[i].inner), &outer, 1, &witness);
        assert_int_equal(answer, cases[i].difference);
        if (cases[i].witness && strcmp(cases[i].inner, "*a*b*") != 0)
            assert_string_equal(str_to_c(fixture->arena, witness), cases[i].witness);
    }
}

static void a_pattern_that_covers_another_includes_it(void **state)
{
    static const struct {
        const char *outer;
        const char *inner;
        bool covers;
    } cases[] = {
        {"*", "", true},      {"*", "*", true},      {"a*", "a?c*", true},       {"a*c", "a*b*c", true},
        {"?*", "*", false},   {"a?c", "abc", true},  {"a?c", "a*c", false},      {"abc", "a?c", false},
        {"*b*", "a*b", true}, {"*ab", "*aab", true}, {"s3:Get*", "s3:*", false}, {"a", "a*", false},
        {"", "*", false},     {"a*a", "a", false},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(wildcard_covers(pattern(fixture, cases[i].outer), pattern(fixture, cases[i].inner)),
                         cases[i].covers);
    struct wildcard folded = wildcard_pattern(fixture->arena, STR("s3:get*"), true);
    assert_true(wildcard_covers(folded, wildcard_pattern(fixture->arena, STR("S3:GetObject*"), true)));
    assert_true(wildcard_covers(folded, pattern(fixture, "S3:GetObject")));
    assert_false(wildcard_covers(pattern(fixture, "s3:get*"), folded));
}

static void proves_inclusion_in_a_union(void **state)
{
    struct fixture *fixture = *state;
    /* No single one covers a*, all three together do. */
    struct wildcard cover[] = {pattern(fixture, "a"), pattern(fixture, "a?"), pattern(fixture, "a??*")};
    struct wildcard all = pattern(fixture, "a*");
    assert_int_equal(algebra_difference(&fixture->algebra, all, cover, 3, NULL), ALGEBRA_NONE);
    struct str witness;
    assert_int_equal(algebra_difference(&fixture->algebra, all, cover, 2, &witness), ALGEBRA_FOUND);
    assert_true(witness.len >= 3);
}

static void folds_case_where_it_is_told_to(void **state)
{
    struct fixture *fixture = *state;
    struct wildcard lower = wildcard_pattern(fixture->arena, STR("S3:get*"), true);
    assert_true(algebra_matches(&fixture->algebra, lower, STR("s3:GetObject")));
    assert_false(algebra_matches(&fixture->algebra, pattern(fixture, "S3:get*"), STR("s3:GetObject")));
    struct wildcard exact = pattern(fixture, "s3:getobject");
    struct str witness;
    struct wildcard folded = wildcard_pattern(fixture->arena, STR("s3:GetObject"), true);
    assert_int_equal(algebra_difference(&fixture->algebra, folded, &exact, 1, &witness), ALGEBRA_FOUND);
    assert_true(str_equal_nocase(witness, STR("s3:getobject")));
}

static void keeps_arn_wildcards_within_their_part(void **state)
{
    struct fixture *fixture = *state;
    struct wildcard_builder builder = wildcard_build(fixture->arena, false);
    wildcard_add_pattern(&builder, STR("arn:*:export/*"));
    struct wildcard confined;
    assert_false(wildcard_confine(&builder, &confined));
    builder = wildcard_build(fixture->arena, false);
    wildcard_add_pattern(&builder, STR("arn:aws:*:us-east-1:*:export/*"));
    assert_true(wildcard_confine(&builder, &confined));
    assert_true(algebra_matches(&fixture->algebra, confined, STR("arn:aws:cur:us-east-1:1:export/a:b")));
    assert_false(algebra_matches(&fixture->algebra, confined, STR("arn:aws:cur:us-east-1:1:2:export/a")));
}

static void prefers_the_strings_it_is_given(void **state)
{
    struct fixture *fixture = *state;
    static const struct str preferred[] = {STR_INIT("b/q"), STR_INIT("b/2026/data.csv.gz")};
    struct wildcard objects = pattern(fixture, "b/*");
    struct wildcard hidden = pattern(fixture, "b/q*");
    struct algebra_clause clauses[] = {{&objects, 1, false}, {&hidden, 1, true}};
    struct str witness;
    assert_int_equal(algebra_find(&fixture->algebra, clauses, 2, preferred, 2, &witness), ALGEBRA_FOUND);
    assert_string_equal(str_to_c(fixture->arena, witness), "b/2026/data.csv.gz");
}

static void handles_patterns_that_were_built_to_be_slow(void **state)
{
    struct fixture *fixture = *state;
    char many[401];
    for (int i = 0; i < 400; i += 2)
        memcpy(many + i, "*a", 2);
    many[400] = '\0';
    struct wildcard inner = pattern(fixture, many);
    struct wildcard outer = pattern(fixture, "*a*b*a*a*a*a*a*b*");
    assert_int_equal(algebra_difference(&fixture->algebra, inner, &outer, 1, NULL), ALGEBRA_FOUND);
    outer = pattern(fixture, "*a*a*a*a*a*a*a*a*");
    assert_int_equal(algebra_difference(&fixture->algebra, inner, &outer, 1, NULL), ALGEBRA_NONE);
}

static void stops_when_the_budget_is_used_up(void **state)
{
    struct fixture *fixture = *state;
    char hard[64] = "*a"; /* has to remember the last 40 letters: 2^40 states; and none is both an a and a b */
    memset(hard + 2, '?', 40);
    struct wildcard with_a = pattern(fixture, hard);
    hard[1] = 'b';
    struct wildcard with_b = pattern(fixture, hard);
    struct algebra_clause clauses[] = {{&with_a, 1, false}, {&with_b, 1, false}};
    assert_int_equal(algebra_find(&fixture->algebra, clauses, COUNT_OF(clauses), NULL, 0, NULL), ALGEBRA_BUDGET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(agrees_with_brute_force, setup, teardown),
        cmocka_unit_test_setup_teardown(knows_inclusion_and_difference, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pattern_that_covers_another_includes_it, setup, teardown),
        cmocka_unit_test_setup_teardown(proves_inclusion_in_a_union, setup, teardown),
        cmocka_unit_test_setup_teardown(folds_case_where_it_is_told_to, setup, teardown),
        cmocka_unit_test_setup_teardown(keeps_arn_wildcards_within_their_part, setup, teardown),
        cmocka_unit_test_setup_teardown(prefers_the_strings_it_is_given, setup, teardown),
        cmocka_unit_test_setup_teardown(handles_patterns_that_were_built_to_be_slow, setup, teardown),
        cmocka_unit_test_setup_teardown(stops_when_the_budget_is_used_up, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
