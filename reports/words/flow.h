/* flow.h: the way of the billing data, from the account to OptScale, what is to mend on it, and where it breaks. */
#ifndef EXPORTCHECK_REPORTS_WORDS_FLOW_H
#define EXPORTCHECK_REPORTS_WORDS_FLOW_H

#include "rule/results.h"

enum flow_state {
    FLOW_HOLDS,
    FLOW_ADVICE, /* holds, with something to make better */
    FLOW_TO_MEND,
    FLOW_FAILS, /* OptScale is predicted to fail */
    FLOW_UNKNOWN,
    FLOW_WAITS,
    FLOW_UNCHECKED, /* no rule looked at it */
    FLOW_STATE_COUNT,
};

struct flow {
    enum flow_state states[PLACE_COUNT];
    enum flow_place first; /* to mend; PLACE_COUNT: there is none */
    bool stops;            /* OptScale is predicted to fail: no data arrives */
    bool role;             /* the principal is a role */
};

/** From the results by place, and from what OptScale is predicted to do. */
struct flow flow_of(const struct run_info *run);

/** "account", "export", "bucket", "files", "user" or "role", "OptScale", "linked accounts". */
struct str flow_label(const struct flow *flow, enum flow_place place);

/** "ok", "advice", "to mend", "fails", "unknown", "waits", "not checked": what text says, so that no mark is the only
 * carrier. */
struct str flow_word(enum flow_state state);

/** One character that repeats the word. */
struct str flow_mark(enum flow_state state);

/** "account ✓ ok → export ✗ to mend → …" */
struct str flow_line(struct arena *arena, const struct flow *flow);

/** "It breaks at: export", or where data arrive all the same, "To mend first: export"; empty where nothing is wrong. */
struct str flow_first(struct arena *arena, const struct flow *flow);

#endif
