/* messages_test.c: finding a message's entry, whatever shape it is in; and the catalogue that ships. */
#include "optscale/messages/messages.h"

#include "base/file.h"
#include "cmocka_all.h"

static struct optscale_messages catalogue(struct arena *arena)
{
    struct optscale_messages messages = {0};
    struct str text;
    struct error error;
    const char *path = TEST_SOURCE_DIR "/rules/optscale/messages.json";
    if (!file_read(arena, path, (size_t)1 << 24, &text, &error) ||
        !optscale_messages_read(arena, STR("messages.json"), text, &messages, &error)) {
        fail_msg("%s", error.text);
    }
    return messages;
}

/* The ids of what matches, joined by blanks. */
static struct str ids(struct arena *arena, const struct optscale_messages *messages, struct str text)
{
    struct optscale_match matches[OPTSCALE_SPEAKER_COUNT];
    struct buf found = buf_make(arena, BUF_NO_MAX);
    size_t count = optscale_messages_match(arena, messages, text, matches);
    for (size_t i = 0; i < count; i++) {
        buf_add(&found, i > 0 ? STR(" ") : STR(""));
        buf_add(&found, matches[i].message->id);
    }
    return buf_str(&found);
}

static void knows_messages_in_every_shape(void **state)
{
    static const char *const rows[][2] = {
        {"Bucket acme not found", "bucket-not-found"},
        {"'lineItem/BlendedCost'", "column-missing"},
        {"lineItem/BlendedCost", "column-missing"},
        {"TIME_GRANULARITY", "export-key-error"},
        {"bucket_name", "no-bucket-stored"},
        {"bucket_name is required", "field-missing"},
        {"OE0371", "oe0371"},
        {"  oe0371 ", "oe0371"},
        {"OE0371: Unable to configure billing report: Bucket acme\n not   found", "bucket-not-found"},
        {"{\"error\":{\"reason\":\"Bucket prefix \\\"a b\\\" has incorrect format\",\"error_code\":\"OE0371\"}}",
         "bad-prefix"},
        {"Bucket prefix \xe2\x80\x9c"
         "a b\xe2\x80\x9d has incorrect format",
         "bad-prefix"},
        {"Can\xe2\x80\x99t connect the aws_cnr subscription: no", "subscription"},
        {"Report files for report n not found in bucket b", "files-not-found"},
        {"Report files for report n not found in bucket b. Please check your CUR version and existence of report "
         "files in the bucket",
         "files-not-found"},
        {"Report files for report n not fo", "files-not-found"},
        {"An error occurred (AccessDenied) when calling the GetBucketLocation operation: Access Denied",
         "aws-bucket-location"},
        {"An error occurred (Surprise) when calling the GetBucketLocation operation: ?", "aws-other"},
        {"Not enough permissions to check bucket b existence: An error occurred (AccessDenied) when calling the "
         "GetBucketLocation operation: Access Denied",
         "bucket-check-refused aws-bucket-location"},
        {"User: arn:aws:iam::1:user/u is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::b with an "
         "explicit deny in a service control policy",
         "reason-deny-scp"},
        {"User: x is not authorized to perform: s3:ListBucket on resource: b because no identity-ba",
         "reason-no-identity-policy"},
    };
    struct optscale_messages messages = catalogue(*state);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str found = ids(*state, &messages, str_from(rows[i][0]));
        if (!str_equal(found, str_from(rows[i][1]))) {
            fail_msg("%s: %.*s", rows[i][0], STR_ARG(found));
        }
    }
}

static void every_pattern_of_the_catalogue_finds_its_own_entry(void **state)
{
    struct optscale_messages messages = catalogue(*state);
    for (size_t i = 0; i < messages.count; i++) {
        const struct optscale_message *message = &messages.items[i];
        for (size_t k = 0; k < message->pattern_count; k++) {
            struct optscale_match matches[OPTSCALE_SPEAKER_COUNT];
            struct optscale_guess guesses[OPTSCALE_NEAREST_MAX];
            size_t count = optscale_messages_match(*state, &messages, message->patterns[k].text, matches);
            bool found = false;
            for (size_t m = 0; m < count; m++) {
                found = found || matches[m].message == message;
            }
            count = optscale_messages_sense(*state, &messages, message->patterns[k].text, guesses);
            for (size_t m = 0; m < count && message->speaker == OPTSCALE_SPEAKER_USER; m++) {
                found = found || guesses[m].message == message;
            }
            if (!found) {
                fail_msg("%.*s: %.*s", STR_ARG(message->id), STR_ARG(message->patterns[k].text));
            }
        }
    }
}

static void fills_names_in(void **state)
{
    struct optscale_messages messages = catalogue(*state);
    struct optscale_match matches[OPTSCALE_SPEAKER_COUNT];
    assert_int_equal(optscale_messages_match(*state, &messages, STR("Bucket Acme-1 not found"), matches), 1);
    assert_str_equal(optscale_match_fill(*state, &matches[0], STR("{bucket} {other} {")), STR("Acme-1 {other} {"));
}

static void finds_what_comes_near(void **state)
{
    struct optscale_messages messages = catalogue(*state);
    const struct optscale_message *nearest[OPTSCALE_NEAREST_MAX];
    struct str patterns[OPTSCALE_NEAREST_MAX];
    size_t count =
        optscale_messages_nearest(*state, &messages, STR("the report files were not found"), nearest, patterns);
    assert_true(count > 0);
    assert_str_equal(nearest[0]->id, STR("files-not-found"));
    assert_int_equal(optscale_messages_nearest(*state, &messages, STR("xyzzy"), nearest, patterns), 0);
    assert_str_equal(ids(*state, &messages, STR("")), STR(""));
    assert_str_equal(ids(*state, &messages, STR("the moon is made of cheese")), STR(""));
}

#define ENTRY(id, pattern)                                                                                             \
    "{\"id\":\"" id "\",\"speaker\":\"aws\",\"patterns\":[\"" pattern "\"],\"meaning\":\"m\",\"fix\":\"f\"}"

static void refuses_a_bad_catalogue(void **state)
{
    static const char *const rows[][2] = {
        {"{}", "expected an object with an array 'messages'"},
        {"{\"messages\":[{}]}", "id, meaning and fix"},
        {"{\"messages\":[" ENTRY("a", "x") "," ENTRY("a", "y") "]}", "used twice"},
        {"{\"messages\":[" ENTRY("a", "{b}") "]}", "no text of its own"},
        {"{\"messages\":[" ENTRY("a", "x {b}{c}") "]}", "side by side"},
        {"{\"messages\":[" ENTRY("a", "x {b") "]}", "brace is open"},
        {"{\"messages\":[{\"id\":\"a\",\"speaker\":\"x\",\"meaning\":\"m\",\"fix\":\"f\"}]}", "none of"},
        {"{\"messages\":[{\"id\":\"a\",\"speaker\":\"aws\",\"meaning\":\"m\",\"fix\":\"f\"}]}", "no patterns"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct optscale_messages messages;
        struct error error = {.text = ""};
        assert_false(optscale_messages_read(*state, STR("f"), str_from(rows[i][0]), &messages, &error));
        if (!str_contains(str_from(error.text), str_from(rows[i][1]))) {
            fail_msg("%s", error.text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(knows_messages_in_every_shape),
        arena_test(every_pattern_of_the_catalogue_finds_its_own_entry),
        arena_test(fills_names_in),
        arena_test(finds_what_comes_near),
        arena_test(refuses_a_bad_catalogue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
