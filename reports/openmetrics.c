/*
 * openmetrics.c: OpenMetrics 1.0, for a scheduled run: a file that node_exporter's textfile collector or a pushgateway
 * takes. One gauge a rule and state, whether the account is ready, when the run was, and how old the newest delivery
 * is; alerts compare these, so every state of a rule is written, with 0 where nothing is in it. Samples of a family
 * have to stand together: the counts are kept until the end, a row a rule, account and target.
 */
#include "base/clock.h"
#include "base/map.h"
#include "reports/words/clean.h"
#include "reports/words/headline.h"
#include "reports/words/words.h"

/** The states of a result; advice is one of its own, and so is what a baseline has. */
enum { STATE_ADVICE = VERDICT_COUNT, STATE_KNOWN, STATE_COUNT };

struct row {
    struct row *next;
    struct str rule;
    struct str place;
    struct str account;
    struct str target;      /* of a run over many; else empty */
    enum severity severity; /* the highest */
    size_t counts[STATE_COUNT];
};

struct report {
    const struct run_info *run;
    struct sink *sink;
    struct arena *arena;
    struct arena *scratch;
    struct map *known; /* rule and account → struct row */
    struct row *first;
    struct row **last;
};

static struct report *begin(struct arena *arena, struct sink *sink, const struct run_info *run,
                            const struct report_style *style)
{
    (void)style;
    struct report *report = arena_new(arena, struct report);
    *report = (struct report){.run = run, .sink = sink, .arena = words_scratch(arena), .scratch = words_scratch(arena)};
    report->known = map_open(report->arena);
    report->last = &report->first;
    return report;
}

static struct row *row_of(struct report *report, const struct result *result)
{
    struct arena_mark mark = arena_mark(report->scratch);
    struct str place = str_join3(report->scratch, result->account, STR("\n"), result->target);
    struct str key = str_join3(report->scratch, result->rule, STR("\n"), place);
    const void *known = map_get(report->known, key);
    if (!known) {
        struct row *row = arena_new(report->arena, struct row);
        *row = (struct row){.rule = str_copy(report->arena, result->rule),
                            .place = str_copy(report->arena, result->place),
                            .account = str_copy(report->arena, result->account),
                            .target = str_copy(report->arena, result->target),
                            .severity = result->severity};
        *report->last = row;
        report->last = &row->next;
        struct row **slot = arena_new(report->arena, struct row *);
        *slot = row;
        map_set(report->known, str_copy(report->arena, key), slot);
        known = slot;
    }
    arena_rewind(report->scratch, mark);
    return *(struct row *const *)known;
}

static void result(struct report *report, const struct result *result)
{
    struct row *row = row_of(report, result);
    size_t state = result->old ? STATE_KNOWN : result->advice ? STATE_ADVICE : (size_t)result->verdict;
    row->counts[state]++;
    row->severity = result->severity > row->severity ? result->severity : row->severity;
}

/** `name="value"`, escaped as the ABNF of OpenMetrics has it: \\, \" and \n. */
static void write_label(struct report *report, const char *name, struct str value, bool first)
{
    struct str clean = clean_line(report->scratch, value);
    sink_addf(report->sink, "%s%s=\"", first ? "" : ",", name);
    for (ptrdiff_t i = 0; i < clean.len; i++) {
        if (clean.ptr[i] == '"' || clean.ptr[i] == '\\')
            sink_add_char(report->sink, '\\');
        sink_add_char(report->sink, clean.ptr[i]);
    }
    sink_add_char(report->sink, '"');
}

static void write_family(struct report *report, const char *name, const char *help)
{
    sink_addf(report->sink, "# TYPE %s gauge\n# HELP %s %s\n", name, name, help);
}

static void write_row(struct report *report, const struct row *row)
{
    struct arena_mark mark = arena_mark(report->scratch);
    for (size_t state = 0; state < STATE_COUNT; state++) {
        struct str name = state == STATE_ADVICE  ? STR("advice")
                          : state == STATE_KNOWN ? STR("known")
                                                 : verdict_name((enum verdict)state);
        sink_add_c(report->sink, "exportcheck_results{");
        write_label(report, "rule", row->rule, true);
        write_label(report, "severity", severity_name(row->severity), false);
        write_label(report, "place", row->place, false);
        write_label(report, "account", row->account, false);
        if (row->target.len)
            write_label(report, "target", row->target, false);
        write_label(report, "state", name, false);
        sink_addf(report->sink, "} %zu\n", row->counts[state]);
    }
    arena_rewind(report->scratch, mark);
}

/** A gauge of the whole run. */
static void write_gauge(struct report *report, const char *name, const char *help, int64_t value)
{
    struct str scenario = json_find_string(report->run->target, "scenario");
    write_family(report, name, help);
    sink_addf(report->sink, "%s{", name);
    write_label(report, "account", report->run->account, true);
    write_label(report, "scenario", scenario, false);
    sink_addf(report->sink, "} %lld\n", (long long)value);
}

/** Nothing where a time is not known: an age of 0 would be a lie. */
static void write_times(struct report *report)
{
    int64_t finished;
    int64_t newest;
    if (!clock_parse(report->run->finished, &finished))
        return;
    write_gauge(report, "exportcheck_last_run_timestamp_seconds", "When the account was read.", finished);
    struct str newest_file = json_find_string(json_find(report->run->optscale, "discovery"), "newest_file");
    if (clock_parse(newest_file, &newest))
        write_gauge(report, "exportcheck_newest_delivery_age_seconds",
                    "Age of the newest file that OptScale would import, when the account was read.", finished - newest);
}

static void end(struct report *report)
{
    write_family(report, "exportcheck_results", "Results by rule and state; advice and known ones decide nothing.");
    for (const struct row *row = report->first; row; row = row->next)
        write_row(report, row);
    write_gauge(report, "exportcheck_ready", "1 where the account is ready, 0 where it is not or nobody can say.",
                headline_standing(report->run) == STANDING_READY);
    write_gauge(report, "exportcheck_exit_status", "The exit status of the run.", report->run->exit_status);
    write_times(report);
    sink_add_c(report->sink, "# EOF\n");
}

const struct report_format report_format_openmetrics = {
    .name = "openmetrics",
    .summary = "OpenMetrics, for a scheduled run and an alert",
    .begin = begin,
    .result = result,
    .end = end,
};
