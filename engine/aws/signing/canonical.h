/* canonical.h: the canonical request's parts that signing and verifying share; see sigv4.h for the rest. */
#ifndef EXPORTCHECK_AWS_SIGNING_CANONICAL_H
#define EXPORTCHECK_AWS_SIGNING_CANONICAL_H

#include "aws/signing/sigv4.h"

/** sigv4_canonical_query() without the parameters of these (encoded) names; empty: none is left out. */
struct str sigv4_canonical_query_without(struct arena *arena, struct str query, struct str left_out_1,
                                         struct str left_out_2);

/**
 * Joins the canonical request from a canonical query and the request's other parts. `only` names
 * the signed headers, joined with `;`; NULL takes every header but those that are never signed.
 */
struct str sigv4_canonical_join(struct arena *arena, const struct sigv4_request *request, struct str canonical_query,
                                const struct str *only, struct str *ret_signed_headers);

#endif
