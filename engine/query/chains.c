/*
 * chains.c: which chains of names an expression reads from the root of the tree, found without
 * any value.
 *
 * The tree is walked with the *place* that is the current value: the root and names below it, or
 * no place at all (an item of a projection, a computed value). A name makes a place longer;
 * whatever else uses a place ends it, and then it is a chain.
 */
#include "query/functions.h"
#include "query/node.h"
#include "query/query.h"

/** A place below the root; a list of names from the last to the first. NULL is no place at all. */
struct place {
    struct place *parent; /* NULL: the root itself */
    struct str name;
    size_t count;   /* names */
    bool from_root; /* its root was written root() */
    bool used;      /* a chain that begins with it was noted */
};

struct walk {
    struct arena *arena;
    struct query_chain *chains;
    size_t count;
    size_t capacity;
};

static struct place *below(struct walk *walk, struct place *parent, struct str name)
{
    struct place *place = arena_new(walk->arena, struct place);
    *place = (struct place){.parent = parent, .name = name, .count = parent->count + 1, .from_root = parent->from_root};
    return place;
}

/** Notes that the place is used as a whole: a chain. The bare root is no constant chain. */
static void emit(struct walk *walk, struct place *place)
{
    if (!place)
        return;
    if (walk->count == walk->capacity) {
        size_t capacity = walk->capacity ? walk->capacity * 2 : 8;
        struct query_chain *chains = arena_array(walk->arena, struct query_chain, capacity);
        for (size_t i = 0; i < walk->count; i++)
            chains[i] = walk->chains[i];
        walk->chains = chains;
        walk->capacity = capacity;
    }
    struct str *names = arena_array(walk->arena, struct str, place->count);
    for (struct place *at = place; at; at = at->parent) {
        at->used = true;
        if (at->count > 0)
            names[at->count - 1] = at->name;
    }
    walk->chains[walk->count++] = (struct query_chain){names, place->count, place->from_root, place->count == 0};
}

static struct place *visit(struct walk *walk, const struct node *node, struct place *current);

/** Visits the node, and notes the place that it gives, if it gives one. */
static void use(struct walk *walk, const struct node *node, struct place *current)
{
    emit(walk, visit(walk, node, current));
}

/** Whether what stands on the right of a dot begins with a name: `b`, `b[0]`, `b[*].c`. */
static bool begins_with_name(const struct node *node)
{
    while (node->left && node->kind != NODE_CALL)
        node = node->left;
    return node->kind == NODE_FIELD;
}

/**
 * `left.right`: names on the right go on from the left's place. Where the right does not (`a.{x: 1}`
 * reads only whether `a` is null), the left is used for itself.
 */
static struct place *visit_subexpression(struct walk *walk, const struct node *node, struct place *current)
{
    struct place *left = visit(walk, node->left, current);
    if (node->right->kind == NODE_FIELD)
        return left ? below(walk, left, node->right->name) : NULL;
    if (left && left->count == 0 && left->from_root && !begins_with_name(node->right)) {
        emit(walk, left);
        left = NULL;
    }
    struct place *right = visit(walk, node->right, left);
    if (!right && left && !left->used)
        emit(walk, left);
    return right;
}

static struct place *visit_call(struct walk *walk, const struct node *node, struct place *current)
{
    if (str_equal(node->call.function->name, STR("root"))) {
        struct place *root = arena_new(walk->arena, struct place);
        root->from_root = true;
        return root;
    }
    for (size_t i = 0; i < node->part_count; i++) {
        bool reference = node->parts[i]->kind == NODE_REFERENCE;
        use(walk, reference ? node->parts[i]->left : node->parts[i], reference ? NULL : current);
    }
    return NULL;
}

/** What selects items of its left side: right and condition belong to the items. */
static struct place *visit_items(struct walk *walk, const struct node *node, struct place *current)
{
    use(walk, node->left, current);
    if (node->condition)
        use(walk, node->condition, NULL);
    if (node->right)
        use(walk, node->right, NULL);
    return NULL;
}

/** What combines values that all see the same current value. */
static struct place *visit_operands(struct walk *walk, const struct node *node, struct place *current)
{
    if (node->left)
        use(walk, node->left, current);
    if (node->right)
        use(walk, node->right, current);
    for (size_t i = 0; i < node->part_count; i++)
        use(walk, node->parts[i], current);
    return NULL;
}

/** The place that the node's result is, or NULL; notes all that the node uses on the way. */
static struct place *visit(struct walk *walk, const struct node *node, struct place *current)
{
    switch (node->kind) {
    case NODE_CURRENT: return current;
    case NODE_FIELD: return current ? below(walk, current, node->name) : NULL;
    case NODE_SUBEXPRESSION: return visit_subexpression(walk, node, current);
    case NODE_CALL: return visit_call(walk, node, current);
    case NODE_PIPE:
    case NODE_INDEX:
    case NODE_SLICE:
    case NODE_FLATTEN:
    case NODE_PROJECTION:
    case NODE_VALUE_PROJECTION:
    case NODE_FILTER: return visit_items(walk, node, current);
    case NODE_OR:
    case NODE_AND:
    case NODE_NOT:
    case NODE_COMPARE:
    case NODE_LIST:
    case NODE_HASH: return visit_operands(walk, node, current);
    case NODE_LITERAL:
    case NODE_REFERENCE:
    case NODE_KIND_COUNT: break;
    }
    return NULL;
}

const struct query_chain *query_chains(const struct query *query, struct arena *arena, size_t *ret_count)
{
    struct walk walk = {.arena = arena};
    use(&walk, query->node, arena_new(arena, struct place));
    *ret_count = walk.count;
    return walk.chains;
}
