/*
 * link.c: after the last file: compiles what the declarations say, finds what they rest on, and
 * refuses names that are prefixes of others, facts that do not exist and facts that rest on themselves.
 */
#include "account/facts/declaration.h"

#include <stdlib.h>
#include <string.h>

/* Facts that rest on facts; the deepest chain that ships has ten. */
#define CHAIN_MAX_DEPTH 256
/* Parameters inside parameters; json_limits_default allows no more. */
#define WITH_MAX_DEPTH 128

/* A growing list of names. */
struct gathering {
    struct arena *arena;
    struct str *items;
    size_t count;
    size_t capacity;
};

static void gather(struct gathering *list, const struct str *names, size_t count)
{
    if (list->count + count > list->capacity) {
        size_t capacity = (list->count + count) * 2;
        struct str *items = arena_array(list->arena, struct str, capacity);
        if (list->count > 0)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    if (count > 0)
        memcpy(list->items + list->count, names, count * sizeof *names);
    list->count += count;
}

static struct names gathered(struct gathering *list)
{
    return (struct names){list->items, names_unique(list->items, list->count)};
}

static void gather_expression(struct gathering *list, const struct expression *expression)
{
    size_t count = 0;
    const struct str *facts = expression_facts(expression, &count);
    gather(list, facts, count);
}

/* --- compiling --- */

struct linker {
    struct arena *arena;
    const struct fact_declarations *declarations;
    struct declaration *declaration;
    struct gathering call_facts;
    struct error *error;
};

static bool compile_text(struct linker *linker, const struct json *text, const struct text **ret)
{
    if (!text_compile(linker->arena, linker->declarations, text->string, ret, linker->error))
        return declaration_wrap(linker->declaration, text, linker->error);
    size_t count = 0;
    const struct str *facts = text_facts(*ret, &count);
    gather(&linker->call_facts, facts, count);
    return true;
}

/* NOLINTNEXTLINE(misc-no-recursion): WITH_MAX_DEPTH */
static bool compile_with(struct linker *linker, const struct json *value, int depth)
{
    if (depth > WITH_MAX_DEPTH)
        return declaration_refuse(linker->declaration, value, linker->error, "'with' is nested too deeply");
    if (value->type == JSON_STRING) {
        const struct text *compiled = NULL;
        if (!compile_text(linker, value, &compiled))
            return false;
        map_set(linker->declaration->texts, value->string, compiled);
    } else if (value->type == JSON_ARRAY || value->type == JSON_OBJECT) {
        for (size_t i = 0; i < value->count; i++) {
            const struct json *part = value->type == JSON_ARRAY ? &value->items[i] : &value->members[i].value;
            if (!compile_with(linker, part, depth + 1))
                return false;
        }
    }
    return true;
}

static bool compile_expression(const struct linker *linker, const struct json *text, bool for_answer,
                               const struct expression **ret)
{
    bool (*compile)(struct arena *, const struct fact_declarations *, struct str, const struct expression **,
                    struct error *) = for_answer ? expression_compile_for_answer : expression_compile;
    return compile(linker->arena, linker->declarations, text->string, ret, linker->error) ||
           declaration_wrap(linker->declaration, text, linker->error);
}

static bool compile_sources(struct linker *linker, const struct json *for_each)
{
    struct declaration *declaration = linker->declaration;
    size_t count = for_each->type == JSON_ARRAY ? for_each->count : 1;
    declaration->sources = arena_array(linker->arena, struct item_source, count);
    declaration->source_count = count;
    for (size_t i = 0; i < count; i++) {
        struct item_source *source = &declaration->sources[i];
        const struct json *text = for_each->type == JSON_ARRAY ? &for_each->items[i] : for_each;
        if (!compile_expression(linker, text, false, &source->expression))
            return false;
        source->fact = expression_sole_fact(source->expression);
        gather_expression(&linker->call_facts, source->expression);
    }
    return true;
}

static bool refuse_unknown(const struct linker *linker, const struct json *at)
{
    struct str nearest = facts_nearest(linker->declarations, linker->arena, at->string);
    return declaration_refuse(linker->declaration, at, linker->error, "unknown fact '%.*s'%s%.*s%s",
                              STR_ARG(at->string), nearest.len > 0 ? ": did you mean '" : "", STR_ARG(nearest),
                              nearest.len > 0 ? "'?" : "");
}

/* A candidate is a fact, or a member of one: `export_by.legacy.overwrite`. */
static bool link_candidate(const struct linker *linker, const struct json *at, struct str *ret_fact,
                           const struct expression **ret_member)
{
    struct str name = at->string;
    ptrdiff_t dot = name.len;
    while (dot > 0 && !facts_has(linker->declarations, str_slice(name, 0, dot)))
        dot = str_find_last_char(str_slice(name, 0, dot), '.');
    if (dot <= 0)
        return refuse_unknown(linker, at);
    *ret_fact = str_slice(name, 0, dot);
    return dot == name.len || compile_expression(linker, at, false, ret_member);
}

static bool link_candidates(const struct linker *linker, const struct json *list, struct str *names, size_t *count)
{
    for (size_t i = 0; list && i < list->count; i++, ++*count) {
        if (!link_candidate(linker, &list->items[i], &names[*count], &linker->declaration->members[*count]))
            return false;
    }
    return true;
}

static bool link_first_of(const struct linker *linker, const struct json *list)
{
    struct declaration *declaration = linker->declaration;
    const struct json *if_denied = json_find(declaration->json, "if_denied");
    size_t capacity = list->count + (if_denied ? if_denied->count : 0);
    struct str *names = arena_array(linker->arena, struct str, capacity);
    size_t count = 0;
    declaration->members = arena_array(linker->arena, const struct expression *, capacity);
    declaration->refusable_count = list->count;
    if (!link_candidates(linker, list, names, &count) || !link_candidates(linker, if_denied, names, &count))
        return false;
    declaration->first_of = (struct names){names, count};
    return true;
}

static bool compile_value(struct linker *linker, struct str text, const struct json *at)
{
    struct declaration *declaration = linker->declaration;
    struct json expression = *at; /* for its place */
    expression.type = JSON_STRING;
    expression.string = text;
    if (!compile_expression(linker, &expression, declaration->operation != NULL, &declaration->value))
        return false;
    declaration->value_facts.items = expression_facts(declaration->value, &declaration->value_facts.count);
    return true;
}

static bool link_fields(struct linker *linker, const struct json *fields)
{
    struct str text;
    return declaration_compose(linker->declarations, linker->declaration, &text, linker->error) &&
           compile_value(linker, text, fields);
}

static bool link_text(struct linker *linker, const struct json *text)
{
    struct declaration *declaration = linker->declaration;
    const struct json *at = text;
    if (text->type == JSON_STRING
            ? !text_compile(linker->arena, linker->declarations, text->string, &declaration->text, linker->error)
            : !text_compile_choices(linker->arena, linker->declarations, text, &declaration->text, &at, linker->error))
        return declaration_wrap(declaration, at, linker->error);
    declaration->value_facts.items = text_facts(declaration->text, &declaration->value_facts.count);
    return true;
}

/* What the fact's value is made by: at most one of these. */
static bool link_value(struct linker *linker)
{
    const struct json *json = linker->declaration->json;
    const struct json *value = json_find(json, "value");
    const struct json *fields = json_find(json, "fields");
    const struct json *text = json_find(json, linker->declaration->is_texts ? "texts" : "text");
    if (fields)
        return link_fields(linker, fields);
    if (text)
        return link_text(linker, text);
    return !value || compile_value(linker, value->string, value);
}

/* Every fact that the declaration mentions anywhere, sorted, each once. */
static struct names mentions_of(const struct declaration *declaration, struct arena *arena)
{
    struct gathering list = {.arena = arena};
    if (declaration->when)
        gather_expression(&list, declaration->when);
    gather(&list, declaration->call_facts.items, declaration->call_facts.count);
    gather(&list, declaration->value_facts.items, declaration->value_facts.count);
    gather(&list, declaration->first_of.items, declaration->first_of.count);
    return gathered(&list);
}

/* It is waited for with what the value needs: behind the call, which goes out meanwhile. */
static bool link_counts_when(const struct linker *linker, const struct json *text)
{
    struct declaration *declaration = linker->declaration;
    struct gathering list = {.arena = linker->arena};
    if (!compile_expression(linker, text, false, &declaration->counts_when))
        return false;
    gather(&list, declaration->value_facts.items, declaration->value_facts.count);
    gather_expression(&list, declaration->counts_when);
    declaration->value_facts = gathered(&list);
    return true;
}

static bool link_one(const struct fact_declarations *declarations, struct declaration *declaration, struct error *error)
{
    struct arena *arena = declarations->arena;
    struct linker linker = {arena, declarations, declaration, {.arena = arena}, error};
    const struct json *json = declaration->json;
    const struct json *when = json_find(json, "when");
    const struct json *counts_when = json_find(json, "counts_when");
    const struct json *region = json_find(json, "region");
    const struct json *for_each = json_find(json, "for_each");
    const struct json *first_of = json_find(json, "first_of");
    const struct json *remark = json_find(json, "remark");
    declaration->texts = map_open(arena);
    if ((when && !compile_expression(&linker, when, false, &declaration->when)) ||
        (declaration->with && !compile_with(&linker, declaration->with, 0)) ||
        (region && !compile_text(&linker, region, &declaration->region)) ||
        (for_each && !compile_sources(&linker, for_each)) ||
        (remark && !compile_text(&linker, remark, &declaration->remark)) ||
        (first_of && !link_first_of(&linker, first_of)) || !link_value(&linker) ||
        (counts_when && !link_counts_when(&linker, counts_when)))
        return false;
    declaration->call_facts = gathered(&linker.call_facts);
    declaration->mentions = mentions_of(declaration, arena);
    return true;
}

/* --- names --- */

static int compare_declarations(const void *a, const void *b)
{
    const struct declaration *const *left = a;
    const struct declaration *const *right = b;
    return str_compare((*left)->name, (*right)->name);
}

/* Sorted, a name stands right before the names that it is a prefix of: '.' sorts before letters, digits and '_'. */
static bool check_prefixes(const struct fact_declarations *declarations, struct error *error)
{
    const struct declaration **sorted =
        arena_array(declarations->arena, const struct declaration *, declarations->count);
    for (size_t i = 0; i < declarations->count; i++)
        sorted[i] = declarations->items[i];
    qsort(sorted, declarations->count, sizeof *sorted, compare_declarations);
    for (size_t i = 1; i < declarations->count; i++) {
        struct str shorter = sorted[i - 1]->name;
        struct str longer = sorted[i]->name;
        if (str_starts(longer, shorter) && longer.ptr[shorter.len] == '.')
            return declaration_refuse(sorted[i], sorted[i]->json, error,
                                      "the fact '%.*s' would be a part of it: no name may be a prefix of another",
                                      STR_ARG(shorter));
    }
    return true;
}

/* --- what rests on what --- */

enum color { UNSEEN, OPEN, FINISHED };

/* A walk through what facts rest on; `order` gets each fact after all that it rests on. */
struct walk {
    const struct fact_declarations *declarations;
    struct arena *arena;
    enum color *colors;
    struct str *order;
    size_t count;
    struct error *error;
    struct str scenario; /* empty: whatever it is */
};

/* Whether the fact is absent in the scenario, whatever the account. */
static bool is_off(const struct walk *walk, const struct declaration *declaration)
{
    if (!declaration->when || !walk->scenario.len)
        return false;
    struct str text = expression_text(declaration->when);
    struct str other;
    bool equals = str_cut(&text, '\'', &other) && str_equal(other, STR("target.scenario == "));
    bool differs = str_equal(other, STR("target.scenario != "));
    bool is_here = str_cut(&text, '\'', &other) && str_equal(other, walk->scenario);
    return text.len == 0 && ((equals && !is_here) || (differs && is_here));
}

static bool visit(struct walk *walk, const struct declaration *declaration, int depth);

static bool visit_mentioned(struct walk *walk, const struct declaration *from, const struct declaration *to, int depth)
{
    if (walk->colors[to->index] == OPEN)
        return declaration_refuse(from, from->json, walk->error, "rests on '%.*s', which rests on it again",
                                  STR_ARG(to->name));
    return visit(walk, to, depth + 1);
}

/* NOLINTNEXTLINE(misc-no-recursion): CHAIN_MAX_DEPTH */
static bool visit(struct walk *walk, const struct declaration *declaration, int depth)
{
    if (walk->colors[declaration->index] == FINISHED)
        return true;
    if (depth > CHAIN_MAX_DEPTH)
        return declaration_refuse(declaration, declaration->json, walk->error,
                                  "a chain of more than %d facts that rest on each other", CHAIN_MAX_DEPTH);
    walk->colors[declaration->index] = OPEN;
    const struct names *mentions = &declaration->mentions;
    for (size_t i = 0; i < mentions->count && !is_off(walk, declaration); i++) {
        if (!visit_mentioned(walk, declaration, declaration_find(walk->declarations, mentions->items[i]), depth))
            return false;
    }
    walk->colors[declaration->index] = FINISHED;
    walk->order[walk->count++] = declaration->name;
    return true;
}

static struct walk start_walk(const struct fact_declarations *declarations, struct arena *arena, struct error *error)
{
    return (struct walk){declarations,
                         arena,
                         arena_array(arena, enum color, declarations->count),
                         arena_array(arena, struct str, declarations->count),
                         0,
                         error,
                         {0}};
}

/* What others wait for is urgent: by the length of their chain. `order` has each fact after all that it rests on. */
static void rank(const struct fact_declarations *declarations, const struct str *order)
{
    for (size_t i = declarations->count; i-- > 0;) {
        const struct declaration *declaration = declaration_find(declarations, order[i]);
        int urgency = declaration->urgency + (declaration->operation ? 1 : 0);
        for (size_t k = 0; k < declaration->mentions.count; k++) {
            size_t index = declaration_find(declarations, declaration->mentions.items[k])->index;
            struct declaration *mentioned = declarations->items[index];
            mentioned->urgency = urgency > mentioned->urgency ? urgency : mentioned->urgency;
        }
    }
}

static void list_remarks(struct fact_declarations *declarations)
{
    size_t *remarks = arena_array(declarations->arena, size_t, declarations->count);
    for (size_t i = 0; i < declarations->count; i++)
        if (declarations->items[i]->remark)
            remarks[declarations->remark_count++] = i;
    declarations->remarks = remarks;
}

bool facts_link(struct fact_declarations *declarations, struct error *error)
{
    if (!check_prefixes(declarations, error))
        return false;
    for (size_t i = 0; i < declarations->count; i++) {
        if (!link_one(declarations, declarations->items[i], error))
            return false;
    }
    struct walk walk = start_walk(declarations, declarations->arena, error);
    for (size_t i = 0; i < declarations->count; i++) {
        if (!visit(&walk, declarations->items[i], 0))
            return false;
    }
    rank(declarations, walk.order);
    list_remarks(declarations);
    declarations->linked = true;
    return true;
}

const struct str *facts_closure(const struct fact_declarations *declarations, struct arena *arena, struct str name,
                                size_t *ret_count)
{
    return facts_closure_in(declarations, arena, name, STR(""), ret_count);
}

const struct str *facts_closure_in(const struct fact_declarations *declarations, struct arena *arena, struct str name,
                                   struct str scenario, size_t *ret_count)
{
    struct walk walk = start_walk(declarations, arena, NULL);
    walk.scenario = scenario;
    const struct declaration *declaration = declaration_find(declarations, name);
    *ret_count = declaration && visit(&walk, declaration, 0) ? walk.count : 0;
    return walk.order;
}
