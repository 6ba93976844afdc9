/* headline.c: see headline.h. */
#include "reports/words/headline.h"

#include "reports/words/steps.h"
#include "reports/words/words.h"

#include <string.h>

static const struct str standing_words[STANDING_COUNT] = {
    [STANDING_READY] = STR_INIT("Ready"),
    [STANDING_NOT_READY] = STR_INIT("Not ready"),
    [STANDING_NOT_DECIDED] = STR_INIT("Not decided"),
};

enum standing headline_standing(const struct run_info *run)
{
    if (!words_total(&run->summary))
        return STANDING_NOT_DECIDED;
    return headline_standing_of(run->exit_status);
}

enum standing headline_standing_of(int exit_status)
{
    if (exit_status == 1)
        return STANDING_NOT_READY;
    return exit_status == 0 ? STANDING_READY : STANDING_NOT_DECIDED;
}

struct str headline_word(enum standing standing)
{
    return standing_words[standing];
}

/** What is predicted of one of OptScale's steps. */
enum prediction { PREDICTION_NONE, PREDICTION_SUCCESS, PREDICTION_FAILURE };

static enum prediction prediction_of(const struct run_info *run, const char *step)
{
    const struct json *ok = json_find(json_find(run->optscale, step), "ok");
    if (!json_is(ok, JSON_BOOLEAN))
        return PREDICTION_NONE;
    return ok->boolean ? PREDICTION_SUCCESS : PREDICTION_FAILURE;
}

/** The months that the first import takes; 0: none, or nobody knows. */
static size_t months(const struct run_info *run)
{
    bool succeeds = prediction_of(run, "discovery") == PREDICTION_SUCCESS;
    return succeeds ? words_periods(json_find(run->optscale, "discovery")) : 0;
}

static void add_ready(struct buf *buf, const struct run_info *run)
{
    bool connects = prediction_of(run, "connect") == PREDICTION_SUCCESS;
    size_t count = months(run);
    struct str rules = words_plural(buf->arena, run->summary.rules[VERDICT_PASS], "rule");
    struct str imported = words_plural(buf->arena, count, "month");
    if (connects && count)
        buf_addf(buf, "OptScale will connect and import %.*s", STR_ARG(imported));
    else if (connects)
        buf_add(buf, STR("OptScale will connect"));
    else if (count)
        buf_addf(buf, "OptScale will import %.*s", STR_ARG(imported));
    else
        buf_addf(buf, "all that was checked holds, %.*s", STR_ARG(rules));
}

/** "; 4 more things to mend" */
static void add_things(struct buf *buf, size_t count, bool more)
{
    if (!count)
        return;
    struct str number = words_count(buf->arena, count);
    buf_addf(buf, "%s%.*s %sthing%s to mend", buf->len ? "; " : "", STR_ARG(number), more ? "more " : "",
             count == 1 ? "" : "s");
}

/** The first step of those that mend something; NULL: there is none. */
static const struct cause *first_to_mend(const struct step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (steps[i].causes[0]->verdict == VERDICT_FAIL)
            return steps[i].causes[0];
    }
    return NULL;
}

/**
 * Whether it may be said that connecting succeeds. OptScale is predicted from settings and files alone: where the worst
 * that is wrong is the account or the user, or nobody knows what the user may do, that is too much said.
 */
static bool may_connect(const struct run_info *run, const struct cause *first)
{
    const struct place_state *user = &run->summary.places[PLACE_USER];
    bool refused = first && (str_equal(first->place, flow_place_name(PLACE_ACCOUNT)) ||
                             str_equal(first->place, flow_place_name(PLACE_USER)));
    bool open = user->judged && user->verdict == VERDICT_UNKNOWN;
    return prediction_of(run, "connect") == PREDICTION_SUCCESS && !refused && !open;
}

static void add_not_ready(struct buf *buf, const struct run_info *run, const struct step *steps, size_t count)
{
    const struct cause *first = first_to_mend(steps, count);
    const char *connects = may_connect(run, first) ? "connecting would succeed, but " : "";
    struct str effect = first ? first->effect : STR("");
    struct str unknown = words_plural(buf->arena, run->summary.rules[VERDICT_UNKNOWN], "rule");
    struct buf what = buf_make(buf->arena, BUF_NO_MAX);
    bool named = false;
    if (prediction_of(run, "connect") == PREDICTION_FAILURE) {
        buf_add(&what, STR("connecting would fail"));
    } else if (prediction_of(run, "discovery") == PREDICTION_FAILURE) {
        buf_addf(&what, "%sthe first import would fail", connects);
    } else if (effect.len) {
        buf_addf(&what, "%s%.*s", connects, STR_ARG(effect));
        named = true;
    }
    add_things(&what, steps_to_mend(steps, count) - named, named);
    if (run->summary.rules[VERDICT_UNKNOWN])
        buf_addf(&what, "%s%.*s could not be decided", what.len ? "; " : "", STR_ARG(unknown));
    if (!what.len) /* results that came without what to do */
        buf_addf(&what, "%.*s failed", STR_ARG(words_plural(buf->arena, run->summary.rules[VERDICT_FAIL], "rule")));
    buf_add(buf, buf_str(&what));
}

static struct str lower_first(struct arena *arena, struct str text)
{
    return str_join3(arena, str_lower(arena, str_slice(text, 0, 1)), str_skip(text, 1), STR(""));
}

/** The first step that waits for something to be read, or for time. */
static const struct step *first_open(const struct step *steps, size_t count, enum verdict verdict)
{
    for (size_t i = 0; i < count; i++) {
        if (steps[i].causes[0]->verdict == verdict)
            return &steps[i];
    }
    return NULL;
}

/** With the key that OptScale itself uses: what is open is for somebody else, and no fault of the account. */
static void add_own_view(struct buf *buf, const struct run_info *run)
{
    size_t count = run->summary.rules[VERDICT_UNKNOWN];
    struct str rules = words_plural(buf->arena, count, "rule");
    buf_addf(buf, "nothing is wrong as far as this key sees; %.*s need%s an admin to run the check", STR_ARG(rules),
             count == 1 ? "s" : "");
}

static void add_not_decided(struct buf *buf, const struct run_info *run, const struct step *steps, size_t count)
{
    struct str unknown = words_plural(buf->arena, run->summary.rules[VERDICT_UNKNOWN], "rule");
    const struct step *first = first_open(steps, count, VERDICT_UNKNOWN);
    const struct step *pending = first_open(steps, count, VERDICT_PENDING);
    if (!words_total(&run->summary))
        buf_add(buf, STR("no rule was selected, so nothing was checked"));
    else if (run->summary.rules[VERDICT_UNKNOWN])
        buf_addf(buf, "%.*s could not be decided", STR_ARG(unknown));
    else
        buf_add(buf, STR("nothing is wrong, and only time is missing"));
    if (!run->summary.rules[VERDICT_UNKNOWN])
        first = pending;
    if (first)
        buf_addf(buf, "; %s%.*s", first != pending ? "first: " : "",
                 STR_ARG(lower_first(buf->arena, steps_sentence(first))));
}

/** "3 of 120 targets are not ready"; `total` 0 is left out. */
static void add_targets(struct buf *buf, size_t count, size_t total, const char *what)
{
    buf_add(buf, words_count(buf->arena, count));
    if (total)
        buf_addf(buf, " of %.*s", STR_ARG(words_plural(buf->arena, total, "target")));
    buf_addf(buf, " %s %s", count == 1 ? "is" : "are", what);
}

void headline_count_targets(struct arena *scratch, const struct run_info *run, size_t *ret_counts)
{
    memset(ret_counts, 0, STANDING_COUNT * sizeof *ret_counts);
    for (size_t i = 0; i < run->targets.count; i++) {
        struct arena_mark mark = arena_mark(scratch);
        struct target_row row;
        if (run_target(run, i, scratch, &row))
            ret_counts[headline_standing_of(row.exit_status)]++;
        arena_rewind(scratch, mark);
    }
}

/** "3 of 120 targets are not ready, 2 are not decided." */
static struct str targets_text(struct arena *arena, const struct run_info *run)
{
    size_t counts[STANDING_COUNT];
    headline_count_targets(arena, run, counts);
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    buf_addf(&buf, "%.*s: ", STR_ARG(headline_word(headline_standing(run))));
    if (counts[STANDING_READY] == run->targets.count)
        buf_addf(&buf, "all %.*s", STR_ARG(words_plural(arena, run->targets.count, "target")));
    if (counts[STANDING_NOT_READY])
        add_targets(&buf, counts[STANDING_NOT_READY], run->targets.count, "not ready");
    if (counts[STANDING_NOT_READY] && counts[STANDING_NOT_DECIDED])
        buf_add(&buf, STR(", "));
    if (counts[STANDING_NOT_DECIDED])
        add_targets(&buf, counts[STANDING_NOT_DECIDED], counts[STANDING_NOT_READY] ? 0 : run->targets.count,
                    "not decided");
    buf_add_char(&buf, '.');
    return buf_str(&buf);
}

struct str headline_text(struct arena *arena, const struct run_info *run)
{
    if (run->targets.count)
        return targets_text(arena, run);
    size_t count;
    const struct step *steps = steps_of(arena, run, false, &count);
    enum standing standing = headline_standing(run);
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    buf_addf(&buf, "%.*s: ", STR_ARG(headline_word(standing)));
    if (standing == STANDING_READY)
        add_ready(&buf, run);
    else if (standing == STANDING_NOT_READY)
        add_not_ready(&buf, run, steps, count);
    else if (run->admin_command.len && run->summary.rules[VERDICT_UNKNOWN])
        add_own_view(&buf, run);
    else
        add_not_decided(&buf, run, steps, count);
    struct str advice = words_count(arena, run->summary.advice_rules);
    if (run->summary.advice_rules && run->baseline)
        buf_addf(&buf, "; %.*s more in the baseline, or as advice", STR_ARG(advice));
    else if (run->summary.advice_rules)
        buf_addf(&buf, "; %.*s piece%s of advice", STR_ARG(advice), run->summary.advice_rules == 1 ? "" : "s");
    buf_add_char(&buf, '.');
    return buf_str(&buf);
}
