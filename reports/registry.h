/* registry.h: the report formats, by name. A new one is a file of its own and a line in formats.def. */
#ifndef EXPORTCHECK_REPORTS_REGISTRY_H
#define EXPORTCHECK_REPORTS_REGISTRY_H

#include "rule/results.h"

/** All formats, in the order of the help. */
extern const struct report_format *const report_formats[];
extern const size_t report_format_count;

/** The format of that name, or NULL. */
const struct report_format *report_format_find(struct str name);

/** The format whose name `typed` most likely meant, as str_nearest() says; the empty view if none is near. */
struct str report_format_nearest(struct arena *arena, struct str typed);

#endif
