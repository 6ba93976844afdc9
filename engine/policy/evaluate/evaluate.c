/* evaluate.c: AWS's order of evaluation; see evaluate.h. */
#include "policy/evaluate/evaluate.h"

#include "base/macros.h"

static const struct caller_rules caller_rules[] = {
    [PRINCIPAL_ANYONE] = {false, false, false},   [PRINCIPAL_ACCOUNT] = {true, false, true},
    [PRINCIPAL_USER] = {true, true, true},        [PRINCIPAL_ROLE] = {true, true, true},
    [PRINCIPAL_SESSION] = {true, true, true},     [PRINCIPAL_FEDERATED_USER] = {true, true, true},
    [PRINCIPAL_PROVIDER] = {false, false, false}, [PRINCIPAL_SERVICE] = {false, false, false},
    [PRINCIPAL_CANONICAL] = {true, true, true},   [PRINCIPAL_UNIQUE_ID] = {true, true, true},
    [PRINCIPAL_OTHER] = {true, true, true},
};

/* Services whose resources RCPs bind (Organizations User Guide, "List of AWS services that support RCPs"). */
static const struct str rcp_services[] = {
    STR_INIT("s3"),
    STR_INIT("sts"),
    STR_INIT("kms"),
    STR_INIT("sqs"),
    STR_INIT("secretsmanager"),
    STR_INIT("aoss"),
    STR_INIT("appconfig"),
    STR_INIT("appstream"),
    STR_INIT("autoscaling"),
    STR_INIT("autoscaling-plans"),
    STR_INIT("budgets"),
    STR_INIT("clouddirectory"),
    STR_INIT("cloudfront"),
    STR_INIT("cloudsearch"),
    STR_INIT("cloudtrail-data"),
    STR_INIT("codeartifact"),
    STR_INIT("codebuild"),
    STR_INIT("codecommit"),
    STR_INIT("codepipeline"),
    STR_INIT("cognito-identity"),
    STR_INIT("cognito-idp"),
    STR_INIT("comprehend"),
    STR_INIT("comprehendmedical"),
    STR_INIT("compute-optimizer"),
    STR_INIT("cost-optimization-hub"),
    STR_INIT("dax"),
    STR_INIT("dsql"),
    STR_INIT("dynamodb"),
    STR_INIT("ecr"),
    STR_INIT("ecr-public"),
    STR_INIT("events"),
    STR_INIT("firehose"),
    STR_INIT("fis"),
    STR_INIT("fms"),
    STR_INIT("gamelift"),
    STR_INIT("health"),
    STR_INIT("inspector-scan"),
    STR_INIT("kendra"),
    STR_INIT("kinesisvideo"),
    STR_INIT("logs"),
    STR_INIT("memorydb"),
    STR_INIT("networkmonitor"),
    STR_INIT("notifications"),
    STR_INIT("opensearch"),
    STR_INIT("pca-connector-ad"),
    STR_INIT("personalize"),
    STR_INIT("polly"),
    STR_INIT("pricing"),
    STR_INIT("resource-groups"),
    STR_INIT("rolesanywhere"),
    STR_INIT("servicediscovery"),
    STR_INIT("signin"),
    STR_INIT("support"),
    STR_INIT("swf"),
    STR_INIT("textract"),
    STR_INIT("timestream-influxdb"),
    STR_INIT("transcribe"),
    STR_INIT("transfer"),
    STR_INIT("translate"),
    STR_INIT("wafv2"),
    STR_INIT("workspaces"),
    STR_INIT("xray"),
};

const struct caller_rules *policy_caller_rules(enum principal_kind kind)
{
    return &caller_rules[kind];
}

bool policy_rcps_support(struct str service)
{
    for (size_t i = 0; i < COUNT_OF(rcp_services); i++) {
        if (str_equal(rcp_services[i], service))
            return true;
    }
    return false;
}

struct str decision_name(enum verdict_of_policies verdict)
{
    static const struct str names[] = {
        [DECISION_ALLOWED] = STR_INIT("Allowed"),
        [DECISION_EXPLICITLY_DENIED] = STR_INIT("ExplicitlyDenied"),
        [DECISION_IMPLICITLY_DENIED] = STR_INIT("ImplicitlyDenied"),
    };
    return names[verdict];
}

struct reasons {
    struct decision_reason items[DECISION_REASONS_MAX];
    size_t count;
};

struct evaluation {
    const struct policy_environment *environment;
    const struct request *request;
    const struct caller_rules *caller;
    bool same_account;
    struct reasons denials;
    struct reasons grants;
    struct reasons lacking;
};

static void add_reason(struct reasons *reasons, enum policy_type type, size_t level, const struct statement *statement)
{
    if (reasons->count < DECISION_REASONS_MAX)
        reasons->items[reasons->count++] = (struct decision_reason){type, level, statement};
}

/* Whether a policy without a principal of its own allows the request; its Denies are noted. */
static bool scan_policy(struct evaluation *e, const struct policy *policy, enum policy_type type, size_t level)
{
    bool allows = false;
    for (size_t i = 0; i < policy->count; i++) {
        const struct statement *statement = &policy->statements[i];
        if (!statement_applies(statement, e->request))
            continue;
        bool denies = statement->effect == POLICY_DENY;
        add_reason(denies ? &e->denials : &e->grants, type, level, statement);
        allows |= !denies;
    }
    return allows;
}

static bool scan_list(struct evaluation *e, const struct policy_list *list, enum policy_type type, size_t level)
{
    bool allows = false;
    for (size_t i = 0; i < list->count; i++)
        allows |= scan_policy(e, list->items[i], type, level);
    return allows;
}

static bool scan_levels(struct evaluation *e, const struct policy_levels *levels, enum policy_type type)
{
    bool allows = true;
    for (size_t i = 0; i < levels->count; i++) {
        if (scan_list(e, &levels->items[i], type, i))
            continue;
        add_reason(&e->lacking, type, i, NULL);
        allows = false;
    }
    return allows;
}

/* The ways in which the resource's policy allows the caller, a bit for each enum principal_match. */
static unsigned scan_resource_policy(struct evaluation *e, bool heeds_denials)
{
    const struct policy *policy = e->environment->resource;
    bool bounded = e->caller->has_side && e->caller->needs_allow && e->environment->boundaries.count > 0;
    unsigned matches = 0;
    for (size_t i = 0; policy && i < policy->count; i++) {
        const struct statement *statement = &policy->statements[i];
        enum principal_match match = statement_principal_match(statement, e->request, bounded);
        if (match == PRINCIPAL_MISSES || !statement_applies(statement, e->request))
            continue;
        if (statement->effect == POLICY_ALLOW) {
            matches |= 1U << match;
            add_reason(&e->grants, POLICY_RESOURCE, 0, statement);
        } else if (heeds_denials) {
            add_reason(&e->denials, POLICY_RESOURCE, 0, statement);
        }
    }
    return matches;
}

static bool action_is(const struct request *request, const struct str *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(request->action_folded, names[i]))
            return true;
    }
    return false;
}

static struct str service_of(const struct request *request)
{
    struct str rest = request->action_folded;
    struct str service;
    str_cut(&rest, ':', &service);
    return service;
}

/* The parts of the resource's ARN: the service, the account and what follows the fifth colon; empty if it is none. */
struct arn {
    struct str service;
    struct str account;
    struct str resource;
};

static struct arn arn_of(struct str text)
{
    struct str parts[5];
    if (!str_starts(text, STR("arn:")))
        return (struct arn){0};
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        str_cut(&text, ':', &parts[i]);
    return (struct arn){.service = parts[2], .account = parts[4], .resource = text};
}

/*
 * A key's policy and a role's trust policy are the root of all access to it: without an Allow there, identity policies
 * do not count, be it the same account (KMS Developer Guide, "Key policies"; IAM User Guide, "Roles terms and
 * concepts").
 */
static bool needs_allow_of_its_own(const struct request *request)
{
    if (str_starts(request->action_folded, STR("sts:assumerole")))
        return true;
    if (!str_starts(request->action_folded, STR("kms:")))
        return false;
    struct arn arn = arn_of(request->resource);
    return str_equal(arn.service, STR("kms")) && str_starts(arn.resource, STR("key/"));
}

/* S3 User Guide, PutBucketPolicy: the owner's root user cannot lock itself out of the bucket's policy. */
static bool is_owner_at_bucket_policy(const struct evaluation *e)
{
    static const struct str actions[] = {
        STR_INIT("s3:getbucketpolicy"),
        STR_INIT("s3:putbucketpolicy"),
        STR_INIT("s3:deletebucketpolicy"),
    };
    return e->request->principal.kind == PRINCIPAL_ACCOUNT && e->same_account &&
           action_is(e->request, actions, COUNT_OF(actions));
}

static bool reads_only(struct str action)
{
    static const struct str verbs[] = {
        STR_INIT("iam:generate"),
        STR_INIT("iam:get"),
        STR_INIT("iam:list"),
        STR_INIT("iam:simulate"),
    };
    for (size_t i = 0; i < COUNT_OF(verbs); i++) {
        if (str_starts(action, verbs[i]))
            return true;
    }
    return false;
}

/* What no policy can allow; NULL: nothing stands in the way. */
static const char *forbidden_by_rule(const struct request *request)
{
    static const struct str alias_actions[] = {
        STR_INIT("kms:createalias"),
        STR_INIT("kms:updatealias"),
        STR_INIT("kms:deletealias"),
    };
    bool changes_iam = str_starts(request->action_folded, STR("iam:")) && !reads_only(request->action_folded);
    bool changes_alias = action_is(request, alias_actions, COUNT_OF(alias_actions));
    struct arn arn = changes_iam || changes_alias ? arn_of(request->resource) : (struct arn){0};
    if (changes_iam && str_equal(arn.account, STR("aws")) && str_starts(arn.resource, STR("policy/")))
        return "AWS managed policies cannot be changed";
    if (changes_iam && str_starts(arn.resource, STR("role/aws-reserved/")))
        return "roles under /aws-reserved/ cannot be changed";
    if (changes_alias && str_starts(arn.resource, STR("alias/aws/")))
        return "aliases under alias/aws/ are reserved for AWS managed keys";
    if (request->principal.kind == PRINCIPAL_ACCOUNT && str_equal(request->action_folded, STR("sts:assumerole")))
        return "an account's root user cannot assume a role";
    return NULL;
}

static bool rcp_binds(const struct request *request)
{
    struct str service = service_of(request);
    if (principal_is_service_linked(&request->principal) || str_equal(request->action_folded, STR("kms:retiregrant")))
        return false;
    return policy_rcps_support(service);
}

static bool scan_organization(struct evaluation *e)
{
    bool allows = true;
    if (e->environment->resource_control.count > 0 && rcp_binds(e->request))
        allows = scan_levels(e, &e->environment->resource_control, POLICY_RCP);
    if (e->caller->has_account && !principal_is_service_linked(&e->request->principal))
        allows &= scan_levels(e, &e->environment->service_control, POLICY_SCP);
    return allows;
}

/* What the caller's own policies say. */
struct side {
    bool identity;
    bool boundary;
    bool session;
};

static struct side scan_caller(struct evaluation *e)
{
    const struct policy_environment *environment = e->environment;
    struct side side = {.boundary = true, .session = true};
    if (!e->caller->has_side)
        return side;
    side.identity = scan_list(e, &environment->identity, POLICY_IDENTITY, 0);
    if (environment->boundaries.count > 0)
        side.boundary = scan_list(e, &environment->boundaries, POLICY_BOUNDARY, 0);
    if (environment->session)
        side.session = scan_policy(e, environment->session, POLICY_SESSION, 0);
    if (!e->caller->needs_allow)
        side = (struct side){true, true, true}; /* the root user has neither; only a Deny can have been meant */
    return side;
}

/* Steps 3 and 4: `owner` is how the resource's policy allows the caller. */
static bool core_allows(const struct evaluation *e, unsigned owner, struct side side)
{
    bool delegated = side.identity && side.boundary && side.session;
    if (!e->caller->has_side)
        return owner != 0;
    if (!e->same_account)
        return owner != 0 && delegated;
    if (owner & 1U << PRINCIPAL_MATCHES_CALLER)
        return true;
    if ((owner & 1U << PRINCIPAL_MATCHES_USER) && side.session)
        return true;
    if ((owner & 1U << PRINCIPAL_MATCHES_ROLE) && side.boundary && side.session)
        return true;
    return delegated && (owner & 1U << PRINCIPAL_MATCHES_ACCOUNT || !needs_allow_of_its_own(e->request));
}

static void note_lacking(struct evaluation *e, unsigned owner, struct side side)
{
    bool owner_matters =
        !e->same_account || !e->caller->has_side || e->environment->resource || needs_allow_of_its_own(e->request);
    if (e->caller->has_side && !side.identity)
        add_reason(&e->lacking, POLICY_IDENTITY, 0, NULL);
    if (!side.boundary)
        add_reason(&e->lacking, POLICY_BOUNDARY, 0, NULL);
    if (!side.session)
        add_reason(&e->lacking, POLICY_SESSION, 0, NULL);
    if (!owner && owner_matters)
        add_reason(&e->lacking, POLICY_RESOURCE, 0, NULL);
}

static void conclude(struct decision *ret, enum verdict_of_policies verdict, const struct reasons *reasons)
{
    ret->verdict = verdict;
    ret->rule = NULL;
    ret->reason_count = reasons->count;
    for (size_t i = 0; i < reasons->count; i++)
        ret->reasons[i] = reasons->items[i];
}

static void conclude_by_rule(struct decision *ret, enum verdict_of_policies verdict, const char *rule)
{
    ret->verdict = verdict;
    ret->rule = rule;
    ret->reason_count = 0;
}

void policy_evaluate(const struct policy_environment *environment, const struct request *request, struct decision *ret)
{
    struct evaluation e;
    e.environment = environment;
    e.request = request;
    e.caller = &caller_rules[request->principal.kind];
    e.same_account = request->principal.account.len && str_equal(request->principal.account, request->account);
    e.denials.count = e.grants.count = e.lacking.count = 0; /* the rest of the lists is not read */
    if (e.caller->has_side && str_equal(request->action_folded, STR("sts:getcalleridentity"))) {
        conclude_by_rule(ret, DECISION_ALLOWED, "sts:GetCallerIdentity needs no permission");
        return;
    }
    bool organization = scan_organization(&e);
    struct side side = scan_caller(&e);
    unsigned owner = scan_resource_policy(&e, !is_owner_at_bucket_policy(&e));
    if (e.denials.count > 0) {
        conclude(ret, DECISION_EXPLICITLY_DENIED, &e.denials);
        return;
    }
    const char *rule = forbidden_by_rule(request);
    if (rule) {
        conclude_by_rule(ret, DECISION_IMPLICITLY_DENIED, rule);
        return;
    }
    bool core = core_allows(&e, owner, side);
    if (core && organization) {
        conclude(ret, DECISION_ALLOWED, &e.grants);
        return;
    }
    if (!core)
        note_lacking(&e, owner, side);
    conclude(ret, DECISION_IMPLICITLY_DENIED, &e.lacking);
}
