/*
 * snapshot.h: every call of a run with its answer, as one JSON file ("exportcheck-snapshot/1").
 *
 * Reading is strict: what the format does not know, a call made twice, a paging member (it would
 * mean a shortened list) and an operation without a row in the table are refused, with
 * `file:line:column` and the JSON Pointer. Writing is deterministic: calls stand in the order of
 * their keys, so that two runs over the same account differ only where the account does.
 */
#ifndef EXPORTCHECK_ACCOUNT_SNAPSHOT_SNAPSHOT_H
#define EXPORTCHECK_ACCOUNT_SNAPSHOT_SNAPSHOT_H

#include "account/facts/facts.h"

#define SNAPSHOT_FORMAT "exportcheck-snapshot/1"

/** Finds calls by their key; opaque. */
struct snapshot_index;

/** A snapshot. Plain data, immutable; to change it, fill another and pass it to snapshot_make(). */
struct snapshot {
    int64_t created;           /* the account's time, seconds */
    struct str tool;           /* "exportcheck 0.1.0"; may be empty */
    const struct json *target; /* object, never NULL */
    struct str access_key_id;  /* the caller's; may be empty */
    const struct answered_call *calls;
    size_t call_count;
    const struct snapshot_index *index; /* NULL until snapshot_make() */
};

/**
 * Reads the text of a snapshot; `name` begins messages. `text` must outlive the result.
 * False, code "input" or "limit", with the place of the first violation.
 */
bool snapshot_read(struct arena *arena, struct str name, struct str text, const struct snapshot **ret,
                   struct error *error) MUST_CHECK;

/**
 * Builds the index of a filled struct, whose parts are shared. False if two calls are the same by
 * service, operation, region and parameters.
 */
bool snapshot_make(struct arena *arena, const struct snapshot *parts, const struct snapshot **ret,
                   struct error *error) MUST_CHECK;

/** What a collection read, as a snapshot. `fallback_time` is its `created` where no answer told the time. */
const struct snapshot *snapshot_of_facts(struct arena *arena, const struct facts *facts, struct str tool,
                                         int64_t fallback_time);

/**
 * The call with that operation, region and parameters. Where the region alone differs, and the
 * snapshot has the call for one region only, that one: who reads a snapshot need not know the
 * region that its caller was in. NULL: the snapshot lacks it.
 */
const struct answered_call *snapshot_find(const struct snapshot *snapshot, const struct call *call);

/** The call at `position` (below call_count) in the order in which snapshots are written. */
const struct answered_call *snapshot_ordered(const struct snapshot *snapshot, size_t position);

/** Writes the document. Members that hold secrets by their name are left out, at any depth. */
void snapshot_write(struct sink *sink, const struct snapshot *snapshot);

/** Writes the file: complete or not at all, readable by its owner alone (0600). */
bool snapshot_save(const char *path, const struct snapshot *snapshot, struct error *error) MUST_CHECK;

/**
 * Whether both hold the same set of calls by service, operation, parameters, and answer or error
 * code. False, code "differs": names the first call, in the order of keys, in which they do not agree.
 */
bool snapshot_equal(const struct snapshot *a, const struct snapshot *b, struct error *difference) MUST_CHECK;

/**
 * A transport that answers from the snapshot; what it lacks is answered with code NotInSnapshot.
 * Region redirects and HeadBucket need nothing special: the region comes from the answers.
 */
struct transport snapshot_transport(struct arena *arena, const struct snapshot *snapshot);

#endif
