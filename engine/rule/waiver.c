/* waiver.c: see waiver.h. */
#include "rule/waiver.h"

#include "base/clock.h"

static const struct field waiver_fields[] = {
    {"rule", FIELD_STRING, true},   {"subject", FIELD_STRING, false}, {"reason", FIELD_STRING, true},
    {"owner", FIELD_STRING, false}, {"expires", FIELD_STRING, true},
};

enum { DAY = 86400, DATE_LENGTH = 10 };

static bool load_waiver(struct loader *loader, const struct rule_base *base, const struct json *source,
                        struct waiver *ret)
{
    if (!loader_fields(loader, source, "a waiver", waiver_fields, COUNT_OF(waiver_fields)))
        return false;
    const struct json *rule = json_find(source, "rule");
    const struct json *expires = json_find(source, "expires");
    if (!rule_base_find(base, rule->string))
        return loader_unknown(loader, rule, "rule", rule->string, rule_ids(base), base->rule_count);
    if (str_trim(json_find_string(source, "reason")).len == 0)
        return loader_fail(loader, source, "a waiver needs a reason");
    if (expires->string.len != DATE_LENGTH || !clock_parse(expires->string, &ret->expires))
        return loader_fail(loader, expires, "\"expires\" is a day such as 2027-01-31, not '%.*s'",
                           STR_ARG(expires->string));
    ret->expires += DAY;
    ret->rule = rule->string;
    ret->subject = json_find_string(source, "subject");
    ret->source = source;
    return true;
}

bool waivers_load(struct arena *arena, const struct rule_base *base, struct str file, struct str text,
                  struct waivers *ret, struct error *error)
{
    static const struct field fields[] = {{"waivers", FIELD_ARRAY, true}};
    struct loader loader = {.arena = arena, .file = file, .text = text, .error = error};
    const struct json *document;
    if (!json_parse(arena, file, text, &json_limits_default, &document, error) ||
        !loader_fields(&loader, document, "a waiver file", fields, COUNT_OF(fields)))
        return false;
    const struct json *list = json_find(document, "waivers");
    struct waiver *items = arena_array(arena, struct waiver, list->count);
    for (size_t i = 0; i < list->count; i++) {
        if (!load_waiver(&loader, base, &list->items[i], &items[i]))
            return false;
    }
    *ret = (struct waivers){items, list->count};
    return true;
}

const struct waiver *waivers_find(const struct waivers *waivers, struct str rule, struct str subject, int64_t now)
{
    for (size_t i = 0; i < waivers->count; i++) {
        const struct waiver *waiver = &waivers->items[i];
        if (str_equal(waiver->rule, rule) && (waiver->subject.len == 0 || str_equal(waiver->subject, subject)) &&
            now < waiver->expires)
            return waiver;
    }
    return NULL;
}
