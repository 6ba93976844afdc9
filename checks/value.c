/* value.c: the kind `value`: a JMESPath value, and what it has to be. */
#include "checks/value.h"

#include "query/pattern.h"
#include "rule/loader.h"

#include <math.h>
#include <stdio.h>

/* What a comparison says: whether the value is as wanted. */
struct comparison {
    const char *name;
    unsigned operand_types; /* of field_type; 0: any */
    bool (*holds)(const struct json *value, const struct json *operand);
    const char *wanted; /* for the message: "is", "is one of" */
};

static bool is_equal(const struct json *value, const struct json *operand)
{
    return json_equal(value, operand);
}

static bool is_not_equal(const struct json *value, const struct json *operand)
{
    return !json_equal(value, operand);
}

static bool is_one_of(const struct json *value, const struct json *operand)
{
    for (size_t i = 0; operand->type == JSON_ARRAY && i < operand->count; i++) {
        if (json_equal(value, &operand->items[i]))
            return true;
    }
    return false;
}

static bool is_none_of(const struct json *value, const struct json *operand)
{
    return !is_one_of(value, operand);
}

static bool is_at_most(const struct json *value, const struct json *operand)
{
    return value->type == JSON_NUMBER && operand->type == JSON_NUMBER && value->number <= operand->number;
}

static bool is_at_least(const struct json *value, const struct json *operand)
{
    return value->type == JSON_NUMBER && operand->type == JSON_NUMBER && value->number >= operand->number;
}

static bool is_present(const struct json *value, const struct json *operand)
{
    return (value->type != JSON_NULL) == json_is_true(operand);
}

static bool is_empty(const struct json *value, const struct json *operand)
{
    bool empty = value->type == JSON_NULL || (value->type == JSON_STRING && value->string.len == 0) ||
                 ((value->type == JSON_ARRAY || value->type == JSON_OBJECT) && value->count == 0);
    return empty == json_is_true(operand);
}

static bool contains(const struct json *value, const struct json *operand)
{
    if (value->type == JSON_STRING && operand->type == JSON_STRING)
        return str_contains(value->string, operand->string);
    return is_one_of(operand, value);
}

static bool contains_all(const struct json *value, const struct json *operand)
{
    for (size_t i = 0; operand->type == JSON_ARRAY && i < operand->count; i++) {
        if (!is_one_of(&operand->items[i], value))
            return false;
    }
    return operand->type == JSON_ARRAY;
}

/* `matches` has a function of its own: its pattern is compiled when the rule is read. */
static const struct comparison comparisons[] = {
    {"equals", 0, is_equal, "is"},
    {"not_equals", 0, is_not_equal, "is anything but"},
    {"one_of", FIELD_ARRAY | FIELD_STRING, is_one_of, "is one of"},
    {"none_of", FIELD_ARRAY | FIELD_STRING, is_none_of, "is none of"},
    {"at_most", FIELD_NUMBER | FIELD_STRING, is_at_most, "is at most"},
    {"at_least", FIELD_NUMBER | FIELD_STRING, is_at_least, "is at least"},
    {"contains", 0, contains, "contains"},
    {"contains_all", FIELD_ARRAY | FIELD_STRING, contains_all, "contains all of"},
    {"present", FIELD_BOOLEAN, is_present, NULL},
    {"empty", FIELD_BOOLEAN, is_empty, NULL},
    {"matches", FIELD_STRING, NULL, "matches"},
};

struct value_check {
    const struct expression *value;
    const struct comparison *comparison;
    struct operand operand;
    const struct pattern *pattern;
    struct str unit; /* of the numbers, for people: "hours"; may be empty */
};

static bool load_pattern(struct loader *loader, const struct json *text, struct value_check *check)
{
    struct error error;
    if (!pattern_compile(loader->arena, text->string, &check->pattern, &error))
        return loader_fail(loader, text, "\"matches\": %s", error.text);
    check->operand.literal = text;
    return true;
}

/* Whether a value is what the comparison compares with: lists and numbers have no stand-in. */
static bool has_operand_type(const struct comparison *comparison, const struct json *operand)
{
    switch (comparison->operand_types & ~(unsigned)FIELD_STRING) {
    case FIELD_ARRAY: return operand->type == JSON_ARRAY;
    case FIELD_NUMBER: return operand->type == JSON_NUMBER;
    default: return true;
    }
}

static bool load_operand(struct loader *loader, const struct json *value, struct value_check *check)
{
    if (!loader_operand(loader, value, &check->operand))
        return false;
    if (check->operand.literal && !has_operand_type(check->comparison, value))
        return loader_fail(loader, value, "\"%s\" takes %s, or a \"{blank}\" that gives one", check->comparison->name,
                           check->comparison->operand_types & FIELD_ARRAY ? "a list" : "a number");
    return true;
}

static bool load(struct loader *loader, const struct json *definition, void **ret)
{
    struct field fields[COUNT_OF(comparisons) + 3] = {
        {"kind", FIELD_STRING, true}, {"value", FIELD_STRING, true}, {"unit", FIELD_STRING, false}};
    for (size_t i = 0; i < COUNT_OF(comparisons); i++)
        fields[i + 3] = (struct field){comparisons[i].name, comparisons[i].operand_types, false};
    struct value_check *check = arena_new(loader->arena, struct value_check);
    if (!loader_fields(loader, definition, "a check of kind value", fields, COUNT_OF(fields)) ||
        !loader_expression(loader, json_find(definition, "value"), &check->value))
        return false;
    check->unit = json_find_string(definition, "unit");
    const struct json *operand = NULL;
    for (size_t i = 0; i < COUNT_OF(comparisons); i++) {
        const struct json *found = json_find(definition, comparisons[i].name);
        if (found && operand)
            return loader_fail(loader, found, "a check of kind value compares once; use kind all for more");
        if (found)
            check->comparison = &comparisons[i];
        operand = found ? found : operand;
    }
    if (!operand)
        return loader_fail(loader, definition,
                           "a check of kind value compares with one of equals, not_equals, one_of, none_of, at_most, "
                           "at_least, contains, contains_all, matches, present, empty");
    *ret = check;
    return check->comparison->holds ? load_operand(loader, operand, check) : load_pattern(loader, operand, check);
}

/* An operand that is computed may turn out as something that cannot be compared with. */
static bool is_comparable(const struct value_check *check, const struct judging *judging, const struct json *operand,
                          struct judgement *ret)
{
    if (check->pattern || has_operand_type(check->comparison, operand))
        return true;
    *ret = (struct judgement){.verdict = VERDICT_UNKNOWN,
                              .message = str_format(judging->arena, "cannot be decided: \"%s\" was given %s",
                                                    check->comparison->name, json_type_name(operand->type))};
    return false;
}

/* False, and an unknown judgement, where a limit stopped the search. */
static bool match(const struct value_check *check, const struct judging *judging, const struct json *value,
                  bool *ret_holds, struct judgement *judgement)
{
    struct error error;
    *ret_holds = false;
    if (value->type != JSON_STRING || pattern_match(check->pattern, value->string, ret_holds, &error))
        return true;
    *judgement = (struct judgement){.verdict = VERDICT_UNKNOWN,
                                    .message = str_format(judging->arena, "cannot be decided: %s", error.text)};
    return false;
}

/* --- what a failed comparison says --- */

/* A number as people read it: 125.7975 hours are 126, as long as that does not turn the comparison. */
static struct str amount(struct arena *arena, double number, const struct json *beside)
{
    static const int precisions[] = {0, 1, 3};
    double other = beside->type == JSON_NUMBER ? beside->number : number + 1;
    for (size_t i = 0; i < COUNT_OF(precisions); i++) {
        char text[400]; /* the longest double has 309 digits before its point */
        snprintf(text, sizeof text, "%.*f", precisions[i], number);
        double shown;
        bool close = str_to_double(str_from(text), &shown) && fabs(shown - number) <= fabs(number) / 20;
        if (close && (shown < other) == (number < other) && (shown > other) == (number > other))
            return str_copy(arena, str_from(text));
    }
    return json_text(arena, json_box(arena, json_number(number)), 0);
}

/* The value as a person reads it: texts bare, a list with commas, a number with its unit. */
/* NOLINTNEXTLINE(misc-no-recursion): the depth of a value is limited where it was parsed or built */
static struct str plain_text(struct arena *arena, const struct json *value, const struct json *beside, struct str unit)
{
    enum { SHORT = 200 };
    struct buf list = buf_make(arena, BUF_NO_MAX);
    bool one = value->type == JSON_NUMBER && !(value->number < 1) && !(value->number > 1);
    if (value->type == JSON_STRING)
        return str_shorten(arena, value->string, SHORT);
    if (value->type == JSON_NUMBER)
        return str_join3(arena, amount(arena, value->number, beside), unit.len ? STR(" ") : STR(""),
                         one && str_ends(unit, STR("s")) ? str_slice(unit, 0, unit.len - 1) : unit);
    if (value->type != JSON_ARRAY || value->count == 0)
        return value->type == JSON_NULL ? STR("nothing") : str_shorten(arena, json_text(arena, value, 0), SHORT);
    for (size_t i = 0; i < value->count; i++)
        buf_addf(&list, "%s%.*s", i ? ", " : "", STR_ARG(plain_text(arena, &value->items[i], beside, unit)));
    return str_shorten(arena, buf_str(&list), SHORT);
}

/* `at most 48 hours`; empty where the comparison is with nothing that can be named. */
static struct str wanted_text(const struct value_check *check, struct arena *arena, const struct json *operand)
{
    struct str relation = check->comparison->wanted ? str_from(check->comparison->wanted) : STR("");
    if (!check->comparison->wanted)
        return STR("");
    bool is = str_starts(relation, STR("is"));
    struct str operand_text = plain_text(arena, operand, operand, check->unit);
    relation = is ? str_trim(str_skip(relation, 2)) : str_join3(arena, STR("one that "), relation, STR(""));
    return str_join3(arena, relation, relation.len ? STR(" ") : STR(""), operand_text);
}

/* What is said where the rule has no words of its own. */
static struct str message(const struct value_check *check, struct arena *arena, const struct judgement *judgement)
{
    if (judgement->wanted.len)
        return str_format(arena, "expected %.*s; it is %.*s", STR_ARG(judgement->wanted), STR_ARG(judgement->found));
    bool is = json_is_true(judgement->expected);
    bool nothing = judgement->actual->type == JSON_NULL;
    return str_format(arena, "it is %s%s%s%.*s", is ? "not " : "",
                      str_equal(str_from(check->comparison->name), STR("empty")) ? "empty" : "there",
                      nothing ? "" : ": ", STR_ARG(nothing ? STR("") : judgement->found));
}

static void judge(const void *data, const struct judging *judging, struct judgement *ret)
{
    const struct value_check *check = data;
    struct evaluated value = expression_evaluate(check->value, &judging->scope, judging->arena);
    struct evaluated operand = operand_evaluate(&check->operand, judging);
    if (judge_unread(judging, &value, ret) || judge_unread(judging, &operand, ret))
        return;
    if (!is_comparable(check, judging, operand.value, ret))
        return;
    bool holds;
    if (!check->pattern)
        holds = check->comparison->holds(value.value, operand.value);
    else if (!match(check, judging, value.value, &holds, ret))
        return;
    *ret = (struct judgement){
        .verdict = holds ? VERDICT_PASS : VERDICT_FAIL,
        .is_comparison = true,
        .expected = operand.value,
        .actual = value.value,
    };
    if (!holds) {
        ret->wanted = wanted_text(check, judging->arena, operand.value);
        ret->found = plain_text(judging->arena, value.value, operand.value, STR(""));
        ret->message = message(check, judging->arena, ret);
    }
}

/* `present` and `empty` speak for themselves, or for their opposite. */
static struct str sentence_of(struct arena *arena, const struct json *definition, const struct comparison *comparison,
                              const struct json *operand)
{
    struct str value = json_find_string(definition, "value");
    struct str unit = json_find_string(definition, "unit");
    struct str text = operand->type == JSON_STRING ? operand->string : json_text(arena, operand, 0);
    if (comparison->wanted)
        return str_format(arena, "%.*s %s %.*s%s%.*s", STR_ARG(value), comparison->wanted, STR_ARG(text),
                          unit.len ? " " : "", STR_ARG(unit));
    return str_format(arena, "%.*s is %s%s", STR_ARG(value), json_is_true(operand) ? "" : "not ", comparison->name);
}

struct str value_sentence(struct arena *arena, const struct json *definition)
{
    for (size_t i = 0; i < COUNT_OF(comparisons); i++) {
        const struct json *operand = json_find(definition, comparisons[i].name);
        if (operand)
            return sentence_of(arena, definition, &comparisons[i], operand);
    }
    return STR("");
}

const struct check_kind check_value = {"value", "a value is as it should be", load, judge, NULL};
