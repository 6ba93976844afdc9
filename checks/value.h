/* value.h: the words of the kind `value`, for those who explain a rule. */
#ifndef EXPORTCHECK_CHECKS_VALUE_H
#define EXPORTCHECK_CHECKS_VALUE_H

#include "base/json/json.h"

/** The definition of a check of this kind as a sentence: `hours_since(newest.file.LastModified) is at most 48 hours`.
 */
struct str value_sentence(struct arena *arena, const struct json *definition);

#endif
