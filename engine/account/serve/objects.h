/*
 * objects.h: real files in place of a snapshot's objects, for `serve --objects DIR`: DIR/BUCKET/KEY, whole or by
 * ranges. An object that the snapshot lists keeps its ETag there as long as its size is the same.
 */
#ifndef EXPORTCHECK_ACCOUNT_SERVE_OBJECTS_H
#define EXPORTCHECK_ACCOUNT_SERVE_OBJECTS_H

#include "account/snapshot/snapshot.h"
#include "aws/protocol/protocol.h"

/**
 * The answer to GetObject or HeadObject from a file under `folder`. False: it is another operation, or there is no such
 * file, and the snapshot answers.
 */
bool objects_answer(struct arena *arena, struct str folder, const struct snapshot *snapshot, const struct asked *asked,
                    struct answer *ret);

#endif
