/* pattern.c: compiling and matching wildcard patterns; see pattern.h. */
#include "policy/language/pattern.h"

#include "base/macros.h"

#include <string.h>

enum { LAST_PART = 5 }; /* what follows the fifth colon of an ARN */

struct compiler {
    struct arena *arena;
    struct str text;
    struct pattern_rules rules;
    ptrdiff_t at;
    int part;    /* colons passed, up to LAST_PART */
    char *bytes; /* literal bytes of all text steps */
    ptrdiff_t byte_count;
    ptrdiff_t chunk; /* where the text step under way begins in `bytes` */
    struct pattern_step *steps;
    uint32_t step_count;
    struct pattern_variable *variables;
    uint32_t variable_count;
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static void add_step(struct compiler *c, struct pattern_step step)
{
    c->steps[c->step_count++] = step;
}

static void end_text(struct compiler *c)
{
    if (c->byte_count > c->chunk)
        add_step(c, (struct pattern_step){
                        .kind = PATTERN_TEXT,
                        .text = {c->bytes + c->chunk, c->byte_count - c->chunk},
                    });
    c->chunk = c->byte_count;
}

static void add_byte(struct compiler *c, char byte)
{
    c->bytes[c->byte_count++] = c->rules.fold ? lower(byte) : byte;
    if (byte == ':' && c->part < LAST_PART)
        c->part++;
}

static bool is_confined(const struct compiler *c)
{
    return c->rules.parts != PATTERN_NO_PARTS && c->part < LAST_PART;
}

/* A `*` that ends a part of a resource's ARN may run over the colon that follows. */
static bool run_is_confined(const struct compiler *c)
{
    if (!is_confined(c))
        return false;
    bool ends_part = c->at == c->text.len || c->text.ptr[c->at] == ':';
    return !(c->rules.parts == PATTERN_RESOURCE && ends_part);
}

static void add_run(struct compiler *c)
{
    while (c->at < c->text.len && c->text.ptr[c->at] == '*')
        c->at++;
    end_text(c);
    add_step(c, (struct pattern_step){.kind = run_is_confined(c) ? PATTERN_RUN_IN_PART : PATTERN_RUN});
}

static void add_one(struct compiler *c)
{
    c->at++;
    end_text(c);
    add_step(c, (struct pattern_step){.kind = is_confined(c) ? PATTERN_ONE_IN_PART : PATTERN_ONE});
}

/* Splits `key, 'default'`. */
static struct pattern_variable read_variable(struct arena *arena, struct str inside)
{
    struct str key = inside;
    struct pattern_variable variable = {.has_fallback = false};
    ptrdiff_t comma = str_find_char(inside, ',', 0);
    if (comma >= 0) {
        struct str quoted = str_trim(str_skip(inside, comma + 1));
        if (quoted.len >= 2 && quoted.ptr[0] == '\'' && quoted.ptr[quoted.len - 1] == '\'') {
            variable.has_fallback = true;
            variable.fallback = str_slice(quoted, 1, quoted.len - 1);
            key = str_slice(inside, 0, comma);
        }
    }
    variable.key = context_key(arena, str_trim(key));
    return variable;
}

/* Reads `${…}` at the current place; false if it is none, and then it is text like any other. */
static bool add_variable(struct compiler *c)
{
    bool readable = c->rules.variables && (c->rules.parts != PATTERN_RESOURCE || c->part == LAST_PART);
    ptrdiff_t end = readable ? str_find_char(c->text, '}', c->at) : -1;
    if (end < 0 || c->text.ptr[c->at + 1] != '{')
        return false;
    struct str inside = str_slice(c->text, c->at + 2, end);
    if (!inside.len)
        return false;
    c->at = end + 1;
    if (inside.len == 1 && strchr("*?$", inside.ptr[0])) {
        add_byte(c, inside.ptr[0]);
        return true;
    }
    end_text(c);
    add_step(c, (struct pattern_step){.kind = PATTERN_VARIABLE, .variable = c->variable_count});
    c->variables[c->variable_count++] = read_variable(c->arena, inside);
    return true;
}

static void read_steps(struct compiler *c)
{
    while (c->at < c->text.len) {
        char byte = c->text.ptr[c->at];
        if (byte == '*' && c->rules.wildcards)
            add_run(c);
        else if (byte == '?' && c->rules.wildcards)
            add_one(c);
        else if (!(byte == '$' && c->at + 1 < c->text.len && add_variable(c)))
            add_byte(c, c->text.ptr[c->at++]);
    }
    end_text(c);
}

/* Within one kind of run, going back to the last run decides; not so where a confined run follows a free one. */
static bool needs_sets(const struct compiler *c)
{
    bool free_run = false;
    for (uint32_t i = 0; i < c->step_count; i++) {
        if (free_run && c->steps[i].kind == PATTERN_RUN_IN_PART)
            return true;
        free_run |= c->steps[i].kind == PATTERN_RUN;
    }
    return false;
}

static enum pattern_shape shape_of(const struct compiler *c)
{
    if (c->rules.parts == PATTERN_ARN && c->part < LAST_PART && !c->variable_count)
        return PATTERN_NOTHING;
    if (c->step_count == 0 || (c->step_count == 1 && c->steps[0].kind == PATTERN_TEXT))
        return PATTERN_EXACT;
    if (c->step_count == 1 && c->steps[0].kind == PATTERN_RUN)
        return PATTERN_ANYTHING;
    if (c->step_count == 2 && c->steps[0].kind == PATTERN_TEXT && c->steps[1].kind == PATTERN_RUN)
        return PATTERN_PREFIX;
    return needs_sets(c) ? PATTERN_SETS : PATTERN_GREEDY;
}

void policy_pattern_compile(struct arena *arena, struct str text, struct pattern_rules rules,
                            struct policy_pattern *ret)
{
    size_t special = 0;
    for (ptrdiff_t i = 0; i < text.len; i++)
        special += strchr("*?$", text.ptr[i]) != NULL;
    struct compiler c = {
        .arena = arena,
        .text = text,
        .rules = rules,
        .part = rules.parts == PATTERN_RESOURCE && !str_starts(text, STR("arn:")) ? LAST_PART : 0,
        .bytes = arena_array(arena, char, text.len),
        .steps = arena_array(arena, struct pattern_step, 2 * special + 1),
        .variables = arena_array(arena, struct pattern_variable, rules.variables ? special : 0),
    };
    read_steps(&c);
    *ret = (struct policy_pattern){
        .source = text,
        .steps = c.steps,
        .count = c.step_count,
        .variables = c.variables,
        .variable_count = c.variable_count,
        .shape = shape_of(&c),
        .rules = rules,
    };
}

static bool same(struct str a, const char *b, bool fold)
{
    if (!fold)
        return a.len == 0 || memcmp(a.ptr, b, (size_t)a.len) == 0;
    for (ptrdiff_t i = 0; i < a.len; i++) {
        if (lower(a.ptr[i]) != lower(b[i]))
            return false;
    }
    return true;
}

bool policy_pattern_variable_value(const struct pattern_variable *variable, const struct context *context,
                                   struct str *ret)
{
    const struct context_entry *entry = context ? context_find(context, &variable->key) : NULL;
    if (entry && entry->count == 1)
        *ret = entry->values[0];
    else if (variable->has_fallback)
        *ret = variable->fallback;
    else
        return false;
    return true;
}

/* The bytes of one character, for `?`: UTF-8's continuation bytes belong to the byte before them. */
static ptrdiff_t character_length(struct str s, ptrdiff_t at)
{
    ptrdiff_t end = at + 1;
    while (end < s.len && ((unsigned char)s.ptr[end] & 0xC0) == 0x80)
        end++;
    return end - at;
}

/* How many bytes of `s` at `at` a step takes that is no run; -1 if it does not match there. */
static ptrdiff_t step_takes(const struct policy_pattern *pattern, const struct pattern_step *step, struct str s,
                            ptrdiff_t at, const struct context *context)
{
    struct str text = step->text;
    switch (step->kind) {
    case PATTERN_ONE:
    case PATTERN_ONE_IN_PART:
        if (at == s.len || (step->kind == PATTERN_ONE_IN_PART && s.ptr[at] == ':'))
            return -1;
        return character_length(s, at);
    case PATTERN_VARIABLE:
        if (!policy_pattern_variable_value(&pattern->variables[step->variable], context, &text))
            return -1;
        break;
    default: break;
    }
    return text.len <= s.len - at && same(text, s.ptr + at, pattern->rules.fold) ? text.len : -1;
}

static bool is_run(const struct pattern_step *step)
{
    return step->kind == PATTERN_RUN || step->kind == PATTERN_RUN_IN_PART;
}

/*
 * The classic walk: take what matches, and on a mismatch let the last run take one character more. An earlier run need
 * not be tried again: the last one can take whatever the earlier could. A confined run ends at its colon, and what
 * follows it there is fixed by that colon, so it needs no second try either.
 */
static bool match_greedy(const struct policy_pattern *pattern, struct str s, const struct context *context)
{
    const struct pattern_step *end = pattern->steps + pattern->count;
    const struct pattern_step *step = pattern->steps;
    const struct pattern_step *run = NULL;
    ptrdiff_t at = 0;
    ptrdiff_t run_end = 0;
    for (;;) {
        if (step == end && at == s.len)
            return true;
        if (step < end && is_run(step)) {
            if (step->kind == PATTERN_RUN && step + 1 == end)
                return true;
            run = step++;
            run_end = at;
            continue;
        }
        ptrdiff_t taken = step < end ? step_takes(pattern, step, s, at, context) : -1;
        if (taken >= 0) {
            at += taken;
            step++;
            continue;
        }
        if (!run || run_end >= s.len || (run->kind == PATTERN_RUN_IN_PART && s.ptr[run_end] == ':'))
            return false;
        at = ++run_end;
        step = run + 1;
    }
}

/* A set of places in the subject, from 0 to its length. */
struct places {
    uint64_t bits[PATTERN_SUBJECT_MAX / 64 + 1];
};

static bool places_has(const struct places *places, ptrdiff_t at)
{
    return places->bits[at / 64] >> (at % 64) & 1;
}

static void places_add(struct places *places, ptrdiff_t at)
{
    places->bits[at / 64] |= (uint64_t)1 << (at % 64);
}

/* The places that a run reaches from those before it. */
static void run_places(const struct pattern_step *step, struct str s, const struct places *from, struct places *to)
{
    bool reached = false;
    for (ptrdiff_t at = 0; at <= s.len; at++) {
        reached |= places_has(from, at);
        if (reached)
            places_add(to, at);
        if (step->kind == PATTERN_RUN_IN_PART && at < s.len && s.ptr[at] == ':')
            reached = false;
    }
}

static bool match_sets(const struct policy_pattern *pattern, struct str s, const struct context *context)
{
    struct places now = {{1}};
    for (uint32_t i = 0; i < pattern->count; i++) {
        const struct pattern_step *step = &pattern->steps[i];
        struct places next = {{0}};
        if (is_run(step))
            run_places(step, s, &now, &next);
        for (ptrdiff_t at = 0; !is_run(step) && at <= s.len; at++) {
            ptrdiff_t taken = places_has(&now, at) ? step_takes(pattern, step, s, at, context) : -1;
            if (taken >= 0)
                places_add(&next, at + taken);
        }
        now = next;
    }
    return places_has(&now, s.len);
}

bool policy_pattern_match(const struct policy_pattern *pattern, struct str subject, const struct context *context)
{
    struct str text = pattern->count ? pattern->steps[0].text : (struct str){0};
    if (subject.len > PATTERN_SUBJECT_MAX)
        return false;
    switch (pattern->shape) {
    case PATTERN_NOTHING: return false;
    case PATTERN_ANYTHING: return true;
    case PATTERN_EXACT: return text.len == subject.len && same(text, subject.ptr, pattern->rules.fold);
    case PATTERN_PREFIX: return text.len <= subject.len && same(text, subject.ptr, pattern->rules.fold);
    case PATTERN_GREEDY: return match_greedy(pattern, subject, context);
    case PATTERN_SETS: return match_sets(pattern, subject, context);
    }
    return false;
}
