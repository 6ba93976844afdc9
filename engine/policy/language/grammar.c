/* grammar.c: places and faults; see grammar.h. */
#include "policy/language/grammar.h"

#include <stdarg.h>

enum { FAULTS_MAX = 200 };

static const struct {
    const char *code;
    bool tolerated;
} fault_rows[] = {
    [FAULT_TYPE] = {"wrong-type", false},
    [FAULT_LIMIT] = {"too-large", false},
    [FAULT_UNKNOWN_ELEMENT] = {"unknown-element", false},
    [FAULT_VERSION] = {"unknown-version", false},
    [FAULT_EFFECT] = {"unknown-effect", false},
    [FAULT_MISSING] = {"missing-element", false},
    [FAULT_BOTH_FORMS] = {"both-forms", false},
    [FAULT_OPERATOR] = {"unknown-operator", false},
    [FAULT_PRINCIPAL_TYPE] = {"unknown-principal-type", false},
    [FAULT_NO_RESOURCE] = {"missing-resource", true},            /* read as: every resource */
    [FAULT_NO_PRINCIPAL] = {"missing-principal", true},          /* read as: nobody */
    [FAULT_ELEMENT_FORBIDDEN] = {"forbidden-element", true},     /* passed over */
    [FAULT_BARE_PRINCIPAL] = {"bare-principal", true},           /* read as {"AWS": …} */
    [FAULT_PRINCIPAL] = {"invalid-principal", true},             /* read as: nobody */
    [FAULT_ALLOW_NOT_PRINCIPAL] = {"allow-not-principal", true}, /* read as: all but those */
    [FAULT_EMPTY] = {"empty-list", true},                        /* read as: none of them */
    [FAULT_ACTION] = {"invalid-action", true},                   /* compared as it is */
    [FAULT_RESOURCE] = {"invalid-resource", true},               /* compared as it is */
    [FAULT_OPERATOR_CASE] = {"operator-case", true},             /* AWS has been seen to accept it */
    [FAULT_NULL_FORM] = {"null-form", true},                     /* read as Null alone */
    [FAULT_VALUE] = {"invalid-value", true},                     /* matches nothing */
    [FAULT_SID] = {"duplicate-sid", true},
    [FAULT_CHARACTER] = {"invalid-character", true},
};

/* NOLINTNEXTLINE(misc-no-recursion): json_limits_default.max_depth, the place's own */
static void add_pointer(struct buf *buf, const struct place *place)
{
    if (!place->parent)
        return;
    add_pointer(buf, place->parent); /* depth: that of a policy's grammar, 5 */
    if (place->name.ptr)
        json_pointer_add(buf, place->name);
    else
        json_pointer_add_index(buf, place->index);
}

struct str place_pointer(struct arena *arena, const struct place *place)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    add_pointer(&buf, place);
    return buf_str(&buf);
}

void reader_fault(struct reader *r, const struct place *place, enum fault fault, const char *format, ...)
{
    if (r->fault_count == FAULTS_MAX)
        return;
    if (!r->faults)
        r->faults = arena_array(r->arena, struct policy_fault, FAULTS_MAX);
    struct buf text = buf_make(r->arena, 1024);
    va_list values;
    va_start(values, format);
    buf_addv(&text, format, values);
    va_end(values);
    r->faults[r->fault_count++] = (struct policy_fault){
        .code = fault_rows[fault].code,
        .tolerated = fault_rows[fault].tolerated,
        .pointer = place_pointer(r->arena, place),
        .offset = place->value->offset,
        .text = buf_str(&text),
    };
}

struct place place_member(const struct place *parent, const struct json_member *member)
{
    return (struct place){.parent = parent, .name = member->name, .value = &member->value};
}

void reader_wrong_type(struct reader *r, const struct place *place, const char *expected)
{
    reader_fault(r, place, FAULT_TYPE, "expected %s, found %s", expected, json_type_name(place->value->type));
}

/* IAM takes tab, line feed, carriage return and U+0020 to U+00FF, which UTF-8 begins with at most 0xC3. */
static void check_characters(struct reader *r, const struct place *place, struct str text)
{
    for (ptrdiff_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        if (byte > 0xC3 || (byte < ' ' && byte != '\t' && byte != '\n' && byte != '\r')) {
            reader_fault(r, place, FAULT_CHARACTER, "IAM takes no character beyond U+00FF and no control character");
            return;
        }
    }
}

bool read_string(struct reader *r, const struct place *place, struct str *ret)
{
    if (place->value->type != JSON_STRING) {
        reader_wrong_type(r, place, "a string");
        return false;
    }
    check_characters(r, place, place->value->string);
    *ret = place->value->string;
    return true;
}

struct list read_list(struct reader *r, const struct place *place)
{
    const struct json *value = place->value;
    struct list list = {.items = value, .count = 1};
    if (value->type == JSON_ARRAY)
        list = (struct list){.items = value->items, .count = value->count, .is_list = true};
    if (list.count == 0)
        reader_fault(r, place, FAULT_EMPTY, "the list is empty");
    if (list.count > POLICY_ITEMS_MAX) {
        reader_fault(r, place, FAULT_LIMIT, "more than %d items", POLICY_ITEMS_MAX);
        list.count = 0;
    }
    return list;
}

struct place place_item(const struct place *parent, const struct list *list, size_t index)
{
    if (!list->is_list)
        return *parent;
    return (struct place){.parent = parent, .index = index, .value = &list->items[index]};
}

void reader_unknown(struct reader *r, const struct place *place, const struct str *names, size_t count)
{
    struct str nearest = str_nearest(place->name, names, count);
    reader_fault(r, place, FAULT_UNKNOWN_ELEMENT, "there is no element %.*s%s%.*s%s", STR_ARG(place->name),
                 nearest.len ? "; did you mean " : "", STR_ARG(nearest), nearest.len ? "?" : "");
}
