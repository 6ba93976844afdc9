/* mismatch.c: see mismatch.h. */
#include "policy/evaluate/mismatch.h"

enum {
    NAMED_MAX = 4,   /* values that a sentence lists */
    TEXT_MAX = 1024, /* bytes of a sentence */
};

static void add_attached(struct attached_policy *list, size_t *count, const struct policy_list *policies,
                         enum policy_type type, size_t level)
{
    for (size_t i = 0; i < policies->count; i++)
        list[(*count)++] = (struct attached_policy){policies->items[i], type, level};
}

static size_t count_levels(const struct policy_levels *levels)
{
    size_t count = 0;
    for (size_t i = 0; i < levels->count; i++)
        count += levels->items[i].count;
    return count;
}

struct attached_policy *environment_policies(struct arena *arena, const struct policy_environment *environment,
                                             size_t *ret_count)
{
    size_t bound = environment->identity.count + environment->boundaries.count +
                   count_levels(&environment->service_control) + count_levels(&environment->resource_control) + 2;
    struct attached_policy *list = arena_array(arena, struct attached_policy, bound);
    size_t count = 0;
    add_attached(list, &count, &environment->identity, POLICY_IDENTITY, 0);
    add_attached(list, &count, &environment->boundaries, POLICY_BOUNDARY, 0);
    if (environment->session)
        list[count++] = (struct attached_policy){environment->session, POLICY_SESSION, 0};
    if (environment->resource)
        list[count++] = (struct attached_policy){environment->resource, POLICY_RESOURCE, 0};
    for (size_t i = 0; i < environment->service_control.count; i++)
        add_attached(list, &count, &environment->service_control.items[i], POLICY_SCP, i);
    for (size_t i = 0; i < environment->resource_control.count; i++)
        add_attached(list, &count, &environment->resource_control.items[i], POLICY_RCP, i);
    *ret_count = count;
    return list;
}

static bool has_plain_variable(const struct statement *statement, const struct condition *condition)
{
    for (size_t i = 0; !statement->policy->has_variables && i < condition->value_count; i++)
        if (str_contains(condition->values[i].text, STR("${")))
            return true;
    return false;
}

/* Where `${…}` is written, and is no variable. */
static void add_old_version(struct buf *text, const struct statement *statement)
{
    struct str version = statement->policy->version;
    buf_addf(text, "; in a policy of Version %.*s ${…} is plain text",
             STR_ARG(version.len ? version : STR("2008-10-17")));
}

static void add_mismatch(struct mismatches *list, struct str pointer, const struct buf *text)
{
    list->items[list->count++] = (struct mismatch){.pointer = pointer, .text = buf_str(text)};
}

static void list_text(struct buf *text, size_t index, size_t count, struct str value)
{
    if (index < NAMED_MAX)
        buf_addf(text, "%s'%.*s'", index ? ", " : "", STR_ARG(value));
    else if (index == NAMED_MAX)
        buf_addf(text, " and %zu more", count - NAMED_MAX);
}

static void explain_element(struct arena *arena, const struct statement *statement,
                            const struct policy_element *element, const char *name, struct str value,
                            struct mismatches *ret)
{
    struct buf text = buf_make(arena, TEXT_MAX);
    const char *prefix = element->negated ? "Not" : "";
    buf_addf(&text, "%.*s is %s %s%s: ", STR_ARG(value), element->negated ? "excluded by" : "none of", prefix, name);
    bool plain = false;
    for (size_t i = 0; i < element->count; i++) {
        list_text(&text, i, element->count, element->items[i].pattern.source);
        plain |= str_contains(element->items[i].pattern.source, STR("${"));
    }
    if (plain && !statement->policy->has_variables)
        add_old_version(&text, statement);
    struct str pointer = str_format(arena, "%.*s/%s%s", STR_ARG(statement->pointer), prefix, name);
    add_mismatch(ret, pointer, &text);
}

static void explain_principal(struct arena *arena, const struct statement *statement, const struct request *request,
                              struct mismatches *ret)
{
    const struct policy_principals *principals = &statement->principals;
    const char *name = principals->negated ? "NotPrincipal" : "Principal";
    struct buf text = buf_make(arena, TEXT_MAX);
    buf_addf(&text, "%.*s, %s, is %s %s: ", STR_ARG(request->principal.text),
             principal_kind_name(request->principal.kind), principals->negated ? "excluded by" : "not named by", name);
    for (size_t i = 0; i < principals->count; i++)
        list_text(&text, i, principals->count, principals->items[i].principal.text);
    if (!principals->present)
        buf_add_c(&text, "there is none");
    add_mismatch(ret, str_format(arena, "%.*s/%s", STR_ARG(statement->pointer), name), &text);
}

static void explain_condition(struct arena *arena, const struct statement *statement, const struct condition *condition,
                              const struct request *request, struct mismatches *ret)
{
    const struct context_entry *entry = context_find(&request->context, &condition->key);
    struct buf text = buf_make(arena, TEXT_MAX);
    struct buf pointer = buf_make(arena, BUF_NO_MAX);
    buf_addf(&pointer, "%.*s/Condition", STR_ARG(statement->pointer));
    json_pointer_add(&pointer, condition->operator_text);
    json_pointer_add(&pointer, condition->key_text);
    buf_addf(&text, "the request has %s%.*s", entry ? "" : "no ", STR_ARG(condition->key_text));
    if (entry)
        buf_add_char(&text, ' ');
    for (size_t i = 0; entry && i < entry->count; i++)
        list_text(&text, i, entry->count, entry->values[i]);
    buf_addf(&text, ", %.*s wants ", STR_ARG(condition->operator_text));
    for (size_t i = 0; i < condition->value_count; i++)
        list_text(&text, i, condition->value_count, condition->values[i].text);
    if (has_plain_variable(statement, condition))
        add_old_version(&text, statement);
    if (entry && entry->count > 1 && condition->form.set == CONDITION_SINGLE)
        buf_add_c(&text, "; several values need ForAllValues or ForAnyValue");
    add_mismatch(ret, buf_str(&pointer), &text);
}

static const char *who_sends(const struct request *request)
{
    return request->principal.kind == PRINCIPAL_SERVICE ? "the service sends none" : "the request has none";
}

static void explain_held(struct arena *arena, const struct statement *statement, const struct condition *condition,
                         const struct request *request, struct mismatches *ret)
{
    const struct context_entry *entry = context_find(&request->context, &condition->key);
    struct buf text = buf_make(arena, TEXT_MAX);
    struct buf pointer = buf_make(arena, BUF_NO_MAX);
    buf_addf(&pointer, "%.*s/Condition", STR_ARG(statement->pointer));
    json_pointer_add(&pointer, condition->operator_text);
    json_pointer_add(&pointer, condition->key_text);
    buf_addf(&text, "it tests %.*s, ", STR_ARG(condition->key_text));
    if (entry)
        buf_add_c(&text, "the request has ");
    for (size_t i = 0; entry && i < entry->count; i++)
        list_text(&text, i, entry->count, entry->values[i]);
    if (!entry)
        buf_add_c(&text, who_sends(request));
    buf_addf(&text, ", and %.*s ", STR_ARG(condition->operator_text));
    for (size_t i = 0; (entry || condition->form.op->family == CONDITION_NULL) && i < condition->value_count; i++)
        list_text(&text, i, condition->value_count, condition->values[i].text);
    buf_add_c(&text, entry || condition->form.op->family == CONDITION_NULL ? " holds for that"
                                                                           : "holds where the key is absent");
    add_mismatch(ret, buf_str(&pointer), &text);
}

struct mismatches explain_applied(struct arena *arena, const struct statement *statement, const struct request *request)
{
    struct mismatches list = {.items = arena_array(arena, struct mismatch, statement->condition_count)};
    for (size_t i = 0; i < statement->condition_count; i++)
        explain_held(arena, statement, &statement->conditions[i], request, &list);
    return list;
}

static bool has_principal(enum policy_type type)
{
    return type == POLICY_RESOURCE || type == POLICY_TRUST;
}

struct mismatches explain_statement(struct arena *arena, const struct statement *statement,
                                    const struct request *request, bool bounded)
{
    struct mismatches list = {.items = arena_array(arena, struct mismatch, 3 + statement->condition_count)};
    if (!statement_action_matches(statement, request))
        explain_element(arena, statement, &statement->actions, "Action", request->action, &list);
    if (!statement_resource_matches(statement, request))
        explain_element(arena, statement, &statement->resources, "Resource", request->resource, &list);
    if (has_principal(statement->policy->type) &&
        statement_principal_match(statement, request, bounded) == PRINCIPAL_MISSES)
        explain_principal(arena, statement, request, &list);
    for (size_t i = 0; i < statement->condition_count; i++) {
        if (!condition_holds(&statement->conditions[i], &request->context))
            explain_condition(arena, statement, &statement->conditions[i], request, &list);
    }
    return list;
}
