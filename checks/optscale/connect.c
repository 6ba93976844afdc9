/* connect.c: the kind `connect`: what OptScale would do when the data source is connected
 * (engine/optscale/connect/connect.h).
 */
#include "checks/optscale/model.h"

struct connect_check {
    struct str scheme;
    struct model_parts parts;
    const struct expression *finds; /* the name of the report that has to be found; NULL, or null: any */
};

static const struct str schemes[] = {STR_INIT("find_report"), STR_INIT("create_report"), STR_INIT("bucket_only")};

static bool load(struct loader *loader, const struct json *definition, void **ret)
{
    static const struct field fields[] = {
        {"kind", FIELD_STRING, true}, {"scheme", FIELD_STRING, true}, {"finds", FIELD_STRING, false}, MODEL_FIELDS};
    struct connect_check *check = arena_new(loader->arena, struct connect_check);
    if (!loader_fields(loader, definition, "a check of kind connect", fields, COUNT_OF(fields)) ||
        !loader_expression(loader, json_find(definition, "finds"), &check->finds))
        return false;
    const struct json *scheme = json_find(definition, "scheme");
    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        if (str_equal(schemes[i], scheme->string))
            check->scheme = schemes[i];
    }
    if (check->scheme.len == 0)
        return loader_unknown(loader, scheme, "scheme", scheme->string, schemes, COUNT_OF(schemes));
    *ret = check;
    return model_parts_load(loader, definition,
                            str_equal(check->scheme, STR("bucket_only")) ? MODEL_OF_FILES : MODEL_OF_REPORTS,
                            &check->parts);
}

static void judge_found(const struct connect_check *check, const struct judging *judging,
                        const struct optscale_connection *connection, struct judgement *ret)
{
    struct evaluated wanted = expression_evaluate(check->finds, &judging->scope, judging->arena);
    if (judge_unread(judging, &wanted, ret))
        return;
    struct str found = connection->config.report_name.value;
    bool same = !json_is(wanted.value, JSON_STRING) || str_equal(wanted.value->string, found);
    *ret = (struct judgement){
        .verdict = same ? VERDICT_PASS : VERDICT_FAIL,
        .message = str_format(judging->arena, "OptScale will take '%.*s'", STR_ARG(found)),
        .expected = wanted.value,
        .actual = json_box(judging->arena, json_string(found)),
    };
}

static void judge(const void *data, const struct judging *judging, struct judgement *ret)
{
    const struct connect_check *check = data;
    struct optscale_model model;
    struct optscale_connection connection;
    if (!model_make(&check->parts, judging, &model, ret))
        return;
    model.config.scheme = (struct optscale_text){true, check->scheme};
    optscale_connect(judging->arena, &model.account, &model.config, model.build, &connection);
    struct json_builder optscale = json_build(judging->arena, JSON_OBJECT);
    json_build_append(&optscale, STR("connect"), model_outcome(judging->arena, connection.ok, &connection.failure));
    if (connection.ok && check->finds) {
        judge_found(check, judging, &connection, ret);
    } else {
        ret->verdict = connection.ok ? VERDICT_PASS : VERDICT_FAIL;
        ret->message = connection.ok
                           ? STR("connecting will succeed")
                           : str_format(judging->arena, "connecting will fail: %.*s",
                                        STR_ARG(optscale_failure_reason(judging->arena, &connection.failure)));
    }
    ret->optscale = json_box(judging->arena, json_built(&optscale));
}

const struct check_kind check_connect = {"connect", "what OptScale does when the data source is connected", load, judge,
                                         NULL};
