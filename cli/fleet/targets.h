/*
 * targets.h: the file of `check --targets`: a target a line, as JSON, with the way to it where that differs from line
 * to line.
 */
#ifndef EXPORTCHECK_CLI_FLEET_TARGETS_H
#define EXPORTCHECK_CLI_FLEET_TARGETS_H

#include "cli/checking/checking.h"

/** More targets than this are several runs (--shard). */
#define FLEET_TARGETS_MAX 1000000

/** A line of the file. */
struct fleet_target {
    struct str name;
    struct str file; /* empty: no line of a file */
    size_t line;
    const struct json *target; /* the members of a target that the line has */
    struct str snapshot;       /* a path, relative to the file's folder already; empty: live */
    struct account_options account;
    struct str remedy; /* a command that would let it be read, where it is known; else empty */
};

struct fleet_targets {
    struct fleet_target *items;
    size_t count;
};

/**
 * Reads the file ("-": standard input). A name is the line's `name`, else its snapshot's, bucket's or principal's, else
 * "line N"; two targets of one name are an error, since results are told apart by it. False, code "input", with
 * `file:line`: no JSON, a member that neither a target nor the way to one has, a member that is no text.
 */
bool fleet_targets_read(struct program *program, struct str path, const struct account_options *otherwise,
                        struct fleet_targets *ret, struct error *error) MUST_CHECK;

/** A part of the whole: those whose name's hash falls on `index` of `count` (from 0), so that a new line moves no
 * other. */
void fleet_targets_keep_shard(struct fleet_targets *targets, uint64_t index, uint64_t count);

#endif
