/* conditions.c: principals that nobody is, and conditions that say something else than they seem to. */
#include "policy/language/resource_type.h"
#include "policy/lint/report.h"
#include "policy/prove/request_set.h"

/* ---- Principals ---- */

static void lint_principals(struct linter *linter, const struct statement *statement)
{
    for (size_t i = 0; i < statement->principals.count; i++) {
        const struct principal *principal = &statement->principals.items[i].principal;
        if (principal->kind != PRINCIPAL_UNIQUE_ID)
            continue;
        bool user = str_starts(principal->text, STR("AIDA"));
        lint_add(linter, "deleted-principal", statement,
                 statement->principals.negated ? STR("NotPrincipal") : STR("Principal"),
                 str_format(
                     linter->arena,
                     "'%.*s' is the id of a %s that was deleted: nobody matches it, a new one of the same name neither",
                     STR_ARG(principal->text), user ? "user" : "role"),
                 STR("the ARN of one that exists"));
    }
}

/* ---- Conditions ---- */

static struct str place_of(struct arena *arena, const struct condition *condition)
{
    struct buf pointer = buf_make(arena, BUF_NO_MAX);
    buf_add_c(&pointer, "Condition");
    json_pointer_add(&pointer, condition->operator_text);
    json_pointer_add(&pointer, condition->key_text);
    return buf_str(&pointer);
}

/* `*` beside the variable that stands for a literal one. */
static bool has_wildcard(struct str text)
{
    for (ptrdiff_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '*' && !str_ends(str_slice(text, 0, i), STR("${")))
            return true;
    return false;
}

/* AWS's own policy for legacy reports compares with a literal star, since that is what the service sends. */
static bool is_legacy_source(const struct condition *condition, struct str text)
{
    return str_equal_nocase(condition->key_text, STR("aws:SourceArn")) && str_equal(arn_part(text, 2), STR("cur")) &&
           str_ends(text, STR(":definition/*"));
}

static struct str like_form(struct arena *arena, const struct condition *condition)
{
    struct condition_form form = condition->form;
    const char *set = form.set == CONDITION_FOR_ALL_VALUES  ? "ForAllValues:"
                      : form.set == CONDITION_FOR_ANY_VALUE ? "ForAnyValue:"
                                                            : "";
    return str_format(arena, "%s%s%s", set, form.op->negated ? "StringNotLike" : "StringLike",
                      form.if_exists ? "IfExists" : "");
}

static void lint_literal_star(struct linter *linter, const struct statement *statement,
                              const struct condition *condition)
{
    const struct condition_operator *op = condition->form.op;
    if (op->family != CONDITION_STRING || op->rules.wildcards)
        return;
    for (size_t i = 0; i < condition->value_count; i++) {
        struct str text = condition->values[i].text;
        if (!has_wildcard(text) || is_legacy_source(condition, text))
            continue;
        lint_add(linter, "literal-wildcard", statement, place_of(linter->arena, condition),
                 str_format(linter->arena, "%.*s compares '%.*s' literally: its * is no wildcard",
                            STR_ARG(condition->operator_text), STR_ARG(text)),
                 like_form(linter->arena, condition));
    }
}

/* What a service that acts for an account brings: see request_keys(). */
static struct request_part service_part(struct arena *arena)
{
    struct request_part part = {.principal = STR("service.amazonaws.com")};
    struct request_source source = {.principal = part.principal};
    request_keys(arena, &source, NULL, 0, &part.keys, &part.key_count);
    return part;
}

static bool names_services_alone(const struct statement *statement)
{
    for (size_t i = 0; i < statement->principals.count; i++)
        if (statement->principals.items[i].principal.kind != PRINCIPAL_SERVICE)
            return false;
    return statement->principals.count && !statement->principals.negated;
}

/* Whom a Deny hits by accident: services, where it names everyone and nothing spares them. */
static bool may_hit_services(const struct statement *statement)
{
    for (size_t i = 0; i < statement->condition_count; i++) {
        struct str key = statement->conditions[i].key_text;
        if (str_equal_nocase(key, STR("aws:PrincipalIsAWSService")) ||
            str_equal_nocase(key, STR("aws:PrincipalServiceName")) || str_equal_nocase(key, STR("aws:ViaAWSService")))
            return false;
    }
    bool everyone = statement->principals.negated;
    for (size_t i = 0; i < statement->principals.count; i++)
        everyone |= statement->principals.items[i].principal.kind == PRINCIPAL_ANYONE;
    return statement->effect == POLICY_DENY && everyone;
}

static void lint_sent_keys(struct linter *linter, const struct statement *statement, const struct condition *condition,
                           const struct request_part *services)
{
    static const struct context nothing = {NULL, 0};
    if (request_key_find(services, condition->key.name)->kind != KEY_ABSENT)
        return;
    bool holds = condition_holds(condition, &nothing);
    if (names_services_alone(statement) && !holds)
        lint_add(linter, "key-not-sent", statement, place_of(linter->arena, condition),
                 str_format(linter->arena, "services do not send %.*s, so this statement never applies to them",
                            STR_ARG(condition->key_text)),
                 STR("aws:SourceAccount or aws:SourceArn"));
    if (may_hit_services(statement) && holds && condition->form.op->family != CONDITION_NULL)
        lint_add(linter, "denies-services", statement, place_of(linter->arena, condition),
                 str_format(linter->arena,
                            "services do not send %.*s, so this Deny hits them too: deliveries by AWS services stop",
                            STR_ARG(condition->key_text)),
                 STR("add \"Bool\": {\"aws:PrincipalIsAWSService\": \"false\"}"));
}

void lint_conditions(struct linter *linter, const struct statement *statement)
{
    struct request_part services = service_part(linter->algebra.arena);
    bool one_condition = statement->condition_count == 1;
    lint_principals(linter, statement);
    for (size_t i = 0; i < statement->condition_count; i++) {
        const struct condition *condition = &statement->conditions[i];
        lint_literal_star(linter, statement, condition);
        /* Beside other conditions a Deny may well spare services. */
        if (one_condition || names_services_alone(statement))
            lint_sent_keys(linter, statement, condition, &services);
    }
}
