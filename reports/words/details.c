/* details.c: see details.h. */
#include "reports/words/details.h"

#include "reports/words/words.h"

static const struct words_limits limits = {.max_items = 20, .max_bytes = 2000};

/** `Label: text`, left out where there is no text. */
static void add_line(struct buf *buf, const char *label, struct str text)
{
    if (!text.len)
        return;
    buf_add_c(buf, label);
    buf_add(buf, STR(": "));
    buf_add(buf, text);
    buf_add_char(buf, '\n');
}

static void add_value(struct buf *buf, const char *label, const struct json *value)
{
    if (value)
        add_line(buf, label, words_value(buf->arena, value, limits));
}

void details_add_fix(struct buf *buf, const struct fix *fix)
{
    add_line(buf, "In the console", words_console(buf->arena, fix));
    add_line(buf, "Command", fix->cli);
    add_line(buf, "Note", fix->note);
    if (fix->policy) {
        struct str policy = json_text(buf->arena, fix->policy, 2);
        buf_add(buf, STR("Policy:\n"));
        buf_add(buf, policy);
        buf_add_char(buf, '\n');
    }
}

void details_add(struct buf *buf, const struct result *result)
{
    add_line(buf, "Rule", result->rule);
    add_line(buf, "Target", result->target);
    add_line(buf, "Subject", result->subject);
    add_line(buf, "Message", result->message);
    add_line(buf, "Expected", result->comparison);
    if (!result->message.len) {
        add_value(buf, "Found", result->actual);
        add_value(buf, "Expected", result->expected);
    }
    add_line(buf, "Waits for", result->root_cause);
    add_line(buf, "Look again", result->until);
    add_line(buf, "Do", result->to_do);
    add_line(buf, "Why it matters", result->why);
    details_add_fix(buf, &result->fix);
    for (size_t i = 0; i < result->evidence_count; i++)
        add_line(buf, "Evidence", words_evidence(buf->arena, &result->evidence[i]));
    add_line(buf, "Documentation", result->section);
    add_line(buf, "Reference", result->reference);
    add_line(buf, "Id", result->id);
}
