/* cloudformation.h: a correction as a CloudFormation template of one resource. */
#ifndef EXPORTCHECK_REPORTS_FIX_CLOUDFORMATION_H
#define EXPORTCHECK_REPORTS_FIX_CLOUDFORMATION_H

#include "fix/correction.h"

/** The template, as JSON; the empty text where CloudFormation has no such property, or the document goes. */
struct str fix_cloudformation(struct arena *arena, const struct correction *correction);

#endif
