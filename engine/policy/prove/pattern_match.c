/* pattern_match.c: of pattern_algebra.h, one string against one pattern, which needs no search. */
#include "policy/prove/pattern_algebra.h"

/* The places in a pattern that a string may have come to, in order. */
struct places {
    uint32_t *items;
    uint32_t count;
};

enum { PLACES_ON_STACK = 256 };

/* As state_push() of pattern_algebra.c, for a pattern by itself. */
static void place_push(const uint16_t *tokens, struct places *state, uint32_t position)
{
    for (;; position++) {
        if (state->count == 0 || state->items[state->count - 1] < position) {
            if (tokens[position] == WILDCARD_RUN)
                state->count = 0;
            state->items[state->count++] = position;
        }
        if (!wildcard_is_run(tokens[position]))
            return;
    }
}

static bool matches_with(struct wildcard pattern, struct str text, uint32_t *room)
{
    struct places state = {room, 0};
    struct places next = {room + pattern.count + 1, 0};
    place_push(pattern.tokens, &state, 0);
    for (ptrdiff_t i = 0; i < text.len && state.count; i++) {
        next.count = 0;
        for (uint32_t k = 0; k < state.count; k++) {
            uint16_t token = pattern.tokens[state.items[k]];
            if (wildcard_takes(token, (unsigned char)text.ptr[i]))
                place_push(pattern.tokens, &next, state.items[k] + !wildcard_is_run(token));
        }
        struct places swap = state;
        state = next;
        next = swap;
    }
    return state.count && pattern.tokens[state.items[state.count - 1]] == WILDCARD_END;
}

/* What is left of both behind the tokens before the first run, each of which takes one byte; false: a byte differs. */
static bool skip_fixed(struct wildcard *pattern, struct str *text)
{
    uint32_t i = 0;
    for (; i < pattern->count && !wildcard_is_run(pattern->tokens[i]); i++)
        if (i >= (size_t)text->len || !wildcard_takes(pattern->tokens[i], (unsigned char)text->ptr[i]))
            return false;
    *pattern = (struct wildcard){pattern->tokens + i, pattern->count - i};
    *text = str_skip(*text, (ptrdiff_t)i);
    return true;
}

bool algebra_matches(struct algebra *algebra, struct wildcard pattern, struct str text)
{
    if (!skip_fixed(&pattern, &text))
        return false;
    if (pattern.count == 0 || wildcard_is_any(pattern)) /* most patterns end here */
        return pattern.count > 0 || text.len == 0;
    if (pattern.count < PLACES_ON_STACK) {
        uint32_t room[2 * PLACES_ON_STACK];
        return matches_with(pattern, text, room);
    }
    struct arena_mark mark = arena_mark(algebra->scratch);
    uint32_t *room = arena_array(algebra->scratch, uint32_t, ((size_t)pattern.count + 1) * 2);
    bool matches = matches_with(pattern, text, room);
    arena_rewind(algebra->scratch, mark);
    return matches;
}

bool algebra_meets(struct algebra *algebra, const struct algebra_clause *clause, struct str text)
{
    for (size_t p = 0; p < clause->count; p++)
        if (algebra_matches(algebra, clause->patterns[p], text))
            return !clause->excluded;
    return clause->excluded;
}
