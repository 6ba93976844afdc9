/*
 * parser.c: operator precedence (Pratt's method). Each kind of token may begin an expression
 * (`prefix`) or continue one (`infix`); the table says how, and how tightly it binds.
 */
#include "query/parser.h"

#include "query/functions.h"
#include "query/lexer.h"

struct parser {
    struct arena *arena;
    struct lexer lexer;
    struct token token; /* not yet used */
    struct token ahead; /* the one after it */
    unsigned depth;     /* of the recursion of parse_expression() */
    struct error *error;
};

/*
 * How tightly operators bind. Below BIND_PROJECTION a token ends a projection: what stands before
 * it is done for each item, what follows once. `!` is weaker than all that selects, so that `!a.b`
 * and `!a[?b]` negate the whole.
 */
enum binding {
    BIND_NONE = 0,
    BIND_PIPE = 1,
    BIND_OR = 2,
    BIND_AND = 3,
    BIND_COMPARE = 5,
    BIND_NOT = 6,
    BIND_FLATTEN = 9,
    BIND_PROJECTION = 10,
    BIND_STAR = 20,
    BIND_FILTER = 21,
    BIND_DOT = 40,
    BIND_BRACKET = 55,
};

/** Parses what a token begins; the token is used up and passed along. NULL on failure, as all below. */
typedef const struct node *prefix_function(struct parser *parser, const struct token *token);
/** Parses what a token continues. */
typedef const struct node *infix_function(struct parser *parser, const struct node *left, enum token_kind kind);

static prefix_function prefix_current, prefix_literal, prefix_name, prefix_quoted_name, prefix_star, prefix_not,
    prefix_filter, prefix_flatten, prefix_bracket, prefix_brace, prefix_paren;
static infix_function infix_binary, infix_compare, infix_filter, infix_flatten, infix_dot, infix_bracket;

struct grammar {
    prefix_function *prefix;
    infix_function *infix;
    enum binding binding;
    int detail; /* the node that infix_binary makes, or the comparator */
};

static const struct grammar grammar[TOKEN_KIND_COUNT] = {
    [TOKEN_CURRENT] = {.prefix = prefix_current},
    [TOKEN_LITERAL] = {.prefix = prefix_literal},
    [TOKEN_NAME] = {.prefix = prefix_name},
    [TOKEN_QUOTED_NAME] = {.prefix = prefix_quoted_name},
    [TOKEN_STAR] = {.prefix = prefix_star},
    [TOKEN_NOT] = {.prefix = prefix_not},
    [TOKEN_LBRACE] = {.prefix = prefix_brace},
    [TOKEN_LPAREN] = {.prefix = prefix_paren},
    [TOKEN_FILTER] = {prefix_filter, infix_filter, BIND_FILTER, 0},
    [TOKEN_FLATTEN] = {prefix_flatten, infix_flatten, BIND_FLATTEN, 0},
    [TOKEN_LBRACKET] = {prefix_bracket, infix_bracket, BIND_BRACKET, 0},
    [TOKEN_DOT] = {NULL, infix_dot, BIND_DOT, 0},
    [TOKEN_PIPE] = {NULL, infix_binary, BIND_PIPE, NODE_PIPE},
    [TOKEN_OR] = {NULL, infix_binary, BIND_OR, NODE_OR},
    [TOKEN_AND] = {NULL, infix_binary, BIND_AND, NODE_AND},
    [TOKEN_EQ] = {NULL, infix_compare, BIND_COMPARE, COMPARE_EQ},
    [TOKEN_NE] = {NULL, infix_compare, BIND_COMPARE, COMPARE_NE},
    [TOKEN_LT] = {NULL, infix_compare, BIND_COMPARE, COMPARE_LT},
    [TOKEN_LE] = {NULL, infix_compare, BIND_COMPARE, COMPARE_LE},
    [TOKEN_GT] = {NULL, infix_compare, BIND_COMPARE, COMPARE_GT},
    [TOKEN_GE] = {NULL, infix_compare, BIND_COMPARE, COMPARE_GE},
};

static const struct node current_node = {.kind = NODE_CURRENT, .depth = 1};

/* ---- tokens ---- */

static bool advance(struct parser *parser)
{
    parser->token = parser->ahead;
    return lexer_next(&parser->lexer, &parser->ahead, parser->error);
}

static const struct node *unexpected(struct parser *parser, const struct token *token, const char *expected)
{
    lexer_fail(&parser->lexer, token->offset, parser->error, "unexpected %s, expected %s",
               lexer_token_name(token->kind), expected);
    return NULL;
}

static bool expect(struct parser *parser, enum token_kind kind)
{
    if (parser->token.kind == kind)
        return advance(parser);
    unexpected(parser, &parser->token, lexer_token_name(kind));
    return false;
}

/* ---- nodes ---- */

static const struct node *too_deep(struct parser *parser)
{
    error_set(parser->error, ERROR_LIMIT, "the expression is nested more than %d levels deep", QUERY_MAX_DEPTH);
    return NULL;
}

static unsigned depth_of(const struct node *node)
{
    return node ? node->depth : 0;
}

/** The node on the arena, its depth computed and checked. */
static const struct node *make(struct parser *parser, struct node node)
{
    unsigned depth = depth_of(node.left);
    depth = depth_of(node.right) > depth ? depth_of(node.right) : depth;
    depth = depth_of(node.condition) > depth ? depth_of(node.condition) : depth;
    for (size_t i = 0; i < node.part_count; i++)
        depth = depth_of(node.parts[i]) > depth ? depth_of(node.parts[i]) : depth;
    node.depth = depth + 1;
    if (node.depth > QUERY_MAX_DEPTH)
        return too_deep(parser);
    struct node *made = arena_new(parser->arena, struct node);
    *made = node;
    return made;
}

/** A growing list of nodes. */
struct parts {
    const struct node **nodes;
    size_t count;
    size_t capacity;
};

static void parts_add(struct arena *arena, struct parts *parts, const struct node *node)
{
    if (parts->count == parts->capacity) {
        size_t capacity = parts->capacity ? parts->capacity * 2 : 4;
        const struct node **nodes = arena_array(arena, const struct node *, capacity);
        for (size_t i = 0; i < parts->count; i++)
            nodes[i] = parts->nodes[i];
        parts->nodes = nodes;
        parts->capacity = capacity;
    }
    parts->nodes[parts->count++] = node;
}

/* ---- expressions ---- */

static const struct node *parse_operators(struct parser *parser, enum binding binding)
{
    struct token token = parser->token;
    const struct grammar *row = &grammar[token.kind];
    if (!row->prefix)
        return unexpected(parser, &token, "an expression");
    if (!advance(parser))
        return NULL;
    const struct node *left = row->prefix(parser, &token);
    while (left && binding < grammar[parser->token.kind].binding) {
        enum token_kind kind = parser->token.kind;
        if (!advance(parser))
            return NULL;
        left = grammar[kind].infix(parser, left, kind);
    }
    return left;
}

/** Parses as much as binds more tightly than `binding`. */
static const struct node *parse_expression(struct parser *parser, enum binding binding)
{
    if (parser->depth == QUERY_MAX_DEPTH)
        return too_deep(parser);
    parser->depth++;
    const struct node *node = parse_operators(parser, binding);
    parser->depth--;
    return node;
}

static const struct node *prefix_current(struct parser *parser, const struct token *token)
{
    (void)parser, (void)token;
    return &current_node;
}

static const struct node *prefix_literal(struct parser *parser, const struct token *token)
{
    return make(parser, (struct node){.kind = NODE_LITERAL, .literal = token->literal});
}

static const struct node *prefix_not(struct parser *parser, const struct token *token)
{
    (void)token;
    const struct node *operand = parse_expression(parser, BIND_NOT);
    return operand ? make(parser, (struct node){.kind = NODE_NOT, .left = operand}) : NULL;
}

static const struct node *prefix_paren(struct parser *parser, const struct token *token)
{
    (void)token;
    const struct node *inner = parse_expression(parser, BIND_NONE);
    return inner && expect(parser, TOKEN_RPAREN) ? inner : NULL;
}

static const struct node *infix_binary(struct parser *parser, const struct node *left, enum token_kind kind)
{
    const struct node *right = parse_expression(parser, grammar[kind].binding);
    enum node_kind made = (enum node_kind)grammar[kind].detail;
    return right ? make(parser, (struct node){.kind = made, .left = left, .right = right}) : NULL;
}

static const struct node *infix_compare(struct parser *parser, const struct node *left, enum token_kind kind)
{
    const struct node *right = parse_expression(parser, BIND_COMPARE);
    if (!right)
        return NULL;
    enum comparator comparator = (enum comparator)grammar[kind].detail;
    return make(parser, (struct node){.kind = NODE_COMPARE, .left = left, .right = right, .comparator = comparator});
}

/* ---- functions ---- */

/** One argument: an expression, or a reference to one. */
static const struct node *parse_argument(struct parser *parser)
{
    if (parser->token.kind != TOKEN_REFERENCE)
        return parse_expression(parser, BIND_NONE);
    if (!advance(parser))
        return NULL;
    const struct node *inner = parse_expression(parser, BIND_NONE);
    return inner ? make(parser, (struct node){.kind = NODE_REFERENCE, .left = inner}) : NULL;
}

/** The arguments up to the closing parenthesis. */
static bool parse_arguments(struct parser *parser, struct parts *arguments)
{
    while (parser->token.kind != TOKEN_RPAREN) {
        if (arguments->count > 0 && !expect(parser, TOKEN_COMMA))
            return false;
        const struct node *argument = parse_argument(parser);
        if (!argument)
            return false;
        parts_add(parser->arena, arguments, argument);
    }
    return advance(parser);
}

/** `name(`…: the parenthesis is the next token. */
static const struct node *parse_call(struct parser *parser, const struct token *name)
{
    struct parts arguments = {0};
    if (!advance(parser) || !parse_arguments(parser, &arguments))
        return NULL;
    struct node node = {.kind = NODE_CALL, .parts = arguments.nodes, .part_count = arguments.count};
    if (!functions_bind(parser->arena, name->text, &node, parser->error)) {
        error_wrap(parser->error, "column %zu", lexer_column(&parser->lexer, name->offset));
        return NULL;
    }
    return make(parser, node);
}

static const struct node *prefix_name(struct parser *parser, const struct token *token)
{
    if (parser->token.kind == TOKEN_LPAREN)
        return parse_call(parser, token);
    return make(parser, (struct node){.kind = NODE_FIELD, .name = token->text});
}

static const struct node *prefix_quoted_name(struct parser *parser, const struct token *token)
{
    if (parser->token.kind == TOKEN_LPAREN) {
        lexer_fail(&parser->lexer, token->offset, parser->error, "a function's name is not quoted");
        return NULL;
    }
    return make(parser, (struct node){.kind = NODE_FIELD, .name = token->text});
}

/* ---- multi-selects ---- */

/** `[a, b]`, behind the bracket. */
static const struct node *parse_list(struct parser *parser)
{
    struct parts parts = {0};
    for (;;) {
        const struct node *part = parse_expression(parser, BIND_NONE);
        if (!part)
            return NULL;
        parts_add(parser->arena, &parts, part);
        if (parser->token.kind == TOKEN_RBRACKET)
            break;
        if (parser->token.kind != TOKEN_COMMA)
            return unexpected(parser, &parser->token, "',' or ']'");
        if (!advance(parser))
            return NULL;
    }
    if (!advance(parser))
        return NULL;
    return make(parser, (struct node){.kind = NODE_LIST, .parts = parts.nodes, .part_count = parts.count});
}

/** The keys of a hash while it is read. */
struct keys {
    struct node_key *items;
    size_t count;
    size_t capacity;
    size_t distinct;
};

static void keys_add(struct arena *arena, struct keys *keys, struct str name)
{
    if (keys->count == keys->capacity) {
        size_t capacity = keys->capacity ? keys->capacity * 2 : 4;
        struct node_key *items = arena_array(arena, struct node_key, capacity);
        for (size_t i = 0; i < keys->count; i++)
            items[i] = keys->items[i];
        keys->items = items;
        keys->capacity = capacity;
    }
    size_t slot = keys->distinct;
    for (size_t i = 0; i < keys->count; i++)
        if (str_equal(keys->items[i].name, name))
            slot = keys->items[i].slot;
    keys->distinct += slot == keys->distinct;
    keys->items[keys->count++] = (struct node_key){name, slot};
}

/** `name: expression` */
static bool parse_member(struct parser *parser, struct keys *keys, struct parts *parts)
{
    struct token name = parser->token;
    if (name.kind != TOKEN_NAME && name.kind != TOKEN_QUOTED_NAME) {
        unexpected(parser, &name, "a name");
        return false;
    }
    if (!advance(parser) || !expect(parser, TOKEN_COLON))
        return false;
    const struct node *value = parse_expression(parser, BIND_NONE);
    if (!value)
        return false;
    keys_add(parser->arena, keys, name.text);
    parts_add(parser->arena, parts, value);
    return true;
}

/** `{x: a, y: b}`, behind the brace. */
static const struct node *parse_hash(struct parser *parser)
{
    struct keys keys = {0};
    struct parts parts = {0};
    for (;;) {
        if (!parse_member(parser, &keys, &parts))
            return NULL;
        if (parser->token.kind == TOKEN_RBRACE)
            break;
        if (parser->token.kind != TOKEN_COMMA)
            return unexpected(parser, &parser->token, "',' or '}'");
        if (!advance(parser))
            return NULL;
    }
    if (!advance(parser))
        return NULL;
    return make(parser, (struct node){.kind = NODE_HASH,
                                      .parts = parts.nodes,
                                      .part_count = parts.count,
                                      .hash = {.keys = keys.items, .distinct = keys.distinct}});
}

static const struct node *prefix_brace(struct parser *parser, const struct token *token)
{
    (void)token;
    return parse_hash(parser);
}

/* ---- projections ---- */

/** What may follow a dot. */
static const struct node *parse_after_dot(struct parser *parser, enum binding binding)
{
    switch (parser->token.kind) {
    case TOKEN_NAME:
    case TOKEN_QUOTED_NAME:
    case TOKEN_STAR: return parse_expression(parser, binding);
    case TOKEN_LBRACKET: return advance(parser) ? parse_list(parser) : NULL;
    case TOKEN_LBRACE: return advance(parser) ? parse_hash(parser) : NULL;
    default: return unexpected(parser, &parser->token, "a name, '*', '[' or '{' after '.'");
    }
}

/** What is done for each item of a projection: nothing, or all that binds tightly enough. */
static const struct node *parse_each(struct parser *parser, enum binding binding)
{
    switch (parser->token.kind) {
    case TOKEN_LBRACKET:
    case TOKEN_FILTER: return parse_expression(parser, binding);
    case TOKEN_DOT: return advance(parser) ? parse_after_dot(parser, binding) : NULL;
    default: return &current_node;
    }
}

/** A projection of `kind` over `left`, and what it does for each item. */
static const struct node *project(struct parser *parser, enum node_kind kind, const struct node *left,
                                  enum binding binding)
{
    const struct node *right = left ? parse_each(parser, binding) : NULL;
    return right ? make(parser, (struct node){.kind = kind, .left = left, .right = right}) : NULL;
}

static const struct node *prefix_star(struct parser *parser, const struct token *token)
{
    (void)token;
    return project(parser, NODE_VALUE_PROJECTION, &current_node, BIND_STAR);
}

static const struct node *infix_dot(struct parser *parser, const struct node *left, enum token_kind kind)
{
    (void)kind;
    if (parser->token.kind == TOKEN_STAR)
        return advance(parser) ? project(parser, NODE_VALUE_PROJECTION, left, BIND_DOT) : NULL;
    const struct node *right = parse_after_dot(parser, BIND_DOT);
    return right ? make(parser, (struct node){.kind = NODE_SUBEXPRESSION, .left = left, .right = right}) : NULL;
}

static const struct node *infix_filter(struct parser *parser, const struct node *left, enum token_kind kind)
{
    (void)kind;
    const struct node *condition = parse_expression(parser, BIND_NONE);
    if (!condition || !expect(parser, TOKEN_RBRACKET))
        return NULL;
    const struct node *right = parse_each(parser, BIND_FILTER);
    if (!right)
        return NULL;
    return make(parser, (struct node){.kind = NODE_FILTER, .left = left, .right = right, .condition = condition});
}

static const struct node *prefix_filter(struct parser *parser, const struct token *token)
{
    return infix_filter(parser, &current_node, token->kind);
}

static const struct node *infix_flatten(struct parser *parser, const struct node *left, enum token_kind kind)
{
    (void)kind;
    const struct node *flat = make(parser, (struct node){.kind = NODE_FLATTEN, .left = left});
    return project(parser, NODE_PROJECTION, flat, BIND_FLATTEN);
}

static const struct node *prefix_flatten(struct parser *parser, const struct token *token)
{
    return infix_flatten(parser, &current_node, token->kind);
}

/** The numbers of a slice, and the bracket that ends it. */
static bool parse_slice_parts(struct parser *parser, int64_t parts[3], bool has[3])
{
    size_t index = 0;
    while (parser->token.kind != TOKEN_RBRACKET) {
        if (parser->token.kind == TOKEN_COLON && index < 2) {
            index++;
        } else if (parser->token.kind == TOKEN_NUMBER && !has[index]) {
            parts[index] = parser->token.number;
            has[index] = true;
        } else {
            unexpected(parser, &parser->token, has[index] ? "':' or ']'" : "a number, ':' or ']'");
            return false;
        }
        if (!advance(parser))
            return false;
    }
    return advance(parser);
}

static const struct node *parse_slice(struct parser *parser, const struct node *left)
{
    ptrdiff_t offset = parser->token.offset;
    int64_t parts[3] = {0, 0, 1};
    bool has[3] = {false, false, false};
    if (!parse_slice_parts(parser, parts, has))
        return NULL;
    if (parts[2] == 0) {
        error_set(parser->error, "invalid-value", "column %zu: the step of a slice is not 0",
                  lexer_column(&parser->lexer, offset));
        return NULL;
    }
    struct slice slice = {parts[0], parts[1], parts[2], has[0], has[1]};
    const struct node *sliced = make(parser, (struct node){.kind = NODE_SLICE, .left = left, .slice = slice});
    return project(parser, NODE_PROJECTION, sliced, BIND_STAR);
}

/** `[3]`, or a slice; behind the bracket. */
static const struct node *parse_index(struct parser *parser, const struct node *left)
{
    if (parser->token.kind == TOKEN_COLON || parser->ahead.kind == TOKEN_COLON)
        return parse_slice(parser, left);
    int64_t index = parser->token.number;
    if (!advance(parser) || !expect(parser, TOKEN_RBRACKET))
        return NULL;
    return make(parser, (struct node){.kind = NODE_INDEX, .left = left, .index = index});
}

/** `*]`, behind the bracket. */
static const struct node *parse_wildcard(struct parser *parser, const struct node *left)
{
    if (!expect(parser, TOKEN_STAR) || !expect(parser, TOKEN_RBRACKET))
        return NULL;
    return project(parser, NODE_PROJECTION, left, BIND_STAR);
}

static const struct node *infix_bracket(struct parser *parser, const struct node *left, enum token_kind kind)
{
    (void)kind;
    if (parser->token.kind == TOKEN_NUMBER || parser->token.kind == TOKEN_COLON)
        return parse_index(parser, left);
    if (parser->token.kind == TOKEN_STAR)
        return parse_wildcard(parser, left);
    return unexpected(parser, &parser->token, "a number, ':' or '*' (a list of expressions follows a '.')");
}

static const struct node *prefix_bracket(struct parser *parser, const struct token *token)
{
    (void)token;
    if (parser->token.kind == TOKEN_NUMBER || parser->token.kind == TOKEN_COLON)
        return parse_index(parser, &current_node);
    if (parser->token.kind == TOKEN_STAR && parser->ahead.kind == TOKEN_RBRACKET)
        return parse_wildcard(parser, &current_node);
    return parse_list(parser);
}

/* ---- the whole ---- */

const struct node *parser_parse(struct arena *arena, struct str expression, struct error *error)
{
    if (expression.len > QUERY_MAX_LENGTH) {
        error_set(error, ERROR_LIMIT, "the expression is longer than %d bytes", QUERY_MAX_LENGTH);
        return NULL;
    }
    if (!str_is_utf8(expression) || str_find_char(expression, '\0', 0) >= 0) {
        error_set(error, "syntax", "the expression is no text: not UTF-8, or with a NUL in it");
        return NULL;
    }
    struct parser parser = {.arena = arena, .lexer = {arena, str_copy(arena, expression), 0}, .error = error};
    if (!lexer_next(&parser.lexer, &parser.token, error) || !lexer_next(&parser.lexer, &parser.ahead, error))
        return NULL;
    const struct node *node = parse_expression(&parser, BIND_NONE);
    if (!node || parser.token.kind == TOKEN_END)
        return node;
    return unexpected(&parser, &parser.token, "an operator or the end");
}
