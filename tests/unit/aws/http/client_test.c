/* client_test.c: what goes out byte for byte, what comes back, and the limits on it. */
#include "aws/fake_server.h"
#include "aws/http/client.h"
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct rig {
    struct arena *arena;
    struct fake_server server;
    struct http_client *client;
    struct str url;
    struct http_header host;
    size_t in_flight_max;
};

static void rig_open(struct rig *rig, const struct fake_reply *replies, size_t count)
{
    struct http_client_options options = {
        .user_agent = STR("test/1"), .http_proxy = STR("http://proxy.invalid:1"), .in_flight_max = rig->in_flight_max};
    struct error error;
    rig->arena = arena_open(0);
    fake_start(&rig->server, replies, count);
    rig->host = (struct http_header){STR("Host"), str_format(rig->arena, "127.0.0.1:%d", rig->server.port)};
    rig->url = str_join3(rig->arena, STR("http://"), rig->host.value, STR("/a/../b//c?q=%2F"));
    if (!http_client_open(rig->arena, &options, &rig->client, &error))
        fail_msg("%s", error.text);
}

static void rig_close(struct rig *rig)
{
    fake_forget(&rig->server);
    arena_close(rig->arena);
}

static struct http_result get(struct rig *rig, size_t body_max)
{
    struct http_request request = {
        .method = STR("GET"), .url = rig->url, .headers = {&rig->host, 1}, .timeout_ms = 2000, .body_max = body_max};
    struct http_result result = http_client_send(rig->client, rig->arena, &request);
    fake_stop(&rig->server);
    return result;
}

static void sends_what_it_is_given_and_nothing_of_its_own(void **state)
{
    (void)state;
    static const struct fake_reply reply = {"200 OK", NULL, "hello", 0, 0};
    struct rig rig = {.arena = NULL};
    rig_open(&rig, &reply, 1);
    struct http_header headers[] = {rig.host, {STR("X-Empty"), STR("")}, {STR("X-Full"), STR("a  b")}};
    struct http_request request = {
        .method = STR("PUT"), .url = rig.url, .headers = {headers, 3}, .body = STR("b\0dy"), .body_max = 100};
    struct http_result result = http_client_send(rig.client, rig.arena, &request);
    fake_stop(&rig.server);
    assert_int_equal(result.outcome, HTTP_ANSWERED);
    assert_int_equal(result.bytes, 5);
    assert_true(str_equal(result.response.body, STR("hello")));
    char *expected =
        str_to_c(rig.arena, str_format(rig.arena,
                                       "PUT /a/../b//c?q=%%2F HTTP/1.1\r\nHost: %.*s\r\nUser-Agent: test/1\r\n"
                                       "Accept: */*\r\nX-Empty:\r\nX-Full: a  b\r\n"
                                       "Content-Length: 4\r\n\r\nb",
                                       STR_ARG(rig.host.value)));
    assert_string_equal(rig.server.requests[0], expected);
    rig_close(&rig);
}

static void reads_headers_of_the_last_answer_alone(void **state)
{
    (void)state;
    static const struct fake_reply reply = {"404 Not Found", "X-A:  one \r\nX-a: two\r\nX-Empty:\r\n", "gone", 0, 0};
    struct rig rig = {.arena = NULL};
    rig_open(&rig, &reply, 1);
    struct http_result result = get(&rig, 100);
    assert_int_equal(result.outcome, HTTP_ANSWERED);
    assert_int_equal(result.response.status, 404);
    assert_true(str_equal(http_header_find(result.response.headers, STR("x-a")), STR("one")));
    assert_true(str_equal(result.response.body, STR("gone")));
    rig_close(&rig);
}

static void stops_at_the_bodys_limit(void **state)
{
    (void)state;
    static const struct fake_reply reply = {"200 OK", NULL, "0123456789", 0, 0};
    struct rig rig = {.arena = NULL};
    rig_open(&rig, &reply, 1);
    struct http_result result = get(&rig, 9);
    assert_int_equal(result.outcome, HTTP_TOO_LARGE);
    assert_true(str_contains(result.message, STR("more than 9 bytes")));
    rig_close(&rig);
    rig_open(&rig, &reply, 1);
    assert_int_equal(get(&rig, 10).outcome, HTTP_ANSWERED);
    rig_close(&rig);
}

static void stops_at_the_memory_of_all_answers_and_gives_it_back(void **state)
{
    (void)state;
    static const struct fake_reply replies[] = {
        {"200 OK", NULL, "0123456789012345678901234567890123456789012345678901234567890123456789", 0, 0},
        {"200 OK", NULL, "0123456789", 0, 0}};
    struct rig rig = {.in_flight_max = 65};
    rig_open(&rig, replies, COUNT_OF(replies));
    struct http_request request = {
        .method = STR("GET"), .url = rig.url, .headers = {&rig.host, 1}, .timeout_ms = 2000, .body_max = 1000};
    struct http_result result = http_client_send(rig.client, rig.arena, &request);
    assert_int_equal(result.outcome, HTTP_TOO_LARGE);
    assert_true(str_contains(result.message, STR("the answers that are on their way take more than 65 bytes")));
    for (int i = 0; i < 3; i++) /* each takes 64 bytes */
        assert_int_equal(http_client_send(rig.client, rig.arena, &request).outcome, HTTP_ANSWERED);
    fake_stop(&rig.server);
    rig_close(&rig);
}

static void stops_at_a_flood_of_headers(void **state)
{
    (void)state;
    char flood[2600] = "";
    for (int i = 0; i < 300; i++)
        strcat(flood, "X-A: 1\r\n");
    struct fake_reply reply = {"200 OK", flood, "x", 0, 0};
    struct rig rig = {.arena = NULL};
    rig_open(&rig, &reply, 1);
    assert_int_equal(get(&rig, 10).outcome, HTTP_TOO_LARGE);
    rig_close(&rig);
}

static void says_where_nobody_answers(void **state)
{
    (void)state;
    static const struct fake_reply reply = {NULL, NULL, NULL, 0, 0};
    struct rig rig = {.arena = NULL};
    rig_open(&rig, &reply, 1);
    struct http_result result = get(&rig, 10);
    assert_int_equal(result.outcome, HTTP_UNREACHABLE);
    assert_true(str_starts(result.message, rig.host.value));
    rig_close(&rig);
}

static void refuses_other_schemes(void **state)
{
    (void)state;
    static const struct fake_reply reply = {"200 OK", NULL, "x", 0, 0};
    struct rig rig = {.arena = NULL};
    rig_open(&rig, &reply, 1);
    rig.url = STR("file:///etc/passwd");
    assert_int_equal(get(&rig, 1 << 20).outcome, HTTP_UNREACHABLE);
    rig_close(&rig);
}

static void tries_to_authenticate_again_after_a_5xx_and_not_after_a_403(void **state)
{
    (void)state;
    static const struct fake_reply replies[] = {{"500 Oops", NULL, "", 0, 0}, {"200 OK", NULL, "token", 0, 0}};
    static const struct fake_reply denied = {"403 Forbidden", NULL, "no", 0, 0};
    struct authentication_request request = {.kind = AUTHENTICATE_CONTAINER};
    struct http_response response;
    struct rig rig = {.arena = NULL};
    rig_open(&rig, replies, 2);
    struct authenticator door = http_client_authenticator(rig.client);
    request.url = rig.url;
    assert_true(door.send(door.self, rig.arena, &request, &response, NULL));
    fake_stop(&rig.server);
    assert_true(str_equal(response.body, STR("token")));
    rig_close(&rig);
    rig_open(&rig, &denied, 1);
    door = http_client_authenticator(rig.client);
    request.url = rig.url;
    assert_true(door.send(door.self, rig.arena, &request, &response, NULL));
    fake_stop(&rig.server);
    assert_int_equal(response.status, 403);
    assert_int_equal(rig.server.request_count, 1);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sends_what_it_is_given_and_nothing_of_its_own),
        cmocka_unit_test(reads_headers_of_the_last_answer_alone),
        cmocka_unit_test(stops_at_the_bodys_limit),
        cmocka_unit_test(stops_at_the_memory_of_all_answers_and_gives_it_back),
        cmocka_unit_test(stops_at_a_flood_of_headers),
        cmocka_unit_test(says_where_nobody_answers),
        cmocka_unit_test(refuses_other_schemes),
        cmocka_unit_test(tries_to_authenticate_again_after_a_5xx_and_not_after_a_403),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
