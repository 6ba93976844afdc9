/* resource_type.c: see resource_type.h. */
#include "policy/language/resource_type.h"

#define ACTION(service, name, type) {STR_INIT(service), STR_INIT(name), STR_INIT(type)},
#define RESOURCE(service, type, form)
#define PREFIX(name)
static const struct action_row actions[] = {
#include "policy/language/actions_table.inc"
};
#undef ACTION
#undef RESOURCE

struct resource_row {
    struct str service;
    struct str type;
    struct str form;
};

#define ACTION(service, name, type)
#define RESOURCE(service, type, form) {STR_INIT(service), STR_INIT(type), STR_INIT(form)},
static const struct resource_row resources[] = {
#include "policy/language/actions_table.inc"
};
#undef RESOURCE
#undef PREFIX

#define RESOURCE(service, type, form)
#define PREFIX(name) STR_INIT(name),
static const struct str prefixes[] = {
#include "policy/language/actions_table.inc"
};

/* Order of two views without regard to case, as the generator sorts. */
static int compare_nocase(struct str a, struct str b)
{
    for (ptrdiff_t i = 0; i < a.len && i < b.len; i++) {
        unsigned char x = (unsigned char)a.ptr[i];
        unsigned char y = (unsigned char)b.ptr[i];
        x = x >= 'A' && x <= 'Z' ? (unsigned char)(x + 32) : x;
        y = y >= 'A' && y <= 'Z' ? (unsigned char)(y + 32) : y;
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (a.len > b.len) - (a.len < b.len);
}

static int compare_row(const struct action_row *row, struct str service, struct str name)
{
    int order = compare_nocase(row->service, service);
    return order ? order : compare_nocase(row->name, name);
}

/* The first row that is not before (service, name). */
static size_t lower_bound(struct str service, struct str name)
{
    size_t low = 0;
    size_t high = COUNT_OF(actions);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_row(&actions[middle], service, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct action_row *action_find(struct str action)
{
    struct str service;
    if (!str_cut(&action, ':', &service))
        return NULL;
    size_t at = lower_bound(service, action);
    return at < COUNT_OF(actions) && compare_row(&actions[at], service, action) == 0 ? &actions[at] : NULL;
}

const struct action_row *action_rows(struct str service, size_t *ret_count)
{
    size_t begin = lower_bound(service, STR(""));
    size_t end = lower_bound(service, STR("\x7F")); /* behind every name */
    *ret_count = end - begin;
    return end > begin ? &actions[begin] : NULL;
}

bool action_prefix_known(struct str prefix)
{
    size_t low = 0;
    size_t high = COUNT_OF(prefixes);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_nocase(prefixes[middle], prefix);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool action_has_api_name(struct str action, struct str api_name)
{
    static const struct {
        struct str api_name;
        struct str action;
    } pairs[] = {
#define API_NAME(name, action) {STR_INIT(name), STR_INIT(action)},
#include "policy/language/api_names.inc"
#undef API_NAME
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (str_equal_nocase(pairs[i].api_name, api_name) && str_equal_nocase(pairs[i].action, action))
            return true;
    return false;
}

struct str action_text(struct arena *arena, const struct action_row *row)
{
    return str_join3(arena, row->service, STR(":"), row->name);
}

struct str resource_form(struct str service, struct str type)
{
    if (str_equal(type, STR("*")))
        return STR("*");
    for (size_t i = 0; i < COUNT_OF(resources); i++)
        if (str_equal_nocase(resources[i].service, service) && str_equal(resources[i].type, type))
            return resources[i].form;
    return STR("");
}

struct str resource_form_excludes(struct str service, struct str type)
{
    bool bucket = str_equal_nocase(service, STR("s3")) && str_equal(type, STR("bucket"));
    return bucket ? STR("arn:*:s3:::*/*") : STR("");
}

struct str arn_part(struct str arn, int number)
{
    struct str part = arn;
    for (int i = 0; i < number; i++)
        if (!str_cut(&arn, ':', &part))
            return STR("");
    if (number < 5)
        (void)str_cut(&arn, ':', &part);
    else
        part = arn;
    return part;
}
