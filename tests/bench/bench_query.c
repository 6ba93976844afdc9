/*
 * bench_query.c: what compiling a rule set's worth of expressions costs, and what evaluating
 * costs. Prints microseconds; run by hand, from a release build.
 */
#include "query/query.h"

#include <stdio.h>
#include <time.h>

/** Expressions as facts and rules have them. */
static const char *const expressions[] = {
    "Exports[].ExportArn",
    "export.include_resources",
    "exports.all[?name == root().target.export_name] | [0]",
    "{account: Account, arn: Arn}",
    "export && export.overwrite == 'OVERWRITE_REPORT' && export.format != 'TEXT_OR_CSV'",
    ("Export.{name: Name, bucket: DestinationConfigurations.S3Destination.S3Bucket, prefix: "
     "DestinationConfigurations.S3Destination.S3Prefix}"),
    "bucket.policy.Statement[?Effect == 'Deny' && contains(to_array(Action), 's3:PutObject')].Sid",
    "matches(target.prefix, '^[A-Za-z0-9/_-]+$')",
    "days_since(export.created) > `2`",
    "parse_arn(caller.arn).resource_type == 'user'",
};

enum { SET = 300, ROUNDS = 200 };

static double microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/** Compiles SET expressions; the best of ROUNDS rounds. */
static double compile_set(void)
{
    double best = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        struct arena *arena = arena_open(0);
        double begin = microseconds();
        for (size_t i = 0; i < SET; i++) {
            const struct query *query;
            struct error error;
            if (!query_compile(arena, str_from(expressions[i % COUNT_OF(expressions)]), &query, &error))
                printf("%s\n", error.text);
        }
        double taken = microseconds() - begin;
        best = taken < best ? taken : best;
        arena_close(arena);
    }
    return best;
}

/** An array of `count` objects such as a listing has. */
static const struct json *listing(struct arena *arena, int count)
{
    struct json_builder array = json_build(arena, JSON_ARRAY);
    for (int i = 0; i < count; i++) {
        struct json_builder object = json_build(arena, JSON_OBJECT);
        json_build_append(&object, STR("Key"), json_string(str_format(arena, "cur2/part-%d.parquet", i)));
        json_build_append(&object, STR("Size"), json_number(i % 1000));
        json_build_add(&array, json_built(&object));
    }
    return json_box(arena, json_built(&array));
}

static void evaluate(const char *expression, const struct json *value, size_t count)
{
    struct arena *arena = arena_open(0);
    const struct query *query;
    const struct json *result;
    struct error error;
    double begin = microseconds();
    if (!query_compile(arena, str_from(expression), &query, &error) ||
        !query_evaluate(query, value, NULL, arena, &result, &error))
        printf("%s\n", error.text);
    printf("%-40s %6.0f ns an item\n", expression, (microseconds() - begin) * 1000 / (double)count);
    arena_close(arena);
}

int main(void)
{
    static const char *const over_listing[] = {
        "[?Size == `7`].Key",
        "[].{k: Key, s: Size}",
        "sort_by(@, &Size)",
        "[?glob(Key, '*7.parquet')]",
        "[?matches(Key, '7[.]parquet$')]",
        "sum([].Size)",
    };
    enum { ITEMS = 200000 };
    struct arena *arena = arena_open(0);
    const struct json *value = listing(arena, ITEMS);
    for (size_t i = 0; i < COUNT_OF(over_listing); i++)
        evaluate(over_listing[i], value, ITEMS);
    arena_close(arena);
    printf("compile %d expressions: %.0f us\n", SET, compile_set());
    return 0;
}
