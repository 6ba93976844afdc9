/* text.c: texts with {expression} in them, and the choice among several. */
#include "account/facts/expression.h"

#include "account/facts/declaration.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "query/value.h"

/* A piece of the text: an expression, or what stands between two of them. */
struct segment {
    struct str literal;
    const struct expression *expression; /* NULL: a literal */
};

/* One wording, and when it is the right one. */
struct choice {
    const struct expression *when; /* NULL: always */
    struct segment *segments;
    size_t count;
};

struct text {
    struct choice *choices;
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
    struct choice *result;
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
    for (; from + (ptrdiff_t)sizeof(uint64_t) <= text.len; from += (ptrdiff_t)sizeof(uint64_t)) {
        uint64_t word = bytes_load(text.ptr + from);
        uint64_t braces = bytes_equal(word, '{') | bytes_equal(word, '}');
        if (braces)
            return from + (ptrdiff_t)bytes_before(braces);
    }
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

/* Room for the facts of every expression of the text. */
static size_t count_facts(const struct text *text)
{
    size_t total = 0;
    for (size_t i = 0; i < text->count; i++) {
        size_t count = 0;
        if (text->choices[i].when)
            expression_facts(text->choices[i].when, &count);
        total += count;
        for (size_t j = 0; j < text->choices[i].count; j++, total += count) {
            count = 0;
            if (text->choices[i].segments[j].expression)
                expression_facts(text->choices[i].segments[j].expression, &count);
        }
    }
    return total;
}

static void gather_from(struct text *text, const struct expression *expression)
{
    size_t count = 0;
    const struct str *facts = expression ? expression_facts(expression, &count) : NULL;
    for (size_t i = 0; i < count; i++)
        text->facts[text->fact_count++] = facts[i];
}

static void gather_facts(struct arena *arena, struct text *text)
{
    text->facts = arena_array(arena, struct str, count_facts(text));
    for (size_t i = 0; i < text->count; i++) {
        gather_from(text, text->choices[i].when);
        for (size_t j = 0; j < text->choices[i].count; j++)
            gather_from(text, text->choices[i].segments[j].expression);
    }
    text->fact_count = names_unique(text->facts, text->fact_count);
}

/* Segments alternate at most: one for each opening brace, and one literal before, between and after. */
static size_t max_segments(struct str text)
{
    size_t count = 1;
    for (ptrdiff_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '{' ? 2 : 0;
    return count;
}

bool text_next_expression(struct str text, ptrdiff_t *at, struct str *ret)
{
    for (ptrdiff_t i = find_brace(text, *at); i < text.len; i = find_brace(text, i)) {
        bool doubled = i + 1 < text.len && text.ptr[i + 1] == text.ptr[i];
        ptrdiff_t end = doubled ? -1 : find_end(text, i + 1);
        i += doubled ? 2 : 1;
        if (end < 0)
            continue;
        *ret = str_slice(text, i, end);
        *at = end + 1;
        return true;
    }
    return false;
}

static bool compile_choice(struct arena *arena, const struct fact_declarations *declarations, struct str text,
                           struct choice *ret, struct error *error)
{
    ret->segments = arena_array(arena, struct segment, max_segments(text));
    struct compiler compiler = {arena, declarations, text, ret, buf_make(arena, BUF_NO_MAX), error};
    for (ptrdiff_t i = 0; i < text.len;) {
        if (!read_step(&compiler, i, &i))
            return false;
    }
    end_literal(&compiler);
    return true;
}

bool text_compile(struct arena *arena, const struct fact_declarations *declarations, struct str text,
                  const struct text **ret, struct error *error)
{
    struct text *compiled = arena_new(arena, struct text);
    compiled->choices = arena_new(arena, struct choice);
    compiled->count = 1;
    if (!compile_choice(arena, declarations, text, compiled->choices, error))
        return false;
    gather_facts(arena, compiled);
    *ret = compiled;
    return true;
}

/* `{"when": …, "is": …}`. */
static bool compile_condition(struct arena *arena, const struct fact_declarations *declarations,
                              const struct json *item, struct choice *ret, struct error *error)
{
    const struct json *when = json_find(item, "when");
    const struct json *is = json_find(item, "is");
    if (!json_is(item, JSON_OBJECT) || item->count != 2 || !json_is(when, JSON_STRING) || !json_is(is, JSON_STRING))
        return error_set(error, ERROR_INPUT, "a choice is {\"when\": an expression, \"is\": a text}");
    return expression_compile(arena, declarations, when->string, &ret->when, error) &&
           compile_choice(arena, declarations, is->string, ret, error);
}

bool text_compile_choices(struct arena *arena, const struct fact_declarations *declarations, const struct json *list,
                          const struct text **ret, const struct json **ret_at, struct error *error)
{
    struct text *compiled = arena_new(arena, struct text);
    compiled->choices = arena_array(arena, struct choice, list->count);
    compiled->count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        const struct json *item = &list->items[i];
        bool last = i + 1 == list->count;
        *ret_at = item;
        if (last && json_is(item, JSON_STRING)
                ? !compile_choice(arena, declarations, item->string, &compiled->choices[i], error)
                : !compile_condition(arena, declarations, item, &compiled->choices[i], error))
            return false;
    }
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
static struct evaluated fill_segments(const struct choice *choice, const struct scope *scope, struct arena *arena)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    struct evaluated outcome = {.state = FACT_PRESENT, .value = &json_null};
    bool has_null = false;
    for (size_t i = 0; i < choice->count; i++) {
        if (!choice->segments[i].expression) {
            buf_add(&buf, choice->segments[i].literal);
            continue;
        }
        struct evaluated part = expression_evaluate(choice->segments[i].expression, scope, arena);
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

/* Whether the wording is the right one; a condition that cannot be evaluated leaves its outcome in `ret`. */
static bool is_chosen(const struct choice *choice, const struct scope *scope, struct arena *arena,
                      struct evaluated *ret)
{
    if (!choice->when)
        return true;
    *ret = expression_evaluate(choice->when, scope, arena);
    return ret->state == FACT_PRESENT && value_is_true(ret->value);
}

static bool is_unread(const struct evaluated *evaluated)
{
    return evaluated->state != FACT_PRESENT && evaluated->state != FACT_ABSENT;
}

/* The first wording whose condition holds; NULL: none does, or, where `ret` is unread, that cannot be told. */
static const struct choice *choose(const struct text *text, const struct scope *scope, struct arena *arena,
                                   struct evaluated *ret)
{
    *ret = (struct evaluated){.state = FACT_ABSENT, .value = &json_null};
    for (size_t i = 0; i < text->count && !is_unread(ret); i++) {
        if (is_chosen(&text->choices[i], scope, arena, ret))
            return &text->choices[i];
    }
    if (!is_unread(ret))
        *ret = (struct evaluated){.state = FACT_ABSENT, .value = &json_null};
    return NULL;
}

struct evaluated text_fill(const struct text *text, const struct scope *scope, struct arena *arena)
{
    struct evaluated outcome = {.value = &json_null};
    outcome.state = expression_state(text->facts, text->fact_count, scope->facts, &outcome.because);
    if (outcome.state != FACT_PRESENT)
        return outcome;
    const struct choice *choice = choose(text, scope, arena, &outcome);
    return choice ? fill_segments(choice, scope, arena) : outcome;
}

struct evaluated text_fill_each(const struct text *text, const struct scope *scope, struct arena *arena)
{
    struct evaluated outcome = {.value = &json_null};
    struct json_builder list = json_build(arena, JSON_ARRAY);
    outcome.state = expression_state(text->facts, text->fact_count, scope->facts, &outcome.because);
    for (size_t i = 0; i < text->count && !is_unread(&outcome); i++) {
        if (!is_chosen(&text->choices[i], scope, arena, &outcome))
            continue;
        outcome = fill_segments(&text->choices[i], scope, arena);
        if (outcome.state == FACT_PRESENT)
            json_build_add(&list, *outcome.value);
    }
    if (is_unread(&outcome))
        return outcome;
    return (struct evaluated){.state = FACT_PRESENT, .value = json_box(arena, json_built(&list))};
}

struct evaluated text_value(const struct text *text, const struct scope *scope, struct arena *arena)
{
    const struct choice *only = &text->choices[0];
    if (text->count == 1 && !only->when && only->count == 1 && only->segments[0].expression)
        return expression_evaluate(only->segments[0].expression, scope, arena);
    return text_fill(text, scope, arena);
}

static void add_unread(struct buf *buf, const struct evaluated *part, struct str otherwise)
{
    if (part->state == FACT_ABSENT)
        buf_add_c(buf, "<none>");
    else
        buf_addf(buf, "<%.*s: %.*s>", STR_ARG(part->because ? part->because->name : otherwise),
                 STR_ARG(fact_state_name(part->state)));
}

static void fill_lenient(struct buf *buf, const struct expression *expression, const struct scope *scope,
                         struct arena *arena)
{
    struct evaluated part = expression_evaluate(expression, scope, arena);
    if (part.state == FACT_PRESENT)
        buf_add(buf, as_text(arena, part.value));
    else
        add_unread(buf, &part, expression_text(expression));
}

struct str text_fill_lenient(const struct text *text, const struct scope *scope, struct arena *arena)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    struct evaluated outcome;
    const struct choice *choice = choose(text, scope, arena, &outcome);
    if (!choice)
        add_unread(&buf, &outcome, STR("condition"));
    for (size_t i = 0; choice && i < choice->count; i++) {
        if (choice->segments[i].expression)
            fill_lenient(&buf, choice->segments[i].expression, scope, arena);
        else
            buf_add(&buf, choice->segments[i].literal);
    }
    return buf_str(&buf);
}
