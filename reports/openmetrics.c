/*
 * openmetrics.c: OpenMetrics 1.0, for a scheduled run: a file that node_exporter's textfile collector or a pushgateway
 * takes. One gauge a rule and state, whether the account is ready, when the run was, and how old the newest delivery
 * is; alerts compare these, so every state of a rule is written, with 0 where nothing is in it. The results of a rule
 * on an account and target stand together: the counts of one are all that is kept.
 */
#include "base/clock.h"
#include "reports/words/clean.h"
#include "reports/words/headline.h"
#include "reports/words/words.h"

/** The states of a result; advice is one of its own, and so is what a baseline has. */
enum { STATE_ADVICE = VERDICT_COUNT, STATE_KNOWN, STATE_COUNT };

/** The results of a rule on an account and target; they stand together. */
struct row {
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
    struct arena *scratch;
    struct arena *arena; /* of the row */
    struct arena_mark empty;
    struct row row;
    bool any; /* `row` is one */
};

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

static bool is_same_row(const struct row *row, const struct result *result)
{
    return str_equal(row->rule, result->rule) && str_equal(row->account, result->account) &&
           str_equal(row->target, result->target);
}

static void end_row(struct report *report)
{
    if (report->any)
        write_row(report, &report->row);
    report->any = false;
    arena_rewind(report->arena, report->empty);
}

static void begin_row(struct report *report, const struct result *result)
{
    report->any = true;
    report->row = (struct row){.rule = str_copy(report->arena, result->rule),
                               .place = str_copy(report->arena, result->place),
                               .account = str_copy(report->arena, result->account),
                               .target = str_copy(report->arena, result->target),
                               .severity = result->severity};
}

static struct report *begin(struct arena *arena, struct sink *sink, const struct run_info *run,
                            const struct report_style *style)
{
    (void)style;
    struct report *report = arena_new(arena, struct report);
    *report = (struct report){.run = run, .sink = sink, .arena = words_scratch(arena), .scratch = words_scratch(arena)};
    report->empty = arena_mark(report->arena);
    write_family(report, "exportcheck_results", "Results by rule and state; advice and known ones decide nothing.");
    return report;
}

static void result(struct report *report, const struct result *result)
{
    struct row *row = &report->row;
    size_t state = result->old ? STATE_KNOWN : result->advice ? STATE_ADVICE : (size_t)result->verdict;
    if (report->any && !is_same_row(row, result))
        end_row(report);
    if (!report->any)
        begin_row(report, result);
    row->counts[state]++;
    row->severity = result->severity > row->severity ? result->severity : row->severity;
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
    end_row(report);
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
