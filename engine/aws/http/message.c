/* message.c: see http.h. */
#include "aws/http/message.h"

#include <string.h>

struct str http_header_find(struct http_headers headers, struct str name)
{
    for (size_t i = 0; i < headers.count; i++)
        if (str_equal_nocase(headers.items[i].name, name))
            return headers.items[i].value;
    return STR("");
}

/* A new header that carries a secret belongs in this list: it is what keeps it out of the logs. */
static const struct str secret_headers[] = {
    STR_INIT("Authorization"),
    STR_INIT("Proxy-Authorization"),
    STR_INIT("Cookie"),
    STR_INIT("Set-Cookie"),
    STR_INIT("X-Amz-Security-Token"),
    STR_INIT("X-Amz-Sso_bearer_token"),
    STR_INIT("X-Aws-Ec2-Metadata-Token"),
    STR_INIT("Secret"),
};

struct str http_header_shown(const struct http_header *header)
{
    for (size_t i = 0; i < COUNT_OF(secret_headers); i++)
        if (str_equal_nocase(header->name, secret_headers[i]))
            return STR("[redacted]");
    return header->value;
}

bool http_is_success(int status)
{
    return status >= 200 && status < 300;
}

void header_list_add(struct header_list *list, struct str name, struct str value)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 8;
        struct http_header *items = arena_array(list->arena, struct http_header, capacity);
        if (list->count)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = (struct http_header){name, value};
}

struct http_headers header_list_view(const struct header_list *list)
{
    return (struct http_headers){list->items, list->count};
}

struct http_headers header_only(struct arena *arena, const char *name, const char *value)
{
    struct header_list list = {.arena = arena};
    header_list_add(&list, str_from(name), str_from(value));
    return header_list_view(&list);
}

struct str status_code_text(struct arena *arena, int status)
{
    return str_format(arena, "%d", status);
}

struct str status_phrase(int status)
{
    static const struct {
        int status;
        struct str phrase;
    } phrases[] = {
        {301, STR_INIT("Moved Permanently")},
        {304, STR_INIT("Not Modified")},
        {307, STR_INIT("Temporary Redirect")},
        {400, STR_INIT("Bad Request")},
        {401, STR_INIT("Unauthorized")},
        {403, STR_INIT("Forbidden")},
        {404, STR_INIT("Not Found")},
        {405, STR_INIT("Method Not Allowed")},
        {409, STR_INIT("Conflict")},
        {412, STR_INIT("Precondition Failed")},
        {416, STR_INIT("Requested Range Not Satisfiable")},
        {429, STR_INIT("Too Many Requests")},
        {500, STR_INIT("Internal Server Error")},
        {501, STR_INIT("Not Implemented")},
        {503, STR_INIT("Service Unavailable")},
    };
    for (size_t i = 0; i < COUNT_OF(phrases); i++) {
        if (phrases[i].status == status)
            return phrases[i].phrase;
    }
    return STR("Error");
}
