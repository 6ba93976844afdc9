/* condition.c: the table of condition operators, and their evaluation; see condition.h. */
#include "policy/language/condition.h"

#include "base/macros.h"

#define EXACT_TEXT                                                                                                     \
    {                                                                                                                  \
        .variables = true                                                                                              \
    }
#define FOLDED_TEXT                                                                                                    \
    {                                                                                                                  \
        .variables = true, .fold = true                                                                                \
    }
#define WILD_TEXT                                                                                                      \
    {                                                                                                                  \
        .variables = true, .wildcards = true                                                                           \
    }
#define ARN_TEXT                                                                                                       \
    {                                                                                                                  \
        .variables = true, .wildcards = true, .parts = PATTERN_ARN                                                     \
    }

const struct condition_operator condition_operators[] = {
    {STR_INIT("StringEquals"), CONDITION_STRING, RELATION_EQUAL, false, EXACT_TEXT},
    {STR_INIT("StringNotEquals"), CONDITION_STRING, RELATION_EQUAL, true, EXACT_TEXT},
    {STR_INIT("StringEqualsIgnoreCase"), CONDITION_STRING, RELATION_EQUAL, false, FOLDED_TEXT},
    {STR_INIT("StringNotEqualsIgnoreCase"), CONDITION_STRING, RELATION_EQUAL, true, FOLDED_TEXT},
    {STR_INIT("StringLike"), CONDITION_STRING, RELATION_EQUAL, false, WILD_TEXT},
    {STR_INIT("StringNotLike"), CONDITION_STRING, RELATION_EQUAL, true, WILD_TEXT},
    {STR_INIT("ArnEquals"), CONDITION_ARN, RELATION_EQUAL, false, ARN_TEXT},
    {STR_INIT("ArnLike"), CONDITION_ARN, RELATION_EQUAL, false, ARN_TEXT},
    {STR_INIT("ArnNotEquals"), CONDITION_ARN, RELATION_EQUAL, true, ARN_TEXT},
    {STR_INIT("ArnNotLike"), CONDITION_ARN, RELATION_EQUAL, true, ARN_TEXT},
    {STR_INIT("NumericEquals"), CONDITION_NUMERIC, RELATION_EQUAL, false, {0}},
    {STR_INIT("NumericNotEquals"), CONDITION_NUMERIC, RELATION_EQUAL, true, {0}},
    {STR_INIT("NumericLessThan"), CONDITION_NUMERIC, RELATION_LESS, false, {0}},
    {STR_INIT("NumericLessThanEquals"), CONDITION_NUMERIC, RELATION_LESS_EQUAL, false, {0}},
    {STR_INIT("NumericGreaterThan"), CONDITION_NUMERIC, RELATION_GREATER, false, {0}},
    {STR_INIT("NumericGreaterThanEquals"), CONDITION_NUMERIC, RELATION_GREATER_EQUAL, false, {0}},
    {STR_INIT("DateEquals"), CONDITION_DATE, RELATION_EQUAL, false, {0}},
    {STR_INIT("DateNotEquals"), CONDITION_DATE, RELATION_EQUAL, true, {0}},
    {STR_INIT("DateLessThan"), CONDITION_DATE, RELATION_LESS, false, {0}},
    {STR_INIT("DateLessThanEquals"), CONDITION_DATE, RELATION_LESS_EQUAL, false, {0}},
    {STR_INIT("DateGreaterThan"), CONDITION_DATE, RELATION_GREATER, false, {0}},
    {STR_INIT("DateGreaterThanEquals"), CONDITION_DATE, RELATION_GREATER_EQUAL, false, {0}},
    {STR_INIT("Bool"), CONDITION_BOOL, RELATION_EQUAL, false, FOLDED_TEXT},
    {STR_INIT("BinaryEquals"), CONDITION_BINARY, RELATION_EQUAL, false, {0}},
    {STR_INIT("IpAddress"), CONDITION_IP, RELATION_EQUAL, false, {0}},
    {STR_INIT("NotIpAddress"), CONDITION_IP, RELATION_EQUAL, true, {0}},
    {STR_INIT("Null"), CONDITION_NULL, RELATION_EQUAL, false, {0}},
};
const size_t condition_operator_count = COUNT_OF(condition_operators);

static const struct {
    struct str prefix;
    enum condition_set set;
} set_prefixes[] = {
    {STR_INIT("ForAllValues:"), CONDITION_FOR_ALL_VALUES},
    {STR_INIT("ForAnyValue:"), CONDITION_FOR_ANY_VALUE},
};

/* Whether `text` is `expected` but perhaps for case; notes a difference. */
static bool is_named(struct str text, struct str expected, bool *exact)
{
    if (!str_equal_nocase(text, expected))
        return false;
    *exact = *exact && str_equal(text, expected);
    return true;
}

bool condition_form_read(struct str text, struct condition_form *ret)
{
    const struct str suffix = STR("IfExists");
    struct condition_form form = {.exact = true};
    for (size_t i = 0; i < COUNT_OF(set_prefixes); i++) {
        struct str prefix = set_prefixes[i].prefix;
        if (is_named(str_slice(text, 0, prefix.len), prefix, &form.exact)) {
            form.set = set_prefixes[i].set;
            text = str_skip(text, prefix.len);
        }
    }
    if (text.len > suffix.len && is_named(str_skip(text, text.len - suffix.len), suffix, &form.exact)) {
        form.if_exists = true;
        text = str_slice(text, 0, text.len - suffix.len);
    }
    for (size_t i = 0; i < condition_operator_count; i++) {
        if (is_named(text, condition_operators[i].name, &form.exact)) {
            form.op = &condition_operators[i];
            *ret = form;
            return true;
        }
    }
    return false;
}

/* A boolean may be a variable; written out, it must be one of the two words. */
static bool boolean_is_readable(const struct policy_pattern *pattern, struct str text)
{
    bool ignored;
    return pattern->variable_count || value_read_boolean(text, &ignored);
}

void condition_value_compile(struct arena *arena, const struct condition_operator *op, struct str text, bool variables,
                             struct condition_value *ret)
{
    struct condition_value value = {.text = text, .readable = true};
    struct pattern_rules rules = op->rules;
    rules.variables = rules.variables && variables;
    switch (op->family) {
    case CONDITION_STRING: policy_pattern_compile(arena, text, rules, &value.pattern); break;
    case CONDITION_ARN:
        policy_pattern_compile(arena, text, rules, &value.pattern);
        value.readable = value.pattern.shape != PATTERN_NOTHING;
        break;
    case CONDITION_BOOL:
        policy_pattern_compile(arena, text, rules, &value.pattern);
        value.readable = boolean_is_readable(&value.pattern, text);
        break;
    case CONDITION_NUMERIC: value.readable = value_read_number(text, &value.number); break;
    case CONDITION_DATE: value.readable = value_read_moment(text, &value.moment); break;
    case CONDITION_IP: value.readable = value_read_network(text, &value.network); break;
    case CONDITION_BINARY: value.readable = value_is_base64(text); break;
    case CONDITION_NULL: value.readable = value_read_boolean(text, &value.null); break;
    }
    *ret = value;
}

/* A request's value, read once for all values of the policy. */
struct operand {
    struct str text;
    double number;
    struct value_moment moment;
    struct value_network network;
};

static bool is_arn(struct str text)
{
    int colons = 0;
    for (ptrdiff_t i = 0; i < text.len; i++)
        colons += text.ptr[i] == ':';
    return colons >= 5 && str_starts(text, STR("arn:"));
}

static bool read_operand(enum condition_family family, struct str text, struct operand *ret)
{
    bool ignored;
    ret->text = text;
    switch (family) {
    case CONDITION_ARN: return is_arn(text);
    case CONDITION_BOOL: return value_read_boolean(text, &ignored);
    case CONDITION_NUMERIC: return value_read_number(text, &ret->number);
    case CONDITION_DATE: return value_read_moment(text, &ret->moment);
    case CONDITION_IP: return value_read_network(text, &ret->network);
    case CONDITION_BINARY: return value_is_base64(text);
    default: return true;
    }
}

static bool stands(enum condition_relation relation, int order)
{
    switch (relation) {
    case RELATION_EQUAL: return order == 0;
    case RELATION_LESS: return order < 0;
    case RELATION_LESS_EQUAL: return order <= 0;
    case RELATION_GREATER: return order > 0;
    case RELATION_GREATER_EQUAL: return order >= 0;
    }
    return false;
}

static bool matches(const struct condition_operator *op, const struct condition_value *value,
                    const struct operand *operand, const struct context *context)
{
    switch (op->family) {
    case CONDITION_STRING:
    case CONDITION_ARN:
    case CONDITION_BOOL: return policy_pattern_match(&value->pattern, operand->text, context);
    case CONDITION_NUMERIC:
        return stands(op->relation, (operand->number > value->number) - (operand->number < value->number));
    case CONDITION_DATE: return stands(op->relation, value_compare_moments(operand->moment, value->moment));
    case CONDITION_IP: return value_network_holds(&value->network, &operand->network);
    case CONDITION_BINARY: return value_same_base64(value->text, operand->text);
    case CONDITION_NULL: break;
    }
    return false;
}

bool condition_value_meets(const struct condition *condition, struct str value, const struct context *context)
{
    const struct condition_operator *op = condition->form.op;
    struct operand operand;
    /* What cannot be compared meets nothing, a negated operator neither. */
    if (!read_operand(op->family, value, &operand))
        return false;
    for (size_t i = 0; i < condition->value_count; i++) {
        if (!condition->values[i].readable) {
            if (op->negated)
                return false;
            continue;
        }
        if (matches(op, &condition->values[i], &operand, context))
            return !op->negated;
    }
    return op->negated;
}

static bool null_holds(const struct condition *condition, bool absent)
{
    for (size_t i = 0; i < condition->value_count; i++) {
        if (condition->values[i].readable && condition->values[i].null == absent)
            return true;
    }
    return false;
}

static bool absent_holds(const struct condition_form *form)
{
    if (form->if_exists)
        return true;
    switch (form->set) {
    case CONDITION_FOR_ALL_VALUES: return true;
    case CONDITION_FOR_ANY_VALUE: return false;
    case CONDITION_SINGLE: break;
    }
    return form->op->negated;
}

bool condition_holds(const struct condition *condition, const struct context *context)
{
    const struct condition_form *form = &condition->form;
    const struct context_entry *entry = context_find(context, &condition->key);
    if (form->op->family == CONDITION_NULL)
        return null_holds(condition, entry == NULL);
    if (!entry)
        return absent_holds(form);
    if (form->set == CONDITION_SINGLE)
        return entry->count == 1 && condition_value_meets(condition, entry->values[0], context);
    bool any = form->set == CONDITION_FOR_ANY_VALUE;
    for (size_t i = 0; i < entry->count; i++) {
        if (condition_value_meets(condition, entry->values[i], context) == any)
            return any;
    }
    return !any;
}
