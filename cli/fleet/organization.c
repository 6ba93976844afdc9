/* organization.c: see organization.h. */
#include "cli/fleet/organization.h"

/* What is read before any target is checked. */
static const struct str wanted[] = {STR_INIT("caller"), STR_INIT("organization"), STR_INIT("accounts")};

struct organization {
    struct program *program;
    const struct check_options *options;
    struct source source;
    struct str role;
    struct str partition; /* "aws" */
    struct str payer;
    const struct json *accounts; /* a list of {id, name, state} */
    struct error *error;
};

static bool cannot_read(const struct organization *o, const struct fact *fact)
{
    if (fact->state == FACT_ABSENT)
        return error_set(o->error, ERROR_INPUT, "--organization: this account is in no organization");
    return error_set(o->error, ERROR_INPUT, "--organization: %.*s could not be read: %.*s: %.*s", STR_ARG(fact->name),
                     STR_ARG(fact->code), STR_ARG(fact->message));
}

static bool read_organization(struct organization *o, const struct facts *facts)
{
    const struct fact *found[COUNT_OF(wanted)];
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        found[i] = facts_get(facts, wanted[i]);
        if (found[i]->state != FACT_PRESENT)
            return cannot_read(o, found[i]);
    }
    struct str rest = json_find_string(found[0]->value, "arn");
    struct str arn;
    str_cut(&rest, ':', &arn);
    str_cut(&rest, ':', &o->partition);
    o->payer = json_find_string(found[1]->value, "payer");
    o->accounts = found[2]->value;
    struct str caller = json_find_string(found[0]->value, "account");
    return str_equal(caller, o->payer) ||
           error_set(o->error, ERROR_INPUT,
                     "--organization: these credentials are of %.*s; it takes those of the payer, %.*s",
                     STR_ARG(caller), STR_ARG(o->payer));
}

static struct fleet_target payer_target(const struct organization *o)
{
    return (struct fleet_target){
        .name = str_join3(o->program->arena, STR("payer "), o->payer, STR("")),
        .target = o->source.target,
        .account = o->options->source.account,
    };
}

/* How the owner of a member lets the payer in, where its role is missing or refuses. */
static struct str remedy(const struct organization *o)
{
    return str_format(o->program->arena,
                      "aws iam create-role --role-name %.*s --assume-role-policy-document "
                      "'{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":"
                      "\"arn:%.*s:iam::%.*s:root\"},\"Action\":\"sts:AssumeRole\"}]}'",
                      STR_ARG(o->role), STR_ARG(o->partition), STR_ARG(o->payer));
}

static struct fleet_target member_target(const struct organization *o, struct str id, struct str name)
{
    struct arena *arena = o->program->arena;
    const struct json *principal = json_find(o->source.target, "principal");
    struct json_builder target = json_build(arena, JSON_OBJECT);
    json_build_append(&target, STR("scenario"), json_string(STR("linked")));
    json_build_append(&target, STR("account_id"), json_string(id));
    if (principal)
        json_build_append(&target, STR("principal"), *principal);
    struct fleet_target member = {
        .name = str_format(arena, "%.*s %.*s", STR_ARG(name), STR_ARG(id)),
        .target = json_box(arena, json_built(&target)),
        .account = o->options->source.account,
        .remedy = remedy(o),
    };
    member.account.assume_role =
        str_format(arena, "arn:%.*s:iam::%.*s:role/%.*s", STR_ARG(o->partition), STR_ARG(id), STR_ARG(o->role));
    return member;
}

static struct fleet_targets make_targets(const struct organization *o)
{
    struct fleet_targets targets = {arena_array(o->program->arena, struct fleet_target, o->accounts->count + 1), 0};
    targets.items[targets.count++] = payer_target(o);
    for (size_t i = 0; i < o->accounts->count; i++) {
        const struct json *account = &o->accounts->items[i];
        struct str id = json_find_string(account, "id");
        bool active = str_equal(json_find_string(account, "state"), STR("ACTIVE"));
        if (active && !str_equal(id, o->payer))
            targets.items[targets.count++] = member_target(o, id, json_find_string(account, "name"));
    }
    return targets;
}

bool organization_targets(struct program *program, const struct check_options *options,
                          const struct checking_plan *plan, struct str role, struct fleet_targets *ret,
                          enum exit_status *ret_status, struct error *error)
{
    struct organization o = {.program = program, .options = options, .role = role, .error = error};
    if (!source_open(program, &options->source, &o.source, ret_status, error))
        return false;
    const struct facts *facts;
    if (!source_collect(program, &o.source, plan->base->declarations, wanted, COUNT_OF(wanted), &facts, ret_status,
                        error))
        return false;
    *ret_status = EXIT_STATUS_USAGE;
    if (!read_organization(&o, facts))
        return false;
    *ret = make_targets(&o);
    return true;
}
