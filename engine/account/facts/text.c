/* text.c: texts with {expression} in them. */
#include "account/facts/expression.h"

#include "account/facts/declaration.h"
#include "base/buf.h"

/* A piece of the text: an expression, or what stands between two of them. */
struct segment {
    struct str literal;
    const struct expression *expression; /* NULL: a literal */
};

struct text {
    struct segment *segments;
    size_t count;
    struct str *facts; /* sorted, each once */
    size_t fact_count;
};

/*
 * The index of the brace that closes the expression which begins at `from`, or -1. Braces inside
 * JMESPath's three kinds of quotes do not count.
 */
static ptrdiff_t find_end(struct str text, ptrdiff_t from)
{
    int depth = 0;
    char quote = 0;
    for (ptrdiff_t i = from; i < text.len; i++) {
        char c = text.ptr[i];
        if (quote && c == '\\')
            i++;
        else if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '"' || c == '`')
            quote = c;
        else if (c == '{')
            depth++;
        else if (c == '}' && depth-- == 0)
            return i;
    }
    return -1;
}

struct compiler {
    struct arena *arena;
    const struct fact_declarations *declarations;
    struct str text;
    struct text *result;
    struct buf literal;
    struct error *error;
};

static void end_literal(struct compiler *compiler)
{
    struct str literal = buf_str(&compiler->literal);
    if (literal.len > 0)
        compiler->result->segments[compiler->result->count++].literal = str_copy(compiler->arena, literal);
    buf_clear(&compiler->literal);
}

/* The expression that begins behind the brace at `open`; `*ret_next` is what follows its end. */
static bool read_expression(struct compiler *compiler, ptrdiff_t open, ptrdiff_t *ret_next)
{
    ptrdiff_t end = find_end(compiler->text, open + 1);
    if (end < 0)
        return error_set(compiler->error, ERROR_INPUT, "column %td: '{' is never closed; a literal brace is '{{'",
                         open + 1);
    end_literal(compiler);
    struct segment *segment = &compiler->result->segments[compiler->result->count++];
    *ret_next = end + 1;
    return expression_compile(compiler->arena, compiler->declarations, str_slice(compiler->text, open + 1, end),
                              &segment->expression, compiler->error);
}

/* Where the next brace stands at or behind `from`, or the end. */
static ptrdiff_t find_brace(struct str text, ptrdiff_t from)
{
    while (from < text.len && text.ptr[from] != '{' && text.ptr[from] != '}')
        from++;
    return from;
}

/* One step at `i`: a doubled brace, an expression, or all that stands for itself before the next brace. */
static bool read_step(struct compiler *compiler, ptrdiff_t i, ptrdiff_t *ret_next)
{
    char c = compiler->text.ptr[i];
    if (c != '{' && c != '}') {
        *ret_next = find_brace(compiler->text, i);
        buf_add(&compiler->literal, str_slice(compiler->text, i, *ret_next));
        return true;
    }
    bool doubled = i + 1 < compiler->text.len && compiler->text.ptr[i + 1] == c;
    if (c == '{' && !doubled)
        return read_expression(compiler, i, ret_next);
    if (c == '}' && !doubled)
        return error_set(compiler->error, ERROR_INPUT, "column %td: '}' closes nothing; a literal brace is '}}'",
                         i + 1);
    buf_add_char(&compiler->literal, c);
    *ret_next = i + 2;
    return true;
}

static void gather_facts(struct arena *arena, struct text *compiled)
{
    size_t total = 0;
    for (size_t i = 0; i < compiled->count; i++) {
        size_t count = 0;
        if (compiled->segments[i].expression)
            expression_facts(compiled->segments[i].expression, &count);
        total += count;
    }
    compiled->facts = arena_array(arena, struct str, total);
    for (size_t i = 0; i < compiled->count; i++) {
        size_t count = 0;
        const struct str *facts =
            compiled->segments[i].expression ? expression_facts(compiled->segments[i].expression, &count) : NULL;
        for (size_t j = 0; j < count; j++)
            compiled->facts[compiled->fact_count++] = facts[j];
    }
    compiled->fact_count = names_unique(compiled->facts, compiled->fact_count);
}

/* Segments alternate at most: one for each opening brace, and one literal before, between and after. */
static size_t max_segments(struct str text)
{
    size_t count = 1;
    for (ptrdiff_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '{' ? 2 : 0;
    return count;
}

bool text_compile(struct arena *arena, const struct fact_declarations *declarations, struct str text,
                  const struct text **ret, struct error *error)
{
    struct text *compiled = arena_new(arena, struct text);
    compiled->segments = arena_array(arena, struct segment, max_segments(text));
    struct compiler compiler = {arena, declarations, text, compiled, buf_make(arena, BUF_NO_MAX), error};
    for (ptrdiff_t i = 0; i < text.len;) {
        if (!read_step(&compiler, i, &i))
            return false;
    }
    end_literal(&compiler);
    gather_facts(arena, compiled);
    *ret = compiled;
    return true;
}

const struct str *text_facts(const struct text *text, size_t *ret_count)
{
    *ret_count = text->fact_count;
    return text->facts;
}

static struct str as_text(struct arena *arena, const struct json *value)
{
    return value->type == JSON_STRING ? value->string : json_text(arena, value, 0);
}

/* Fills in after the states are known to be good: only an expression's own error and null are left. */
static struct evaluated fill_segments(const struct text *text, const struct scope *scope, struct arena *arena)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    struct evaluated outcome = {.state = FACT_PRESENT, .value = &json_null};
    bool has_null = false;
    for (size_t i = 0; i < text->count; i++) {
        if (!text->segments[i].expression) {
            buf_add(&buf, text->segments[i].literal);
            continue;
        }
        struct evaluated part = expression_evaluate(text->segments[i].expression, scope, arena);
        if (part.state == FACT_FAILED)
            return part;
        has_null = has_null || part.state == FACT_ABSENT;
        if (part.state == FACT_PRESENT)
            buf_add(&buf, as_text(arena, part.value));
    }
    if (has_null)
        outcome.state = FACT_ABSENT;
    else
        outcome.value = json_box(arena, json_string(buf_str(&buf)));
    return outcome;
}

struct evaluated text_fill(const struct text *text, const struct scope *scope, struct arena *arena)
{
    struct evaluated outcome = {.value = &json_null};
    outcome.state = expression_state(text->facts, text->fact_count, scope->facts, &outcome.because);
    return outcome.state == FACT_PRESENT ? fill_segments(text, scope, arena) : outcome;
}

struct evaluated text_value(const struct text *text, const struct scope *scope, struct arena *arena)
{
    if (text->count == 1 && text->segments[0].expression)
        return expression_evaluate(text->segments[0].expression, scope, arena);
    return text_fill(text, scope, arena);
}

static void fill_lenient(struct buf *buf, const struct expression *expression, const struct scope *scope,
                         struct arena *arena)
{
    struct evaluated part = expression_evaluate(expression, scope, arena);
    if (part.state == FACT_PRESENT)
        buf_add(buf, as_text(arena, part.value));
    else if (part.state == FACT_ABSENT)
        buf_add_c(buf, "<none>");
    else
        buf_addf(buf, "<%.*s: %.*s>", STR_ARG(part.because ? part.because->name : expression_text(expression)),
                 STR_ARG(fact_state_name(part.state)));
}

struct str text_fill_lenient(const struct text *text, const struct scope *scope, struct arena *arena)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < text->count; i++) {
        if (text->segments[i].expression)
            fill_lenient(&buf, text->segments[i].expression, scope, arena);
        else
            buf_add(&buf, text->segments[i].literal);
    }
    return buf_str(&buf);
}
