/* match.c: finds the entries of the catalogue that a message matches, or comes near to. */
#include "optscale/messages/match.h"

#include "base/macros.h"
#include "base/map.h"

enum {
    WORDS_MAX = 256, /* of a message, when near entries are looked for */
    SENSE_MIN = 20,  /* percent of a text's words: fewer are there by chance */
};

/*
 * The longest start of `literal` with which the text ends, at or after `from`: the text may be cut in
 * the middle of a word.
 */
static ptrdiff_t cut_overlap(struct str lower, ptrdiff_t from, struct str literal)
{
    ptrdiff_t most = lower.len - from < literal.len ? lower.len - from : literal.len;
    for (ptrdiff_t length = most; length > 0; length--) {
        if (str_ends(lower, str_slice(literal, 0, length))) {
            return length;
        }
    }
    return 0;
}

static void capture(struct optscale_match *match, struct str name, struct str value)
{
    if (match->capture_count < OPTSCALE_CAPTURES_MAX) {
        match->captures[match->capture_count++] = (struct optscale_capture){name, str_trim(value)};
    }
}

struct str optscale_pattern_literal(struct str *pattern, struct str *ret_capture)
{
    ptrdiff_t open = str_find_char(*pattern, '{', 0);
    struct str literal = open < 0 ? *pattern : str_slice(*pattern, 0, open);
    *ret_capture = STR("");
    if (open < 0) {
        *pattern = STR("");
        return literal;
    }
    ptrdiff_t close = str_find_char(*pattern, '}', open);
    *ret_capture = str_slice(*pattern, open + 1, close);
    *pattern = str_skip(*pattern, close + 1);
    return literal;
}

/*
 * Matches a pattern anywhere in the text, each literal at its first place behind the one before. Where the
 * text ends before the pattern, what was found must be long enough to mean something.
 */
static bool match_pattern(const struct folded *text, struct str pattern, struct optscale_match *match)
{
    struct str rest = pattern;
    struct str open_capture = STR("");
    ptrdiff_t at = 0;
    bool first = true;
    while (rest.len > 0) {
        struct str next_capture;
        struct str literal = optscale_pattern_literal(&rest, &next_capture);
        ptrdiff_t found = str_find(text->lower, literal, at);
        ptrdiff_t overlap = found < 0 ? cut_overlap(text->lower, at, literal) : literal.len;
        if (found < 0) {
            found = text->lower.len - overlap;
            match->is_cut = true;
        }
        if (open_capture.len > 0) {
            capture(match, open_capture, str_slice(text->text, at, found));
        }
        match->weight += (size_t)overlap;
        if (match->is_cut) {
            return match->weight >= OPTSCALE_CUT_WEIGHT_MIN && (!first || overlap > literal.len / 2);
        }
        open_capture = next_capture;
        at = found + literal.len;
        first = false;
    }
    if (open_capture.len > 0) {
        capture(match, open_capture, str_skip(text->text, at));
    }
    return true;
}

static bool is_better(const struct optscale_match *a, const struct optscale_match *b)
{
    if (!b->message) {
        return true;
    }
    if (a->message->is_frame != b->message->is_frame) {
        return b->message->is_frame;
    }
    return a->weight > b->weight || (a->weight == b->weight && b->is_cut && !a->is_cut);
}

void matching_try(struct matching *matching, const struct optscale_message *message,
                  const struct optscale_pattern *pattern)
{
    struct optscale_match *best = &matching->best[message->speaker];
    struct optscale_match match = {.message = message, .pattern = pattern->text};
    if (match_pattern(&matching->text, pattern->folded, &match) && !(match.is_cut && matching->is_whole) &&
        is_better(&match, best)) {
        *best = match;
    }
}

/*
 * A message of one word is most likely a KeyError, whose quotes the shell has eaten: they are put back,
 * which does not keep other patterns from being found in it.
 */
struct matching matching_begin(struct arena *arena, struct str text)
{
    struct folded folded = fold(arena, text, OPTSCALE_MESSAGE_MAX - 2);
    bool bare = folded.text.len > 0 && str_find_char(folded.text, ' ', 0) < 0 && !str_starts(folded.text, STR("'"));
    if (bare) {
        folded = fold(arena, str_join3(arena, STR("'"), folded.text, STR("'")), OPTSCALE_MESSAGE_MAX);
    }
    return (struct matching){.text = folded};
}

size_t matching_end(const struct matching *matching, struct optscale_match ret[OPTSCALE_SPEAKER_COUNT])
{
    /* A code adds nothing to a text that is known. */
    bool is_told = matching->best[OPTSCALE_SPEAKER_OPTSCALE].message;
    size_t count = 0;
    for (size_t i = 0; i < OPTSCALE_SPEAKER_COUNT; i++) {
        if (matching->best[i].message && !(is_told && i == OPTSCALE_SPEAKER_CODE)) {
            ret[count++] = matching->best[i];
        }
    }
    return count;
}

size_t optscale_messages_match(struct arena *arena, const struct optscale_messages *messages, struct str text,
                               struct optscale_match ret[OPTSCALE_SPEAKER_COUNT])
{
    struct matching matching = matching_begin(arena, text);
    for (size_t i = 0; i < messages->count; i++) {
        const struct optscale_message *message = &messages->items[i];
        for (size_t k = 0; message->speaker != OPTSCALE_SPEAKER_USER && k < message->pattern_count; k++) {
            matching_try(&matching, message, &message->patterns[k]);
        }
    }
    return matching_end(&matching, ret);
}

static bool is_word_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* The words of a text in lower case, captures left out; those shorter than three letters say nothing. */
static size_t words_of(struct str lower, struct str *words, size_t max)
{
    size_t count = 0;
    bool in_capture = false;
    for (ptrdiff_t at = 0; at < lower.len && count < max;) {
        ptrdiff_t end = at;
        in_capture = (in_capture && lower.ptr[at] != '}') || lower.ptr[at] == '{';
        while (end < lower.len && is_word_character(lower.ptr[end])) {
            end++;
        }
        if (end - at >= 3 && !in_capture) {
            words[count++] = str_slice(lower, at, end);
        }
        at = end > at ? end : at + 1;
    }
    return count;
}

/* Shared words, in per mille of the pattern's, plus the number itself: more in common wins among equals. */
static size_t likeness(const struct map *known, struct str pattern)
{
    struct str words[WORDS_MAX];
    size_t count = words_of(pattern, words, WORDS_MAX);
    size_t shared = 0;
    for (size_t i = 0; i < count; i++) {
        shared += map_has(known, words[i]) ? 1 : 0;
    }
    return shared < 2 ? 0 : shared * 1000 / count + shared;
}

struct candidate {
    const struct optscale_message *message;
    struct str pattern;
    size_t score;
};

static void rank(struct candidate best[OPTSCALE_NEAREST_MAX], struct candidate candidate)
{
    for (size_t i = 0; i < OPTSCALE_NEAREST_MAX; i++) {
        if (candidate.score > best[i].score) {
            struct candidate pushed = best[i];
            best[i] = candidate;
            candidate = pushed;
        }
    }
}

size_t optscale_messages_nearest(struct arena *arena, const struct optscale_messages *messages, struct str text,
                                 const struct optscale_message *ret[OPTSCALE_NEAREST_MAX],
                                 struct str ret_patterns[OPTSCALE_NEAREST_MAX])
{
    struct str words[WORDS_MAX];
    struct candidate best[OPTSCALE_NEAREST_MAX] = {{.message = NULL}};
    struct map *known = map_open(arena);
    struct folded folded = fold(arena, text, OPTSCALE_MESSAGE_MAX);
    size_t word_count = words_of(folded.lower, words, WORDS_MAX);
    for (size_t i = 0; i < word_count; i++) {
        map_set(known, words[i], known);
    }
    for (size_t i = 0; i < messages->count; i++) {
        const struct optscale_message *message = &messages->items[i];
        if (message->speaker == OPTSCALE_SPEAKER_USER) {
            continue;
        }
        struct candidate own = {.message = message};
        for (size_t k = 0; k < message->pattern_count; k++) {
            size_t score = likeness(known, message->patterns[k].folded);
            if (score > own.score) {
                own.pattern = message->patterns[k].text;
                own.score = score;
            }
        }
        rank(best, own);
    }
    size_t count = 0;
    for (; count < OPTSCALE_NEAREST_MAX && best[count].score > 0; count++) {
        ret[count] = best[count].message;
        ret_patterns[count] = best[count].pattern;
    }
    return count;
}

/* --- words of a user --- */

/* Whether one of the words begins with `word`. */
static bool has_word(const struct str *words, size_t count, struct str word)
{
    for (size_t i = 0; i < count; i++) {
        if (str_starts(words[i], word)) {
            return true;
        }
    }
    return false;
}

static bool says_something(struct str word)
{
    return word.len > 2 || str_equal(word, STR("no")) || str_equal(word, STR("id"));
}

/* Words of three letters and more, and `no` and `id`: without them "no data" would be any data. */
static size_t plain_words_of(struct str lower, struct str *words, size_t max)
{
    size_t count = 0;
    for (ptrdiff_t at = 0; at < lower.len && count < max;) {
        ptrdiff_t end = at;
        while (end < lower.len && is_word_character(lower.ptr[end])) {
            end++;
        }
        if (says_something(str_slice(lower, at, end))) {
            words[count++] = str_slice(lower, at, end);
        }
        at = end > at ? end : at + 1;
    }
    return count;
}

/* How many words the pattern has, where all of them are among these; else 0. */
static size_t words_shared(struct str pattern, const struct str *words, size_t count)
{
    struct str own[WORDS_MAX];
    size_t own_count = plain_words_of(pattern, own, WORDS_MAX);
    for (size_t i = 0; i < own_count; i++) {
        if (!has_word(words, count, own[i])) {
            return 0;
        }
    }
    return own_count;
}

static void rank_guess(struct optscale_guess ret[OPTSCALE_NEAREST_MAX], struct optscale_guess guess)
{
    for (size_t i = 0; i < OPTSCALE_NEAREST_MAX; i++) {
        if (guess.percent > ret[i].percent) {
            struct optscale_guess pushed = ret[i];
            ret[i] = guess;
            guess = pushed;
        }
    }
}

static struct optscale_guess guess_of(const struct optscale_message *message, const struct str *words, size_t count)
{
    struct optscale_guess guess = {.message = message};
    for (size_t i = 0; i < message->pattern_count; i++) {
        size_t percent = words_shared(message->patterns[i].folded, words, count) * 100 / count;
        if (percent > guess.percent) {
            guess.percent = percent;
            guess.words = message->patterns[i].text;
        }
    }
    return guess;
}

size_t optscale_messages_sense(struct arena *arena, const struct optscale_messages *messages, struct str text,
                               struct optscale_guess ret[OPTSCALE_NEAREST_MAX])
{
    struct str words[WORDS_MAX];
    struct folded folded = fold(arena, text, OPTSCALE_MESSAGE_MAX);
    size_t word_count = plain_words_of(folded.lower, words, WORDS_MAX);
    for (size_t i = 0; i < OPTSCALE_NEAREST_MAX; i++) {
        ret[i] = (struct optscale_guess){.percent = 0};
    }
    for (size_t i = 0; word_count > 0 && i < messages->count; i++) {
        if (messages->items[i].speaker == OPTSCALE_SPEAKER_USER) {
            rank_guess(ret, guess_of(&messages->items[i], words, word_count));
        }
    }
    size_t count = 0;
    while (count < OPTSCALE_NEAREST_MAX && ret[count].percent >= SENSE_MIN) {
        count++;
    }
    return count;
}

struct str optscale_message_proper(struct str text)
{
    static const struct str head = STR_INIT("Traceback (most recent call last)");
    ptrdiff_t at = str_find(text, head, 0);
    if (at < 0) {
        return text;
    }
    struct str rest = str_skip(text, at);
    struct str last = text;
    struct str line;
    for (bool more = true; more;) {
        more = str_cut(&rest, '\n', &line);
        bool named = line.len > 0 && line.ptr[0] != ' ' && line.ptr[0] != '\t' && !str_starts(line, head);
        last = named ? line : last;
    }
    return last;
}
