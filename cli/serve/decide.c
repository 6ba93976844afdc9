/* decide.c: one request, decided by policies, and refused in AWS's words; see view.h. */
#include "cli/serve/view.h"

/* One action on one resource: what a policy is asked. */
struct question {
    struct str action;
    struct str resource;           /* an ARN, or `*` */
    struct str account;            /* that owns it */
    const struct json *policy;     /* the resource's own, or NULL */
    struct str policy_name;        /* for reasons */
    const struct json *parameters; /* of the call */
    struct str region;
};

/* ---------------------------------------------------------------- resources */

/* The ARN of the object that has this name, wherever it is in an answer: paths are in no request. */
/* NOLINTNEXTLINE(misc-no-recursion): the depth of a value is limited where it was parsed or built */
static struct str arn_named(const struct json *value, const char *member, struct str name)
{
    struct str arn = json_find_string(value, "Arn");
    if (arn.len && str_equal(json_find_string(value, member), name))
        return arn;
    for (size_t i = 0; json_is(value, JSON_ARRAY) && i < value->count; i++) {
        arn = arn_named(&value->items[i], member, name);
        if (arn.len)
            return arn;
    }
    for (size_t i = 0; json_is(value, JSON_OBJECT) && i < value->count; i++) {
        arn = arn_named(&value->members[i].value, member, name);
        if (arn.len)
            return arn;
    }
    return STR("");
}

static struct str partition_of(const struct view *view)
{
    struct str rest = str_skip(view->arn, (ptrdiff_t)sizeof "arn:" - 1);
    struct str partition = STR("aws");
    str_cut(&rest, ':', &partition);
    return partition;
}

static struct str bucket_arn(const struct view *view, struct arena *arena, const struct question *question,
                             struct str type, const char *member)
{
    (void)type;
    struct str partition = partition_of(view);
    struct str bucket = json_find_string(question->parameters, member);
    return str_format(arena, "arn:%.*s:s3:::%.*s", STR_ARG(partition), STR_ARG(bucket));
}

static struct str object_arn(const struct view *view, struct arena *arena, const struct question *question,
                             struct str type, const char *member)
{
    struct str bucket = bucket_arn(view, arena, question, type, "Bucket");
    return str_join3(arena, bucket, STR("/"), json_find_string(question->parameters, member));
}

/* A user, role or group: by its name, which IAM's answers tell the ARN of; without one the caller is meant. */
static struct str iam_arn(const struct view *view, struct arena *arena, const struct question *question,
                          struct str type, const char *member)
{
    struct str name = json_find_string(question->parameters, member);
    if (name.len == 0)
        return view->arn;
    for (size_t i = 0; i < view->snapshot->call_count; i++) {
        const struct answered_call *call = &view->snapshot->calls[i];
        bool iam = str_equal(str_from(call->call.operation->service->id), STR("iam"));
        struct str arn = iam ? arn_named(call->answer.value, member, name) : STR("");
        if (arn.len)
            return arn;
    }
    struct str partition = partition_of(view);
    return str_format(arena, "arn:%.*s:iam::%.*s:%.*s/%.*s", STR_ARG(partition), STR_ARG(view->account), STR_ARG(type),
                      STR_ARG(name));
}

static struct str key_arn(const struct view *view, struct arena *arena, const struct question *question,
                          struct str type, const char *member)
{
    (void)type;
    struct str partition = partition_of(view);
    struct str id = json_find_string(question->parameters, member);
    if (str_starts(id, STR("arn:")))
        return id;
    return str_format(arena, "arn:%.*s:kms:%.*s:%.*s:key/%.*s", STR_ARG(partition), STR_ARG(question->region),
                      STR_ARG(view->account), STR_ARG(id));
}

static struct str arn_given(const struct view *view, struct arena *arena, const struct question *question,
                            struct str type, const char *member)
{
    (void)view;
    (void)arena;
    (void)type;
    struct str arn = json_find_string(question->parameters, member);
    return arn.len ? arn : STR("*");
}

/* The types of the table of operations whose resource a request names. */
static const struct resource_type {
    struct str type;
    const char *member;
    struct str (*make)(const struct view *view, struct arena *arena, const struct question *question, struct str type,
                       const char *member);
} resource_types[] = {
    {STR_INIT("bucket"), "Bucket", bucket_arn},
    {STR_INIT("object"), "Key", object_arn},
    {STR_INIT("user"), "UserName", iam_arn},
    {STR_INIT("role"), "RoleName", iam_arn},
    {STR_INIT("group"), "GroupName", iam_arn},
    {STR_INIT("key"), "KeyId", key_arn},
    {STR_INIT("policy"), "PolicyArn", arn_given},
    {STR_INIT("export"), "ExportArn", arn_given},
    {STR_INIT("principal"), "PolicySourceArn", arn_given},
};

static struct str resource_of(const struct view *view, struct arena *arena, const struct question *question,
                              struct str type)
{
    for (size_t i = 0; i < COUNT_OF(resource_types); i++) {
        const struct resource_type *row = &resource_types[i];
        if (str_equal(row->type, type))
            return row->make(view, arena, question, type, row->member);
    }
    return STR("*");
}

/* ---------------------------------------------------------------- policies of resources */

static const struct json *recorded(const struct view *view, const char *operation, const char *member, struct str value)
{
    for (size_t i = 0; i < view->snapshot->call_count; i++) {
        const struct answered_call *call = &view->snapshot->calls[i];
        if (str_equal(str_from(call->call.operation->name), str_from(operation)) &&
            str_equal(json_find_string(call->call.parameters, member), value))
            return call->answer.value;
    }
    return NULL;
}

static void add_resource_policy(const struct view *view, struct question *question)
{
    struct str bucket = json_find_string(question->parameters, "Bucket");
    struct str key = json_find_string(question->parameters, "KeyId");
    if (bucket.len) {
        question->policy = json_find(recorded(view, "GetBucketPolicy", "Bucket", bucket), "Policy");
        question->policy_name = STR("the bucket's policy");
    } else if (key.len) {
        question->policy = json_find(recorded(view, "GetKeyPolicy", "KeyId", key), "Policy");
        question->policy_name = STR("the key's policy");
    }
}

/* ---------------------------------------------------------------- the decision */

static const struct request_key *fixed(struct request_key *ret, struct arena *arena, const char *name, struct str value)
{
    struct str *values = arena_array(arena, struct str, 1);
    values[0] = value;
    *ret = (struct request_key){.name = str_from(name), .kind = KEY_FIXED, .values = values, .value_count = 1};
    return ret;
}

/* What this request says itself; the rest is the table's of what is certain. */
static size_t own_keys(struct arena *arena, const struct question *question, struct request_key *keys)
{
    static const struct {
        const char *parameter;
        const char *key;
    } told[] = {{"Prefix", "s3:prefix"}, {"Delimiter", "s3:delimiter"}};
    size_t count = 0;
    if (question->region.len)
        fixed(&keys[count++], arena, "aws:RequestedRegion", question->region);
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        const struct json *value = json_find(question->parameters, told[i].parameter);
        if (json_is(value, JSON_STRING) && str_equal(question->action, STR("s3:ListBucket")))
            fixed(&keys[count++], arena, told[i].key, value->string);
    }
    return count;
}

static const struct json *context_of(const struct view *view, struct arena *arena, const struct question *question)
{
    struct request_key own[3];
    size_t own_count = own_keys(arena, question, own);
    struct request_source source = view->source;
    source.resource_account = question->account;
    source.action = question->action;
    source.resource = question->resource;
    const struct request_key *keys;
    size_t count;
    request_keys(arena, &source, own, own_count, &keys, &count);
    struct json_builder context = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < count; i++) {
        struct json_builder values = json_build(arena, JSON_ARRAY);
        for (size_t v = 0; v < keys[i].value_count; v++)
            json_build_add(&values, json_string(keys[i].values[v]));
        if (keys[i].kind == KEY_FIXED)
            json_build_append(&context, keys[i].name, json_built(&values));
    }
    return json_box(arena, json_built(&context));
}

/* False: the request or the policy makes no sense, which nobody is allowed. */
static bool decide(const struct view *view, struct arena *arena, const struct question *question, struct decision *ret,
                   struct error *error)
{
    struct policy_environment policies = view->policies;
    struct policy_options options = {question->policy_name, POLICY_RESOURCE, POLICY_LENIENT};
    struct request_parts parts = {.principal = view->arn,
                                  .action = question->action,
                                  .resource = question->resource,
                                  .resource_account = question->account,
                                  .context = context_of(view, arena, question)};
    struct request request;
    if ((question->policy && !policy_compile(arena, question->policy, options, &policies.resource, error)) ||
        !request_make(arena, parts, &request, error))
        return false;
    policy_evaluate(&policies, &request, ret);
    return true;
}

/* ---------------------------------------------------------------- the refusal */

static struct str type_in_words(enum policy_type type)
{
    static const struct str words[] = {
        [POLICY_IDENTITY] = STR_INIT("identity-based policy"), [POLICY_RESOURCE] = STR_INIT("resource-based policy"),
        [POLICY_BOUNDARY] = STR_INIT("permissions boundary"),  [POLICY_SESSION] = STR_INIT("session policy"),
        [POLICY_SCP] = STR_INIT("service control policy"),     [POLICY_RCP] = STR_INIT("resource control policy"),
    };
    return (size_t)type < COUNT_OF(words) && words[type].len ? words[type] : STR("policy");
}

static struct str because(struct arena *arena, const struct question *question, const struct decision *decision)
{
    enum policy_type type = decision->reason_count ? decision->reasons[0].type : POLICY_IDENTITY;
    struct str words = type_in_words(type);
    if (decision->verdict == DECISION_EXPLICITLY_DENIED)
        return str_format(arena, "with an explicit deny in %s %.*s", type == POLICY_IDENTITY ? "an" : "a",
                          STR_ARG(words));
    return str_format(arena, "because no %.*s allows the %.*s action", STR_ARG(words), STR_ARG(question->action));
}

/*
 * "User: … is not authorized to perform: … on resource: … because no identity-based policy allows the … action" (IAM
 * User Guide, "Troubleshoot access denied error messages"). S3 quotes the resource; EC2 leaves `*` out.
 */
static struct str refusal(const struct view *view, struct arena *arena, const struct question *question,
                          const struct decision *decision)
{
    struct str resource = STR("");
    const char *quote = str_starts(question->action, STR("s3:")) ? "\"" : "";
    if (!str_equal(question->resource, STR("*")) || !str_starts(question->action, STR("ec2:")))
        resource = str_format(arena, " on resource: %s%.*s%s", quote, STR_ARG(question->resource), quote);
    return str_format(arena, "User: %.*s is not authorized to perform: %.*s%.*s %.*s", STR_ARG(view->caller),
                      STR_ARG(question->action), STR_ARG(resource), STR_ARG(because(arena, question, decision)));
}

static bool answer(const struct view *view, struct arena *arena, const struct question *question,
                   struct str *ret_refusal)
{
    struct decision decision;
    struct error error;
    if (!decide(view, arena, question, &decision, &error)) {
        *ret_refusal = str_format(arena, "User: %.*s is not authorized to perform: %.*s (%s)", STR_ARG(view->caller),
                                  STR_ARG(question->action), error.text);
        return false;
    }
    if (decision.verdict == DECISION_ALLOWED)
        return true;
    *ret_refusal = refusal(view, arena, question, &decision);
    return false;
}

/* Who reads an object that is encrypted with a customer's key must be allowed to decrypt: S3 asks KMS on its behalf. */
static bool decrypts(const struct view *view, struct arena *arena, const struct question *read, struct str *ret_refusal)
{
    struct str object = json_find_string(read->parameters, "Key");
    struct str key = json_find_string(recorded(view, "HeadObject", "Key", object), "SSEKMSKeyId");
    const struct json *policy = json_find(recorded(view, "GetKeyPolicy", "KeyId", key), "Policy");
    if (key.len == 0 || !policy)
        return true;
    struct question question = {.action = STR("kms:Decrypt"),
                                .resource = key,
                                .policy = policy,
                                .policy_name = STR("the key's policy"),
                                .region = read->region};
    return answer(view, arena, &question, ret_refusal);
}

bool view_allows(const struct view *view, struct arena *arena, const struct asked *asked, struct str region,
                 struct str *ret_refusal)
{
    const struct operation *operation = asked->operation;
    if (!operation->iam_action)
        return true;
    struct question question = {
        .action = str_from(operation->iam_action), .parameters = asked->parameters, .region = region};
    question.resource = resource_of(view, arena, &question, str_from(operation->iam_resource));
    bool own = view->bucket.len && str_starts(question.resource, view->bucket);
    question.account = own && view->bucket_owner.len ? view->bucket_owner : view->account;
    add_resource_policy(view, &question);
    if (!answer(view, arena, &question, ret_refusal))
        return false;
    return !str_equal(str_from(operation->name), STR("GetObject")) || decrypts(view, arena, &question, ret_refusal);
}
