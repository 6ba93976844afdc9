/* mending.c: see mending.h. */
#include "checks/grants/mending.h"

#include "checks/mend/allow.h"
#include "checks/mend/deny.h"
#include "checks/mend/statement.h"
#include "policy/template/merge.h"

/* ---- What a statement's policy is, and where ---- */

/* The item of the list of identity policies whose document this is; NULL: it is none of them. */
static const struct json *identity_item(const struct proving *p, const struct policy *policy)
{
    const struct fact *fact = facts_get(p->judging->scope.facts, p->check->facts.identity);
    for (size_t i = 0; fact && i < fact->item_count; i++) {
        const struct json *item = fact->items[i].value;
        if (fact->items[i].state == FACT_PRESENT && str_equal(json_find_string(item, "name"), policy->name) &&
            json_find(item, "policy") && json_equal(json_find(item, "policy"), policy->source))
            return item;
    }
    return NULL;
}

/* An inline policy of the user or role itself binds nobody else. */
static bool is_own(const struct json *item)
{
    return str_equal(json_find_string(item, "kind"), STR("inline")) &&
           !str_starts(json_find_string(item, "via"), STR("group "));
}

/* The edit that puts another document in the policy's place. False: it is not one that can be edited here. */
static bool edit_of(const struct proving *p, enum policy_type type, const struct policy *policy, struct edit *ret)
{
    if (type == POLICY_RESOURCE && p->check->facts.resource.len) {
        *ret = (struct edit){.fact = p->check->facts.resource};
        return true;
    }
    if (type != POLICY_IDENTITY || !identity_item(p, policy))
        return false;
    *ret = (struct edit){.fact = p->check->facts.identity, .name = policy->name, .before = policy->source};
    return true;
}

static const char *whose(enum policy_type type)
{
    static const char *const words[] = {
        [POLICY_BOUNDARY] = "a permissions boundary: whoever set it has to change it",
        [POLICY_SCP] = "a service control policy: whoever administers the organization has to change it",
        [POLICY_RCP] = "a resource control policy: whoever administers the organization has to change it",
    };
    return (size_t)type < COUNT_OF(words) && words[type] ? words[type] : "no policy of this account";
}

/* ---- A Deny ---- */

/* The statement that denies a request, where a policy does. */
static const struct statement *denying(const struct refusal *refusal)
{
    bool denied = refusal->decision.verdict == DECISION_EXPLICITLY_DENIED && refusal->decision.reason_count;
    return denied ? refusal->decision.reasons[0].statement : NULL;
}

static bool has_text(const struct str *list, size_t count, struct str text)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(list[i], text))
            return true;
    return false;
}

static void add_text(struct str *list, size_t *count, struct str text)
{
    if (!has_text(list, *count, text))
        list[(*count)++] = text;
}

/* What the documentation grants the action on, where the policy to paste has it; the empty list: it has not. */
static struct json_list documented(const struct proving *p, const struct json *paste, struct str action)
{
    struct json_list statements = json_listed(json_find(paste, "Statement"));
    for (size_t i = 0; i < statements.count; i++) {
        struct json_list actions = json_listed(json_find(&statements.items[i], "Action"));
        for (size_t k = 0; k < actions.count; k++)
            if (pattern_fits(p->judging->arena, actions.items[k].string, action))
                return json_listed(json_find(&statements.items[i], "Resource"));
    }
    return (struct json_list){NULL, 0};
}

static size_t resource_total(const struct proving *p)
{
    size_t total = p->refusal_count + 1;
    for (size_t i = 0; i < p->refusal_count; i++)
        total += p->refusals[i].part.resource_count;
    return total;
}

/* What is asked of one refusal: its pattern, or the request that was found. */
static void add_asked(const struct refusal *refusal, struct str *actions, size_t *action_count, struct str *resources,
                      size_t *resource_count)
{
    const struct request_part *part = &refusal->part;
    add_text(actions, action_count, part->action_count ? part->actions[0] : refusal->request.action);
    for (size_t i = 0; i < part->resource_count; i++)
        add_text(resources, resource_count, part->resources[i]);
    if (part->resource_count == 0)
        add_text(resources, resource_count, refusal->request.resource);
}

/* Whom the text to paste names, where that is another than who asks: a request stands for all of an account. */
static struct principal who(const struct refusal *refusal, const struct json *paste)
{
    const struct json *statement = policy_statement(paste, 0);
    struct str named = json_find_string(json_find(statement, "Principal"), "AWS");
    return principal_read(named.len ? named : refusal->request.principal.text);
}

/* No exception is wider than the documentation's policies, nor narrower: the next thing would be denied then. */
static void add_needed(const struct proving *p, const struct refusal *refusal, const struct json *paste,
                       struct deny_need *need, struct str *actions, struct str *resources)
{
    struct json_list granted = documented(p, paste, refusal->request.action);
    size_t before = need->resource_count;
    add_asked(refusal, actions, &need->action_count, resources, &need->resource_count);
    need->resource_count = granted.count ? before : need->resource_count;
    for (size_t i = 0; i < granted.count; i++)
        add_text(resources, &need->resource_count, granted.items[i].string);
}

/* All that one Deny keeps away, in one edit. */
static struct deny_need need_of(const struct proving *p, const struct refusal *first, const struct json *item,
                                const struct json *paste)
{
    enum { DOCUMENTED_MAX = 64 };
    struct arena *arena = p->judging->arena;
    struct str *actions = arena_array(arena, struct str, p->refusal_count);
    struct str *resources = arena_array(arena, struct str, resource_total(p) + p->refusal_count * DOCUMENTED_MAX);
    struct deny_need need = {.statement = denying(first),
                             .principal = who(first, paste),
                             .own = item && is_own(item),
                             .actions = actions,
                             .resources = resources};
    for (size_t i = 0; i < p->refusal_count; i++)
        if (denying(&p->refusals[i]) == need.statement)
            add_needed(p, &p->refusals[i], paste, &need, actions, resources);
    return need;
}

/* What to look at: somebody wrote the Deny for a reason. */
static struct str deny_look(struct arena *arena, const struct statement *deny, const struct json *narrowed)
{
    size_t left = json_listed(json_find(narrowed, "Statement")).count;
    return str_format(arena, "%.*s of %.*s: somebody wrote this Deny for a reason; %s", STR_ARG(deny->pointer),
                      STR_ARG(deny->policy->name),
                      left < deny->policy->count ? "it denies nothing else, and goes"
                                                 : "it goes on holding for everybody else, and for all else");
}

static void mend_deny(const struct proving *p, const struct refusal *refusal, const struct json *paste,
                      struct mend *ret)
{
    struct arena *arena = p->judging->arena;
    const struct statement *deny = denying(refusal);
    enum policy_type type = refusal->decision.reasons[0].type;
    if (!edit_of(p, type, deny->policy, &ret->edit)) {
        ret->refusal = str_format(arena, "the Deny at %.*s stands in %.*s, %s", STR_ARG(deny->pointer),
                                  STR_ARG(deny->policy->name), whose(type));
        return;
    }
    const struct json *item = type == POLICY_IDENTITY ? identity_item(p, deny->policy) : NULL;
    struct deny_need need = need_of(p, refusal, item, paste);
    ret->found = deny_narrow(arena, &need, &ret->edit.document, &ret->refusal);
    ret->look = ret->found ? deny_look(arena, deny, ret->edit.document) : STR("");
}

/* ---- What is missing ---- */

static struct json texts(struct arena *arena, const struct str *list, size_t count)
{
    struct json_builder built = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < count; i++)
        json_build_add(&built, json_string(list[i]));
    return count == 1 ? built.items[0] : json_built(&built);
}

static bool same_resources(const struct refusal *a, const struct refusal *b)
{
    if (a->part.resource_count != b->part.resource_count)
        return false;
    for (size_t i = 0; i < a->part.resource_count; i++)
        if (!str_equal(a->part.resources[i], b->part.resources[i]))
            return false;
    return a->part.resource_count || str_equal(a->request.resource, b->request.resource);
}

/* An Allow of what was asked on the resources of this refusal. `principal` empty: in a policy of whoever asks. */
static struct json asked_statement(const struct proving *p, size_t first, struct str sid, struct str principal)
{
    struct arena *arena = p->judging->arena;
    struct str *actions = arena_array(arena, struct str, p->refusal_count);
    struct str *resources = arena_array(arena, struct str, resource_total(p));
    size_t action_count = 0;
    size_t resource_count = 0;
    bool is_key = principal.len && str_starts(p->refusals[first].request.action_folded, STR("kms:"));
    for (size_t i = first; i < p->refusal_count; i++)
        if (same_resources(&p->refusals[first], &p->refusals[i]))
            add_asked(&p->refusals[i], actions, &action_count, resources, &resource_count);
    struct json_member who = {STR("AWS"), json_string(principal)};
    struct json_builder statement = json_build(arena, JSON_OBJECT);
    json_build_append(&statement, STR("Sid"), json_string(sid));
    json_build_append(&statement, STR("Effect"), json_string(STR("Allow")));
    if (principal.len)
        json_build_append(&statement, STR("Principal"), *json_clone(arena, json_box(arena, json_object(&who, 1))));
    json_build_append(&statement, STR("Action"), texts(arena, actions, action_count));
    /* In a key's policy "*" is the key. */
    json_build_append(&statement, STR("Resource"),
                      is_key ? json_string(STR("*")) : texts(arena, resources, resource_count));
    return json_built(&statement);
}

static bool is_first_of_its_resources(const struct proving *p, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (same_resources(&p->refusals[i], &p->refusals[index]))
            return false;
    return true;
}

/* Exactly what was asked and is missing: a statement for each set of resources. */
static const struct json *asked_policy(const struct proving *p, struct str sid, struct str principal)
{
    struct arena *arena = p->judging->arena;
    struct json_builder list = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < p->refusal_count; i++) {
        struct str own = list.count ? str_format(arena, "%.*s%zu", STR_ARG(sid), list.count + 1) : sid;
        if (is_first_of_its_resources(p, i))
            json_build_add(&list, asked_statement(p, i, own, principal));
    }
    struct json_builder policy = json_build(arena, JSON_OBJECT);
    json_build_append(&policy, STR("Version"), json_string(STR("2012-10-17")));
    json_build_append(&policy, STR("Statement"), json_built(&list));
    return json_box(arena, json_built(&policy));
}

/* The principal's own inline policy of that name, where it has one. */
static const struct json *own_inline(const struct proving *p)
{
    const struct fact *fact = facts_get(p->judging->scope.facts, p->check->facts.identity);
    for (size_t i = 0; fact && i < fact->item_count; i++) {
        const struct json *item = fact->items[i].value;
        if (fact->items[i].state == FACT_PRESENT && is_own(item) &&
            str_equal(json_find_string(item, "name"), p->check->inline_name))
            return json_find(item, "policy");
    }
    return NULL;
}

static void mend_identity(const struct proving *p, const struct json *paste, struct mend *ret)
{
    struct arena *arena = p->judging->arena;
    const struct json *own = own_inline(p);
    const struct json *wanted = paste ? paste : asked_policy(p, p->check->inline_name, STR(""));
    struct template_asker asker = {.principal = p->refusals[0].request.principal.text, .told = &p->told};
    struct merge_result merged;
    struct error error;
    if (own && !policy_merge(arena, own, wanted, false, &asker, &merged, &error)) {
        ret->refusal = str_copy(arena, str_from(error.text));
        return;
    }
    ret->edit = (struct edit){.fact = p->check->facts.identity,
                              .name = p->check->inline_name,
                              .before = own,
                              .document = own ? merged.policy : wanted};
    /* What is there grants the text already, and is not enough: then exactly what was asked is added. */
    if (own && json_equal(own, merged.policy))
        ret->edit.document = policy_plus(arena, own, asked_policy(p, p->check->inline_name, STR("")));
    ret->found = true;
}

static void mend_resource(const struct proving *p, const struct json *paste, struct mend *ret)
{
    struct arena *arena = p->judging->arena;
    const struct fact *fact = facts_get(p->judging->scope.facts, p->check->facts.resource);
    bool on_bucket = p->check->paste.template.on_bucket || p->check->template.template.on_bucket;
    const struct json *own = fact && fact->state == FACT_PRESENT ? fact->value : NULL;
    if (!paste || p->check->inline_name.len)
        paste = asked_policy(p, STR("OptScale"), p->refusals[0].request.principal.text);
    bool merged = on_bucket && !p->check->inline_name.len;
    ret->edit = (struct edit){.fact = p->check->facts.resource,
                              .document = own && !merged ? policy_plus(arena, own, paste) : paste};
    ret->found = true;
}

/* Of which type of policy an Allow is lacking. */
static bool is_missing_of(const struct refusal *refusal, enum policy_type type)
{
    const struct decision *decision = &refusal->decision;
    return decision->verdict == DECISION_IMPLICITLY_DENIED && decision->reason_count &&
           !decision->reasons[0].statement && decision->reasons[0].type == type;
}

static void mend_missing(const struct proving *p, const struct json *paste, int way, struct mend *ret)
{
    const struct refusal *first = &p->refusals[0];
    bool of_identity = is_missing_of(first, POLICY_IDENTITY);
    if (!of_identity && !is_missing_of(first, POLICY_RESOURCE)) {
        ret->refusal = first->decision.reason_count
                           ? str_format(p->judging->arena, "%.*s: that is %s", STR_ARG(first->text),
                                        whose(first->decision.reasons[0].type))
                           : first->text;
        return;
    }
    bool by_identity = (of_identity == (way == 0)) && p->check->inline_name.len;
    bool by_resource = (of_identity != (way == 0)) && p->check->facts.resource.len;
    if (by_identity)
        mend_identity(p, paste, ret);
    else if (by_resource)
        mend_resource(p, paste, ret);
}

void mending_grants(const struct proving *p, const struct json *paste, int way, struct mend *ret)
{
    for (size_t i = 0; i < p->refusal_count; i++) {
        if (denying(&p->refusals[i])) {
            mend_deny(p, &p->refusals[i], paste, ret);
            return;
        }
    }
    if (p->refusal_count && p->environment.prove.unread[POLICY_IDENTITY])
        ret->refusal =
            STR("the principal's policies could not be read, so that no correction of them can be proven: whoever "
                "may read IAM has to run this");
    else if (p->refusal_count)
        mend_missing(p, paste, way, ret);
}

/* ---- What is allowed, and should not be ---- */

/* The statement that allows the request. */
static const struct decision_reason *allowing(const struct refusal *refusal)
{
    const struct decision *decision = &refusal->decision;
    for (size_t i = 0; i < decision->reason_count; i++)
        if (decision->reasons[i].statement && decision->reasons[i].statement->effect == POLICY_ALLOW)
            return &decision->reasons[i];
    return NULL;
}

/* The accounts that services may still write for: those that the rule leaves out of what it forbids. */
static const struct request_key *accounts_left(const struct refusal *refusal)
{
    const struct request_key *key = request_key_find(&refusal->part, STR("aws:SourceAccount"));
    return key->kind == KEY_RANGES && key->except_count ? key : NULL;
}

static bool without_what_is_found(const struct proving *p, const struct statement *statement, const struct json **ret,
                                  struct str *ret_why)
{
    struct str *actions = arena_array(p->judging->arena, struct str, p->refusal_count);
    size_t count = 0;
    for (size_t i = 0; i < p->refusal_count; i++)
        add_text(actions, &count, p->refusals[i].request.action);
    return allow_without(p->judging->arena, statement, actions, count, p->refusals[0].request.principal.text, ret,
                         ret_why);
}

static void mend_allow(const struct proving *p, const struct refusal *refusal, const struct statement *allow,
                       struct mend *ret)
{
    struct arena *arena = p->judging->arena;
    const struct request_key *accounts = accounts_left(refusal);
    if (accounts)
        ret->edit.document = allow_for_accounts(arena, allow, accounts->except, accounts->except_count);
    bool for_accounts = ret->edit.document != NULL;
    ret->found = for_accounts || without_what_is_found(p, allow, &ret->edit.document, &ret->refusal);
    ret->look = str_format(arena, "%.*s of %.*s: %s", STR_ARG(allow->pointer), STR_ARG(allow->policy->name),
                           for_accounts ? "the services that it names write for this account alone then"
                                        : "who does more by it than read no longer can");
}

void mending_grants_none(const struct proving *p, const struct json *paste, int way, struct mend *ret)
{
    const struct decision_reason *reason = p->refusal_count ? allowing(&p->refusals[0]) : NULL;
    if (!reason)
        return;
    const struct statement *allow = reason->statement;
    if (way > 0) {
        ret->found = paste && p->check->facts.resource.len;
        ret->edit = (struct edit){.fact = p->check->facts.resource, .document = paste};
    } else if (edit_of(p, reason->type, allow->policy, &ret->edit)) {
        mend_allow(p, &p->refusals[0], allow, ret);
    }
}
