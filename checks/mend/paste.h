/* paste.h: the bucket policy to paste: the one that is there, with the documentation's statements in it. */
#ifndef EXPORTCHECK_CHECKS_MEND_PASTE_H
#define EXPORTCHECK_CHECKS_MEND_PASTE_H

#include "policy/prove/prove.h"
#include "policy/template/template.h"

/**
 * The bucket's `own` policy with the statements of `wanted`; `wanted` alone where they cannot be merged. A bucket has
 * one policy: what is pasted takes the place of every statement that it has.
 */
const struct json *grants_paste_merged(struct arena *arena, const struct json *own, const struct json *wanted,
                                       const struct template_asker *asker);

/**
 * The bucket's `own` policy without the Allow statements that by themselves allow a request of `forbidden`; NULL where
 * none is left.
 */
const struct json *grants_paste_cleaned(struct arena *arena, const struct json *own,
                                        const struct prove_environment *environment,
                                        const struct request_set *forbidden);

#endif
