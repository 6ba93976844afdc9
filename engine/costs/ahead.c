/* ahead.c: see ahead.h. Blocks in a ring: the thread fills them, the reader empties them. */
#include "costs/ahead.h"

#include <pthread.h>
#include <string.h>

enum { BLOCKS = 4, BLOCK_SIZE = 1 << 18 };

struct ahead {
    struct byte_source source;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char *room;
    /* the lock's */
    size_t lengths[BLOCKS]; /* 0: the end */
    size_t filled;          /* blocks, ever */
    size_t emptied;
    bool stop;
    struct error error; /* in place of the last block; code empty: none */
    /* the reader's */
    size_t at; /* in the block that is being emptied */
};

static bool fill_block(struct ahead *ahead, char *block, size_t *ret, struct error *error)
{
    size_t got = 1;
    for (*ret = 0; *ret < BLOCK_SIZE && got > 0; *ret += got) {
        if (!ahead->source.read(ahead->source.self, block + *ret, BLOCK_SIZE - *ret, &got, error))
            return false;
    }
    return true;
}

/* Fills the next block once there is room. False: it was the last. */
static bool advance(struct ahead *ahead)
{
    struct error error = {.code = ""};
    size_t length = 0;
    pthread_mutex_lock(&ahead->lock);
    while (ahead->filled - ahead->emptied == BLOCKS && !ahead->stop)
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    size_t block = ahead->filled % BLOCKS;
    bool stop = ahead->stop;
    pthread_mutex_unlock(&ahead->lock);
    bool ok = !stop && fill_block(ahead, ahead->room + block * BLOCK_SIZE, &length, &error);
    pthread_mutex_lock(&ahead->lock);
    ahead->lengths[block] = ok ? length : 0;
    ahead->error = error;
    ahead->filled++;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    return ok && length > 0;
}

static void *work(void *context)
{
    while (advance(context))
        ;
    return NULL;
}

/* The block to be emptied; it stays the reader's until it is given back. */
static bool wait_for_block(struct ahead *ahead, size_t *ret_block, size_t *ret_length, struct error *error)
{
    pthread_mutex_lock(&ahead->lock);
    while (ahead->filled == ahead->emptied)
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    *ret_block = ahead->emptied % BLOCKS;
    *ret_length = ahead->lengths[*ret_block];
    bool ok = *ret_length > 0 || ahead->error.code[0] == '\0';
    if (!ok)
        *error = ahead->error;
    pthread_mutex_unlock(&ahead->lock);
    return ok;
}

static void give_back(struct ahead *ahead)
{
    ahead->at = 0;
    pthread_mutex_lock(&ahead->lock);
    ahead->emptied++;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
}

static bool read_ahead(void *self, char *room, size_t max, size_t *ret, struct error *error)
{
    struct ahead *ahead = self;
    size_t block, length;
    if (!wait_for_block(ahead, &block, &length, error))
        return false;
    *ret = length - ahead->at < max ? length - ahead->at : max;
    memcpy(room, ahead->room + block * BLOCK_SIZE + ahead->at, *ret);
    ahead->at += *ret;
    if (*ret > 0 && ahead->at == length)
        give_back(ahead);
    return true;
}

static void close_ahead(void *object)
{
    struct ahead *ahead = object;
    pthread_mutex_lock(&ahead->lock);
    ahead->stop = true;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    pthread_join(ahead->thread, NULL);
    pthread_cond_destroy(&ahead->changed);
    pthread_mutex_destroy(&ahead->lock);
}

struct byte_source ahead_open(struct arena *arena, const struct byte_source *source)
{
    struct ahead *ahead = arena_new(arena, struct ahead);
    ahead->source = *source;
    ahead->room = arena_array(arena, char, BLOCKS *BLOCK_SIZE);
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->changed, NULL);
    if (pthread_create(&ahead->thread, NULL, work, ahead) != 0)
        return *source;
    arena_defer(arena, close_ahead, ahead);
    return (struct byte_source){ahead, read_ahead};
}
