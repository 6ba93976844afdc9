/* rest.c: path, query and headers of REST requests; see rest.h. */
#include "aws/protocol/rest.h"

#include "aws/shape/form.h"
#include "aws/shape/scalar.h"
#include "base/buf.h"

/* The template's path and its fixed query: "/{Bucket}?list-type=2". */
static struct str template_path(const struct operation *operation, struct str *ret_query)
{
    struct str path;
    *ret_query = str_from(operation->path);
    str_cut(ret_query, '?', &path);
    return path;
}

static const struct shape_member *member_at(const struct shape *shape, enum shape_location location, struct str wire)
{
    for (size_t i = 0; shape && i < shape->member_count; i++) {
        const struct shape_member *member = &shape->members[i];
        if (member->location == location && str_equal(str_from(member->wire_name), wire))
            return member;
    }
    return NULL;
}

/* ---------------------------------------------------------------- encoding */

/* One `{Name}` or `{Name+}` of the path; the latter keeps its slashes. */
static bool add_label(struct buf *path, const struct operation *operation, struct str label,
                      const struct json *parameters, struct error *error)
{
    bool greedy = str_ends(label, STR("+"));
    struct str name = str_slice(label, 0, label.len - greedy);
    const struct shape_member *member = member_at(operation->input, LOCATION_URI, name);
    const struct json *value = member ? json_find(parameters, member->name) : NULL;
    struct str text = value ? scalar_write(path->arena, member->shape, value, false) : STR("");
    if (text.len == 0)
        return error_set(error, ERROR_INPUT, "%s needs the parameter '%.*s'", operation->name, STR_ARG(name));
    buf_add(path, str_percent_encode(path->arena, text, greedy ? "/" : ""));
    return true;
}

static bool add_path(struct buf *path, const struct operation *operation, struct str rest,
                     const struct json *parameters, struct error *error)
{
    struct str literal;
    struct str label;
    while (rest.len > 0) {
        str_cut(&rest, '{', &literal);
        buf_add(path, literal);
        if (str_cut(&rest, '}', &label) && !add_label(path, operation, label, parameters, error))
            return false;
    }
    return true;
}

static void add_query_field(struct buf *query, const struct shape_member *member, const struct json *value)
{
    if (query->len > 0)
        buf_add_char(query, '&');
    buf_add(query, str_percent_encode(query->arena, str_from(member->wire_name), ""));
    buf_add_char(query, '=');
    buf_add(query, str_percent_encode(query->arena, scalar_write(query->arena, member->shape, value, false), ""));
}

static void add_query(struct buf *query, const struct shape_member *member, const struct json *value)
{
    if (value->type != JSON_ARRAY) {
        add_query_field(query, member, value);
        return;
    }
    for (size_t i = 0; i < value->count; i++)
        add_query_field(query, member, &value->items[i]);
}

/* A list in a header is joined with commas. */
static struct str header_text(struct arena *arena, const struct shape *shape, const struct json *value)
{
    struct buf text = buf_make(arena, BUF_NO_MAX);
    if (value->type != JSON_ARRAY || shape->kind != SHAPE_LIST)
        return scalar_write(arena, shape, value, false);
    for (size_t i = 0; i < value->count; i++) {
        buf_add_c(&text, i > 0 ? "," : "");
        buf_add(&text, scalar_write(arena, shape->item, &value->items[i], false));
    }
    return buf_str(&text);
}

static bool is_header_value(struct str text)
{
    for (ptrdiff_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] < 0x20 && text.ptr[i] != '\t')
            return false;
    }
    return text.len > 0;
}

static void add_header(struct arena *arena, const struct shape_member *member, const struct json *value,
                       struct header_list *headers)
{
    if (member->shape->kind == SHAPE_MAP && value->type == JSON_OBJECT) {
        for (size_t i = 0; i < value->count; i++) {
            struct str name = str_join3(arena, str_from(member->wire_name), value->members[i].name, STR(""));
            struct str text = scalar_write(arena, member->shape->item, &value->members[i].value, false);
            if (is_header_value(name) && is_header_value(text))
                header_list_add(headers, name, text);
        }
        return;
    }
    struct str text = header_text(arena, member->shape, value);
    if (is_header_value(text)) /* a line's end in it would be a header of its own */
        header_list_add(headers, str_from(member->wire_name), text);
}

void rest_write_headers(struct arena *arena, const struct shape *shape, const struct json *value,
                        struct header_list *headers)
{
    for (size_t i = 0; shape && i < shape->member_count; i++) {
        const struct json *part = json_find(value, shape->members[i].name);
        if (part && part->type != JSON_NULL && shape->members[i].location == LOCATION_HEADER)
            add_header(arena, &shape->members[i], part, headers);
    }
}

bool rest_encode_request(struct arena *arena, const struct call *call, const struct json *parameters,
                         struct wire_request *ret, struct error *error)
{
    const struct operation *operation = call->operation;
    struct buf path = buf_make(arena, BUF_NO_MAX);
    struct buf query = buf_make(arena, BUF_NO_MAX);
    struct header_list headers = {.arena = arena};
    struct str fixed;
    if (!add_path(&path, operation, template_path(operation, &fixed), parameters, error))
        return false;
    buf_add(&query, fixed);
    for (size_t i = 0; operation->input && i < operation->input->member_count; i++) {
        const struct shape_member *member = &operation->input->members[i];
        const struct json *value = json_find(parameters, member->name);
        if (value && value->type != JSON_NULL && member->location == LOCATION_QUERY)
            add_query(&query, member, value);
    }
    rest_write_headers(arena, operation->input, parameters, &headers);
    ret->path = buf_str(&path);
    ret->query = buf_str(&query);
    ret->headers = header_list_view(&headers);
    return true;
}

/* ---------------------------------------------------------------- decoding */

/* Walks template and path side by side; `object` gets the labels' values where it is not NULL. */
static bool match_path(struct arena *arena, const struct operation *operation, struct str path,
                       struct json_builder *object)
{
    struct str query;
    struct str rest = str_skip(template_path(operation, &query), 1);
    if (!str_starts(path, STR("/")))
        return false;
    path = str_skip(path, 1);
    while (rest.len > 0) {
        struct str piece;
        struct str segment = path;
        str_cut(&rest, '/', &piece);
        bool greedy = str_ends(piece, STR("+}"));
        if (!greedy)
            str_cut(&path, '/', &segment);
        if (!str_starts(piece, STR("{"))) {
            if (!str_equal(piece, segment))
                return false;
            continue;
        }
        if (segment.len == 0)
            return false;
        struct str name = str_slice(piece, 1, piece.len - 1 - greedy);
        const struct shape_member *member = member_at(operation->input, LOCATION_URI, name);
        if (object && member)
            json_build_append(object, str_from(member->name), json_string(str_percent_decode(arena, segment)));
        if (greedy)
            return true;
    }
    return path.len == 0;
}

/* Fields that any request may have: a signature's, and what some SDKs add. */
static bool is_incidental(struct str name)
{
    return str_equal_nocase(str_slice(name, 0, 6), STR("x-amz-")) || str_equal(name, STR("x-id"));
}

static int match_query(const struct form *fixed, const struct form *given, const struct operation *operation)
{
    for (size_t i = 0; i < fixed->count; i++) {
        const struct form_field *want = &fixed->fields[i];
        bool found = false;
        for (size_t k = 0; k < given->count && !found; k++)
            found = str_equal(given->fields[k].name, want->name) && str_equal(given->fields[k].value, want->value);
        if (!found)
            return -1;
    }
    for (size_t i = 0; i < given->count; i++) {
        struct str name = given->fields[i].name;
        bool known = is_incidental(name) || member_at(operation->input, LOCATION_QUERY, name) != NULL;
        for (size_t k = 0; k < fixed->count && !known; k++)
            known = str_equal(fixed->fields[k].name, name);
        if (!known)
            return -1;
    }
    return (int)fixed->count;
}

int rest_match(struct arena *arena, const struct operation *operation, const struct wire_request *request)
{
    struct str fixed_query;
    struct form fixed;
    struct form given;
    if (!str_equal(str_from(operation->method), request->method) || !match_path(arena, operation, request->path, NULL))
        return -1;
    template_path(operation, &fixed_query);
    if (!form_parse(arena, fixed_query, &fixed, NULL) || !form_parse(arena, request->query, &given, NULL))
        return -1;
    return match_query(&fixed, &given, operation);
}

static bool read_query(struct arena *arena, const struct shape *shape, const struct form *form,
                       struct json_builder *object, struct error *error)
{
    for (size_t i = 0; i < form->count; i++) {
        const struct shape_member *member = member_at(shape, LOCATION_QUERY, form->fields[i].name);
        struct json value;
        if (!member)
            continue;
        if (!scalar_read(arena, member->shape, form->fields[i].value, false, &value, error))
            return error_wrap(error, "%s", member->name);
        json_build_set(object, str_from(member->name), value);
    }
    return true;
}

static bool read_header_list(struct arena *arena, const struct shape *shape, struct str text, struct json *ret,
                             struct error *error)
{
    struct json_builder list = json_build(arena, JSON_ARRAY);
    while (text.len > 0) {
        struct str item;
        struct json value;
        str_cut(&text, ',', &item);
        if (!scalar_read(arena, shape->item, str_trim(item), false, &value, error))
            return false;
        json_build_add(&list, value);
    }
    *ret = json_built(&list);
    return true;
}

/* Every header that begins with the prefix; names in lower case, as HTTP/2 sends them. */
static void read_header_map(struct arena *arena, const struct shape_member *member, struct http_headers headers,
                            struct json_builder *object)
{
    struct json_builder map = json_build(arena, JSON_OBJECT);
    struct str prefix = str_from(member->wire_name);
    for (size_t i = 0; i < headers.count; i++) {
        struct str name = headers.items[i].name;
        if (name.len > prefix.len && str_equal_nocase(str_slice(name, 0, prefix.len), prefix))
            json_build_set(&map, str_lower(arena, str_skip(name, prefix.len)),
                           json_string(str_copy(arena, headers.items[i].value)));
    }
    if (map.count > 0)
        json_build_append(object, str_from(member->name), json_built(&map));
}

bool rest_read_headers(struct arena *arena, const struct shape *shape, struct http_headers headers,
                       struct json_builder *object, struct error *error)
{
    for (size_t i = 0; shape && i < shape->member_count; i++) {
        const struct shape_member *member = &shape->members[i];
        struct json value;
        if (member->location != LOCATION_HEADER)
            continue;
        if (member->shape->kind == SHAPE_MAP) {
            read_header_map(arena, member, headers, object);
            continue;
        }
        struct str text = http_header_find(headers, str_from(member->wire_name));
        if (text.len == 0)
            continue;
        bool read = member->shape->kind == SHAPE_LIST ? read_header_list(arena, member->shape, text, &value, error)
                                                      : scalar_read(arena, member->shape, text, false, &value, error);
        if (!read)
            return error_wrap(error, "%s", member->name);
        json_build_append(object, str_from(member->name), value);
    }
    return true;
}

bool rest_decode_request(struct arena *arena, const struct operation *operation, const struct wire_request *request,
                         const struct json **ret, struct error *error)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    struct form form;
    if (!match_path(arena, operation, request->path, &object))
        return error_set(error, ERROR_INPUT, "the path is none of %s", operation->name);
    if (!form_parse(arena, request->query, &form, error) ||
        !read_query(arena, operation->input, &form, &object, error) ||
        !rest_read_headers(arena, operation->input, request->headers, &object, error))
        return false;
    struct json value = json_built(&object);
    *ret = json_box(arena, value);
    return true;
}
