/*
 * job.h: one call on its way to AWS: through its tries, its pages, and the corrections of clock and
 * region. Inside this room only; transport.h is what others see.
 */
#ifndef EXPORTCHECK_AWS_LIVE_JOB_H
#define EXPORTCHECK_AWS_LIVE_JOB_H

#include "aws/http/client.h"
#include "aws/live/ledger.h"
#include "aws/live/pace.h"
#include "aws/live/retry.h"
#include "aws/live/session.h"
#include "aws/live/transport.h"
#include "aws/protocol/paging.h"

struct job {
    struct job *next;
    struct transport_live *live;
    struct arena *arena; /* of the job and its answer: the transport's, or the caller's own */
    struct call call;
    answer_handler handler;
    void *context;
    struct pager *pager;
    struct str region;     /* that is asked: the call's, or the one that S3 sent us to */
    struct arena *scratch; /* of one try */
    int64_t signed_at;
    struct retry_tries tries; /* of this page */
    int cost;                 /* of the last retry */
    bool clock_corrected;
    bool region_corrected;
    struct job *earlier; /* in the list of those that a request is sent for, and not answered */
    struct job *later;
    int64_t due; /* when it goes on, clock_milliseconds() */
    struct ledger_row row;
    struct str started;
};

struct queue {
    struct job *first;
    struct job *last;
};

struct transport_live {
    struct arena *arena;
    struct transport_live_options options;
    struct http_client *client;
    struct authenticator door;          /* the client's own */
    struct authenticator authenticator; /* the same, which notes what was sent */
    struct session *session;
    struct retry_budget budget;
    struct queue ready[CALL_PRIORITY_MAX + 1];
    struct queue waiting; /* for their time to go on */
    int64_t patience_ms;  /* more than 0: the deadline moves with each answer */
    struct ledger ledger;
    struct pace *paces;          /* as the ledger's services are numbered */
    int64_t account_time;        /* of the first answer; 0: none yet */
    int64_t submitted;           /* calls so far */
    const struct job *answering; /* whose handler runs; NULL: none */
    size_t used_at_open;         /* bytes of the arena */
    struct error trouble;        /* why nothing can be learned; no code: none */
    struct job *first_under_way; /* the one that was sent first */
    struct job *last_under_way;
    int64_t watched_ms;
};

void job_queue(struct queue *queue, struct job *job);
/** The first of the queue, taken out; NULL. */
struct job *job_unqueue(struct queue *queue);

/** Sends the next request of a job, or ends it with the reason why it cannot be sent. */
void job_start(struct job *job);
/** Hands the answer over. The handler may submit more. */
void job_end(struct job *job, struct answer answer);
/** Lets it wait until `due`; the time is added to `*waiting`, which is one of its row's. */
void job_wait(struct job *job, int64_t due, int64_t *waiting);

/** Where time is counted from the last answer: from now. */
void transport_renew_time(struct transport_live *live);

/** How fast the service is asked. */
struct pace *transport_pace(struct transport_live *live, const struct service *service);

/** An answer that is an error of our own. */
struct answer job_own_error(const char *code, struct str message);

#endif
