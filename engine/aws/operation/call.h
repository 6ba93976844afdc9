/* call.h: one read-only request to a service, and what came back. Plain data; snapshots hold these. */
#ifndef EXPORTCHECK_AWS_OPERATION_CALL_H
#define EXPORTCHECK_AWS_OPERATION_CALL_H

#include "aws/operation/operation.h"
#include "base/json/json.h"
#include "base/str.h"

/** How an answer's body is decoded where it is no API document: GetObject. */
enum decode_kind {
    DECODE_NONE,
    DECODE_CSV_HEADER,     /* gzip, zip or plain: {"Header": ["column", …]} of the first row */
    DECODE_PARQUET_FOOTER, /* the same of the end of a Parquet file, which names its columns and their bounds */
    DECODE_JSON,           /* the body as a JSON document: {"Json": …} */
    DECODE_BYTES,          /* the body as it came: {"Body": …}; never in a fact or a snapshot */
};

struct call {
    const struct operation *operation;
    struct str region;             /* the region that is asked, and signed for */
    const struct json *parameters; /* object, without paging members; never NULL */
    enum decode_kind decode;       /* not part of a call's identity, and neither is what follows */
    int priority;                  /* how many calls may wait for this one, each for the next: 0 to CALL_PRIORITY_MAX */
};

/** The longest chains are asked first; what is longer than this is as urgent. */
enum { CALL_PRIORITY_MAX = 15 };

struct answer {
    const struct json *value; /* object; NULL where `code` is set */
    struct str
        code; /* empty: success. AWS's code, or Unreachable, Timeout, OutOfTime, BadAnswer, TooLarge, NotInSnapshot */
    struct str message;
    int http_status;          /* 0: none came */
    struct str bucket_region; /* x-amz-bucket-region of S3, which comes with errors too */
    struct str request_id;
    struct str started; /* ISO 8601 */
    int64_t milliseconds;
};

#define ANSWER_UNREACHABLE "Unreachable"
#define ANSWER_TIMEOUT "Timeout"
#define ANSWER_OUT_OF_TIME "OutOfTime" /* the whole run's time was over */
#define ANSWER_BAD "BadAnswer"
#define ANSWER_TOO_LARGE "TooLarge"
#define ANSWER_NOT_IN_SNAPSHOT "NotInSnapshot"

/** Values nested deeper than this are no answer of a service. */
#define WIRE_MAX_DEPTH 64

/** `answer_is_bad(error, format, …)` records that an answer makes no sense and is false. */
#define answer_is_bad(error, ...) error_set((error), ANSWER_BAD, __VA_ARGS__)

/** The identity of a call, "service:Operation region {sorted parameters}": equal text, same call. */
struct str call_key(struct arena *arena, const struct call *call);

/** Whether a code means "not allowed" (facts of AWS: AccessDenied, AccessDeniedException, UnauthorizedOperation, 403,
 * …). */
bool answer_is_denied(const struct answer *answer);

/** Hands the finished answer over; called from transport_run(). Both live in the transport's arena. */
typedef void (*answer_handler)(void *context, const struct call *call, const struct answer *answer);

/**
 * Where answers come from: live AWS, or a snapshot. submit() only queues; run() works until every
 * call that was submitted (also by handlers, meanwhile) is answered. It never fails: a call that
 * could not be made is answered with a code.
 */
struct transport {
    void *self;
    void (*submit)(void *self, const struct call *call, answer_handler handler, void *context);
    void (*run)(void *self);
    /** The account's time: the Date of the first answer (live) or the snapshot's `created`; 0 while unknown. */
    int64_t (*time)(void *self);
    /** The access key id in use (not a secret), or empty. */
    struct str (*access_key_id)(void *self);
};

#endif
