/*
 * fuzz_query.c: whatever the expression, compiling and evaluating it end; its chains are found; a
 * result is well-formed JSON, and the same when asked again.
 */
#include "query/evaluate.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct str document_text = STR_INIT(
    "{\"a\": [{\"b\": 1, \"c\": \"x\"}, {\"b\": 2, \"c\": null}, {\"b\": [[1], [2, [3]]]}], \"n\": -1.5, \"t\": true,"
    " \"s\": \"h\\u00e9\\ud83d\\ude00\", \"arn\": \"arn:aws:iam::123456789012:user/u\", \"z\": null, \"o\": {\"k\": {}}}");

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void evaluate(struct arena *arena, const struct query *query, const struct json *document)
{
    const struct evaluation_limits limits = {1 << 20, 1 << 16}; /* reached sooner, so tried sooner */
    const struct query_scope scope = {.item = &json_true, .now = 1795341600};
    const struct json *first;
    const struct json *second;
    const struct json *again;
    struct error error;
    if (!evaluate_within(query, document, &scope, &limits, arena, &first, &error)) {
        require(error.code[0] != '\0');
        return;
    }
    require(evaluate_within(query, document, &scope, &limits, arena, &second, &error));
    struct str text = json_text(arena, first, 0);
    require(str_equal(text, json_text(arena, second, 0)));
    const struct json_limits deep = {(size_t)1 << 30, 2000}; /* lists in lists go deeper than files may */
    require(json_parse(arena, STR("result"), text, &deep, &again, &error));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    struct str expression = {(const char *)data, (ptrdiff_t)size};
    const struct json *document;
    const struct query *query;
    struct error error;
    require(json_parse(arena, STR("document"), document_text, &json_limits_default, &document, &error));
    if (query_compile(arena, expression, &query, &error)) {
        size_t count;
        const struct query_chain *chains = query_chains(query, arena, &count);
        for (size_t i = 0; i < count; i++)
            require(chains[i].dynamic == (chains[i].count == 0));
        evaluate(arena, query, document);
    }
    arena_close(arena);
    return 0;
}
