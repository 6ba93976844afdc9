/* head.c: see head.h. */
#include "reports/html/head.h"

#include "reports/html/assets.h"
#include "reports/html/picture.h"
#include "reports/html/targets.h"
#include "reports/words/headline.h"
#include "reports/words/steps.h"
#include "reports/words/words.h"

static void write_document_head(const struct html_page *page)
{
    struct markup *markup = page->markup;
    const struct run_info *run = page->run;
    markup_raw(markup, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    markup_raw(markup, "<meta http-equiv=\"Content-Security-Policy\" content=\"");
    markup_raw(markup, html_security_policy);
    markup_raw(
        markup,
        "\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
    struct str standing = headline_word(headline_standing(run));
    markup_element(markup, "title",
                   str_format(page->scratch, "%.*s · exportcheck · %.*s", STR_ARG(standing), STR_ARG(run->account)));
    markup_raw(markup, "\n<style>");
    markup_copy(markup, html_style());
    markup_raw(markup, "</style>\n</head>\n<body>\n<a class=\"skip-link\" href=\"#results\">Skip to the results</a>\n");
}

static void write_tile(const struct html_page *page, const char *status, size_t rules, size_t results,
                       const char *label)
{
    struct markup *markup = page->markup;
    if (!rules)
        return;
    markup_raw(markup, "<li>");
    markup_start(markup, "a");
    markup_attribute(markup, "href", str_join3(page->scratch, STR("#status="), str_from(status), STR("")));
    markup_element(markup, "b", words_count(page->scratch, rules));
    markup_start(markup, "span");
    markup_attribute(markup, "class", str_join3(page->scratch, STR("s-"), str_from(status), STR("")));
    markup_text_c(markup, label);
    markup_end(markup);
    if (results > rules) {
        markup_text_c(markup, " ");
        markup_element(markup, "small", words_plural(page->scratch, results, "result"));
    }
    markup_end(markup);
    markup_raw(markup, "</li>");
}

/** Rules by what came of them, each a filter of the results below. */
static void write_tiles(const struct html_page *page)
{
    static const struct {
        enum verdict verdict;
        const char *label;
    } tiles[] = {
        {VERDICT_UNKNOWN, "unknown"}, {VERDICT_PENDING, "pending"},     {VERDICT_PASS, "passed"},
        {VERDICT_WAIVED, "waived"},   {VERDICT_SKIP, "not applicable"},
    };
    const struct summary *summary = &page->run->summary;
    if (!words_total(summary))
        return;
    markup_raw(page->markup, "<ul class=\"tiles\" aria-label=\"Rules by what came of them\">");
    write_tile(page, "fail", summary->rules[VERDICT_FAIL], summary->count[VERDICT_FAIL] - summary->advice, "failed");
    for (size_t i = 0; i < COUNT_OF(tiles); i++) {
        enum verdict verdict = tiles[i].verdict;
        write_tile(page, verdict_name(verdict).ptr, summary->rules[verdict], summary->count[verdict], tiles[i].label);
    }
    write_tile(page, "advice", summary->advice_rules, summary->advice, "advice");
    markup_raw(page->markup, "</ul>\n");
}

static void write_meta(const struct html_page *page)
{
    const struct run_info *run = page->run;
    const struct str parts[] = {STR("Account "), words_account(run)};
    struct markup *markup = page->markup;
    struct str scenario = json_find_string(run->target, "scenario");
    markup_raw(markup, "<p class=\"meta\"><span>");
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        markup_text(markup, parts[i]);
    markup_raw(markup, "</span>");
    if (scenario.len)
        markup_element(markup, "span", str_join3(page->scratch, STR("Scenario "), scenario, STR("")));
    if (run->finished.len)
        markup_element(markup, "span", words_time(page->scratch, run->finished));
    markup_element(markup, "span", run->tool);
    markup_raw(markup, "</p>\n");
}

void head_write(const struct html_page *page)
{
    write_document_head(page);
    markup_raw(page->markup, "<header>\n");
    markup_element(page->markup, "h1", headline_text(page->scratch, page->run));
    markup_raw(page->markup, "\n");
    write_meta(page);
    struct str view = words_view(page->run);
    if (view.len)
        markup_element(page->markup, "p", view);
    if (!page->run->targets.count) /* it is one account's */
        picture_write(page);
    write_tiles(page);
    markup_raw(page->markup, "</header>\n<main>\n");
}

/** The sentence, which leads to the rule's card where it has one, and the effect. */
static void write_cause(const struct html_page *page, const struct cause *cause)
{
    struct markup *markup = page->markup;
    struct str effect = steps_effect(page->scratch, cause);
    bool is_rule = !str_contains(cause->root_cause, STR(":"));
    markup_start(markup, is_rule ? "a" : "strong");
    if (is_rule)
        markup_attribute(markup, "href", str_join3(page->scratch, STR("#rule-"), cause->root_cause, STR("")));
    markup_text(markup, cause->title);
    markup_end(markup);
    markup_raw(markup, " ");
    if (effect.len)
        markup_element(markup, "span", effect);
}

static void write_step(const struct html_page *page, const struct step *step)
{
    struct markup *markup = page->markup;
    markup_raw(markup, "<li>");
    if (!step->lead.len) {
        write_cause(page, step->causes[0]);
        markup_raw(markup, "</li>\n");
        return;
    }
    markup_text(markup, str_join3(page->scratch, step->lead, STR(":"), STR("")));
    if (step->command.len)
        markup_element(markup, "pre", step->command);
    markup_raw(markup, "<ul>");
    for (size_t i = 0; i < step->cause_count; i++) {
        markup_raw(markup, "<li>");
        write_cause(page, step->causes[i]);
        markup_raw(markup, "</li>");
    }
    markup_raw(markup, "</ul></li>\n");
}

static void write_list(const struct html_page *page, bool advice, const char *opening)
{
    size_t count;
    const struct step *steps = steps_of(page->scratch, page->run, advice, &count);
    if (!count)
        return;
    markup_raw(page->markup, opening);
    for (size_t i = 0; i < count; i++)
        write_step(page, &steps[i]);
    markup_raw(page->markup, advice ? "</ul></div></section>\n" : "</ol></div></section>\n");
}

static void write_prediction(const struct html_page *page)
{
    struct markup *markup = page->markup;
    const struct json *optscale = page->run->optscale;
    if (!json_is(optscale, JSON_OBJECT))
        return;
    markup_raw(markup, "<section id=\"optscale\"><h2>What OptScale will do</h2><div class=\"panel\"><dl>");
    for (size_t i = 0; i < words_prediction_count; i++) {
        const struct json *outcome = json_find(optscale, words_predictions[i].name);
        if (json_is(outcome, JSON_OBJECT))
            html_field(page, words_predictions[i].label, words_prediction(page->scratch, outcome));
    }
    markup_raw(markup, "</dl></div></section>\n");
}

static void write_entries(const struct html_page *page)
{
    struct markup *markup = page->markup;
    const struct run_info *run = page->run;
    if (!run->entry_count)
        return;
    markup_raw(markup, "<section id=\"enter\"><h2>Enter in OptScale</h2><div class=\"panel\"><dl>\n");
    for (size_t i = 0; i < run->entry_count; i++) {
        markup_element(markup, "dt", run->entries[i].label);
        markup_raw(markup, "<dd class=\"value\">");
        markup_start(markup, "code");
        markup_attribute(markup, "data-copy", run->entries[i].label);
        markup_text(markup, run->entries[i].value);
        markup_end_full(markup);
        markup_raw(markup, "</dd>\n");
    }
    markup_raw(markup, "</dl></div></section>\n");
}

void head_write_steps(const struct html_page *page)
{
    targets_write(page);
    write_list(page, false, "<section id=\"first\"><h2>Do this first</h2><div class=\"panel\"><ol class=\"steps\">\n");
    markup_raw(page->markup, "<div class=\"two\">\n");
    write_prediction(page);
    write_entries(page);
    markup_raw(page->markup, "</div>\n");
    write_list(
        page, true,
        "<section id=\"advice\"><h2>Advice</h2><div class=\"panel\"><p class=\"soft\">It does not decide whether the "
        "account is ready.</p><ul class=\"steps\">\n");
}
