/* pattern.c: regular expressions by PCRE2 behind limits, and globs. */
#include "query/pattern.h"

#include "query/value.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

struct pattern {
    pcre2_code *code;
    pcre2_match_context *context; /* the limits */
};

static void close_pattern(void *object)
{
    struct pattern *pattern = object;
    pcre2_match_context_free(pattern->context);
    pcre2_code_free(pattern->code);
}

static bool describe(struct error *error, const char *what, int code)
{
    PCRE2_UCHAR text[128];
    pcre2_get_error_message(code, text, sizeof text);
    return error_set(error, "invalid-value", "%s: %s", what, (const char *)text);
}

bool pattern_compile(struct arena *arena, struct str source, const struct pattern **ret, struct error *error)
{
    if (source.len > PATTERN_MAX_LENGTH)
        return error_set(error, "invalid-value", "the pattern is longer than %d bytes", PATTERN_MAX_LENGTH);
    const char *text = source.ptr ? source.ptr : "";
    int code = 0;
    PCRE2_SIZE place = 0;
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)text, (PCRE2_SIZE)source.len, options, &code, &place, NULL);
    if (!compiled) {
        describe(error, "pattern", code);
        size_t column = value_code_points(str_slice(source, 0, (ptrdiff_t)place)) + 1;
        return error_wrap(error, "column %zu", column);
    }
    struct pattern *pattern = arena_new(arena, struct pattern);
    pattern->code = compiled;
    pattern->context = pcre2_match_context_create(NULL);
    arena_defer(arena, close_pattern, pattern);
    if (!pattern->context)
        return error_set(error, ERROR_LIMIT, "pattern: out of memory");
    pcre2_set_match_limit(pattern->context, PATTERN_MATCH_LIMIT);
    pcre2_set_depth_limit(pattern->context, PATTERN_DEPTH_LIMIT);
    pcre2_set_heap_limit(pattern->context, PATTERN_HEAP_LIMIT);
    *ret = pattern;
    return true;
}

bool pattern_match(const struct pattern *pattern, struct str text, bool *ret_matches, struct error *error)
{
    const char *subject = text.ptr ? text.ptr : "";
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    if (!data)
        return error_set(error, ERROR_LIMIT, "pattern: out of memory");
    int code = pcre2_match(pattern->code, (PCRE2_SPTR)subject, (PCRE2_SIZE)text.len, 0, 0, data, pattern->context);
    pcre2_match_data_free(data);
    if (code < 0 && code != PCRE2_ERROR_NOMATCH)
        return describe(error, "the pattern gave up", code);
    *ret_matches = code >= 0;
    return true;
}

bool pattern_glob(struct str glob, struct str text)
{
    ptrdiff_t g = 0;
    ptrdiff_t t = 0;
    ptrdiff_t star = -1; /* behind the last `*`: the only one worth going back to, */
    ptrdiff_t retry = 0; /* and how much of the text it has taken */
    while (t < text.len) {
        if (g < glob.len && glob.ptr[g] == '*') {
            star = ++g;
            retry = t;
        } else if (g < glob.len && glob.ptr[g] == '?') {
            g++;
            t += value_code_point_length(str_skip(text, t));
        } else if (g < glob.len && glob.ptr[g] == text.ptr[t]) {
            g++;
            t++;
        } else if (star >= 0) {
            g = star;
            retry += value_code_point_length(str_skip(text, retry));
            t = retry;
        } else {
            return false;
        }
    }
    while (g < glob.len && glob.ptr[g] == '*')
        g++;
    return g == glob.len;
}
