/* apply.h: the AWS CLI line of a correction, and the one that takes it back; run in the correction's folder. */
#ifndef EXPORTCHECK_REPORTS_FIX_APPLY_H
#define EXPORTCHECK_REPORTS_FIX_APPLY_H

#include "fix/correction.h"

struct str fix_apply(struct arena *arena, const struct correction *correction);
struct str fix_undo(struct arena *arena, const struct correction *correction);

#endif
