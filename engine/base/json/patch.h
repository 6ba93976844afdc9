/* patch.h: JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7396); both give a new document. */
#ifndef EXPORTCHECK_BASE_JSON_PATCH_H
#define EXPORTCHECK_BASE_JSON_PATCH_H

#include "base/json/json.h"

/** Applies the operations in order, all or none. False: which operation failed and why. */
bool json_patch(struct arena *arena, const struct json *document, const struct json *operations,
                const struct json **ret, struct error *error) MUST_CHECK;

/** Applies a merge patch; cannot fail. */
const struct json *json_merge(struct arena *arena, const struct json *document, const struct json *patch);

#endif
