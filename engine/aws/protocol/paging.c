/* paging.c: joining pages, and cutting them; see paging.h. */
#include "aws/protocol/paging.h"

#include "aws/protocol/module.h"

/* More lists than this no operation joins: GetAccountAuthorizationDetails has four. */
#define MAX_LISTS 8

struct pager {
    struct arena *arena;
    const struct call *call;
    size_t max_pages;
    size_t pages;
    struct str token;
    struct answer first;                  /* what is not listed, and the answer's own fields */
    struct json_builder lists[MAX_LISTS]; /* of the result keys */
    bool has_list[MAX_LISTS];
    struct str names[MAX_LISTS];
    size_t list_count;
};

bool paging_is_member(const struct operation *operation, struct str name)
{
    static const struct str always[] = {STR_INIT("IsTruncated"), STR_INIT("KeyCount"),   STR_INIT("MaxKeys"),
                                        STR_INIT("MaxItems"),    STR_INIT("MaxResults"), STR_INIT("EncodingType")};
    const char *const own[] = {operation->input_token, operation->output_token, operation->more_results,
                               operation->limit_key};
    if (!operation->input_token)
        return false;
    for (size_t i = 0; i < COUNT_OF(own); i++) {
        if (own[i] && str_equal(name, str_from(own[i])))
            return true;
    }
    for (size_t i = 0; i < COUNT_OF(always); i++) {
        if (str_equal(name, always[i]))
            return true;
    }
    return false;
}

static size_t list_names(const struct operation *operation, struct str *names)
{
    struct str rest = str_from(operation->result_key);
    size_t count = 0;
    while (rest.len > 0 && count < MAX_LISTS)
        str_cut(&rest, '|', &names[count++]);
    return count;
}

/* ---------------------------------------------------------------- joining */

struct pager *pager_open(struct arena *arena, const struct call *call, size_t max_pages)
{
    struct pager *pager = arena_new(arena, struct pager);
    *pager = (struct pager){.arena = arena, .call = call, .max_pages = max_pages ? max_pages : PAGING_MAX_PAGES};
    pager->list_count = list_names(call->operation, pager->names);
    for (size_t i = 0; i < pager->list_count; i++)
        pager->lists[i] = json_build(arena, JSON_ARRAY);
    return pager;
}

struct str pager_token(const struct pager *pager)
{
    return pager->token;
}

static bool fail(struct pager *pager, const char *code, struct str message)
{
    pager->first.value = NULL;
    pager->first.code = str_from(code);
    pager->first.message = message;
    return false;
}

static void add_lists(struct pager *pager, const struct json *page)
{
    for (size_t i = 0; i < pager->list_count; i++) {
        const struct json *list = json_get(page, pager->names[i]);
        if (!json_is(list, JSON_ARRAY))
            continue;
        pager->has_list[i] = true;
        for (size_t k = 0; k < list->count; k++)
            json_build_add(&pager->lists[i], list->items[k]);
    }
}

/* The next page's token; empty where this page is the last. False where the page contradicts itself. */
static bool next_token(struct pager *pager, const struct json *page, struct str *ret)
{
    const struct operation *operation = pager->call->operation;
    struct str token = json_find_string(page, operation->output_token);
    *ret = token;
    if (operation->more_results) {
        bool more = json_find_boolean(page, operation->more_results, false);
        if (!more)
            *ret = STR("");
        else if (token.len == 0)
            return fail(pager, ANSWER_BAD, STR("a page says that there is another, and not how to ask for it"));
    }
    if (ret->len > 0 && str_equal(token, pager->token))
        return fail(pager, ANSWER_BAD, STR("a page leads to itself"));
    return true;
}

bool pager_add(struct pager *pager, const struct answer *page)
{
    if (page->code.len > 0 || !page->value || !pager->call->operation->input_token) {
        pager->first = *page;
        return false;
    }
    if (pager->pages++ == 0)
        pager->first = *page;
    pager->first.milliseconds += pager->pages > 1 ? page->milliseconds : 0;
    add_lists(pager, page->value);
    struct str token;
    if (!next_token(pager, page->value, &token))
        return false;
    if (token.len > 0 && pager->pages >= pager->max_pages)
        return fail(pager, ANSWER_TOO_LARGE, str_format(pager->arena, "more than %zu pages", pager->max_pages));
    pager->token = token;
    return token.len > 0;
}

static bool is_list(const struct pager *pager, struct str name, size_t *ret)
{
    for (*ret = 0; *ret < pager->list_count; ++*ret) {
        if (str_equal(pager->names[*ret], name))
            return true;
    }
    return false;
}

struct answer pager_answer(const struct pager *pager)
{
    struct answer answer = pager->first;
    size_t list;
    if (!answer.value || !pager->call->operation->input_token)
        return answer;
    struct json_builder joined = json_build(pager->arena, JSON_OBJECT);
    for (size_t i = 0; i < answer.value->count; i++) {
        const struct json_member *member = &answer.value->members[i];
        if (!paging_is_member(pager->call->operation, member->name) &&
            !(is_list(pager, member->name, &list) && pager->has_list[list]))
            json_build_append(&joined, member->name, member->value);
    }
    for (size_t i = 0; i < pager->list_count; i++) {
        if (pager->has_list[i])
            json_build_append(&joined, pager->names[i], json_built(&pager->lists[i]));
    }
    answer.value = json_box(pager->arena, json_built(&joined));
    return answer;
}

/* ---------------------------------------------------------------- cutting */

/* The lists of an answer as one row of items, of which a page is a span. */
struct span {
    size_t begin;
    size_t end;
    size_t total;
};

#define TOKEN_PREFIX "page-from-"

static bool parse_token(struct str token, size_t total, size_t *ret)
{
    int64_t offset = 0;
    if (token.len > 0 && (!str_starts(token, STR(TOKEN_PREFIX)) ||
                          !str_to_int64(str_skip(token, (ptrdiff_t)sizeof TOKEN_PREFIX - 1), &offset)))
        return false;
    if (offset < 0 || (size_t)offset > total)
        return false;
    *ret = (size_t)offset;
    return true;
}

/* The part of a list that lies in the span; `*position` counts the items of the lists before it. */
static struct json cut_list(const struct json *list, const struct span *span, size_t *position)
{
    size_t first = *position;
    size_t begin = span->begin > first ? span->begin - first : 0;
    size_t end = span->end > first ? span->end - first : 0;
    *position += list->count;
    begin = begin < list->count ? begin : list->count;
    end = end < list->count ? end : list->count;
    return json_array(list->items + begin, end - begin);
}

static void add_paging(struct arena *arena, const struct operation *operation, const struct span *span, int64_t limit,
                       struct json_builder *page)
{
    bool more = span->end < span->total;
    if (operation->more_results)
        json_build_set(page, str_from(operation->more_results), json_boolean(more));
    if (more)
        json_build_set(page, str_from(operation->output_token),
                       json_string(str_format(arena, TOKEN_PREFIX "%zu", span->end)));
    if (shape_member_named(operation->output, STR("KeyCount")))
        json_build_set(page, STR("KeyCount"), json_number((double)(span->end - span->begin)));
    if (shape_member_named(operation->output, STR("MaxKeys")))
        json_build_set(page, STR("MaxKeys"), json_number(limit ? (double)limit : 1000));
}

bool paging_cut(struct arena *arena, const struct operation *operation, const struct json *joined, struct str token,
                int64_t limit, const struct json **ret)
{
    struct str names[MAX_LISTS];
    size_t list_count = list_names(operation, names);
    struct span span = {.total = 0};
    if (!operation->input_token || !json_is(joined, JSON_OBJECT)) {
        *ret = joined;
        return token.len == 0;
    }
    for (size_t i = 0; i < list_count; i++) {
        const struct json *list = json_get(joined, names[i]);
        span.total += json_is(list, JSON_ARRAY) ? list->count : 0;
    }
    if (!parse_token(token, span.total, &span.begin))
        return false;
    span.end = limit && (size_t)limit < span.total - span.begin ? span.begin + (size_t)limit : span.total;
    struct json_builder page = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < joined->count; i++)
        json_build_append(&page, joined->members[i].name, joined->members[i].value);
    size_t position = 0;
    for (size_t i = 0; i < list_count; i++) {
        const struct json *list = json_get(joined, names[i]);
        if (json_is(list, JSON_ARRAY))
            json_build_set(&page, names[i], cut_list(list, &span, &position));
    }
    add_paging(arena, operation, &span, limit, &page);
    *ret = json_box(arena, json_built(&page));
    return true;
}
