/* index.c: see index.h. */
#include "optscale/messages/index.h"

#include "optscale/messages/match.h"

#include <stdlib.h>
#include <string.h>

enum { BYTES = 256, WORD_BITS = 64 };

/* A pattern by the first text that it has. */
struct entry {
    struct str literal;
    size_t order; /* its place in the catalogue */
    const struct optscale_message *message;
    const struct optscale_pattern *pattern;
};

/*
 * A state: some text. The entries whose literals begin with it are a run of the sorted ones, and those that are no
 * longer than it come first.
 */
struct state {
    size_t begin;
    size_t end;
    uint32_t shorter; /* the longest end of the text that is a state, too */
    uint32_t heard;   /* the same among those with whole literals; 0: none */
    uint32_t depth;
};

struct optscale_index {
    struct entry *entries;        /* sorted by literal */
    const struct entry **ordered; /* as the catalogue has them */
    size_t count;
    struct state *states; /* 0: the empty text */
    size_t state_count;
    unsigned char classes[BYTES]; /* of bytes that literals have, from 1; 0: all others */
    size_t class_count;
    uint32_t *next;   /* state × class → state */
    uint64_t *marked; /* a bit for each place in the catalogue */
};

/* The first literal that has any text: a pattern may begin with a capture. */
static struct str first_literal(struct str pattern)
{
    struct str capture;
    struct str literal = optscale_pattern_literal(&pattern, &capture);
    return literal.len ? literal : optscale_pattern_literal(&pattern, &capture);
}

static int compare_entries(const void *a, const void *b)
{
    return str_compare(((const struct entry *)a)->literal, ((const struct entry *)b)->literal);
}

static void add_entries(struct optscale_index *index, const struct optscale_message *message)
{
    for (size_t i = 0; i < message->pattern_count; i++) {
        const struct optscale_pattern *pattern = &message->patterns[i];
        index->entries[index->count] = (struct entry){first_literal(pattern->folded), index->count, message, pattern};
        index->count++;
    }
}

static void collect(struct optscale_index *index, struct arena *arena, const struct optscale_messages *messages)
{
    size_t count = 0;
    for (size_t i = 0; i < messages->count; i++)
        count += messages->items[i].pattern_count;
    index->entries = arena_array(arena, struct entry, count);
    index->ordered = arena_array(arena, const struct entry *, count);
    index->marked = arena_array(arena, uint64_t, count / WORD_BITS + 1);
    for (size_t i = 0; i < messages->count; i++) {
        if (messages->items[i].speaker != OPTSCALE_SPEAKER_USER)
            add_entries(index, &messages->items[i]);
    }
    qsort(index->entries, index->count, sizeof *index->entries, compare_entries);
    for (size_t i = 0; i < index->count; i++)
        index->ordered[index->entries[i].order] = &index->entries[i];
}

/* A class for each byte that any literal has; returns how many bytes they have in all. */
static size_t classify(struct optscale_index *index)
{
    size_t bytes = 0;
    index->class_count = 1;
    for (size_t i = 0; i < index->count; i++) {
        struct str literal = index->entries[i].literal;
        bytes += (size_t)literal.len;
        for (ptrdiff_t at = 0; at < literal.len; at++) {
            unsigned char *class = &index->classes[(unsigned char)literal.ptr[at]];
            if (!*class)
                *class = (unsigned char)index->class_count++;
        }
    }
    return bytes;
}

static uint32_t *step(const struct optscale_index *index, size_t state, char c)
{
    return &index->next[state * index->class_count + index->classes[(unsigned char)c]];
}

/* The tree of all literals; they come sorted, so that each state's are a run. */
static void grow(struct optscale_index *index)
{
    index->state_count = 1;
    index->states[0].end = index->count;
    for (size_t i = 0; i < index->count; i++) {
        struct str literal = index->entries[i].literal;
        uint32_t at = 0;
        for (ptrdiff_t k = 0; k < literal.len; k++) {
            uint32_t *next = step(index, at, literal.ptr[k]);
            if (!*next) {
                *next = (uint32_t)index->state_count++;
                index->states[*next] = (struct state){.begin = i, .depth = (uint32_t)k + 1};
            }
            at = *next;
            index->states[at].end = i + 1;
        }
    }
}

static bool has_whole_literal(const struct optscale_index *index, const struct state *state)
{
    return state->depth > 0 && (uint32_t)index->entries[state->begin].literal.len == state->depth;
}

/* Fills the gaps of the tree by breadth: where a text cannot go on, the longest end of it that can. */
static void link_states(struct optscale_index *index, struct arena *arena)
{
    uint32_t *queue = arena_array(arena, uint32_t, index->state_count);
    size_t filled = 1;
    for (size_t done = 0; done < filled; done++) {
        uint32_t at = queue[done];
        struct state *state = &index->states[at];
        const struct state *shorter = &index->states[state->shorter];
        state->heard = has_whole_literal(index, state) ? at : shorter->heard;
        for (size_t class = 0; class < index->class_count; class ++) {
            uint32_t *next = &index->next[at * index->class_count + class];
            uint32_t otherwise = at ? index->next[state->shorter * index->class_count + class] : 0;
            if (!*next) {
                *next = otherwise;
                continue;
            }
            index->states[*next].shorter = otherwise;
            queue[filled++] = *next;
        }
    }
}

struct optscale_index *optscale_index_open(struct arena *arena, const struct optscale_messages *messages)
{
    struct optscale_index *index = arena_new(arena, struct optscale_index);
    collect(index, arena, messages);
    size_t states = classify(index) + 1;
    index->states = arena_array(arena, struct state, states);
    index->next = arena_array(arena, uint32_t, states * index->class_count);
    grow(index);
    link_states(index, arena);
    return index;
}

static void mark(struct optscale_index *index, const struct entry *entry)
{
    index->marked[entry->order / WORD_BITS] |= UINT64_C(1) << entry->order % WORD_BITS;
}

/* The literals that end here. */
static void mark_whole(struct optscale_index *index, uint32_t heard)
{
    while (heard) {
        const struct state *state = &index->states[heard];
        for (size_t i = state->begin; i < state->end; i++) {
            if ((uint32_t)index->entries[i].literal.len != state->depth)
                break;
            mark(index, &index->entries[i]);
        }
        heard = index->states[state->shorter].heard;
    }
}

/* The literals that the text's end cuts off, where enough of them is there. */
static void mark_cut(struct optscale_index *index, uint32_t at)
{
    for (; index->states[at].depth >= OPTSCALE_CUT_WEIGHT_MIN; at = index->states[at].shorter) {
        for (size_t i = index->states[at].begin; i < index->states[at].end; i++)
            mark(index, &index->entries[i]);
    }
}

static void scan(struct optscale_index *index, struct str lower)
{
    uint32_t at = 0;
    for (ptrdiff_t i = 0; i < lower.len; i++) {
        at = *step(index, at, lower.ptr[i]);
        if (index->states[at].heard)
            mark_whole(index, index->states[at].heard);
    }
    mark_cut(index, at);
}

/* In the catalogue's order: among equals the first wins. */
static void try_marked(struct optscale_index *index, struct matching *matching)
{
    for (size_t word = 0; word <= index->count / WORD_BITS; word++) {
        uint64_t bits = index->marked[word];
        index->marked[word] = 0;
        for (; bits; bits &= bits - 1) {
            const struct entry *entry = index->ordered[word * WORD_BITS + (size_t)__builtin_ctzll(bits)];
            matching_try(matching, entry->message, entry->pattern);
        }
    }
}

size_t optscale_index_match(struct optscale_index *index, struct arena *arena, struct str text, bool is_whole,
                            struct optscale_match ret[OPTSCALE_SPEAKER_COUNT])
{
    struct matching matching = matching_begin(arena, text);
    matching.is_whole = is_whole;
    scan(index, matching.text.lower);
    try_marked(index, &matching);
    return matching_end(&matching, ret);
}
