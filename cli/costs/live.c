/* live.c: see live.h. */
#include "cli/costs/live.h"

#include "costs/duckdb.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    RANGE_SIZE = 2 << 20,
    FEEDS_MAX = 16, /* side by side: threads, and as many once more for Parquet */
};

/* An object that is being read. Its fields are the lock's, but for what `taken` is read from. */
struct feed {
    struct live_files *files;
    const struct optscale_object *object;
    int64_t asked; /* bytes that were asked for */
    bool wanted;   /* a range is to be asked for */
    bool pending;  /* it is on its way */
    struct arena *next_arena;
    struct str next;
    bool has_next;
    struct arena *taken_arena; /* what is being read: its reader's alone */
    struct str taken;
    int64_t given;
    struct error error; /* code empty: none */
};

struct live_files {
    struct arena *arena;
    struct transport_live *live;
    struct transport transport;
    struct str bucket;
    struct str region;
    struct str folder;
    const struct costs_period *period;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct feed *feeds[FEEDS_MAX];
    size_t feed_count;
    bool over;
};

static void destroy(void *object)
{
    struct live_files *files = object;
    pthread_cond_destroy(&files->changed);
    pthread_mutex_destroy(&files->lock);
}

struct live_files *live_files_open(struct arena *arena, struct transport_live *live, struct str bucket,
                                   struct str region, struct str folder)
{
    struct live_files *files = arena_new(arena, struct live_files);
    *files = (struct live_files){.arena = arena,
                                 .live = live,
                                 .transport = transport_live_transport(live),
                                 .bucket = bucket,
                                 .region = region,
                                 .folder = folder};
    pthread_mutex_init(&files->lock, NULL);
    pthread_cond_init(&files->changed, NULL);
    arena_defer(arena, destroy, files);
    return files;
}

/* --- the thread that asks --- */

static bool is_changed(const struct answer *answer)
{
    return answer->http_status == 412 || answer->http_status == 416 || str_equal(answer->code, STR("NoSuchKey"));
}

/* Why there is no range: for the reader. */
static void judge_answer(struct feed *feed, const struct answer *answer, int64_t wanted)
{
    struct str body = json_find_string(answer->value, "Body");
    if (is_changed(answer))
        error_set(&feed->error, "changed",
                  "the object changed between listing and reading (%.*s): run again when AWS has delivered",
                  STR_ARG(answer->code));
    else if (answer->code.len > 0)
        error_set(&feed->error, "refused", "s3:GetObject: %.*s: %.*s", STR_ARG(answer->code), STR_ARG(answer->message));
    else if (body.len != wanted)
        error_set(&feed->error, "changed", "S3 gave %lld bytes of a range of %lld: the object changed",
                  (long long)body.len, (long long)wanted);
    else
        feed->next = body;
}

static int64_t range_at(const struct feed *feed, int64_t begin)
{
    int64_t left = feed->object->size - begin;
    return left < RANGE_SIZE ? left : RANGE_SIZE;
}

static void take_answer(void *context, const struct call *call, const struct answer *answer)
{
    struct feed *feed = context;
    struct live_files *files = feed->files;
    (void)call;
    pthread_mutex_lock(&files->lock);
    int64_t wanted = range_at(feed, feed->asked);
    judge_answer(feed, answer, wanted);
    feed->asked += wanted;
    feed->pending = false;
    feed->has_next = true;
    pthread_cond_broadcast(&files->changed);
    pthread_mutex_unlock(&files->lock);
}

static void ask(struct feed *feed)
{
    struct live_files *files = feed->files;
    struct arena *arena = feed->next_arena;
    struct json_builder parameters = json_build(arena, JSON_OBJECT);
    int64_t begin = feed->asked;
    struct str range =
        str_format(arena, "bytes=%lld-%lld", (long long)begin, (long long)(begin + range_at(feed, begin) - 1));
    json_build_append(&parameters, STR("Bucket"), json_string(files->bucket));
    json_build_append(&parameters, STR("Key"), json_string(feed->object->key));
    json_build_append(&parameters, STR("Range"), json_string(range));
    if (feed->object->etag.len > 0)
        json_build_append(&parameters, STR("IfMatch"), json_string(feed->object->etag));
    struct call call = {.operation = operation_find(STR("s3"), STR("GetObject")),
                        .region = files->region,
                        .parameters = json_box(arena, json_built(&parameters)),
                        .decode = DECODE_BYTES};
    transport_live_submit(files->live, arena, &call, take_answer, feed);
}

/* Those that want a range, marked as pending; the lock is held. */
static size_t gather(struct live_files *files, struct feed **ret)
{
    size_t count = 0;
    for (size_t i = 0; i < files->feed_count; i++) {
        struct feed *feed = files->feeds[i];
        if (!feed->wanted)
            continue;
        feed->wanted = false;
        feed->pending = true;
        feed->next_arena = arena_open(0);
        ret[count++] = feed;
    }
    return count;
}

static void attend(void *self)
{
    struct live_files *files = self;
    struct feed *wanting[FEEDS_MAX];
    for (;;) {
        pthread_mutex_lock(&files->lock);
        size_t count = gather(files, wanting);
        while (count == 0 && !files->over) {
            pthread_cond_wait(&files->changed, &files->lock);
            count = gather(files, wanting);
        }
        files->over = files->over && count > 0; /* for the next time */
        pthread_mutex_unlock(&files->lock);
        if (count == 0)
            return;
        for (size_t i = 0; i < count; i++)
            ask(wanting[i]);
        files->transport.run(files->transport.self);
    }
}

static void wake(void *self)
{
    struct live_files *files = self;
    pthread_mutex_lock(&files->lock);
    files->over = true;
    pthread_cond_broadcast(&files->changed);
    pthread_mutex_unlock(&files->lock);
}

/* --- those who read --- */

/* Takes the next range over, and asks for the one behind it. */
static bool take_range(struct feed *feed, struct error *error)
{
    struct live_files *files = feed->files;
    pthread_mutex_lock(&files->lock);
    while (!feed->has_next)
        pthread_cond_wait(&files->changed, &files->lock);
    bool ok = feed->error.code[0] == '\0';
    struct arena *done = feed->taken_arena;
    feed->taken_arena = feed->next_arena;
    feed->taken = ok ? feed->next : STR("");
    feed->next_arena = NULL;
    feed->has_next = false;
    feed->wanted = ok && feed->asked < feed->object->size;
    pthread_cond_broadcast(&files->changed);
    pthread_mutex_unlock(&files->lock);
    arena_close(done);
    if (!ok)
        *error = feed->error;
    return ok;
}

static bool read_feed(void *self, char *room, size_t max, size_t *ret, struct error *error)
{
    struct feed *feed = self;
    *ret = 0;
    if (feed->given == feed->object->size)
        return true;
    if (feed->taken.len == 0 && !take_range(feed, error))
        return false;
    struct str part = str_slice(feed->taken, 0, (ptrdiff_t)max);
    memcpy(room, part.ptr, (size_t)part.len);
    feed->taken = str_skip(feed->taken, part.len);
    feed->given += part.len;
    *ret = (size_t)part.len;
    return true;
}

/* Nobody may hold the feed when its memory goes. */
static void close_feed(void *object)
{
    struct feed *feed = object;
    struct live_files *files = feed->files;
    pthread_mutex_lock(&files->lock);
    feed->wanted = false;
    while (feed->pending)
        pthread_cond_wait(&files->changed, &files->lock);
    size_t at = 0;
    while (files->feeds[at] != feed)
        at++;
    files->feeds[at] = files->feeds[--files->feed_count];
    pthread_mutex_unlock(&files->lock);
    arena_close(feed->next_arena);
    arena_close(feed->taken_arena);
}

static bool open_object(void *self, struct arena *arena, size_t file, struct byte_source *ret, struct error *error)
{
    struct live_files *files = self;
    struct feed *feed = arena_new(arena, struct feed);
    *feed = (struct feed){.files = files, .object = files->period->files[file]};
    pthread_mutex_lock(&files->lock);
    bool ok = files->feed_count < FEEDS_MAX;
    if (ok) {
        files->feeds[files->feed_count++] = feed;
        feed->wanted = feed->object->size > 0;
        pthread_cond_broadcast(&files->changed);
    }
    pthread_mutex_unlock(&files->lock);
    if (!ok)
        return error_set(error, ERROR_LIMIT, "too many objects are read side by side");
    arena_defer(arena, close_feed, feed);
    *ret = (struct byte_source){feed, read_feed};
    return true;
}

/* --- Parquet: a copy that lives as long as it is read --- */

static void remove_copy(void *path)
{
    unlink(path);
}

static bool copy_to(const struct byte_source *bytes, int fd, char *room, size_t size, struct error *error)
{
    size_t got = 0;
    do {
        if (!bytes->read(bytes->self, room, size, &got, error))
            return false;
        if (write(fd, room, got) != (ssize_t)got)
            return error_set(error, ERROR_IO, "cannot write a temporary copy: %s", strerror(errno));
    } while (got > 0);
    return true;
}

static bool open_parquet(void *self, struct arena *arena, size_t file, struct byte_source *ret, struct error *error)
{
    enum { ROOM = 1 << 16 };
    const struct live_files *files = self;
    struct byte_source bytes;
    char *path = str_to_c(arena, str_format(arena, "%.*s/exportcheck-XXXXXX", STR_ARG(files->folder)));
    if (!open_object(self, arena, file, &bytes, error))
        return false;
    int fd = mkstemp(path);
    if (fd < 0)
        return error_set(error, ERROR_IO, "cannot make a temporary copy in %.*s: %s", STR_ARG(files->folder),
                         strerror(errno));
    arena_defer(arena, remove_copy, path);
    bool ok = copy_to(&bytes, fd, arena_array(arena, char, ROOM), ROOM, error);
    close(fd);
    return ok && duckdb_open_parquet(arena, str_from(path), ret, error);
}

void live_files_read(struct live_files *files, struct costs_period *period, struct cost_period_options *reading,
                     struct arena *arena)
{
    struct cost_opener opener = {files, open_object, open_parquet};
    files->period = period;
    reading->opener = &opener;
    reading->attend = attend;
    reading->wake = wake;
    reading->self = files;
    cost_period_read(arena, reading, &period->statement);
}
