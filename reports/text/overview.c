/* overview.c: see overview.h. */
#include "reports/text/overview.h"

#include "reports/words/clean.h"
#include "reports/words/flow.h"
#include "reports/words/headline.h"
#include "reports/words/steps.h"
#include "reports/words/words.h"

#define LAST_STEPS 3 /* steps that the end repeats */

static void write_headline(struct page *page, const struct run_info *run)
{
    static const enum paint paints[STANDING_COUNT] = {
        [STANDING_READY] = PAINT_GREEN, [STANDING_NOT_READY] = PAINT_RED, [STANDING_NOT_DECIDED] = PAINT_YELLOW};
    page_paragraph(page, 0, paints[headline_standing(run)], headline_text(page->scratch, run));
}

static void write_target(struct page *page, const struct json *target)
{
    static const struct words_limits limits = {.max_items = 5, .max_bytes = 200};
    struct buf buf = buf_make(page->scratch, BUF_NO_MAX);
    for (size_t i = 0; json_is(target, JSON_OBJECT) && i < target->count; i++) {
        const struct json_member *member = &target->members[i];
        if (member->value.type == JSON_NULL)
            continue;
        if (buf.len)
            buf_add(&buf, STR(", "));
        buf_add(&buf, member->name);
        if (member->value.type == JSON_ARRAY) /* the list of connected accounts: results name those that matter */
            buf_addf(&buf, " (%zu)", (size_t)member->value.count);
        else
            buf_addf(&buf, " %.*s", STR_ARG(words_target_value(page->scratch, &member->value, limits)));
    }
    page_field(page, 0, "Target", buf_str(&buf));
}

static void write_flow(struct page *page, const struct run_info *run)
{
    struct flow flow = flow_of(run);
    if (!words_total(&run->summary))
        return;
    page_field(page, 0, "Flow", flow_line(page->scratch, &flow));
    page_field(page, 0, "", flow_first(page->scratch, &flow));
}

void overview_head(struct page *page, const struct run_info *run)
{
    struct buf head = buf_make(page->scratch, BUF_NO_MAX);
    write_headline(page, run);
    page_blank(page);
    buf_add(&head, words_account(run));
    if (run->finished.len)
        buf_addf(&head, " · %.*s", STR_ARG(words_time(page->scratch, run->finished)));
    buf_addf(&head, " · %.*s", STR_ARG(run->tool));
    page_field(page, 0, "Account", buf_str(&head));
    page_field(page, 0, "Caller", run->caller);
    page_field(page, 0, "View", words_view(run));
    write_target(page, run->target);
    if (!run->targets.count) /* it is one account's */
        write_flow(page, run);
}

/** Behind the sentence: what else follows, and where below it is told. */
static void write_effect(struct page *page, int indent, const struct cause *cause)
{
    struct str effect = steps_effect(page->scratch, cause);
    struct str anchor = {0};
    if (cause->findings)
        anchor = str_join3(page->scratch, STR("See "), cause->root_cause, STR("."));
    struct str gap = effect.len && anchor.len ? STR(" ") : STR("");
    page_paragraph(page, indent, PAINT_NONE, str_join3(page->scratch, effect, gap, anchor));
}

static void write_step(struct page *page, const struct step *step, struct str mark)
{
    enum { INDENT = 2 };
    int text = INDENT + (int)clean_width(mark) + 1;
    bool several = step->lead.len > 0;
    if (several)
        page_item(page, INDENT, PAINT_BOLD, mark, str_join3(page->scratch, step->lead, STR(":"), STR("")));
    page_command(page, text, step->command);
    for (size_t i = 0; i < step->cause_count; i++) {
        page_item(page, several ? text : INDENT, PAINT_BOLD, several ? STR("-") : mark, step->causes[i]->title);
        write_effect(page, several ? text + 2 : text, step->causes[i]);
    }
}

void overview_steps(struct page *page, const struct run_info *run)
{
    size_t count;
    const struct step *steps = steps_of(page->scratch, run, false, &count);
    if (count)
        page_heading(page, "Do this first");
    for (size_t i = 0; i < count; i++)
        write_step(page, &steps[i], str_format(page->scratch, "%zu.", i + 1));
}

void overview_advice(struct page *page, const struct run_info *run)
{
    size_t count;
    const struct step *steps = steps_of(page->scratch, run, true, &count);
    if (!count)
        return;
    page_heading(page, "Advice");
    page_paragraph(page, 2, PAINT_DIM,
                   str_format(page->scratch, "Below --fail-on %.*s%s: it does not decide whether the account is ready.",
                              STR_ARG(severity_name(run->fail_on)), run->baseline ? ", or in the baseline" : ""));
    for (size_t i = 0; i < count; i++)
        write_step(page, &steps[i], STR("-"));
}

/** The step in one line. */
static struct str step_line(struct arena *arena, const struct step *step)
{
    if (step->cause_count == 1 || step->command.len)
        return steps_sentence(step);
    return str_format(arena, "%.*s, and %zu more in %.*s", STR_ARG(step->causes[0]->title), step->cause_count - 1,
                      STR_ARG(step->causes[0]->where));
}

static void write_last_steps(struct page *page, const struct run_info *run)
{
    size_t count;
    const struct step *steps = steps_of(page->scratch, run, false, &count);
    for (size_t i = 0; i < count && i < LAST_STEPS; i++)
        page_item(page, 2, PAINT_NONE, str_format(page->scratch, "%zu.", i + 1), step_line(page->scratch, &steps[i]));
    if (count > LAST_STEPS)
        page_paragraph(page, 2, PAINT_NONE, str_format(page->scratch, "and %zu more, above", count - LAST_STEPS));
}

void overview_end(struct page *page, const struct run_info *run)
{
    page_blank(page);
    page_paragraph(page, 0, PAINT_DIM, words_ticket(page->scratch, run));
    page_verbatim(page, 0, "Again:", run->command_line);
    page_blank(page);
    write_headline(page, run);
    write_last_steps(page, run);
}
