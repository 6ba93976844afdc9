/* statement_box.c: see statement_box.h. */
#include "policy/prove/statement_box.h"

#include "policy/evaluate/evaluate.h"

#include <string.h>

/* What a condition says once the known keys are filled in. */
enum truth { TRUTH_NO, TRUTH_YES, TRUTH_CONSTRAINT, TRUTH_OPEN };

struct maker {
    struct box_model *model;
    bool large; /* err by too large a box, not by too small a one */
    struct region_constraint *constraints;
    size_t count;
    struct statement_box *box;
    const struct condition *condition; /* that is being compiled */
};

/* ---- The model ---- */

static struct context_entry fixed_entry(struct arena *arena, struct str name, const struct str *values, size_t count)
{
    return (struct context_entry){context_key(arena, name), name, values, count};
}

struct box_model box_model_make(struct algebra *algebra, const struct request_part *part, bool unknown_as_variable)
{
    struct box_model model = {
        .algebra = algebra,
        .part = part,
        .unknown_as_variable = unknown_as_variable,
        .variable_count = VARIABLE_FIRST_KEY,
    };
    struct context_entry *entries = arena_array(algebra->arena, struct context_entry, part->key_count);
    size_t count = 0;
    for (size_t i = 0; i < part->key_count; i++) {
        const struct request_key *key = &part->keys[i];
        if (request_key_find(part, key->name) != key)
            continue; /* an earlier row prevails */
        if (key->kind == KEY_FIXED)
            entries[count++] = fixed_entry(algebra->arena, key->name, key->values, key->value_count);
        if (key->kind == KEY_RANGES && model.variable_count < REGION_VARIABLES_MAX)
            model.variables[model.variable_count++] = key->name;
    }
    model.fixed = (struct context){entries, count};
    return model;
}

/* The variable of a key; REGION_VARIABLES_MAX if there are too many. */
static uint32_t variable_of(struct box_model *model, struct str name)
{
    for (uint32_t v = VARIABLE_FIRST_KEY; v < model->variable_count; v++)
        if (str_equal_nocase(model->variables[v], name))
            return v;
    if (model->variable_count == REGION_VARIABLES_MAX)
        return REGION_VARIABLES_MAX;
    model->variables[model->variable_count] = name;
    return (uint32_t)model->variable_count++;
}

/* ---- Patterns ---- */

static void note_open(struct maker *maker, struct str key)
{
    if (maker->box->exact) {
        maker->box->key = key;
        maker->box->condition = maker->condition;
    }
    maker->box->exact = false;
}

/* Fills a policy variable in. False: the pattern matches nothing. */
static bool add_variable(struct maker *maker, const struct pattern_variable *variable, bool large,
                         struct wildcard_builder *builder)
{
    const struct request_key *key = request_key_find(maker->model->part, variable->key.name);
    struct str value;
    if (key->kind == KEY_FIXED || key->kind == KEY_ABSENT) {
        if (!policy_pattern_variable_value(variable, &maker->model->fixed, &value))
            return false;
        wildcard_add_literal(builder, value);
        return true;
    }
    note_open(maker, variable->key.name);
    if (large)
        wildcard_add_pattern(builder, STR("*"));
    return large;
}

/* The pattern as tokens. False: it matches nothing. `large` says which way a policy variable without a value errs. */
static bool convert(struct maker *maker, const struct policy_pattern *pattern, bool large, struct wildcard *ret)
{
    static const uint16_t wild[] = {[PATTERN_ONE] = WILDCARD_ONE,
                                    [PATTERN_RUN] = WILDCARD_RUN,
                                    [PATTERN_ONE_IN_PART] = WILDCARD_ONE_IN_PART,
                                    [PATTERN_RUN_IN_PART] = WILDCARD_RUN_IN_PART};
    struct wildcard_builder builder = wildcard_build(maker->model->algebra->arena, pattern->rules.fold);
    if (pattern->shape == PATTERN_NOTHING)
        return false;
    for (uint32_t i = 0; i < pattern->count; i++) {
        const struct pattern_step *step = &pattern->steps[i];
        if (step->kind == PATTERN_TEXT)
            wildcard_add_literal(&builder, step->text);
        else if (step->kind == PATTERN_VARIABLE) {
            if (!add_variable(maker, &pattern->variables[step->variable], large, &builder))
                return false;
        } else
            wildcard_add_token(&builder, wild[step->kind]);
    }
    *ret = wildcard_built(&builder);
    return true;
}

static void add_constraint(struct maker *maker, uint32_t variable, bool absent, struct algebra_clause clause)
{
    maker->constraints[maker->count++] = (struct region_constraint){variable, absent, clause};
}

static struct algebra_clause element_clause(struct maker *maker, const struct policy_element *element)
{
    struct wildcard *patterns = arena_array(maker->model->algebra->arena, struct wildcard, element->count);
    size_t count = 0;
    for (size_t i = 0; i < element->count; i++)
        count += convert(maker, &element->items[i].pattern, maker->large != element->negated, &patterns[count]);
    return (struct algebra_clause){patterns, count, element->negated};
}

/* ---- Conditions ---- */

static struct algebra_clause text_clause(struct arena *arena, const char *const *texts, size_t count, bool nocase)
{
    struct wildcard *patterns = arena_array(arena, struct wildcard, count);
    for (size_t i = 0; i < count; i++)
        patterns[i] = wildcard_pattern(arena, str_from(texts[i]), nocase);
    return (struct algebra_clause){patterns, count, false};
}

/* Values that are no ARN, or no boolean, meet no operator of the family, a negated one neither. */
static void add_family(struct maker *maker, uint32_t variable, bool absent, enum condition_family family)
{
    static const char *const arns[] = {"arn:*:*:*:*:*"};
    static const char *const booleans[] = {"true", "false"};
    struct arena *arena = maker->model->algebra->arena;
    if (family == CONDITION_ARN)
        add_constraint(maker, variable, absent, text_clause(arena, arns, COUNT_OF(arns), false));
    if (family == CONDITION_BOOL)
        add_constraint(maker, variable, absent, text_clause(arena, booleans, COUNT_OF(booleans), true));
}

/* A condition on a key that ranges, as constraints on its variable; as condition_holds() would decide. */
static void constrain(struct maker *maker, const struct condition *condition, uint32_t variable)
{
    const struct condition_operator *op = condition->form.op;
    static const struct algebra_clause nothing = {NULL, 0, false};
    static const struct algebra_clause everything = {NULL, 0, true};
    struct context none = {NULL, 0};
    bool absent = condition_holds(condition, &none);
    if (op->family == CONDITION_NULL) {
        bool present = false;
        for (size_t i = 0; i < condition->value_count; i++)
            present |= condition->values[i].readable && !condition->values[i].null;
        add_constraint(maker, variable, absent, present ? everything : nothing);
        return;
    }
    struct wildcard *patterns = arena_array(maker->model->algebra->arena, struct wildcard, condition->value_count);
    size_t count = 0;
    for (size_t i = 0; i < condition->value_count; i++) {
        const struct condition_value *value = &condition->values[i];
        if (!value->readable && op->negated) {
            add_constraint(maker, variable, absent, nothing);
            return;
        }
        if (value->readable)
            count += convert(maker, &value->pattern, maker->large != op->negated, &patterns[count]);
    }
    add_constraint(maker, variable, absent, (struct algebra_clause){patterns, count, op->negated});
    add_family(maker, variable, absent, op->family);
}

static bool on_text(const struct condition *condition)
{
    enum condition_family family = condition->form.op->family;
    return family == CONDITION_STRING || family == CONDITION_ARN || family == CONDITION_BOOL ||
           family == CONDITION_NULL;
}

/* Whether the values speak of a key whose value is not known. */
static bool has_open_variable(const struct maker *maker, const struct condition *condition)
{
    enum condition_family family = condition->form.op->family;
    if (!on_text(condition) || family == CONDITION_NULL)
        return false;
    for (size_t i = 0; i < condition->value_count; i++) {
        const struct policy_pattern *pattern = &condition->values[i].pattern;
        for (uint32_t v = 0; v < pattern->variable_count; v++) {
            enum request_key_kind kind = request_key_find(maker->model->part, pattern->variables[v].key.name)->kind;
            if (kind != KEY_FIXED && kind != KEY_ABSENT)
                return true;
        }
    }
    return false;
}

/* The condition with each of the few values that the key may have: all agree, or it is open. */
static enum truth truth_of_few(const struct maker *maker, const struct condition *condition,
                               const struct request_key *key)
{
    struct arena *arena = maker->model->algebra->arena;
    size_t holds = 0;
    for (size_t i = 0; i < key->value_count; i++) {
        struct context_entry *entries = arena_array(arena, struct context_entry, maker->model->fixed.count + 1);
        if (maker->model->fixed.count)
            memcpy(entries, maker->model->fixed.entries, maker->model->fixed.count * sizeof(*entries));
        entries[maker->model->fixed.count] = fixed_entry(arena, condition->key_text, &key->values[i], 1);
        struct context context = {entries, maker->model->fixed.count + 1};
        holds += condition_holds(condition, &context);
    }
    return holds == 0 ? TRUTH_NO : holds == key->value_count ? TRUTH_YES : TRUTH_OPEN;
}

/* Whether a network of the policy takes some of the addresses that the requests come from, and not others. */
static bool splits_network(const struct condition *condition, const struct request_key *key)
{
    for (size_t k = 0; condition->form.op->family == CONDITION_IP && k < key->value_count; k++) {
        struct value_network ours;
        for (size_t i = 0; value_read_network(key->values[k], &ours) && i < condition->value_count; i++) {
            const struct condition_value *value = &condition->values[i];
            if (value->readable && value->network.prefix > ours.prefix && value_network_holds(&ours, &value->network))
                return true;
        }
    }
    return false;
}

static enum truth truth_of(const struct maker *maker, const struct condition *condition)
{
    const struct request_key *key = request_key_find(maker->model->part, condition->key.name);
    bool reasonable = on_text(condition) && (condition->form.set == CONDITION_SINGLE || key->kind == KEY_RANGES);
    if (splits_network(condition, key))
        return TRUTH_OPEN;
    switch (key->kind) {
    case KEY_FIXED:
    case KEY_ABSENT:
        if (key->kind == KEY_FIXED && has_open_variable(maker, condition))
            return TRUTH_OPEN;
        return condition_holds(condition, &maker->model->fixed) ? TRUTH_YES : TRUTH_NO;
    case KEY_UNKNOWN:
        if (key->value_count)
            return has_open_variable(maker, condition) ? TRUTH_OPEN : truth_of_few(maker, condition, key);
        return reasonable && maker->model->unknown_as_variable ? TRUTH_CONSTRAINT : TRUTH_OPEN;
    case KEY_RANGES:
    case KEY_FREE: break;
    }
    return reasonable ? TRUTH_CONSTRAINT : TRUTH_OPEN;
}

/* False: the condition cannot hold. */
static bool add_condition(struct maker *maker, const struct condition *condition)
{
    maker->condition = condition;
    enum truth truth = truth_of(maker, condition);
    uint32_t variable = REGION_VARIABLES_MAX;
    if (truth == TRUTH_CONSTRAINT)
        variable = variable_of(maker->model, condition->key_text);
    if (truth == TRUTH_CONSTRAINT && variable < REGION_VARIABLES_MAX) {
        constrain(maker, condition, variable);
        return true;
    }
    if (truth == TRUTH_YES || truth == TRUTH_NO)
        return truth == TRUTH_YES;
    note_open(maker, condition->key_text);
    return maker->large;
}

/* ---- Statements ---- */

bool statement_box_make(struct box_model *model, const struct statement *statement, enum box_error error,
                        struct statement_box *ret)
{
    *ret = (struct statement_box){.statement = statement, .exact = true};
    struct maker maker = {
        .model = model,
        .large = error == BOX_NOT_TOO_SMALL,
        .box = ret,
        .constraints = arena_array(model->algebra->arena, struct region_constraint, 2 + 2 * statement->condition_count),
    };
    bool possible = true;
    for (size_t i = 0; i < statement->condition_count && possible; i++)
        possible = add_condition(&maker, &statement->conditions[i]);
    maker.condition = NULL;
    if (!possible)
        return false;
    add_constraint(&maker, VARIABLE_ACTION, false, element_clause(&maker, &statement->actions));
    if (statement->resources.present)
        add_constraint(&maker, VARIABLE_RESOURCE, false, element_clause(&maker, &statement->resources));
    ret->box = (struct region_box){maker.constraints, maker.count};
    return true;
}

static struct algebra_clause key_clause(struct arena *arena, const struct str *texts, size_t count, bool excluded)
{
    struct wildcard *patterns = arena_array(arena, struct wildcard, count);
    for (size_t i = 0; i < count; i++)
        patterns[i] = wildcard_arn(arena, texts[i], true);
    return (struct algebra_clause){patterns, count, excluded};
}

/* What every account id and every source's ARN looks like, whatever a policy writes: no account has eleven digits. */
static struct algebra_clause form_clause(struct arena *arena, enum key_form form)
{
    enum { ACCOUNT_DIGITS = 12 };
    struct wildcard *pattern = arena_new(arena, struct wildcard);
    struct wildcard_builder builder = wildcard_build(arena, false);
    if (form == FORM_ARN)
        wildcard_add_pattern(&builder, STR("arn:*:*:*:"));
    wildcard_add_digits(&builder, ACCOUNT_DIGITS);
    if (form == FORM_ARN)
        wildcard_add_pattern(&builder, STR(":*"));
    bool confined = form == FORM_ARN && wildcard_confine(&builder, pattern);
    if (!confined)
        *pattern = wildcard_built(&builder);
    return (struct algebra_clause){pattern, 1, false};
}

struct region_box part_box(struct box_model *model, struct region_box base)
{
    struct arena *arena = model->algebra->arena;
    struct region_constraint *constraints =
        arena_array(arena, struct region_constraint, base.count + 3 * model->variable_count);
    size_t count = base.count;
    memcpy(constraints, base.constraints, count * sizeof(*constraints));
    for (uint32_t v = VARIABLE_FIRST_KEY; v < model->variable_count; v++) {
        const struct request_key *key = request_key_find(model->part, model->variables[v]);
        enum key_form form = key_form_of(model->variables[v]);
        if (form != FORM_ANY)
            constraints[count++] = (struct region_constraint){v, key->kind != KEY_RANGES, form_clause(arena, form)};
        if (key->kind != KEY_RANGES)
            continue;
        constraints[count++] =
            (struct region_constraint){v, false, key_clause(arena, key->values, key->value_count, false)};
        if (key->except_count)
            constraints[count++] =
                (struct region_constraint){v, false, key_clause(arena, key->except, key->except_count, true)};
    }
    return (struct region_box){constraints, count};
}
