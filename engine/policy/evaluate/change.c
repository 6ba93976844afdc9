/*
 * change.c: the single changes of a policy that would have a request allowed; see change.h. Candidates are made from
 * what stands in the way of each statement, tried out on a copy of its policy, and kept if the decision turns.
 */
#include "policy/evaluate/change.h"

#include "base/json/patch.h"
#include "policy/evaluate/mismatch.h"

/* How much a change changes: operators before values, values before what is asked for, statements last. */
enum change_size {
    SIZE_OPERATOR,
    SIZE_VALUE,
    SIZE_CONDITION,
    SIZE_RESOURCE,
    SIZE_ACTION,
    SIZE_PRINCIPAL,
    SIZE_STATEMENT
};

enum { TRIALS_MAX = 200 }; /* evaluations for one explanation */

struct search {
    struct arena *arena;
    const struct policy_environment *environment;
    const struct request *request;
    const struct attached_policy *attached; /* that is being changed */
    const struct statement *statement;
    const struct json *source; /* the statement's */
    struct changes found;
    size_t capacity;
    size_t trials;
};

static struct policy_list list_with(struct arena *arena, const struct policy_list *list, const struct policy *old,
                                    const struct policy *new)
{
    const struct policy **items = arena_array(arena, const struct policy *, list->count);
    for (size_t i = 0; i < list->count; i++)
        items[i] = list->items[i] == old ? new : list->items[i];
    return (struct policy_list){.items = items, .count = list->count};
}

static struct policy_levels levels_with(struct arena *arena, const struct policy_levels *levels,
                                        const struct policy *old, const struct policy *new)
{
    struct policy_list *items = arena_array(arena, struct policy_list, levels->count);
    for (size_t i = 0; i < levels->count; i++)
        items[i] = list_with(arena, &levels->items[i], old, new);
    return (struct policy_levels){.items = items, .count = levels->count};
}

static struct policy_environment environment_with(const struct search *s, const struct policy *new)
{
    const struct policy_environment *environment = s->environment;
    const struct policy *old = s->attached->policy;
    return (struct policy_environment){
        .identity = list_with(s->arena, &environment->identity, old, new),
        .boundaries = list_with(s->arena, &environment->boundaries, old, new),
        .session = environment->session == old ? new : environment->session,
        .resource = environment->resource == old ? new : environment->resource,
        .service_control = levels_with(s->arena, &environment->service_control, old, new),
        .resource_control = levels_with(s->arena, &environment->resource_control, old, new),
    };
}

static bool turns_the_decision(const struct search *s, const struct json *patch)
{
    const struct policy *old = s->attached->policy;
    const struct policy_options options = {.name = old->name, .type = old->type, .tolerance = POLICY_LENIENT};
    const struct json *document;
    const struct policy *changed;
    if (!json_patch(s->arena, old->source, patch, &document, NULL) ||
        !policy_compile(s->arena, document, options, &changed, NULL))
        return false;
    struct policy_environment environment = environment_with(s, changed);
    struct decision decision;
    policy_evaluate(&environment, s->request, &decision);
    return decision.verdict == DECISION_ALLOWED;
}

static void keep(struct search *s, const struct json *patch, enum change_size size, struct str text)
{
    if (s->found.count == s->capacity)
        return;
    s->found.items[s->found.count++] = (struct change){
        .type = s->attached->type,
        .level = s->attached->level,
        .statement = s->statement,
        .patch = patch,
        .text = text,
        .size = size,
    };
}

/* Tries one operation of JSON Patch; `value` NULL: remove. */
static void try_change(struct search *s, struct str pointer, const struct json *value, enum change_size size,
                       struct str text)
{
    if (s->trials++ >= TRIALS_MAX)
        return;
    struct json_builder operation = json_build(s->arena, JSON_OBJECT);
    const char *op = value ? (json_pointer(s->attached->policy->source, pointer) ? "replace" : "add") : "remove";
    json_build_append(&operation, STR("op"), json_string(str_from(op)));
    json_build_append(&operation, STR("path"), json_string(pointer));
    if (value)
        json_build_append(&operation, STR("value"), *value);
    struct json_builder patch = json_build(s->arena, JSON_ARRAY);
    json_build_add(&patch, json_built(&operation));
    const struct json *boxed = json_box(s->arena, json_built(&patch));
    if (turns_the_decision(s, boxed))
        keep(s, boxed, size, text);
}

static struct str element_pointer(const struct search *s, const char *name)
{
    return str_format(s->arena, "%.*s/%s", STR_ARG(s->statement->pointer), name);
}

/* A scalar or list, as a list with one more item. */
static struct json list_plus(struct arena *arena, const struct json *value, struct str item)
{
    struct json_builder list = json_build(arena, JSON_ARRAY);
    if (value && value->type == JSON_ARRAY) {
        for (size_t i = 0; i < value->count; i++)
            json_build_add(&list, value->items[i]);
    } else if (value) {
        json_build_add(&list, *value);
    }
    json_build_add(&list, json_string(item));
    return json_built(&list);
}

/* The items that do not match, as a list. */
static struct json list_without(const struct search *s, const struct policy_element *element, struct str text)
{
    struct json_builder list = json_build(s->arena, JSON_ARRAY);
    for (size_t i = 0; i < element->count; i++) {
        if (!policy_pattern_match(&element->items[i].pattern, text, &s->request->context))
            json_build_add(&list, json_string(element->items[i].pattern.source));
    }
    return json_built(&list);
}

/* Action or Resource: adds the request's own to those that are named, or takes what excludes it out of the Not form. */
static void try_element(struct search *s, const struct policy_element *element, const char *name, struct str text,
                        struct str folded, enum change_size size)
{
    bool adds = (s->statement->effect == POLICY_ALLOW) != element->negated;
    const char *form = str_to_c(s->arena, str_format(s->arena, "%s%s", element->negated ? "Not" : "", name));
    struct str pointer = element_pointer(s, form);
    struct json value = adds ? list_plus(s->arena, json_find(s->source, form), text) : list_without(s, element, folded);
    if (value.count == 0)
        return;
    try_change(s, pointer, &value, size,
               str_format(s->arena, "would be allowed if %.*s %s `%.*s`", STR_ARG(pointer),
                          adds ? "also had" : "left out what matches", STR_ARG(text)));
}

/* The commonest slip: the bucket is named where its objects are meant. */
static void try_objects(struct search *s)
{
    const struct policy_element *resources = &s->statement->resources;
    for (size_t i = 0; i < resources->count && !resources->negated; i++) {
        struct str old = resources->items[i].pattern.source;
        struct str new = str_join3(s->arena, old, STR("/*"), STR(""));
        struct str pointer = element_pointer(s, "Resource");
        if (resources->is_list)
            pointer = str_format(s->arena, "%.*s/%zu", STR_ARG(pointer), i);
        struct json value = json_string(new);
        try_change(s, pointer, &value, SIZE_VALUE,
                   str_format(s->arena, "would be allowed if `%.*s` were `%.*s` at %.*s", STR_ARG(old), STR_ARG(new),
                              STR_ARG(pointer)));
    }
}

static void try_principal(struct search *s, const char *form)
{
    const struct principal *caller = &s->request->principal;
    struct str type = caller->kind == PRINCIPAL_SERVICE ? STR("Service") : STR("AWS");
    if (caller->kind == PRINCIPAL_PROVIDER)
        type = STR("Federated");
    const struct json *old = json_find(s->source, form);
    struct json_builder object = json_build(s->arena, JSON_OBJECT);
    for (size_t i = 0; old && old->type == JSON_OBJECT && i < old->count; i++)
        json_build_append(&object, old->members[i].name, old->members[i].value);
    const struct json *same = json_is(old, JSON_OBJECT) ? json_get(old, type) : NULL;
    if (json_is(old, JSON_STRING))
        same = str_equal(type, STR("AWS")) ? old : NULL;
    json_build_set(&object, type, list_plus(s->arena, same, caller->text));
    struct json value = json_built(&object);
    try_change(s, element_pointer(s, form), &value, SIZE_PRINCIPAL,
               str_format(s->arena, "would be allowed if %s at %.*s also named `%.*s`", form,
                          STR_ARG(s->statement->pointer), STR_ARG(caller->text)));
}

/* The statement's Condition with one operator's key moved to another operator, or with other values. */
static struct json condition_with(const struct search *s, const struct condition *condition, struct str op,
                                  const struct json *values)
{
    const struct json *old = json_find(s->source, "Condition");
    struct json_builder result = json_build(s->arena, JSON_OBJECT);
    for (size_t i = 0; old && i < old->count; i++) {
        const struct json_member *member = &old->members[i];
        struct json_builder keys = json_build(s->arena, JSON_OBJECT);
        for (size_t k = 0; k < member->value.count; k++) {
            bool moved = condition && str_equal(member->name, condition->operator_text) &&
                         str_equal(member->value.members[k].name, condition->key_text);
            if (!moved)
                json_build_append(&keys, member->value.members[k].name, member->value.members[k].value);
        }
        if (keys.count)
            json_build_append(&result, member->name, json_built(&keys));
    }
    struct json whole = json_built(&result);
    const struct json *place = json_get(&whole, op);
    struct json_builder keys = json_build(s->arena, JSON_OBJECT);
    for (size_t k = 0; place && k < place->count; k++)
        json_build_append(&keys, place->members[k].name, place->members[k].value);
    json_build_set(&keys, condition ? condition->key_text : STR(""), *values);
    json_build_set(&result, op, json_built(&keys));
    return json_built(&result);
}

static const struct json *condition_values(const struct search *s, const struct condition *condition)
{
    return json_get(json_get(json_find(s->source, "Condition"), condition->operator_text), condition->key_text);
}

static void try_operator(struct search *s, const struct condition *condition, struct str name)
{
    struct json value = condition_with(s, condition, name, condition_values(s, condition));
    struct str pointer = element_pointer(s, "Condition");
    try_change(s, pointer, &value, SIZE_OPERATOR,
               str_format(s->arena, "would be allowed if `%.*s` of %.*s were `%.*s` at %.*s",
                          STR_ARG(condition->operator_text), STR_ARG(condition->key_text), STR_ARG(name),
                          STR_ARG(pointer)));
}

/* Operators that are often meant where another is written. */
static const struct {
    const char *written;
    const char *meant;
} mix_ups[] = {
    {"StringEquals", "StringLike"},
    {"StringEquals", "StringEqualsIgnoreCase"},
    {"StringNotEquals", "StringNotLike"},
    {"StringNotEquals", "StringNotEqualsIgnoreCase"},
    {"NumericLessThan", "NumericLessThanEquals"},
    {"NumericGreaterThan", "NumericGreaterThanEquals"},
    {"DateLessThan", "DateLessThanEquals"},
    {"DateGreaterThan", "DateGreaterThanEquals"},
};

static void try_operators(struct search *s, const struct condition *condition, const struct context_entry *entry)
{
    static const char *const sets[] = {
        [CONDITION_SINGLE] = "",
        [CONDITION_FOR_ALL_VALUES] = "ForAllValues:",
        [CONDITION_FOR_ANY_VALUE] = "ForAnyValue:",
    };
    const struct condition_form *form = &condition->form;
    const char *suffix = form->if_exists ? "IfExists" : "";
    struct str name = form->op->name;
    for (size_t i = 0; i < COUNT_OF(mix_ups); i++) {
        if (str_equal(name, str_from(mix_ups[i].written)))
            try_operator(s, condition, str_format(s->arena, "%s%s%s", sets[form->set], mix_ups[i].meant, suffix));
    }
    if (!entry && !form->if_exists && form->op->family != CONDITION_NULL)
        try_operator(s, condition, str_format(s->arena, "%s%.*sIfExists", sets[form->set], STR_ARG(name)));
    for (size_t set = CONDITION_FOR_ALL_VALUES; set <= CONDITION_FOR_ANY_VALUE; set++) {
        bool several = entry && entry->count > 1;
        if (form->op->family != CONDITION_NULL && set != form->set && (several || form->set != CONDITION_SINGLE))
            try_operator(s, condition, str_format(s->arena, "%s%.*s%s", sets[set], STR_ARG(name), suffix));
    }
}

static void try_values(struct search *s, const struct condition *condition, const struct context_entry *entry)
{
    const struct json *old = condition_values(s, condition);
    struct str new = STR("");
    struct json values;
    if (condition->form.op->family == CONDITION_NULL) {
        new = entry ? STR("false") : STR("true");
        values = json_string(new);
    } else if (entry) {
        new = entry->values[0];
        values = list_plus(s->arena, old, new);
    } else {
        return;
    }
    struct json value = condition_with(s, condition, condition->operator_text, &values);
    try_change(s, element_pointer(s, "Condition"), &value, SIZE_VALUE,
               str_format(s->arena, "would be allowed if %.*s of %.*s %s `%.*s` at %.*s/Condition",
                          STR_ARG(condition->operator_text), STR_ARG(condition->key_text),
                          values.type == JSON_ARRAY ? "also had" : "were", STR_ARG(new),
                          STR_ARG(s->statement->pointer)));
}

static void try_condition(struct search *s, const struct condition *condition)
{
    const struct context_entry *entry = context_find(&s->request->context, &condition->key);
    try_operators(s, condition, entry);
    try_values(s, condition, entry);
}

static void try_allow(struct search *s, bool bounded)
{
    const struct statement *statement = s->statement;
    const struct request *request = s->request;
    if (!statement_action_matches(statement, request))
        try_element(s, &statement->actions, "Action", request->action, request->action_folded, SIZE_ACTION);
    if (!statement_resource_matches(statement, request)) {
        try_objects(s);
        try_element(s, &statement->resources, "Resource", request->resource, request->resource, SIZE_RESOURCE);
    }
    if (s->attached->type == POLICY_RESOURCE &&
        statement_principal_match(statement, request, bounded) == PRINCIPAL_MISSES && !statement->principals.negated)
        try_principal(s, "Principal");
    for (size_t i = 0; i < statement->condition_count; i++) {
        if (!condition_holds(&statement->conditions[i], &request->context))
            try_condition(s, &statement->conditions[i]);
    }
}

/* A condition more: the Deny then leaves requests alone that lack the key, or that come from services. */
static void try_exemption(struct search *s, struct str op, struct str key)
{
    struct condition added = {.operator_text = op, .key_text = key};
    struct json value = json_string(STR("false"));
    struct json conditions = condition_with(s, &added, op, &value);
    try_change(s, element_pointer(s, "Condition"), &conditions, SIZE_CONDITION,
               str_format(s->arena,
                          "would be allowed if the Deny at %.*s also asked for {\"%.*s\": {\"%.*s\": \"false\"}}",
                          STR_ARG(s->statement->pointer), STR_ARG(op), STR_ARG(key)));
}

static void try_deny(struct search *s)
{
    const struct statement *statement = s->statement;
    for (size_t i = 0; i < statement->condition_count; i++) {
        const struct condition *condition = &statement->conditions[i];
        try_condition(s, condition);
        if (!context_find(&s->request->context, &condition->key) && condition->form.op->family != CONDITION_NULL)
            try_exemption(s, STR("Null"), condition->key_text);
    }
    if (s->attached->type == POLICY_RESOURCE || s->attached->type == POLICY_RCP)
        try_exemption(s, STR("BoolIfExists"), STR("aws:PrincipalIsAWSService"));
    if (statement->principals.negated)
        try_principal(s, "NotPrincipal");
    if (statement->actions.negated)
        try_element(s, &statement->actions, "Action", s->request->action, s->request->action_folded, SIZE_ACTION);
    if (statement->resources.negated)
        try_element(s, &statement->resources, "Resource", s->request->resource, s->request->resource, SIZE_RESOURCE);
    if (s->attached->policy->count > 1)
        try_change(s, statement->pointer, NULL, SIZE_STATEMENT,
                   str_format(s->arena, "would be allowed without the Deny at %.*s", STR_ARG(statement->pointer)));
}

/* The smallest first, in the order in which they were found. */
static struct changes smallest(struct arena *arena, const struct changes *found)
{
    struct changes list = {.items = arena_array(arena, struct change, CHANGES_MAX)};
    for (int size = SIZE_OPERATOR; size <= SIZE_STATEMENT; size++) {
        for (size_t i = 0; i < found->count && list.count < CHANGES_MAX; i++) {
            if (found->items[i].size == size)
                list.items[list.count++] = found->items[i];
        }
    }
    return list;
}

struct changes explain_changes(struct arena *arena, const struct policy_environment *environment,
                               const struct request *request, const struct decision *decision)
{
    size_t count;
    struct attached_policy *attached = environment_policies(arena, environment, &count);
    struct search s = {.arena = arena, .environment = environment, .request = request, .capacity = TRIALS_MAX};
    s.found.items = arena_array(arena, struct change, s.capacity);
    bool bounded = environment->boundaries.count > 0;
    bool denied = decision->verdict == DECISION_EXPLICITLY_DENIED;
    for (size_t i = 0; i < count && decision->verdict != DECISION_ALLOWED; i++) {
        s.attached = &attached[i];
        for (size_t k = 0; k < attached[i].policy->count; k++) {
            s.statement = &attached[i].policy->statements[k];
            s.source = json_pointer(attached[i].policy->source, s.statement->pointer);
            if (s.statement->effect == POLICY_ALLOW && !denied)
                try_allow(&s, bounded);
            else if (s.statement->effect == POLICY_DENY && denied && statement_applies(s.statement, request))
                try_deny(&s);
        }
    }
    return smallest(arena, &s.found);
}
