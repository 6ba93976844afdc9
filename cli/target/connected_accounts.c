/* connected_accounts.c: reads lists of the accounts that are connected to OptScale; see target.h. */
#include "cli/target/target.h"

#include "base/map.h"

#define MAX_ACCOUNTS 100000
#define MAX_COLUMNS 64

/* What is known of an account beside its id, and whether it is a boolean. */
static const struct {
    struct str name;
    bool is_boolean;
} columns[] = {
    {STR_INIT("account_id"), false}, {STR_INIT("name"), false},   {STR_INIT("linked"), true},
    {STR_INIT("auto_import"), true}, {STR_INIT("deleted"), true},
};

struct list {
    struct arena *arena;
    struct str name;
    struct str text;
    struct map *seen; /* by account id, each as it is in the list */
    const struct log *log;
    struct json_builder accounts;
    struct error *error;
};

/* Where an account stands, for an error: its line, or the value in the JSON document, whose line is counted then only.
 */
struct place {
    int line;
    const struct json *item; /* NULL: a line of text */
};

static struct str place_text(const struct list *list, struct place place)
{
    int line = place.item ? json_place(list->text, place.item).line : place.line;
    return str_format(list->arena, "%.*s:%d", STR_ARG(list->name), line);
}

static bool is_id(struct str id)
{
    for (ptrdiff_t i = 0; i < id.len; i++) {
        if (id.ptr[i] < '0' || id.ptr[i] > '9')
            return false;
    }
    return id.len == 12;
}

/* The same account again is no mistake worth a stop; one that is said to be connected in two ways is. */
static bool take_once(struct list *list, struct place place, const struct json *account)
{
    static const char *const ways[] = {"linked", "auto_import"};
    struct str id = json_find_string(account, "account_id");
    const struct json *first = map_get(list->seen, id);
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        const struct json *before = json_find(first, ways[i]);
        const struct json *now = json_find(account, ways[i]);
        if (before && now && !json_equal(before, now))
            return error_set(list->error, ERROR_INPUT, "%.*s: the account %.*s is listed twice, and '%s' differs",
                             STR_ARG(place_text(list, place)), STR_ARG(id), ways[i]);
    }
    log_line(list->log, LOG_WARNING, "%.*s: the account %.*s is listed twice: taken once",
             STR_ARG(place_text(list, place)), STR_ARG(id));
    return true;
}

static bool add_account(struct list *list, struct place place, struct json account)
{
    struct str id = json_find_string(&account, "account_id");
    if (!is_id(id))
        return error_set(list->error, ERROR_INPUT, "%.*s: expected an account id, 12 digits, found '%.*s'",
                         STR_ARG(place_text(list, place)), STR_ARG(id));
    if (json_find_boolean(&account, "deleted", false)) { /* a deleted one may stand beside its successor */
        json_build_add(&list->accounts, account);
        return true;
    }
    if (map_has(list->seen, id))
        return take_once(list, place, &account);
    if (map_count(list->seen) >= MAX_ACCOUNTS)
        return error_set(list->error, ERROR_LIMIT, "%.*s: more than %d accounts", STR_ARG(place_text(list, place)),
                         MAX_ACCOUNTS);
    map_set(list->seen, id, json_box(list->arena, account));
    json_build_add(&list->accounts, account);
    return true;
}

/* --- JSON --- */

/* One of ours, or one of OptScale's: there `linked` is in `config`, and `deleted_at` is a time. */
static bool add_object(struct list *list, struct place place, const struct json *object)
{
    struct json_builder account = json_build(list->arena, JSON_OBJECT);
    const struct json *type = json_find(object, "type");
    if (json_is(type, JSON_STRING) && !str_equal(type->string, STR("aws_cnr")))
        return true; /* a data source of another cloud */
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        const struct json *value = json_get(object, columns[i].name);
        if (!value && str_equal(columns[i].name, STR("account_id")))
            value = json_find(object, "id");
        if (!value && str_equal(columns[i].name, STR("linked")))
            value = json_find(json_find(object, "config"), "linked");
        if (!value || value->type == JSON_NULL)
            continue;
        if (value->type != (columns[i].is_boolean ? JSON_BOOLEAN : JSON_STRING))
            return error_set(list->error, ERROR_INPUT, "%.*s: '%.*s' must be %s, found %s",
                             STR_ARG(place_text(list, place)), STR_ARG(columns[i].name),
                             columns[i].is_boolean ? "true or false" : "a string", json_type_name(value->type));
        json_build_set(&account, columns[i].name, *value);
    }
    if (json_find_number(object, "deleted_at", 0) > 0)
        json_build_set(&account, STR("deleted"), json_true);
    return add_account(list, place, json_built(&account));
}

static bool add_item(struct list *list, const struct json *item)
{
    struct place place = {.item = item};
    if (item->type == JSON_OBJECT)
        return add_object(list, place, item);
    if (item->type != JSON_STRING)
        return error_set(list->error, ERROR_INPUT, "%.*s: expected an account id as text, found %s",
                         STR_ARG(place_text(list, place)), json_type_name(item->type));
    struct json_builder account = json_build(list->arena, JSON_OBJECT);
    json_build_append(&account, STR("account_id"), *item);
    return add_account(list, place, json_built(&account));
}

static bool read_json(struct list *list, struct str text)
{
    const struct json *document = NULL;
    if (!json_parse(list->arena, list->name, text, &json_limits_default, &document, list->error))
        return false;
    const struct json *items = document->type == JSON_OBJECT ? json_find(document, "cloud_accounts") : document;
    if (!json_is(items, JSON_ARRAY))
        return error_set(list->error, ERROR_INPUT, "%.*s:1: expected a list of accounts, or {\"cloud_accounts\": […]}",
                         STR_ARG(list->name));
    for (size_t i = 0; i < items->count; i++) {
        if (!add_item(list, &items->items[i]))
            return false;
    }
    return true;
}

/* --- CSV, of which an id a line is the simplest --- */

/* Cuts the next field off the line (RFC 4180, without line breaks inside a field). */
static struct str next_field(struct arena *arena, struct str *line)
{
    struct str field;
    if (line->len == 0 || line->ptr[0] != '"') {
        str_cut(line, ',', &field);
        return str_trim(field);
    }
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    ptrdiff_t i = 1;
    for (; i < line->len; i++) {
        if (line->ptr[i] != '"')
            buf_add_char(&buf, line->ptr[i]);
        else if (i + 1 < line->len && line->ptr[i + 1] == '"')
            buf_add_char(&buf, line->ptr[i++]);
        else
            break;
    }
    *line = str_skip(*line, i < line->len ? i + 1 : i);
    str_cut(line, ',', &field);
    return buf_str(&buf);
}

static size_t split_line(struct arena *arena, struct str line, struct str *fields)
{
    size_t count = 0;
    while (line.len > 0 && count < MAX_COLUMNS)
        fields[count++] = next_field(arena, &line);
    return count;
}

static bool add_field(struct list *list, struct place place, struct json_builder *account, struct str column,
                      struct str value)
{
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        if (!str_equal_nocase(column, columns[i].name) || value.len == 0)
            continue;
        bool is_true = str_equal_nocase(value, STR("true")) || str_equal(value, STR("1"));
        bool is_false = str_equal_nocase(value, STR("false")) || str_equal(value, STR("0"));
        if (columns[i].is_boolean && !is_true && !is_false)
            return error_set(list->error, ERROR_INPUT, "%.*s: '%.*s' must be true or false, found '%.*s'",
                             STR_ARG(place_text(list, place)), STR_ARG(column), STR_ARG(value));
        json_build_set(account, columns[i].name, columns[i].is_boolean ? json_boolean(is_true) : json_string(value));
    }
    return true;
}

struct header {
    struct str names[MAX_COLUMNS];
    size_t count;
};

static bool is_header(const struct str *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal_nocase(fields[i], columns[0].name))
            return true;
    }
    return false;
}

static bool read_line(struct list *list, struct place place, struct str line, struct header *header)
{
    struct str fields[MAX_COLUMNS];
    size_t count = split_line(list->arena, line, fields);
    if (is_header(fields, count)) {
        for (size_t i = 0; i < count; i++)
            header->names[i] = fields[i];
        header->count = count;
        return true;
    }
    struct json_builder account = json_build(list->arena, JSON_OBJECT);
    for (size_t i = 0; i < count && i < header->count; i++) {
        if (!add_field(list, place, &account, header->names[i], fields[i]))
            return false;
    }
    return add_account(list, place, json_built(&account));
}

static bool read_lines(struct list *list, struct str text)
{
    /* Without a header: the id, and perhaps the name. */
    struct header header = {.names = {STR_INIT("account_id"), STR_INIT("name")}, .count = 2};
    struct str line;
    for (int number = 1; text.len > 0; number++) {
        str_cut(&text, '\n', &line);
        line = str_trim(line);
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        struct place place = {.line = number};
        if (!read_line(list, place, line, &header))
            return false;
    }
    return true;
}

bool connected_accounts_read(struct arena *arena, struct str name, struct str text, const struct log *log,
                             const struct json **ret, struct error *error)
{
    struct list list = {.arena = arena,
                        .name = name,
                        .seen = map_open(arena),
                        .log = log,
                        .accounts = json_build(arena, JSON_ARRAY),
                        .error = error};
    if (str_starts(text, STR("\xEF\xBB\xBF"))) /* a spreadsheet's byte order mark */
        text = str_skip(text, 3);
    struct str start = str_trim(text);
    list.text = text;
    bool is_json = str_starts(start, STR("[")) || str_starts(start, STR("{"));
    if (!(is_json ? read_json(&list, text) : read_lines(&list, str_copy(arena, text))))
        return false;
    *ret = json_box(arena, json_built(&list.accounts));
    return true;
}
