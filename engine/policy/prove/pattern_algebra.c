/*
 * pattern_algebra.c: see pattern_algebra.h.
 *
 * The tokens of all patterns lie in one row, each pattern followed by WILDCARD_END; a position is an index into it. A
 * state is the sorted set of positions that are alive. It is closed: with a run it holds the position behind the run.
 */
#include "policy/prove/pattern_algebra.h"

#include "base/buf.h"

#include <string.h>

enum {
    STEPS_DEFAULT = 10 * 1000 * 1000,
    BYTES_DEFAULT = 16 * 1024 * 1024,
    SAMPLED_PATTERNS = 4, /* of the first clause, filled with everyday words before the search begins */
};

struct state {
    uint32_t *positions;
    uint32_t count;
};

struct machine {
    const uint16_t *tokens;
    const uint32_t *start;  /* by position: where its pattern begins */
    const uint32_t *clause; /* by position */
    const bool *excluded;   /* by clause */
    uint32_t *alive;        /* by clause: the stamp when it was last seen alive */
    uint32_t *accepting;    /* by clause: the same for a finished pattern */
    uint32_t stamp;
    uint32_t position_count;
    size_t clause_count;
    size_t wanted; /* clauses that are not excluded */
};

/* A state that was reached, and the step that led to it. */
struct node {
    struct state state;
    uint32_t parent;
    unsigned char byte;
};

struct search {
    struct algebra *algebra;
    const struct algebra_clause *clauses;
    size_t clause_count;
    struct machine *machine; /* made once no natural string is left to try */
    struct node *nodes;
    uint32_t node_count;
    uint32_t node_capacity;
    uint32_t *buckets; /* node number + 1, open addressing; a power of two of them */
    uint32_t bucket_count;
    size_t bytes;
    bool exhausted;
};

struct algebra algebra_make(struct arena *arena, struct arena *scratch)
{
    return (struct algebra){.arena = arena, .scratch = scratch, .steps = STEPS_DEFAULT, .bytes = BYTES_DEFAULT};
}

/* ---- The machine ---- */

static uint32_t count_positions(const struct algebra_clause *clauses, size_t count)
{
    uint32_t total = 0;
    for (size_t c = 0; c < count; c++)
        for (size_t p = 0; p < clauses[c].count; p++)
            total += clauses[c].patterns[p].count + 1;
    return total;
}

static struct machine *machine_make(struct arena *arena, const struct algebra_clause *clauses, size_t count)
{
    struct machine *machine = arena_new(arena, struct machine);
    uint32_t total = count_positions(clauses, count);
    uint16_t *tokens = arena_array(arena, uint16_t, total);
    uint32_t *start = arena_array(arena, uint32_t, total);
    uint32_t *clause = arena_array(arena, uint32_t, total);
    bool *excluded = arena_array(arena, bool, count);
    uint32_t at = 0;
    for (size_t c = 0; c < count; c++) {
        excluded[c] = clauses[c].excluded;
        machine->wanted += !clauses[c].excluded;
        for (size_t p = 0; p < clauses[c].count; p++) {
            struct wildcard pattern = clauses[c].patterns[p];
            uint32_t begin = at;
            for (uint32_t i = 0; i <= pattern.count; i++, at++) {
                tokens[at] = i < pattern.count ? pattern.tokens[i] : WILDCARD_END;
                start[at] = begin;
                clause[at] = (uint32_t)c;
            }
        }
    }
    machine->tokens = tokens;
    machine->start = start;
    machine->clause = clause;
    machine->excluded = excluded;
    machine->alive = arena_array(arena, uint32_t, count);
    machine->accepting = arena_array(arena, uint32_t, count);
    machine->position_count = total;
    machine->clause_count = count;
    return machine;
}

/*
 * Adds a position and what a run lets it reach. Positions come in such an order that one not above the last is there
 * already: the successors of position i are a row from i or i+1 on, without gaps. A run takes everything that an
 * earlier position of its pattern could still match, so those are dropped: this keeps `*a*a*a*` small.
 */
static void state_push(const struct machine *machine, struct state *state, uint32_t position)
{
    for (;; position++) {
        uint16_t token = machine->tokens[position];
        if (state->count == 0 || state->positions[state->count - 1] < position) {
            if (token == WILDCARD_RUN)
                while (state->count && state->positions[state->count - 1] >= machine->start[position])
                    state->count--;
            state->positions[state->count++] = position;
        }
        if (!wildcard_is_run(token))
            return;
    }
}

static struct state state_first(const struct machine *machine, uint32_t *room)
{
    struct state state = {.positions = room};
    for (uint32_t i = 0; i < machine->position_count; i++)
        if (machine->start[i] == i)
            state_push(machine, &state, i);
    return state;
}

static struct state state_after(const struct machine *machine, struct state from, unsigned char byte, uint32_t *room)
{
    struct state state = {.positions = room};
    for (uint32_t i = 0; i < from.count; i++) {
        uint32_t position = from.positions[i];
        uint16_t token = machine->tokens[position];
        if (wildcard_takes(token, byte))
            state_push(machine, &state, wildcard_is_run(token) ? position : position + 1);
    }
    return state;
}

enum outlook {
    OUTLOOK_DEAD, /* nothing that begins so can meet all clauses */
    OUTLOOK_OPEN,
    OUTLOOK_ACCEPTED,
};

static enum outlook state_outlook(struct machine *machine, struct state state)
{
    size_t alive = 0;
    size_t accepting = 0;
    bool refused = false;
    machine->stamp++;
    for (uint32_t i = 0; i < state.count; i++) {
        uint32_t position = state.positions[i];
        uint32_t clause = machine->clause[position];
        bool end = machine->tokens[position] == WILDCARD_END;
        if (machine->excluded[clause]) {
            refused |= end;
            if (machine->tokens[position] == WILDCARD_RUN && machine->tokens[position + 1] == WILDCARD_END)
                return OUTLOOK_DEAD;
            continue;
        }
        if (machine->alive[clause] != machine->stamp) {
            machine->alive[clause] = machine->stamp;
            alive++;
        }
        if (end && machine->accepting[clause] != machine->stamp) {
            machine->accepting[clause] = machine->stamp;
            accepting++;
        }
    }
    if (alive < machine->wanted)
        return OUTLOOK_DEAD;
    return accepting == machine->wanted && !refused ? OUTLOOK_ACCEPTED : OUTLOOK_OPEN;
}

/* ---- Natural strings first ---- */

/* The word for a run, by the part of an ARN in which it stands: what a reader expects to find there. */
static const char *word_for_part(int colons)
{
    static const char *const words[] = {"arn", "aws", "s3", "us-east-1", "999999999999"};
    return colons < (int)COUNT_OF(words) ? words[colons] : "example";
}

enum { FILL_WORDS, FILL_LETTER, FILL_NOTHING, FILL_COUNT };

static uint32_t ones_in_a_row(struct wildcard pattern, uint32_t at)
{
    uint32_t count = 0;
    while (at + count < pattern.count &&
           (pattern.tokens[at + count] == WILDCARD_ONE || pattern.tokens[at + count] == WILDCARD_ONE_IN_PART))
        count++;
    return count;
}

static struct str fill_pattern(struct arena *arena, struct wildcard pattern, int how)
{
    struct buf text = buf_make(arena, BUF_NO_MAX);
    bool arn = pattern.count > 4 && pattern.tokens[0] == 'a' && pattern.tokens[3] == ':';
    int colons = arn ? 0 : 5;
    for (uint32_t i = 0; i < pattern.count; i++) {
        uint16_t token = pattern.tokens[i];
        uint32_t ones = ones_in_a_row(pattern, i);
        if (token == WILDCARD_DIGIT) {
            buf_add_char(&text, '9');
            continue;
        }
        if (ones) { /* twelve unknown characters are an account id */
            for (uint32_t k = 0; k < ones; k++)
                buf_add_char(&text, ones == 12 ? '9' : 'x');
            i += ones - 1;
        } else if (wildcard_is_run(token)) {
            if (how != FILL_NOTHING)
                buf_add_c(&text, how == FILL_WORDS ? word_for_part(colons) : "x");
        } else {
            colons += token == ':';
            buf_add_char(&text, (char)(token & 0xff));
        }
    }
    return buf_str(&text);
}

static void spend(struct algebra *algebra, uint64_t steps)
{
    algebra->steps -= algebra->steps > steps ? steps : algebra->steps;
}

static bool try_string(struct search *search, struct str text, struct str *ret)
{
    struct algebra *algebra = search->algebra;
    for (size_t c = 0; c < search->clause_count; c++) {
        spend(algebra, search->clauses[c].count); /* most patterns differ within the first bytes */
        if (!algebra_meets(algebra, &search->clauses[c], text))
            return false;
    }
    if (ret)
        *ret = str_copy(algebra->arena, text);
    return true;
}

static bool try_natural(struct search *search, struct str *ret)
{
    size_t first = 0;
    while (first < search->clause_count && search->clauses[first].excluded)
        first++;
    if (first == search->clause_count)
        return try_string(search, STR("example"), ret) || try_string(search, STR("x"), ret);
    const struct algebra_clause *clause = &search->clauses[first];
    for (int how = 0; how < FILL_COUNT; how++)
        for (size_t p = 0; p < clause->count && p < SAMPLED_PATTERNS; p++) {
            struct wildcard pattern = clause->patterns[p];
            if (how > 0 && wildcard_is_literal(pattern))
                continue;
            if (try_string(search, fill_pattern(search->algebra->scratch, pattern, how), ret))
                return true;
        }
    return false;
}

/* ---- The exact search ---- */

static uint64_t state_hash(struct state state)
{
    uint64_t hash = 0x9e3779b97f4a7c15u;
    for (uint32_t i = 0; i < state.count; i++) {
        hash = (hash ^ state.positions[i]) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    return hash;
}

static bool states_equal(struct state a, struct state b)
{
    return a.count == b.count && memcmp(a.positions, b.positions, a.count * sizeof(*a.positions)) == 0;
}

/* The bucket of an equal state, or the empty one where it belongs. */
static uint32_t *search_bucket(const struct search *search, struct state state)
{
    uint32_t mask = search->bucket_count - 1;
    for (uint32_t at = (uint32_t)state_hash(state) & mask;; at = (at + 1) & mask) {
        uint32_t number = search->buckets[at];
        if (number == 0 || states_equal(search->nodes[number - 1].state, state))
            return &search->buckets[at];
    }
}

static void search_grow(struct search *search)
{
    uint32_t capacity = search->node_capacity ? search->node_capacity * 2 : 64;
    struct arena *scratch = search->algebra->scratch;
    struct node *nodes = arena_array(scratch, struct node, capacity);
    if (search->node_count)
        memcpy(nodes, search->nodes, search->node_count * sizeof(*nodes));
    search->nodes = nodes;
    search->node_capacity = capacity;
    search->bucket_count = capacity * 2;
    search->buckets = arena_array(scratch, uint32_t, search->bucket_count);
    search->bytes += capacity * (sizeof(struct node) + 2 * sizeof(uint32_t));
    for (uint32_t i = 0; i < search->node_count; i++)
        *search_bucket(search, search->nodes[i].state) = i + 1;
}

static void search_add(struct search *search, struct state state, uint32_t parent, unsigned char byte)
{
    if (search->node_count == search->node_capacity)
        search_grow(search);
    uint32_t *bucket = search_bucket(search, state);
    if (*bucket)
        return;
    uint32_t *positions = arena_array(search->algebra->scratch, uint32_t, state.count);
    memcpy(positions, state.positions, state.count * sizeof(*positions));
    search->bytes += state.count * sizeof(*positions) + 16;
    search->nodes[search->node_count] = (struct node){{positions, state.count}, parent, byte};
    *bucket = ++search->node_count;
}

/*
 * Bytes that a state tells apart: one for each literal that is alive, and one that stands for all others; where a digit
 * is alive, one for all other digits, too.
 */
struct byte_set {
    bool has[256];
    bool digits;
    unsigned char bytes[256];
    int count;
};

static void byte_set_add(struct byte_set *set, unsigned char byte)
{
    if (!set->has[byte])
        set->bytes[set->count++] = byte;
    set->has[byte] = true;
}

static void byte_set_add_token(struct byte_set *set, uint16_t token)
{
    if (token == WILDCARD_ONE_IN_PART || token == WILDCARD_RUN_IN_PART)
        byte_set_add(set, ':');
    set->digits |= token == WILDCARD_DIGIT;
    if (token >= WILDCARD_ONE)
        return;
    byte_set_add(set, (unsigned char)(token & 0xff));
    if (token & WILDCARD_NOCASE)
        byte_set_add(set, (unsigned char)((token & 0xff) - ('a' - 'A')));
}

static bool byte_set_may_add(const struct byte_set *set, unsigned char byte)
{
    return !set->has[byte] && !(set->digits && byte >= '0' && byte <= '9');
}

static void byte_set_add_other_digit(struct byte_set *set)
{
    for (const char *c = "9012345678"; set->digits && *c; c++)
        if (!set->has[(unsigned char)*c]) {
            byte_set_add(set, (unsigned char)*c);
            return;
        }
}

/* Any byte outside the set does; the first that reads well is taken. */
static void byte_set_add_other(struct byte_set *set)
{
    static const char readable[] = "xabcdefghijklmnopqrstuvwyz0123456789XABCDEFGHIJKLMNOPQRSTUVWYZ-_.=+@,/!";
    for (const char *c = readable; *c; c++)
        if (byte_set_may_add(set, (unsigned char)*c)) {
            byte_set_add(set, (unsigned char)*c);
            return;
        }
    for (int byte = 1; byte < 256; byte++)
        if (byte_set_may_add(set, (unsigned char)byte)) {
            byte_set_add(set, (unsigned char)byte);
            return;
        }
}

/*
 * The bytes to go on with. Where a wanted clause is alive in literals alone, only those can keep it alive; else each
 * literal that is alive anywhere, and one byte for all others, which all states treat alike.
 */
static void state_bytes(const struct machine *machine, struct state state, struct byte_set *set)
{
    for (uint32_t i = 0, end; i < state.count; i = end) {
        uint32_t clause = machine->clause[state.positions[i]];
        bool literal = !machine->excluded[clause];
        for (end = i; end < state.count && machine->clause[state.positions[end]] == clause; end++)
            literal &= machine->tokens[state.positions[end]] < WILDCARD_ONE ||
                       machine->tokens[state.positions[end]] == WILDCARD_END;
        if (!literal)
            continue;
        for (uint32_t k = i; k < end; k++)
            byte_set_add_token(set, machine->tokens[state.positions[k]]);
        return;
    }
    for (uint32_t i = 0; i < state.count; i++)
        byte_set_add_token(set, machine->tokens[state.positions[i]]);
    byte_set_add_other_digit(set);
    byte_set_add_other(set);
}

static struct str search_path(const struct search *search, uint32_t parent, unsigned char last)
{
    ptrdiff_t length = 1;
    for (uint32_t at = parent; at > 0; at = search->nodes[at].parent)
        length++;
    char *text = arena_array(search->algebra->arena, char, length);
    text[length - 1] = (char)last;
    ptrdiff_t i = length - 2;
    for (uint32_t at = parent; at > 0; at = search->nodes[at].parent)
        text[i--] = (char)search->nodes[at].byte;
    return (struct str){text, length};
}

/* Takes every step out of one node; true if one of them ends the search. */
static bool search_expand(struct search *search, uint32_t number, uint32_t *room, struct str *ret)
{
    struct state from = search->nodes[number].state;
    struct byte_set set = {.count = 0};
    state_bytes(search->machine, from, &set);
    for (int i = 0; i < set.count; i++) {
        if (search->algebra->steps <= from.count || search->bytes > search->algebra->bytes) {
            search->exhausted = true;
            return false;
        }
        search->algebra->steps -= from.count + 1;
        struct state state = state_after(search->machine, from, set.bytes[i], room);
        enum outlook outlook = state_outlook(search->machine, state);
        if (outlook == OUTLOOK_ACCEPTED) {
            if (ret)
                *ret = search_path(search, number, set.bytes[i]);
            return true;
        }
        if (outlook == OUTLOOK_OPEN)
            search_add(search, state, number, set.bytes[i]);
    }
    return false;
}

static enum algebra_answer search_exactly(struct search *search, struct str *ret)
{
    struct arena *scratch = search->algebra->scratch;
    search->machine = machine_make(scratch, search->clauses, search->clause_count);
    uint32_t *room = arena_array(scratch, uint32_t, search->machine->position_count);
    struct state first = state_first(search->machine, room);
    enum outlook outlook = state_outlook(search->machine, first);
    if (outlook == OUTLOOK_DEAD)
        return ALGEBRA_NONE;
    if (outlook == OUTLOOK_ACCEPTED) {
        if (ret)
            *ret = STR("");
        return ALGEBRA_FOUND;
    }
    search_add(search, first, 0, 0);
    for (uint32_t i = 0; i < search->node_count && !search->exhausted; i++)
        if (search_expand(search, i, room, ret))
            return ALGEBRA_FOUND;
    return search->exhausted ? ALGEBRA_BUDGET : ALGEBRA_NONE;
}

/* ---- Searches that need no search ---- */

static bool pattern_is_covered(struct algebra *algebra, struct wildcard pattern, const struct algebra_clause *by)
{
    for (size_t p = 0; p < by->count; p++) {
        spend(algebra, 1);
        if (wildcard_covers(by->patterns[p], pattern))
            return true;
    }
    return false;
}

/* Whether a clause excludes all that another wants, pattern by pattern: so it is with most of what is proved. */
static bool excludes_all(struct algebra *algebra, const struct algebra_clause *excluded,
                         const struct algebra_clause *wanted)
{
    for (size_t p = 0; p < wanted->count; p++)
        if (!pattern_is_covered(algebra, wanted->patterns[p], excluded))
            return false;
    return true;
}

static bool is_plainly_empty(struct algebra *algebra, const struct algebra_clause *clauses, size_t count)
{
    for (size_t e = 0; e < count; e++)
        for (size_t w = 0; clauses[e].excluded && w < count; w++)
            if (!clauses[w].excluded && excludes_all(algebra, &clauses[e], &clauses[w]))
                return true;
    return false;
}

/* A single wanted string decides by itself: no search is needed. */
static bool only_one_string(const struct algebra_clause *clauses, size_t count)
{
    for (size_t c = 0; c < count; c++) {
        const struct algebra_clause *clause = &clauses[c];
        if (clause->excluded || clause->count != 1 || !wildcard_is_literal(clause->patterns[0]))
            continue;
        for (uint32_t i = 0; i < clause->patterns[0].count; i++)
            if (clause->patterns[0].tokens[i] & WILDCARD_NOCASE)
                return false;
        return c == 0;
    }
    return false;
}

enum algebra_answer algebra_find(struct algebra *algebra, const struct algebra_clause *clauses, size_t count,
                                 const struct str *preferred, size_t preferred_count, struct str *ret)
{
    if (is_plainly_empty(algebra, clauses, count))
        return ALGEBRA_NONE;
    struct arena *scratch = algebra->scratch;
    struct arena_mark mark = arena_mark(scratch);
    struct search search = {.algebra = algebra, .clauses = clauses, .clause_count = count};
    enum algebra_answer answer = ALGEBRA_NONE;
    for (size_t i = 0; i < preferred_count && answer == ALGEBRA_NONE; i++)
        if (try_string(&search, preferred[i], ret))
            answer = ALGEBRA_FOUND;
    if (answer == ALGEBRA_NONE && try_natural(&search, ret))
        answer = ALGEBRA_FOUND;
    if (answer == ALGEBRA_NONE && !only_one_string(clauses, count))
        answer = search_exactly(&search, ret);
    arena_rewind(scratch, mark);
    return answer;
}

enum algebra_answer algebra_intersect(struct algebra *algebra, struct wildcard a, struct wildcard b,
                                      struct str *ret_common)
{
    struct algebra_clause clauses[] = {{&a, 1, false}, {&b, 1, false}};
    return algebra_find(algebra, clauses, COUNT_OF(clauses), NULL, 0, ret_common);
}

enum algebra_answer algebra_difference(struct algebra *algebra, struct wildcard a, const struct wildcard *cover,
                                       size_t count, struct str *ret_witness)
{
    struct algebra_clause clauses[] = {{&a, 1, false}, {cover, count, true}};
    return algebra_find(algebra, clauses, COUNT_OF(clauses), NULL, 0, ret_witness);
}
