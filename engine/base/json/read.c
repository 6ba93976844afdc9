/*
 * read.c: text to values, in one pass.
 *
 * The parts of each open array and object lie on one stack until it closes; then they are copied into the arena, as
 * many as they are. So a text is held once, its values once, and nothing else grows with it but the longest list.
 */
#include "base/json/json.h"
#include "base/json/scan.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const struct json_limits json_limits_default = {.max_bytes = (size_t)64 << 20, .max_depth = 128};
const struct json_limits json_limits_snapshot = {.max_bytes = (size_t)1 << 30, .max_depth = 128};

struct reader {
    struct json_scanner scanner;
    struct arena *scratch;
    struct json_member *parts; /* of all open arrays (without names) and objects */
    size_t count;
    size_t capacity;
    size_t depth;
    size_t max_depth;
};

static void grow(struct reader *r)
{
    struct json_member *larger = arena_array(r->scratch, struct json_member, r->capacity * 2);
    memcpy(larger, r->parts, r->count * sizeof *larger);
    r->parts = larger;
    r->capacity *= 2;
}

static inline void push(struct reader *r, const struct json_member *part)
{
    if (r->count == r->capacity)
        grow(r);
    r->parts[r->count++] = *part;
}

/* ---- Names that stand twice ---- */

static int compare_members(const void *a, const void *b)
{
    const struct json_member *const *x = a;
    const struct json_member *const *y = b;
    int order = str_compare((*x)->name, (*y)->name);
    return order ? order : (*x > *y) - (*x < *y);
}

enum { FEW = 64 };

/* Where a name is looked for among those of an object of few members. */
static unsigned slot_of(struct str name)
{
    const unsigned char *bytes = (const unsigned char *)name.ptr;
    if (name.len == 0)
        return 0;
    return ((unsigned)name.len * 31 + bytes[0] * 7U + bytes[name.len / 2] * 3U + bytes[name.len - 1]) % (2 * FEW);
}

/* Of few members each has a slot, and looks no further than to the next that is free. */
static const struct json_member *find_duplicate_of_few(const struct json_member *members, size_t count)
{
    unsigned char slots[2 * FEW] = {0}; /* 0: free; else the member's index and one */
    for (size_t i = 0; i < count; i++) {
        unsigned slot = slot_of(members[i].name);
        while (slots[slot]) {
            if (str_equal(members[slots[slot] - 1].name, members[i].name))
                return &members[i];
            slot = (slot + 1) % (2 * FEW);
        }
        slots[slot] = (unsigned char)(i + 1);
    }
    return NULL;
}

/* The later of two members of the same name, or NULL. */
static const struct json_member *find_duplicate(struct arena *scratch, const struct json_member *members, size_t count)
{
    if (count <= 1)
        return NULL;
    if (count <= FEW)
        return find_duplicate_of_few(members, count);
    struct arena_mark mark = arena_mark(scratch);
    const struct json_member **sorted = arena_array(scratch, const struct json_member *, count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &members[i];
    qsort(sorted, count, sizeof *sorted, compare_members);
    const struct json_member *duplicate = NULL;
    for (size_t i = 1; i < count && !duplicate; i++) {
        if (str_equal(sorted[i]->name, sorted[i - 1]->name))
            duplicate = sorted[i];
    }
    arena_rewind(scratch, mark);
    return duplicate;
}

/* ---- Arrays and objects ---- */

static bool read_value(struct reader *r, struct json *ret);

static bool read_member(struct reader *r)
{
    struct json_member member;
    if (json_scan_peek(&r->scanner) != '"')
        return json_scan_fail(&r->scanner, "a member's name in double quotes");
    if (!json_scan_string(&r->scanner, &member.name))
        return false;
    json_scan_space(&r->scanner);
    if (json_scan_peek(&r->scanner) != ':')
        return json_scan_fail(&r->scanner, "':' after a member's name");
    r->scanner.at++;
    if (!read_value(r, &member.value))
        return false;
    push(r, &member);
    return true;
}

static bool read_item(struct reader *r)
{
    struct json_member item = {0};
    if (!read_value(r, &item.value))
        return false;
    push(r, &item);
    return true;
}

/* What stands between `open` and `close`, parts separated by commas. */
static bool read_parts(struct reader *r, char close, bool (*part)(struct reader *), const char *expected)
{
    r->scanner.at++;
    json_scan_space(&r->scanner);
    if (json_scan_peek(&r->scanner) == close) {
        r->scanner.at++;
        return true;
    }
    for (;;) {
        json_scan_space(&r->scanner);
        if (!part(r))
            return false;
        json_scan_space(&r->scanner);
        char next = json_scan_peek(&r->scanner);
        if (next != close && next != ',')
            return json_scan_fail(&r->scanner, expected);
        r->scanner.at++;
        if (next == close)
            return true;
    }
}

static bool read_array(struct reader *r, struct json *ret)
{
    size_t first = r->count;
    if (!read_parts(r, ']', read_item, "',' or ']'"))
        return false;
    size_t count = r->count - first;
    struct json *items = arena_array(r->scanner.arena, struct json, count);
    for (size_t i = 0; i < count; i++)
        items[i] = r->parts[first + i].value;
    r->count = first;
    ret->type = JSON_ARRAY;
    ret->count = count;
    ret->items = items;
    return true;
}

static bool read_object(struct reader *r, struct json *ret)
{
    size_t first = r->count;
    if (!read_parts(r, '}', read_member, "',' or '}'"))
        return false;
    size_t count = r->count - first;
    const struct json_member *duplicate = find_duplicate(r->scratch, r->parts + first, count);
    if (duplicate) {
        struct json_place place = json_place(r->scanner.text, &duplicate->value);
        return error_set(r->scanner.error, ERROR_INPUT,
                         "%.*s:%d:%d: expected each name once in an object, found \"%.*s\" twice",
                         STR_ARG(r->scanner.name), place.line, place.column, STR_ARG(duplicate->name));
    }
    struct json_member *members = arena_array(r->scanner.arena, struct json_member, count);
    if (count)
        memcpy(members, r->parts + first, count * sizeof *members);
    r->count = first;
    ret->type = JSON_OBJECT;
    ret->count = count;
    ret->members = members;
    return true;
}

static bool read_container(struct reader *r, struct json *ret)
{
    if (r->depth == r->max_depth)
        return json_scan_fail_at(&r->scanner, r->scanner.at, ERROR_LIMIT, "less deep nesting");
    r->depth++;
    bool ok = json_scan_peek(&r->scanner) == '{' ? read_object(r, ret) : read_array(r, ret);
    r->depth--;
    return ok;
}

static bool read_value(struct reader *r, struct json *ret) // NOLINT(misc-no-recursion): max_depth
{
    json_scan_space(&r->scanner);
    *ret = (struct json){.offset = (uint32_t)r->scanner.at + 1};
    char first = json_scan_peek(&r->scanner);
    switch (first) {
    case '{':
    case '[': return read_container(r, ret);
    case '"': ret->type = JSON_STRING; return json_scan_string(&r->scanner, &ret->string);
    case 't':
    case 'f':
        ret->type = JSON_BOOLEAN;
        ret->boolean = first == 't';
        return json_scan_word(&r->scanner, first == 't' ? STR("true") : STR("false"));
    case 'n': return json_scan_word(&r->scanner, STR("null"));
    default:
        if (first != '-' && !isdigit((unsigned char)first))
            return json_scan_fail(&r->scanner, "a value");
        ret->type = JSON_NUMBER;
        return json_scan_number(&r->scanner, &ret->number);
    }
}

static bool read_text(struct reader *r, struct json *ret)
{
    if (str_starts(r->scanner.text, STR("\xEF\xBB\xBF")))
        r->scanner.at = 3; /* a byte order mark, as Windows editors leave it */
    if (!read_value(r, ret))
        return false;
    json_scan_space(&r->scanner);
    return r->scanner.at == (size_t)r->scanner.text.len || json_scan_fail(&r->scanner, "nothing after the value");
}

static bool parse(struct json_scanner scanner, const struct json_limits *limits, const struct json **ret)
{
    struct json_member first_parts[64]; /* enough for most answers and policies */
    if ((size_t)scanner.text.len > limits->max_bytes)
        return error_set(scanner.error, ERROR_LIMIT, "%.*s: larger than %zu bytes", STR_ARG(scanner.name),
                         limits->max_bytes);
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    struct reader reader = {
        .scanner = scanner,
        .scratch = scratch,
        .parts = first_parts,
        .capacity = COUNT_OF(first_parts),
        .max_depth = limits->max_depth,
    };
    struct json value;
    if (!read_text(&reader, &value))
        return false;
    *ret = json_box(scanner.arena, value);
    return true;
}

bool json_parse(struct arena *arena, struct str name, struct str text, const struct json_limits *limits,
                const struct json **ret, struct error *error)
{
    return parse((struct json_scanner){.arena = arena, .name = name, .text = text, .error = error}, limits, ret);
}

bool json_parse_kept(struct arena *arena, struct str name, struct str text, const struct json_limits *limits,
                     const struct json **ret, struct error *error)
{
    return parse((struct json_scanner){.arena = arena, .name = name, .text = text, .kept = true, .error = error},
                 limits, ret);
}

struct json_place json_place(struct str text, const struct json *value)
{
    if (!value || value->offset == 0)
        return (struct json_place){0, 0};
    ptrdiff_t end = (ptrdiff_t)value->offset - 1;
    if (end > text.len)
        end = text.len;
    struct json_place place = {.line = 1};
    ptrdiff_t line = 0; /* where it begins */
    for (ptrdiff_t next = str_find_char(text, '\n', 0); next >= 0 && next < end;
         next = str_find_char(text, '\n', next + 1)) {
        place.line++;
        line = next + 1;
    }
    place.column = (int)(end - line) + 1;
    return place;
}
