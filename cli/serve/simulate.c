/*
 * simulate.c: iam:SimulatePrincipalPolicy, answered by our own engine: the principal's own policies, boundary and SCPs,
 * and no resource's policy (docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html); see view.h.
 */
#include "checks/grants/context.h"
#include "cli/serve/view.h"

/* What is asked of one principal: everything but action and resource. */
struct simulation {
    const struct view *subject;
    struct arena *arena;
    const struct json *context; /* as the request gives it: key → values */
    struct json missing;        /* the keys that the policies speak of, and it does not */
};

static const struct view *subject_of(const struct view *view, struct str arn)
{
    if (str_equal(arn, view->arn))
        return view;
    return view->target && str_equal(arn, view->target->arn) ? view->target : NULL;
}

static const struct json *context_given(struct arena *arena, const struct json *entries)
{
    struct json_builder context = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; json_is(entries, JSON_ARRAY) && i < entries->count; i++) {
        const struct json *values = json_find(&entries->items[i], "ContextKeyValues");
        if (values)
            json_build_append(&context, json_find_string(&entries->items[i], "ContextKeyName"), *values);
    }
    return json_box(arena, json_built(&context));
}

static bool is_given(const struct json *context, struct str key)
{
    for (size_t i = 0; i < context->count; i++) {
        if (str_equal_nocase(context->members[i].name, key))
            return true;
    }
    return false;
}

static struct json missing_keys(const struct simulation *simulation)
{
    struct judging judging = {.arena = simulation->arena};
    const struct key_names *asked = grants_context_asked(&judging, &simulation->subject->policies);
    struct json_builder missing = json_build(simulation->arena, JSON_ARRAY);
    for (size_t i = 0; i < asked->count; i++) {
        if (!is_given(simulation->context, asked->items[i]))
            json_build_add(&missing, json_string(asked->items[i]));
    }
    return json_built(&missing);
}

/* Nobody is allowed a request that makes no sense. */
static void decide(const struct simulation *simulation, struct str action, struct str resource, struct decision *ret)
{
    struct request_parts parts = {.principal = simulation->subject->arn,
                                  .action = action,
                                  .resource = resource,
                                  .resource_account = simulation->subject->account,
                                  .context = simulation->context};
    struct request request;
    *ret = (struct decision){.verdict = DECISION_IMPLICITLY_DENIED};
    if (request_make(simulation->arena, parts, &request, NULL))
        policy_evaluate(&simulation->subject->policies, &request, ret);
}

static struct json word_of(const struct decision *decision)
{
    static const char *const words[] = {[DECISION_ALLOWED] = "allowed",
                                        [DECISION_EXPLICITLY_DENIED] = "explicitDeny",
                                        [DECISION_IMPLICITLY_DENIED] = "implicitDeny"};
    return json_string(str_from(words[decision->verdict]));
}

/* Whether policies of this type let the request pass, where the principal has any. */
static void add_detail(struct arena *arena, struct json_builder *result, const char *detail, const char *member,
                       const struct decision *decision, enum policy_type type)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    bool refuses = decision->verdict != DECISION_ALLOWED && decision->reason_count && decision->reasons[0].type == type;
    json_build_append(&object, str_from(member), refuses ? json_false : json_true);
    json_build_append(result, str_from(detail), json_built(&object));
}

static struct json result_of(const struct simulation *simulation, struct str action, struct str resource, bool named)
{
    struct arena *arena = simulation->arena;
    const struct policy_environment *policies = &simulation->subject->policies;
    struct json_builder result = json_build(arena, JSON_OBJECT);
    struct decision decision;
    decide(simulation, action, resource, &decision);
    json_build_append(&result, STR("EvalActionName"), json_string(action));
    json_build_append(&result, STR("EvalResourceName"), json_string(resource));
    json_build_append(&result, STR("EvalDecision"), word_of(&decision));
    json_build_append(&result, STR("MissingContextValues"), simulation->missing);
    if (policies->service_control.count)
        add_detail(arena, &result, "OrganizationsDecisionDetail", "AllowedByOrganizations", &decision, POLICY_SCP);
    if (policies->boundaries.count)
        add_detail(arena, &result, "PermissionsBoundaryDecisionDetail", "AllowedByPermissionsBoundary", &decision,
                   POLICY_BOUNDARY);
    if (named) {
        struct json_builder specific = json_build(arena, JSON_OBJECT);
        struct json_builder list = json_build(arena, JSON_ARRAY);
        json_build_append(&specific, STR("EvalResourceName"), json_string(resource));
        json_build_append(&specific, STR("EvalResourceDecision"), word_of(&decision));
        json_build_append(&specific, STR("MissingContextValues"), simulation->missing);
        json_build_add(&list, json_built(&specific));
        json_build_append(&result, STR("ResourceSpecificResults"), json_built(&list));
    }
    return json_built(&result);
}

static struct json results_of(const struct simulation *simulation, const struct json *parameters)
{
    const struct json *actions = json_find(parameters, "ActionNames");
    const struct json *resources = json_find(parameters, "ResourceArns");
    bool named = json_is(resources, JSON_ARRAY) && resources->count;
    struct json_builder results = json_build(simulation->arena, JSON_ARRAY);
    for (size_t i = 0; json_is(actions, JSON_ARRAY) && i < actions->count; i++) {
        for (size_t j = 0; j < (named ? resources->count : 1); j++)
            json_build_add(&results, result_of(simulation, actions->items[i].string,
                                               named ? resources->items[j].string : STR("*"), named));
    }
    return json_built(&results);
}

struct answer view_simulate(const struct view *view, struct arena *arena, const struct json *parameters)
{
    struct str arn = json_find_string(parameters, "PolicySourceArn");
    struct simulation simulation = {.subject = subject_of(view, arn),
                                    .arena = arena,
                                    .context = context_given(arena, json_find(parameters, "ContextEntries"))};
    if (!simulation.subject)
        return (struct answer){.code = STR("NoSuchEntity"),
                               .message = str_format(arena, "The snapshot holds no policies of %.*s.", STR_ARG(arn)),
                               .http_status = 404};
    simulation.missing = missing_keys(&simulation);
    struct json_builder answer = json_build(arena, JSON_OBJECT);
    json_build_append(&answer, STR("EvaluationResults"), results_of(&simulation, parameters));
    return (struct answer){.value = json_box(arena, json_built(&answer)), .http_status = 200};
}
