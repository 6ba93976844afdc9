/* expression.c: compiles expressions over facts, decides their state, then evaluates them. */
#include "account/facts/expression.h"

#include "account/facts/declaration.h"
#include "base/buf.h"

struct expression {
    struct str text;
    const struct query *query;
    const struct str *facts; /* sorted, each once */
    size_t fact_count;
    bool for_answer;
    bool is_sole_fact;
};

const struct str fact_target_fields[] = {
    STR_INIT("scenario"),
    STR_INIT("bucket"),
    STR_INIT("export_name"),
    STR_INIT("prefix"),
    STR_INIT("export_type"),
    STR_INIT("principal"),
    STR_INIT("detect"),
    STR_INIT("account_id"),
    STR_INIT("legacy_export_name"),
    STR_INIT("connected_accounts"),
    STR_INIT("optscale_url"),
    STR_INIT("optscale_organization"),
    STR_INIT("optscale_ip"),
    STR_INIT("optscale_build"),
    STR_INIT("costs"),
    STR_INIT("optscale_principal"),
};
const size_t fact_target_field_count = COUNT_OF(fact_target_fields);

static const struct str credential_fields[] = {STR_INIT("access_key_id")};
static const struct str finding_fields[] = {STR_INIT("count"), STR_INIT("subject"), STR_INIT("expected"),
                                            STR_INIT("actual")};

/* The roots that are no facts, and the members that they may have; NULL: any. */
static const struct {
    struct str name;
    const struct str *members;
    size_t count;
} other_roots[] = {
    {STR_INIT("target"), fact_target_fields, COUNT_OF(fact_target_fields)},
    {STR_INIT("credentials"), credential_fields, COUNT_OF(credential_fields)},
    {STR_INIT("parameter"), NULL, 0},
    {STR_INIT("item"), NULL, 0},
    {STR_INIT("finding"), finding_fields, COUNT_OF(finding_fields)},
};

static struct str join_names(struct arena *arena, const struct str *names, size_t count)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_char(&buf, '.');
        buf_add(&buf, names[i]);
    }
    return buf_str(&buf);
}

static bool unknown_name(struct error *error, const char *what, struct str name, struct str nearest)
{
    if (nearest.len == 0)
        return error_set(error, ERROR_INPUT, "unknown %s '%.*s'", what, STR_ARG(name));
    return error_set(error, ERROR_INPUT, "unknown %s '%.*s': did you mean '%.*s'?", what, STR_ARG(name),
                     STR_ARG(nearest));
}

/* Whether the chain begins at a root that is no fact; `*ret_ok` false: it names a member that the root has not. */
static bool is_other_root(const struct query_chain *chain, struct arena *arena, bool *ret_ok, struct error *error)
{
    for (size_t i = 0; i < COUNT_OF(other_roots); i++) {
        if (!str_equal(chain->names[0], other_roots[i].name))
            continue;
        *ret_ok = chain->count < 2 || !other_roots[i].members;
        for (size_t j = 0; j < other_roots[i].count && !*ret_ok; j++)
            *ret_ok = str_equal(chain->names[1], other_roots[i].members[j]);
        if (!*ret_ok)
            unknown_name(error, "name", join_names(arena, chain->names, 2),
                         str_nearest(chain->names[1], other_roots[i].members, other_roots[i].count));
        return true;
    }
    return false;
}

/* The declared fact that the chain begins with, longest first; the empty view: none. */
static struct str match_fact(const struct query_chain *chain, const struct fact_declarations *declarations,
                             struct arena *arena)
{
    for (size_t count = chain->count; count > 0; count--) {
        struct str name = join_names(arena, chain->names, count);
        if (facts_has(declarations, name))
            return name;
    }
    return (struct str){0};
}

/* The fact of one chain, or the empty view where it is of another root. */
static bool read_chain(const struct query_chain *chain, const struct fact_declarations *declarations,
                       struct arena *arena, struct str *ret, struct error *error)
{
    *ret = (struct str){0};
    if (chain->dynamic)
        return error_set(error, ERROR_INPUT, "root() must be followed by constant names");
    if (chain->count == 0)
        return true;
    bool ok = true;
    if (is_other_root(chain, arena, &ok, error))
        return ok;
    *ret = match_fact(chain, declarations, arena);
    if (ret->len > 0)
        return true;
    struct str typed = join_names(arena, chain->names, chain->count);
    return unknown_name(error, "fact", typed, facts_nearest(declarations, arena, typed));
}

static bool find_facts(struct arena *arena, const struct fact_declarations *declarations, struct expression *expression,
                       struct error *error)
{
    size_t chain_count = 0;
    const struct query_chain *chains = query_chains(expression->query, arena, &chain_count);
    struct str *facts = arena_array(arena, struct str, chain_count);
    size_t count = 0;
    for (size_t i = 0; i < chain_count; i++) {
        if (expression->for_answer && !chains[i].from_root)
            continue;
        struct str fact;
        if (!read_chain(&chains[i], declarations, arena, &fact, error))
            return false;
        if (fact.len > 0)
            facts[count++] = fact;
    }
    expression->facts = facts;
    expression->fact_count = names_unique(facts, count);
    expression->is_sole_fact =
        expression->fact_count == 1 && str_equal(str_trim(expression->text), expression->facts[0]);
    return true;
}

static bool compile_anew(struct arena *arena, const struct fact_declarations *declarations, struct str text,
                         bool for_answer, const struct expression **ret, struct error *error)
{
    struct expression *expression = arena_new(arena, struct expression);
    expression->text = str_copy(arena, text);
    expression->for_answer = for_answer;
    if (!query_compile(arena, expression->text, &expression->query, error) ||
        !find_facts(arena, declarations, expression, error))
        return error_wrap(error, "expression '%.*s'", STR_ARG(text));
    *ret = expression;
    return true;
}

static bool compile(struct arena *arena, const struct fact_declarations *declarations, struct str text, bool for_answer,
                    const struct expression **ret, struct error *error)
{
    struct map *known = for_answer ? declarations->expressions_for_answer : declarations->expressions;
    bool lives_as_long = arena == declarations->arena;
    const struct expression *before = lives_as_long ? map_get(known, text) : NULL;
    if (before) {
        *ret = before;
        return true;
    }
    if (!compile_anew(arena, declarations, text, for_answer, ret, error))
        return false;
    if (lives_as_long)
        map_set(known, (*ret)->text, *ret);
    return true;
}

bool expression_compile(struct arena *arena, const struct fact_declarations *declarations, struct str text,
                        const struct expression **ret, struct error *error)
{
    return compile(arena, declarations, text, false, ret, error);
}

bool expression_compile_for_answer(struct arena *arena, const struct fact_declarations *declarations, struct str text,
                                   const struct expression **ret, struct error *error)
{
    return compile(arena, declarations, text, true, ret, error);
}

struct str expression_text(const struct expression *expression)
{
    return expression->text;
}

struct str expression_sole_fact(const struct expression *expression)
{
    return expression->is_sole_fact ? expression->facts[0] : (struct str){0};
}

const struct str *expression_facts(const struct expression *expression, size_t *ret_count)
{
    *ret_count = expression->fact_count;
    return expression->facts;
}

enum fact_state expression_state(const struct str *facts, size_t count, const struct facts *known,
                                 const struct fact **ret_because)
{
    enum fact_state worst = FACT_PRESENT;
    *ret_because = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct fact *fact = known ? facts_get(known, facts[i]) : NULL;
        enum fact_state state = fact ? fact->state : FACT_NOT_COLLECTED;
        if (fact_state_is_worse(state, worst)) {
            worst = state;
            *ret_because = fact;
        }
    }
    return worst;
}

/* --- the tree that an expression runs on: only what it mentions --- */

/* The facts [from, to) share their first `offset` bytes; they are sorted, so each branch is contiguous. */
/* NOLINTNEXTLINE(misc-no-recursion): FACT_NAME_MAX_PARTS */
static void add_branches(struct json_builder *tree, const struct expression *expression, size_t from, size_t to,
                         ptrdiff_t offset, const struct facts *facts, int depth)
{
    for (size_t i = from; i < to && depth < FACT_NAME_MAX_PARTS;) {
        struct str rest = str_skip(expression->facts[i], offset);
        ptrdiff_t dot = str_find_char(rest, '.', 0);
        if (dot < 0) {
            const struct fact *fact = facts_get(facts, expression->facts[i]);
            json_build_append(tree, rest, fact && fact->state == FACT_PRESENT ? *fact->value : json_null);
            i++;
            continue;
        }
        struct str prefix = str_slice(expression->facts[i], 0, offset + dot + 1);
        size_t end = i;
        while (end < to && str_starts(expression->facts[end], prefix))
            end++;
        struct json_builder branch = json_build(tree->arena, JSON_OBJECT);
        add_branches(&branch, expression, i, end, prefix.len, facts, depth + 1);
        json_build_append(tree, str_slice(rest, 0, dot), json_built(&branch));
        i = end;
    }
}

static struct json credentials_json(const struct facts *facts, struct arena *arena)
{
    struct json_builder credentials = json_build(arena, JSON_OBJECT);
    struct str key = facts_access_key_id(facts);
    json_build_append(&credentials, STR("access_key_id"), key.len > 0 ? json_string(key) : json_null);
    return json_built(&credentials);
}

static const struct json *build_tree(const struct expression *expression, const struct scope *scope,
                                     struct arena *arena)
{
    struct json_builder tree = json_build(arena, JSON_OBJECT);
    if (scope->facts) {
        json_build_append(&tree, STR("target"), *facts_target(scope->facts));
        json_build_append(&tree, STR("credentials"), credentials_json(scope->facts, arena));
        add_branches(&tree, expression, 0, expression->fact_count, 0, scope->facts, 0);
    }
    if (scope->parameters)
        json_build_append(&tree, STR("parameter"), *scope->parameters);
    if (scope->item)
        json_build_append(&tree, STR("item"), *scope->item);
    if (scope->finding)
        json_build_append(&tree, STR("finding"), *scope->finding);
    return json_box(arena, json_built(&tree));
}

static struct evaluated evaluate(const struct expression *expression, const struct json *answer,
                                 const struct scope *scope, struct arena *arena)
{
    struct evaluated evaluated = {.value = &json_null};
    evaluated.state = expression_state(expression->facts, expression->fact_count, scope->facts, &evaluated.because);
    if (evaluated.state != FACT_PRESENT)
        return evaluated;
    const struct json *tree = build_tree(expression, scope, arena);
    struct query_scope query_scope = {tree, scope->item, scope->facts ? facts_time(scope->facts) : 0};
    if (!query_evaluate(expression->query, answer ? answer : tree, &query_scope, arena, &evaluated.value,
                        &evaluated.error)) {
        error_wrap(&evaluated.error, "expression '%.*s'", STR_ARG(expression->text));
        evaluated.state = FACT_FAILED;
        evaluated.value = &json_null;
    } else if (evaluated.value->type == JSON_NULL) {
        evaluated.state = FACT_ABSENT;
    }
    return evaluated;
}

struct evaluated expression_evaluate(const struct expression *expression, const struct scope *scope,
                                     struct arena *arena)
{
    return evaluate(expression, NULL, scope, arena);
}

struct evaluated expression_evaluate_answer(const struct expression *expression, const struct json *answer,
                                            const struct scope *scope, struct arena *arena)
{
    return evaluate(expression, answer, scope, arena);
}
