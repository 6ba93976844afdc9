/* transport_test.c: calls against a scripted server: what is sent, and what each kind of trouble becomes. */
#include "aws/fake_server.h"
#include "aws/live/transport.h"
#include "aws/signing/sigv4.h"
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ID "AKIDEXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define TOKEN "FwoGZXIvYXdzEXAMPLETOKEN"
#define DATE "Date: Sun, 22 Nov 2026 10:00:00 GMT\r\n"
#define XML "Content-Type: text/xml\r\n" DATE

enum { T0 = 1795341600 }; /* 2026-11-22T10:00:00Z */

#define IDENTITY                                                                                                       \
    "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>"         \
    "<Arn>arn:aws:iam::123456789012:user/u</Arn><UserId>AIDA</UserId><Account>123456789012</Account>"                  \
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
#define ERROR_XML(code, message)                                                                                       \
    "<ErrorResponse><Error><Type>Sender</Type><Code>" code "</Code><Message>" message                                  \
    "</Message></Error></ErrorResponse>"

static const struct fake_reply identity = {"200 OK", XML, IDENTITY, 0, 0};

/* A transport towards a scripted server, and what came of one call. */
struct rig {
    struct arena *arena;
    struct fake_server server;
    struct settings settings;
    struct transport_live *live;
    struct transport transport;
    struct answer answer;
    int answers;
    FILE *log_stream;
    struct log log;
    struct buf ledger;
    struct sink ledger_sink;
    struct str principal;
    int64_t deadline_ms;
    bool long_term; /* no session */
    int timeout_ms; /* 0: short */
};

static void rig_open_with(struct rig *rig, const struct fake_reply *replies, size_t count, const char *more_environment,
                          const char *optscale_token)
{
    struct error error = {{0}, {0}};
    rig->arena = arena_open(0);
    rig->ledger = buf_make(rig->arena, BUF_NO_MAX);
    rig->ledger_sink = sink_to_buf(&rig->ledger);
    fake_start(&rig->server, replies, count);
    char **environment = arena_array(rig->arena, char *, 8);
    environment[0] =
        str_to_c(rig->arena, str_format(rig->arena, "AWS_ENDPOINT_URL=http://127.0.0.1:%d", rig->server.port));
    environment[1] = str_to_c(rig->arena, STR("AWS_ACCESS_KEY_ID=" ID));
    environment[2] = str_to_c(rig->arena, STR("AWS_SECRET_ACCESS_KEY=" SECRET));
    environment[3] = str_to_c(rig->arena, rig->long_term ? STR("A=B") : STR("AWS_SESSION_TOKEN=" TOKEN));
    environment[4] = str_to_c(rig->arena, STR("https_proxy=http://proxy.invalid:1"));
    environment[5] = str_to_c(rig->arena, STR("http_proxy=http://proxy.invalid:1"));
    environment[6] = more_environment ? str_to_c(rig->arena, str_from(more_environment)) : NULL;
    struct settings_options options = {.region = STR("eu-west-1")};
    if (!settings_load(rig->arena, environment, &options, &rig->settings, &error))
        fail_msg("%s", error.text);
    rig->log_stream = tmpfile();
    rig->log = (struct log){rig->log_stream, LOG_DEBUG};
    struct str url = str_format(rig->arena, "http://127.0.0.1:%d/base", rig->server.port);
    const struct secret *token = optscale_token ? secret_make(rig->arena, str_from(optscale_token)) : NULL;
    struct transport_live_options live = {
        .settings = &rig->settings,
        .now = T0,
        .log = &rig->log,
        .ledger = &rig->ledger_sink,
        .principal = rig->principal,
        .deadline_ms = rig->deadline_ms,
        .second_ms = 1,
        .timeout_ms = rig->timeout_ms ? rig->timeout_ms : 300,
        .optscale = {
            .url = url, .token = token, .email = STR("a@b.c"), .password = secret_make(rig->arena, STR("pass\"word"))}};
    if (!transport_live_open(rig->arena, &live, &rig->live, &error))
        fail_msg("%s", error.text);
    rig->transport = transport_live_transport(rig->live);
}

static void rig_open(struct rig *rig, const struct fake_reply *replies, size_t count, const char *more_environment)
{
    rig_open_with(rig, replies, count, more_environment, "optscale-token");
}

static void take(void *context, const struct call *call, const struct answer *answer)
{
    struct rig *rig = context;
    (void)call;
    rig->answer = *answer;
    rig->answers++;
}

static struct call call_of(struct rig *rig, const char *name, const char *parameters)
{
    const struct json *value;
    const struct operation *operation = operation_find_call(str_from(name));
    assert_non_null(operation);
    assert_true(json_parse(rig->arena, STR("test"), str_from(parameters), &json_limits_default, &value, NULL));
    return (struct call){.operation = operation, .region = STR("eu-west-1"), .parameters = value};
}

/* Makes one call, and ends the server, so that its requests can be looked at. */
static void rig_call(struct rig *rig, const char *name, const char *parameters)
{
    struct call call = call_of(rig, name, parameters);
    rig->transport.submit(rig->transport.self, &call, take, rig);
    rig->transport.run(rig->transport.self);
    fake_stop(&rig->server);
    assert_int_equal(rig->answers, 1);
}

static const struct json *first_line(struct rig *rig)
{
    struct str rest = buf_str(&rig->ledger);
    struct str line;
    const struct json *row;
    (void)str_cut(&rest, '\n', &line);
    assert_true(json_parse(rig->arena, STR("ledger"), line, &json_limits_default, &row, NULL));
    return row;
}

static void rig_close(struct rig *rig)
{
    fclose(rig->log_stream);
    fake_forget(&rig->server);
    arena_close(rig->arena);
}

static void expect(struct rig *rig, const char *code, size_t requests)
{
    if (!str_equal(rig->answer.code, str_from(code)))
        fail_msg("code '%.*s' (%.*s), expected '%s'", STR_ARG(rig->answer.code), STR_ARG(rig->answer.message), code);
    assert_int_equal(rig->server.request_count, requests);
}

static void make_call(struct rig *rig, const struct fake_reply *replies, size_t count)
{
    rig_open(rig, replies, count, NULL);
    rig_call(rig, "sts:GetCallerIdentity", "{}");
}

/* Reads a recorded request back into its parts, and lets the verifier judge it. */
static struct sigv4_verification verify(struct rig *rig, size_t index)
{
    struct http_header headers[32];
    size_t count = 0;
    struct str text = str_from(rig->server.requests[index]);
    struct str line, rest, target;
    struct sigv4_received received = {.method = STR("")};
    (void)str_cut(&text, '\n', &line);
    (void)str_cut(&line, ' ', &received.method);
    (void)str_cut(&line, ' ', &target);
    (void)str_cut(&target, '?', &received.path);
    received.query = target;
    while (str_cut(&text, '\n', &line) && str_trim(line).len > 0 && count < 32) {
        rest = line;
        (void)str_cut(&rest, ':', &headers[count].name);
        headers[count++].value = str_trim(rest);
    }
    received.headers = (struct http_headers){headers, count};
    received.body = text;
    struct sigv4_known known = {.access_key_id = STR(ID),
                                .secret_key = secret_make(rig->arena, STR(SECRET)),
                                .session_token = secret_make(rig->arena, STR(TOKEN))};
    return sigv4_verify(rig->arena, &received, &known);
}

/* --- what goes well ----------------------------------------------------------------------------------- */

static void makes_a_call_that_verifies(void **state)
{
    (void)state;
    struct rig rig = {.answers = 0};
    make_call(&rig, &identity, 1);
    expect(&rig, "", 1);
    assert_true(str_equal(json_find_string(rig.answer.value, "Account"), STR("123456789012")));
    struct sigv4_verification found = verify(&rig, 0);
    assert_int_equal(found.verdict, SIGV4_OK);
    assert_true(str_equal(found.scope.region, STR("eu-west-1")));
    assert_true(str_equal(found.scope.service, STR("sts")));
    assert_in_range(found.scope.time, T0, T0 + 30);
    assert_true(str_starts(rig.answer.started, STR("2026-11-22T10:00:")));
    rig_close(&rig);
}

static void takes_the_accounts_time_from_the_first_answer(void **state)
{
    (void)state;
    struct rig rig = {.answers = 0};
    rig_open(&rig, &identity, 1, NULL);
    assert_int_equal(rig.transport.time(rig.transport.self), 0);
    rig_call(&rig, "sts:GetCallerIdentity", "{}");
    assert_int_equal(rig.transport.time(rig.transport.self), T0);
    assert_true(str_equal(rig.transport.access_key_id(rig.transport.self), STR(ID)));
    assert_true(str_equal(transport_live_credentials(rig.live)->source, STR("environment")));
    rig_close(&rig);
}

static void signs_the_path_and_query_of_s3_as_they_are_sent(void **state)
{
    (void)state;
    static const struct fake_reply reply = {"200 OK", DATE, "", 0, 0};
    struct rig rig = {.answers = 0};
    rig_open(&rig, &reply, 1, NULL);
    rig_call(&rig, "s3:HeadObject", "{\"Bucket\": \"acme\", \"Key\": \"a//b/../c d+$é.csv\"}");
    assert_true(str_starts(str_from(rig.server.requests[0]), STR("HEAD /acme/a//b/../c%20d%2B%24%C3%A9.csv HTTP/1.1")));
    assert_int_equal(verify(&rig, 0).verdict, SIGV4_OK);
    rig_close(&rig);
}

static void joins_pages(void **state)
{
    (void)state;
#define USERS(body) "<ListUsersResponse><ListUsersResult>" body "</ListUsersResult></ListUsersResponse>"
#define USER(name)                                                                                                     \
    "<member><Path>/</Path><UserName>" name "</UserName><UserId>I</UserId><Arn>arn</Arn>"                              \
    "<CreateDate>2020-01-01T00:00:00Z</CreateDate></member>"
    static const struct fake_reply replies[] = {
        {"200 OK", XML, USERS("<Users>" USER("a") "</Users><IsTruncated>true</IsTruncated><Marker>m+/1</Marker>"), 0,
         0},
        {"200 OK", XML, USERS("<Users>" USER("b") "</Users><IsTruncated>false</IsTruncated>"), 0, 0},
    };
    struct rig rig = {.answers = 0};
    rig_open(&rig, replies, 2, NULL);
    rig_call(&rig, "iam:ListUsers", "{}");
    expect(&rig, "", 2);
    const struct json *users = json_find(rig.answer.value, "Users");
    assert_int_equal(users->count, 2);
    assert_true(str_equal(json_find_string(&users->items[1], "UserName"), STR("b")));
    assert_non_null(strstr(rig.server.requests[1], "Marker=m%2B%2F1"));
    assert_int_equal(verify(&rig, 1).verdict, SIGV4_OK);
    rig_close(&rig);
}

static void runs_calls_side_by_side_and_keeps_a_ledger(void **state)
{
    (void)state;
    struct rig rig = {.timeout_ms = 20000}; /* the server takes one after the other */
    rig_open(&rig, &identity, 1, NULL);
    struct call call = call_of(&rig, "sts:GetCallerIdentity", "{}");
    for (int i = 0; i < 40; i++)
        rig.transport.submit(rig.transport.self, &call, take, &rig);
    rig.transport.run(rig.transport.self);
    fake_stop(&rig.server);
    assert_int_equal(rig.answers, 40);
    assert_int_equal(rig.server.request_count, 40);
    const struct transport_summary *sums = transport_live_summary(rig.live);
    assert_int_equal(sums->service_count, 1);
    assert_int_equal(sums->calls, 40);
    assert_int_equal(sums->requests, 40);
    assert_int_equal(sums->longest_chain, 1);
    assert_int_equal(sums->services[0].throttled + sums->services[0].broken, 0);
    assert_int_equal(sums->bytes, 40 * (int64_t)strlen(IDENTITY));
    const struct json *line = first_line(&rig);
    assert_true(str_equal(json_find_string(line, "call"), STR("sts:GetCallerIdentity")));
    assert_in_range(json_find_number(line, "id", 0), 1, 40); /* whichever was answered first */
    assert_int_equal(json_find_number(line, "after", -1), 0);
    assert_int_equal(json_find_number(line, "requests", 0), 1);
    assert_int_equal(json_find_number(line, "bytes", 0), strlen(IDENTITY));
    assert_int_equal(json_find_number(line, "status", 0), 200);
    assert_true(str_starts(json_find_string(line, "host"), STR("127.0.0.1:")));
    rig_close(&rig);
}

static void asks_optscale_with_its_token_and_base_path(void **state)
{
    (void)state;
    static const struct fake_reply reply = {"200 OK", "Content-Type: application/json\r\n", "{\"organizations\": []}",
                                            0, 0};
    struct rig rig = {.answers = 0};
    rig_open(&rig, &reply, 1, NULL);
    rig_call(&rig, "optscale:ListOrganizations", "{}");
    expect(&rig, "", 1);
    assert_true(str_starts(str_from(rig.server.requests[0]), STR("GET /base/restapi/v2/organizations")));
    assert_non_null(strstr(rig.server.requests[0], "Authorization: Bearer optscale-token\r\n"));
    assert_null(strstr(rig.server.requests[0], "X-Amz-"));
    rig_close(&rig);
}

static void gets_optscales_token_for_an_address_and_a_password(void **state)
{
    (void)state;
    static const struct fake_reply replies[] = {
        {"201 Created", "Content-Type: application/json\r\n", "{\"token\": \"fresh\", \"user_id\": \"u\"}", 0, 0},
        {"200 OK", "Content-Type: application/json\r\n", "{\"organizations\": []}", 0, 0},
    };
    struct rig rig = {.answers = 0};
    rig_open_with(&rig, replies, 2, NULL, NULL);
    rig_call(&rig, "optscale:ListOrganizations", "{}");
    expect(&rig, "", 2);
    assert_true(str_starts(str_from(rig.server.requests[0]), STR("POST /base/auth/v2/tokens HTTP/1.1\r\n")));
    assert_non_null(strstr(rig.server.requests[0], "{\"email\":\"a@b.c\",\"password\":\"pass\\\"word\"}"));
    assert_non_null(strstr(rig.server.requests[1], "Authorization: Bearer fresh\r\n"));
    rig_close(&rig);
}

static void hands_on_why_optscale_gives_no_token(void **state)
{
    (void)state;
    static const struct fake_reply reply = {
        "403 Forbidden", "Content-Type: application/json\r\n",
        "{\"error\": {\"status_code\": 403, \"error_code\": \"OA0037\", \"reason\": \"Email or password is invalid\"}}",
        0, 0};
    struct rig rig = {.answers = 0};
    rig_open_with(&rig, &reply, 1, NULL, NULL);
    rig_call(&rig, "optscale:ListOrganizations", "{}");
    expect(&rig, "OA0037", 1);
    assert_true(str_contains(rig.answer.message, STR("Email or password is invalid")));
    rig_close(&rig);
}

/* --- what is tried again -------------------------------------------------------------------------------- */

static void tries_again_after_throttling(void **state)
{
    (void)state;
    static const struct fake_reply replies[] = {
        {"400 Bad Request", XML, ERROR_XML("Throttling", "Rate exceeded"), 0, 0},
        {"503 Slow Down", XML, ERROR_XML("SlowDown", "Reduce"), 0, 0},
        {"200 OK", XML, IDENTITY, 0, 0},
    };
    struct rig rig = {.answers = 0};
    make_call(&rig, replies, 3);
    expect(&rig, "", 3);
    assert_int_equal(transport_live_summary(rig.live)->services[0].throttled, 2);
    assert_int_equal(json_find_number(first_line(&rig), "retries", 0), 2);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(verify(&rig, i).verdict, SIGV4_OK);
    rig_close(&rig);
}

static void gives_up_after_six_tries(void **state)
{
    (void)state;
    static const struct fake_reply reply = {"500 Internal Server Error", XML, ERROR_XML("InternalFailure", "Oops"), 0,
                                            0};
    struct rig rig = {.answers = 0};
    make_call(&rig, &reply, 1);
    expect(&rig, "InternalFailure", 6);
    assert_int_equal(rig.answer.http_status, 500);
    rig_close(&rig);
}

static void obeys_the_number_of_attempts_that_is_set(void **state)
{
    (void)state;
    static const struct fake_reply reply = {"500 Internal Server Error", XML, ERROR_XML("InternalFailure", "Oops"), 0,
                                            0};
    struct rig rig = {.answers = 0};
    rig_open(&rig, &reply, 1, "AWS_MAX_ATTEMPTS=1");
    rig_call(&rig, "sts:GetCallerIdentity", "{}");
    expect(&rig, "InternalFailure", 1);
    rig_close(&rig);
}

static void tries_again_after_a_body_that_breaks_off(void **state)
{
    (void)state;
    static const struct fake_reply replies[] = {
        {"200 OK", XML, "<GetCallerIdentityResponse>", 500, 0},
        {NULL, NULL, NULL, 0, 0},
        {"200 OK", XML, IDENTITY, 0, 0},
    };
    struct rig rig = {.answers = 0};
    make_call(&rig, replies, 3);
    expect(&rig, "", 3);
    rig_close(&rig);
}

static void says_timeout_and_host_after_silence(void **state)
{
    (void)state;
    static const struct fake_reply reply = {"200 OK", XML, IDENTITY, 0, 700};
    struct rig rig = {.answers = 0};
    rig_open(&rig, &reply, 1, "AWS_MAX_ATTEMPTS=1");
    rig_call(&rig, "sts:GetCallerIdentity", "{}");
    expect(&rig, "Timeout", 1);
    assert_true(str_starts(rig.answer.message, STR("127.0.0.1:")));
    rig_close(&rig);
}

static void says_unreachable_and_host_where_nobody_listens(void **state)
{
    (void)state;
    struct rig rig = {.answers = 0};
    rig_open(&rig, &identity, 1, NULL);
    fake_stop(&rig.server);
    struct call call = call_of(&rig, "sts:GetCallerIdentity", "{}");
    rig.transport.submit(rig.transport.self, &call, take, &rig);
    rig.transport.run(rig.transport.self);
    expect(&rig, "Unreachable", 0);
    assert_true(str_contains(rig.answer.message, str_format(rig.arena, "127.0.0.1:%d", rig.server.port)));
    assert_int_equal(rig.transport.time(rig.transport.self), 0);
    rig_close(&rig);
}

/* --- what is not ---------------------------------------------------------------------------------------- */

static void calls_html_a_bad_answer_and_asks_once(void **state)
{
    (void)state;
    static const struct fake_reply reply = {"200 OK", "Content-Type: text/html\r\n", "<html><body>Log in</body></html>",
                                            0, 0};
    struct rig rig = {.answers = 0};
    make_call(&rig, &reply, 1);
    expect(&rig, "BadAnswer", 1);
    rig_close(&rig);
}

static void follows_no_redirects(void **state)
{
    (void)state;
    static const struct fake_reply reply = {"302 Found", "Location: http://127.0.0.1:1/stolen\r\n" DATE, "", 0, 0};
    struct rig rig = {.answers = 0};
    make_call(&rig, &reply, 1);
    assert_int_equal(rig.server.request_count, 1);
    assert_true(rig.answer.code.len > 0);
    rig_close(&rig);
}

static void hands_denials_over_at_once(void **state)
{
    (void)state;
    static const struct fake_reply reply = {"403 Forbidden", XML, ERROR_XML("AccessDenied", "no"), 0, 0};
    struct rig rig = {.answers = 0};
    make_call(&rig, &reply, 1);
    expect(&rig, "AccessDenied", 1);
    assert_true(answer_is_denied(&rig.answer));
    rig_close(&rig);
}

static void refuses_what_is_no_row_of_the_table(void **state)
{
    (void)state;
    struct rig rig = {.answers = 0};
    rig_open(&rig, &identity, 1, NULL);
    struct call call = call_of(&rig, "sts:GetCallerIdentity", "{}");
    struct operation forged = *call.operation; /* alike in all but its place: still no row */
    call.operation = &forged;
    rig.transport.submit(rig.transport.self, &call, take, &rig);
    rig.transport.run(rig.transport.self);
    fake_stop(&rig.server);
    expect(&rig, "BadAnswer", 0);
    assert_true(str_contains(rig.answer.message, STR("no operation that reads")));
    rig_close(&rig);
}

/* --- corrections ---------------------------------------------------------------------------------------- */

static void signs_again_with_the_services_time(void **state)
{
    (void)state;
    static const struct fake_reply replies[] = {
        {"403 Forbidden", "Date: Sun, 22 Nov 2026 11:00:00 GMT\r\n",
         ERROR_XML("SignatureDoesNotMatch", "Signature expired: 20261122T100000Z is now earlier than 20261122T105500Z"),
         0, 0},
        {"200 OK", XML, IDENTITY, 0, 0},
    };
    struct rig rig = {.answers = 0};
    make_call(&rig, replies, 2);
    expect(&rig, "", 2);
    assert_in_range(verify(&rig, 0).scope.time, T0, T0 + 30);
    struct sigv4_verification second = verify(&rig, 1);
    assert_int_equal(second.verdict, SIGV4_OK);
    assert_in_range(second.scope.time, T0 + 3590, T0 + 3630);
    rig_close(&rig);
}

static void corrects_the_clock_but_once_a_call(void **state)
{
    (void)state;
    static const struct fake_reply replies[] = {
        {"403 Forbidden", "Date: Sun, 22 Nov 2026 11:00:00 GMT\r\n", ERROR_XML("RequestExpired", "expired"), 0, 0},
        {"403 Forbidden", "Date: Sun, 22 Nov 2026 15:00:00 GMT\r\n", ERROR_XML("RequestExpired", "expired"), 0, 0},
    };
    struct rig rig = {.answers = 0};
    make_call(&rig, replies, 2);
    expect(&rig, "RequestExpired", 2);
    rig_close(&rig);
}

static void asks_s3_again_in_the_buckets_region(void **state)
{
    (void)state;
    static const struct fake_reply replies[] = {
        {"301 Moved Permanently", DATE "x-amz-bucket-region: ap-south-1\r\n",
         "<Error><Code>PermanentRedirect</Code><Message>m</Message></Error>", 0, 0},
        {"200 OK", DATE, "{\"Version\": \"2012-10-17\", \"Statement\": []}", 0, 0},
    };
    struct rig rig = {.answers = 0};
    rig_open(&rig, replies, 2, NULL);
    rig_call(&rig, "s3:GetBucketPolicy", "{\"Bucket\": \"acme\"}");
    expect(&rig, "", 2);
    assert_true(str_equal(verify(&rig, 0).scope.region, STR("eu-west-1")));
    assert_true(str_equal(verify(&rig, 1).scope.region, STR("ap-south-1")));
    assert_int_equal(verify(&rig, 1).verdict, SIGV4_OK);
    rig_close(&rig);
}

static void reads_the_region_out_of_the_error_where_no_header_says_it(void **state)
{
    (void)state;
    static const struct fake_reply replies[] = {
        {"400 Bad Request", DATE,
         "<Error><Code>AuthorizationHeaderMalformed</Code><Message>m</Message><Region>us-west-2</Region></Error>", 0,
         0},
        {"403 Forbidden", DATE, "<Error><Code>AccessDenied</Code><Message>m</Message></Error>", 0, 0},
    };
    struct rig rig = {.answers = 0};
    rig_open(&rig, replies, 2, NULL);
    rig_call(&rig, "s3:GetBucketPolicy", "{\"Bucket\": \"acme\"}");
    expect(&rig, "AccessDenied", 2);
    assert_true(str_equal(verify(&rig, 1).scope.region, STR("us-west-2")));
    rig_close(&rig);
}

/* --- whose trouble it is --------------------------------------------------------------------------------- */

static const struct fake_reply unknown_key = {"403 Forbidden", XML, ERROR_XML("InvalidClientTokenId", "no such"), 0, 0};
static const struct fake_reply expired = {"403 Forbidden", XML, ERROR_XML("ExpiredToken", "ended"), 0, 0};

static bool is_in_trouble(struct rig *rig, const char *says)
{
    struct error trouble;
    bool found = transport_live_trouble(rig->live, &trouble);
    assert_int_equal(found, says != NULL);
    if (says && !strstr(trouble.text, says))
        fail_msg("'%s' does not say '%s'", trouble.text, says);
    return found;
}

static void tells_a_session_that_ended_from_a_finding(void **state)
{
    (void)state;
    struct rig rig = {.answers = 0};
    make_call(&rig, &expired, 1);
    expect(&rig, "ExpiredToken", 1);
    assert_true(is_in_trouble(&rig, "your AWS session has ended"));
    rig_close(&rig);
}

static void takes_the_principals_own_key_for_a_finding_and_another_for_trouble(void **state)
{
    (void)state;
    struct rig own = {.long_term = true, .principal = STR(ID)};
    make_call(&own, &unknown_key, 1);
    assert_false(is_in_trouble(&own, NULL));
    rig_close(&own);
    struct rig other = {.long_term = true, .principal = STR("optscale")};
    make_call(&other, &unknown_key, 1);
    assert_true(is_in_trouble(&other, "does not accept your own credentials"));
    rig_close(&other);
}

static void asks_nothing_more_once_in_trouble(void **state)
{
    (void)state;
    struct rig rig = {.answers = 0};
    rig_open(&rig, &expired, 1, NULL);
    struct call call = call_of(&rig, "sts:GetCallerIdentity", "{}");
    for (int i = 0; i < 200; i++)
        rig.transport.submit(rig.transport.self, &call, take, &rig);
    rig.transport.run(rig.transport.self);
    fake_stop(&rig.server);
    assert_int_equal(rig.answers, 200);
    assert_true(rig.server.request_count <= 64);
    assert_true(str_equal(rig.answer.code, STR("OutOfTime")));
    rig_close(&rig);
}

/* --- time --------------------------------------------------------------------------------------------------- */

static void ends_with_the_run_whatever_hangs(void **state)
{
    (void)state;
    static const struct fake_reply silent = {"200 OK", XML, IDENTITY, 0, 400};
    struct rig rig = {.deadline_ms = clock_milliseconds() + 100};
    int64_t begun = clock_milliseconds();
    rig_open(&rig, &silent, 1, NULL);
    struct call call = call_of(&rig, "sts:GetCallerIdentity", "{}");
    for (int i = 0; i < 3; i++)
        rig.transport.submit(rig.transport.self, &call, take, &rig);
    rig.transport.run(rig.transport.self);
    assert_in_range(clock_milliseconds() - begun, 90, 390);
    assert_int_equal(rig.answers, 3);
    assert_true(str_equal(rig.answer.code, STR("OutOfTime")));
    fake_stop(&rig.server);
    rig_close(&rig);
}

static void ends_when_nothing_has_come_for_long(void **state)
{
    (void)state;
    static const struct fake_reply slow = {"200 OK", XML, IDENTITY, 0, 200};
    static const struct fake_reply replies[] = {slow, slow, slow, slow, {"200 OK", XML, IDENTITY, 0, 1000}};
    struct rig rig = {.timeout_ms = 20000};
    rig_open(&rig, replies, COUNT_OF(replies), NULL);
    struct call call = call_of(&rig, "sts:GetCallerIdentity", "{}");
    transport_live_set_time(rig.live, 0, 600);
    for (int i = 0; i < 4; i++)
        rig.transport.submit(rig.transport.self, &call, take, &rig);
    rig.transport.run(rig.transport.self);
    assert_int_equal(rig.answers, 4); /* one after the other, of 200 ms each */
    assert_int_equal(rig.answer.code.len, 0);
    int64_t begun = clock_milliseconds();
    rig.transport.submit(rig.transport.self, &call, take, &rig);
    rig.transport.run(rig.transport.self);
    assert_in_range(clock_milliseconds() - begun, 590, 19000);
    assert_true(str_equal(rig.answer.code, STR("OutOfTime")));
    fake_stop(&rig.server);
    rig_close(&rig);
}

static void does_not_wait_for_a_time_that_the_run_does_not_have(void **state)
{
    (void)state;
    static const struct fake_reply later = {"503 Slow Down", XML "Retry-After: 3600\r\n", ERROR_XML("SlowDown", "x"), 0,
                                            0};
    struct rig rig = {.deadline_ms = clock_milliseconds() + 2000};
    make_call(&rig, &later, 1);
    expect(&rig, "SlowDown", 1);
    rig_close(&rig);
}

static void waits_as_long_as_the_service_asks(void **state)
{
    (void)state;
    static const struct fake_reply replies[] = {
        {"503 Slow Down", XML "Retry-After: 60\r\n", ERROR_XML("SlowDown", "x"), 0, 0}, /* of 1 ms each */
        {"200 OK", XML, IDENTITY, 0, 0},
    };
    struct rig rig = {.answers = 0};
    int64_t begun = clock_milliseconds();
    make_call(&rig, replies, 2);
    expect(&rig, "", 2);
    assert_true(clock_milliseconds() - begun >= 60);
    assert_true(json_find_number(json_find(first_line(&rig), "waited_ms"), "retry", 0) >= 60);
    rig_close(&rig);
}

/* --- secrets ---------------------------------------------------------------------------------------------- */

static void logs_requests_without_their_secrets(void **state)
{
    (void)state;
    struct rig rig = {.answers = 0};
    char text[1 << 14] = "";
    make_call(&rig, &identity, 1);
    rewind(rig.log_stream);
    size_t used = fread(text, 1, sizeof text - 1, rig.log_stream);
    text[used] = '\0';
    assert_non_null(strstr(text, "POST http://127.0.0.1:"));
    assert_non_null(strstr(text, "Authorization: [redacted]"));
    assert_null(strstr(text, SECRET));
    assert_null(strstr(text, TOKEN));
    assert_null(strstr(text, "Signature="));
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_a_call_that_verifies),
        cmocka_unit_test(takes_the_accounts_time_from_the_first_answer),
        cmocka_unit_test(signs_the_path_and_query_of_s3_as_they_are_sent),
        cmocka_unit_test(joins_pages),
        cmocka_unit_test(runs_calls_side_by_side_and_keeps_a_ledger),
        cmocka_unit_test(asks_optscale_with_its_token_and_base_path),
        cmocka_unit_test(gets_optscales_token_for_an_address_and_a_password),
        cmocka_unit_test(hands_on_why_optscale_gives_no_token),
        cmocka_unit_test(tries_again_after_throttling),
        cmocka_unit_test(gives_up_after_six_tries),
        cmocka_unit_test(obeys_the_number_of_attempts_that_is_set),
        cmocka_unit_test(tries_again_after_a_body_that_breaks_off),
        cmocka_unit_test(says_timeout_and_host_after_silence),
        cmocka_unit_test(says_unreachable_and_host_where_nobody_listens),
        cmocka_unit_test(calls_html_a_bad_answer_and_asks_once),
        cmocka_unit_test(follows_no_redirects),
        cmocka_unit_test(hands_denials_over_at_once),
        cmocka_unit_test(refuses_what_is_no_row_of_the_table),
        cmocka_unit_test(signs_again_with_the_services_time),
        cmocka_unit_test(corrects_the_clock_but_once_a_call),
        cmocka_unit_test(asks_s3_again_in_the_buckets_region),
        cmocka_unit_test(reads_the_region_out_of_the_error_where_no_header_says_it),
        cmocka_unit_test(tells_a_session_that_ended_from_a_finding),
        cmocka_unit_test(takes_the_principals_own_key_for_a_finding_and_another_for_trouble),
        cmocka_unit_test(asks_nothing_more_once_in_trouble),
        cmocka_unit_test(ends_with_the_run_whatever_hangs),
        cmocka_unit_test(ends_when_nothing_has_come_for_long),
        cmocka_unit_test(does_not_wait_for_a_time_that_the_run_does_not_have),
        cmocka_unit_test(waits_as_long_as_the_service_asks),
        cmocka_unit_test(logs_requests_without_their_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
