/* The text report: order, folding, colour, and that many of a kind do not drown the rest. */
#include "reports/render.h"
#include "reports/words/clean.h"

#ifdef __linux__
#include <malloc.h>
#endif

static const struct report_style narrow = {.color = false, .width = 60};

static void what_failed_comes_first_and_by_severity(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct results results = render_case(arena, "faulty");
    struct str text = render_results(arena, "text", &results, render_plain);
    static const char *const order[] = {
        "Not ready: the first import would fail; 3 things to mend; 3 rules could not be decided; 1 piece of advice.",
        "Do this first",
        "  1. Create another export, with Include resource IDs switched on",
        "     Otherwise costs arrive by product, not by resource. See export-includes-resource-ids.",
        "FAIL  export-includes-resource-ids  critical",
        "UNKNOWN  account-is-payer  critical",
        "PENDING  delivery-files-found",
        "FAIL  organization-accounts-connected  high",
        "Advice",
        "ADVICE  principal-key-age  low",
        "--all lists them.",
        "What OptScale will do",
        "Enter in OptScale",
        "Not ready · rules: 3 failed (7 findings)",
        "Again:",
        "Not ready: the first import would fail",
        "  1. Create another export",
    };
    ptrdiff_t at = 0;
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        ptrdiff_t found = str_find(text, str_from(order[i]), at);
        if (found < 0)
            fail_msg("'%s' is missing, or stands too early", order[i]);
        at = found;
    }
    arena_close(arena);
}

static void what_passed_is_counted_and_listed_on_demand(void **state)
{
    (void)state;
    static const struct report_style all = {.all = true};
    struct arena *arena = arena_open(0);
    struct results results = render_case(arena, "faulty");
    assert_false(str_contains(render_results(arena, "text", &results, render_plain), STR("PASS  ")));
    struct str text = render_results(arena, "text", &results, all);
    assert_true(str_contains(text, STR("All other rules\n")));
    assert_true(str_contains(text, STR("PASS     caller-identity")));
    assert_false(str_contains(text, STR("--all")));
    arena_close(arena);
}

static struct results many_accounts(struct arena *arena, size_t count)
{
    struct results results = render_case(arena, "faulty");
    struct result account = results.items[7];
    struct result *items = arena_array(arena, struct result, results.count + count);
    for (size_t i = 0; i < results.count; i++)
        items[i] = results.items[i];
    for (size_t i = 0; i < count; i++) {
        account.subject = str_format(arena, "%012zu", 300000000000 + i);
        items[results.count + i] = account;
    }
    results.items = items;
    results.count += count;
    results.run.summary = results_summary(items, results.count);
    return results;
}

static void three_thousand_accounts_are_named_at_the_end_and_drown_nothing(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct results few = render_case(arena, "faulty");
    struct results many = many_accounts(arena, 2995);
    struct str short_text = render_results(arena, "text", &few, render_plain);
    struct str long_text = render_results(arena, "text", &many, render_plain);
    assert_true(str_contains(long_text, STR("Subjects  3,000")));
    assert_true(str_contains(long_text, STR("and 2,988 more, named at the end")));
    assert_true(str_contains(long_text, STR("ADVICE  principal-key-age  low")));
    ptrdiff_t names = str_find(long_text, STR("\nThe others, by name\n"), 0);
    assert_true(names > str_find(long_text, STR("Enter in OptScale"), 0));
    assert_true(names < short_text.len + 1500);
    assert_true(str_find(long_text, STR("300000002994"), 0) > names);
    assert_true(long_text.len < names + 2988 * (ptrdiff_t)sizeof "300000002994, " + 1500);
    arena_close(arena);
}

/** Bytes that malloc() has handed out; 0 where that cannot be asked. */
static size_t allocated(void)
{
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
#else
    return 0;
#endif
}

static void many_results_take_the_memory_of_few(void **state)
{
    (void)state;
    static const char *const formats[] = {"text", "json", "jsonl", "csv", "junit", "ocsf", "sarif", "markdown"};
    struct arena *arena = arena_open(0);
    struct results many = many_accounts(arena, 10000);
    for (size_t f = 0; f < COUNT_OF(formats); f++) {
        struct arena *own = arena_open(0);
        struct buf buf = buf_make(arena, 0); /* drops what it is given */
        struct sink sink = sink_to_buf(&buf);
        const struct report_format *format = report_format_find(str_from(formats[f]));
        struct report *report = format->begin(own, &sink, &many.run, &render_plain);
        size_t before = allocated();
        for (size_t i = 0; i < many.count; i++)
            format->result(report, &many.items[i]);
        bool names = str_equal(str_from(formats[f]), STR("text")); /* it keeps the names, in a list that doubles */
        if (allocated() > before + ((size_t)1 << (names ? 21 : 18)))
            fail_msg("%s keeps %zu bytes", formats[f], allocated() - before);
        format->end(report);
        arena_close(own);
    }
    arena_close(arena);
}

static void lines_are_folded_but_words_never_cut(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct results results = render_case(arena, "faulty");
    results.run.command_line = STR(""); /* commands are copied: they stay on one line */
    for (size_t i = 0; i < results.count; i++)
        results.items[i].fix = (struct fix){0};
    struct str rest = render_results(arena, "text", &results, narrow);
    struct str line = {0};
    while (str_cut(&rest, '\n', &line)) {
        struct str words = str_trim(line);
        bool one_word = str_find_char(words, ' ', 0) < 0;
        if (clean_width(line) > 60 && !one_word)
            fail_msg("%zu columns: %.*s", clean_width(line), STR_ARG(line));
    }
    struct str all = render_results(arena, "text", &results, narrow);
    assert_true(str_contains(all, STR("arn:aws:s3:::acme-billing/cur2/optscale/*")));
    assert_true(str_contains(all, STR("arn:aws:iam::123456789012:user/optscale")));
    arena_close(arena);
}

/** The text without SGR sequences. */
static struct str without_color(struct arena *arena, struct str text)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (ptrdiff_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\x1b')
            buf_add_char(&buf, text.ptr[i]);
        else
            while (text.ptr[i] != 'm')
                i++;
    }
    return buf_str(&buf);
}

static void colour_only_repeats_what_words_say(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct results results = render_case(arena, "hostile");
    struct report_style style = {.color = true, .width = 0};
    struct str colored = render_results(arena, "text", &results, style);
    struct str plain = render_results(arena, "text", &results, render_plain);
    assert_true(str_equal(without_color(arena, colored), plain));
    assert_true(colored.len > plain.len);
    assert_int_equal(str_find_char(plain, '\x1b', 0), -1);
    arena_close(arena);
}

static void every_color_ends_on_its_line(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct results results = render_case(arena, "faulty");
    struct report_style style = {.color = true, .width = 0};
    struct str rest = render_results(arena, "text", &results, style);
    struct str line = {0};
    while (str_cut(&rest, '\n', &line)) {
        ptrdiff_t last = str_find_last_char(line, '\x1b');
        if (last >= 0)
            assert_true(str_starts(str_skip(line, last), STR("\x1b[0m")));
    }
    arena_close(arena);
}

static void blanks_at_the_end_of_a_value_are_seen(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct results results = render_case(arena, "hostile");
    struct str text = render_results(arena, "text", &results, narrow);
    assert_true(str_contains(text, STR("Found     \"cur2 \"\n")));
    assert_true(str_contains(text, STR("Subject   \" padded  name \"\n")));
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_failed_comes_first_and_by_severity),
        cmocka_unit_test(what_passed_is_counted_and_listed_on_demand),
        cmocka_unit_test(three_thousand_accounts_are_named_at_the_end_and_drown_nothing),
        cmocka_unit_test(many_results_take_the_memory_of_few),
        cmocka_unit_test(lines_are_folded_but_words_never_cut),
        cmocka_unit_test(colour_only_repeats_what_words_say),
        cmocka_unit_test(every_color_ends_on_its_line),
        cmocka_unit_test(blanks_at_the_end_of_a_value_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
