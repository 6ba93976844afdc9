/* card.c: see card.h. */
#include "reports/html/card.h"

#include "base/map.h"
#include "reports/html/body.h"
#include "reports/words/clean.h"
#include "reports/words/words.h"

#define FIRST 12                     /* results of a card that are elements from the start */
#define BODY_BYTES ((size_t)2 << 20) /* of all templates: beyond them results have only their line */
#define NO_BODY (-1)

static const struct words_limits limits = {.max_items = 20, .max_bytes = 400};

struct bodies {
    struct map *known; /* text → its number */
    struct buf templates;
    size_t count;
};

struct card {
    struct str place;
    struct str to_do;
    size_t count; /* of results that are shown */
    size_t left_out;
    struct buf first; /* markup */
    struct str body;  /* of the results written last; stands behind them */
    struct buf rest;  /* a JSON array each, without the outer brackets */
};

struct bodies *bodies_open(struct arena *arena)
{
    struct bodies *bodies = arena_new(arena, struct bodies);
    *bodies = (struct bodies){.known = map_open(arena), .templates = buf_make(arena, BUF_NO_MAX)};
    return bodies;
}

void bodies_write(const struct html_page *page, const struct bodies *bodies)
{
    markup_copy(page->markup, buf_str(&bodies->templates));
}

struct card *card_open(struct arena *arena)
{
    struct card *card = arena_new(arena, struct card);
    *card = (struct card){.first = buf_make(arena, BUF_NO_MAX), .rest = buf_make(arena, BUF_NO_MAX)};
    return card;
}

/** The body's number; NO_BODY where the templates are full. */
static int body_number(const struct html_page *page, struct bodies *bodies, struct str body)
{
    const size_t *known = map_get(bodies->known, body);
    if (known)
        return (int)*known;
    if (bodies->templates.len + (size_t)body.len > BODY_BYTES)
        return NO_BODY;
    size_t *number = arena_new(page->arena, size_t);
    *number = bodies->count++;
    map_set(bodies->known, str_copy(page->arena, body), number);
    buf_addf(&bodies->templates, "<template id=\"b%zu\">", *number);
    buf_add(&bodies->templates, body);
    buf_add(&bodies->templates, STR("</template>\n"));
    return (int)*number;
}

/** A value where there is no message that says it; a document is for those who open it. */
static struct str bare_value(const struct html_page *page, const struct result *result, const struct json *value)
{
    return value && !result->message.len && words_is_brief(value) ? words_value(page->scratch, value, limits) : STR("");
}

/** "expected at most 48 hours; it is 126": what stands beside the message. */
static struct str facts_text(const struct html_page *page, const struct result *result)
{
    struct buf buf = buf_make(page->scratch, BUF_NO_MAX);
    struct str expected = bare_value(page, result, result->expected);
    const struct {
        const char *label;
        struct str text;
    } parts[] = {
        {"account ", str_equal(result->account, page->run->account) ? STR("") : result->account},
        {"found ", bare_value(page, result, result->actual)},
        {"expected ", result->comparison.len ? result->comparison : expected},
        {"look again at ", words_time(page->scratch, result->until)},
        {"waived: ", result->waiver ? words_waiver(page->scratch, result->waiver) : STR("")},
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (parts[i].text.len)
            buf_addf(&buf, "%s%s%.*s", buf.len ? ", " : "", parts[i].label, STR_ARG(parts[i].text));
    }
    return buf_str(&buf);
}

/** JSON in a script element: `<` is written as an escape, so that no value ends the element. */
static void add_row(struct buf *rest, const struct html_page *page, const struct result *result, int body)
{
    const struct str texts[] = {result->id, words_quoted(page->scratch, words_subject(page->scratch, result)),
                                result->message.len ? result->message : result->title, facts_text(page, result)};
    struct json items[COUNT_OF(texts) + 1];
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        items[i] = json_string(clean_xml(page->scratch, texts[i]));
    items[COUNT_OF(texts)] = json_number(body);
    struct json row = json_array(items, COUNT_OF(items));
    struct str text = json_text(page->scratch, &row, 0);
    buf_add(rest, rest->len ? STR(",\n") : STR(""));
    for (ptrdiff_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '<')
            buf_add(rest, STR("\\u003c"));
        else
            buf_add_char(rest, text.ptr[i]);
    }
}

static void link_to(const struct html_page *page, const struct result *result)
{
    if (!result->id.len)
        return;
    markup_start(page->markup, "a");
    markup_attribute_c(page->markup, "class", "id soft");
    markup_attribute(page->markup, "href", str_join3(page->scratch, STR("#r-"), result->id, STR("")));
    markup_attribute_c(page->markup, "aria-label", "Link to this result");
    markup_text_c(page->markup, "#");
    markup_end(page->markup);
}

static void write_finding(const struct html_page *page, const struct result *result)
{
    struct markup *markup = page->markup;
    struct str facts = facts_text(page, result);
    markup_start(markup, "li");
    if (result->id.len)
        markup_attribute(markup, "id", str_join3(page->scratch, STR("r-"), result->id, STR("")));
    struct str subject = words_subject(page->scratch, result);
    if (subject.len) {
        markup_element(markup, "code", words_quoted(page->scratch, subject));
        markup_text_c(markup, " ");
    }
    markup_text(markup, result->message.len ? result->message : result->title);
    markup_text_c(markup, " ");
    if (facts.len)
        markup_element(markup, "code", facts);
    markup_text_c(markup, " ");
    link_to(page, result);
    body_documents(page, result);
    markup_end(markup);
    markup_raw(markup, "\n");
}

/** What the results written last have in common. */
static void write_body(const struct html_page *page, const struct card *card)
{
    markup_raw(page->markup, "</ol>");
    if (!card->body.len)
        return;
    markup_raw(page->markup, "<div class=\"body\">");
    markup_copy(page->markup, card->body);
    markup_raw(page->markup, "</div>\n");
}

void card_add(const struct html_page *page, struct bodies *bodies, struct card *card, const struct result *result,
              bool shown)
{
    struct sink sink = sink_to_buf(&card->first);
    if (card->count + card->left_out == 0) {
        card->place = str_copy(page->arena, result->place);
        card->to_do = str_copy(page->arena, result->to_do);
    }
    if (!shown) {
        card->left_out++;
        return;
    }
    struct str body = body_text(page, result);
    if (card->count++ >= FIRST) {
        bool same = str_equal(body, card->body);
        add_row(&card->rest, page, result, same ? NO_BODY : body_number(page, bodies, body));
        return;
    }
    markup_redirect(page->markup, &sink);
    if (card->count > 1 && !str_equal(body, card->body)) {
        write_body(page, card);
        markup_raw(page->markup, "<ol class=\"findings\">\n");
    }
    write_finding(page, result);
    markup_redirect(page->markup, page->sink);
    if (!str_equal(body, card->body))
        card->body = str_copy(page->arena, body);
}

/** The attributes that the filter reads, and the anchor. */
static void write_identity(const struct html_page *page, const struct group *group, bool anchor)
{
    const struct card *card = group->own;
    if (anchor)
        markup_attribute(page->markup, "id", str_join3(page->scratch, STR("rule-"), group->rule, STR("")));
    markup_attribute(page->markup, "data-status", html_status(group->verdict, group->advice));
    markup_attribute(page->markup, "data-severity", severity_name(group->severity));
    markup_attribute(page->markup, "data-place", card->place);
    markup_attribute_count(page->markup, "data-count", card->count);
}

/** The results that are no elements yet: a line that opens, and the data. */
static void write_rest(const struct html_page *page, const struct card *card)
{
    struct markup *markup = page->markup;
    if (!card->rest.len)
        return;
    struct str more = words_count(page->scratch, card->count - FIRST);
    markup_raw(markup, "<noscript><p>");
    markup_text(markup, str_format(page->scratch, "and %.*s more, which this page's script would show", STR_ARG(more)));
    markup_raw(markup, "</p></noscript><details class=\"more\" hidden><summary>");
    markup_text(markup, str_format(page->scratch, "and %.*s more", STR_ARG(more)));
    markup_raw(markup, "</summary><ol class=\"findings\"></ol><button type=\"button\">Show more</button></details>"
                       "<script type=\"application/json\">[");
    markup_copy(markup, buf_str(&card->rest));
    markup_raw(markup, "]</script>\n");
}

/** How many are not in the page, and where they are. */
static void write_left_out(const struct html_page *page, const struct card *card)
{
    struct markup *markup = page->markup;
    struct str count = words_count(page->scratch, card->left_out);
    if (!card->left_out)
        return;
    markup_raw(markup, "<p class=\"soft\">");
    markup_text(markup, str_format(page->scratch, card->count ? "and %.*s more" : "%.*s, none of them in this page",
                                   STR_ARG(count)));
    if (page->beside.len) {
        markup_text_c(markup, ": ");
        html_link_beside(page);
    }
    markup_raw(markup, "</p>\n");
}

static void write_content(const struct html_page *page, const struct card *card)
{
    if (card->count) {
        markup_raw(page->markup, "<ol class=\"findings\">\n");
        markup_copy(page->markup, buf_str(&card->first));
        write_body(page, card);
        write_rest(page, card);
    }
    write_left_out(page, card);
}

/** What to do about the whole card: the step's sentence, or the one result's own. */
static void write_do(const struct html_page *page, const struct group *group)
{
    const struct card *card = group->own;
    const struct run_info *run = page->run;
    bool is_step = group->verdict == VERDICT_FAIL && group->step < run->cause_count;
    struct str to_do = is_step ? run->causes[group->step].title : card->to_do;
    if (!to_do.len)
        return;
    markup_start(page->markup, "p");
    markup_attribute_c(page->markup, "class", "do");
    markup_text(page->markup, to_do);
    markup_end(page->markup);
}

void card_write(const struct html_page *page, const struct group *group, bool anchor)
{
    struct markup *markup = page->markup;
    markup_start(markup, "article");
    markup_attribute(markup, "class",
                     str_join3(page->scratch, STR("s-"), html_status(group->verdict, group->advice), STR("")));
    write_identity(page, group, anchor);
    markup_raw(markup, "<div class=\"top\">");
    html_badge(page, group->verdict, group->advice, group->old);
    markup_start(markup, "span");
    markup_attribute_c(markup, "class", "badge soft");
    markup_text(markup, severity_name(group->severity));
    markup_end(markup);
    markup_element(markup, "code", group->rule);
    markup_raw(markup, "</div>");
    markup_element(markup, "h3", group->title);
    write_do(page, group);
    write_content(page, group->own);
    markup_end(markup);
    markup_raw(markup, "\n");
}

void card_write_item(const struct html_page *page, const struct group *group, bool anchor)
{
    struct markup *markup = page->markup;
    const struct card *card = group->own;
    markup_start(markup, "details");
    markup_attribute_c(markup, "class", "item");
    write_identity(page, group, anchor);
    markup_raw(markup, "<summary>");
    html_badge(page, group->verdict, group->advice, group->old);
    markup_element(markup, "code", group->rule);
    markup_text_c(markup, " ");
    markup_text(markup, group->title);
    if (group->collapsed)
        markup_text(markup, str_join3(page->scratch, STR(": waits for "), group->root_cause, STR("")));
    else if (group->count > 1)
        markup_text(markup, str_format(page->scratch, " (%.*s)", STR_ARG(words_count(page->scratch, group->count))));
    markup_raw(markup, "</summary>");
    write_content(page, card);
    markup_end(markup);
    markup_raw(markup, "\n");
}
