/* view.c: what a principal may do, from a snapshot; see view.h. */
#include "cli/serve/view.h"

#include "checks/grants/context.h"
#include "checks/grants/environment.h"

#include <string.h>

/* As OptScale calls the sessions of the role that it assumes. */
static const struct str session_name = STR_INIT("opt-session");

/* The facts that tell what a principal may do; rules/facts declares them. */
static const struct grants_facts policy_facts = {
    .identity = STR_INIT("identity.policies"),
    .boundary = STR_INIT("identity.boundary"),
    .scp_levels = STR_INIT("scp.levels"),
    .scp = STR_INIT("scp.policies"),
};

static const struct str wanted[] = {
    STR_INIT("caller"),
    STR_INIT("principal"),
    STR_INIT("identity.arn"),
    STR_INIT("identity.entity"),
    STR_INIT("identity.policies"),
    STR_INIT("identity.boundary"),
    STR_INIT("scp.levels"),
    STR_INIT("scp.policies"),
    STR_INIT("bucket.arn"),
    STR_INIT("bucket.owner_account"),
};

/* These, and what tells of the context of requests. */
static const struct str *all_wanted(struct arena *arena)
{
    struct str *names = arena_array(arena, struct str, COUNT_OF(wanted) + TOLD_COUNT);
    memcpy(names, wanted, sizeof wanted);
    for (int told = 0; told < TOLD_COUNT; told++)
        names[COUNT_OF(wanted) + (size_t)told] = grants_context_fact((enum told)told);
    return names;
}

static const struct json *target_of(struct arena *arena, const struct snapshot *snapshot, struct str principal)
{
    struct json_builder target = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; json_is(snapshot->target, JSON_OBJECT) && i < snapshot->target->count; i++)
        json_build_append(&target, snapshot->target->members[i].name, snapshot->target->members[i].value);
    json_build_set(&target, STR("principal"), json_string(principal));
    return json_box(arena, json_built(&target));
}

static const struct facts *read_facts(struct program *program, const struct rule_base *base,
                                      const struct snapshot *snapshot, struct str principal)
{
    struct transport *transport = arena_new(program->arena, struct transport);
    *transport = snapshot_transport(program->arena, snapshot);
    struct collection collection = {.arena = program->arena,
                                    .declarations = base->declarations,
                                    .target = target_of(program->arena, snapshot, principal),
                                    .transport = transport,
                                    .wanted = all_wanted(program->arena),
                                    .wanted_count = COUNT_OF(wanted) + TOLD_COUNT};
    return facts_collect(&collection);
}

static struct str text_of(const struct facts *facts, struct str name, const char *member)
{
    const struct fact *fact = facts_get(facts, name);
    const struct json *value = fact->state == FACT_PRESENT ? fact->value : NULL;
    if (member)
        return json_find_string(value, member);
    return json_is(value, JSON_STRING) ? value->string : STR("");
}

/* What decides must have been read: a policy that is not known may refuse anything. */
static bool check_read(const struct facts *facts, struct str name, struct str principal, struct error *error)
{
    const struct fact *fact = facts_get(facts, name);
    if (fact->state == FACT_PRESENT || fact->state == FACT_ABSENT)
        return true;
    const struct fact *cause = fact->because.len ? facts_get(facts, fact->because) : fact;
    return error_set(
        error, ERROR_INPUT,
        "the snapshot does not hold the policies of %.*s: %.*s: %.*s; collect it with --principal %.*s, as "
        "somebody who may read IAM",
        STR_ARG(principal), STR_ARG(cause->call), STR_ARG(cause->code), STR_ARG(principal));
}

static bool check_known(const struct facts *facts, struct str principal, struct error *error)
{
    const struct fact *fact = facts_get(facts, STR("principal"));
    if (!check_read(facts, STR("caller"), principal, error) || !check_read(facts, STR("principal"), principal, error))
        return false;
    if (fact->state == FACT_ABSENT)
        return error_set(error, ERROR_INPUT, "%.*s is no user or role of the snapshot's account", STR_ARG(principal));
    if (!check_read(facts, STR("identity.entity"), principal, error))
        return false;
    bool root = str_equal(json_find_string(fact->value, "kind"), STR("root"));
    if (!root && facts_get(facts, STR("identity.entity"))->state == FACT_ABSENT)
        return error_set(error, ERROR_INPUT, "there is no user or role %.*s in the snapshot", STR_ARG(principal));
    return check_read(facts, STR("identity.policies"), principal, error) &&
           check_read(facts, STR("identity.boundary"), principal, error);
}

/* A role's name in IAM has a path; its sessions have none. */
static struct str caller_of(struct arena *arena, const struct facts *facts, const struct view *view)
{
    if (!str_equal(text_of(facts, STR("principal"), "kind"), STR("role")))
        return view->arn;
    struct str partition = text_of(facts, STR("caller"), "partition");
    struct str name = text_of(facts, STR("principal"), "name");
    return str_format(arena, "arn:%.*s:sts::%.*s:assumed-role/%.*s/%.*s", STR_ARG(partition), STR_ARG(view->account),
                      STR_ARG(name), STR_ARG(session_name));
}

static const struct json *identity_of(struct arena *arena, const struct facts *facts, const struct view *view)
{
    struct json_builder identity = json_build(arena, JSON_OBJECT);
    struct str id = text_of(facts, STR("context.principal_id"), NULL);
    if (id.len == 0) /* the root user's is its account */
        id = view->account;
    if (!str_equal(view->caller, view->arn))
        id = str_format(arena, "%.*s:%.*s", STR_ARG(id), STR_ARG(session_name));
    json_build_append(&identity, STR("UserId"), json_string(id));
    json_build_append(&identity, STR("Account"), json_string(view->account));
    json_build_append(&identity, STR("Arn"), json_string(view->caller));
    return json_box(arena, json_built(&identity));
}

static bool allows(const void *context, struct arena *arena, const struct asked *asked, struct str region,
                   struct str *ret_refusal)
{
    return view_allows(context, arena, asked, region, ret_refusal);
}

/* Who asks, with its own key, and what would be said of it, follows from the principal; the rest from the snapshot. */
static bool answers(const void *context, struct arena *arena, const struct asked *asked, struct str access_key_id,
                    struct answer *ret)
{
    const struct view *view = context;
    struct str key = json_find_string(asked->parameters, "AccessKeyId");
    *ret = (struct answer){.http_status = 200};
    if (asked->operation == operation_find_call(STR("sts:GetCallerIdentity"))) {
        ret->value = view->identity;
    } else if (asked->operation == operation_find_call(STR("iam:SimulatePrincipalPolicy"))) {
        *ret = view_simulate(view, arena, asked->parameters);
    } else if (asked->operation == operation_find_call(STR("iam:GetAccessKeyLastUsed")) && view->user.len &&
               str_equal(key, access_key_id)) {
        struct json_builder user = json_build(arena, JSON_OBJECT);
        json_build_append(&user, STR("UserName"), json_string(view->user));
        ret->value = json_box(arena, json_built(&user));
    } else {
        return false;
    }
    return true;
}

static bool read_view(struct program *program, const struct rule_base *base, const struct snapshot *snapshot,
                      struct str principal, struct view **ret, struct error *error)
{
    struct arena *arena = program->arena;
    const struct facts *facts = read_facts(program, base, snapshot, principal);
    if (!check_known(facts, principal, error))
        return false;
    struct judging judging = {.arena = arena, .scope = {.facts = facts}};
    struct grants_environment environment;
    grants_environment_make(&policy_facts, &judging, &environment);
    struct view *view = arena_new(arena, struct view);
    *view = (struct view){.snapshot = snapshot,
                          .arn = text_of(facts, STR("identity.arn"), NULL),
                          .policies = environment.prove.policies,
                          .source = grants_context_source(&judging, snapshot->created),
                          .account = text_of(facts, STR("caller"), "account"),
                          .bucket_owner = text_of(facts, STR("bucket.owner_account"), NULL),
                          .bucket = text_of(facts, STR("bucket.arn"), NULL)};
    view->source.principal = view->arn;
    view->caller = caller_of(arena, facts, view);
    view->identity = identity_of(arena, facts, view);
    if (str_equal(text_of(facts, STR("principal"), "kind"), STR("user")))
        view->user = text_of(facts, STR("principal"), "name");
    *ret = view;
    return true;
}

bool view_open(struct program *program, const struct rule_base *base, const struct snapshot *snapshot,
               struct str principal, const struct view **ret, struct error *error)
{
    struct view *view;
    struct view *target;
    struct error ignored;
    struct str checked = json_find_string(snapshot->target, "principal");
    if (!read_view(program, base, snapshot, principal, &view, error))
        return error_wrap(error, "--as");
    if (checked.len && read_view(program, base, snapshot, checked, &target, &ignored))
        view->target = target;
    view->playback = (struct playback_caller){allows, answers, view};
    *ret = view;
    return true;
}
