/* picture.c: see picture.h. Each place is a box that leads to its results; an arrow joins it to the next. */
#include "reports/html/picture.h"

#include "reports/words/flow.h"
#include "reports/words/words.h"

enum { BOX_WIDTH = 128, BOX_HEIGHT = 56, GAP = 24, MARGIN = 4 };

/** A layout: the boxes stand beside each other, or one below the other. */
struct layout {
    const char *class;
    int step_x;
    int step_y;
};

static const struct layout layouts[] = {
    {"wide", BOX_WIDTH + GAP, 0},
    {"tall", 0, BOX_HEIGHT + GAP},
};

static void write_text(const struct html_page *page, const char *class, int x, int y, struct str text)
{
    struct markup *markup = page->markup;
    markup_start(markup, "text");
    if (class)
        markup_attribute_c(markup, "class", class);
    markup_attribute(markup, "x", str_format(page->scratch, "%d", x));
    markup_attribute(markup, "y", str_format(page->scratch, "%d", y));
    markup_text(markup, text);
    markup_end(markup);
}

static void write_box(const struct html_page *page, const struct flow *flow, enum flow_place place, int x, int y)
{
    static const char *const classes[FLOW_STATE_COUNT] = {
        [FLOW_HOLDS] = "s-pass",        [FLOW_ADVICE] = "s-advice",   [FLOW_TO_MEND] = "s-fail breaks",
        [FLOW_FAILS] = "s-fail breaks", [FLOW_UNKNOWN] = "s-unknown", [FLOW_WAITS] = "s-pending",
        [FLOW_UNCHECKED] = "s-skip",
    };
    struct markup *markup = page->markup;
    enum flow_state state = flow->states[place];
    markup_start(markup, "g");
    markup_attribute_c(markup, "class", classes[state]);
    markup_start(markup, "rect");
    markup_attribute(markup, "x", str_format(page->scratch, "%d", x));
    markup_attribute(markup, "y", str_format(page->scratch, "%d", y));
    markup_attribute_count(markup, "width", BOX_WIDTH);
    markup_attribute_count(markup, "height", BOX_HEIGHT);
    markup_attribute_c(markup, "rx", "8");
    markup_end(markup);
    write_text(page, NULL, x + BOX_WIDTH / 2, y + 24, flow_label(flow, place));
    write_text(page, "state", x + BOX_WIDTH / 2, y + 44,
               str_join3(page->scratch, flow_mark(state), STR(" "), flow_word(state)));
    markup_end(markup);
}

/** From the middle of the box's side to that of the next box. */
static void write_arrow(const struct html_page *page, const struct layout *layout, int x, int y)
{
    int from_x = layout->step_x ? x + BOX_WIDTH + 3 : x + BOX_WIDTH / 2;
    int from_y = layout->step_x ? y + BOX_HEIGHT / 2 : y + BOX_HEIGHT + 3;
    const char *line = layout->step_x ? "h" : "v";
    const char *head = layout->step_x ? "m-6-5l6 5l-6 5" : "m-5-6l5 6l5-6";
    markup_start(page->markup, "path");
    markup_attribute(page->markup, "d", str_format(page->scratch, "M%d %d%s%d%s", from_x, from_y, line, GAP - 6, head));
    markup_end(page->markup);
}

static void write_layout(const struct html_page *page, const struct flow *flow, const struct layout *layout)
{
    struct markup *markup = page->markup;
    int width = 2 * MARGIN + BOX_WIDTH + (PLACE_COUNT - 1) * layout->step_x;
    int height = 2 * MARGIN + BOX_HEIGHT + (PLACE_COUNT - 1) * layout->step_y;
    markup_start(markup, "svg");
    markup_attribute_c(markup, "class", layout->class);
    markup_attribute_c(markup, "role", "img");
    markup_attribute(
        markup, "aria-label",
        str_join3(page->scratch, STR("The way of the billing data: "), flow_line(page->scratch, flow), STR("")));
    markup_attribute(markup, "viewBox", str_format(page->scratch, "0 0 %d %d", width, height));
    for (int i = 0; i < PLACE_COUNT; i++) {
        int x = MARGIN + i * layout->step_x;
        int y = MARGIN + i * layout->step_y;
        write_box(page, flow, (enum flow_place)i, x, y);
        if (i + 1 < PLACE_COUNT)
            write_arrow(page, layout, x, y);
    }
    markup_end(markup);
}

void picture_write(const struct html_page *page)
{
    struct flow flow = flow_of(page->run);
    if (!words_total(&page->run->summary))
        return;
    markup_raw(page->markup, "<div class=\"flow\">");
    for (size_t i = 0; i < COUNT_OF(layouts); i++)
        write_layout(page, &flow, &layouts[i]);
    struct str first = flow_first(page->scratch, &flow);
    if (first.len)
        markup_element(page->markup, "p", first);
    markup_raw(page->markup, "</div>\n");
}
