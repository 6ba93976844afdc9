/*
 * csv.c: a row a result, as RFC 4180 says: every field quoted, quotes doubled, lines end in CRLF,
 * the first line names the columns. A field that a spreadsheet would take for a formula (it begins
 * with = + - @) gets an apostrophe before it, since names in an account are chosen by others.
 */
#include "reports/words/clean.h"
#include "reports/words/words.h"

static const struct words_limits limits = {.max_items = 1000,
                                           .max_bytes = 30000}; /* a spreadsheet's cell holds 32,767 */

struct report {
    struct sink *sink;
    struct arena *scratch;
};

static struct str status(struct arena *arena, const struct result *result)
{
    (void)arena;
    return verdict_name(result->verdict);
}

static struct str severity(struct arena *arena, const struct result *result)
{
    (void)arena;
    return severity_name(result->severity);
}

static struct str expected(struct arena *arena, const struct result *result)
{
    return result->expected ? words_value(arena, result->expected, limits) : STR("");
}

static struct str actual(struct arena *arena, const struct result *result)
{
    return result->actual ? words_value(arena, result->actual, limits) : STR("");
}

static struct str waiver(struct arena *arena, const struct result *result)
{
    return words_waiver(arena, result->waiver);
}

static struct str console(struct arena *arena, const struct result *result)
{
    return words_console(arena, &result->fix);
}

#define MEMBER(member) .offset = offsetof(struct result, member)

/** The columns: computed, or a string of struct result as it is. New ones go to the end: readers may count. */
static const struct column {
    const char *name;
    struct str (*get)(struct arena *arena, const struct result *result); /* NULL: the member at `offset` */
    size_t offset;
} columns[] = {
    {"status", .get = status},
    {"severity", .get = severity},
    {"rule", MEMBER(rule)},
    {"subject", MEMBER(subject)},
    {"account", MEMBER(account)},
    {"place", MEMBER(place)},
    {"title", MEMBER(title)},
    {"message", MEMBER(message)},
    {"expected", .get = expected},
    {"actual", .get = actual},
    {"root_cause", MEMBER(root_cause)},
    {"until", MEMBER(until)},
    {"waiver", .get = waiver},
    {"why", MEMBER(why)},
    {"console", .get = console},
    {"cli", MEMBER(fix.cli)},
    {"section", MEMBER(section)},
    {"reference", MEMBER(reference)},
    {"id", MEMBER(id)},
    {"target", MEMBER(target)},
    {"do", MEMBER(to_do)},
};

static struct str column_value(struct arena *arena, const struct column *column, const struct result *result)
{
    if (column->get)
        return column->get(arena, result);
    return *(const struct str *)(const void *)((const char *)result + column->offset);
}

static bool is_formula(struct str text)
{
    struct str trimmed = str_trim(text);
    return trimmed.len && str_find_char(STR("=+-@"), trimmed.ptr[0], 0) >= 0;
}

static void write_field(struct report *report, struct str value)
{
    struct str rest = clean_block(report->scratch, value);
    struct str part = {0};
    sink_add_char(report->sink, '"');
    if (is_formula(rest))
        sink_add_char(report->sink, '\'');
    while (str_cut(&rest, '"', &part)) {
        sink_add(report->sink, part);
        sink_add_c(report->sink, "\"\"");
    }
    sink_add(report->sink, part);
    sink_add_char(report->sink, '"');
}

static struct report *begin(struct arena *arena, struct sink *sink, const struct run_info *run,
                            const struct report_style *style)
{
    (void)run;
    (void)style;
    struct report *report = arena_new(arena, struct report);
    *report = (struct report){.sink = sink, .scratch = words_scratch(arena)};
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        sink_addf(sink, "%s\"%s\"", i ? "," : "", columns[i].name);
    sink_add_c(sink, "\r\n");
    return report;
}

static void result(struct report *report, const struct result *result)
{
    struct arena_mark mark = arena_mark(report->scratch);
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        if (i)
            sink_add_char(report->sink, ',');
        write_field(report, column_value(report->scratch, &columns[i], result));
    }
    sink_add_c(report->sink, "\r\n");
    arena_rewind(report->scratch, mark);
}

static void end(struct report *report)
{
    (void)report;
}

const struct report_format report_format_csv = {
    .name = "csv",
    .summary = "A row a result, for spreadsheets",
    .begin = begin,
    .result = result,
    .end = end,
};
