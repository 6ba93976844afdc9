/* traits.c: see traits.h. */
#include "policy/context/traits.h"

#include "policy/language/pattern.h"
#include "policy/language/resource_type.h"

unsigned request_who(const struct principal *principal)
{
    switch (principal->kind) {
    case PRINCIPAL_SERVICE: return SERVICE;
    case PRINCIPAL_USER: return USER;
    case PRINCIPAL_ROLE: return ROLE;
    case PRINCIPAL_SESSION: return SESSION;
    case PRINCIPAL_ACCOUNT: return ROOT;
    default: return 0;
    }
}

/* Services with one endpoint, and those that OptScale asks in every region; in the partition aws. */
static const struct {
    struct str name;
    unsigned traits;
} services[] = {
    {STR_INIT("s3"), S3},
    {STR_INIT("kms"), KMS_BY_S3},
    {STR_INIT("iam"), ONE_REGION},
    {STR_INIT("cur"), ONE_REGION},
    {STR_INIT("bcm-data-exports"), ONE_REGION},
    {STR_INIT("organizations"), ONE_REGION},
    {STR_INIT("ec2"), EACH_REGION},
    {STR_INIT("elasticloadbalancing"), EACH_REGION},
};

/* Whether every action that the pattern means takes no resource. */
static bool takes_no_resource(struct arena *arena, struct str service, struct str pattern)
{
    struct policy_pattern compiled;
    struct str name = str_lower(arena, str_skip(pattern, service.len + 1));
    policy_pattern_compile(arena, name, (struct pattern_rules){.wildcards = true, .fold = true}, &compiled);
    size_t count;
    size_t matched = 0;
    const struct action_row *actions = action_rows(service, &count);
    for (size_t i = 0; i < count; i++) {
        if (!policy_pattern_match(&compiled, actions[i].name, NULL))
            continue;
        matched++;
        if (!str_equal(actions[i].type, STR("*")))
            return false;
    }
    return matched > 0;
}

static bool is_in_bucket(const struct request_source *source)
{
    const struct told_value *bucket = &source->told[TOLD_BUCKET];
    if (!bucket->known || !bucket->count || !str_starts(source->resource, bucket->texts[0]))
        return false;
    struct str rest = str_skip(source->resource, bucket->texts[0].len);
    return rest.len == 0 || rest.ptr[0] == '/';
}

unsigned request_traits(struct arena *arena, const struct request_source *source, const struct principal *principal)
{
    struct str rest = source->action;
    struct str service;
    unsigned traits = 0;
    bool elsewhere = principal->partition.len && !str_equal(principal->partition, STR("aws"));
    if (!str_cut(&rest, ':', &service))
        return 0;
    for (size_t i = 0; i < COUNT_OF(services); i++)
        if (str_equal_nocase(services[i].name, service))
            traits = services[i].traits;
    traits &= elsewhere ? (unsigned)~(ONE_REGION | EACH_REGION) : ~0U;
    if (!source->told[TOLD_BUCKET_REGION].count)
        traits &= (unsigned)~KMS_BY_S3;
    if (str_equal_nocase(source->action, STR("s3:PutObject")))
        traits |= S3_WRITE;
    if (str_equal_nocase(source->action, STR("s3:CreateBucket")))
        traits |= S3_CREATE;
    if (takes_no_resource(arena, service, source->action))
        traits |= NO_RESOURCE;
    if ((traits & S3) && is_in_bucket(source))
        traits |= BUCKET;
    return traits;
}
