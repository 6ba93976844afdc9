/* paging_test.c: pages joined and cut; a list is never shortened. */
#include "aws/protocol/paging.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int open_arena(void **state)
{
    *state = arena_open(0);
    return 0;
}

static int close_arena(void **state)
{
    arena_close(*state);
    return 0;
}

static const struct json *parse(struct arena *arena, const char *text)
{
    const struct json *value;
    assert_true(json_parse(arena, STR("test"), str_from(text), &json_limits_default, &value, NULL));
    return value;
}

/* Feeds pages until the pager is done; NULL in place of a page is a failed one. */
static struct answer join(struct arena *arena, const char *name, size_t max_pages, const char *const *pages,
                          size_t count)
{
    struct call call = {.operation = operation_find_call(str_from(name)), .parameters = parse(arena, "{}")};
    struct call *kept = arena_new(arena, struct call);
    *kept = call;
    struct pager *pager = pager_open(arena, kept, max_pages);
    for (size_t i = 0; i < count; i++) {
        struct answer page = {.code = STR("Throttling"), .http_status = 400};
        if (pages[i])
            page = (struct answer){.value = parse(arena, pages[i]), .http_status = 200};
        if (!pager_add(pager, &page)) {
            assert_int_equal(i + 1, count);
            return pager_answer(pager);
        }
    }
    fail_msg("the pager wants more pages");
    return pager_answer(pager);
}
#define JOIN(arena, name, max_pages, ...)                                                                              \
    join(arena, name, max_pages, (const char *const[]){__VA_ARGS__},                                                   \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void lists_are_joined_and_paging_members_removed(void **state)
{
    struct arena *a = *state;
    struct answer answer =
        JOIN(a, "s3:ListObjectsV2", 0,
             "{\"Name\":\"b\",\"KeyCount\":1,\"MaxKeys\":1,\"EncodingType\":\"url\",\"IsTruncated\":true,"
             "\"NextContinuationToken\":\"t\",\"Contents\":[{\"Key\":\"1\"}]}",
             "{\"Name\":\"b\",\"ContinuationToken\":\"t\",\"KeyCount\":2,\"IsTruncated\":false,"
             "\"Contents\":[{\"Key\":\"2\"}],\"CommonPrefixes\":[{\"Prefix\":\"p/\"}]}");
    assert_true(json_equal(answer.value, parse(a, "{\"Name\":\"b\",\"Contents\":[{\"Key\":\"1\"},{\"Key\":\"2\"}],"
                                                  "\"CommonPrefixes\":[{\"Prefix\":\"p/\"}]}")));
}

static void empty_pages_in_between_are_followed(void **state)
{
    struct arena *a = *state;
    struct answer answer =
        JOIN(a, "organizations:ListAccounts", 0, "{\"Accounts\":[],\"NextToken\":\"1\"}",
             "{\"Accounts\":[],\"NextToken\":\"2\"}", "{\"Accounts\":[{\"Id\":\"x\"}],\"NextToken\":null}");
    assert_true(json_equal(answer.value, parse(a, "{\"Accounts\":[{\"Id\":\"x\"}]}")));
}

static void a_failed_page_fails_the_call(void **state)
{
    struct arena *a = *state;
    struct answer answer = JOIN(a, "organizations:ListAccounts", 0, "{\"Accounts\":[{}],\"NextToken\":\"1\"}", NULL);
    assert_null(answer.value);
    assert_true(str_equal(answer.code, STR("Throttling")));
}

static void too_many_pages_are_too_large(void **state)
{
    struct arena *a = *state;
    struct answer answer = JOIN(a, "organizations:ListAccounts", 2, "{\"Accounts\":[{}],\"NextToken\":\"1\"}",
                                "{\"Accounts\":[{}],\"NextToken\":\"2\"}");
    assert_null(answer.value);
    assert_true(str_equal(answer.code, STR(ANSWER_TOO_LARGE)));
}

static void pages_that_contradict_themselves_are_bad(void **state)
{
    struct arena *a = *state;
    struct answer loop = JOIN(a, "organizations:ListAccounts", 0, "{\"Accounts\":[{}],\"NextToken\":\"1\"}",
                              "{\"Accounts\":[{}],\"NextToken\":\"1\"}");
    assert_true(str_equal(loop.code, STR(ANSWER_BAD)));
    struct answer lost = JOIN(a, "iam:ListUsers", 0, "{\"Users\":[],\"IsTruncated\":true}");
    assert_true(str_equal(lost.code, STR(ANSWER_BAD)));
    struct answer done = JOIN(a, "iam:ListUsers", 0, "{\"Users\":[],\"IsTruncated\":false,\"Marker\":\"left over\"}");
    assert_non_null(done.value);
}

static void a_token_that_was_never_given_is_refused(void **state)
{
    struct arena *a = *state;
    const struct operation *operation = operation_find_call(STR("iam:ListUsers"));
    const struct json *joined = parse(a, "{\"Users\":[{},{}]}");
    const struct json *page;
    assert_false(paging_cut(a, operation, joined, STR("x"), 1, &page));
    assert_false(paging_cut(a, operation, joined, STR("page-from-3"), 1, &page));
    assert_false(paging_cut(a, operation, joined, STR("page-from--1"), 1, &page));
    assert_true(paging_cut(a, operation, joined, STR("page-from-1"), 1, &page));
    assert_true(json_equal(page, parse(a, "{\"Users\":[{}],\"IsTruncated\":false}")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lists_are_joined_and_paging_members_removed),
        TEST(empty_pages_in_between_are_followed),
        TEST(a_failed_page_fails_the_call),
        TEST(too_many_pages_are_too_large),
        TEST(pages_that_contradict_themselves_are_bad),
        TEST(a_token_that_was_never_given_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
