/* canonical.c: the canonical request of Signature Version 4: path, query and headers in their one form. */
#include "aws/signing/canonical.h"

#include "base/buf.h"

#include <stdlib.h>

enum sigv4_path sigv4_path_rule(struct str signing_name)
{
    return str_equal(signing_name, STR("s3")) ? SIGV4_PATH_AS_SENT : SIGV4_PATH_NORMAL;
}

/* RFC 3986, 5.2.4, and double slashes too: the segments that remain. A slash at the end stays. */
static struct str path_normalize(struct arena *arena, struct str path)
{
    struct str *segments = arena_array(arena, struct str, path.len + 1);
    size_t count = 0;
    bool folder = false;
    struct str segment;
    for (bool more = true; more;) {
        more = str_cut(&path, '/', &segment);
        bool dots = str_equal(segment, STR(".."));
        bool skip = dots || segment.len == 0 || str_equal(segment, STR("."));
        if (dots && count > 0)
            count--;
        else if (!skip)
            segments[count++] = segment;
        folder = skip;
    }
    struct buf out = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < count; i++) {
        buf_add_char(&out, '/');
        buf_add(&out, segments[i]);
    }
    if (folder || count == 0)
        buf_add_char(&out, '/');
    return buf_str(&out);
}

/* Encoded once: what is encoded already stays, so each segment is decoded before it is encoded. */
static struct str path_encode_once(struct arena *arena, struct str path)
{
    struct buf out = buf_make(arena, BUF_NO_MAX);
    struct str segment;
    for (bool more = true; more;) {
        more = str_cut(&path, '/', &segment);
        buf_add(&out, str_percent_encode(arena, str_percent_decode(arena, segment), ""));
        if (more)
            buf_add_char(&out, '/');
    }
    return buf_str(&out);
}

struct str sigv4_canonical_path(struct arena *arena, struct str path, enum sigv4_path rule)
{
    if (path.len == 0)
        return STR("/");
    if (rule == SIGV4_PATH_AS_SENT)
        return path_encode_once(arena, path);
    return str_percent_encode(arena, path_normalize(arena, path), "/");
}

struct pair {
    struct str name;
    struct str value;
    size_t place; /* in the request: same-named headers keep their order */
};

static int pair_compare(const void *a, const void *b)
{
    const struct pair *left = a;
    const struct pair *right = b;
    int order = str_compare(left->name, right->name);
    return order ? order : str_compare(left->value, right->value);
}

static struct str encode_again(struct arena *arena, struct str part)
{
    return str_percent_encode(arena, str_percent_decode(arena, part), "");
}

static bool is_left_out(struct str name, struct str left_out_1, struct str left_out_2)
{
    return (left_out_1.len > 0 && str_equal(name, left_out_1)) || (left_out_2.len > 0 && str_equal(name, left_out_2));
}

static size_t query_split(struct arena *arena, struct str query, struct str left_out_1, struct str left_out_2,
                          struct pair *ret_pairs)
{
    size_t count = 0;
    struct str value;
    for (bool more = true; more;) {
        more = str_cut(&query, '&', &value);
        if (value.len == 0)
            continue;
        struct pair pair = {.place = count};
        (void)str_cut(&value, '=', &pair.name); /* a name alone has the empty value */
        pair.name = encode_again(arena, pair.name);
        pair.value = encode_again(arena, value);
        if (!is_left_out(pair.name, left_out_1, left_out_2))
            ret_pairs[count++] = pair;
    }
    return count;
}

struct str sigv4_canonical_query_without(struct arena *arena, struct str query, struct str left_out_1,
                                         struct str left_out_2)
{
    size_t room = 1;
    for (ptrdiff_t i = 0; i < query.len; i++)
        room += query.ptr[i] == '&';
    struct pair *pairs = arena_array(arena, struct pair, room);
    size_t count = query_split(arena, query, left_out_1, left_out_2, pairs);
    qsort(pairs, count, sizeof *pairs, pair_compare);

    struct buf out = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_char(&out, '&');
        buf_add(&out, pairs[i].name);
        buf_add_char(&out, '=');
        buf_add(&out, pairs[i].value);
    }
    return buf_str(&out);
}

struct str sigv4_canonical_query(struct arena *arena, struct str query)
{
    return sigv4_canonical_query_without(arena, query, STR(""), STR(""));
}

/* What a proxy or an HTTP library may add or change on the way. */
static const struct str unsigned_headers[] = {
    STR_INIT("authorization"),
    STR_INIT("connection"),
    STR_INIT("expect"),
    STR_INIT("keep-alive"),
    STR_INIT("proxy-authenticate"),
    STR_INIT("proxy-authorization"),
    STR_INIT("te"),
    STR_INIT("trailer"),
    STR_INIT("transfer-encoding"),
    STR_INIT("upgrade"),
    STR_INIT("user-agent"),
    STR_INIT("x-amzn-trace-id"),
};

static bool is_signed_by_us(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(unsigned_headers); i++)
        if (str_equal_nocase(name, unsigned_headers[i]))
            return false;
    return true;
}

/* `names` is sorted or not, as the other side wrote it: `host;x-amz-date`. */
static bool is_in_list(struct str names, struct str name)
{
    struct str one;
    for (bool more = true; more;) {
        more = str_cut(&names, ';', &one);
        if (str_equal_nocase(one, name))
            return true;
    }
    return false;
}

static int header_compare(const void *a, const void *b)
{
    const struct pair *left = a;
    const struct pair *right = b;
    int order = str_compare(left->name, right->name);
    if (order)
        return order;
    return (left->place > right->place) - (left->place < right->place);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Trimmed, and each run of blanks inside (also a folded line's end) as one. */
static void add_header_value(struct buf *out, struct str value)
{
    value = str_trim(value);
    for (ptrdiff_t i = 0; i < value.len; i++) {
        if (!is_blank(value.ptr[i]))
            buf_add_char(out, value.ptr[i]);
        else if (!is_blank(value.ptr[i - 1])) /* the first is no blank: the value is trimmed */
            buf_add_char(out, ' ');
    }
}

static size_t headers_select(struct arena *arena, struct http_headers headers, const struct str *only,
                             struct pair *ret_pairs)
{
    size_t count = 0;
    for (size_t i = 0; i < headers.count; i++) {
        struct str name = headers.items[i].name;
        if (only ? is_in_list(*only, name) : is_signed_by_us(name))
            ret_pairs[count++] = (struct pair){str_lower(arena, name), headers.items[i].value, i};
    }
    qsort(ret_pairs, count, sizeof *ret_pairs, header_compare);
    return count;
}

static struct str canonical_headers(struct arena *arena, struct http_headers headers, const struct str *only,
                                    struct str *ret_signed_headers)
{
    struct pair *pairs = arena_array(arena, struct pair, headers.count);
    size_t count = headers_select(arena, headers, only, pairs);
    struct buf lines = buf_make(arena, BUF_NO_MAX);
    struct buf names = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < count; i++) {
        bool again = i > 0 && str_equal(pairs[i].name, pairs[i - 1].name);
        if (again) {
            buf_add_char(&lines, ',');
        } else {
            buf_addf(&lines, "%s%.*s:", i > 0 ? "\n" : "", STR_ARG(pairs[i].name));
            buf_addf(&names, "%s%.*s", i > 0 ? ";" : "", STR_ARG(pairs[i].name));
        }
        add_header_value(&lines, pairs[i].value);
    }
    if (count > 0)
        buf_add_char(&lines, '\n');
    *ret_signed_headers = buf_str(&names);
    return buf_str(&lines);
}

struct str sigv4_canonical_join(struct arena *arena, const struct sigv4_request *request, struct str canonical_query,
                                const struct str *only, struct str *ret_signed_headers)
{
    struct str names;
    struct str lines = canonical_headers(arena, request->headers, only, &names);
    const struct str parts[] = {
        request->method,
        STR("\n"),
        sigv4_canonical_path(arena, request->path, request->path_rule),
        STR("\n"),
        canonical_query,
        STR("\n"),
        lines,
        STR("\n"),
        names,
        STR("\n"),
        request->payload_hash,
    };
    *ret_signed_headers = names;
    return str_concat(arena, parts, COUNT_OF(parts));
}

struct str sigv4_canonical_request(struct arena *arena, const struct sigv4_request *request,
                                   struct str *ret_signed_headers)
{
    struct str query = sigv4_canonical_query(arena, request->query);
    return sigv4_canonical_join(arena, request, query, NULL, ret_signed_headers);
}
