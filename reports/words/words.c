/* words.c: see words.h. */
#include "reports/words/words.h"

#include "base/clock.h"
#include "reports/words/headline.h"

static const struct str verdict_words[VERDICT_COUNT] = {
    [VERDICT_PASS] = STR_INIT("PASS"),       [VERDICT_FAIL] = STR_INIT("FAIL"), [VERDICT_UNKNOWN] = STR_INIT("UNKNOWN"),
    [VERDICT_PENDING] = STR_INIT("PENDING"), [VERDICT_SKIP] = STR_INIT("SKIP"), [VERDICT_WAIVED] = STR_INIT("WAIVED"),
};

static void close_arena(void *arena)
{
    arena_close(arena);
}

struct arena *words_scratch(struct arena *arena)
{
    struct arena *scratch = arena_open(0);
    (void)arena_new(scratch, char); /* the first chunk stays when the arena is rewound */
    arena_defer(arena, close_arena, scratch);
    return scratch;
}

struct str words_verdict(enum verdict verdict)
{
    return verdict < VERDICT_COUNT ? verdict_words[verdict] : verdict_words[VERDICT_UNKNOWN];
}

struct str words_status(enum verdict verdict, bool advice, bool old)
{
    if (old)
        return STR("KNOWN");
    return advice ? STR("ADVICE") : words_verdict(verdict);
}

struct str words_count(struct arena *arena, size_t count)
{
    struct str digits = str_format(arena, "%zu", count);
    struct buf buf = buf_make(arena, 64);
    for (ptrdiff_t i = 0; i < digits.len; i++) {
        if (i > 0 && (digits.len - i) % 3 == 0)
            buf_add_char(&buf, ',');
        buf_add_char(&buf, digits.ptr[i]);
    }
    return buf_str(&buf);
}

struct str words_plural(struct arena *arena, size_t count, const char *singular)
{
    struct str number = words_count(arena, count);
    return str_format(arena, "%.*s %s%s", STR_ARG(number), singular, count == 1 ? "" : "s");
}

/** The order in which a summary is read: what asks for action first. */
static const struct {
    enum verdict verdict;
    const char *word;
} summary_parts[] = {
    {VERDICT_FAIL, "failed"}, {VERDICT_UNKNOWN, "unknown"}, {VERDICT_PENDING, "pending"},
    {VERDICT_PASS, "passed"}, {VERDICT_WAIVED, "waived"},   {VERDICT_SKIP, "not applicable"},
};

/** Behind rules: " (7 findings)" where one of them was found more than once. */
static void add_findings(struct buf *buf, size_t rules, size_t results)
{
    if (results > rules)
        buf_addf(buf, " (%.*s findings)", STR_ARG(words_count(buf->arena, results)));
}

struct str words_summary(struct arena *arena, const struct summary *summary)
{
    struct buf buf = buf_make(arena, 512);
    for (size_t i = 0; i < COUNT_OF(summary_parts); i++) {
        enum verdict verdict = summary_parts[i].verdict;
        size_t count = summary->rules[verdict];
        if (count == 0 && verdict != VERDICT_PASS)
            continue;
        if (buf.len)
            buf_add(&buf, STR(", "));
        buf_addf(&buf, "%.*s %s", STR_ARG(words_count(arena, count)), summary_parts[i].word);
        if (verdict == VERDICT_FAIL)
            add_findings(&buf, count, summary->count[VERDICT_FAIL] - summary->advice);
    }
    if (summary->advice_rules)
        buf_addf(&buf, ", %.*s as advice", STR_ARG(words_count(arena, summary->advice_rules)));
    return buf_str(&buf);
}

size_t words_total(const struct summary *summary)
{
    size_t total = 0;
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        total += summary->count[i];
    return total;
}

struct str words_cause(struct str root_cause)
{
    static const struct str kinds[] = {STR_INIT("permission:"), STR_INIT("call:")};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (str_starts(root_cause, kinds[i]))
            return str_skip(root_cause, kinds[i].len);
    }
    return root_cause;
}

struct str words_view(const struct run_info *run)
{
    if (str_starts(run->command_line, STR("exportcheck demo")))
        return STR("A sample account that comes with exportcheck: none of yours was read.");
    if (!run->admin_command.len)
        return STR("");
    if (json_find_string(run->target, "principal").len)
        return STR("This is the OptScale user's own view: what passes was answered to its key, or read in delivered "
                   "files. What it may not read is for an admin to see; it needs no more permissions for that.");
    return STR("No --principal was told, so the caller counts as OptScale's user: what passes was answered to its key, "
               "or read in delivered files.");
}

struct str words_account(const struct run_info *run)
{
    if (run->account.len)
        return run->account;
    return run->targets.count ? STR("several") : STR("unknown");
}

struct str words_ticket(struct arena *arena, const struct run_info *run)
{
    struct buf buf = buf_make(arena, 4096);
    struct str scenario = json_find_string(run->target, "scenario");
    buf_addf(&buf, "%.*s · rules: ", STR_ARG(headline_word(headline_standing(run))));
    buf_add(&buf, words_summary(arena, &run->summary));
    buf_add(&buf, STR(" · account "));
    buf_add(&buf, words_account(run));
    if (scenario.len) {
        buf_add(&buf, STR(" · "));
        buf_add(&buf, scenario);
    }
    if (run->finished.len) {
        buf_add(&buf, STR(" · "));
        buf_add(&buf, run->finished);
    }
    buf_addf(&buf, " · exit status %d · ", run->exit_status);
    buf_add(&buf, run->tool);
    return buf_str(&buf);
}

static bool is_scalar(const struct json *value)
{
    return value->type != JSON_ARRAY && value->type != JSON_OBJECT;
}

static bool is_list_of_scalars(const struct json *value)
{
    if (value->type != JSON_ARRAY || value->count == 0)
        return false;
    for (size_t i = 0; i < value->count; i++) {
        if (!is_scalar(&value->items[i]))
            return false;
    }
    return true;
}

/** A text whose blanks or line breaks could be overlooked is shown with quotes. */
static bool needs_quotes(struct str text)
{
    return text.len == 0 || str_trim(text).len != text.len || str_contains(text, STR("  ")) ||
           str_find_char(text, '\n', 0) >= 0;
}

struct str words_quoted(struct arena *arena, struct str text)
{
    struct json string = json_string(text);
    return text.len && needs_quotes(text) ? json_text(arena, &string, 0) : text;
}

static struct str scalar_text(struct arena *arena, const struct json *value)
{
    bool bare = value->type == JSON_STRING && !needs_quotes(value->string);
    return bare ? value->string : json_text(arena, value, 0);
}

static struct str list_text(struct arena *arena, const struct json *list, struct words_limits limits)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    size_t shown = 0;
    while (shown < list->count && shown < limits.max_items && (shown == 0 || buf.len < limits.max_bytes)) {
        if (shown)
            buf_add(&buf, STR(", "));
        buf_add(&buf, scalar_text(arena, &list->items[shown]));
        shown++;
    }
    if (shown < list->count) {
        buf_add(&buf, STR(" and "));
        buf_add(&buf, words_count(arena, list->count - shown));
        buf_add(&buf, STR(" more"));
    }
    return buf_str(&buf);
}

/** Cuts between two members or items of compact JSON, so that no name or identifier is cut. */
static struct str cut_json(struct arena *arena, struct str text, size_t max_bytes)
{
    if ((size_t)text.len <= max_bytes)
        return text;
    ptrdiff_t comma = str_find_char(text, ',', (ptrdiff_t)max_bytes);
    if (comma < 0)
        return text;
    struct str rest = words_count(arena, (size_t)(text.len - comma - 1));
    return str_format(arena, "%.*s, … (%.*s more bytes)", (int)comma, text.ptr, STR_ARG(rest));
}

struct str words_value(struct arena *arena, const struct json *value, struct words_limits limits)
{
    if (is_scalar(value))
        return scalar_text(arena, value);
    if (is_list_of_scalars(value))
        return list_text(arena, value, limits);
    return cut_json(arena, json_text(arena, value, 0), limits.max_bytes);
}

struct str words_console(struct arena *arena, const struct fix *fix)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < fix->console_count; i++) {
        if (i)
            buf_add(&buf, STR(" › "));
        buf_add(&buf, fix->console[i]);
    }
    return buf_str(&buf);
}

struct str words_waiver(struct arena *arena, const struct json *waiver)
{
    struct str reason = json_find_string(waiver, "reason");
    if (!reason.len)
        reason = json_find_string(waiver, "justification");
    struct str expires = json_find_string(waiver, "expires");
    if (!expires.len)
        return reason;
    struct str until = str_join3(arena, STR("until "), expires, STR(""));
    return reason.len ? str_join3(arena, reason, STR(", "), until) : until;
}

struct str words_time(struct arena *arena, struct str iso)
{
    int64_t seconds = 0;
    if (!clock_parse(iso, &seconds))
        return iso;
    struct clock_date date = clock_date(seconds);
    return str_format(arena, "%04d-%02d-%02d %02d:%02d UTC", date.year, date.month, date.day, date.hour, date.minute);
}

struct str words_evidence(struct arena *arena, const struct evidence *evidence)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    buf_add(&buf, evidence->fact);
    if (evidence->call.len) {
        buf_add(&buf, STR(" ("));
        buf_add(&buf, evidence->call);
        buf_add_char(&buf, ')');
    }
    buf_add(&buf, STR(": "));
    buf_add(&buf, evidence->state);
    if (evidence->error.len) {
        buf_add(&buf, STR(", "));
        buf_add(&buf, evidence->error);
    }
    return buf_str(&buf);
}

size_t words_periods(const struct json *outcome)
{
    static const char *const names[] = {"first_import", "files_by_period", "periods"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct json *periods = json_find(outcome, names[i]);
        if (json_is(periods, JSON_OBJECT) || json_is(periods, JSON_ARRAY))
            return periods->count;
    }
    return 0;
}

static struct str periods_text(struct arena *arena, const struct json *outcome)
{
    size_t count = words_periods(outcome);
    struct str months = words_plural(arena, count, "month");
    return count ? str_format(arena, ", with %.*s of costs", STR_ARG(months)) : STR("");
}

struct str words_prediction(struct arena *arena, const struct json *outcome)
{
    const struct json *ok = json_find(outcome, "ok");
    if (!json_is(ok, JSON_BOOLEAN))
        return STR("cannot be predicted");
    struct str error = json_find_string(outcome, "error");
    if (ok->boolean)
        return str_join3(arena, STR("succeeds"), periods_text(arena, outcome), STR(""));
    return error.len ? str_join3(arena, STR("fails: "), error, STR("")) : STR("fails");
}

const struct prediction_row words_predictions[] = {
    {"connect", "Connect"},
    {"discovery", "First import"},
    {"first_import", "Import"},
};
const size_t words_prediction_count = COUNT_OF(words_predictions);

bool words_has_fix(const struct fix *fix)
{
    return fix->console_count || fix->cli.len || fix->note.len || fix->policy;
}

struct str words_target_value(struct arena *arena, const struct json *value, struct words_limits limits)
{
    struct str period = json_find_string(value, "period");
    return period.len > 0 ? period : words_value(arena, value, limits);
}

bool words_is_brief(const struct json *value)
{
    if (value->type == JSON_OBJECT)
        return false;
    for (size_t i = 0; value->type == JSON_ARRAY && i < value->count; i++) {
        if (value->items[i].type == JSON_OBJECT || value->items[i].type == JSON_ARRAY)
            return false;
    }
    return true;
}

struct str words_subject(struct arena *arena, const struct result *result)
{
    if (!result->target.len)
        return result->subject;
    struct str gap = result->subject.len ? STR(": ") : STR("");
    return str_join3(arena, result->target, gap, result->subject);
}
