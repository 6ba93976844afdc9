/* text.c: a comparison for people: the verdict, a line a change, the counts. */
#include "base/macros.h"
#include "reports/compare/compare.h"
#include "reports/words/clean.h"

static void write_text(struct arena *arena, struct sink *sink, const struct comparison *comparison)
{
    sink_addf(sink, "%.*s\n", STR_ARG(comparison_headline(arena, comparison)));
    for (size_t i = 0; i < comparison->change_count; i++) {
        const struct change *change = &comparison->changes[i];
        const struct result *result = change_result(change);
        struct str kind = str_upper(arena, change_name(change->kind));
        const struct str parts[] = {severity_name(result->severity), clean_line(arena, result->rule),
                                    clean_line(arena, result->subject), clean_line(arena, result->message)};
        sink_addf(sink, "%-9.*s", STR_ARG(kind));
        for (size_t p = 0; p < COUNT_OF(parts); p++) {
            if (parts[p].len)
                sink_addf(sink, "  %.*s", STR_ARG(parts[p]));
        }
        sink_addf(sink, "  %.*s\n", STR_ARG(clean_line(arena, result->id)));
    }
    for (size_t kind = 0; kind < CHANGE_COUNT; kind++) {
        struct str name = change_name((enum change_kind)kind);
        sink_addf(sink, "%s%zu %.*s", kind ? ", " : "", comparison->count[kind], STR_ARG(name));
    }
    sink_add_char(sink, '\n');
}

const struct comparison_format comparison_format_text = {"text", write_text};
