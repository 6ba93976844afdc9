/*
 * "optscale": "bucket": the requests that are proven are those that the model of OptScale makes on the same listing. On
 * listings made by chance: a policy that allows these requests and nothing else passes, and without any one it fails.
 */
#include "optscale/connect/asks.h"

#include "rule/kit.h"

#define BUCKET "arn:aws:s3:::acme"
#define FACTS                                                                                                            \
    "{'user': {'call': 'iam:GetUser', 'with': {'UserName': 'u'}, 'value': 'User'},"                                      \
    " 'caller': {'value': 'user.caller'}, 'bucket.name': {'value': '~acme~'}, 'bucket.location': {'value': 'user.l'},"   \
    " 'place.prefix': {'value': 'user.prefix'}, 'place.name': {'value': '~n~'}, 'configured': {'value': 'user.export'}," \
    " 'listing.objects': {'value': 'user.objects'}, 'listing.parent_objects': {'value': 'user.none'},"                   \
    " 'identity': {'value': 'user.policies'}}"
#define CHECK                                                                                                          \
    "'check': {'kind': 'grants', 'policies': {'identity': 'identity'}, 'requests': [{'principal': "                    \
    "'arn:aws:iam::123456789012:user/u', 'resource_account': '123456789012', 'optscale': 'bucket'}]}"

enum { LISTINGS = 24, KEYS_MAX = 8 };

/* A generator whose seed is printed with a failure. */
struct chance {
    uint64_t state;
};

static size_t pick(struct chance *chance, size_t count)
{
    chance->state = chance->state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(chance->state >> 33) % count;
}

static const char *const keys[] = {
    "data/BILLING_PERIOD=2026-10/n-00001.csv.gz",
    "data/BILLING_PERIOD=2026-11/n-00001.csv.gz",
    "data/BILLING_PERIOD=2026-11/n-00002.csv.gz",
    "metadata/BILLING_PERIOD=2026-11/n-Manifest.json",
    "20261101-20261201/n-00001.csv.gz",
    "n/year=2026/month=11/n-00001.snappy.parquet",
    "crawler-cfn.yml",
    "other/BILLING_PERIOD=2026-11/n-00001.snappy.parquet",
};

/* An account of one bucket, as the model takes it and as facts have it. */
struct sample {
    struct arena *arena;
    const char *type;
    struct optscale_account account;
    struct optscale_config config;
    struct str objects; /* JSON */
    struct optscale_requests asked;
    struct optscale_requests to_come;
};

static void make_objects(struct sample *s, struct chance *chance, const char *prefix)
{
    struct optscale_object *objects = arena_array(s->arena, struct optscale_object, KEYS_MAX);
    struct optscale_bucket *bucket = arena_new(s->arena, struct optscale_bucket);
    struct buf json = buf_make(s->arena, BUF_NO_MAX);
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (pick(chance, 2))
            continue;
        objects[count] = (struct optscale_object){
            .key = str_format(s->arena, "%s/n/%s", prefix, keys[i]), .size = 9, .storage_class = STR("STANDARD")};
        buf_addf(&json, "%s{'Key': '%.*s', 'Size': 9}", count ? ", " : "", STR_ARG(objects[count].key));
        count++;
    }
    optscale_objects_sort(objects, count);
    *bucket = (struct optscale_bucket){STR("acme"), STR("eu-west-1"), objects, count, {0}, false};
    s->account.buckets = bucket;
    s->account.bucket_count = 1;
    s->objects = buf_str(&json);
}

static struct sample make_sample(struct arena *arena, struct chance *chance)
{
    static const char *const prefixes[] = {"p", "a/b", ""};
    const char *prefix = prefixes[pick(chance, COUNT_OF(prefixes))];
    bool legacy = pick(chance, 2);
    struct sample s = {.arena = arena, .type = legacy ? "legacy" : "cur2"};
    s.config = (struct optscale_config){.scheme = {true, STR("bucket_only")},
                                        .bucket_name = {true, STR("acme")},
                                        .bucket_prefix = {true, str_from(prefix)},
                                        .report_name = {true, STR("n")},
                                        .version = legacy ? OPTSCALE_VERSION_LEGACY : OPTSCALE_VERSION_CUR2};
    make_objects(&s, chance, prefix);
    s.asked = optscale_asks(arena, &s.account, &s.config, optscale_build_default);
    s.to_come = optscale_asks_to_come(arena, &s.account, &s.config, optscale_build_default);
    return s;
}

/* A statement that is about this request alone; the delimiter and the number of keys have to be as they are, too. */
static void add_statement(struct buf *policy, const char *effect, const struct optscale_request *request)
{
    buf_addf(policy, "%s{'Effect': '%s', 'Action': '%.*s', 'Resource': '" BUCKET, policy->len ? ", " : "", effect,
             STR_ARG(request->action));
    if (!str_equal(request->action, STR("s3:ListBucket"))) {
        buf_addf(policy, "%s%.*s'}", request->key.len ? "/" : "", STR_ARG(request->key));
        return;
    }
    buf_addf(policy, "', 'Condition': {'StringLike': {'s3:prefix': '%.*s'", STR_ARG(request->key));
    if (request->delimiter.len)
        buf_addf(policy, ", 's3:delimiter': '%.*s'", STR_ARG(request->delimiter));
    buf_addf(policy, "}, 'Null': {'s3:max-keys': 'true'%s}}}",
             request->delimiter.len ? "" : ", 's3:delimiter': 'true'");
}

static struct str verdict_of(const struct sample *s, struct str statements)
{
    struct str answer =
        str_format(s->arena,
                   "{'User': {'l': 'eu-west-1', 'prefix': '%.*s', 'objects': [%.*s], 'policies': [{'name': 'p', "
                   "'policy': {'Version': '2012-10-17', 'Statement': [%.*s]}}]}}",
                   STR_ARG(s->config.bucket_prefix.value), STR_ARG(s->objects), STR_ARG(statements));
    const struct scripted script[] = {ANSWERS("iam:GetUser", NULL, requoted(s->arena, answer.ptr).ptr), SCRIPT_END};
    struct kit_order order = {.base = kit_base(s->arena, FACTS, kit_rule(s->arena, "x", CHECK), "'x'"),
                              .script = script,
                              .target = str_format(s->arena, "{'export_type': '%s'}", s->type).ptr};
    return verdict_name(kit_result(kit_run(s->arena, &order), "x", NULL)->verdict);
}

static void allow_all(struct buf *policy, const struct optscale_requests *requests)
{
    for (size_t i = 0; i < requests->count; i++)
        add_statement(policy, "Allow", &requests->items[i]);
}

static void asks_nothing_that_the_model_does_not(void **state)
{
    struct chance chance = {12};
    for (size_t i = 0; i < LISTINGS; i++) {
        struct sample s = make_sample(*state, &chance);
        struct buf policy = buf_make(*state, BUF_NO_MAX);
        allow_all(&policy, &s.asked);
        allow_all(&policy, &s.to_come);
        assert_str_equal(verdict_of(&s, buf_str(&policy)), STR("pass"));
    }
}

static void denied_one_of(const struct sample *s, const struct optscale_requests *requests)
{
    for (size_t i = 0; i < requests->count; i++) {
        if (requests->items[i].bucket.len == 0) /* of the service as a whole, which no rule on the bucket is about */
            continue;
        struct buf policy = buf_make(s->arena, BUF_NO_MAX);
        buf_addf(&policy, "{'Effect': 'Allow', 'Action': '*', 'Resource': '*'}");
        add_statement(&policy, "Deny", &requests->items[i]);
        if (!str_equal(verdict_of(s, buf_str(&policy)), STR("fail")))
            fail_msg("not asked: %.*s %.*s", STR_ARG(requests->items[i].action), STR_ARG(requests->items[i].key));
    }
}

static void asks_everything_that_the_model_does(void **state)
{
    struct chance chance = {13};
    for (size_t i = 0; i < LISTINGS; i++) {
        struct sample s = make_sample(*state, &chance);
        denied_one_of(&s, &s.asked);
        denied_one_of(&s, &s.to_come);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(asks_nothing_that_the_model_does_not),
        arena_test(asks_everything_that_the_model_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
