/* accepts.c: the kind `accepts`: names that OptScale, the AWS library it uses, or S3 take
 * (engine/optscale/model/names.h). */
#include "optscale/model/names.h"

#include "checks/optscale/model.h"
#include "optscale/discovery/discovery.h"

static bool takes_bucket(struct str name)
{
    return optscale_bucket_form(name) == OPTSCALE_BUCKET_NAME_FORM;
}

static bool takes_prefix(struct str prefix)
{
    return prefix.len == 0 || optscale_name_is_valid(prefix);
}

/* Where a build finds no bucket at the location, every step stops; where it has no such region, later updates alone. */
static bool takes_location(const struct judging *judging, struct str location, struct judgement *ret)
{
    const struct optscale_build *build = model_build(judging);
    struct optscale_failure failure;
    struct str region;
    if (optscale_read_location(location, build, &region, &failure))
        return !build->knows_regions || optscale_region_is_known(region);
    bool detects = str_equal(json_find_string(facts_target(judging->scope.facts), "detect"), STR("auto"));
    struct json_builder steps = json_build(judging->arena, JSON_OBJECT);
    if (!detects)
        json_build_append(&steps, STR("connect"), model_outcome(judging->arena, false, &failure));
    json_build_append(&steps, STR("discovery"), model_outcome(judging->arena, false, &failure));
    ret->refusal = json_box(judging->arena, json_built(&steps));
    return false;
}

static const struct form {
    struct str name;
    bool (*takes)(struct str value); /* NULL: that depends on OptScale's build */
    const char *refused;             /* who refuses it */
    bool (*build_takes)(const struct judging *judging, struct str value, struct judgement *ret);
} forms[] = {
    {STR_INIT("bucket"), takes_bucket, "OptScale refuses this as a bucket's name", NULL},
    {STR_INIT("new_bucket"), optscale_bucket_name_is_creatable, "S3 makes no bucket of this name", NULL},
    {STR_INIT("prefix"), takes_prefix, "OptScale refuses this as a prefix", NULL},
    {STR_INIT("export_name"), optscale_name_is_valid, "OptScale refuses this as an export's name", NULL},
    {STR_INIT("region"), NULL, "OptScale does not know this region", takes_location},
};

struct accepts_check {
    const struct form *form;
    const struct expression *value;
};

static bool load(struct loader *loader, const struct json *definition, void **ret)
{
    static const struct field fields[] = {
        {"kind", FIELD_STRING, true}, {"value", FIELD_STRING, true}, {"as", FIELD_STRING, true}};
    struct accepts_check *check = arena_new(loader->arena, struct accepts_check);
    if (!loader_fields(loader, definition, "a check of kind accepts", fields, COUNT_OF(fields)) ||
        !loader_expression(loader, json_find(definition, "value"), &check->value))
        return false;
    const struct json *as = json_find(definition, "as");
    struct str names[COUNT_OF(forms)];
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        names[i] = forms[i].name;
        if (str_equal(forms[i].name, as->string))
            check->form = &forms[i];
    }
    *ret = check;
    return check->form ? true : loader_unknown(loader, as, "form of names", as->string, names, COUNT_OF(names));
}

static void judge(const void *data, const struct judging *judging, struct judgement *ret)
{
    const struct accepts_check *check = data;
    struct evaluated value = expression_evaluate(check->value, &judging->scope, judging->arena);
    if (judge_unread(judging, &value, ret))
        return;
    struct str text = json_is(value.value, JSON_STRING) ? value.value->string : STR("");
    const struct form *form = check->form;
    *ret = (struct judgement){.actual = value.value};
    bool taken = form->takes ? form->takes(text) : form->build_takes(judging, text, ret);
    struct str bad = optscale_name_bad_character(text);
    ret->verdict = taken ? VERDICT_PASS : VERDICT_FAIL;
    if (!taken)
        ret->message = str_format(judging->arena, "%s: \"%.*s\"%s%.*s%s", form->refused, STR_ARG(text),
                                  bad.len ? ", because of '" : "", STR_ARG(bad), bad.len ? "'" : "");
}

const struct check_kind check_accepts = {"accepts", "a name is one that OptScale or S3 takes", load, judge, NULL};
