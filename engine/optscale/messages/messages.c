/* messages.c: reads the catalogue of messages, and fills its texts in. */
#include "optscale/messages/messages.h"

#include "base/macros.h"
#include "base/map.h"
#include "optscale/messages/fold.h"

static const char *const speaker_names[OPTSCALE_SPEAKER_COUNT] = {
    [OPTSCALE_SPEAKER_OPTSCALE] = "optscale", [OPTSCALE_SPEAKER_CODE] = "code", [OPTSCALE_SPEAKER_AWS] = "aws",
    [OPTSCALE_SPEAKER_REASON] = "reason",     [OPTSCALE_SPEAKER_USER] = "user",
};

static bool read_speaker(struct str name, enum optscale_speaker *ret, struct error *error)
{
    for (int i = 0; i < OPTSCALE_SPEAKER_COUNT; i++) {
        if (str_equal(name, str_from(speaker_names[i]))) {
            *ret = (enum optscale_speaker)i;
            return true;
        }
    }
    return error_set(error, ERROR_INPUT, "speaker: '%.*s' is none of optscale, code, aws, reason, user", STR_ARG(name));
}

static bool read_list(struct arena *arena, const struct json *object, const char *name, struct optscale_str_list *ret,
                      struct error *error)
{
    const struct json *array = json_find(object, name);
    size_t count = json_is(array, JSON_ARRAY) ? array->count : 0;
    struct str *items = arena_array(arena, struct str, count);
    if (array && array->type != JSON_ARRAY) {
        return error_set(error, ERROR_INPUT, "%s: expected an array of strings", name);
    }
    for (size_t i = 0; i < count; i++) {
        if (array->items[i].type != JSON_STRING) {
            return error_set(error, ERROR_INPUT, "%s: expected an array of strings", name);
        }
        items[i] = array->items[i].string;
    }
    *ret = (struct optscale_str_list){.items = items, .count = count};
    return true;
}

/* A pattern has text, closed braces, at most the captures that a match can hold, and text between them. */
static bool check_pattern(struct str pattern, struct error *error)
{
    struct str rest = pattern;
    size_t captures = 0;
    ptrdiff_t text = 0;
    while (rest.len > 0) {
        ptrdiff_t open = str_find_char(rest, '{', 0);
        ptrdiff_t literal = open < 0 ? rest.len : open;
        ptrdiff_t close = open < 0 ? 0 : str_find_char(rest, '}', open);
        text += literal;
        if (open < 0) {
            break;
        }
        if (close < 0 || ++captures > OPTSCALE_CAPTURES_MAX || (captures > 1 && literal == 0)) {
            return error_set(error, ERROR_INPUT, "pattern '%.*s': a brace is open, or captures stand side by side",
                             STR_ARG(pattern));
        }
        rest = str_skip(rest, close + 1);
    }
    return text > 0 || error_set(error, ERROR_INPUT, "pattern '%.*s' has no text of its own", STR_ARG(pattern));
}

/* `(SignatureDoesNotMatch)`: the code of an error of AWS, as botocore writes it. */
static bool is_code(struct str pattern)
{
    enum { SHORTEST = 9 }; /* `Throttling` is a code, `(403)` would be anything */
    bool is_code = pattern.len > SHORTEST && pattern.ptr[0] == '(' && pattern.ptr[pattern.len - 1] == ')';
    for (ptrdiff_t i = 1; is_code && i < pattern.len - 1; i++) {
        char c = pattern.ptr[i];
        is_code = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.';
    }
    return is_code;
}

static struct optscale_pattern pattern_of(struct arena *arena, struct str text)
{
    return (struct optscale_pattern){text, fold(arena, text, OPTSCALE_MESSAGE_MAX).lower};
}

/* The patterns, and behind them the codes among them without their parentheses. */
static void set_patterns(struct arena *arena, struct optscale_str_list texts, struct optscale_message *message)
{
    message->patterns = arena_array(arena, struct optscale_pattern, texts.count * 2);
    for (size_t i = 0; i < texts.count; i++) {
        message->patterns[message->pattern_count++] = pattern_of(arena, texts.items[i]);
    }
    for (size_t i = 0; i < texts.count; i++) {
        if (is_code(texts.items[i])) {
            struct str bare = str_slice(texts.items[i], 1, texts.items[i].len - 1);
            message->patterns[message->pattern_count++] = pattern_of(arena, bare);
        }
    }
}

static bool read_message(struct arena *arena, const struct json *json, struct optscale_message *ret,
                         struct error *error)
{
    struct optscale_message message = {
        .id = json_find_string(json, "id"),
        .when = json_find_string(json, "when"),
        .meaning = json_find_string(json, "meaning"),
        .fix = json_find_string(json, "fix"),
        .is_frame = json_find_boolean(json, "frame", false),
    };
    struct optscale_str_list patterns;
    if (message.id.len == 0 || message.meaning.len == 0 || message.fix.len == 0) {
        return error_set(error, ERROR_INPUT, "id, meaning and fix must be there and not be empty");
    }
    if (!read_speaker(json_find_string(json, "speaker"), &message.speaker, error) ||
        !read_list(arena, json, "patterns", &patterns, error) ||
        !read_list(arena, json, "rules", &message.rules, error) ||
        !read_list(arena, json, "evidence", &message.evidence, error)) {
        return error_wrap(error, "%.*s", STR_ARG(message.id));
    }
    for (size_t i = 0; i < patterns.count; i++) {
        if (!check_pattern(patterns.items[i], error)) {
            return error_wrap(error, "%.*s", STR_ARG(message.id));
        }
    }
    set_patterns(arena, patterns, &message);
    *ret = message;
    return message.pattern_count > 0 || error_set(error, ERROR_INPUT, "%.*s: no patterns", STR_ARG(message.id));
}

bool optscale_messages_read(struct arena *arena, struct str name, struct str text, struct optscale_messages *ret,
                            struct error *error)
{
    const struct json *document;
    if (!json_parse(arena, name, text, &json_limits_default, &document, error)) {
        return false;
    }
    const struct json *list = json_find(document, "messages");
    if (!json_is(list, JSON_ARRAY)) {
        return error_set(error, ERROR_INPUT, "%.*s: expected an object with an array 'messages'", STR_ARG(name));
    }
    struct optscale_message *items = arena_array(arena, struct optscale_message, list->count);
    struct map *ids = map_open(arena);
    for (size_t i = 0; i < list->count; i++) {
        if (!read_message(arena, &list->items[i], &items[i], error)) {
            return error_wrap(error, "%.*s:%d: messages[%zu]", STR_ARG(name), json_place(text, &list->items[i]).line,
                              i);
        }
        if (map_has(ids, items[i].id)) {
            return error_set(error, ERROR_INPUT, "%.*s: the id '%.*s' is used twice", STR_ARG(name),
                             STR_ARG(items[i].id));
        }
        map_set(ids, items[i].id, &items[i]);
    }
    *ret = (struct optscale_messages){.items = items, .count = list->count};
    return true;
}

static bool find_capture(const struct optscale_match *match, struct str name, struct str *ret)
{
    for (size_t i = 0; i < match->capture_count; i++) {
        if (str_equal(match->captures[i].name, name)) {
            *ret = match->captures[i].value;
            return ret->len > 0;
        }
    }
    return false;
}

struct str optscale_match_fill(struct arena *arena, const struct optscale_match *match, struct str text)
{
    struct buf filled = buf_make(arena, BUF_NO_MAX);
    while (text.len > 0) {
        ptrdiff_t open = str_find_char(text, '{', 0);
        ptrdiff_t close = open < 0 ? -1 : str_find_char(text, '}', open);
        struct str value;
        if (close < 0) {
            break;
        }
        buf_add(&filled, str_slice(text, 0, open));
        bool found = find_capture(match, str_slice(text, open + 1, close), &value);
        buf_add(&filled, found ? value : str_slice(text, open, close + 1));
        text = str_skip(text, close + 1);
    }
    buf_add(&filled, text);
    return buf_str(&filled);
}
