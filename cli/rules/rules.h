/* rules.h: the subcommands of `exportcheck rules`, one file each. */
#ifndef EXPORTCHECK_CLI_RULES_RULES_H
#define EXPORTCHECK_CLI_RULES_RULES_H

#include "cli/fix/folder.h"
#include "cli/rulebase.h"
#include "rule/cases/cases.h"

struct rules_options {
    struct rulebase_options rulebase;
    struct str scenario;
    struct str cases;
    struct str fix; /* a folder for the corrections of what fails in the cases; empty: none are made */
    bool matrix;
};

struct rules_subcommand {
    struct str name;
    size_t min_operands;
    size_t max_operands;
    enum exit_status (*run)(struct program *program, const struct rules_options *options, const struct str *operands,
                            size_t count);
};

enum exit_status rules_list(struct program *program, const struct rules_options *options, const struct str *operands,
                            size_t count);
enum exit_status rules_show(struct program *program, const struct rules_options *options, const struct str *operands,
                            size_t count);
enum exit_status rules_test(struct program *program, const struct rules_options *options, const struct str *operands,
                            size_t count);

enum exit_status rules_lint_command(struct program *program, const struct rules_options *options,
                                    const struct str *operands, size_t count);

/** Runs the case files named, or all of tests/rules (or --cases). False: a file is wrong (exit status 2). */
bool rules_run_cases(struct program *program, const struct rules_options *options, const struct rule_base *base,
                     const struct str *operands, size_t count, struct case_report *report, size_t *ret_files,
                     struct error *error) MUST_CHECK;

/** What came of the corrections of cases. */
struct rules_fixes {
    struct program *program;
    struct fix_folder *folder; /* a folder in it for each case with a correction */
    size_t cases;
    size_t corrected;   /* failures that are mended by a correction that was proven */
    size_t refused;     /* those of which it was said why none is made */
    size_t no_document; /* those that no document of the account is at fault for */
    bool failed;        /* a folder could not be written, and why: */
    struct error error;
};

/** Makes the corrections of a case and writes them: a case_visitor, of a struct rules_fixes. */
void rules_fix_case(void *context, const struct case_seen *seen);

/** Ends the folder, where there is one. False, code "io": something was not written. */
bool rules_fix_end(struct rules_fixes *fixes, struct error *error) MUST_CHECK;

/** Prints the cases that failed, a line each. */
void rules_print_cases(struct program *program, const struct case_report *report);

/** The scenarios that have the rule, joined with commas. */
struct str rules_scenarios_of(struct arena *arena, const struct rule_base *base, struct str id);

/** Prints a rule as a person would explain it: what is asked of AWS, what must hold, what each outcome says. */
void rule_print(FILE *stream, const struct rule_base *base, const struct rule *rule, struct arena *arena);

#endif
