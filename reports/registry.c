/* registry.c: the table of report formats. */
#include "reports/registry.h"

#define REPORT_FORMAT(name) extern const struct report_format report_format_##name;
#include "reports/formats.def"
#undef REPORT_FORMAT

const struct report_format *const report_formats[] = {
#define REPORT_FORMAT(name) &report_format_##name,
#include "reports/formats.def"
#undef REPORT_FORMAT
};
const size_t report_format_count = COUNT_OF(report_formats);

const struct report_format *report_format_find(struct str name)
{
    for (size_t i = 0; i < report_format_count; i++) {
        if (str_equal(str_from(report_formats[i]->name), name))
            return report_formats[i];
    }
    return NULL;
}

struct str report_format_nearest(struct arena *arena, struct str typed)
{
    struct str *names = arena_array(arena, struct str, report_format_count);
    for (size_t i = 0; i < report_format_count; i++)
        names[i] = str_from(report_formats[i]->name);
    return str_nearest(typed, names, report_format_count);
}
