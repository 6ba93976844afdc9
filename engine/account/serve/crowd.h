/*
 * crowd.h: several accounts in one server, each a playback of its own. Whose request it is follows from the access key
 * that signed it: one that was named, or one that sts:AssumeRole gave out here for a role of that account.
 */
#ifndef EXPORTCHECK_ACCOUNT_SERVE_CROWD_H
#define EXPORTCHECK_ACCOUNT_SERVE_CROWD_H

#include "account/serve/playback.h"

struct crowd;

/** `first` answers whoever is not known otherwise. */
struct crowd *crowd_open(struct arena *arena, const struct playback *first);

/** Adds an account; `access_key_id` may be empty: it is reached by assumed roles alone. */
void crowd_add(struct crowd *crowd, struct str access_key_id, const struct playback *playback);

/** The account that a request is for. */
const struct playback *crowd_find(const struct crowd *crowd, const struct wire_request *request);

/**
 * The answer to sts:AssumeRole, with a key by which the role's account is found again; AWS's refusal where that account
 * is not here. `elapsed` as for playback_answer(). False: the request is another.
 */
bool crowd_assume(const struct crowd *crowd, struct arena *arena, const struct wire_request *request, int64_t elapsed,
                  struct wire_answer *ret) MUST_CHECK;

#endif
