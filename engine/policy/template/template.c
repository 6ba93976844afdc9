/* template.c: see template.h. */
#include "policy/template/template.h"

#include "policy/language/resource_type.h"

enum { FILLED_MAX = 64 * 1024, DEPTH_MAX = 16 };

/* ---- Reading and filling in ---- */

bool template_read(struct arena *arena, struct str file, struct str text, struct template *ret, struct error *error)
{
    const struct json *document;
    if (!json_parse(arena, file, text, &json_limits_default, &document, error))
        return false;
    struct str attach = json_find_string(document, "attach");
    struct template template = {
        .name = json_find_string(document, "name"),
        .title = json_find_string(document, "title"),
        .source = json_find_string(document, "source"),
        .on_bucket = str_equal(attach, STR("bucket")),
        .policy = json_find(document, "policy"),
    };
    if (!template.name.len || !template.title.len || !json_is(template.policy, JSON_OBJECT))
        return error_set(error, ERROR_INPUT, "%.*s: a template has name, title and policy", STR_ARG(file));
    if (!template.on_bucket && !str_equal(attach, STR("identity")) && !str_equal(attach, STR("trust")))
        return error_set(error, ERROR_INPUT, "%.*s: attach is \"bucket\", \"identity\" or \"trust\"", STR_ARG(file));
    *ret = template;
    return true;
}

struct filler {
    struct arena *arena;
    const struct template_value *values;
    size_t count;
    struct error *error;
    bool failed;
};

static void fill_blank(struct filler *filler, struct str name, struct buf *out)
{
    for (size_t i = 0; i < filler->count; i++)
        if (str_equal(filler->values[i].name, name) && filler->values[i].value.len) {
            buf_add(out, filler->values[i].value);
            return;
        }
    if (!filler->failed)
        error_set(filler->error, ERROR_INPUT, "the policy needs a value for {%.*s}", STR_ARG(name));
    filler->failed = true;
}

static struct str fill_text(struct filler *filler, struct str text)
{
    struct buf out = buf_make(filler->arena, FILLED_MAX);
    for (ptrdiff_t at = 0; at < text.len;) {
        ptrdiff_t open = str_find_char(text, '{', at);
        ptrdiff_t close = open < 0 ? -1 : str_find_char(text, '}', open);
        if (close < 0) {
            buf_add(&out, str_skip(text, at));
            break;
        }
        buf_add(&out, str_slice(text, at, open));
        if (open > 0 && text.ptr[open - 1] == '$')
            buf_add(&out, str_slice(text, open, close + 1));
        else
            fill_blank(filler, str_slice(text, open + 1, close), &out);
        at = close + 1;
    }
    return buf_str(&out);
}

// NOLINTNEXTLINE(misc-no-recursion): DEPTH_MAX
static struct json fill_value(struct filler *filler, const struct json *value, int depth)
{
    if (value->type == JSON_STRING)
        return json_string(fill_text(filler, value->string));
    if ((value->type != JSON_ARRAY && value->type != JSON_OBJECT) || depth == DEPTH_MAX)
        return *value;
    struct json_builder built = json_build(filler->arena, value->type);
    for (size_t i = 0; i < value->count; i++) {
        if (value->type == JSON_ARRAY)
            json_build_add(&built, fill_value(filler, &value->items[i], depth + 1));
        else
            json_build_append(&built, value->members[i].name, fill_value(filler, &value->members[i].value, depth + 1));
    }
    return json_built(&built);
}

bool template_fill(struct arena *arena, const struct template *template, const struct template_value *values,
                   size_t count, const struct json **ret, struct error *error)
{
    struct filler filler = {arena, values, count, error, false};
    struct json filled = fill_value(&filler, template->policy, 0);
    if (filler.failed)
        return error_wrap(error, "%.*s", STR_ARG(template->name));
    *ret = json_box(arena, filled);
    return true;
}

/* ---- Statements by Sid ---- */

static bool has_sid(const struct json *policy, struct str sid, struct error *error)
{
    const struct json *statements = json_find(policy, "Statement");
    for (size_t i = 0; json_is(statements, JSON_ARRAY) && i < statements->count; i++)
        if (str_equal(json_find_string(&statements->items[i], "Sid"), sid))
            return true;
    return error_set(error, ERROR_INPUT, "the policy has no statement \"%.*s\"", STR_ARG(sid));
}

static bool is_listed(struct str sid, const struct str *sids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(sid, sids[i]))
            return true;
    return false;
}

static const struct json *with_statements(struct arena *arena, const struct json *policy, struct json statements)
{
    struct json_builder built = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < policy->count; i++)
        json_build_set(&built, policy->members[i].name, policy->members[i].value);
    json_build_set(&built, STR("Statement"), statements);
    return json_box(arena, json_built(&built));
}

bool template_select(struct arena *arena, const struct json *policy, const struct str *sids, size_t count,
                     const struct json **ret, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!has_sid(policy, sids[i], error))
            return false;
    const struct json *statements = json_find(policy, "Statement");
    struct json_builder chosen = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; count && i < statements->count; i++)
        if (is_listed(json_find_string(&statements->items[i], "Sid"), sids, count))
            json_build_add(&chosen, statements->items[i]);
    *ret = with_statements(arena, policy, json_built(&chosen));
    return true;
}

bool template_narrow(struct arena *arena, const struct json *policy, struct str sid, const struct str *resources,
                     size_t count, const struct json **ret, struct error *error)
{
    if (!has_sid(policy, sid, error))
        return false;
    const struct json *statements = json_find(policy, "Statement");
    struct json_builder list = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < count; i++)
        json_build_add(&list, json_string(resources[i]));
    struct json_builder narrowed = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < statements->count; i++) {
        const struct json *statement = &statements->items[i];
        struct json_builder built = json_build(arena, JSON_OBJECT);
        for (size_t m = 0; m < statement->count; m++)
            json_build_append(&built, statement->members[m].name, statement->members[m].value);
        if (str_equal(json_find_string(statement, "Sid"), sid))
            json_build_set(&built, STR("Resource"), count == 1 ? json_string(resources[0]) : json_built(&list));
        json_build_add(&narrowed, json_built(&built));
    }
    *ret = with_statements(arena, policy, json_built(&narrowed));
    return true;
}

/* ---- Requests ---- */

/* Services that deliver exports, and the service that their aws:SourceArn names (facts of the delivery policies). */
static const struct {
    struct str principal;
    struct str source;
    bool legacy;
} delivering[] = {
    {STR_INIT("bcm-data-exports.amazonaws.com"), STR_INIT("bcm-data-exports"), false},
    {STR_INIT("billingreports.amazonaws.com"), STR_INIT("cur"), true},
};

struct texts {
    struct str *items;
    size_t count;
};

/* A text, or a list of texts, as a list. */
static struct texts texts_of(struct arena *arena, const struct json *value)
{
    struct texts texts = {NULL, 0};
    size_t count = json_is(value, JSON_ARRAY) ? value->count : json_is(value, JSON_STRING);
    texts.items = arena_array(arena, struct str, count);
    for (size_t i = 0; i < count; i++) {
        const struct json *item = value->type == JSON_ARRAY ? &value->items[i] : value;
        if (item->type == JSON_STRING)
            texts.items[texts.count++] = item->string;
    }
    return texts;
}

static bool is_wild(struct str text)
{
    return str_find_char(text, '*', 0) >= 0 || str_find_char(text, '?', 0) >= 0;
}

struct part_maker {
    struct arena *arena;
    const struct template_asker *asker;
    struct request_part *parts;
    size_t count;
};

/* The values that a service sends for a key of the condition; of aws:SourceArn its own kind alone. */
static struct texts values_for(struct arena *arena, struct str service, struct str key, const struct json *values)
{
    struct texts texts = texts_of(arena, values);
    struct str source = STR("");
    for (size_t i = 0; i < COUNT_OF(delivering); i++)
        if (str_equal(delivering[i].principal, service))
            source = delivering[i].source;
    if (!source.len || !str_equal_nocase(key, STR("aws:SourceArn")))
        return texts;
    size_t kept = 0;
    for (size_t i = 0; i < texts.count; i++)
        if (str_equal(arn_part(texts.items[i], 2), source))
            texts.items[kept++] = texts.items[i];
    texts.count = kept;
    return texts;
}

static bool sends_literally(const struct part_maker *maker, struct str principal)
{
    for (size_t i = 0; i < COUNT_OF(delivering); i++)
        if (str_equal(delivering[i].principal, principal))
            return delivering[i].legacy && !maker->asker->legacy_sends_report;
    return false;
}

/* The keys that a statement's conditions speak of, as what the requests bring. */
static struct request_key *condition_keys(const struct part_maker *maker, const struct json *statement,
                                          struct str principal, size_t *ret_count)
{
    const struct json *condition = json_find(statement, "Condition");
    size_t most = 0;
    for (size_t i = 0; json_is(condition, JSON_OBJECT) && i < condition->count; i++)
        most += condition->members[i].value.count;
    struct request_key *keys = arena_array(maker->arena, struct request_key, most);
    size_t count = 0;
    for (size_t i = 0; json_is(condition, JSON_OBJECT) && i < condition->count; i++) {
        const struct json *keys_of = &condition->members[i].value;
        for (size_t k = 0; json_is(keys_of, JSON_OBJECT) && k < keys_of->count; k++) {
            struct str name = keys_of->members[k].name;
            struct texts values = values_for(maker->arena, principal, name, &keys_of->members[k].value);
            if (values.count == 0)
                continue;
            bool fixed = values.count == 1 && (!is_wild(values.items[0]) || sends_literally(maker, principal));
            keys[count++] = (struct request_key){.name = name,
                                                 .kind = fixed ? KEY_FIXED : KEY_RANGES,
                                                 .values = values.items,
                                                 .value_count = values.count};
        }
    }
    *ret_count = count;
    return keys;
}

static bool is_within(struct str resource, struct str whole)
{
    struct str rest = str_skip(resource, whole.len);
    return str_starts(resource, whole) && (rest.len == 0 || rest.ptr[0] == '/');
}

/* The resource that all of them are, or lie in: a bucket, beside its objects. Empty: there is none. */
static struct str common_resource(struct texts resources)
{
    for (size_t i = 0; i < resources.count; i++) {
        size_t within = 0;
        for (size_t k = 0; k < resources.count; k++)
            within += is_within(resources.items[k], resources.items[i]);
        if (within == resources.count)
            return resources.items[i];
    }
    return STR("");
}

/* A part for each action: what is known of a request depends on what is asked. */
static void add_parts(struct part_maker *maker, const struct json *statement, struct str principal)
{
    static const struct request_source nothing = {0};
    struct texts actions = texts_of(maker->arena, json_find(statement, "Action"));
    struct texts resources = texts_of(maker->arena, json_find(statement, "Resource"));
    struct request_part part = {
        .principal = principal,
        .action_count = 1,
        .resources = resources.items,
        .resource_count = resources.count,
        .resource_account = maker->asker->resource_account,
    };
    struct request_source source = maker->asker->told ? *maker->asker->told : nothing;
    source.principal = principal;
    source.resource_account = maker->asker->resource_account;
    source.resource = common_resource(resources);
    size_t count;
    struct request_key *keys = condition_keys(maker, statement, principal, &count);
    for (size_t i = 0; i < actions.count; i++) {
        part.actions = &actions.items[i];
        source.action = actions.items[i];
        request_keys(maker->arena, &source, keys, count, &part.keys, &part.key_count);
        maker->parts[maker->count++] = part;
    }
}

void template_requests(struct arena *arena, const struct json *policy, const struct template_asker *asker,
                       struct request_set *ret)
{
    const struct json *statements = json_find(policy, "Statement");
    size_t most = 0;
    for (size_t i = 0; json_is(statements, JSON_ARRAY) && i < statements->count; i++)
        most += texts_of(arena, json_find(&statements->items[i], "Action")).count *
                (1 + texts_of(arena, json_find(json_find(&statements->items[i], "Principal"), "Service")).count);
    struct part_maker maker = {arena, asker, arena_array(arena, struct request_part, most), 0};
    for (size_t i = 0; json_is(statements, JSON_ARRAY) && i < statements->count; i++) {
        const struct json *statement = &statements->items[i];
        if (!str_equal(json_find_string(statement, "Effect"), STR("Allow")))
            continue;
        struct texts services = texts_of(arena, json_find(json_find(statement, "Principal"), "Service"));
        for (size_t s = 0; s < services.count; s++)
            add_parts(&maker, statement, services.items[s]);
        if (services.count == 0)
            add_parts(&maker, statement, asker->principal);
    }
    *ret = (struct request_set){maker.parts, maker.count};
}

struct prove_result template_granted(struct arena *arena, const struct prove_environment *environment,
                                     const struct json *policy, const struct template_asker *asker)
{
    struct template_asker other = *asker;
    other.legacy_sends_report = !asker->legacy_sends_report;
    struct request_set set;
    struct request_set with_other;
    template_requests(arena, policy, asker, &set);
    template_requests(arena, policy, &other, &with_other);
    struct prove_result result = {.verdict = PROVE_PROVED};
    for (size_t i = 0; i < set.count; i++) {
        struct prove_result part = prove_grants(arena, environment, &(struct request_set){&set.parts[i], 1});
        if (part.reason == PROVE_REASON_EMPTY) /* of a statement for several types of resources */
            continue;
        if (part.verdict != PROVE_PROVED && str_equal(set.parts[i].principal, delivering[1].principal)) {
            struct prove_result second =
                prove_grants(arena, environment, &(struct request_set){&with_other.parts[i], 1});
            part = second.verdict == PROVE_PROVED ? second : part;
        }
        if (part.verdict == PROVE_REFUTED)
            return part;
        if (part.verdict == PROVE_UNDECIDED && result.verdict == PROVE_PROVED)
            result = part;
        result.steps += part.steps;
    }
    return result;
}
