/*
 * services_alone.c: the kind `services_alone`: a resource's policy lets nobody outside its account, but AWS's services,
 * do something. Users and roles of the account are not looked at: their own policies may let them as well.
 */
#include "checks/grants/context.h"
#include "checks/grants/environment.h"
#include "checks/mend/allow.h"

#include "base/buf.h"

struct services_alone {
    struct str policy; /* a fact */
    struct operand account;
    struct operand resource;
    const struct str *actions;
    size_t action_count;
};

static bool load_services_alone(struct loader *loader, const struct json *definition, void **ret)
{
    static const struct field fields[] = {{"kind", FIELD_STRING, true},
                                          {"policy", FIELD_STRING, true},
                                          {"account", FIELD_STRING, true},
                                          {"resource", FIELD_STRING, true},
                                          {"actions", FIELD_ARRAY, true}};
    struct services_alone *check = arena_new(loader->arena, struct services_alone);
    if (!loader_fields(loader, definition, "this check", fields, COUNT_OF(fields)) ||
        !loader_fact(loader, json_find(definition, "policy")) ||
        !loader_operand(loader, json_find(definition, "account"), &check->account) ||
        !loader_operand(loader, json_find(definition, "resource"), &check->resource) ||
        !loader_strings(loader, json_find(definition, "actions"), "actions", &check->actions, &check->action_count) ||
        !grants_context_load(loader, definition))
        return false;
    check->policy = json_find_string(definition, "policy");
    *ret = check;
    return true;
}

/* Somebody who may be let in: a principal of the policy, or one who stands for everybody. */
struct somebody {
    struct str principal;
    struct str words;
    bool anybody;
};

struct looking {
    const struct services_alone *check;
    const struct judging *judging;
    struct str account;
    struct str resource;
    const struct policy *policy;
    const struct policy *everything; /* lets its principal do all: what a stranger's own policies may */
    struct buf found;
    const struct statement *first; /* that lets somebody in, */
    struct str first_principal;    /* and whom, as it names them; empty: whoever it is */
    struct json_builder actual;
    struct str undecided;
    struct str *seen;
    size_t seen_count;
};

/* In whatever context it asks: what the table does not know is free, and who stands for everybody is of any account but
 * this. */
static void make_keys(const struct looking *looking, const struct request_source *source, bool anybody,
                      struct request_part *part)
{
    static const struct str any[] = {STR_INIT("*"), STR_INIT("arn:*:*:*:*:*")};
    struct arena *arena = looking->judging->arena;
    struct str *own = arena_new(arena, struct str);
    *own = str_format(arena, "arn:*:*:*:%.*s:*", STR_ARG(looking->account));
    const struct request_key everybody[] = {
        {STR_INIT("aws:PrincipalAccount"), KEY_RANGES, any, 1, &looking->account, 1},
        {STR_INIT("aws:PrincipalArn"), KEY_RANGES, any + 1, 1, own, 1},
        {STR_INIT("aws:PrincipalType"), KEY_FREE, NULL, 0, NULL, 0},
        {STR_INIT("aws:username"), KEY_FREE, NULL, 0, NULL, 0},
    };
    const struct request_key *known;
    size_t count;
    request_keys(arena, source, everybody, anybody ? COUNT_OF(everybody) : 0, &known, &count);
    struct request_key *keys = arena_array(arena, struct request_key, count + 1);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (known[i].kind != KEY_UNKNOWN)
            keys[kept++] = known[i];
    keys[kept++] = (struct request_key){.name = STR("*"), .kind = KEY_FREE};
    part->keys = keys;
    part->key_count = kept;
}

static struct prove_result prove_action(const struct looking *looking, const struct somebody *somebody,
                                        const struct str *action)
{
    struct request_source source = grants_context_source(looking->judging, facts_time(looking->judging->scope.facts));
    struct request_part part = {.principal = somebody->principal,
                                .actions = action,
                                .action_count = 1,
                                .resources = &looking->resource,
                                .resource_count = 1,
                                .resource_account = looking->account};
    struct prove_environment environment = {
        .policies = {.identity = {&looking->everything, 1}, .resource = looking->policy}};
    source.principal = somebody->principal;
    source.resource_account = looking->account;
    source.action = *action;
    source.resource = looking->resource;
    make_keys(looking, &source, somebody->anybody, &part);
    return prove_grants_none(looking->judging->arena, &environment, &(struct request_set){&part, 1});
}

static void note_found(struct looking *looking, const struct somebody *somebody, struct str actions,
                       const struct statement *statement)
{
    struct json_builder row = json_build(looking->judging->arena, JSON_OBJECT);
    json_build_append(&row, STR("principal"), json_string(somebody->words));
    json_build_append(&row, STR("actions"), json_string(actions));
    if (statement)
        json_build_append(&row, STR("statement"), json_string(statement->pointer));
    json_build_add(&looking->actual, json_built(&row));
    if (!looking->first) {
        looking->first = statement;
        looking->first_principal =
            somebody->anybody || str_equal(somebody->principal, STR("*")) ? STR("") : somebody->principal;
    }
    buf_addf(&looking->found, "%s%.*s may %.*s", looking->found.len ? "; " : "", STR_ARG(somebody->words),
             STR_ARG(actions));
    if (statement)
        buf_addf(&looking->found, " by %.*s of %.*s", STR_ARG(statement->pointer), STR_ARG(statement->policy->name));
}

/* The statement of the resource's policy that let the request through, where there is one. */
static const struct statement *allowing(const struct prove_result *result, const struct statement *otherwise)
{
    const struct decision *decision = &result->example.decision;
    for (size_t i = 0; i < decision->reason_count; i++)
        if (decision->reasons[i].type == POLICY_RESOURCE && decision->reasons[i].statement)
            return decision->reasons[i].statement;
    return otherwise;
}

static void look_at(struct looking *looking, struct somebody somebody)
{
    const struct services_alone *check = looking->check;
    struct buf actions = buf_make(looking->judging->arena, BUF_NO_MAX);
    const struct statement *statement = NULL;
    for (size_t i = 0; i < looking->seen_count; i++)
        if (str_equal(looking->seen[i], somebody.principal))
            return;
    looking->seen[looking->seen_count++] = somebody.principal;
    for (size_t i = 0; i < check->action_count; i++) {
        struct prove_result result = prove_action(looking, &somebody, &check->actions[i]);
        if (result.verdict == PROVE_REFUTED) {
            buf_addf(&actions, "%s%.*s", actions.len ? " and " : "", STR_ARG(check->actions[i]));
            statement = allowing(&result, statement);
        } else if (result.verdict == PROVE_UNDECIDED && !looking->undecided.len) {
            looking->undecided = result.text;
        }
    }
    if (actions.len)
        note_found(looking, &somebody, buf_str(&actions), statement);
}

static void look_at_everybody(struct looking *looking)
{
    look_at(looking, (struct somebody){STR("*"), STR("everybody"), false});
    look_at(looking,
            (struct somebody){STR("arn:aws:iam::999999999999:role/anybody"), STR("whoever has an account"), true});
}

static void look_at_statement(struct looking *looking, const struct statement *statement)
{
    if (statement->effect != POLICY_ALLOW)
        return;
    if (statement->principals.negated)
        look_at_everybody(looking);
    for (size_t i = 0; !statement->principals.negated && i < statement->principals.count; i++) {
        const struct principal *principal = &statement->principals.items[i].principal;
        bool nobody = principal->kind == PRINCIPAL_SERVICE || principal->kind == PRINCIPAL_UNIQUE_ID;
        bool own = principal->account.len && str_equal(principal->account, looking->account);
        if (principal->kind == PRINCIPAL_ANYONE)
            look_at_everybody(looking);
        else if (!nobody && !own)
            look_at(looking, (struct somebody){principal->text, principal->text, false});
    }
}

static size_t count_principals(const struct policy *policy)
{
    size_t count = 2;
    for (size_t i = 0; i < policy->count; i++)
        count += policy->statements[i].principals.count + 2;
    return count;
}

static const struct policy *allow_all(struct arena *arena)
{
    static const char text[] = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\","
                               "\"Resource\":\"*\"}}";
    const struct json *document = NULL;
    const struct policy *policy = NULL;
    if (json_parse(arena, STR("everything"), str_from(text), &json_limits_default, &document, NULL) &&
        policy_compile(arena, document,
                       (struct policy_options){STR("its own policies"), POLICY_IDENTITY, POLICY_LENIENT}, &policy,
                       NULL))
        return policy;
    return NULL;
}

static void conclude(const struct looking *looking, struct judgement *ret)
{
    struct arena *arena = looking->judging->arena;
    struct json_builder actual = looking->actual;
    *ret = (struct judgement){.verdict = VERDICT_PASS};
    if (looking->found.len)
        *ret = (struct judgement){.verdict = VERDICT_FAIL,
                                  .message = buf_str(&looking->found),
                                  .actual = json_box(arena, json_built(&actual))};
    else if (looking->undecided.len)
        *ret = (struct judgement){.verdict = VERDICT_UNKNOWN,
                                  .message = str_format(arena, "cannot be decided: %.*s", STR_ARG(looking->undecided))};
}

static bool fill(const struct judging *judging, const struct operand *operand, struct str *ret,
                 struct judgement *judgement)
{
    struct evaluated value = operand_evaluate(operand, judging);
    if (judge_unread(judging, &value, judgement))
        return false;
    *ret = json_is(value.value, JSON_STRING) ? value.value->string : STR("");
    return true;
}

/* Looks at all whom the policy lets in. False where it cannot be decided, or there is no policy. */
static bool look_at_all(const struct judging *judging, struct looking *looking, struct judgement *ret)
{
    struct arena *arena = judging->arena;
    const struct fact *fact = facts_get(judging->scope.facts, looking->check->policy);
    struct error error;
    if (judge_unread_fact(judging, fact, ret) || !fill(judging, &looking->check->account, &looking->account, ret) ||
        !fill(judging, &looking->check->resource, &looking->resource, ret))
        return false;
    *ret = (struct judgement){.verdict = VERDICT_PASS};
    if (fact->state == FACT_ABSENT)
        return false;
    if (!policy_compile(arena, fact->value,
                        (struct policy_options){grants_spoken_name(arena, fact->name), POLICY_RESOURCE, POLICY_LENIENT},
                        &looking->policy, &error)) {
        *ret = (struct judgement){.verdict = VERDICT_UNKNOWN,
                                  .message = str_format(arena, "cannot be decided: %s", error.text)};
        return false;
    }
    looking->seen = arena_array(arena, struct str, count_principals(looking->policy));
    for (size_t i = 0; i < looking->policy->count; i++)
        look_at_statement(looking, &looking->policy->statements[i]);
    return true;
}

static struct looking begin(const void *data, const struct judging *judging)
{
    struct arena *arena = judging->arena;
    return (struct looking){.check = data,
                            .judging = judging,
                            .everything = allow_all(arena),
                            .found = buf_make(arena, BUF_NO_MAX),
                            .actual = json_build(arena, JSON_ARRAY)};
}

static void judge_services_alone(const void *data, const struct judging *judging, struct judgement *ret)
{
    struct looking looking = begin(data, judging);
    if (look_at_all(judging, &looking, ret))
        conclude(&looking, ret);
}

/* The first statement lets its somebody do less; the next is found when the policy is looked at again. */
static void mend_services_alone(const void *data, const struct judging *judging, int way, struct mend *ret)
{
    struct looking looking = begin(data, judging);
    struct judgement judgement;
    if (way > 0 || !look_at_all(judging, &looking, &judgement) || !looking.first)
        return;
    struct arena *arena = judging->arena;
    ret->edit.fact = looking.check->policy;
    ret->found = allow_without(arena, looking.first, looking.check->actions, looking.check->action_count,
                               looking.first_principal, &ret->edit.document, &ret->refusal);
    ret->look = str_format(arena, "%.*s of %.*s: whoever writes by it can no longer", STR_ARG(looking.first->pointer),
                           STR_ARG(looking.first->policy->name));
}

const struct check_kind check_services_alone = {"services_alone", "nobody but services may, by a resource's policy",
                                                load_services_alone, judge_services_alone, mend_services_alone};
