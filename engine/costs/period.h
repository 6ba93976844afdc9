/*
 * period.h: all files of one billing period, several side by side, to one statement. Where OptScale would let a row of
 * a later file take the place of an earlier one's (equal upsert keys, fact sheet 4.4), the files' row keys are compared
 * in temporary files without a name, and the rows that are lost are read once more.
 */
#ifndef EXPORTCHECK_COSTS_PERIOD_H
#define EXPORTCHECK_COSTS_PERIOD_H

#include "costs/file.h"

/** A file that could not be read to its end, and why: the message names it. */
struct cost_failure {
    struct str file;
    struct str message;
};

struct cost_statement {
    struct cost_sums *sums; /* sorted; of no use where something failed */
    const struct cost_failure *failures;
    size_t failure_count; /* above 0: the period is incomplete */
    struct cost_place stop;
    struct cost_place ragged;
    uint64_t ragged_count;
};

struct cost_period_options {
    const struct cost_opener *opener;
    const struct str *names; /* of the files, in the order in which OptScale loads them */
    size_t count;
    const struct cost_import *import;
    int threads; /* 0: as many as the machine has processors, at most 8 */
    /** Runs in the calling thread while others read, until wake() was called; NULL: nothing has to. */
    void (*attend)(void *self);
    /** Tells attend() that reading is over. */
    void (*wake)(void *self);
    void *self;
};

/** Reads the period. Never fails: what could not be read is in `failures`. */
void cost_period_read(struct arena *arena, const struct cost_period_options *options, struct cost_statement *ret);

#endif
