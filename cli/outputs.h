/*
 * outputs.h: `--output FORMAT[=FILE]`, repeatable, and `--color`, for every command that writes
 * reports. Several reports are written side by side from one stream of results; a file appears
 * whole or not at all; at most one report goes to standard output, and nothing else with it.
 */
#ifndef EXPORTCHECK_CLI_OUTPUTS_H
#define EXPORTCHECK_CLI_OUTPUTS_H

#include "cli/command.h"
#include "rule/results.h"

/** What the options fill. */
struct output_options {
    struct str_list outputs;
    struct str color; /* "auto" where it is empty */
    bool all;         /* the text report lists every rule */
};

/** The rows of an option_group; ends with a row without name. */
extern const struct option output_option_rows[];

struct outputs;

/**
 * Reads the options: which reports, and where. `otherwise` is the format to standard output where
 * none is asked. False, code "input" (exit status 2): a format that does not exist, an empty file
 * name, one file named twice, two reports on standard output. Nothing is opened yet.
 */
bool outputs_parse(struct program *program, const struct output_options *options, const char *otherwise,
                   struct outputs **ret, struct error *error) MUST_CHECK;

/**
 * Opens the files, each beside its place; they are removed with the program's arena unless
 * outputs_end() puts them there. To be called before the work whose results they shall hold, so
 * that a folder that cannot be written is found out at once. False, code "io" (exit status 4).
 */
bool outputs_open(struct outputs *outputs, struct error *error) MUST_CHECK;

/** The events of every report (rule/results.h), in this order. `run` must stay until outputs_end(). */
void outputs_begin(struct outputs *outputs, const struct run_info *run);
void outputs_result(struct outputs *outputs, const struct result *result);

/** Ends all reports and puts the files in their places. False, code "io": one was not written (exit status 4). */
bool outputs_end(struct outputs *outputs, struct error *error) MUST_CHECK;

/**
 * Where every report went to a file: one line on standard error, the verdict and the files, so that nobody has to open
 * one to know it. Nothing where a report went to standard output.
 */
void outputs_tell(const struct outputs *outputs, const struct run_info *run);

/** Begin, all results, end. */
bool outputs_write(struct outputs *outputs, const struct run_info *run, const struct result *results, size_t count,
                   struct error *error) MUST_CHECK;

/** How a report on standard output is drawn: `--color`, NO_COLOR, TERM, COLUMNS, the terminal. */
struct report_style outputs_style(const struct program *program, struct str color);

#endif
