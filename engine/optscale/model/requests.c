/* requests.c: the list of requests. */
#include "optscale/model/requests.h"

#include <string.h>

bool optscale_request_equal(const struct optscale_request *a, const struct optscale_request *b)
{
    return str_equal(a->action, b->action) && str_equal(a->bucket, b->bucket) && str_equal(a->key, b->key) &&
           str_equal(a->delimiter, b->delimiter) && a->max_keys == b->max_keys && a->is_pattern == b->is_pattern;
}

static void make_room(struct optscale_requests *requests)
{
    if (requests->count < requests->capacity)
        return;
    size_t capacity = requests->capacity ? requests->capacity * 2 : 16;
    struct optscale_request *items = arena_array(requests->arena, struct optscale_request, capacity);
    if (requests->count)
        memcpy(items, requests->items, requests->count * sizeof(*items));
    requests->items = items;
    requests->capacity = capacity;
}

void optscale_requests_add(struct optscale_requests *requests, struct optscale_request request, size_t known)
{
    if (!requests)
        return;
    for (size_t i = 0; i < known; i++)
        if (optscale_request_equal(&requests->items[i], &request))
            return;
    make_room(requests);
    requests->items[requests->count++] = request;
}

void optscale_requests_note(struct optscale_requests *requests, struct optscale_request request)
{
    optscale_requests_add(requests, request, requests ? requests->count : 0);
}
