/* secret_test.c: what a secret lets out, and what it does not. */
#include "aws/crypto/digest.h"
#include "aws/crypto/secret.h"
#include "aws/http/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void keeps_a_copy_of_its_own(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    char text[] = "wJalrXUtnFEMI";
    const struct secret *secret = secret_make(arena, str_from(text));
    secret_wipe(text, sizeof text);
    assert_int_equal(text[0], 0);
    assert_true(str_equal(secret_expose(secret), STR("wJalrXUtnFEMI")));
    arena_close(arena);
}

static void compares_lengths_and_bytes(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    const struct secret *secret = secret_make(arena, STR("secret"));
    assert_true(secret_equal(secret, STR("secret")));
    assert_false(secret_equal(secret, STR("secreT")));
    assert_false(secret_equal(secret, STR("secret ")));
    assert_false(secret_equal(secret, STR("")));
    assert_true(secret_equal(NULL, STR("")));
    assert_true(secret_is_empty(NULL));
    assert_true(secret_is_empty(secret_make(arena, STR(""))));
    assert_false(secret_is_empty(secret));
    arena_close(arena);
}

/* The page is gone after the arena is closed; a heap of them must be too, or the next test run leaks. */
static void closes_as_many_as_were_made(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct arena_mark mark = arena_mark(arena);
    for (int i = 0; i < 1000; i++) {
        struct secret *secret = secret_blank(arena, 5000);
        memset(secret_fill(secret), 1, 5000);
        arena_rewind(arena, mark);
    }
    arena_close(arena);
}

static void hides_headers_that_hold_secrets(void **state)
{
    (void)state;
    static const struct {
        struct http_header header;
        struct str shown;
    } rows[] = {
        {{STR_INIT("authorization"), STR_INIT("AWS4-HMAC-SHA256 …")}, STR_INIT("[redacted]")},
        {{STR_INIT("X-AMZ-SECURITY-TOKEN"), STR_INIT("FwoG")}, STR_INIT("[redacted]")},
        {{STR_INIT("x-amz-sso_bearer_token"), STR_INIT("FwoG")}, STR_INIT("[redacted]")},
        {{STR_INIT("Set-Cookie"), STR_INIT("a=b")}, STR_INIT("[redacted]")},
        {{STR_INIT("X-Amz-Date"), STR_INIT("20150830T123600Z")}, STR_INIT("20150830T123600Z")},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_true(str_equal(http_header_shown(&rows[i].header), rows[i].shown));
}

static void computes_the_digests_of_the_standards(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct str hex;
    struct digest digest;
    assert_true(digest_sha256_hex(arena, STR("abc"), &hex, NULL)); /* FIPS 180-4 */
    assert_true(str_equal(hex, STR("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")));
    assert_true(digest_sha1_hex(arena, STR("abc"), &hex, NULL));
    assert_true(str_equal(hex, STR("a9993e364706816aba3e25717850c26c9cd0d89d")));
    assert_true(digest_hmac(STR("Jefe"), STR("what do ya want for nothing?"), &digest, NULL)); /* RFC 4231, case 2 */
    assert_true(str_equal(digest_hex(arena, digest_view(&digest)),
                          STR("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")));
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_a_copy_of_its_own),
        cmocka_unit_test(compares_lengths_and_bytes),
        cmocka_unit_test(closes_as_many_as_were_made),
        cmocka_unit_test(hides_headers_that_hold_secrets),
        cmocka_unit_test(computes_the_digests_of_the_standards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
