/* region.c: see region.h. */
#include "policy/prove/region.h"

enum {
    SPLIT_DEPTH_MAX = 256, /* boxes that one request's region was split along */
    CLAUSES_MAX = 1024,    /* constraints on one variable at a time */
    PUSH_STEPS = 64,       /* what a look at one constraint costs, apart from the search itself */
};

struct engine {
    struct algebra *algebra;
    const struct region_question *question;
    const struct region_layer *variables[REGION_VARIABLES_MAX];
    struct region_value *values;
    int depth;
};

enum algebra_answer region_value(struct algebra *algebra, const struct region_layer *layer,
                                 const struct algebra_clause *extra, struct region_preferred preferred, struct str *ret)
{
    struct arena_mark mark = arena_mark(algebra->scratch);
    size_t count = extra ? 1 : 0;
    for (const struct region_layer *at = layer; at; at = at->below)
        count++;
    if (count > CLAUSES_MAX)
        return ALGEBRA_BUDGET;
    /* The oldest first: it says what the values look like at all. */
    struct algebra_clause *clauses = arena_array(algebra->scratch, struct algebra_clause, count);
    size_t at_index = count;
    if (extra)
        clauses[--at_index] = *extra;
    for (const struct region_layer *at = layer; at; at = at->below)
        clauses[--at_index] = at->clause;
    enum algebra_answer answer = algebra_find(algebra, clauses, count, preferred.values, preferred.count, ret);
    arena_rewind(algebra->scratch, mark);
    return answer;
}

static struct region_preferred preferred_for(const struct engine *engine, uint32_t variable)
{
    return engine->question->preferred ? engine->question->preferred[variable] : (struct region_preferred){NULL, 0};
}

/*
 * Adds a constraint, which `layer` holds for as long as it stands. ALGEBRA_NONE: no value is left, and the constraint
 * was not added.
 */
static enum algebra_answer push(struct engine *engine, const struct region_constraint *constraint, bool negate,
                                struct region_layer *layer)
{
    struct algebra *algebra = engine->algebra;
    const struct region_layer *below = engine->variables[constraint->variable];
    if (algebra->steps < PUSH_STEPS)
        return ALGEBRA_BUDGET;
    algebra->steps -= PUSH_STEPS;
    *layer = (struct region_layer){
        .below = below,
        .clause = constraint->clause,
        .absent = (below ? below->absent : true) && constraint->absent != negate,
    };
    layer->clause.excluded = constraint->clause.excluded != negate;
    if (below && below->has_witness && algebra_meets(algebra, &layer->clause, below->witness)) {
        layer->has_witness = true;
        layer->witness = below->witness;
    }
    if (!layer->has_witness && !layer->absent) {
        enum algebra_answer answer =
            region_value(algebra, layer, NULL, preferred_for(engine, constraint->variable), &layer->witness);
        if (answer != ALGEBRA_FOUND)
            return answer;
        layer->has_witness = true;
    }
    engine->variables[constraint->variable] = layer;
    return ALGEBRA_FOUND;
}

static void pop(struct engine *engine, const struct region_constraint *constraint)
{
    engine->variables[constraint->variable] = engine->variables[constraint->variable]->below;
}

/* Adds all constraints of a box, or none of them. */
static enum algebra_answer push_box(struct engine *engine, const struct region_box *box, struct region_layer *layers)
{
    for (size_t i = 0; i < box->count; i++) {
        enum algebra_answer answer = push(engine, &box->constraints[i], false, &layers[i]);
        if (answer == ALGEBRA_FOUND)
            continue;
        while (i-- > 0)
            pop(engine, &box->constraints[i]);
        return answer;
    }
    return ALGEBRA_FOUND;
}

static void pop_box(struct engine *engine, const struct region_box *box)
{
    for (size_t i = box->count; i-- > 0;)
        pop(engine, &box->constraints[i]);
}

/* Whether nothing of the region lies outside the box: FOUND says that something does. */
static enum algebra_answer sticks_out(struct engine *engine, const struct region_box *box)
{
    for (size_t i = 0; i < box->count; i++) {
        struct region_layer layer;
        enum algebra_answer answer = push(engine, &box->constraints[i], true, &layer);
        if (answer == ALGEBRA_FOUND)
            pop(engine, &box->constraints[i]);
        if (answer != ALGEBRA_NONE)
            return answer;
    }
    return ALGEBRA_NONE;
}

/* Every request of the region is an answer: one of them is written down. */
static enum algebra_answer take(struct engine *engine)
{
    const struct region_question *question = engine->question;
    if (question->accept && !question->accept(engine->algebra, engine->variables, question->user))
        return ALGEBRA_NONE;
    for (uint32_t v = 0; engine->values && v < question->variable_count; v++) {
        const struct region_layer *layer = engine->variables[v];
        struct region_value value = {.absent = !layer || layer->absent};
        if (!value.absent)
            value.text = layer->witness;
        engine->values[v] = value;
    }
    return ALGEBRA_FOUND;
}

static enum algebra_answer subtract(struct engine *engine, size_t from);

/* What lies outside the box, piece by piece: the first constraint fails; the first holds and the second fails; … */
static enum algebra_answer subtract_pieces(struct engine *engine, const struct region_box *box, size_t next)
{
    enum algebra_answer result = ALGEBRA_NONE;
    struct arena_mark mark = arena_mark(engine->algebra->scratch);
    struct region_layer *layers = arena_array(engine->algebra->scratch, struct region_layer, box->count);
    size_t held = 0;
    for (size_t i = 0; i < box->count && result == ALGEBRA_NONE; i++) {
        struct region_layer failing;
        result = push(engine, &box->constraints[i], true, &failing);
        if (result == ALGEBRA_FOUND) {
            result = subtract(engine, next);
            pop(engine, &box->constraints[i]);
        }
        if (result != ALGEBRA_NONE)
            break;
        result = push(engine, &box->constraints[i], false, &layers[i]);
        if (result == ALGEBRA_NONE)
            break;
        held += result == ALGEBRA_FOUND;
        result = result == ALGEBRA_FOUND ? ALGEBRA_NONE : result;
    }
    while (held-- > 0)
        pop(engine, &box->constraints[held]);
    arena_rewind(engine->algebra->scratch, mark);
    return result;
}

/* One box that holds the whole region ends it without any splitting. */
static enum algebra_answer covered_by_one(struct engine *engine, size_t from)
{
    const struct region_union *outside = &engine->question->outside;
    for (size_t b = from; b < outside->count; b++) {
        enum algebra_answer answer = sticks_out(engine, &outside->boxes[b]);
        if (answer != ALGEBRA_FOUND)
            return answer;
    }
    return ALGEBRA_FOUND;
}

static enum algebra_answer subtract(struct engine *engine, size_t from) // NOLINT(misc-no-recursion): SPLIT_DEPTH_MAX
{
    const struct region_union *outside = &engine->question->outside;
    enum algebra_answer answer = covered_by_one(engine, from);
    if (answer != ALGEBRA_FOUND)
        return answer;
    for (size_t b = from; b < outside->count; b++) {
        const struct region_box *box = &outside->boxes[b];
        struct arena_mark mark = arena_mark(engine->algebra->scratch);
        struct region_layer *layers = arena_array(engine->algebra->scratch, struct region_layer, box->count);
        answer = push_box(engine, box, layers);
        if (answer == ALGEBRA_FOUND)
            pop_box(engine, box);
        arena_rewind(engine->algebra->scratch, mark);
        if (answer == ALGEBRA_NONE)
            continue; /* nothing in common */
        if (answer == ALGEBRA_BUDGET || engine->depth == SPLIT_DEPTH_MAX)
            return ALGEBRA_BUDGET;
        engine->depth++;
        answer = subtract_pieces(engine, box, b + 1);
        engine->depth--;
        return answer;
    }
    return take(engine);
}

/* Chooses one box of each union that the request must lie in. */
static enum algebra_answer choose(struct engine *engine, size_t which) // NOLINT(misc-no-recursion): within_count
{
    const struct region_question *question = engine->question;
    if (which == question->within_count)
        return subtract(engine, 0);
    enum algebra_answer result = ALGEBRA_NONE;
    for (size_t b = 0; b < question->within[which].count && result == ALGEBRA_NONE; b++) {
        const struct region_box *box = &question->within[which].boxes[b];
        struct arena_mark mark = arena_mark(engine->algebra->scratch);
        struct region_layer *layers = arena_array(engine->algebra->scratch, struct region_layer, box->count);
        result = push_box(engine, box, layers);
        if (result == ALGEBRA_FOUND) {
            result = choose(engine, which + 1);
            pop_box(engine, box);
        }
        arena_rewind(engine->algebra->scratch, mark);
    }
    return result;
}

enum algebra_answer region_search(struct algebra *algebra, const struct region_question *question,
                                  struct region_value *ret_values)
{
    struct engine engine = {.algebra = algebra, .question = question, .values = ret_values};
    struct arena_mark mark = arena_mark(algebra->scratch);
    struct region_layer *layers = arena_array(algebra->scratch, struct region_layer, question->base.count);
    enum algebra_answer answer = push_box(&engine, &question->base, layers);
    if (answer == ALGEBRA_FOUND)
        answer = choose(&engine, 0);
    arena_rewind(algebra->scratch, mark);
    return answer;
}
