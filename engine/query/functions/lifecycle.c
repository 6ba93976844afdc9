/* lifecycle.c: a bucket's lifecycle rules, as S3 has them, that keep the files of a folder longer. */
#include "query/function_list.h"

enum { BETWEEN_ARCHIVES = 90 }; /* days that an object stays in GLACIER before it may move on */

/** The rule's prefix, in each of the forms that S3 has for it. */
static struct str prefix_of(const struct json *rule)
{
    const struct json *filter = json_find(rule, "Filter");
    const struct json *places[] = {json_find(filter, "And"), filter, rule};
    for (size_t i = 0; i < COUNT_OF(places); i++)
        if (json_find(places[i], "Prefix"))
            return json_find_string(places[i], "Prefix");
    return STR("");
}

static bool reaches(const struct json *rule, struct str folder)
{
    struct str prefix = prefix_of(rule);
    return str_equal(json_find_string(rule, "Status"), STR("Enabled")) &&
           (str_starts(folder, prefix) || str_starts(prefix, folder));
}

static bool is_archive(const struct json *transition)
{
    struct str class = json_find_string(transition, "StorageClass");
    return str_equal(class, STR("GLACIER")) || str_equal(class, STR("DEEP_ARCHIVE"));
}

/** The object with that many days at least, in place of a date. */
static struct json after_days(struct arena *arena, const struct json *object, double days)
{
    struct json_builder built = json_build(arena, JSON_OBJECT);
    double own = json_find_number(object, "Days", 0);
    for (size_t i = 0; i < object->count; i++)
        if (!str_equal(object->members[i].name, STR("Date")) && !str_equal(object->members[i].name, STR("Days")))
            json_build_append(&built, object->members[i].name, object->members[i].value);
    json_build_append(&built, STR("Days"), json_number(own > days ? own : days));
    return json_built(&built);
}

/** The transitions, of which those to an archive come later; `*last` becomes the day of the last one. */
static struct json later(struct arena *arena, const struct json *transitions, double days, double *last)
{
    struct json_builder built = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < transitions->count; i++) {
        const struct json *one = &transitions->items[i];
        struct json moved = is_archive(one) ? after_days(arena, one, days) : *one;
        double day = json_find_number(&moved, "Days", 0);
        *last = day > *last ? day : *last;
        days = is_archive(one) ? day + BETWEEN_ARCHIVES : days;
        json_build_add(&built, moved);
    }
    return json_built(&built);
}

static bool expires(const struct json *expiration)
{
    return json_is(expiration, JSON_OBJECT) && (json_find(expiration, "Days") || json_find(expiration, "Date"));
}

static struct json kept(struct arena *arena, const struct json *rule, double days)
{
    const struct json *transitions = json_find(rule, "Transitions");
    const struct json *expiration = json_find(rule, "Expiration");
    struct json_builder built = json_build(arena, JSON_OBJECT);
    double last = 0;
    for (size_t i = 0; i < rule->count; i++)
        json_build_append(&built, rule->members[i].name, rule->members[i].value);
    if (json_is(transitions, JSON_ARRAY))
        json_build_set(&built, STR("Transitions"), later(arena, transitions, days, &last));
    if (expires(expiration)) /* S3 wants it behind the last transition */
        json_build_set(&built, STR("Expiration"), after_days(arena, expiration, days > last ? days : last + 1));
    return json_built(&built);
}

const struct json *function_kept_for(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct json *rules = invocation->values[0];
    struct str folder = invocation->values[1]->string;
    double days = invocation->values[2]->number;
    struct json_builder list = json_build(evaluation->arena, JSON_ARRAY);
    for (size_t i = 0; i < rules->count; i++) {
        const struct json *rule = &rules->items[i];
        if (!evaluate_spend_cells(evaluation, 32))
            return NULL;
        bool longer = json_is(rule, JSON_OBJECT) && reaches(rule, folder);
        json_build_add(&list, longer ? kept(evaluation->arena, rule, days) : *rule);
    }
    return json_box(evaluation->arena, json_built(&list));
}
