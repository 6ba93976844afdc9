/* evidence.c: which calls a fact really rests on, and what has to be said of it; see facts_evidence(). */
#include "account/facts/collect.h"

/* A set of declarations: a bit for each, by its index. */
enum { WORD_BITS = 64 };

struct walk {
    const struct facts *facts;
    size_t words;
    uint64_t *visited;
    uint64_t *asked;    /* those with a call that was made */
    uint64_t *remarked; /* those that are present and have a remark */
};

static bool has_bit(const uint64_t *set, size_t index)
{
    return set[index / WORD_BITS] >> index % WORD_BITS & 1;
}

static void add_bit(uint64_t *set, size_t index, bool wanted)
{
    set[index / WORD_BITS] |= (uint64_t)wanted << index % WORD_BITS;
}

/* The first that is not before `from`; `words * WORD_BITS`: none. */
static size_t next_bit(const uint64_t *set, size_t words, size_t from)
{
    for (size_t w = from / WORD_BITS; w < words; w++) {
        uint64_t rest = w == from / WORD_BITS ? set[w] & ~(uint64_t)0 << from % WORD_BITS : set[w];
        if (rest)
            return w * WORD_BITS + (size_t)__builtin_ctzll(rest);
    }
    return words * WORD_BITS;
}

static void visit(struct walk *walk, struct node *node);

static void visit_names(struct walk *walk, const struct str *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        visit(walk, facts_node(walk->facts, names[i]));
}

static void visit_expression(struct walk *walk, const struct expression *expression)
{
    size_t count = 0;
    const struct str *names = expression ? expression_facts(expression, &count) : NULL;
    visit_names(walk, names, count);
}

/* The candidate that was taken; where none is present, all that were tried say so together. */
static void visit_candidates(struct walk *walk, const struct node *node)
{
    const struct names *names = &node->declaration->first_of;
    bool taken = node->fact.state == FACT_PRESENT;
    size_t from = taken ? node->candidate : 0;
    visit_names(walk, names->items + from, node->candidate + 1 - from);
}

static bool made_a_call(const struct node *node)
{
    for (size_t i = 0; i < node->entry_count; i++) {
        if (node->entries[i].call)
            return true;
    }
    return false;
}

/* Facts were linked without cycles, and each is visited once. */
static void visit(struct walk *walk, struct node *node)
{
    if (!node || has_bit(walk->visited, node->declaration->index) || node->stage != STAGE_DONE)
        return;
    const struct declaration *declaration = node->declaration;
    add_bit(walk->visited, declaration->index, true);
    add_bit(walk->remarked, declaration->index, declaration->remark && node->fact.state == FACT_PRESENT);
    visit_expression(walk, declaration->when);
    if (declaration->first_of.items) {
        visit_candidates(walk, node);
    } else if (node->entries) { /* else its `when` was false, or could not be decided */
        add_bit(walk->asked, declaration->index, made_a_call(node));
        visit_names(walk, declaration->call_facts.items, declaration->call_facts.count);
        visit_names(walk, declaration->value_facts.items, declaration->value_facts.count);
    }
}

static struct walk start_walk(const struct facts *facts, struct arena *arena, struct str name)
{
    size_t words = (facts_count(facts->collection.declarations) + WORD_BITS - 1) / WORD_BITS;
    uint64_t *sets = arena_array(arena, uint64_t, 3 * words);
    struct walk walk = {facts, words, sets, sets + words, sets + 2 * words};
    visit(&walk, facts_node(facts, name));
    return walk;
}

const struct fact *const *facts_evidence(const struct facts *facts, struct arena *arena, struct str name,
                                         size_t *ret_count)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    struct walk walk = start_walk(facts, scratch, name);
    size_t end = walk.words * WORD_BITS;
    size_t asked = 0;
    for (size_t i = 0; i < walk.words; i++)
        asked += (size_t)__builtin_popcountll(walk.asked[i]);
    const struct fact **found = arena_array(arena, const struct fact *, asked);
    size_t count = 0;
    for (size_t i = next_bit(walk.asked, walk.words, 0); i < end; i = next_bit(walk.asked, walk.words, i + 1))
        found[count++] = &facts->nodes[i].fact;
    *ret_count = count;
    return found;
}

/* Whether any fact that is present has a remark: else there is nothing to look for. */
static bool has_remark(const struct facts *facts)
{
    const struct fact_declarations *declarations = facts->collection.declarations;
    for (size_t i = 0; i < declarations->remark_count; i++)
        if (facts->nodes[declarations->remarks[i]].fact.state == FACT_PRESENT)
            return true;
    return false;
}

struct str facts_remark(const struct facts *facts, struct arena *arena, struct str name)
{
    if (!has_remark(facts))
        return STR("");
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    struct walk walk = start_walk(facts, scratch, name);
    struct scope scope = facts_scope(facts, NULL);
    size_t first = next_bit(walk.remarked, walk.words, 0);
    bool none = first == walk.words * WORD_BITS;
    return none ? STR("") : text_fill_lenient(facts->nodes[first].declaration->remark, &scope, arena);
}
