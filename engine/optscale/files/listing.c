/* listing.c: reads listings in the two forms that the AWS CLI prints. */
#include "optscale/files/listing.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/macros.h"
#include "optscale/files/case.h"

static const struct json *contents_of(const struct json *document, bool *ret_cut)
{
    const struct json *token = json_find(document, "NextToken");
    *ret_cut = json_find_boolean(document, "IsTruncated", false) || json_is(token, JSON_STRING);
    return json_is(document, JSON_OBJECT) ? json_find(document, "Contents") : document;
}

static bool read_json(struct arena *arena, struct str name, struct str text, struct optscale_listing *ret,
                      struct error *error)
{
    const struct json *document;
    struct optscale_listing listing;
    if (!json_parse(arena, name, text, &json_limits_snapshot, &document, error)) {
        return false;
    }
    const struct json *contents = contents_of(document, &listing.is_cut);
    if (!optscale_objects_read(arena, contents, &listing.objects, &listing.count, error)) {
        return error_wrap(error, "%.*s", STR_ARG(name));
    }
    *ret = listing;
    return true;
}

static const struct {
    struct str name;
    int64_t bytes;
} units[] = {
    {STR_INIT("Bytes"), 1},
    {STR_INIT("Byte"), 1},
    {STR_INIT("KiB"), INT64_C(1) << 10},
    {STR_INIT("MiB"), INT64_C(1) << 20},
    {STR_INIT("GiB"), INT64_C(1) << 30},
    {STR_INIT("TiB"), INT64_C(1) << 40},
    {STR_INIT("PiB"), INT64_C(1) << 50},
};

/* Cuts the next word off, and the blanks before it. */
static struct str cut_word(struct str *rest)
{
    while (str_starts(*rest, STR(" "))) {
        *rest = str_skip(*rest, 1);
    }
    ptrdiff_t end = str_find_char(*rest, ' ', 0);
    end = end < 0 ? rest->len : end;
    struct str word = str_slice(*rest, 0, end);
    *rest = str_skip(*rest, end);
    return word;
}

/* A size in bytes, or `1.2 MiB` and the like, which are rounded: good enough to tell empty from not. */
static bool read_size(struct str *rest, int64_t *ret)
{
    struct str word = cut_word(rest);
    struct str after = *rest;
    struct str unit = cut_word(&after);
    double number;
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        if (str_equal(unit, units[i].name) && after.len > 0 && str_to_double(word, &number) && number >= 0 &&
            number < 1e6) {
            *rest = after;
            *ret = (int64_t)(number * (double)units[i].bytes);
            return true;
        }
    }
    return str_to_int64(word, ret) && *ret >= 0;
}

static bool is_summary(struct str line)
{
    struct str text = str_trim(line);
    return text.len == 0 || str_starts(text, STR("Total Objects:")) || str_starts(text, STR("Total Size:"));
}

/* `2026-01-06 10:11:12       1234 a/key`: one blank stands before the key, all others are the key's. */
static bool read_line(struct str line, struct optscale_object *ret)
{
    int64_t seconds;
    int64_t size;
    if (line.len < 20 || line.ptr[10] != ' ') {
        return false;
    }
    char time[20];
    for (int i = 0; i < 19; i++) {
        time[i] = i == 10 ? 'T' : line.ptr[i];
    }
    time[19] = 'Z';
    struct str rest = str_skip(line, 19);
    if (!clock_parse(str_span(time, time + 20), &seconds) || !read_size(&rest, &size) || rest.len < 2) {
        return false;
    }
    *ret = (struct optscale_object){.key = str_skip(rest, 1), .modified = seconds * 1000000, .size = size};
    return true;
}

static size_t count_lines(struct str text)
{
    size_t count = 1;
    for (ptrdiff_t i = str_find_char(text, '\n', 0); i >= 0; i = str_find_char(text, '\n', i + 1)) {
        count++;
    }
    return count;
}

static bool bad_line(struct str name, size_t number, struct str line, struct error *error)
{
    if (str_starts(str_trim(line), STR("PRE "))) {
        return error_set(error, ERROR_INPUT, "%.*s:%zu: this is a listing of folders; run 'aws s3 ls' with --recursive",
                         STR_ARG(name), number);
    }
    return error_set(error, ERROR_INPUT,
                     "%.*s:%zu: expected what 'aws s3 ls --recursive' prints (date, time, size, key) or the JSON of "
                     "'aws s3api list-objects-v2', found '%.*s'",
                     STR_ARG(name), number, STR_ARG(str_slice(line, 0, 60)));
}

static bool read_text(struct arena *arena, struct str name, struct str text, struct optscale_listing *ret,
                      struct error *error)
{
    struct optscale_listing listing = {.objects = arena_array(arena, struct optscale_object, count_lines(text))};
    size_t number = 0;
    while (text.len > 0) {
        struct str line;
        str_cut(&text, '\n', &line);
        number++;
        if (str_ends(line, STR("\r"))) {
            line = str_slice(line, 0, line.len - 1);
        }
        if (read_line(line, &listing.objects[listing.count])) {
            listing.count++;
        } else if (!is_summary(line)) {
            return bad_line(name, number, line, error);
        }
    }
    optscale_objects_sort(listing.objects, listing.count);
    *ret = listing;
    return true;
}

bool optscale_listing_read(struct arena *arena, struct str name, struct str text, struct optscale_listing *ret,
                           struct error *error)
{
    if (str_starts(text, STR("\xef\xbb\xbf"))) { /* a byte order mark, as PowerShell's `>` puts it */
        text = str_skip(text, 3);
    }
    struct str first = str_slice(str_trim(text), 0, 1);
    bool json = str_equal(first, STR("{")) || str_equal(first, STR("[")) || str_equal(first, STR("n"));
    return json ? read_json(arena, name, text, ret, error) : read_text(arena, name, text, ret, error);
}
