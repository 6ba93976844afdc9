/* evidence.c: which calls a fact really rests on, and what has to be said of it; see facts_evidence(). */
#include "account/facts/collect.h"

struct walk {
    const struct facts *facts;
    bool *visited;  /* by index of declaration */
    bool *asked;    /* those with a call that was made */
    bool *remarked; /* those that are present and have a remark */
};

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
    if (!node || walk->visited[node->declaration->index] || node->stage != STAGE_DONE)
        return;
    const struct declaration *declaration = node->declaration;
    walk->visited[declaration->index] = true;
    walk->remarked[declaration->index] = declaration->remark && node->fact.state == FACT_PRESENT;
    visit_expression(walk, declaration->when);
    if (declaration->first_of.items) {
        visit_candidates(walk, node);
    } else if (node->entries) { /* else its `when` was false, or could not be decided */
        walk->asked[declaration->index] = made_a_call(node);
        visit_names(walk, declaration->call_facts.items, declaration->call_facts.count);
        visit_names(walk, declaration->value_facts.items, declaration->value_facts.count);
    }
}

static struct walk start_walk(const struct facts *facts, struct arena *arena, struct str name)
{
    size_t count = facts_count(facts->collection.declarations);
    struct walk walk = {facts, arena_array(arena, bool, count), arena_array(arena, bool, count),
                        arena_array(arena, bool, count)};
    visit(&walk, facts_node(facts, name));
    return walk;
}

const struct fact *const *facts_evidence(const struct facts *facts, struct arena *arena, struct str name,
                                         size_t *ret_count)
{
    size_t count = facts_count(facts->collection.declarations);
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    struct walk walk = start_walk(facts, scratch, name);
    size_t asked = 0;
    for (size_t i = 0; i < count; i++)
        asked += walk.asked[i];
    const struct fact **found = arena_array(arena, const struct fact *, asked);
    size_t found_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (walk.asked[i])
            found[found_count++] = &facts->nodes[i].fact;
    }
    *ret_count = found_count;
    return found;
}

/* Whether any fact that is present has a remark: else there is nothing to look for. */
static bool has_remark(const struct facts *facts)
{
    for (size_t i = 0; i < facts_count(facts->collection.declarations); i++) {
        if (facts->nodes[i].declaration->remark && facts->nodes[i].fact.state == FACT_PRESENT)
            return true;
    }
    return false;
}

struct str facts_remark(const struct facts *facts, struct arena *arena, struct str name)
{
    if (!has_remark(facts))
        return STR("");
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    struct walk walk = start_walk(facts, scratch, name);
    struct scope scope = facts_scope(facts, NULL);
    for (size_t i = 0; i < facts_count(facts->collection.declarations); i++) {
        if (walk.remarked[i])
            return text_fill_lenient(facts->nodes[i].declaration->remark, &scope, arena);
    }
    return STR("");
}
