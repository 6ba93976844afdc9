/*
 * messages.h: the catalogue of messages: what OptScale and AWS say, and what it means. The catalogue is
 * data (rules/optscale/messages.json); this finds the entries for a message as people have it: quoted,
 * wrapped, with other names in it, inside a JSON error body, or cut off at its end.
 *
 * A pattern is literal text with captures in braces: `Bucket {bucket} not found`. Letters count alike
 * in upper and lower case, and any white space is one blank. An error code in parentheses, as botocore writes it, is
 * known without them, too. The patterns of speaker `user` are words, in any order.
 */
#ifndef EXPORTCHECK_OPTSCALE_MESSAGES_MESSAGES_H
#define EXPORTCHECK_OPTSCALE_MESSAGES_MESSAGES_H

#include "base/error.h"
#include "base/json/json.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct optscale_str_list {
    const struct str *items;
    size_t count;
};

/** Who says it: the answer has the best entry of each. */
enum optscale_speaker {
    OPTSCALE_SPEAKER_OPTSCALE, /* words of OptScale's own */
    OPTSCALE_SPEAKER_CODE,     /* an error code of OptScale's API: OE0371 */
    OPTSCALE_SPEAKER_AWS,      /* what AWS answered to a request, inside or alone */
    OPTSCALE_SPEAKER_REASON,   /* which policy AWS says has decided */
    OPTSCALE_SPEAKER_USER, /* no message: words in which people describe what they see; for optscale_messages_sense() */
    OPTSCALE_SPEAKER_COUNT,
};

struct optscale_pattern {
    struct str text;   /* as the catalogue has it */
    struct str folded; /* the same in the form in which messages are compared */
};

/** An entry of the catalogue. */
struct optscale_message {
    struct str id;
    enum optscale_speaker speaker;
    bool is_frame; /* says only what stands around the message proper: any other entry goes before it */
    struct optscale_pattern *patterns;
    size_t pattern_count;
    struct str when;    /* at what step it is said; may be empty */
    struct str meaning; /* texts may name captures in braces */
    struct optscale_str_list rules;
    struct optscale_str_list evidence;
    struct str fix;
};

struct optscale_messages {
    struct optscale_message *items;
    size_t count;
};

/**
 * Reads a catalogue: `{"messages": [{"id", "speaker", "patterns", "when", "meaning", "rules", "evidence",
 * "fix", "frame"}]}`. False, code "input", for a member that is missing or wrong, an id used twice, or a pattern
 * without text or with captures side by side.
 */
bool optscale_messages_read(struct arena *arena, struct str name, struct str text, struct optscale_messages *ret,
                            struct error *error) MUST_CHECK;

#define OPTSCALE_CAPTURES_MAX 8

struct optscale_capture {
    struct str name;
    struct str value;
};

/** An entry that a message matches. */
struct optscale_match {
    const struct optscale_message *message;
    struct str pattern; /* that of the entry's which matched */
    struct optscale_capture captures[OPTSCALE_CAPTURES_MAX];
    size_t capture_count;
    size_t weight; /* bytes of the pattern's own text that were found: the heavier, the more specific */
    bool is_cut;   /* the message ended before the pattern did */
};

/** The longest message that is looked at; the rest is ignored. */
#define OPTSCALE_MESSAGE_MAX 65536

/**
 * The best match of each speaker, in the order of the enum; a code only where no text is known. Returns how many there
 * are (0: not known). Time: patterns times the message's length.
 */
size_t optscale_messages_match(struct arena *arena, const struct optscale_messages *messages, struct str text,
                               struct optscale_match ret[OPTSCALE_SPEAKER_COUNT]);

/**
 * The part of a text that decides: of a Python traceback its last line, which names the exception; else all of it.
 */
struct str optscale_message_proper(struct str text);

#define OPTSCALE_NEAREST_MAX 3

/** An entry that words of a user may mean. */
struct optscale_guess {
    const struct optscale_message *message;
    struct str words; /* the pattern whose words are all in the text */
    size_t percent;   /* of the text's words that the pattern has: how sure that is */
};

/**
 * For a text that is no message: the entries of speaker `user` one of whose patterns has all of its words in it, the
 * surest first. A word may go on: `import` is in `imported`. Returns how many.
 */
size_t optscale_messages_sense(struct arena *arena, const struct optscale_messages *messages, struct str text,
                               struct optscale_guess ret[OPTSCALE_NEAREST_MAX]);

/**
 * For a message that is not known: the entries whose patterns share most of their words with it, best
 * first, none with fewer than two. Returns how many. `ret_patterns` are the patterns meant.
 */
size_t optscale_messages_nearest(struct arena *arena, const struct optscale_messages *messages, struct str text,
                                 const struct optscale_message *ret[OPTSCALE_NEAREST_MAX],
                                 struct str ret_patterns[OPTSCALE_NEAREST_MAX]);

/** A text of the entry with the captures of the match put in; a capture that is missing stays in braces. */
struct str optscale_match_fill(struct arena *arena, const struct optscale_match *match, struct str text);

#endif
