/* credentials_test.c: each provider, the order of the chain, and what is said where none has any. */
#include "aws/credentials/credentials.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { T0 = 1795341600, SENT_MAX = 8 }; /* 2026-11-22T10:00:00Z */

static struct arena *arena;
static char home[] = "/tmp/exportcheck-credentials-XXXXXX";

static int open_all(void **state)
{
    (void)state;
    arena = arena_open(0);
    return mkdtemp(home) ? 0 : 1;
}

static const char *in_home(const char *name)
{
    return str_to_c(arena, str_format(arena, "%s/%s", home, name));
}

static int close_all(void **state)
{
    static const char *const files[] = {"config", "credentials", "token", ".aws/sso/cache/x"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++)
        (void)unlink(in_home(files[i]));
    (void)unlink(in_home(".aws/sso/cache/e274eeff768c6396088ec6eb091f4bf4d47ab1e0.json"));
    (void)rmdir(in_home(".aws/sso/cache"));
    (void)rmdir(in_home(".aws/sso"));
    (void)rmdir(in_home(".aws"));
    (void)rmdir(home);
    arena_close(arena);
    return 0;
}

static void write_file(const char *name, const char *text)
{
    assert_true(file_write(in_home(name), str_from(text), 0600, NULL));
}

/* --- a network that follows a script --------------------------------------------------------------- */

struct scripted {
    int status; /* 0: nobody answers */
    const char *body;
};

struct script {
    const struct scripted *replies;
    size_t count;
    size_t sent;
    struct authentication_request requests[SENT_MAX];
};

static bool script_send(void *self, struct arena *to, const struct authentication_request *request,
                        struct http_response *ret, struct error *error)
{
    struct script *script = self;
    if (script->sent == script->count || script->replies[script->sent].status == 0) {
        script->sent++;
        return error_set(error, "Unreachable", "nobody answers");
    }
    struct authentication_request *kept = &script->requests[script->sent];
    *kept = *request;
    struct http_header *headers = arena_array(to, struct http_header, request->headers.count);
    for (size_t i = 0; i < request->headers.count; i++)
        headers[i] = request->headers.items[i];
    kept->headers.items = headers;
    const struct scripted *reply = &script->replies[script->sent++];
    *ret = (struct http_response){.status = reply->status, .body = str_copy(to, str_from(reply->body))};
    return true;
}

/* --- the rig ---------------------------------------------------------------------------------------- */

struct rig {
    const char *config;
    const char *credentials;
    const char *variables; /* separated by `|` */
    const char *profile;   /* --profile */
    const struct scripted *replies;
    size_t reply_count;
    /* what came of it */
    struct script script;
    struct credentials found;
    struct error error;
};

static struct str *split(struct str text, size_t *ret_count)
{
    struct str *parts = arena_array(arena, struct str, 16);
    size_t count = 0;
    while (text.len > 0)
        (void)str_cut(&text, '|', &parts[count++]);
    *ret_count = count;
    return parts;
}

static bool find(struct rig *rig)
{
    size_t count;
    struct str *variables = split(str_from(rig->variables), &count);
    char **environment = arena_array(arena, char *, count + 8);
    for (size_t i = 0; i < count; i++)
        environment[i] = str_to_c(arena, variables[i]);
    environment[count++] = str_to_c(arena, str_format(arena, "HOME=%s", home));
    environment[count++] = str_to_c(arena, str_format(arena, "AWS_CONFIG_FILE=%s/config", home));
    environment[count++] = str_to_c(arena, str_format(arena, "AWS_SHARED_CREDENTIALS_FILE=%s/credentials", home));
    write_file("config", rig->config ? rig->config : "");
    write_file("credentials", rig->credentials ? rig->credentials : "");
    rig->error.text[0] = '\0';
    struct settings *settings = arena_new(arena, struct settings);
    struct settings_options options = {.profile = str_from(rig->profile)};
    if (!settings_load(arena, environment, &options, settings, &rig->error))
        fail_msg("%s", rig->error.text);
    rig->script = (struct script){.replies = rig->replies, .count = rig->reply_count};
    struct authenticator authenticator = {&rig->script, script_send};
    struct credentials_request request = {.arena = arena,
                                          .settings = settings,
                                          .profile = settings->profile,
                                          .environment_is_skipped = options.profile.len > 0,
                                          .authenticator = &authenticator,
                                          .now = T0};
    return credentials_find(&request, &rig->found, &rig->error);
}

static void expect(struct rig rig, const char *id, const char *secret, const char *token, const char *source)
{
    if (!find(&rig))
        fail_msg("%s", rig.error.text);
    assert_string_equal(str_to_c(arena, rig.found.access_key_id), id);
    assert_true(secret_equal(rig.found.secret_key, str_from(secret)));
    assert_true(secret_equal(rig.found.session_token, str_from(token)));
    if (!str_contains(rig.found.source, str_from(source)))
        fail_msg("source '%.*s', expected '%s'", STR_ARG(rig.found.source), source);
}

static void expect_error(struct rig rig, const char *text)
{
    if (find(&rig))
        fail_msg("found %.*s, expected '%s'", STR_ARG(rig.found.access_key_id), text);
    if (!strstr(rig.error.text, text))
        fail_msg("'%s', expected '%s'", rig.error.text, text);
}

#define KEYS(id) "aws_access_key_id = " id "\naws_secret_access_key = secret-" id "\n"

/* --- long-term keys ----------------------------------------------------------------------------------- */

static void takes_keys_of_the_environment_first(void **state)
{
    (void)state;
    struct rig rig = {.credentials = "[default]\n" KEYS("FILE"),
                      .variables = "AWS_ACCESS_KEY_ID=ENV|AWS_SECRET_ACCESS_KEY=s"};
    expect(rig, "ENV", "s", "", "environment");
    rig.variables = "AWS_ACCESS_KEY_ID=ENV|AWS_SECRET_ACCESS_KEY=s|AWS_SESSION_TOKEN=t";
    expect(rig, "ENV", "s", "t", "environment");
    rig.variables = "AWS_ACCESS_KEY_ID=|AWS_SECRET_ACCESS_KEY=s";
    expect(rig, "FILE", "secret-FILE", "", "profile 'default' in ");
}

static void lets_the_environment_win_over_its_own_profile_but_not_over_the_options(void **state)
{
    (void)state;
    struct rig rig = {.credentials = "[work]\n" KEYS("WORK"),
                      .variables = "AWS_PROFILE=work|AWS_ACCESS_KEY_ID=ENV|AWS_SECRET_ACCESS_KEY=s"};
    expect(rig, "ENV", "s", "", "environment");
    rig.profile = "work";
    expect(rig, "WORK", "secret-WORK", "", "profile 'work'");
}

static void does_not_pass_over_half_a_pair(void **state)
{
    (void)state;
    expect_error((struct rig){.credentials = "[default]\n" KEYS("FILE"), .variables = "AWS_ACCESS_KEY_ID=ENV"},
                 "AWS_SECRET_ACCESS_KEY is not");
    expect_error((struct rig){.credentials = "# c\n[default]\naws_access_key_id = A\n"},
                 "credentials:3: profile 'default': the secret access key is missing");
}

static void prefers_the_credentials_file_to_the_config_file(void **state)
{
    (void)state;
    struct rig rig = {.config = "[default]\n" KEYS("CONFIG") "credential_process = /bin/false\n",
                      .credentials = "[default]\n" KEYS("FILE") "aws_session_token = tok\n"};
    expect(rig, "FILE", "secret-FILE", "tok", "credentials");
    expect((struct rig){.config = "[default]\n" KEYS("CONFIG")}, "CONFIG", "secret-CONFIG", "", "config");
}

static void says_where_it_looked(void **state)
{
    (void)state;
    static const struct scripted nobody[] = {{0, NULL}, {0, NULL}};
    struct rig rig = {.replies = nobody, .reply_count = 2};
    expect_error(rig,
                 "no AWS credentials were found for profile 'default' (looked at: the environment (AWS_ACCESS_KEY_ID)");
    expect_error(rig, "the EC2 instance metadata service");
    expect_error(rig, in_home("credentials"));
    (void)find(&rig);
    assert_string_equal(rig.error.code, ERROR_CREDENTIALS);
}

/* --- a process ------------------------------------------------------------------------------------------ */

#define PROCESS(command) "[default]\ncredential_process = " command "\n"

static void runs_a_process_without_a_shell(void **state)
{
    (void)state;
    struct rig rig = {.config =
                          PROCESS("printf '{\"Version\": 1, \"AccessKeyId\": \"%s\", \"SecretAccessKey\": \"$HOME;x\", "
                                  "\"SessionToken\": \"t\", \"Expiration\": \"2026-11-22T11:00:00Z\"}' \"P 1\"")};
    expect(rig, "P 1", "$HOME;x", "t", "credential_process");
    (void)find(&rig);
    assert_int_equal(rig.found.expires, T0 + 3600);
}

static void says_what_is_wrong_with_a_process(void **state)
{
    (void)state;
    expect_error((struct rig){.config = PROCESS("/nonexistent/program")}, "/nonexistent/program: No such file");
    expect_error((struct rig){.config = PROCESS("sh -c 'echo secret text; echo why >&2; exit 3'")},
                 "it ended with status 3: why");
    expect_error((struct rig){.config = PROCESS("echo hello")}, "no JSON object with \"Version\": 1");
    expect_error((struct rig){.config = PROCESS("echo '{\"Version\": 2}'")}, "no JSON object with \"Version\": 1");
    expect_error((struct rig){.config = PROCESS("echo '{\"Version\": 1}'")}, "the access key id is missing");
    expect_error((struct rig){.config = PROCESS("echo 'open")}, "open quote");
    expect_error((struct rig){.config = PROCESS("sh -c 'head -c 100000 /dev/zero'")}, "more than 65536 bytes");
}

/* --- roles ---------------------------------------------------------------------------------------------- */

#define ASSUMED(operation, id)                                                                                         \
    "<" operation "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" operation "Result><Credentials>"    \
    "<AccessKeyId>" id "</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey><SessionToken>role-token"          \
    "</SessionToken><Expiration>2026-11-22T11:00:00Z</Expiration></Credentials></" operation "Result></" operation     \
    "Response>"

static struct str header_of(const struct rig *rig, size_t index, const char *name)
{
    return http_header_find(rig->script.requests[index].headers, str_from(name));
}

static void assumes_a_role_with_the_keys_of_another_profile(void **state)
{
    (void)state;
    static const struct scripted reply = {200, ASSUMED("AssumeRole", "ASIA1")};
    struct rig rig = {
        .config = "[profile role]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\nregion = eu-west-1\n"
                  "external_id = ex/1\nduration_seconds = 900\n" KEYS("IGNORED"),
        .credentials = "[base]\n" KEYS("BASE"),
        .profile = "role",
        .replies = &reply,
        .reply_count = 1};
    expect(rig, "ASIA1", "role-secret", "role-token", "role arn:aws:iam::1:role/r of profile 'role'");
    assert_true(find(&rig));
    assert_int_equal(rig.found.expires, T0 + 3600);
    const struct authentication_request *sent = &rig.script.requests[0];
    assert_int_equal(sent->kind, AUTHENTICATE_ASSUME_ROLE);
    assert_true(str_equal(sent->url, STR("https://sts.eu-west-1.amazonaws.com/")));
    assert_true(str_starts(header_of(&rig, 0, "Authorization"),
                           STR("AWS4-HMAC-SHA256 Credential=BASE/20261122/eu-west-1/sts/aws4_request")));
    assert_true(str_contains(sent->body, STR("RoleSessionName=exportcheck-1795341600")));
    assert_true(str_contains(sent->body, STR("ExternalId=ex%2F1")));
    assert_true(str_contains(sent->body, STR("DurationSeconds=900")));
    assert_true(str_contains(sent->body, STR("Action=AssumeRole&")));
}

static void assumes_roles_one_after_the_other(void **state)
{
    (void)state;
    static const struct scripted replies[] = {{200, ASSUMED("AssumeRole", "ASIA1")},
                                              {200, ASSUMED("AssumeRole", "ASIA2")}};
    struct rig rig = {
        .config = "[profile a]\nrole_arn = A\nsource_profile = b\n[profile b]\nrole_arn = B\nsource_profile = b\n" KEYS(
            "BASE"),
        .profile = "a",
        .replies = replies,
        .reply_count = 2};
    expect(rig, "ASIA2", "role-secret", "role-token", "role A");
    assert_true(find(&rig));
    assert_true(str_contains(header_of(&rig, 1, "Authorization"), STR("Credential=ASIA1/")));
    assert_true(str_equal(header_of(&rig, 1, "X-Amz-Security-Token"), STR("role-token")));
}

static void assumes_a_role_with_the_keys_of_the_environment(void **state)
{
    (void)state;
    static const struct scripted reply = {200, ASSUMED("AssumeRole", "ASIA1")};
    struct rig rig = {.config = "[profile a]\nrole_arn = A\ncredential_source = Environment\n",
                      .variables = "AWS_ACCESS_KEY_ID=ENV|AWS_SECRET_ACCESS_KEY=s",
                      .profile = "a",
                      .replies = &reply,
                      .reply_count = 1};
    expect(rig, "ASIA1", "role-secret", "role-token", "role A");
}

static void says_what_is_wrong_with_a_role(void **state)
{
    (void)state;
    static const struct {
        const char *config, *message;
    } rows[] = {
        {"[default]\nrole_arn = A\n", "profile 'default': role_arn needs either source_profile or credential_source"},
        {"[default]\nrole_arn = A\nsource_profile = x\ncredential_source = Environment\n", "needs one of"},
        {"[default]\nrole_arn = A\nsource_profile = x\n", "source_profile 'x' does not exist"},
        {"[default]\nrole_arn = A\nsource_profile = default\n", "profile 'default' has no keys of its own"},
        {"[default]\nrole_arn = A\nsource_profile = b\n[profile b]\nrole_arn = B\nsource_profile = default\n",
         "are each other's source_profile"},
        {"[default]\nrole_arn = A\ncredential_source = Magic\n", "'Magic' is none of"},
        {"[default]\nrole_arn = A\ncredential_source = Environment\n", "Environment has no credentials"},
        {"[default]\nrole_arn = A\nsource_profile = default\nmfa_serial = M\n" KEYS("X"), "MFA device"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        expect_error((struct rig){.config = rows[i].config}, rows[i].message);
    static const struct scripted denied = {
        403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>"};
    expect_error((struct rig){.config = "[default]\nrole_arn = A\nsource_profile = default\n" KEYS("X"),
                              .replies = &denied,
                              .reply_count = 1},
                 "sts:AssumeRole of A: AccessDenied: not you");
}

static void exchanges_a_web_identity_for_a_role_unsigned(void **state)
{
    (void)state;
    static const struct scripted reply = {200, ASSUMED("AssumeRoleWithWebIdentity", "ASIAW")};
    char *variables = str_to_c(
        arena,
        str_format(arena, "AWS_ROLE_ARN=arn:r|AWS_ROLE_SESSION_NAME=pod|AWS_WEB_IDENTITY_TOKEN_FILE=%s/token", home));
    struct rig rig = {.variables = variables, .replies = &reply, .reply_count = 1};
    write_file("token", "ey.J.x\n");
    expect(rig, "ASIAW", "role-secret", "role-token", "role arn:r by web identity");
    assert_true(find(&rig));
    assert_int_equal(header_of(&rig, 0, "Authorization").len, 0);
    rig.config =
        str_to_c(arena, str_format(arena, "[default]\nrole_arn = R\nweb_identity_token_file = %s/missing\n", home));
    rig.variables = "";
    expect_error(rig, "missing");
}

/* --- IAM Identity Center ---------------------------------------------------------------------------------- */

#define SSO                                                                                                            \
    "[profile s]\nsso_session = work\nsso_account_id = 123456789012\nsso_role_name = Read Only\n"                      \
    "[sso-session work]\nsso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start\n"

static void write_sso_token(const char *text)
{
    struct str path = str_format(arena, "%s/.aws", home);
    (void)mkdir(str_to_c(arena, path), 0700);
    (void)mkdir(in_home(".aws/sso"), 0700);
    (void)mkdir(in_home(".aws/sso/cache"), 0700);
    write_file(".aws/sso/cache/e274eeff768c6396088ec6eb091f4bf4d47ab1e0.json", text); /* sha1("work") */
}

static void takes_a_role_of_the_identity_center(void **state)
{
    (void)state;
    static const struct scripted reply = {
        200,
        "{\"roleCredentials\": {\"accessKeyId\": \"ASIAS\", \"secretAccessKey\": \"ss\", \"sessionToken\": \"st\", "
        "\"expiration\": 1795345200000}}"};
    struct rig rig = {.config = SSO, .profile = "s", .replies = &reply, .reply_count = 1};
    write_sso_token("{\"accessToken\": \"bearer\", \"expiresAt\": \"2026-11-22T12:00:00Z\"}");
    expect(rig, "ASIAS", "ss", "st", "IAM Identity Center by profile 's'");
    assert_true(find(&rig));
    assert_int_equal(rig.found.expires, T0 + 3600);
    assert_true(
        str_equal(rig.script.requests[0].url,
                  STR("https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?account_id=123456789012&"
                      "role_name=Read%20Only")));
    assert_true(str_equal(header_of(&rig, 0, "x-amz-sso_bearer_token"), STR("bearer")));
}

static void says_to_log_in_again(void **state)
{
    (void)state;
    static const struct scripted reply = {401, "{\"message\": \"Session token not found or invalid\"}"};
    struct rig rig = {.config = SSO, .profile = "s", .replies = &reply, .reply_count = 1};
    write_sso_token("{\"accessToken\": \"bearer\", \"expiresAt\": \"2026-11-22T12:00:00Z\"}");
    expect_error(rig, "not accepted: run `aws sso login --profile s`");
    write_sso_token("{\"accessToken\": \"bearer\", \"expiresAt\": \"2026-11-22T09:00:00Z\"}");
    expect_error(rig, "has ended: run `aws sso login --profile s`");
    write_sso_token("{}");
    expect_error(rig, "run `aws sso login --profile s`");
    rig.config = "[profile s]\nsso_account_id = 1\n";
    expect_error(rig, "belong together");
}

/* --- containers and instances -------------------------------------------------------------------------------- */

#define METADATA_KEYS                                                                                                  \
    "{\"Code\": \"Success\", \"AccessKeyId\": \"ASIAM\", \"SecretAccessKey\": \"ms\", \"Token\": \"mt\", "             \
    "\"Expiration\": \"2026-11-22T11:00:00Z\"}"

static void asks_the_container(void **state)
{
    (void)state;
    static const struct scripted reply = {200, METADATA_KEYS};
    struct rig rig = {.variables = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/x", .replies = &reply, .reply_count = 1};
    expect(rig, "ASIAM", "ms", "mt", "container");
    assert_true(find(&rig));
    assert_true(str_equal(rig.script.requests[0].url, STR("http://169.254.170.2/v2/x")));
    write_file("token", "pod-token\n");
    rig.variables = str_to_c(
        arena,
        str_format(
            arena,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/v1|AWS_CONTAINER_AUTHORIZATION_TOKEN=no|AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=%s/token",
            home));
    assert_true(find(&rig));
    assert_true(str_equal(header_of(&rig, 0, "Authorization"), STR("pod-token")));
    rig.variables = "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://example.com/";
    expect_error(rig, "over https only");
    rig.variables = "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://localhost/|AWS_CONTAINER_AUTHORIZATION_TOKEN=a\nX: b";
    expect_error(rig, "line break");
}

static void asks_the_instance_with_a_token(void **state)
{
    (void)state;
    static const struct scripted replies[] = {{200, "imds-token"}, {200, "my-role\n"}, {200, METADATA_KEYS}};
    struct rig rig = {.replies = replies, .reply_count = 3};
    expect(rig, "ASIAM", "ms", "mt", "instance role my-role");
    assert_true(find(&rig));
    assert_true(str_equal(rig.script.requests[0].url, STR("http://169.254.169.254/latest/api/token")));
    assert_true(str_equal(header_of(&rig, 2, "x-aws-ec2-metadata-token"), STR("imds-token")));
    assert_true(str_ends(rig.script.requests[2].url, STR("/iam/security-credentials/my-role")));
}

static void falls_back_to_the_first_version_unless_told_not_to(void **state)
{
    (void)state;
    static const struct scripted replies[] = {{405, ""}, {200, "r"}, {200, METADATA_KEYS}};
    struct rig rig = {.replies = replies, .reply_count = 3};
    expect(rig, "ASIAM", "ms", "mt", "instance role r");
    rig.variables = "AWS_EC2_METADATA_V1_DISABLED=true";
    expect_error(rig, "no AWS credentials");
    rig.variables = "AWS_EC2_METADATA_DISABLED=TRUE";
    assert_false(find(&rig));
    assert_int_equal(rig.script.sent, 0);
}

static void knows_when_credentials_end(void **state)
{
    (void)state;
    struct credentials credentials = {.expires = T0 + 600};
    assert_false(credentials_end_soon(&credentials, T0, 600));
    assert_true(credentials_end_soon(&credentials, T0 + 1, 600));
    credentials.expires = 0;
    assert_false(credentials_end_soon(&credentials, T0, 600));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_keys_of_the_environment_first),
        cmocka_unit_test(lets_the_environment_win_over_its_own_profile_but_not_over_the_options),
        cmocka_unit_test(does_not_pass_over_half_a_pair),
        cmocka_unit_test(prefers_the_credentials_file_to_the_config_file),
        cmocka_unit_test(says_where_it_looked),
        cmocka_unit_test(runs_a_process_without_a_shell),
        cmocka_unit_test(says_what_is_wrong_with_a_process),
        cmocka_unit_test(assumes_a_role_with_the_keys_of_another_profile),
        cmocka_unit_test(assumes_roles_one_after_the_other),
        cmocka_unit_test(assumes_a_role_with_the_keys_of_the_environment),
        cmocka_unit_test(says_what_is_wrong_with_a_role),
        cmocka_unit_test(exchanges_a_web_identity_for_a_role_unsigned),
        cmocka_unit_test(takes_a_role_of_the_identity_center),
        cmocka_unit_test(says_to_log_in_again),
        cmocka_unit_test(asks_the_container),
        cmocka_unit_test(asks_the_instance_with_a_token),
        cmocka_unit_test(falls_back_to_the_first_version_unless_told_not_to),
        cmocka_unit_test(knows_when_credentials_end),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
