/* asked.c: rehearses OptScale's connect and import, and hands its requests to the prover. */
#include "checks/grants/asked.h"

#include "checks/optscale/model.h"
#include "optscale/connect/asks.h"
#include "optscale/model/answers.h"

struct grants_asked {
    struct model_parts parts;
    struct str scheme; /* empty: as the target says */
};

bool grants_asked_load(struct loader *loader, const struct json *source, struct grants_asked **ret)
{
    static const struct str subjects[] = {STR_INIT("bucket")};
    const struct json *subject = json_find(source, "optscale");
    if (!str_equal(subject->string, subjects[0]))
        return loader_unknown(loader, subject, "part of what OptScale asks", subject->string, subjects, 1);
    struct grants_asked *asked = arena_new(loader->arena, struct grants_asked);
    asked->scheme = json_find_string(source, "scheme");
    *ret = asked;
    return model_parts_load(loader, source, MODEL_OF_REHEARSAL, &asked->parts);
}

struct collecting {
    struct arena *arena;
    struct str bucket;
    struct optscale_requests to_come;
    struct asked_request *items;
    size_t count;
};

static void set_key(struct arena *arena, struct request_key *key, const char *name, struct str value, bool is_pattern)
{
    struct str *values = arena_array(arena, struct str, 1);
    values[0] = value;
    *key = (struct request_key){.name = str_from(name),
                                .kind = value.len == 0 ? KEY_ABSENT
                                        : is_pattern   ? KEY_RANGES
                                                       : KEY_FIXED,
                                .values = values,
                                .value_count = value.len > 0};
}

/* An empty prefix is sent as such; a delimiter or a number of keys that is not asked for is not. */
static void set_listing_keys(struct arena *arena, const struct optscale_request *request, struct asked_request *ret)
{
    enum { PREFIX, DELIMITER, MAX_KEYS, KEY_COUNT };
    struct request_key *keys = arena_array(arena, struct request_key, KEY_COUNT);
    struct str number = request->max_keys ? str_format(arena, "%d", request->max_keys) : STR("");
    set_key(arena, &keys[PREFIX], "s3:prefix", request->key, request->is_pattern);
    set_key(arena, &keys[DELIMITER], "s3:delimiter", request->delimiter, false);
    set_key(arena, &keys[MAX_KEYS], "s3:max-keys", number, false);
    if (request->key.len == 0) {
        keys[PREFIX].kind = KEY_FIXED;
        keys[PREFIX].value_count = 1;
    }
    ret->keys = keys;
    ret->key_count = KEY_COUNT;
}

static void add(struct collecting *c, const struct optscale_request *request)
{
    struct asked_request *item = &c->items[c->count++];
    struct str arn = str_join3(c->arena, STR("arn:aws:s3:::"), c->bucket, STR(""));
    bool listing = str_equal(request->action, STR("s3:ListBucket"));
    *item = (struct asked_request){.action = request->action, .resource = arn};
    if (listing)
        set_listing_keys(c->arena, request, item);
    else if (request->key.len)
        item->resource = str_join3(c->arena, arn, STR("/"), request->key);
}

/* An object under `P/N/` followed by a star, or a list that is known from the listing already. */
static bool is_covered(const struct collecting *c, const struct optscale_request *request)
{
    for (size_t i = 0; i < c->to_come.count; i++) {
        const struct optscale_request *pattern = &c->to_come.items[i];
        struct str stem = str_slice(pattern->key, 0, pattern->key.len - 1);
        if (str_equal(pattern->action, request->action) && str_ends(pattern->key, STR("*")) &&
            str_starts(request->key, stem))
            return true;
    }
    return false;
}

static struct optscale_config config_of(const struct grants_asked *asked, const struct judging *judging,
                                        const struct optscale_model *model)
{
    struct optscale_config config = model->config;
    bool detects = str_equal(json_find_string(facts_target(judging->scope.facts), "detect"), STR("auto"));
    if (asked->scheme.len || detects)
        config.scheme.value = asked->scheme.len ? asked->scheme : STR("find_report");
    return config;
}

/* Neither told nor found out: any place in the bucket may be meant. */
static struct asked_set ask_anything(struct collecting *c)
{
    static const struct str actions[] = {STR_INIT("s3:GetBucketLocation"), STR_INIT("s3:ListBucket"),
                                         STR_INIT("s3:GetObject")};
    c->items = arena_array(c->arena, struct asked_request, COUNT_OF(actions));
    for (size_t i = 0; i < COUNT_OF(actions); i++)
        add(c, &(struct optscale_request){.action = actions[i], .key = i == 2 ? STR("*") : STR("")});
    c->items[1].key_count = 0; /* nothing is known of the prefix */
    return (struct asked_set){c->items, c->count};
}

bool grants_asked_fill(const struct grants_asked *asked, const struct judging *judging, struct asked_set *ret,
                       struct judgement *judgement)
{
    struct optscale_model model;
    if (!model_make(&asked->parts, judging, &model, judgement))
        return false;
    struct collecting c = {.arena = judging->arena, .bucket = model.config.bucket_name.value};
    if (!model.is_placed) {
        *ret = ask_anything(&c);
        return true;
    }
    struct optscale_config config = config_of(asked, judging, &model);
    struct optscale_requests now = optscale_asks(c.arena, &model.account, &config, model.build);
    c.to_come = optscale_asks_to_come(c.arena, &model.account, &config, model.build);
    c.items = arena_array(c.arena, struct asked_request, now.count + c.to_come.count);
    for (size_t i = 0; i < now.count; i++)
        if (str_equal(now.items[i].bucket, c.bucket) && !is_covered(&c, &now.items[i]))
            add(&c, &now.items[i]);
    for (size_t i = 0; i < c.to_come.count; i++)
        add(&c, &c.to_come.items[i]);
    *ret = (struct asked_set){c.items, c.count};
    return true;
}

/* The import's own error, as it is raised. */
static struct optscale_failure import_failure(struct arena *arena, const struct optscale_account *account,
                                              const struct optscale_config *config, const struct optscale_build *build)
{
    struct optscale_discovery discovery;
    struct optscale_refusal refusal;
    optscale_discover(arena, account, config, build, &discovery);
    if (!discovery.ok)
        return discovery.failure;
    if (optscale_answer_download(arena, account, &account->buckets[0], discovery.periods[0].files[0], &refusal))
        return (struct optscale_failure){.kind = OPTSCALE_NO_FAILURE};
    return (struct optscale_failure){.kind = OPTSCALE_CLIENT_ERROR, .text = refusal.text, .aws_code = refusal.code};
}

const struct json *grants_asked_refusal(const struct grants_asked *asked, const struct judging *judging,
                                        const struct str *actions, size_t count)
{
    struct arena *arena = judging->arena;
    struct optscale_model model;
    struct optscale_connection connection;
    struct judgement ignored;
    if (!model_make(&asked->parts, judging, &model, &ignored) || !model.is_placed)
        return NULL;
    model.account.deny = (struct optscale_actions){actions, count};
    struct optscale_config config = config_of(asked, judging, &model);
    struct json_builder steps = json_build(arena, JSON_OBJECT);
    optscale_connect(arena, &model.account, &config, model.build, &connection);
    if (!connection.ok)
        json_build_append(&steps, STR("connect"), model_outcome(arena, false, &connection.failure));
    struct optscale_failure failure = import_failure(arena, &model.account, &model.config, model.build);
    if (failure.kind == OPTSCALE_CLIENT_ERROR) {
        struct json_builder outcome = json_build(arena, JSON_OBJECT);
        json_build_append(&outcome, STR("ok"), json_false);
        json_build_append(&outcome, STR("error"), json_string(failure.text));
        json_build_append(&steps, STR("discovery"), json_built(&outcome));
    }
    return steps.count ? json_box(arena, json_built(&steps)) : NULL;
}
