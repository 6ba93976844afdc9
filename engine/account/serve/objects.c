/* objects.c: see objects.h. */
#include "account/serve/objects.h"

#include "base/clock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RANGE_MAX = 64 << 20 }; /* what one request may ask for */

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* A key names a file under its bucket, and no other. */
static bool is_path(struct str key)
{
    struct str part;
    bool more = key.len > 0;
    while (more) {
        more = str_cut(&key, '/', &part);
        if (part.len == 0 || str_equal(part, STR(".")) || str_equal(part, STR("..")))
            return false;
    }
    return true;
}

/* The object as the snapshot lists it, or NULL. */
static const struct json *listed(const struct snapshot *snapshot, struct str bucket, struct str key)
{
    for (size_t i = 0; i < snapshot->call_count; i++) {
        const struct answered_call *answered = &snapshot->calls[i];
        const struct json *contents = json_find(answered->answer.value, "Contents");
        if (!json_is(contents, JSON_ARRAY) || !str_equal(json_find_string(answered->call.parameters, "Bucket"), bucket))
            continue;
        for (size_t j = 0; j < contents->count; j++) {
            if (str_equal(json_find_string(&contents->items[j], "Key"), key))
                return &contents->items[j];
        }
    }
    return NULL;
}

static struct str etag_of(struct arena *arena, const struct json *object, const struct stat *status)
{
    if (object && json_find_integer(object, "Size", -1) == status->st_size)
        return json_find_string(object, "ETag");
    return str_format(arena, "\"%llx-%llx\"", (long long)status->st_size, (long long)status->st_mtime);
}

/* `bytes=-LENGTH`: the last bytes, or all; false: it is none of that form. */
static bool read_suffix(struct str text, int64_t size, int64_t *ret_first, int64_t *ret_count)
{
    static const struct str begin = STR_INIT("bytes=-");
    int64_t length;
    if (!str_starts(text, begin) || !str_to_int64(str_skip(text, begin.len), &length) || length <= 0 || size == 0)
        return false;
    *ret_count = length < size ? length : size;
    *ret_first = size - *ret_count;
    return true;
}

/* `bytes=FIRST-LAST`, as far as the file goes; false: it begins behind the end, or is of another form. */
static bool read_range(struct str text, int64_t size, int64_t *ret_first, int64_t *ret_count)
{
    struct str rest = str_skip(text, 6);
    struct str first;
    int64_t last;
    if (text.len == 0) {
        *ret_first = 0;
        *ret_count = size;
        return true;
    }
    if (!str_starts(text, STR("bytes=")) || !str_cut(&rest, '-', &first) || !str_to_int64(first, ret_first) ||
        !str_to_int64(rest, &last) || *ret_first < 0 || *ret_first >= size || last < *ret_first)
        return false;
    *ret_count = (last < size ? last + 1 : size) - *ret_first;
    return true;
}

static bool read_part(struct arena *arena, int fd, int64_t first, int64_t count, struct str *ret)
{
    char *bytes = arena_array(arena, char, count);
    int64_t done = 0;
    while (done < count) {
        ssize_t got = pread(fd, bytes + done, (size_t)(count - done), (off_t)(first + done));
        if (got <= 0)
            return false;
        done += got;
    }
    *ret = (struct str){bytes, (ptrdiff_t)count};
    return true;
}

static struct answer refusal(const char *code, int status, const char *message)
{
    return (struct answer){.code = str_from(code), .http_status = status, .message = str_from(message)};
}

static struct answer content(struct arena *arena, int fd, const struct asked *asked, const struct stat *status,
                             struct str etag)
{
    struct str range = json_find_string(asked->parameters, "Range");
    struct json_builder value = json_build(arena, JSON_OBJECT);
    int64_t first, count;
    struct str body = STR("");
    if (!read_suffix(range, status->st_size, &first, &count) && !read_range(range, status->st_size, &first, &count))
        return refusal("InvalidRange", 416, "The requested range is not satisfiable");
    if (count > RANGE_MAX && !asked->head)
        return refusal("InvalidRequest", 400, "exportcheck serve gives 64 MiB at most: ask for a range");
    if (!asked->head && !read_part(arena, fd, first, count, &body))
        return refusal("InternalError", 500, "The file cannot be read");
    json_build_append(&value, STR("ETag"), json_string(etag));
    json_build_append(&value, STR("LastModified"), json_string(clock_http(arena, status->st_mtime)));
    if (range.len > 0)
        json_build_append(&value, STR("ContentRange"),
                          json_string(str_format(arena, "bytes %lld-%lld/%lld", (long long)first,
                                                 (long long)(first + count - 1), (long long)status->st_size)));
    if (asked->head)
        json_build_append(&value, STR("ContentLength"), json_number((double)count));
    else
        json_build_append(&value, STR("Body"), json_string(body));
    return (struct answer){.value = json_box(arena, json_built(&value)), .http_status = range.len > 0 ? 206 : 200};
}

bool objects_answer(struct arena *arena, struct str folder, const struct snapshot *snapshot, const struct asked *asked,
                    struct answer *ret)
{
    struct str bucket = json_find_string(asked->parameters, "Bucket");
    struct str key = json_find_string(asked->parameters, "Key");
    struct stat status;
    bool is_object = asked->operation == operation_find_call(STR("s3:GetObject")) ||
                     asked->operation == operation_find_call(STR("s3:HeadObject"));
    if (!is_object || !is_path(bucket) || !is_path(key))
        return false;
    struct str path = str_format(arena, "%.*s/%.*s/%.*s", STR_ARG(folder), STR_ARG(bucket), STR_ARG(key));
    CLEANUP(close_fd) int fd = open(str_to_c(arena, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    struct str etag = etag_of(arena, listed(snapshot, bucket, key), &status);
    struct str wanted = json_find_string(asked->parameters, "IfMatch");
    if (wanted.len > 0 && !str_equal(wanted, etag))
        *ret = refusal("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold");
    else
        *ret = content(arena, fd, asked, &status, etag);
    return true;
}
