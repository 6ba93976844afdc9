/* unreachable.c: see unreachable.h. */
#include "cli/fleet/unreachable.h"

#include "base/map.h"

/* Whom a role has to let in: the user whom AWS named when it refused; empty where nobody is named. */
static struct str refused_user(struct str message)
{
    struct str user = str_skip(message, str_find(message, STR("User: arn:"), 0) + 6);
    return str_contains(message, STR("User: arn:")) ? str_slice(user, 0, str_find_char(user, ' ', 0)) : STR("");
}

/* How the owner of an account lets the caller in, where its role is missing or refuses. */
static struct fix remedy(struct arena *arena, const struct fleet_targets *targets, const struct fleet_target *target,
                         struct str message)
{
    struct str trusted = targets->trusted.len ? targets->trusted : refused_user(message);
    struct str role = target->account.assume_role;
    if (!role.len || !trusted.len || !str_contains(message, STR("sts:AssumeRole")))
        return (struct fix){.cli = STR("")};
    struct str name = str_skip(role, str_find_last_char(role, '/') + 1);
    struct str scenario = json_find_string(target->target, "scenario");
    struct str policy = str_format(arena,
                                   "'{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
                                   "{\"AWS\":\"%.*s\"},\"Action\":\"sts:AssumeRole\"}]}'",
                                   STR_ARG(trusted));
    return (struct fix){
        .cli = str_format(arena, "aws iam create-role --role-name %.*s --assume-role-policy-document %.*s",
                          STR_ARG(name), STR_ARG(policy)),
        .note = str_format(arena,
                           "With credentials of that account. Where the role exists: aws iam "
                           "update-assume-role-policy --role-name %.*s --policy-document %.*s. What it has to be "
                           "allowed: exportcheck policy permissions --scenario %.*s",
                           STR_ARG(name), STR_ARG(policy), STR_ARG(scenario.len ? scenario : STR("root-existing"))),
    };
}

struct result unreachable_result(struct arena *arena, const struct fleet_targets *targets,
                                 const struct fleet_target *target, enum verdict verdict, struct str message)
{
    struct str file = targets->path;
    struct result result = {
        .rule = STR("target-reachable"),
        .title = STR("The target can be checked"),
        .severity = SEVERITY_CRITICAL,
        .section = STR("check --targets"),
        .place = STR("account"),
        .verdict = verdict,
        .account = json_find_string(target->target, "account_id"),
        .message = target->line ? str_format(arena, "line %zu: %.*s", target->line, STR_ARG(message)) : message,
        .to_do = file.len ? str_format(arena, "Put right the lines of %.*s that cannot be checked", STR_ARG(file))
                          : STR("Let the payer read each member account through its role"),
        .fix = remedy(arena, targets, target, message),
        .why = STR("Nothing is known of a target that cannot be read: neither that it is ready, nor that it is not."),
    };
    uint64_t hash = hash_fnv1a(hash_fnv1a(0, result.rule), target->name);
    result.id = str_format(arena, "%016llx", (unsigned long long)hash);
    return result;
}

struct cause unreachable_cause(struct arena *arena, const struct result *result)
{
    struct str *rules = arena_new(arena, struct str);
    *rules = result->rule;
    return (struct cause){.root_cause = result->rule,
                          .title = result->to_do,
                          .effect = STR("nothing is known of these targets"),
                          .verdict = result->verdict,
                          .findings = 1,
                          .rules = rules,
                          .rule_count = 1};
}
