/* checking.h: the main job from options to exit status: `check` and `demo` run it. */
#ifndef EXPORTCHECK_CLI_CHECK_CHECKING_H
#define EXPORTCHECK_CLI_CHECK_CHECKING_H

#include "cli/outputs.h"
#include "cli/rulebase.h"
#include "cli/target/source.h"
#include "rule/run.h"

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
};

/** Collects, evaluates, reports. Failures are told on standard error. */
enum exit_status checking_run(struct program *program, const struct check_options *options);

#endif
