/* ahead.c: see ahead.h. Two batches go to and fro: while one is written to the reports, the thread fills the other. */
#include "reports/results/ahead.h"

#include <pthread.h>

enum { BATCH = 64, BATCH_BYTES = 1 << 20 /* long lines: fewer of them */ };

struct batch {
    struct arena *arena; /* of its results */
    struct arena_mark start;
    struct result items[BATCH];
    size_t count;
    bool ended; /* behind these comes nothing more: the file is over, or `failed` */
    bool failed;
    struct error error;
    bool full; /* the lock's: whether it waits to be read, or to be filled */
};

struct results_ahead {
    struct results_stream *stream;
    struct batch batches[2];
    struct batch *held; /* by the reader; NULL: it has to wait for the next */
    size_t next;
    size_t given; /* of the one that is held */
    bool threaded;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stop; /* the lock's */
};

static void fill(struct results_stream *stream, struct batch *batch)
{
    bool more = true;
    size_t before = arena_used(batch->arena);
    arena_rewind(batch->arena, batch->start);
    batch->count = 0;
    while (batch->count < BATCH && arena_used(batch->arena) - before < BATCH_BYTES && more && !batch->failed) {
        struct result *item = &batch->items[batch->count];
        batch->failed = !results_stream_next(stream, batch->arena, item, &more, &batch->error);
        batch->count += more && !batch->failed;
    }
    batch->ended = !more || batch->failed;
}

/* Waits until the batch is full, or empty. False: nobody wants it any more. */
static bool wait_for(struct results_ahead *ahead, const struct batch *batch, bool full)
{
    pthread_mutex_lock(&ahead->lock);
    while (batch->full != full && !ahead->stop)
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    bool stop = ahead->stop;
    pthread_mutex_unlock(&ahead->lock);
    return !stop;
}

static void hand_over(struct results_ahead *ahead, struct batch *batch, bool full)
{
    pthread_mutex_lock(&ahead->lock);
    batch->full = full;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
}

static void *read_on(void *data)
{
    struct results_ahead *ahead = data;
    bool ended = false;
    for (size_t i = 0; !ended && wait_for(ahead, &ahead->batches[i], false); i = !i) {
        fill(ahead->stream, &ahead->batches[i]);
        ended = ahead->batches[i].ended;
        hand_over(ahead, &ahead->batches[i], true);
    }
    return NULL;
}

struct results_ahead *results_ahead_open(struct arena *arena, struct results_stream *stream)
{
    struct results_ahead *ahead = arena_new(arena, struct results_ahead);
    ahead->stream = stream;
    results_stream_keep(stream);
    for (size_t i = 0; i < COUNT_OF(ahead->batches); i++) {
        ahead->batches[i].arena = arena_open(0);
        ahead->batches[i].start = arena_mark(ahead->batches[i].arena);
    }
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->changed, NULL);
    ahead->threaded = pthread_create(&ahead->thread, NULL, read_on, ahead) == 0;
    return ahead;
}

static struct batch *take_next(struct results_ahead *ahead)
{
    struct batch *batch = &ahead->batches[ahead->next];
    ahead->next = !ahead->next;
    ahead->given = 0;
    if (ahead->threaded)
        (void)wait_for(ahead, batch, true);
    else
        fill(ahead->stream, batch);
    return batch;
}

bool results_ahead_next(struct results_ahead *ahead, struct result *ret, bool *ret_more, struct error *error)
{
    if (ahead->held && ahead->given == ahead->held->count && !ahead->held->ended) {
        hand_over(ahead, ahead->held, false);
        ahead->held = NULL;
    }
    if (!ahead->held)
        ahead->held = take_next(ahead);
    *ret_more = ahead->given < ahead->held->count;
    if (*ret_more)
        *ret = ahead->held->items[ahead->given++];
    else if (ahead->held->failed)
        *error = ahead->held->error;
    return *ret_more || !ahead->held->failed;
}

static void stop(struct results_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->stop = true;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    pthread_join(ahead->thread, NULL);
}

void results_ahead_closep(struct results_ahead **pointer)
{
    struct results_ahead *ahead = *pointer;
    if (!ahead)
        return;
    if (ahead->threaded)
        stop(ahead);
    for (size_t i = 0; i < COUNT_OF(ahead->batches); i++)
        arena_close(ahead->batches[i].arena);
    pthread_cond_destroy(&ahead->changed);
    pthread_mutex_destroy(&ahead->lock);
}
