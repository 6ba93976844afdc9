/* registry.c: the table of kinds, from kinds.def. */
#include "checks/registry.h"

#include <stddef.h>

#define CHECK_KIND(name) extern const struct check_kind check_##name;
#include "checks/kinds.def"
#undef CHECK_KIND

const struct check_kind *const check_kinds[] = {
#define CHECK_KIND(name) &check_##name,
#include "checks/kinds.def"
#undef CHECK_KIND
    NULL,
};
