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

static bool add(const struct organization *o, const struct shard *shard, const struct json_builder *target,
                struct fleet_targets *targets)
{
    struct json object = json_built(target);
    return fleet_targets_add(targets, shard, 0, json_text(o->program->arena, &object, 0), o->error);
}

static bool add_payer(const struct organization *o, const struct shard *shard, struct fleet_targets *targets)
{
    struct arena *arena = o->program->arena;
    struct json_builder target = json_build(arena, JSON_OBJECT);
    json_build_append(&target, STR("name"), json_string(str_join3(arena, STR("payer "), o->payer, STR(""))));
    for (size_t i = 0; i < o->source.target->count; i++)
        json_build_append(&target, o->source.target->members[i].name, o->source.target->members[i].value);
    return add(o, shard, &target, targets);
}

static bool add_member(const struct organization *o, const struct shard *shard, const struct json *account,
                       struct fleet_targets *targets)
{
    struct arena *arena = o->program->arena;
    struct str id = json_find_string(account, "id");
    struct str name = json_find_string(account, "name");
    const struct json *principal = json_find(o->source.target, "principal");
    struct str role =
        str_format(arena, "arn:%.*s:iam::%.*s:role/%.*s", STR_ARG(o->partition), STR_ARG(id), STR_ARG(o->role));
    struct json_builder target = json_build(arena, JSON_OBJECT);
    json_build_append(&target, STR("name"), json_string(str_join3(arena, name, STR(" "), id)));
    json_build_append(&target, STR("scenario"), json_string(STR("linked")));
    json_build_append(&target, STR("account_id"), json_string(id));
    if (principal)
        json_build_append(&target, STR("principal"), *principal);
    json_build_append(&target, STR("role_arn"), json_string(role));
    return add(o, shard, &target, targets);
}

static bool is_member(const struct organization *o, const struct json *account)
{
    return str_equal(json_find_string(account, "state"), STR("ACTIVE")) &&
           !str_equal(json_find_string(account, "id"), o->payer);
}

static bool add_all(const struct organization *o, const struct shard *shard, struct fleet_targets *targets)
{
    if (!add_payer(o, shard, targets))
        return false;
    for (size_t i = 0; i < o->accounts->count; i++) {
        const struct json *account = &o->accounts->items[i];
        if (is_member(o, account) && !add_member(o, shard, account, targets))
            return false;
    }
    targets->trusted =
        str_format(o->program->arena, "arn:%.*s:iam::%.*s:root", STR_ARG(o->partition), STR_ARG(o->payer));
    return true;
}

bool organization_targets(struct program *program, const struct check_options *options,
                          const struct checking_plan *plan, struct str role, const struct shard *shard,
                          struct fleet_targets *targets, const struct facts **ret_facts, enum exit_status *ret_status,
                          struct error *error)
{
    struct organization o = {.program = program, .options = options, .role = role, .error = error};
    if (!source_open(program, &options->source, &o.source, ret_status, error) ||
        !source_collect(program, &o.source, plan->base->declarations, wanted, COUNT_OF(wanted), ret_facts, ret_status,
                        error))
        return false;
    *ret_status = EXIT_STATUS_USAGE;
    return read_organization(&o, *ret_facts) && add_all(&o, shard, targets);
}
