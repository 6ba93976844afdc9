/* sigv4_test.c: AWS's own vectors, step by step, and the judgements of sigv4_verify(). */
#include "aws/crypto/digest.h"
#include "aws/signing/sigv4.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json/json.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DOCUMENTED TEST_SOURCE_DIR "/tests/unit/aws/data/sigv4-documented.json"
#define SUITE TEST_SOURCE_DIR "/../shared/data/sigv4/v4"

enum { HEADERS_MAX = 32 };

/* One vector: a request, who signs it, and for what. */
struct vector {
    struct str method;
    struct str path;
    struct str query;
    struct http_header headers[HEADERS_MAX];
    size_t header_count;
    struct str body;
    struct str access_key_id;
    struct str secret;
    struct str token;
    struct sigv4_scope scope;
    bool sign_body;
    bool omit_token;
    bool as_sent;
};

static struct arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_open(0);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_close(arena);
    return 0;
}

static void assert_str(struct str found, struct str expected)
{
    if (str_equal(found, expected))
        return;
    fail_msg("found:\n%.*s\nexpected:\n%.*s", STR_ARG(found), STR_ARG(expected));
}

static struct str read_text(const char *path)
{
    struct str text;
    struct error error;
    if (!file_read(arena, path, 1 << 20, &text, &error))
        fail_msg("%s", error.text);
    return text;
}

static const struct json *read_json(const char *path)
{
    struct error error;
    const struct json *value;
    if (!json_parse(arena, str_from(path), read_text(path), &json_limits_default, &value, &error))
        fail_msg("%s", error.text);
    return value;
}

static void add_header(struct vector *vector, struct str name, struct str value)
{
    assert_true(vector->header_count < HEADERS_MAX);
    vector->headers[vector->header_count++] = (struct http_header){name, value};
}

static void read_context(struct vector *vector, const struct json *context)
{
    const struct json *credentials = json_find(context, "credentials");
    vector->access_key_id = json_find_string(credentials, "access_key_id");
    vector->secret = json_find_string(credentials, "secret_access_key");
    vector->token = json_find_string(credentials, "token");
    vector->scope.region = json_find_string(context, "region");
    vector->scope.service = json_find_string(context, "service");
    assert_true(clock_parse(json_find_string(context, "timestamp"), &vector->scope.time));
}

static struct http_headers headers_of(const struct vector *vector)
{
    return (struct http_headers){vector->headers, vector->header_count};
}

static struct sigv4_request request_of(const struct vector *vector)
{
    struct sigv4_request request = {.method = vector->method,
                                    .path = vector->path,
                                    .query = vector->query,
                                    .headers = headers_of(vector),
                                    .path_rule = vector->as_sent ? SIGV4_PATH_AS_SENT : SIGV4_PATH_NORMAL};
    assert_true(digest_sha256_hex(arena, vector->body, &request.payload_hash, NULL));
    return request;
}

static struct sigv4_keys *keys_of(const struct vector *vector)
{
    return sigv4_keys_open(arena, vector->access_key_id, secret_make(arena, vector->secret));
}

/* --- the documented examples, which are in the repository ------------------------------------ */

static struct vector documented_vector(const struct json *test)
{
    const struct json *request = json_find(test, "request");
    struct vector vector = {.method = json_find_string(request, "method"),
                            .path = json_find_string(request, "path"),
                            .query = json_find_string(request, "query"),
                            .body = json_find_string(request, "body")};
    read_context(&vector, test);
    vector.as_sent = sigv4_path_rule(vector.scope.service) == SIGV4_PATH_AS_SENT;
    const struct json *headers = json_find(request, "headers");
    for (size_t i = 0; i < headers->count; i++)
        add_header(&vector, headers->items[i].items[0].string, headers->items[i].items[1].string);
    return vector;
}

static void check_documented(const struct json *test)
{
    struct vector vector = documented_vector(test);
    struct sigv4_request request = request_of(&vector);
    struct str names, text, authorization;
    assert_str(request.payload_hash, json_find_string(test, "payload_hash"));
    struct str canonical = sigv4_canonical_request(arena, &request, &names);
    assert_str(canonical, json_find_string(test, "canonical_request"));
    assert_str(names, json_find_string(test, "signed_headers"));
    assert_true(sigv4_string_to_sign(arena, &vector.scope, canonical, &text, NULL));
    assert_str(text, json_find_string(test, "string_to_sign"));
    assert_true(sigv4_sign(keys_of(&vector), arena, &request, &vector.scope, &authorization, NULL));
    /* AWS's pages write the header with and without a blank after each comma: both are right. */
    assert_true(str_ends(authorization, json_find_string(test, "signature")));

    add_header(&vector, STR("Authorization"), authorization);
    struct sigv4_received received = {vector.method, vector.path, vector.query, headers_of(&vector), vector.body};
    struct sigv4_known known = {vector.access_key_id, secret_make(arena, vector.secret), NULL, vector.scope.time, 300};
    assert_int_equal(sigv4_verify(arena, &received, &known).verdict, SIGV4_OK);
}

static void meets_the_documented_examples_step_by_step(void **state)
{
    (void)state;
    const struct json *cases = json_find(read_json(DOCUMENTED), "cases");
    assert_int_equal(cases->count, 5);
    for (size_t i = 0; i < cases->count; i++)
        check_documented(&cases->items[i]);
}

/* --- AWS's signing test suite, where it is beside the repository ------------------------------ */

static struct str suite_file(const char *name, const char *file)
{
    return read_text(str_to_c(arena, str_format(arena, "%s/%s/%s", SUITE, name, file)));
}

/* A line that begins with a blank goes on with the header before it. */
static void read_headers(struct vector *vector, struct str text)
{
    struct str line;
    for (bool more = true; more;) {
        const char *start = text.ptr;
        more = str_cut(&text, '\n', &line);
        if (line.len == 0) {
            vector->body = text;
            return;
        }
        if (line.ptr[0] == ' ' || line.ptr[0] == '\t') {
            struct str *value = &vector->headers[vector->header_count - 1].value;
            *value = str_span(value->ptr, start + line.len);
            continue;
        }
        struct str name;
        assert_true(str_cut(&line, ':', &name));
        add_header(vector, name, line);
    }
}

static void read_request(struct vector *vector, struct str text)
{
    struct str line;
    (void)str_cut(&text, '\n', &line);
    assert_true(str_cut(&line, ' ', &vector->method));
    ptrdiff_t protocol = str_find_last_char(line, ' '); /* a path may hold blanks */
    line = str_slice(line, 0, protocol);
    (void)str_cut(&line, '?', &vector->path);
    vector->query = line;
    read_headers(vector, text);
}

static struct vector suite_vector(const char *name)
{
    struct vector vector = {.as_sent = false};
    const struct json *context = read_json(str_to_c(arena, str_format(arena, "%s/%s/context.json", SUITE, name)));
    read_context(&vector, context);
    vector.as_sent = !json_find_boolean(context, "normalize", true);
    vector.sign_body = json_find_boolean(context, "sign_body", false);
    vector.omit_token = json_find_boolean(context, "omit_session_token", false);
    read_request(&vector, suite_file(name, "request.txt"));
    return vector;
}

static void check_suite_header(const char *name)
{
    struct vector vector = suite_vector(name);
    struct str hash, names, text, signature, authorization;
    assert_true(digest_sha256_hex(arena, vector.body, &hash, NULL));
    add_header(&vector, STR("X-Amz-Date"), clock_iso_basic(arena, vector.scope.time));
    if (vector.sign_body)
        add_header(&vector, STR("x-amz-content-sha256"), hash);
    if (vector.token.len > 0 && !vector.omit_token)
        add_header(&vector, STR("X-Amz-Security-Token"), vector.token);

    struct sigv4_request request = request_of(&vector);
    struct str canonical = sigv4_canonical_request(arena, &request, &names);
    assert_str(canonical, suite_file(name, "header-canonical-request.txt"));
    assert_true(sigv4_string_to_sign(arena, &vector.scope, canonical, &text, NULL));
    assert_str(text, suite_file(name, "header-string-to-sign.txt"));
    assert_true(sigv4_signature(keys_of(&vector), arena, &vector.scope, text, &signature, NULL));
    assert_str(signature, suite_file(name, "header-signature.txt"));
    assert_true(sigv4_sign(keys_of(&vector), arena, &request, &vector.scope, &authorization, NULL));
    struct str line = str_join3(arena, STR("Authorization:"), authorization, STR("\n"));
    assert_true(str_contains(suite_file(name, "header-signed-request.txt"), line));
}

/* What the suite signed must verify; `normalize: false` is the rule of S3, which these requests do not name. */
static void check_suite_verify(const char *name, const char *file, bool presigned)
{
    struct vector vector = suite_vector(name);
    struct str canonical_path = sigv4_canonical_path(arena, vector.path, SIGV4_PATH_NORMAL);
    if (!str_equal(canonical_path, sigv4_canonical_path(arena, vector.path, vector.as_sent)))
        return;
    struct vector signed_vector = {.as_sent = vector.as_sent};
    read_request(&signed_vector, suite_file(name, file));
    struct sigv4_received received = {signed_vector.method, signed_vector.path, signed_vector.query,
                                      headers_of(&signed_vector), signed_vector.body};
    /* These files end in line ends of their own where there is no body. */
    if (str_trim(received.body).len == 0)
        received.body = STR("");
    struct sigv4_known known = {.access_key_id = vector.access_key_id,
                                .secret_key = secret_make(arena, vector.secret),
                                .session_token = vector.token.len > 0 ? secret_make(arena, vector.token) : NULL,
                                .now = vector.scope.time + 120,
                                .max_skew = 300};
    struct sigv4_verification found = sigv4_verify(arena, &received, &known);
    assert_int_equal(found.presigned, presigned);
    if (found.verdict != SIGV4_OK)
        fail_msg("%s/%s: verdict %d\n%.*s", name, file, (int)found.verdict, STR_ARG(found.canonical_request));
    if (presigned)
        assert_str(found.canonical_request, suite_file(name, "query-canonical-request.txt"));
    known.secret_key = secret_make(arena, STR("another"));
    assert_int_equal(sigv4_verify(arena, &received, &known).verdict, SIGV4_MISMATCH);
}

static void meets_the_signing_test_suite(void **state)
{
    (void)state;
    DIR *folder = opendir(SUITE);
    if (!folder) {
        print_message("skipped: AWS's signing test suite is not at %s\n", SUITE);
        skip();
    }
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        count++;
        check_suite_header(entry->d_name);
        check_suite_verify(entry->d_name, "header-signed-request.txt", false);
        check_suite_verify(entry->d_name, "query-signed-request.txt", true);
    }
    closedir(folder);
    assert_int_equal(count, 38);
}

/* --- the canonical forms ------------------------------------------------------------------- */

static void makes_paths_canonical(void **state)
{
    (void)state;
    static const struct {
        struct str path, normal, as_sent;
    } rows[] = {
        {STR_INIT(""), STR_INIT("/"), STR_INIT("/")},
        {STR_INIT("/"), STR_INIT("/"), STR_INIT("/")},
        {STR_INIT("/a/../.."), STR_INIT("/"), STR_INIT("/a/../..")},
        {STR_INIT("/./a//b/"), STR_INIT("/a/b/"), STR_INIT("/./a//b/")},
        {STR_INIT("/a%20b"), STR_INIT("/a%2520b"), STR_INIT("/a%20b")},
        {STR_INIT("/a%2Fb%24$"), STR_INIT("/a%252Fb%2524%24"), STR_INIT("/a%2Fb%24%24")},
        {STR_INIT("/\xE1\x88\xB4 *"), STR_INIT("/%E1%88%B4%20%2A"), STR_INIT("/%E1%88%B4%20%2A")},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_str(sigv4_canonical_path(arena, rows[i].path, SIGV4_PATH_NORMAL), rows[i].normal);
        assert_str(sigv4_canonical_path(arena, rows[i].path, SIGV4_PATH_AS_SENT), rows[i].as_sent);
    }
}

static void makes_queries_canonical(void **state)
{
    (void)state;
    static const struct {
        struct str query, canonical;
    } rows[] = {
        {STR_INIT(""), STR_INIT("")},
        {STR_INIT("policy"), STR_INIT("policy=")},
        {STR_INIT("b=2&a=2&a=1&&A=3"), STR_INIT("A=3&a=1&a=2&b=2")},
        {STR_INIT("p=a/b c+d&q=%2f%7e"), STR_INIT("p=a%2Fb%20c%2Bd&q=%2F~")},
        {STR_INIT("a-b=1&a=1"), STR_INIT("a=1&a-b=1")},
        {STR_INIT("x=100%"), STR_INIT("x=100%25")},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_str(sigv4_canonical_query(arena, rows[i].query), rows[i].canonical);
}

static void sorts_headers_by_name_and_not_by_line(void **state)
{
    (void)state;
    static const struct http_header headers[] = {
        {STR_INIT("X-Amz-A-B"), STR_INIT("1")},     {STR_INIT("X-Amz-A"), STR_INIT(" 2\t 3 ")},
        {STR_INIT("User-Agent"), STR_INIT("ours")}, {STR_INIT("host"), STR_INIT("h")},
        {STR_INIT("x-amz-a"), STR_INIT("1")},
    };
    struct sigv4_request request = {
        .method = STR("GET"), .path = STR("/"), .headers = {headers, COUNT_OF(headers)}, .payload_hash = STR("-")};
    struct str names;
    struct str canonical = sigv4_canonical_request(arena, &request, &names);
    assert_str(canonical, STR("GET\n/\n\nhost:h\nx-amz-a:2 3,1\nx-amz-a-b:1\n\nhost;x-amz-a;x-amz-a-b\n-"));
}

static void keeps_keys_of_many_scopes_apart(void **state)
{
    (void)state;
    struct sigv4_keys *keys = sigv4_keys_open(arena, STR("AKID"), secret_make(arena, STR("secret")));
    struct str first[40];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 40; i++) {
            struct sigv4_scope scope = {1440938160, str_format(arena, "region-%d", i), STR("iam")};
            struct str signature;
            assert_true(sigv4_signature(keys, arena, &scope, STR("text"), &signature, NULL));
            if (round == 0)
                first[i] = signature;
            else
                assert_str(signature, first[i]);
            assert_true(i == 0 || !str_equal(first[i], first[i - 1]));
        }
    }
}

/* --- verdicts ------------------------------------------------------------------------------ */

enum { T0 = 1440938160 };

/* A request to S3 as our own signer makes it, with one thing changed by `spoil`. */
struct attempt {
    struct http_header headers[6];
    size_t count;
    struct sigv4_received received;
    struct sigv4_known known;
};

static struct attempt attempt_make(struct attempt *attempt)
{
    *attempt = (struct attempt){
        .headers = {{STR("Host"), STR("127.0.0.1:9000")},
                    {STR("X-Amz-Date"), clock_iso_basic(arena, T0)},
                    {STR("X-Amz-Content-Sha256"), STR(SIGV4_EMPTY_HASH)},
                    {STR("X-Amz-Security-Token"), STR("token")}},
        .count = 5,
        .known = {STR("AKID"), secret_make(arena, STR("secret")), secret_make(arena, STR("token")), T0 + 10, 900},
    };
    struct sigv4_request request = {.method = STR("GET"),
                                    .path = STR("/bucket/a//b"),
                                    .query = STR("versions&prefix=x%2Fy"),
                                    .headers = {attempt->headers, 4},
                                    .payload_hash = STR(SIGV4_EMPTY_HASH),
                                    .path_rule = SIGV4_PATH_AS_SENT};
    struct sigv4_scope scope = {T0, STR("eu-west-1"), STR("s3")};
    struct str authorization;
    struct sigv4_keys *keys = sigv4_keys_open(arena, STR("AKID"), attempt->known.secret_key);
    assert_true(sigv4_sign(keys, arena, &request, &scope, &authorization, NULL));
    attempt->headers[4] = (struct http_header){STR("authorization"), authorization};
    attempt->received = (struct sigv4_received){
        request.method, request.path, request.query, {attempt->headers, attempt->count}, STR("")};
    return *attempt;
}

static void expect_verdict(struct attempt *attempt, enum sigv4_verdict verdict)
{
    attempt->received.headers = (struct http_headers){attempt->headers, attempt->count};
    assert_int_equal(sigv4_verify(arena, &attempt->received, &attempt->known).verdict, verdict);
}

static void accepts_a_request_of_its_own(void **state)
{
    (void)state;
    struct attempt attempt;
    attempt_make(&attempt);
    expect_verdict(&attempt, SIGV4_OK);
    struct sigv4_verification found = sigv4_verify(arena, &attempt.received, &attempt.known);
    assert_str(found.access_key_id, STR("AKID"));
    assert_str(found.scope.region, STR("eu-west-1"));
    assert_str(found.scope.service, STR("s3"));
    assert_int_equal(found.scope.time, T0);
}

static void tells_what_is_wrong_with_a_request(void **state)
{
    (void)state;
    struct attempt attempt;
    attempt_make(&attempt);
    attempt.count = 4;
    expect_verdict(&attempt, SIGV4_UNSIGNED);

    attempt_make(&attempt);
    attempt.headers[4].value = STR("AWS4-HMAC-SHA256 Credential=AKID/20150830/s3/aws4_request");
    expect_verdict(&attempt, SIGV4_MALFORMED);
    attempt.headers[4].value = STR("Bearer x");
    expect_verdict(&attempt, SIGV4_MALFORMED);

    attempt_make(&attempt);
    attempt.headers[1].value = STR("20150831T000000Z"); /* not the scope's day */
    expect_verdict(&attempt, SIGV4_MALFORMED);

    attempt_make(&attempt);
    attempt.known.access_key_id = STR("AKIDX");
    expect_verdict(&attempt, SIGV4_UNKNOWN_KEY);

    attempt_make(&attempt);
    attempt.known.session_token = secret_make(arena, STR("other"));
    expect_verdict(&attempt, SIGV4_WRONG_TOKEN);

    attempt_make(&attempt);
    attempt.headers[attempt.count++] = (struct http_header){STR("X-Amz-Expected-Bucket-Owner"), STR("1")};
    expect_verdict(&attempt, SIGV4_UNSIGNED_HEADER);

    attempt_make(&attempt);
    attempt.headers[2].name = STR("Other");
    expect_verdict(&attempt, SIGV4_NO_PAYLOAD_HASH);

    attempt_make(&attempt);
    attempt.received.body = STR("more");
    expect_verdict(&attempt, SIGV4_WRONG_PAYLOAD);

    attempt_make(&attempt);
    attempt.known.now = T0 + 901;
    expect_verdict(&attempt, SIGV4_SKEWED);
    attempt.known.now = T0 - 901;
    expect_verdict(&attempt, SIGV4_SKEWED);
    attempt.known.now = 0;
    expect_verdict(&attempt, SIGV4_OK);

    attempt_make(&attempt);
    attempt.received.path = STR("/bucket/a/b");
    expect_verdict(&attempt, SIGV4_MISMATCH);
}

static void has_a_complaint_for_each_verdict(void **state)
{
    (void)state;
    for (int verdict = SIGV4_OK; verdict <= SIGV4_FAILED; verdict++) {
        for (int protocol = PROTOCOL_QUERY; protocol <= PROTOCOL_REST_JSON; protocol++) {
            struct sigv4_complaint found = sigv4_complaint((enum sigv4_verdict)verdict, (enum protocol)protocol);
            assert_true((found.code == NULL) == (verdict == SIGV4_OK));
            assert_true((found.http_status >= 400) == (verdict != SIGV4_OK));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(meets_the_documented_examples_step_by_step),
        cmocka_unit_test(meets_the_signing_test_suite),
        cmocka_unit_test(makes_paths_canonical),
        cmocka_unit_test(makes_queries_canonical),
        cmocka_unit_test(sorts_headers_by_name_and_not_by_line),
        cmocka_unit_test(keeps_keys_of_many_scopes_apart),
        cmocka_unit_test(accepts_a_request_of_its_own),
        cmocka_unit_test(tells_what_is_wrong_with_a_request),
        cmocka_unit_test(has_a_complaint_for_each_verdict),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
