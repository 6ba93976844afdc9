/*
 * playback.h: a snapshot as the services it was read from: a request comes in, the answer that the
 * snapshot holds goes out, in that service's own form. No I/O: serve.h puts it on a socket, tests
 * call it as it is.
 *
 * Requests are matched by operation and parameters as the protocol reads them, so that the clients
 * of any SDK find what ours recorded: the region, a Range and what SDKs add by themselves
 * (x-amz-checksum-mode) matter only where the snapshot tells calls apart by them.
 */
#ifndef EXPORTCHECK_ACCOUNT_SERVE_PLAYBACK_H
#define EXPORTCHECK_ACCOUNT_SERVE_PLAYBACK_H

#include "account/serve/weather.h"
#include "account/snapshot/snapshot.h"
#include "aws/crypto/secret.h"
#include "aws/protocol/protocol.h"

/** A single answer made wrong, for tests of what reads it. */
enum fault_mode {
    FAULT_NONE,
    FAULT_DENIED,    /* the service's own "access denied" */
    FAULT_HTTP_500,  /* InternalError, status 500 */
    FAULT_TRUNCATED, /* the body breaks off in the middle; where there is none, the connection does */
    FAULT_HTML,      /* status 200 and a page of HTML, as a captive portal sends */
    FAULT_MISSING,   /* as if the snapshot lacked the call */
};

struct fault {
    const struct operation *operation;
    struct str part; /* only requests that have it in a parameter: of a key, a range; empty: all */
    enum fault_mode mode;
};

/** Reads `SERVICE:OPERATION[/PART]=MODE`, MODE one of denied, http-500, truncated, html, missing. */
bool fault_parse(struct str text, struct fault *ret, struct error *error) MUST_CHECK;

/** Who asks, where the playback is what one principal would see: decided by a layer above, which knows policies. */
struct playback_caller {
    /**
     * Whether the caller may make this request, signed for `region` (empty: unsigned); if not, AWS's own sentence of
     * refusal, "User: … is not authorized to perform: …". Called from any thread.
     */
    bool (*allows)(const void *context, struct arena *arena, const struct asked *asked, struct str region,
                   struct str *ret_refusal);
    /**
     * What that layer knows better than the snapshot: who asks, with the key `access_key_id`, or what a simulator of
     * policies says. False: the snapshot answers. Called from any thread.
     */
    bool (*answers)(const void *context, struct arena *arena, const struct asked *asked, struct str access_key_id,
                    struct answer *ret);
    const void *context;
};

struct playback_options {
    const struct snapshot *snapshot;
    struct str objects;                   /* a folder of files, BUCKET/KEY (objects.h); empty: none */
    const struct playback_caller *caller; /* NULL: every request is allowed */
    int64_t page_size;                    /* items a page at most; 0: as the client asks */
    struct str access_key_id;             /* where secret_key is set: the one key that is known */
    const struct secret *secret_key;      /* NULL: signatures are not verified */
    bool check_clock;                     /* with a key: refuse what was signed too early or too late */
    const struct fault *faults;
    size_t fault_count;
};

struct playback;

/** Indexes the snapshot. Everything lives in the arena and is immutable from here on: any thread may ask. */
const struct playback *playback_open(struct arena *arena, const struct playback_options *options);

/** The account that it plays, as its sts:GetCallerIdentity says; empty where it has none. */
struct str playback_account(const struct playback *playback);

/** The services' time, `elapsed` seconds after the start. */
int64_t playback_now(const struct playback *playback, int64_t elapsed);

/** What was answered, for the log. */
struct played {
    struct wire_answer wire;
    struct str label; /* "s3:GetBucketPolicy" or the method and path */
    struct str code;  /* of an error; else empty */
    bool breaks_off;  /* nothing is sent: the connection ends */
};

/**
 * Answers one request, which has the headers received (Host among them). `elapsed` is the time in
 * seconds since the playback started: the services' clock is the snapshot's `created` plus that. `event` is what
 * befalls the answer, `fail` the code of a failure.
 */
struct played playback_answer(const struct playback *playback, struct arena *arena, const struct wire_request *request,
                              int64_t elapsed, enum weather_event event, struct str fail);

#endif
