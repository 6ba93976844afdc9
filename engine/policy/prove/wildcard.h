/*
 * wildcard.h: wildcard patterns as plain rows of tokens, the form that pattern_algebra.h reasons on.
 *
 * A pattern is literal bytes, `?` (one byte) and `*` (any run), and the two wildcards that stay within one part of an
 * ARN, since in ArnLike a `*` does not run over a colon (IAM User Guide, "Condition operators", Amazon Resource Name
 * operators). Beside them there is one digit, which no policy can write, for what the texts of a key look like.
 * Literals may ignore the case of ASCII letters: actions do, resources do not.
 */
#ifndef EXPORTCHECK_POLICY_PROVE_WILDCARD_H
#define EXPORTCHECK_POLICY_PROVE_WILDCARD_H

#include "base/arena.h"
#include "base/str.h"

/** A token is a byte, perhaps with WILDCARD_NOCASE, or one of the kinds from WILDCARD_ONE on. */
enum {
    WILDCARD_NOCASE = 0x100, /* flag of a literal byte; the byte is then lower case */
    WILDCARD_ONE = 0x200,
    WILDCARD_ONE_IN_PART = 0x201, /* one byte, but no colon */
    WILDCARD_RUN = 0x202,
    WILDCARD_RUN_IN_PART = 0x203, /* a run without a colon */
    WILDCARD_END = 0x204,         /* stands behind the last token */
    WILDCARD_DIGIT = 0x205,       /* one decimal digit: account ids are made of them */
};

/** Immutable; `tokens[count]` is WILDCARD_END. Two runs never stand side by side. */
struct wildcard {
    const uint16_t *tokens;
    uint32_t count;
};

/** Builds a pattern piece by piece, for texts in which a policy variable was filled in. */
struct wildcard_builder {
    struct arena *arena;
    uint16_t *tokens;
    uint32_t count;
    uint32_t capacity;
    bool nocase;
};

struct wildcard_builder wildcard_build(struct arena *arena, bool nocase);
/** Adds text whose `*` and `?` are wildcards. */
void wildcard_add_pattern(struct wildcard_builder *builder, struct str text);
/** Adds text that stands for itself. */
void wildcard_add_literal(struct wildcard_builder *builder, struct str text);
/** Adds as many digits. */
void wildcard_add_digits(struct wildcard_builder *builder, int count);
/** Adds one token; a run after a run is dropped. */
void wildcard_add_token(struct wildcard_builder *builder, uint16_t token);
struct wildcard wildcard_built(struct wildcard_builder *builder);
/**
 * The same pattern with the rules of ArnLike: wildcards before the fifth colon stay within their part. False if the
 * pattern has fewer than six parts: it matches nothing.
 */
bool wildcard_confine(struct wildcard_builder *builder, struct wildcard *ret) MUST_CHECK;

/** Shorthands for a pattern from one text. */
struct wildcard wildcard_pattern(struct arena *arena, struct str text, bool nocase);
struct wildcard wildcard_literal(struct arena *arena, struct str text, bool nocase);

/**
 * A pattern of ARNs: in a text that begins with `arn:` and has six parts, the wildcards of the first five stay within
 * their part, as they do in every real ARN; with `all_parts` those of the sixth do not run over colons either.
 */
struct wildcard wildcard_arn(struct arena *arena, struct str text, bool all_parts);

/** Whether it is `*` alone. */
bool wildcard_is_any(struct wildcard pattern);
/** Whether it has no wildcard: its language is one string (or, ignoring case, the cases of one). */
bool wildcard_is_literal(struct wildcard pattern);
bool wildcard_is_run(uint16_t token);
/** Whether this one token takes this byte. */
bool wildcard_takes(uint16_t token, unsigned char byte);
/**
 * Whether every string of `inner` is one of `outer`, as far as the tokens show it side by side: true is certain, and is
 * what templates and the policies made from them give; false says nothing.
 */
bool wildcard_covers(struct wildcard outer, struct wildcard inner);
/** The pattern as text; a literal `*` or `?` cannot be told from a wildcard in it. */
struct str wildcard_text(struct arena *arena, struct wildcard pattern);

#endif
