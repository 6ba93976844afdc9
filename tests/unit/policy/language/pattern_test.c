#include "policy/kit.h"
#include "policy/language/pattern.h"

static const struct pattern_rules wild = {.wildcards = true, .variables = true};
static const struct pattern_rules resource = {.wildcards = true, .variables = true, .parts = PATTERN_RESOURCE};
static const struct pattern_rules arn = {.wildcards = true, .variables = true, .parts = PATTERN_ARN};
static const struct pattern_rules folded = {.wildcards = true, .fold = true};

static bool matches(struct pattern_rules rules, const char *text, const char *subject)
{
    struct arena *arena = arena_open(0);
    struct policy_pattern pattern;
    policy_pattern_compile(arena, str_from(text), rules, &pattern);
    bool result = policy_pattern_match(&pattern, str_from(subject), NULL);
    arena_close(arena);
    return result;
}

static enum pattern_shape shape(struct pattern_rules rules, const char *text)
{
    struct arena *arena = arena_open(0);
    struct policy_pattern pattern;
    policy_pattern_compile(arena, str_from(text), rules, &pattern);
    arena_close(arena);
    return pattern.shape;
}

static void matches_runs_and_single_characters(void **state)
{
    (void)state;
    assert_true(matches(wild, "", ""));
    assert_false(matches(wild, "", "a"));
    assert_true(matches(wild, "*", ""));
    assert_true(matches(wild, "a*b*c", "aXbXbc"));
    assert_true(matches(wild, "*ab*ab*", "xabyabz"));
    assert_false(matches(wild, "*ab*ab*", "xabz"));
    assert_true(matches(wild, "a?c", "abc"));
    assert_false(matches(wild, "a?c", "ac"));
    assert_true(matches(wild, "?*", "x"));
    assert_false(matches(wild, "?*", ""));
    assert_true(matches(wild, "**a**", "a"));
}

static void a_question_mark_is_one_character_of_utf8(void **state)
{
    (void)state;
    assert_true(matches(wild, "?", "\xC3\xA9"));
    assert_false(matches(wild, "??", "\xC3\xA9"));
}

static void folds_ascii_letters_alone(void **state)
{
    (void)state;
    assert_true(matches(folded, "S3:Get*", "s3:getobject"));
    assert_true(matches(folded, "s3:get*", "S3:GETOBJECT"));
    assert_false(matches(folded, "\xC3\xA9", "\xC3\x89"));
}

static void confines_runs_of_a_resource_to_their_part(void **state)
{
    (void)state;
    assert_true(matches(resource, "arn:aws:ec2:eu-*-1:1:x", "arn:aws:ec2:eu-west-1:1:x"));
    assert_false(matches(resource, "arn:aws:ec2:e*1:1:x", "arn:aws:ec2:eu:1:1:x"));
    assert_true(matches(resource, "arn:aws:ec2:*:x", "arn:aws:ec2:eu-west-1:1:x"));
    assert_true(matches(resource, "arn:aws:lambda:*:function:a", "arn:aws:lambda:eu-west-1:1:function:a"));
    assert_true(matches(resource, "arn:aws:s3:::a*b", "arn:aws:s3:::a:x:b"));
    assert_true(matches(resource, "arn:*:ec2:eu-*-1:*:*", "arn:aws:ec2:eu-west-1:1:i/x"));
    assert_int_equal(shape(resource, "arn:*:ec2:eu-*-1:*:*"), PATTERN_SETS);
}

static void confines_all_runs_of_arn_operators(void **state)
{
    (void)state;
    assert_true(matches(arn, "arn:aws:cur:*:1:definition/*", "arn:aws:cur:us-east-1:1:definition/a:b"));
    assert_false(matches(arn, "arn:aws:*:definition/x", "arn:aws:cur:us-east-1:1:definition/x"));
    assert_false(matches(arn, "*", "arn:aws:cur:us-east-1:1:definition/x"));
    assert_int_equal(shape(arn, "arn:aws:s3"), PATTERN_NOTHING);
}

static void takes_the_cheapest_shape(void **state)
{
    (void)state;
    assert_int_equal(shape(wild, "*"), PATTERN_ANYTHING);
    assert_int_equal(shape(wild, "abc"), PATTERN_EXACT);
    assert_int_equal(shape(wild, "abc*"), PATTERN_PREFIX);
    assert_int_equal(shape(wild, "a*c"), PATTERN_GREEDY);
    assert_int_equal(shape(resource, "arn:aws:s3:::b/*"), PATTERN_PREFIX);
}

static void takes_variables_literally(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct request request = kit_request(arena, "*", "a:b", "*", "{'aws:username': 'a*', 'aws:TagKeys': ['x', 'y']}");
    const struct {
        const char *pattern;
        const char *subject;
        bool matches;
    } cases[] = {
        {"x/${aws:username}/*", "x/a*/1", true},
        {"x/${aws:username}/*", "x/ab/1", false},
        {"${AWS:USERNAME}", "a*", true},
        {"${aws:missing}", "", false},
        {"${aws:missing, 'd'}", "d", true},
        {"${aws:username, 'd'}", "d", false},
        {"${aws:TagKeys}", "x", false},
        {"*${aws:username}", "zzza*", true},
        {"${*}${?}${$}", "*?$", true},
        {"${*}", "x", false},
        {"${unclosed", "${unclosed", true},
        {"${}", "${}", true},
        {"${aws:missing, 'a, b'}", "a, b", true},
        {"$", "$", true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct policy_pattern pattern;
        policy_pattern_compile(arena, str_from(cases[i].pattern), wild, &pattern);
        if (policy_pattern_match(&pattern, str_from(cases[i].subject), &request.context) != cases[i].matches)
            fail_msg("%s on %s", cases[i].pattern, cases[i].subject);
    }
    arena_close(arena);
}

/* A matcher by definition: exponential, but obviously right. */
static bool obvious(const char *pattern, const char *subject, int part, bool confined)
{
    if (*pattern == '\0')
        return *subject == '\0';
    bool bound = confined && part < 5;
    if (*pattern == '*')
        return obvious(pattern + 1, subject, part, confined) ||
               (*subject && !(bound && *subject == ':') && obvious(pattern, subject + 1, part, confined));
    if (*subject == '\0' || (*pattern == '?' ? bound && *subject == ':' : *pattern != *subject))
        return false;
    return obvious(pattern + 1, subject + 1, part + (*pattern == ':'), confined);
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void random_text(uint64_t *seed, const char *letters, size_t count, char *ret)
{
    size_t length = next_random(seed) % 9;
    for (size_t i = 0; i < length; i++)
        ret[i] = letters[next_random(seed) % count];
    ret[length] = '\0';
}

static void agrees_with_the_definition(void **state)
{
    (void)state;
    uint64_t seed = 42;
    char pattern[32];
    char subject[32];
    for (int i = 0; i < 100000; i++) {
        random_text(&seed, "ab:*?", 5, pattern);
        random_text(&seed, "ab:", 3, subject);
        if (matches(wild, pattern, subject) != obvious(pattern, subject, 0, false))
            fail_msg("'%s' on '%s'", pattern, subject);
    }
}

/* Six parts of up to three letters each. */
static void random_arn(uint64_t *seed, const char *letters, size_t count, char *ret)
{
    for (int part = 0; part < 6; part++) {
        char text[16];
        random_text(seed, letters, count, text);
        size_t length = strnlen(text, 3);
        memcpy(ret, text, length);
        ret += length;
        *ret++ = part < 5 ? ':' : '\0';
    }
}

static void confined_runs_agree_with_the_definition(void **state)
{
    (void)state;
    uint64_t seed = 7;
    char pattern[64];
    char subject[64];
    for (int i = 0; i < 100000; i++) {
        random_arn(&seed, "ab*?", 4, pattern);
        random_arn(&seed, "ab", 2, subject);
        if (matches(arn, pattern, subject) != obvious(pattern, subject, 0, true))
            fail_msg("'%s' on '%s'", pattern, subject);
    }
}

static void hostile_patterns_end_soon(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct buf pattern = buf_make(arena, BUF_NO_MAX);
    struct buf subject = buf_make(arena, BUF_NO_MAX);
    buf_add_c(&pattern, "arn:*:x:");
    for (int i = 0; i < 2000; i++)
        buf_add_c(&pattern, "*a");
    buf_add_c(&subject, "arn:aws:x:");
    for (int i = 0; i < 8000; i++)
        buf_add_char(&subject, 'a');
    buf_add_char(&subject, 'b');
    struct policy_pattern compiled;
    policy_pattern_compile(arena, buf_str(&pattern), resource, &compiled);
    assert_int_equal(compiled.shape, PATTERN_SETS);
    assert_false(policy_pattern_match(&compiled, buf_str(&subject), NULL));
    policy_pattern_compile(arena, buf_str(&pattern), wild, &compiled);
    assert_int_equal(compiled.shape, PATTERN_GREEDY);
    assert_false(policy_pattern_match(&compiled, buf_str(&subject), NULL));
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_runs_and_single_characters),
        cmocka_unit_test(a_question_mark_is_one_character_of_utf8),
        cmocka_unit_test(folds_ascii_letters_alone),
        cmocka_unit_test(confines_runs_of_a_resource_to_their_part),
        cmocka_unit_test(confines_all_runs_of_arn_operators),
        cmocka_unit_test(takes_the_cheapest_shape),
        cmocka_unit_test(takes_variables_literally),
        cmocka_unit_test(agrees_with_the_definition),
        cmocka_unit_test(confined_runs_agree_with_the_definition),
        cmocka_unit_test(hostile_patterns_end_soon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
