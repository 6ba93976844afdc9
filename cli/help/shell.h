/*
 * shell.h: the tables of commands and options as documents of other programs: a man page, and the completions of bash,
 * zsh and fish. A row each in cmd_completion.c and cmd_help.c, a function each in the files beside it.
 */
#ifndef EXPORTCHECK_CLI_HELP_SHELL_H
#define EXPORTCHECK_CLI_HELP_SHELL_H

#include "cli/command.h"

/** What a shell should offer for an option's value, or for an operand. */
enum value_kind {
    VALUE_NONE,    /* a flag has no value */
    VALUE_ANY,     /* a name that only the user knows */
    VALUE_CHOICES, /* one of option_words() */
    VALUE_FILE,
    VALUE_FOLDER,
};

/** By how the help calls the value: FILE, SNAPSHOT, LOG, …; DIR. */
enum value_kind option_value_kind(const struct option *option);

/** What an option of VALUE_CHOICES takes, separated by blanks: its choices, or the report formats. */
struct str option_words(struct arena *arena, const struct option *option);

/** The commands' names, separated by blanks. */
struct str command_names(struct arena *arena);

/** What a command's first operand may be, separated by blanks; empty where that is no fixed list. */
struct str command_words(struct arena *arena, const struct command *command);

/** Whether the operands of a command are files: its usage names FILE or SNAPSHOT. */
bool command_takes_files(const struct command *command);

/** A roff page (man(7)) for one command; NULL: for the program, with the list of commands. */
void man_page(struct program *program, const struct command *command);

void bash_completion(struct program *program);
void zsh_completion(struct program *program);
void fish_completion(struct program *program);

#endif
