/*
 * targets.h: the targets of a run over many, read from the file of `check --targets` (a target a line, as JSON, with
 * the way to it where that differs from line to line) or made from an organization. They lie in a file without a name,
 * and are read one by one: a run over ten thousand takes the memory of one over ten.
 */
#ifndef EXPORTCHECK_CLI_FLEET_TARGETS_H
#define EXPORTCHECK_CLI_FLEET_TARGETS_H

#include "base/store/spool.h"
#include "cli/checking/checking.h"
#include "cli/fleet/shard.h"

/** More targets than this are several runs (--shard). */
#define FLEET_TARGETS_MAX 1000000

/** One target. */
struct fleet_target {
    size_t number; /* its place among all, from 1, whatever shard it is of */
    struct str name;
    size_t line;               /* of the file; 0: none */
    const struct json *target; /* the members of a target that the line has */
    struct str snapshot;       /* a path, relative to the file's folder already; empty: live */
    struct account_options account;
};

struct fleet_targets {
    struct program *program;
    struct str path; /* the file; empty: an organization */
    const struct account_options *otherwise;
    struct spool *lines; /* "NUMBER LINE {…}" each */
    size_t total;        /* of all shards */
    struct str trusted;  /* whom the members of an organization have to let in, an ARN; else empty */
};

/** No targets yet; `otherwise` is the way to those that do not say it, and stays. */
bool fleet_targets_open(struct program *program, struct str path, const struct account_options *otherwise,
                        struct fleet_targets *ret, struct error *error) MUST_CHECK;

/** Adds a target, as the text of a line; kept where it is of the shard. False: as fleet_targets_read(). */
bool fleet_targets_add(struct fleet_targets *targets, const struct shard *shard, size_t line, struct str text,
                       struct error *error) MUST_CHECK;

/**
 * Adds every line of the file ("-": standard input). A name is the line's `name`, else its snapshot's or bucket's, else
 * "line N"; two targets of one name are an error, since results are told apart by it. A shard holds those whose name's
 * hash falls on it, so that a new line moves no other. False, code "input", with `file:line`: no JSON, a member that
 * neither a target nor the way to one has, a member that is no text.
 */
bool fleet_targets_read(struct fleet_targets *targets, const struct shard *shard, struct error *error) MUST_CHECK;

size_t fleet_targets_count(const struct fleet_targets *targets);

/** The target of that index, in `arena`. False, code "io". */
bool fleet_target_get(const struct fleet_targets *targets, size_t index, struct arena *arena, struct fleet_target *ret,
                      struct error *error) MUST_CHECK;

#endif
