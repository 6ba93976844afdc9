/* trouble_test.c: which answers are the caller's own trouble, and what is said of it. */
#include "aws/live/trouble.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define KEY "AKIDEXAMPLE"

struct row {
    const char *call;
    const char *code;
    const char *principal;
    bool session;
    bool host_is_unknown;
    const char *says; /* NULL: it is no trouble of the caller's */
};

static void tells_whose_trouble_it_is(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"sts:GetCallerIdentity", "ExpiredToken", "", true, false, "your AWS session has ended"},
        {"s3:GetBucketPolicy", "ExpiredToken", "optscale", true, false, "sign in again: do that"},
        {"sts:GetCallerIdentity", "InvalidClientTokenId", "", true, false, "does not accept your own credentials"},
        {"sts:GetCallerIdentity", "InvalidClientTokenId", "", false, false, NULL},
        {"sts:GetCallerIdentity", "InvalidClientTokenId", KEY, false, false, NULL},
        {"sts:GetCallerIdentity", "InvalidClientTokenId", "optscale", false, false, "does not accept"},
        {"kms:DescribeKey", "UnrecognizedClientException", "optscale", true, false, NULL},
        {"sts:GetCallerIdentity", "AccessDenied", "", true, false, NULL},
        {"sts:GetCallerIdentity", "SignatureDoesNotMatch", "", false, false, NULL},
        {"sts:GetCallerIdentity", "Unreachable", "", true, true, "nowhere-1"},
        {"s3:GetBucketPolicy", "Unreachable", "", true, true, NULL},
        {"sts:GetCallerIdentity", "Unreachable", "", true, false, NULL},
        {"optscale:ListOrganizations", "ExpiredToken", "", true, false, NULL},
    };
    struct arena *arena = arena_open(0);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct row *row = &rows[i];
        struct call call = {.operation = operation_find_call(str_from(row->call)), .region = STR("nowhere-1")};
        struct answer answer = {.code = str_from(row->code), .message = STR("sts: no such host")};
        struct credentials credentials = {.access_key_id = STR(KEY),
                                          .session_token = row->session ? secret_make(arena, STR("token")) : NULL,
                                          .source = STR("somewhere"),
                                          .renewal = STR("sign in again: do that")};
        struct trouble_case found = {&call, &answer, row->host_is_unknown, str_from(row->principal)};
        struct error error = {.code = ""};
        assert_int_equal(trouble_find(&found, &credentials, &error), row->says != NULL);
        if (row->says && !strstr(error.text, row->says))
            fail_msg("'%s' does not say '%s'", error.text, row->says);
    }
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tells_whose_trouble_it_is)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
