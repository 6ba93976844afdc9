/* document.c: reading policy documents; see document.h. */
#include "policy/language/document.h"
#include "base/map.h"

#include "policy/language/grammar.h"

enum { ARN_PARTS = 6 };

enum need { FORBIDDEN, OPTIONAL, NEEDED };

/* What each type of policy may say. */
static const struct type_rules {
    struct str name;
    enum need principal;
    enum need resource;
    bool fills_arns; /* an ARN of fewer than six parts is filled up with `*` */
} type_rules[POLICY_TYPE_COUNT] = {
    [POLICY_IDENTITY] = {STR_INIT("identity"), FORBIDDEN, NEEDED, true},
    [POLICY_BOUNDARY] = {STR_INIT("permission_boundary"), FORBIDDEN, NEEDED, true},
    [POLICY_SESSION] = {STR_INIT("session"), FORBIDDEN, NEEDED, true},
    [POLICY_SCP] = {STR_INIT("service_control_policy"), FORBIDDEN, NEEDED, false},
    [POLICY_RCP] = {STR_INIT("resource_control_policy"), OPTIONAL, NEEDED, false},
    [POLICY_RESOURCE] = {STR_INIT("resource"), NEEDED, OPTIONAL, false},
    [POLICY_TRUST] = {STR_INIT("trust"), NEEDED, FORBIDDEN, false},
};

struct str policy_type_name(enum policy_type type)
{
    return type_rules[type].name;
}

static void read_action(struct reader *r, const struct place *place, struct str text, struct policy_pattern *ret)
{
    const struct pattern_rules rules = {.fold = true, .wildcards = true};
    ptrdiff_t colon = str_find_char(text, ':', 0);
    if (!str_equal(text, STR("*")) && (colon < 1 || colon == text.len - 1))
        reader_fault(r, place, FAULT_ACTION, "'%.*s' is no action: expected service:Name or *", STR_ARG(text));
    policy_pattern_compile(r->arena, text, rules, ret);
}

/* `arn:aws:s3` means `arn:aws:s3:*:*:*` in identity policies. */
static struct str filled_arn(struct reader *r, struct str text)
{
    int parts = 1;
    for (ptrdiff_t i = 0; i < text.len; i++)
        parts += text.ptr[i] == ':';
    if (!type_rules[r->options.type].fills_arns || parts >= ARN_PARTS || !str_starts(text, STR("arn:")))
        return text;
    struct buf buf = buf_make(r->arena, BUF_NO_MAX);
    buf_add(&buf, text);
    for (; parts < ARN_PARTS; parts++)
        buf_add_c(&buf, ":*");
    return buf_str(&buf);
}

static void read_resource(struct reader *r, const struct place *place, struct str text, struct policy_pattern *ret)
{
    const struct pattern_rules rules = {
        .parts = PATTERN_RESOURCE,
        .wildcards = true,
        .variables = r->policy->has_variables,
    };
    if (!str_equal(text, STR("*")) && !str_starts(text, STR("arn:")))
        reader_fault(r, place, FAULT_RESOURCE, "'%.*s' is no resource: expected an ARN or *", STR_ARG(text));
    policy_pattern_compile(r->arena, filled_arn(r, text), rules, ret);
    ret->source = text;
}

typedef void (*read_item)(struct reader *, const struct place *, struct str, struct policy_pattern *);

static void read_element(struct reader *r, const struct place *place, bool negated, read_item read,
                         struct policy_element *ret)
{
    if (ret->present) {
        reader_fault(r, place, FAULT_BOTH_FORMS, "a statement has %s%.*s or its Not form, but one of them",
                     negated ? "" : "Not", STR_ARG(place->name));
        return;
    }
    struct list list = read_list(r, place);
    struct policy_item *items = arena_array(r->arena, struct policy_item, list.count);
    *ret = (struct policy_element){.present = true, .negated = negated, .is_list = list.is_list, .items = items};
    for (size_t i = 0; i < list.count; i++) {
        struct place item = place_item(place, &list, i);
        struct str text;
        if (!read_string(r, &item, &text))
            continue;
        items[ret->count].offset = item.value->offset;
        read(r, &item, text, &items[ret->count++].pattern);
    }
}

uint64_t policy_service_bit(struct str service)
{
    return (uint64_t)1 << (hash_fnv1a(0, service) >> 58);
}

/* The bits of all services that the actions may be of: all of them where a pattern leaves it open. */
static uint64_t services_of(struct arena *arena, const struct policy_element *actions)
{
    uint64_t services = 0;
    for (size_t i = 0; i < actions->count; i++) {
        struct str rest = actions->items[i].pattern.source;
        struct str service;
        bool open = !str_cut(&rest, ':', &service);
        open |= str_find_char(service, '*', 0) >= 0 || str_find_char(service, '?', 0) >= 0;
        services |= open ? ~(uint64_t)0 : policy_service_bit(str_lower(arena, service));
    }
    return actions->negated ? ~(uint64_t)0 : services;
}

static void check_principal(struct reader *r, const struct place *place, const struct policy_principal *item)
{
    struct str text = item->principal.text;
    if (item->principal.kind == PRINCIPAL_OTHER)
        reader_fault(r, place, FAULT_PRINCIPAL,
                     "'%.*s' is no principal: expected an account, or the ARN of a user, role "
                     "or session, without wildcards",
                     STR_ARG(text));
    else if (item->principal.kind != PRINCIPAL_ANYONE && str_find_char(text, '*', 0) >= 0)
        reader_fault(r, place, FAULT_PRINCIPAL, "'%.*s': a principal takes no wildcard, save * alone", STR_ARG(text));
}

struct principal_list {
    struct policy_principal *items;
    size_t count;
};

static void read_principals_of(struct reader *r, const struct place *place, struct principal_list *ret)
{
    struct list list = read_list(r, place);
    for (size_t i = 0; i < list.count; i++) {
        struct place item = place_item(place, &list, i);
        struct policy_principal principal = {.type = place->name, .offset = item.value->offset};
        struct str text;
        if (!read_string(r, &item, &text))
            continue;
        if (!principal_read_as(place->name, text, &principal.principal)) {
            reader_fault(r, place, FAULT_PRINCIPAL_TYPE, "'%.*s' is none of AWS, Service, Federated, CanonicalUser",
                         STR_ARG(place->name));
            return;
        }
        check_principal(r, &item, &principal);
        ret->items[ret->count++] = principal;
    }
}

static void read_principal_text(struct reader *r, const struct place *place, struct principal_list *ret)
{
    struct policy_principal *item = &ret->items[ret->count++];
    struct str text = place->value->string;
    item->offset = place->value->offset;
    /* "AWS" is a key that principal_read_as() knows. */
    (void)!principal_read_as(STR("AWS"), text, &item->principal);
    if (item->principal.kind != PRINCIPAL_ANYONE)
        reader_fault(r, place, FAULT_BARE_PRINCIPAL, "expected * or an object such as {\"AWS\": …}");
}

static size_t principal_bound(const struct json *value)
{
    size_t bound = 1;
    for (size_t i = 0; value->type == JSON_OBJECT && i < value->count; i++)
        bound += value->members[i].value.type == JSON_ARRAY ? value->members[i].value.count : 1;
    return bound;
}

static void read_principals(struct reader *r, const struct place *place, bool negated, struct policy_principals *ret)
{
    const struct json *value = place->value;
    if (ret->present) {
        reader_fault(r, place, FAULT_BOTH_FORMS, "a statement has Principal or NotPrincipal, but one of them");
        return;
    }
    struct principal_list list = {.items = arena_array(r->arena, struct policy_principal, principal_bound(value))};
    if (value->type == JSON_STRING)
        read_principal_text(r, place, &list);
    else if (value->type != JSON_OBJECT)
        reader_wrong_type(r, place, "* or an object");
    else if (value->count == 0)
        reader_fault(r, place, FAULT_EMPTY, "it names nobody");
    for (size_t i = 0; value->type == JSON_OBJECT && i < value->count; i++) {
        struct place member = place_member(place, &value->members[i]);
        read_principals_of(r, &member, &list);
    }
    *ret = (struct policy_principals){.present = true, .negated = negated, .items = list.items, .count = list.count};
}

/* Condition values may be written as bare booleans and numbers. */
static bool value_text(struct reader *r, const struct place *place, struct str *ret)
{
    switch (place->value->type) {
    case JSON_BOOLEAN: *ret = place->value->boolean ? STR("true") : STR("false"); return true;
    case JSON_NUMBER: *ret = json_text(r->arena, place->value, 0); return true;
    case JSON_STRING: return read_string(r, place, ret);
    default: reader_wrong_type(r, place, "a string, number or boolean"); return false;
    }
}

static void read_condition(struct reader *r, const struct place *place, struct condition_form form,
                           struct condition *ret)
{
    struct list list = read_list(r, place);
    struct condition_value *values = arena_array(r->arena, struct condition_value, list.count);
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++) {
        struct place item = place_item(place, &list, i);
        struct str text;
        if (!value_text(r, &item, &text))
            continue;
        condition_value_compile(r->arena, form.op, text, r->policy->has_variables, &values[count]);
        if (!values[count].readable)
            reader_fault(r, &item, FAULT_VALUE, "'%.*s' is no value for %.*s", STR_ARG(text), STR_ARG(form.op->name));
        count++;
    }
    *ret = (struct condition){
        .form = form,
        .operator_text = place->parent->name,
        .key_text = place->name,
        .key = context_key(r->arena, place->name),
        .values = values,
        .value_count = count,
        .is_list = list.is_list,
        .offset = place->value->offset,
    };
}

static bool read_operator(struct reader *r, const struct place *place, struct condition_form *ret)
{
    struct str names[32];
    for (size_t i = 0; i < condition_operator_count; i++)
        names[i] = condition_operators[i].name;
    if (!condition_form_read(place->name, ret)) {
        struct str nearest = str_nearest(place->name, names, condition_operator_count);
        reader_fault(r, place, FAULT_OPERATOR, "there is no operator %.*s%s%.*s%s", STR_ARG(place->name),
                     nearest.len ? "; did you mean " : "", STR_ARG(nearest), nearest.len ? "?" : "");
        return false;
    }
    if (!ret->exact)
        reader_fault(r, place, FAULT_OPERATOR_CASE, "the documentation writes this operator in another case");
    if (ret->op->family == CONDITION_NULL && (ret->if_exists || ret->set != CONDITION_SINGLE))
        reader_fault(r, place, FAULT_NULL_FORM, "Null takes neither IfExists nor a set operator");
    return true;
}

static void read_conditions(struct reader *r, const struct place *place, struct statement *statement)
{
    const struct json *value = place->value;
    size_t bound = 0;
    for (size_t i = 0; value->type == JSON_OBJECT && i < value->count; i++)
        bound += value->members[i].value.count;
    struct condition *conditions = arena_array(r->arena, struct condition, bound);
    statement->conditions = conditions;
    if (value->type != JSON_OBJECT)
        reader_wrong_type(r, place, "an object");
    for (size_t i = 0; value->type == JSON_OBJECT && i < value->count; i++) {
        struct place op = place_member(place, &value->members[i]);
        struct condition_form form;
        if (op.value->type != JSON_OBJECT) {
            reader_wrong_type(r, &op, "an object of condition keys");
            continue;
        }
        if (!read_operator(r, &op, &form))
            continue;
        for (size_t k = 0; k < op.value->count; k++) {
            struct place key = place_member(&op, &op.value->members[k]);
            read_condition(r, &key, form, &conditions[statement->condition_count++]);
        }
    }
}

static void read_effect(struct reader *r, const struct place *place, struct statement *statement)
{
    struct str text;
    if (!read_string(r, place, &text))
        return;
    statement->effect = str_equal(text, STR("Deny")) ? POLICY_DENY : POLICY_ALLOW;
    if (statement->effect == POLICY_ALLOW && !str_equal(text, STR("Allow")))
        reader_fault(r, place, FAULT_EFFECT, "expected Allow or Deny, found '%.*s'", STR_ARG(text));
}

enum element { SID, EFFECT, PRINCIPAL, NOT_PRINCIPAL, ACTION, NOT_ACTION, RESOURCE, NOT_RESOURCE, CONDITION, ELEMENTS };

static const struct str element_names[ELEMENTS] = {
    [SID] = STR_INIT("Sid"),
    [EFFECT] = STR_INIT("Effect"),
    [PRINCIPAL] = STR_INIT("Principal"),
    [NOT_PRINCIPAL] = STR_INIT("NotPrincipal"),
    [ACTION] = STR_INIT("Action"),
    [NOT_ACTION] = STR_INIT("NotAction"),
    [RESOURCE] = STR_INIT("Resource"),
    [NOT_RESOURCE] = STR_INIT("NotResource"),
    [CONDITION] = STR_INIT("Condition"),
};

static void read_member(struct reader *r, const struct place *place, struct statement *statement)
{
    size_t element = 0;
    while (element < ELEMENTS && !str_equal(element_names[element], place->name))
        element++;
    switch (element) {
    case SID: (void)!read_string(r, place, &statement->sid); break;
    case EFFECT: read_effect(r, place, statement); break;
    case PRINCIPAL:
    case NOT_PRINCIPAL: read_principals(r, place, element == NOT_PRINCIPAL, &statement->principals); break;
    case ACTION:
    case NOT_ACTION: read_element(r, place, element == NOT_ACTION, read_action, &statement->actions); break;
    case RESOURCE:
    case NOT_RESOURCE: read_element(r, place, element == NOT_RESOURCE, read_resource, &statement->resources); break;
    case CONDITION: read_conditions(r, place, statement); break;
    default: reader_unknown(r, place, element_names, ELEMENTS); break;
    }
}

/* What a statement must have, and what it must not, by the type of its policy. */
static void check_statement(struct reader *r, const struct place *place, const struct statement *statement)
{
    const struct type_rules *rules = &type_rules[r->options.type];
    if (!json_find(place->value, "Effect"))
        reader_fault(r, place, FAULT_MISSING, "the statement has no Effect");
    if (!statement->actions.present)
        reader_fault(r, place, FAULT_MISSING, "the statement has no Action");
    if (rules->resource == NEEDED && !statement->resources.present)
        reader_fault(r, place, FAULT_NO_RESOURCE, "the statement has no Resource");
    if (rules->resource == FORBIDDEN && statement->resources.present)
        reader_fault(r, place, FAULT_ELEMENT_FORBIDDEN, "a role's trust policy has no Resource");
    if (rules->principal == NEEDED && !statement->principals.present)
        reader_fault(r, place, FAULT_NO_PRINCIPAL, "the statement has no Principal");
    if (rules->principal == FORBIDDEN && statement->principals.present)
        reader_fault(r, place, FAULT_ELEMENT_FORBIDDEN, "only policies of resources have a Principal");
    if (statement->principals.present && statement->principals.negated && statement->effect == POLICY_ALLOW)
        reader_fault(r, place, FAULT_ALLOW_NOT_PRINCIPAL, "NotPrincipal goes with Deny alone");
}

static void read_statement(struct reader *r, const struct place *place, struct statement *statement)
{
    statement->policy = r->policy;
    statement->pointer = place_pointer(r->arena, place);
    statement->offset = place->value->offset;
    if (place->value->type != JSON_OBJECT) {
        reader_wrong_type(r, place, "a statement, an object");
        return;
    }
    for (size_t i = 0; i < place->value->count; i++) {
        struct place member = place_member(place, &place->value->members[i]);
        read_member(r, &member, statement);
    }
    statement->services = services_of(r->arena, &statement->actions);
    check_statement(r, place, statement);
}

static void check_sids(struct reader *r, const struct place *place, const struct statement *statements, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t k = 0; statements[i].sid.len && k < i; k++) {
            if (str_equal(statements[i].sid, statements[k].sid)) {
                reader_fault(r, place, FAULT_SID, "two statements have the Sid %.*s", STR_ARG(statements[i].sid));
                return;
            }
        }
    }
}

static void read_statements(struct reader *r, const struct place *place)
{
    struct list list = read_list(r, place);
    struct statement *statements = arena_array(r->arena, struct statement, list.count);
    r->policy->statements = statements;
    r->policy->count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct place item = place_item(place, &list, i);
        statements[i].index = i;
        read_statement(r, &item, &statements[i]);
    }
    check_sids(r, place, statements, list.count);
}

static void read_version(struct reader *r, const struct place *place)
{
    if (!read_string(r, place, &r->policy->version))
        return;
    r->policy->has_variables = str_equal(r->policy->version, STR("2012-10-17"));
    if (!r->policy->has_variables && !str_equal(r->policy->version, STR("2008-10-17")))
        reader_fault(r, place, FAULT_VERSION, "expected 2012-10-17 or 2008-10-17, found '%.*s'",
                     STR_ARG(r->policy->version));
}

static const struct str document_names[] = {STR_INIT("Version"), STR_INIT("Id"), STR_INIT("Statement")};

static void read_document(struct reader *r, const struct place *root)
{
    if (root->value->type != JSON_OBJECT) {
        reader_wrong_type(r, root, "a policy, an object");
        return;
    }
    const struct json *version = json_find(root->value, "Version");
    const struct json *statement = json_find(root->value, "Statement");
    struct place version_place = {.parent = root, .name = document_names[0], .value = version};
    struct place statement_place = {.parent = root, .name = document_names[2], .value = statement};
    if (version)
        read_version(r, &version_place); /* first: it says whether there are variables, wherever it stands */
    for (size_t i = 0; i < root->value->count; i++) {
        struct place member = place_member(root, &root->value->members[i]);
        struct str id;
        if (str_equal(member.name, document_names[1]))
            (void)!read_string(r, &member, &id);
        else if (!str_equal(member.name, document_names[0]) && !str_equal(member.name, document_names[2]))
            reader_unknown(r, &member, document_names, COUNT_OF(document_names));
    }
    if (statement)
        read_statements(r, &statement_place);
    else
        reader_fault(r, root, FAULT_MISSING, "the policy has no Statement");
}

static struct reader read_policy(struct arena *arena, const struct json *document, struct policy_options options)
{
    struct reader r = {
        .arena = arena,
        .options = options,
        .policy = arena_new(arena, struct policy),
    };
    struct place root = {.value = document};
    *r.policy = (struct policy){.name = options.name, .type = options.type, .source = document};
    read_document(&r, &root);
    return r;
}

bool policy_compile(struct arena *arena, const struct json *document, struct policy_options options,
                    const struct policy **ret, struct error *error)
{
    struct reader r = read_policy(arena, document, options);
    for (size_t i = 0; i < r.fault_count; i++) {
        const struct policy_fault *fault = &r.faults[i];
        if (options.tolerance == POLICY_LENIENT && fault->tolerated)
            continue;
        return error_set(error, ERROR_INPUT, "%.*s: %.*s: %.*s", STR_ARG(options.name),
                         STR_ARG(fault->pointer.len ? fault->pointer : STR("/")), STR_ARG(fault->text));
    }
    *ret = r.policy;
    return true;
}

struct policy_faults policy_check(struct arena *arena, const struct json *document, struct policy_options options)
{
    struct reader r = read_policy(arena, document, options);
    return (struct policy_faults){.items = r.faults, .count = r.fault_count};
}
