/* explain.h: what the files of `exportcheck explain` share. */
#ifndef EXPORTCHECK_CLI_EXPLAIN_EXPLAIN_H
#define EXPORTCHECK_CLI_EXPLAIN_EXPLAIN_H

#include "base/json/json.h"
#include "base/sink.h"
#include "cli/command.h"
#include "cli/rules/rules.h"
#include "optscale/messages/messages.h"

struct explain_options {
    struct rulebase_options rulebase;
    struct str file; /* --file: a log */
    bool json;
};

/** A subject of the command: its operand in one string, and where to write. */
struct question {
    struct program *program;
    const struct explain_options *options;
    struct arena *arena;
    struct str text;
    struct str nearest_rule; /* where the text could be a rule's id and is none */
    struct sink sink;
};

/** What an explainer makes of a question. */
enum reply { REPLY_NONE, REPLY_GIVEN, REPLY_FAILED };

/** The catalogue that is in the program. */
bool explain_load_messages(struct arena *arena, struct optscale_messages *ret, struct error *error) MUST_CHECK;

/** The entries that a message matches, in words. */
void explain_write_matches(struct question *question, const struct optscale_match *matches, size_t count);
/** The same as a JSON array. */
struct json explain_matches_json(struct arena *arena, const struct optscale_match *matches, size_t count);

/**
 * Explains a log, however long, in the same memory: each message that is known once, the most telling first. A line is
 * read up to 64 KiB. Of messages that differ in names alone the first twenty are kept, the others counted. Where no
 * line is known, the beginning of the text is asked about as a whole. "-" is standard input.
 */
enum reply explain_log(struct question *question, struct str path, struct error *error);

/** Explains the question's text as a message, or as words that describe what somebody sees. */
enum reply explain_message(struct question *question, struct error *error);

#endif
