/* pool.c: see pool.h. Workers take the next piece from a counter in shared memory, and say there where its text is. */
#include "cli/fleet/pool.h"

#include "base/arena.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

enum {
    PROGRESS_EVERY_MS = 100,
    NO_PIECE = -1,
    PIECES_OF_A_WORKER = 100, /* then another takes its place: what libraries keep does not add up */
};

/* What became of a piece. */
struct slot {
    _Atomic int done; /* set last */
    int worker;
    int signal; /* that ended its worker before it was done */
    long begin;
    size_t length;
};

struct shared {
    _Atomic size_t next;
    _Atomic size_t done;
    _Atomic size_t failed;
    _Atomic long current[POOL_JOBS_MAX]; /* the piece that a worker is at, or NO_PIECE */
    struct slot slots[];
};

struct pool {
    const struct pool_work *work;
    struct shared *shared;
    FILE *files[POOL_JOBS_MAX];
    pid_t processes[POOL_JOBS_MAX]; /* 0: none */
    size_t jobs;
    size_t bytes;
};

static void close_pool(void *object)
{
    struct pool *pool = object;
    for (size_t i = 0; i < pool->jobs; i++) {
        if (pool->files[i])
            fclose(pool->files[i]);
    }
    if (pool->shared)
        munmap(pool->shared, pool->bytes);
}

static bool open_pool(struct arena *arena, const struct pool_work *work, struct pool *pool, struct error *error)
{
    pool->work = work;
    pool->jobs = work->jobs < work->count ? work->jobs : work->count;
    pool->bytes = sizeof *pool->shared + work->count * sizeof pool->shared->slots[0];
    arena_defer(arena, close_pool, pool);
    void *memory = mmap(NULL, pool->bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return error_set(error, ERROR_IO, "no shared memory: %s", strerror(errno));
    pool->shared = memory;
    for (size_t i = 0; i < pool->jobs; i++) {
        pool->files[i] = tmpfile();
        if (!pool->files[i])
            return error_set(error, ERROR_IO, "no temporary file: %s", strerror(errno));
    }
    return true;
}

static void do_piece(struct pool *pool, int worker, size_t index)
{
    struct shared *shared = pool->shared;
    struct slot *slot = &shared->slots[index];
    FILE *file = pool->files[worker];
    shared->current[worker] = (long)index;
    fseek(file, 0, SEEK_END);
    slot->worker = worker;
    slot->begin = ftell(file);
    bool good = pool->work->run(pool->work->context, index, file);
    if (fflush(file) != 0 || ferror(file))
        _exit(4);
    slot->length = (size_t)(ftell(file) - slot->begin);
    slot->done = 1;
    if (!good)
        shared->failed++;
    shared->done++;
    shared->current[worker] = NO_PIECE;
}

static void work_until_done(struct pool *pool, int worker)
{
    size_t index;
#ifdef __linux__
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* no worker outlives the run */
#endif
    for (int i = 0; i < PIECES_OF_A_WORKER && (index = atomic_fetch_add(&pool->shared->next, 1)) < pool->work->count;
         i++)
        do_piece(pool, worker, index);
    _exit(0);
}

static bool start_worker(struct pool *pool, int worker, struct error *error)
{
    pool->shared->current[worker] = NO_PIECE;
    pid_t process = fork();
    if (process < 0)
        return error_set(error, ERROR_IO, "no process: %s", strerror(errno));
    if (process == 0)
        work_until_done(pool, worker);
    pool->processes[worker] = process;
    return true;
}

static int worker_of(const struct pool *pool, pid_t process)
{
    for (size_t i = 0; i < pool->jobs; i++) {
        if (pool->processes[i] == process)
            return (int)i;
    }
    return -1;
}

/* A worker has ended: done with its share, or in the middle of a piece, which then is lost; another takes its place. */
static bool take_leave(struct pool *pool, pid_t process, int status, struct error *error)
{
    int worker = worker_of(pool, process);
    if (worker < 0)
        return true;
    pool->processes[worker] = 0;
    long index = pool->shared->current[worker];
    if (index == NO_PIECE)
        return pool->shared->next >= pool->work->count || start_worker(pool, worker, error);
    pool->shared->slots[index].signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    pool->shared->done++;
    pool->shared->failed++;
    return start_worker(pool, worker, error);
}

static size_t count_running(const struct pool *pool)
{
    size_t count = 0;
    for (size_t i = 0; i < pool->jobs; i++)
        count += pool->processes[i] != 0;
    return count;
}

static void tell_progress(const struct pool *pool)
{
    size_t done = pool->shared->done;
    size_t running = count_running(pool);
    size_t rest = pool->work->count - done;
    pool->work->progress(pool->work->context, done, running < rest ? running : rest,
                         rest > running ? rest - running : 0, pool->shared->failed);
}

static bool wait_for_all(struct pool *pool, struct error *error)
{
    bool watched = pool->work->progress != NULL;
    while (count_running(pool)) {
        int status;
        pid_t process = waitpid(-1, &status, watched ? WNOHANG : 0);
        if (process > 0 && !take_leave(pool, process, status, error))
            return false;
        if (process < 0 && errno != EINTR)
            return error_set(error, ERROR_IO, "waiting for workers: %s", strerror(errno));
        if (process == 0) {
            tell_progress(pool);
            nanosleep(&(struct timespec){.tv_nsec = PROGRESS_EVERY_MS * 1000000L}, NULL);
        }
    }
    return true;
}

static void end_all(struct pool *pool)
{
    for (size_t i = 0; i < pool->jobs; i++) {
        if (pool->processes[i] > 0) {
            kill(pool->processes[i], SIGKILL);
            waitpid(pool->processes[i], NULL, 0);
        }
    }
}

bool pool_run(struct arena *arena, const struct pool_work *work, struct pool **ret, struct error *error)
{
    struct pool *pool = arena_new(arena, struct pool);
    bool ok = open_pool(arena, work, pool, error);
    fflush(NULL); /* what waits in a buffer is written once, not by each worker */
    for (size_t i = 0; ok && i < pool->jobs; i++)
        ok = start_worker(pool, (int)i, error);
    ok = ok && wait_for_all(pool, error);
    if (!ok)
        end_all(pool);
    *ret = pool;
    return ok;
}

bool pool_text(const struct pool *pool, size_t index, FILE **ret_file, long *ret_begin, size_t *ret_length,
               int *ret_signal)
{
    const struct slot *slot = &pool->shared->slots[index];
    *ret_signal = slot->signal;
    if (!slot->done)
        return false;
    *ret_file = pool->files[slot->worker];
    *ret_begin = slot->begin;
    *ret_length = slot->length;
    return true;
}
