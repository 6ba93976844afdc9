/*
 * patch.h: JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7396): applied to a document, of which they give a new one,
 * and made from two documents. cJSON_Utils does all three on a tree of its own; here our values become such a tree and
 * come back. What cJSON cannot hold is an error: a string with U+0000, a nesting beyond its limit of 1000.
 */
#ifndef EXPORTCHECK_BASE_JSON_PATCH_H
#define EXPORTCHECK_BASE_JSON_PATCH_H

#include "base/json/json.h"

/**
 * Applies the operations in order, all or none. Members of objects keep their places, new ones come last. The result
 * shares its texts with the document. False: which operation failed and why.
 */
bool json_patch(struct arena *arena, const struct json *document, const struct json *operations,
                const struct json **ret, struct error *error) MUST_CHECK;

/** The operations that make `to` of `from`: add, remove and replace. None where they are equal. */
bool json_patch_between(struct arena *arena, const struct json *from, const struct json *to, const struct json **ret,
                        struct error *error) MUST_CHECK;

/** Applies a merge patch; members keep their places, as above. False only for what cJSON cannot hold. */
bool json_merge(struct arena *arena, const struct json *document, const struct json *patch, const struct json **ret,
                struct error *error) MUST_CHECK;

#endif
