/* compare.c: see compare.h. */
#include "reports/compare/compare.h"

#include "base/buf.h"
#include "base/macros.h"

static const struct comparison_format *const formats[] = {
    &comparison_format_text,
    &comparison_format_json,
    &comparison_format_markdown,
    &comparison_format_html,
};

const struct comparison_format *comparison_format_find(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        if (str_equal(name, str_from(formats[i]->name)))
            return formats[i];
    }
    return NULL;
}

static void add_count(struct buf *buf, size_t count, const char *word, const char *gap)
{
    if (count)
        buf_addf(buf, "%s%zu %s", buf->len ? gap : "", count, word);
}

struct str comparison_headline(struct arena *arena, const struct comparison *comparison)
{
    const size_t *count = comparison->count;
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    bool better = count[CHANGE_FIXED] || count[CHANGE_GONE];
    const char *word = comparison_has_findings(comparison) ? "Worse" : better ? "Better" : "No change";
    add_count(&buf, count[CHANGE_NEW], "new", ", ");
    add_count(&buf, count[CHANGE_UNDECIDED], "undecided", ", ");
    add_count(&buf, count[CHANGE_ADVICE], "new as advice", "; ");
    add_count(&buf, count[CHANGE_FIXED], "fixed", "; ");
    add_count(&buf, count[CHANGE_GONE], "gone", ", ");
    add_count(&buf, count[CHANGE_UNCHANGED], "failed before and still fail", "; ");
    struct str what = buf.len ? buf_str(&buf) : STR("nothing failed, before or now");
    return str_format(arena, "%s: %.*s.", word, STR_ARG(what));
}

const struct result *change_result(const struct change *change)
{
    return change->after ? change->after : change->before;
}

static struct str state(const struct result *result)
{
    return result ? verdict_name(result->verdict) : STR("none");
}

struct str change_states(struct arena *arena, const struct change *change)
{
    return str_join3(arena, state(change->before), STR(" → "), state(change->after));
}
