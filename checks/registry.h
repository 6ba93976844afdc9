/* registry.h: the kinds of check that this program has. */
#ifndef EXPORTCHECK_CHECKS_REGISTRY_H
#define EXPORTCHECK_CHECKS_REGISTRY_H

#include "rule/check.h"

/** Ends with NULL. */
extern const struct check_kind *const check_kinds[];

#endif
