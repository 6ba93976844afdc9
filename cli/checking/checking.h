/* checking.h: the main job from options to exit status: `check` and `demo` run it. */
#ifndef EXPORTCHECK_CLI_CHECKING_CHECKING_H
#define EXPORTCHECK_CLI_CHECKING_CHECKING_H

#include "cli/outputs.h"
#include "cli/rulebase.h"
#include "cli/target/source.h"
#include "rule/run.h"

/** A run over many targets; see cli/fleet. */
struct fleet_options {
    struct str targets; /* a file; empty: one target, or an organization */
    bool organization;
    struct str member_role;
    struct str shard;
    int64_t jobs; /* 0: the default */
};

struct check_options {
    struct source_options source;
    struct rulebase_options rulebase;
    struct output_options output;
    struct str_list only;
    struct str_list skip;
    struct str_list settings;
    struct str waivers;
    struct str fail_on;
    struct str save_snapshot;
    struct str baseline;
    struct str fix; /* a folder for corrections; empty: none are made */
    struct fleet_options fleet;
    bool costs; /* the export's files are read, too */
};

/** What all targets of a run share: read before anything is called. */
struct checking_plan {
    struct rule_base *base;
    struct waivers waivers;
    enum severity fail_on;
    const struct map *baseline; /* result id → struct result; NULL: none */
};

/** Reads rules, waivers and what counts. False: a mistake of the user's, with its place (exit status 2). */
bool checking_plan_load(struct program *program, const struct check_options *options, struct checking_plan *ret,
                        struct error *error) MUST_CHECK;

/** The check of one target, from the way to it to what was found. */
struct checking {
    struct program *program;
    const struct check_options *options;
    const struct checking_plan *plan;
    struct source source;
    struct selection selection;
    int64_t seconds;           /* that a live account took to read */
    const struct facts *facts; /* from checking_evaluate() on, as what follows */
    struct run_options run_options;
    struct run run;
    struct run_info info;
};

/** Finds the target, the way to it, and its rules; makes no call, but for --costs, which reads the export's files.
 * False, with the status to exit with. */
bool checking_open(struct program *program, const struct check_options *options, const struct checking_plan *plan,
                   struct checking *ret, enum exit_status *ret_status, struct error *error) MUST_CHECK;

/** Collects and evaluates. False, with the status to exit with: as source_collect(), or a snapshot that is not written.
 */
bool checking_evaluate(struct checking *checking, enum exit_status *ret_status, struct error *error) MUST_CHECK;

/** Collects, evaluates, reports. Failures are told on standard error. */
enum exit_status checking_run(struct program *program, const struct check_options *options);

#endif
