/*
 * roundtrip_test.c: decode(encode(x)) == x for every operation of the table, over generated
 * values of every shape: requests, answers whole and in pages, errors.
 */
#include "aws/protocol/module.h"
#include "aws/protocol/paging.h"
#include "aws/protocol/protocol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#define ROUNDS 12
#define SEED 0x9E3779B97F4A7C15U

/* What may be generated depends on where it goes: XML has no empty string but null, headers have no line's end. */
enum place { PLACE_JSON, PLACE_XML, PLACE_HEADER, PLACE_FORM };

struct generator {
    struct arena *arena;
    uint64_t state;
    enum place place;
};

static unsigned pick(struct generator *g, unsigned bound)
{
    g->state ^= g->state << 13; /* xorshift64 */
    g->state ^= g->state >> 7;
    g->state ^= g->state << 17;
    return (unsigned)(g->state >> 33) % bound;
}

static struct json make_string(struct generator *g)
{
    static const char *const plain[] = {"a",   "Zebra", "0",   "key/with/slash", "a+b c", "100%", "%41", "=&?#",
                                        "x:y", "ü",     "日本"};
    static const char *const wild[] = {"<&>\"'", "\r\n", "\t", "]]>", " ", "\xF0\x9F\x98\x80", "line\nline"};
    struct buf text = buf_make(g->arena, 1000);
    unsigned pieces = 1 + pick(g, 3);
    buf_add_c(&text, plain[pick(g, COUNT_OF(plain))]); /* not only blanks */
    for (unsigned i = 1; i < pieces; i++)
        buf_add_c(&text, g->place != PLACE_HEADER && pick(g, 2) ? wild[pick(g, COUNT_OF(wild))]
                                                                : plain[pick(g, COUNT_OF(plain))]);
    return json_string(buf_str(&text));
}

static struct json make_document(struct generator *g)
{
    struct json_builder object = json_build(g->arena, JSON_OBJECT);
    struct json_builder list = json_build(g->arena, JSON_ARRAY);
    json_build_add(&list, make_string(g));
    json_build_add(&list, json_number(pick(g, 1000)));
    json_build_append(&object, STR("Version"), json_string(STR("2012-10-17")));
    json_build_append(&object, STR("Statement"), json_built(&list));
    json_build_append(&object, STR("x"), make_string(g));
    return json_built(&object);
}

static struct json make_scalar(struct generator *g, const struct shape *shape)
{
    switch (shape->kind) {
    case SHAPE_INTEGER: return json_number((double)pick(g, 2000000000) * (pick(g, 2) ? 1 : -4000000));
    case SHAPE_DOUBLE: return json_number((double)pick(g, 1000000) / 128.0);
    case SHAPE_BOOLEAN: return json_boolean(pick(g, 2));
    case SHAPE_TIMESTAMP:
        return g->place == PLACE_JSON && pick(g, 2) ? json_number(1765537221.5)
                                                    : json_string(STR("2026-11-22T10:00:00.000Z"));
    case SHAPE_POLICY:
    case SHAPE_POLICY_ENCODED:
    case SHAPE_DOCUMENT: return make_document(g);
    default: return g->place == PLACE_JSON && pick(g, 8) == 0 ? json_string(STR("")) : make_string(g);
    }
}

static struct json make_value(struct generator *g, const struct shape *shape, int depth);

static struct json make_list(struct generator *g, const struct shape *shape, int depth)
{
    struct json_builder list = json_build(g->arena, JSON_ARRAY);
    bool may_be_empty = !shape->flattened && g->place != PLACE_HEADER && g->place != PLACE_FORM;
    unsigned count = depth > 12 && may_be_empty ? 0 : pick(g, 4) + (may_be_empty ? 0 : 1);
    for (unsigned i = 0; i < count; i++) {
        /* A comma would be two items in a header. */
        struct json item =
            g->place == PLACE_HEADER ? json_string(STR("RestoreStatus")) : make_value(g, shape->item, depth + 1);
        json_build_add(&list, item);
    }
    return json_built(&list);
}

static struct json make_map(struct generator *g, const struct shape *shape, int depth)
{
    static const char *const keys[] = {"alpha", "beta-2", "gamma"};
    struct json_builder map = json_build(g->arena, JSON_OBJECT);
    unsigned count = 1 + pick(g, COUNT_OF(keys));
    for (unsigned i = 0; i < count; i++)
        json_build_append(&map, str_from(keys[i]), make_value(g, shape->item, depth + 1));
    return json_built(&map);
}

static bool may_be_null(const struct generator *g, const struct shape *shape)
{
    if (g->place == PLACE_JSON)
        return true;
    return g->place == PLACE_XML && shape->kind != SHAPE_LIST && shape->kind != SHAPE_MAP;
}

/* Required members, and others by chance; at least one, since an empty element is null. */
static struct json make_structure(struct generator *g, const struct shape *shape, const struct operation *paged,
                                  int depth)
{
    struct json_builder object = json_build(g->arena, JSON_OBJECT);
    enum place place = g->place;
    size_t certain = shape->member_count ? pick(g, (unsigned)shape->member_count) : 0;
    for (size_t i = 0; i < shape->member_count; i++) {
        const struct shape_member *member = &shape->members[i];
        bool wanted = member->required || i == certain || (depth < 6 && pick(g, 3) != 0);
        if (!wanted || (paged && paging_is_member(paged, str_from(member->name))))
            continue;
        if (member->location != LOCATION_BODY)
            g->place = member->location == LOCATION_HEADER ? PLACE_HEADER : PLACE_FORM;
        bool null = !paged && !member->attribute && may_be_null(g, member->shape) && pick(g, 9) == 0;
        json_build_append(&object, str_from(member->name), null ? json_null : make_value(g, member->shape, depth + 1));
        g->place = place;
    }
    return json_built(&object);
}

static struct json make_value(struct generator *g, const struct shape *shape, int depth)
{
    if (shape->kind == SHAPE_STRUCTURE)
        return make_structure(g, shape, NULL, depth);
    if (shape->kind == SHAPE_LIST)
        return make_list(g, shape, depth);
    if (shape->kind == SHAPE_MAP)
        return make_map(g, shape, depth);
    return make_scalar(g, shape);
}

static enum place place_of(enum protocol protocol, bool answer)
{
    if (protocol == PROTOCOL_JSON || protocol == PROTOCOL_REST_JSON)
        return PLACE_JSON;
    return answer ? PLACE_XML : PLACE_FORM;
}

/* The whole of an answer; an object's content is not part of a value. */
static const struct json *make_answer(struct generator *g, const struct operation *operation)
{
    g->place = place_of(operation->service->protocol, true);
    struct json value = make_structure(g, operation->output, operation, 0);
    const struct shape_member *payload =
        operation->payload ? shape_member_named(operation->output, str_from(operation->payload)) : NULL;
    struct json_builder object = json_build(g->arena, JSON_OBJECT);
    for (size_t i = 0; i < value.count; i++) {
        if (!payload || !str_equal(value.members[i].name, str_from(payload->name)))
            json_build_append(&object, value.members[i].name, value.members[i].value);
    }
    if (payload && payload->shape->kind != SHAPE_BLOB)
        json_build_append(&object, str_from(payload->name), make_value(g, payload->shape, 0));
    return json_box(g->arena, json_built(&object));
}

static const struct json *make_parameters(struct generator *g, const struct operation *operation)
{
    g->place = place_of(operation->service->protocol, false);
    static const struct shape nothing = {.kind = SHAPE_STRUCTURE};
    static const struct operation unpaged = {.name = ""};
    const struct shape *input = operation->input ? operation->input : &nothing;
    return json_box(g->arena, make_structure(g, input, operation->input_token ? operation : &unpaged, 0));
}

static void assert_same(struct arena *arena, const struct operation *operation, const struct json *expected,
                        const struct json *found)
{
    if (json_equal(expected, found))
        return;
    print_error("%s:%s\nexpected %.*s\nfound    %.*s\n", operation->service->id, operation->name,
                STR_ARG(json_text(arena, expected, 0)), STR_ARG(json_text(arena, found, 0)));
    fail();
}

static void for_every_operation(void (*check)(struct generator *, const struct operation *))
{
    size_t count;
    const struct operation *rows = operation_rows(&count);
    struct generator generator = {.state = SEED};
    for (size_t i = 0; i < count; i++) {
        for (int round = 0; round < ROUNDS; round++) {
            generator.arena = arena_open(0);
            check(&generator, &rows[i]);
            arena_close(generator.arena);
        }
    }
}

/* ---------------------------------------------------------------- the properties */

static struct asked ask(struct generator *g, const struct call *call, struct str token)
{
    struct wire_request request;
    struct asked asked;
    struct error error = {.code = ""};
    if (!protocol_encode_request(g->arena, call, token, &request, &error) ||
        !protocol_decode_request(g->arena, &request, &asked, &error))
        fail_msg("%s: %s", call->operation->name, error.text);
    asked.request_id = STR("request-1");
    return asked;
}

static void check_request(struct generator *g, const struct operation *operation)
{
    struct call call = {.operation = operation, .parameters = make_parameters(g, operation)};
    struct str token = operation->input_token && pick(g, 2) ? STR("token/+=") : STR("");
    struct asked asked = ask(g, &call, token);
    assert_ptr_equal(asked.operation, operation);
    assert_true(str_equal(asked.page_token, token));
    assert_int_equal(asked.limit, operation->page_size);
    assert_same(g->arena, operation, call.parameters, asked.parameters);
}

static void check_pages(struct generator *g, const struct operation *operation, int64_t limit)
{
    const struct json *expected = make_answer(g, operation);
    struct call call = {.operation = operation, .parameters = make_parameters(g, operation)};
    struct pager *pager = pager_open(g->arena, &call, 0);
    bool more = true;
    while (more) {
        struct asked asked = ask(g, &call, pager_token(pager));
        struct answer page = {.http_status = 200};
        assert_true(paging_cut(g->arena, operation, expected, asked.page_token, limit, &page.value));
        struct wire_answer wire = protocol_encode_answer(g->arena, &asked, &page);
        struct answer decoded = protocol_decode_answer(g->arena, &call, &wire);
        if (decoded.code.len > 0)
            fail_msg("%s: %.*s\n%.*s", operation->name, STR_ARG(decoded.message), STR_ARG(wire.body));
        more = pager_add(pager, &decoded);
    }
    struct answer joined = pager_answer(pager);
    assert_non_null(joined.value);
    assert_same(g->arena, operation, expected, joined.value);
}

static void check_answer(struct generator *g, const struct operation *operation)
{
    check_pages(g, operation, 0);
}

static void check_answer_in_pages(struct generator *g, const struct operation *operation)
{
    check_pages(g, operation, 1 + pick(g, 3));
}

static void check_error(struct generator *g, const struct operation *operation)
{
    static const int statuses[] = {400, 403, 404, 409, 412, 500, 503};
    bool head = strcmp(operation->method, "HEAD") == 0;
    struct call call = {.operation = operation, .parameters = make_parameters(g, operation)};
    struct asked asked = ask(g, &call, STR(""));
    struct answer answer = {.http_status = statuses[pick(g, COUNT_OF(statuses))]};
    answer.code = head ? str_format(g->arena, "%d", answer.http_status) : STR("SomeException");
    g->place = PLACE_XML;
    answer.message = make_string(g).string;
    struct wire_answer wire = protocol_encode_answer(g->arena, &asked, &answer);
    struct answer decoded = protocol_decode_answer(g->arena, &call, &wire);
    assert_null(decoded.value);
    assert_true(str_equal(decoded.code, answer.code));
    assert_int_equal(decoded.http_status, answer.http_status);
    if (!head)
        assert_true(str_equal(decoded.message, answer.message));
    answer = (struct answer){.code = STR(ANSWER_NOT_IN_SNAPSHOT), .http_status = 404};
    wire = protocol_encode_answer(g->arena, &asked, &answer);
    decoded = protocol_decode_answer(g->arena, &call, &wire);
    assert_true(str_equal(decoded.code, answer.code));
}

static void every_request_is_read_back(void **state)
{
    (void)state;
    for_every_operation(check_request);
}

static void every_answer_is_read_back(void **state)
{
    (void)state;
    for_every_operation(check_answer);
}

static void every_answer_is_read_back_from_pages(void **state)
{
    (void)state;
    for_every_operation(check_answer_in_pages);
}

static void every_error_is_read_back(void **state)
{
    (void)state;
    for_every_operation(check_error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request_is_read_back),
        cmocka_unit_test(every_answer_is_read_back),
        cmocka_unit_test(every_answer_is_read_back_from_pages),
        cmocka_unit_test(every_error_is_read_back),
    };
    print_message("seed %#llx, %d rounds an operation\n", (unsigned long long)SEED, ROUNDS);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
