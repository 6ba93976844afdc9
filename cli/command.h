/*
 * command.h: what a command of the program is: a row with its name, options and function.
 *
 * Each command is one file, cmd_<name>.c, which defines `const struct command command_<name>`, and one line in
 * cli/commands.def. The option tables give parsing, `--help`, the man page and the shells' completions together, so
 * that these cannot disagree.
 */
#ifndef EXPORTCHECK_CLI_COMMAND_H
#define EXPORTCHECK_CLI_COMMAND_H

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** The process's surroundings, read once in main() and passed down; tests pass their own. */
struct program {
    struct arena *arena; /* lives as long as the run */
    int64_t now;         /* the machine's clock at the start, seconds */
    char **environment;  /* as `environ` */
    char **arguments;    /* as main() got them: no option takes a secret */
    int argument_count;
    FILE *input;
    FILE *output;
    FILE *errors;
    bool input_is_terminal;
    bool output_is_terminal;
    bool errors_is_terminal;
    struct log log;
};

/** The value of an environment variable, or the empty view. */
struct str program_getenv(const struct program *program, const char *name);

enum exit_status {
    EXIT_STATUS_OK = 0,
    EXIT_STATUS_FINDINGS = 1,
    EXIT_STATUS_USAGE = 2, /* command line, rule or input file wrong: nothing was done */
    EXIT_STATUS_UNDECIDED = 3,
    EXIT_STATUS_FAILURE = 4, /* the program failed: output not written, out of memory */
    EXIT_STATUS_INTERRUPTED = 130,
};

enum option_kind {
    OPTION_FLAG,    /* no value; target is bool */
    OPTION_STRING,  /* target is struct str */
    OPTION_STRINGS, /* repeatable; target is struct str_list */
    OPTION_INTEGER, /* target is int64_t */
};

struct str_list {
    struct str *items;
    size_t count;
    size_t capacity;
};

/** One option; `offset` is where its value goes in the command's own options struct. */
struct option {
    const char *name; /* without the dashes */
    char letter;      /* short form, or 0 */
    enum option_kind kind;
    size_t offset;
    const char *argument; /* how the help calls the value: "FILE" */
    const char *help;     /* one sentence, no period at the end */
    const char *choices;  /* "a|b|c" where only these are allowed, else NULL */
};

/** Options shared by several commands: a table and where its struct lies in the command's own. */
struct option_group {
    const char *title;            /* NULL: it goes on with the group before */
    const struct option *options; /* ends with a row whose name is NULL */
    size_t offset;                /* added to each option's own */
};

struct command {
    const char *name;
    const char *summary;               /* one line, for the list of commands */
    const char *usage;                 /* what follows the name: "EXPRESSION [FILE]" */
    const char *description;           /* paragraphs for --help */
    const char *words;                 /* "list|show|lint" where the first operand is one of these, else NULL */
    const char *examples;              /* command lines, one a line, for --help and the man page; NULL: none */
    const struct option_group *groups; /* ends with a row whose options is NULL */
    size_t options_size;               /* of the struct that the options fill */
    size_t min_operands;
    size_t max_operands;
    /** Runs the command; `options` points to the filled struct, operands are what is left. */
    enum exit_status (*run)(struct program *program, void *options, const struct str *operands, size_t operand_count);
};

/** The commands, in the order of the help; commands.def lists them. */
extern const struct command *const commands[];
extern const size_t command_count;

/** The options that every command has. */
struct common_options {
    bool help;
    bool version;
};

/** An option among all of its command's. */
struct option_place {
    const struct option *option;
    const char *title; /* of the group that it begins; else NULL */
    size_t offset;     /* into the command's options, or into common_options */
    bool common;
};

/** All options of a command in the order of its help, those that every command has at the end. */
const struct option_place *command_options(struct arena *arena, const struct command *command, size_t *ret_count);

/** A command line, taken apart. */
struct parsed {
    struct common_options common;
    struct str *operands;
    size_t operand_count;
};

/**
 * Parses `arguments` (after the command's name) into `options`. `--name value`, `--name=value`,
 * `-n value`, `-nvalue`, `--` ends the options. A wrong name is answered with the nearest right one.
 */
bool options_parse(struct program *program, const struct command *command, char **arguments, int count, void *options,
                   struct parsed *ret, struct error *error) MUST_CHECK;

/** The command of that name, or NULL. */
const struct command *command_find(const char *name);

/** Says that there is no such command, with the nearest; the status to exit with. */
enum exit_status command_unknown(const struct program *program, const char *name);

/** Prints the list of commands. */
void help_overview(FILE *stream);

/**
 * What is said where no command is named (cli/check/first_steps.c): looks for credentials and for the account's
 * exports, for a few seconds at most and without a question, and prints both with the next command on standard error.
 * Nothing was done, so the status is 2.
 */
enum exit_status first_steps(struct program *program);

/** Prints a command's help, at most 80 columns wide. */
void help_print(struct program *program, const struct command *command);

/** Prints words from `column` on, folded at 80 columns with `margin` blanks before each further line. */
void help_print_folded(FILE *stream, const char *text, int column, int margin);

/** Prints "exportcheck VERSION". */
void help_version(const struct program *program);

/** Prints `exportcheck: TEXT` on standard error and returns the status: the way every command ends in failure. */
enum exit_status command_fail(const struct program *program, enum exit_status status, const struct error *error);

#endif
