/*
 * prefix.c: the kind `prefix`: whether the prefix that OptScale ends up with for what was entered is
 * that of the export. OptScale's own way is modelled in engine/optscale/discovery/prefix.h.
 */
#include "optscale/discovery/prefix.h"

#include "rule/loader.h"

struct prefix_check {
    const struct expression *entered;
    const struct expression *actual;
    const struct expression *name;
    const struct expression *bucket;
};

static bool load(struct loader *loader, const struct json *definition, void **ret)
{
    static const struct field fields[] = {{"kind", FIELD_STRING, true},
                                          {"entered", FIELD_STRING, true},
                                          {"actual", FIELD_STRING, true},
                                          {"export_name", FIELD_STRING, true},
                                          {"bucket", FIELD_STRING, true}};
    struct prefix_check *check = arena_new(loader->arena, struct prefix_check);
    if (!loader_fields(loader, definition, "a check of kind prefix", fields, COUNT_OF(fields)) ||
        !loader_expression(loader, json_find(definition, "entered"), &check->entered) ||
        !loader_expression(loader, json_find(definition, "actual"), &check->actual) ||
        !loader_expression(loader, json_find(definition, "export_name"), &check->name) ||
        !loader_expression(loader, json_find(definition, "bucket"), &check->bucket))
        return false;
    *ret = check;
    return true;
}

static struct str text_of(const struct evaluated *evaluated)
{
    return json_is(evaluated->value, JSON_STRING) ? evaluated->value->string : STR("");
}

static const char *explain_fault(enum optscale_prefix_fault fault)
{
    static const char *const texts[] = {
        [OPTSCALE_PREFIX_FAULT_OTHER] = "it is another prefix",
        [OPTSCALE_PREFIX_FAULT_EMPTY] = "nothing was entered",
        [OPTSCALE_PREFIX_FAULT_LEADING_SLASH] = "a slash alone is wrong: OptScale keeps the one before it",
        [OPTSCALE_PREFIX_FAULT_SLASHES] = "a slash alone is wrong: OptScale cuts one at its end, and no more",
        [OPTSCALE_PREFIX_FAULT_UNNAMED] =
            ("a slash alone is wrong: the export's own prefix ends in one, so its files lie in "
             "a folder without a name, and OptScale cuts one slash off what is entered"),
        [OPTSCALE_PREFIX_FAULT_DOUBLE] = "a slash alone is wrong: a folder without a name lies between two of them",
        [OPTSCALE_PREFIX_FAULT_LAST_FOLDER] = "it is the last folder only, and OptScale needs the whole path",
        [OPTSCALE_PREFIX_FAULT_EXPORT_NAME] = "it is the export's name",
        [OPTSCALE_PREFIX_FAULT_BUCKET_NAME] = "it is the bucket's name",
        [OPTSCALE_PREFIX_FAULT_URI] = "it names the bucket, too",
        [OPTSCALE_PREFIX_FAULT_CASE] = "upper and lower case differ",
    };
    return texts[fault];
}

/*
 * OptScale cuts off whatever stands behind the last slash when it finds no files. That is meant for the
 * export's name, pasted from the console; what works by chance alone is not what was to be entered.
 */
static enum optscale_prefix_verdict judge_prefix(struct str told, struct str actual, struct str name)
{
    enum optscale_prefix_verdict verdict = optscale_prefix_judge(told, actual);
    struct str last = str_skip(told, str_find_last_char(told, '/') + 1);
    return verdict == OPTSCALE_PREFIX_SHORTENED && !str_equal(last, name) ? OPTSCALE_PREFIX_WRONG : verdict;
}

static void judge(const void *data, const struct judging *judging, struct judgement *ret)
{
    const struct prefix_check *check = data;
    struct evaluated entered = expression_evaluate(check->entered, &judging->scope, judging->arena);
    struct evaluated actual = expression_evaluate(check->actual, &judging->scope, judging->arena);
    struct evaluated name = expression_evaluate(check->name, &judging->scope, judging->arena);
    struct evaluated bucket = expression_evaluate(check->bucket, &judging->scope, judging->arena);
    if (judge_unread(judging, &entered, ret) || judge_unread(judging, &actual, ret) ||
        judge_unread(judging, &name, ret) || judge_unread(judging, &bucket, ret))
        return;
    struct str told = text_of(&entered);
    struct str right = optscale_prefix_to_enter(judging->arena, text_of(&actual));
    enum optscale_prefix_verdict verdict = judge_prefix(told, text_of(&actual), text_of(&name));
    struct str why = STR("");
    if (verdict == OPTSCALE_PREFIX_WRONG)
        why =
            str_from(explain_fault(optscale_prefix_explain(told, text_of(&actual), text_of(&name), text_of(&bucket))));
    else if (verdict == OPTSCALE_PREFIX_SLASH)
        why = STR("works, since OptScale cuts one slash at its end");
    else if (verdict == OPTSCALE_PREFIX_SHORTENED)
        why = STR("works, since OptScale cuts the export's name off when it finds no files");
    *ret = (struct judgement){
        .verdict = verdict == OPTSCALE_PREFIX_WRONG ? VERDICT_FAIL : VERDICT_PASS,
        .message = str_format(judging->arena, "enter \"%.*s\"%s%.*s%s%.*s", STR_ARG(right), why.len ? "; \"" : "",
                              STR_ARG(why.len ? told : STR("")), why.len ? "\": " : "", STR_ARG(why)),
        .expected = json_box(judging->arena, json_string(right)),
        .actual = json_box(judging->arena, json_string(told)),
    };
}

const struct check_kind check_prefix = {"prefix", "the prefix that OptScale ends up with is the export's", load, judge,
                                        NULL};
