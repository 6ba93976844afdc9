/* deny_test.c: a narrowed Deny lets through who and what is needed, and nobody and nothing else. */
#include "checks/mend/deny.h"

#include "checks/mend/statement.h"
#include "cmocka_all.h"
#include "policy/evaluate/evaluate.h"

#define USER "arn:aws:iam::123456789012:user/optscale"
#define SERVICE "bcm-data-exports.amazonaws.com"

static const char *const principals[] = {USER, "arn:aws:iam::123456789012:user/other",
                                         "arn:aws:iam::123456789012:role/team", SERVICE,
                                         "billingreports.amazonaws.com"};
static const char *const actions[] = {"s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:DeleteObject",
                                      "iam:CreateUser"};
static const char *const resources[] = {"arn:aws:s3:::b", "arn:aws:s3:::b/cur/1.csv", "arn:aws:s3:::other/x",
                                        "arn:aws:iam::123456789012:user/x"};

/* A Deny, who needs what, and whether that can be written. */
struct example {
    const char *statement;
    enum policy_type type;
    const char *principal;
    const char *action;
    const char *resource; /* a pattern */
    bool own;
    bool refused;
};

#define DENY "{\"Sid\": \"Guard\", \"Effect\": \"Deny\", "
#define ANYBODY "\"Principal\": \"*\", "

static const struct example examples[] = {
    {DENY ANYBODY "\"Action\": \"s3:*\", \"Resource\": [\"arn:aws:s3:::b\", \"arn:aws:s3:::b/*\"]}", POLICY_RESOURCE,
     SERVICE, "s3:PutObject", "arn:aws:s3:::b/*", false, false},
    {DENY ANYBODY "\"Action\": \"s3:*\", \"Resource\": [\"arn:aws:s3:::b\", \"arn:aws:s3:::b/*\"]}", POLICY_RESOURCE,
     USER, "s3:GetObject", "*", false, false},
    {DENY ANYBODY "\"Action\": [\"s3:GetObject\", \"s3:PutObject\"], \"Resource\": \"arn:aws:s3:::b/*\"}",
     POLICY_RESOURCE, USER, "s3:GetObject", "*", false, false},
    {DENY "\"Principal\": {\"AWS\": \"" USER "\"}, \"Action\": [\"s3:GetObject\", \"s3:PutObject\"], \"Resource\": "
          "\"arn:aws:s3:::b/*\"}",
     POLICY_RESOURCE, USER, "s3:GetObject", "*", false, false},
    {DENY ANYBODY "\"NotAction\": \"s3:ListBucket\", \"Resource\": [\"arn:aws:s3:::b\", \"arn:aws:s3:::b/*\"]}",
     POLICY_RESOURCE, USER, "s3:GetObject", "*", false, false},
    {DENY "\"Action\": \"*\", \"Resource\": \"*\"}", POLICY_IDENTITY, USER, "s3:GetObject", "arn:aws:s3:::b/*", true,
     false},
    {DENY "\"Action\": \"s3:*\", \"Resource\": \"*\"}", POLICY_IDENTITY, USER, "s3:GetObject", "arn:aws:s3:::b/*",
     false, false},
    {DENY "\"Action\": [\"s3:GetObject\", \"s3:PutObject\"], \"Resource\": \"*\"}", POLICY_IDENTITY, USER,
     "s3:GetObject", "arn:aws:s3:::b/*", true, false},
    {DENY "\"Action\": \"s3:GetObject\", \"Resource\": [\"arn:aws:s3:::b/*\", \"arn:aws:s3:::other/*\"]}",
     POLICY_IDENTITY, USER, "s3:GetObject", "arn:aws:s3:::b/*", true, false},
    {DENY "\"Action\": \"s3:*\", \"NotResource\": \"arn:aws:s3:::other/*\"}", POLICY_IDENTITY, USER, "s3:GetObject",
     "arn:aws:s3:::b/*", true, false},
    {DENY "\"Action\": \"s3:Get*\", \"Resource\": \"*\"}", POLICY_IDENTITY, USER, "s3:GetObject", "*", true, true},
    {DENY "\"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::b*\"}", POLICY_IDENTITY, USER, "s3:GetObject",
     "arn:aws:s3:::b/*", true, true},
    {DENY ANYBODY "\"Action\": \"sts:AssumeRole\", \"Resource\": \"*\"}", POLICY_RESOURCE,
     "arn:aws:iam::345678901234:root", "sts:AssumeRole", "*", false, true},
};

static const struct policy *compiled(struct arena *arena, const struct json *document, enum policy_type type)
{
    const struct policy *policy = NULL;
    struct error error;
    if (!policy_compile(arena, document, (struct policy_options){STR("p"), type, POLICY_LENIENT}, &policy, &error))
        fail_msg("%s", error.text);
    return policy;
}

static const struct json *document_of(struct arena *arena, const char *statement)
{
    const struct json *document = NULL;
    struct str text = str_format(arena, "{\"Version\": \"2012-10-17\", \"Statement\": [%s]}", statement);
    assert_true(json_parse(arena, STR("p"), text, &json_limits_default, &document, NULL));
    return document;
}

static bool is_denied(struct arena *arena, const struct policy *policy, const char *principal, const char *action,
                      const char *resource)
{
    bool service = strchr(principal, ':') == NULL;
    const struct json *context = NULL;
    struct str text =
        str_format(arena, "{\"%s\": \"%s\", \"aws:PrincipalIsAWSService\": \"%s\"}",
                   service ? "aws:PrincipalServiceName" : "aws:PrincipalArn", principal, service ? "true" : "false");
    assert_true(json_parse(arena, STR("c"), text, &json_limits_default, &context, NULL));
    struct request request;
    struct decision decision;
    struct error error;
    assert_true(request_make(arena,
                             (struct request_parts){.principal = str_from(principal),
                                                    .action = str_from(action),
                                                    .resource = str_from(resource),
                                                    .context = context},
                             &request, &error));
    struct policy_environment environment = {0};
    if (policy->type == POLICY_RESOURCE)
        environment.resource = policy;
    else
        environment.identity = (struct policy_list){&policy, 1};
    policy_evaluate(&environment, &request, &decision);
    return decision.verdict == DECISION_EXPLICITLY_DENIED;
}

/* Actions are asked on resources of their own service alone. */
static bool is_asked(const char *action, const char *resource)
{
    return (strncmp(action, "s3:", 3) == 0) == (strstr(resource, ":s3:") != NULL);
}

static bool is_needed(struct arena *arena, const struct example *example, const char *principal, const char *action,
                      const char *resource)
{
    bool service = strchr(example->principal, ':') == NULL;
    return strcmp(principal, example->principal) == 0 &&
           (service || (strcmp(action, example->action) == 0 &&
                        pattern_fits(arena, str_from(example->resource), str_from(resource))));
}

static void compare(struct arena *arena, const struct example *example, const struct policy *before,
                    const struct policy *after)
{
    bool identity = example->type == POLICY_IDENTITY;
    for (size_t p = 0; p < COUNT_OF(principals); p++)
        for (size_t a = 0; a < COUNT_OF(actions); a++)
            for (size_t r = 0; r < COUNT_OF(resources); r++) {
                if (!is_asked(actions[a], resources[r]) || (identity && example->own && p > 0) || (identity && p > 2))
                    continue;
                bool was = is_denied(arena, before, principals[p], actions[a], resources[r]);
                bool is = is_denied(arena, after, principals[p], actions[a], resources[r]);
                bool needed = is_needed(arena, example, principals[p], actions[a], resources[r]);
                if (is != (was && !needed))
                    fail_msg("%s: %s %s %s was %s", example->statement, principals[p], actions[a], resources[r],
                             was ? "denied" : "not denied");
            }
}

static void nothing_but_what_is_needed_is_let_through(void **state)
{
    for (size_t i = 0; i < COUNT_OF(examples); i++) {
        const struct example *example = &examples[i];
        const struct policy *before = compiled(*state, document_of(*state, example->statement), example->type);
        struct str action = str_from(example->action);
        struct str resource = str_from(example->resource);
        struct deny_need need = {.statement = &before->statements[0],
                                 .principal = principal_read(str_from(example->principal)),
                                 .own = example->own,
                                 .actions = &action,
                                 .action_count = 1,
                                 .resources = &resource,
                                 .resource_count = 1};
        const struct json *narrowed = NULL;
        struct str why = STR("");
        bool found = deny_narrow(*state, &need, &narrowed, &why);
        if (found == example->refused)
            fail_msg("%s: %.*s", example->statement, STR_ARG(why));
        if (found)
            compare(*state, example, before, compiled(*state, narrowed, example->type));
        else
            assert_true(why.len > 0);
    }
}

static void a_deny_of_nothing_else_goes(void **state)
{
    const struct policy *before =
        compiled(*state, document_of(*state, DENY "\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::b/*\"}"),
                 POLICY_IDENTITY);
    struct str action = STR("s3:GetObject");
    struct str resource = STR("arn:aws:s3:::b/*");
    struct deny_need need = {.statement = &before->statements[0],
                             .principal = principal_read(STR(USER)),
                             .own = true,
                             .actions = &action,
                             .action_count = 1,
                             .resources = &resource,
                             .resource_count = 1};
    const struct json *narrowed = before->source;
    struct str why;
    assert_true(deny_narrow(*state, &need, &narrowed, &why));
    assert_null(narrowed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {arena_test(nothing_but_what_is_needed_is_let_through),
                                       arena_test(a_deny_of_nothing_else_goes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
