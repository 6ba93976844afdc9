/* period.c: see period.h. */
#include "costs/period.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    THREADS_MAX = 8,
    KEYS_BLOCK = 1024, /* row keys of one file that are looked at together */
};

/* A file's part. */
struct part {
    FILE *keys;
    uint64_t numbers;
    struct cost_place stop;
    struct cost_place ragged;
    uint64_t ragged_count;
    unsigned char *lost; /* a bit for each row number; NULL: none is */
};

struct period {
    struct arena *arena; /* its own, under the lock: the caller's is at work in attend() */
    const struct cost_period_options *options;
    pthread_mutex_t lock;
    size_t next;
    size_t running;
    size_t threads;
    bool second; /* the second time: only lost rows */
    struct part *parts;
    struct cost_sums *sums;
    struct cost_failure *failures;
    size_t failure_count;
};

static struct str copy_text(struct period *period, struct str text)
{
    return str_copy(period->arena, text);
}

static struct cost_place copy_place(struct period *period, const struct cost_place *place)
{
    return (struct cost_place){place->file, place->line, copy_text(period, place->text)};
}

static void keep_failure(struct period *period, size_t file, const struct error *error)
{
    period->failures[period->failure_count++] =
        (struct cost_failure){period->options->names[file], copy_text(period, str_from(error->text))};
}

/* Rows that were counted as imported, or as credits, turn out to be overwritten. */
static void take_back(struct cost_sums *sums, const struct cost_sums *lost)
{
    for (size_t i = 0; i < lost->count; i++) {
        struct cost_account *account = cost_sums_account(sums, lost->accounts[i]->id);
        for (size_t fate = 0; account && fate < COST_FATE_COUNT; fate++) {
            const struct cost_sum *sum = &lost->accounts[i]->fates[fate];
            cost_sum_subtract(&account->fates[fate], sum);
            cost_sum_add(&account->fates[COST_OVERWRITTEN], sum);
        }
    }
    cost_sum_subtract(&sums->moved, &lost->moved);
    cost_sum_subtract(&sums->discounts, &lost->discounts);
}

static void keep_reading(struct period *period, size_t file, const struct cost_reading *reading)
{
    struct part *part = &period->parts[file];
    if (period->second) {
        take_back(period->sums, reading->sums);
        return;
    }
    part->numbers = reading->numbers;
    part->stop = copy_place(period, &reading->stop);
    part->ragged = copy_place(period, &reading->ragged);
    part->ragged_count = reading->ragged_count;
    struct error error;
    if (!cost_sums_merge(period->sums, reading->sums)) {
        error_set(&error, ERROR_LIMIT, "more than a million accounts");
        keep_failure(period, file, &error);
    }
}

/* A processor has nothing else to do when the last files are read. */
static bool is_one_of_the_last(const struct period *period, size_t file)
{
    return period->options->count - file < period->threads;
}

static void read_one(struct period *period, size_t file)
{
    const struct cost_period_options *options = period->options;
    const struct part *part = &period->parts[file];
    struct cost_task task = {.opener = options->opener,
                             .file = file,
                             .name = options->names[file],
                             .import = options->import,
                             .ahead = is_one_of_the_last(period, file),
                             .keys = period->second ? NULL : part->keys,
                             .lost = part->lost};
    CLEANUP(arena_closep) struct arena *arena = arena_open(0);
    struct cost_reading reading;
    struct error error = {.code = ""};
    bool ok = cost_file_read(arena, &task, &reading, &error);
    pthread_mutex_lock(&period->lock);
    if (ok)
        keep_reading(period, file, &reading);
    else
        keep_failure(period, file, &error);
    pthread_mutex_unlock(&period->lock);
}

/* The next file that is to be read; the count where there is none. */
static size_t next_file(struct period *period)
{
    size_t count = period->options->count;
    pthread_mutex_lock(&period->lock);
    while (period->second && period->next < count && !period->parts[period->next].lost)
        period->next++;
    size_t file = period->next < count ? period->next++ : count;
    pthread_mutex_unlock(&period->lock);
    return file;
}

static void *work(void *context)
{
    struct period *period = context;
    for (size_t file = next_file(period); file < period->options->count; file = next_file(period))
        read_one(period, file);
    pthread_mutex_lock(&period->lock);
    bool is_last = --period->running == 0;
    pthread_mutex_unlock(&period->lock);
    if (is_last && period->options->wake)
        period->options->wake(period->options->self);
    return NULL;
}

static size_t thread_count(const struct cost_period_options *options)
{
    long processors = options->threads > 0 ? options->threads : sysconf(_SC_NPROCESSORS_ONLN);
    size_t threads = processors < 1 ? 1 : (size_t)processors;
    return threads < THREADS_MAX ? threads : THREADS_MAX;
}

/* A thread that could not be started: others do its part, and where there is none, nobody. */
static void leave_out(struct period *period, bool is_first)
{
    struct error error;
    pthread_mutex_lock(&period->lock);
    bool is_last = --period->running == 0;
    if (is_first) {
        error_set(&error, ERROR_IO, "no thread can be started");
        keep_failure(period, 0, &error);
    }
    pthread_mutex_unlock(&period->lock);
    if (is_last && !is_first && period->options->wake)
        period->options->wake(period->options->self);
}

static void read_all(struct period *period)
{
    pthread_t threads[THREADS_MAX];
    size_t count = period->options->count;
    size_t wanted = period->threads < count ? period->threads : count;
    size_t started = 0;
    period->next = 0;
    period->running = wanted;
    while (started < wanted && pthread_create(&threads[started], NULL, work, period) == 0)
        started++;
    for (size_t i = started; i < wanted; i++)
        leave_out(period, i == 0);
    if (period->options->attend && started > 0)
        period->options->attend(period->options->self);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}

/* --- rows that others take the place of --- */

/* A file's next keys. */
struct key_block {
    uint64_t keys[KEYS_BLOCK];
    size_t count;
};

/* A key and the file that has it. */
struct owner {
    uint64_t key;
    size_t file;
};

static int compare_owners(const void *a, const void *b)
{
    const struct owner *left = a, *right = b;
    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    return (left->file > right->file) - (left->file < right->file);
}

static void mark_lost(struct period *period, size_t file, uint64_t number)
{
    struct part *part = &period->parts[file];
    if (!part->lost)
        part->lost = arena_array(period->arena, unsigned char, part->numbers / 8 + 1);
    part->lost[number / 8] |= (unsigned char)(1U << (number % 8));
}

/* A few are sorted as they come: qsort() asks for its memory, row by row. */
static void sort_owners(struct owner *owners, size_t count)
{
    enum { FEW = 16 };
    if (count > FEW)
        qsort(owners, count, sizeof *owners, compare_owners);
    for (size_t i = 1; count <= FEW && i < count; i++) {
        struct owner owner = owners[i];
        size_t at = i;
        for (; at > 0 && compare_owners(&owners[at - 1], &owner) > 0; at--)
            owners[at] = owners[at - 1];
        owners[at] = owner;
    }
}

/* Among the rows of one number: of equal ones the last file's stays. */
static void compare_number(struct period *period, const struct key_block *blocks, size_t at, uint64_t number,
                           struct owner *owners)
{
    size_t count = 0;
    for (size_t file = 0; file < period->options->count; file++) {
        if (at < blocks[file].count && blocks[file].keys[at] != 0)
            owners[count++] = (struct owner){blocks[file].keys[at], file};
    }
    sort_owners(owners, count);
    for (size_t i = 0; i + 1 < count; i++) {
        if (owners[i].key == owners[i + 1].key)
            mark_lost(period, owners[i].file, number);
    }
}

static void compare_keys(struct period *period)
{
    size_t files = period->options->count;
    CLEANUP(arena_closep) struct arena *arena = arena_open(0);
    struct key_block *blocks = arena_array(arena, struct key_block, files);
    struct owner *owners = arena_array(arena, struct owner, files);
    for (uint64_t number = 0;; number += KEYS_BLOCK) {
        size_t most = 0;
        for (size_t file = 0; file < files; file++) {
            blocks[file].count = fread(blocks[file].keys, sizeof(uint64_t), KEYS_BLOCK, period->parts[file].keys);
            most = blocks[file].count > most ? blocks[file].count : most;
        }
        if (most == 0)
            return;
        for (size_t at = 0; at < most; at++)
            compare_number(period, blocks, at, number + at, owners);
    }
}

static bool open_keys(struct period *period, struct error *error)
{
    for (size_t i = 0; i < period->options->count; i++) {
        period->parts[i].keys = tmpfile();
        if (!period->parts[i].keys)
            return error_set(error, ERROR_IO, "no temporary file for row keys can be made");
    }
    return true;
}

static void close_keys(struct period *period)
{
    for (size_t i = 0; i < period->options->count; i++) {
        if (period->parts[i].keys)
            fclose(period->parts[i].keys);
    }
}

static bool has_lost(const struct period *period)
{
    for (size_t i = 0; i < period->options->count; i++) {
        if (period->parts[i].lost)
            return true;
    }
    return false;
}

static void find_overwritten(struct period *period)
{
    for (size_t i = 0; i < period->options->count; i++)
        rewind(period->parts[i].keys);
    compare_keys(period);
    period->second = true;
    if (has_lost(period))
        read_all(period);
}

/* --- the whole --- */

static int compare_failures(const void *a, const void *b)
{
    const struct cost_failure *left = a, *right = b;
    return str_compare(left->file, right->file);
}

/* The first in the order of the files. */
static void gather_places(const struct period *period, struct cost_statement *ret)
{
    for (size_t i = 0; i < period->options->count; i++) {
        const struct part *part = &period->parts[i];
        if (ret->stop.line == 0)
            ret->stop = part->stop;
        if (ret->ragged.line == 0)
            ret->ragged = part->ragged;
        ret->ragged_count += part->ragged_count;
    }
}

static void close_arena(void *arena)
{
    arena_close(arena);
}

void cost_period_read(struct arena *arena, const struct cost_period_options *options, struct cost_statement *ret)
{
    struct arena *own = arena_open(0);
    arena_defer(arena, close_arena, own);
    struct period period = {
        .arena = own,
        .options = options,
        .threads = thread_count(options),
        .parts = arena_array(own, struct part, options->count),
        .sums = cost_sums_open(own),
        .failures = arena_array(own, struct cost_failure, 2 * options->count + 2), /* read twice */
    };
    struct error error;
    bool compares = options->count > 1; /* one file's rows differ in their numbers */
    pthread_mutex_init(&period.lock, NULL);
    if (compares && !open_keys(&period, &error))
        keep_failure(&period, 0, &error);
    if (period.failure_count == 0)
        read_all(&period);
    if (compares && period.failure_count == 0)
        find_overwritten(&period);
    close_keys(&period);
    pthread_mutex_destroy(&period.lock);
    cost_sums_sort(period.sums);
    if (period.failure_count > 0)
        qsort(period.failures, period.failure_count, sizeof *period.failures, compare_failures);
    *ret = (struct cost_statement){
        .sums = period.sums, .failures = period.failures, .failure_count = period.failure_count};
    gather_places(&period, ret);
}
