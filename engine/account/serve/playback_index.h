/* playback_index.h: finding a snapshot's call by what a request says; for playback.c. */
#ifndef EXPORTCHECK_ACCOUNT_SERVE_PLAYBACK_INDEX_H
#define EXPORTCHECK_ACCOUNT_SERVE_PLAYBACK_INDEX_H

#include "account/snapshot/snapshot.h"

struct playback_index;
const struct playback_index *playback_index_open(struct arena *arena, const struct snapshot *snapshot);

/**
 * The call with these parameters, as protocol_decode_request() gives them: of several the one of
 * `region`, else the first; where none has all of them, one that agrees but for
 * how it is sent (protocol_essential()). NULL: none.
 */
const struct answered_call *playback_find(const struct playback_index *index, struct arena *arena,
                                          const struct operation *operation, struct str region,
                                          const struct json *parameters);

/** The region of a bucket, by the calls made on it; empty where there are none. */
struct str playback_bucket_region(const struct playback_index *index, struct str bucket);
/** The bucket that a Host header begins with; empty: none that the snapshot knows. */
struct str playback_bucket_of_host(const struct playback_index *index, struct str host);

#endif
