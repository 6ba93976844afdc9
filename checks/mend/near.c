/* near.c: see near.h. */
#include "checks/mend/near.h"

#include "checks/probes/probes.h"
#include "policy/evaluate/change.h"
#include "policy/evaluate/mismatch.h"
#include "policy/language/resource_type.h"

/* ---- Slips of the pen ---- */

static const struct str aws_suffix = STR_INIT(".amazonaws.com");

/* "bcm-data-exports.us-east-1.amazonaws.com", where the service is asked for without a region. */
static bool is_regional_form(struct str written, struct str service)
{
    if (!str_ends(service, aws_suffix) || !str_starts(written, str_slice(service, 0, service.len - aws_suffix.len)))
        return false;
    struct str rest = str_skip(written, service.len - aws_suffix.len);
    return rest.len > 1 && rest.ptr[0] == '.' && str_contains(rest, aws_suffix) && !str_equal(rest, aws_suffix);
}

/* What is wrong with the name of the service in the statement; empty where it means another one. */
static struct str service_slip(struct arena *arena, const struct statement *statement, struct str service)
{
    for (size_t i = 0; i < statement->principals.count; i++) {
        struct str written = statement->principals.items[i].principal.text;
        if (str_equal(written, service))
            return str_format(arena, "it names %.*s, but not under \"Service\"", STR_ARG(service));
        if (is_regional_form(written, service))
            return str_format(arena, "it names %.*s; the service is %.*s, without a region", STR_ARG(written),
                              STR_ARG(service));
        if (str_nearest(written, &service, 1).len)
            return str_format(arena, "it names %.*s; the service is %.*s", STR_ARG(written), STR_ARG(service));
    }
    return STR("");
}

static struct str action_slip(struct arena *arena, const struct statement *statement, struct str action)
{
    for (size_t i = 0; !statement->actions.negated && i < statement->actions.count; i++) {
        struct str written = statement->actions.items[i].pattern.source;
        if (action_has_api_name(action, written))
            return str_format(arena, "%.*s is the API's name; the action is %.*s", STR_ARG(written), STR_ARG(action));
        if (!action_find(written) && str_nearest(written, &action, 1).len)
            return str_format(arena, "%.*s is no action; %.*s is", STR_ARG(written), STR_ARG(action));
    }
    return STR("");
}

/* What to say of one mismatch; empty: the statement was never meant for the request. */
static struct str near_text(struct arena *arena, const struct statement *statement, const struct mismatch *miss,
                            const struct request *request)
{
    if (str_contains(miss->pointer, STR("/Condition")) || str_ends(miss->pointer, STR("Resource")))
        return miss->text;
    if (str_ends(miss->pointer, STR("/Action")))
        return action_slip(arena, statement, request->action);
    if (str_ends(miss->pointer, STR("/Principal")) && request->principal.kind == PRINCIPAL_SERVICE)
        return service_slip(arena, statement, request->principal.text);
    return STR("");
}

/* ---- The nearest Allow ---- */

struct nearest {
    const struct statement *statement;
    struct mismatches misses; /* with the texts to show */
};

static void add_place(struct buf *text, const struct statement *statement)
{
    buf_add(text, statement->pointer);
    if (statement->sid.len)
        buf_addf(text, " (%.*s)", STR_ARG(statement->sid));
    if (statement->policy->name.len)
        buf_addf(text, " of %.*s", STR_ARG(statement->policy->name));
}

static struct str describe(struct arena *arena, const struct nearest *nearest)
{
    struct buf text = buf_make(arena, BUF_NO_MAX);
    add_place(&text, nearest->statement);
    buf_add_c(&text, " does not apply: ");
    for (size_t i = 0; i < nearest->misses.count; i++)
        buf_addf(&text, "%s%.*s", i ? ", and " : "", STR_ARG(nearest->misses.items[i].text));
    return buf_str(&text);
}

/* Whether it speaks of the action, or was meant to: the cheap half of look_at(), which decides for most statements. */
static bool is_about(struct arena *arena, const struct statement *statement, const struct request *request)
{
    return statement_action_matches(statement, request) || action_slip(arena, statement, request->action).len;
}

static void look_at(struct arena *arena, const struct statement *statement, const struct request *request, bool bounded,
                    struct nearest *nearest)
{
    if (!is_about(arena, statement, request))
        return;
    struct mismatches misses = explain_statement(arena, statement, request, bounded);
    for (size_t i = 0; i < misses.count; i++) {
        misses.items[i].text = near_text(arena, statement, &misses.items[i], request);
        if (!misses.items[i].text.len)
            return;
    }
    if (misses.count && (!nearest->statement || misses.count < nearest->misses.count))
        *nearest = (struct nearest){statement, misses};
}

struct str grants_near_miss(struct arena *arena, const struct policy_environment *environment,
                            const struct request *request, enum policy_type type)
{
    struct nearest nearest = {0};
    size_t count;
    struct attached_policy *policies = environment_policies(arena, environment, &count);
    for (size_t i = 0; i < count; i++)
        for (size_t s = 0; policies[i].type == type && s < policies[i].policy->count; s++)
            if (policies[i].policy->statements[s].effect == POLICY_ALLOW)
                look_at(arena, &policies[i].policy->statements[s], request, environment->boundaries.count > 0,
                        &nearest);
    return nearest.statement ? describe(arena, &nearest) : STR("");
}

/* ---- A Deny ---- */

struct str grants_denial(struct arena *arena, const struct policy_environment *environment,
                         const struct request *request, const struct decision *decision)
{
    if (decision->verdict != DECISION_EXPLICITLY_DENIED || !decision->reason_count)
        return STR("");
    struct buf text = buf_make(arena, BUF_NO_MAX);
    struct mismatches held = explain_applied(arena, decision->reasons[0].statement, request);
    for (size_t i = 0; i < held.count; i++)
        buf_addf(&text, "%s%.*s", i ? ", and " : "", STR_ARG(held.items[i].text));
    struct changes changes = explain_changes(arena, environment, request, decision);
    if (changes.count)
        buf_addf(&text, "%sit %.*s", text.len ? "; " : "", STR_ARG(changes.items[0].text));
    return buf_str(&text);
}

/* ---- What stands between ---- */

/* How the policies of each kind are called where one of them is named, and where all of them allow too little. */
static const struct {
    const char *one;
    const char *all;
} places[POLICY_TYPE_COUNT] = {
    [POLICY_IDENTITY] = {"policy ", ""},
    [POLICY_RESOURCE] = {"", ""}, /* its name says whose it is: "the bucket's policy" */
    [POLICY_TRUST] = {"", ""},
    [POLICY_BOUNDARY] = {"the permissions boundary ", "the permissions boundary"},
    [POLICY_SESSION] = {"the session's policy ", "the session's policy"},
    [POLICY_SCP] = {"the service control policy ", "the organization's service control policies"},
    [POLICY_RCP] = {"the resource control policy ", "the organization's resource control policies"},
};

/* By the decision's first reason; where AWS or its simulator decided, by their words. */
static struct str place_of(struct arena *arena, const struct prove_result *refuted, bool *ret_denies)
{
    const struct decision *decision = &refuted->example.decision;
    const struct decision_reason *reason = &decision->reasons[0];
    *ret_denies = decision->verdict == DECISION_EXPLICITLY_DENIED || str_contains(refuted->text, STR("explicit deny"));
    if (decision->reason_count == 0)
        return probes_refuser(refuted->text);
    if (decision->verdict == DECISION_ALLOWED || refuted->example.request.principal.kind == PRINCIPAL_SERVICE)
        return STR(""); /* what a service may is the bucket's policy alone, which the rule speaks of */
    if (!reason->statement)
        return str_from(places[reason->type].all);
    struct str name = reason->statement->policy->name;
    bool is_arn = str_starts(name, STR("arn:"));
    name = is_arn ? str_skip(name, str_find_last_char(name, '/') + 1) : name;
    return str_join3(arena, str_from(places[reason->type].one), name, STR(""));
}

void grants_between_add(struct grants_between *between, struct arena *arena, const struct prove_result *refuted,
                        bool missing)
{
    bool denies = false;
    struct str place = missing ? STR("") : place_of(arena, refuted, &denies);
    if (place.len == 0) {
        between->other = true;
    } else if (between->count == 0) {
        between->place = place;
        between->denies = denies;
        between->action = refuted->example.request.action;
        between->count = 1;
    } else if (str_equal(place, between->place) && denies == between->denies) {
        between->count++;
    }
}

struct str grants_between_sentence(struct arena *arena, const struct grants_between *between)
{
    struct str more = between->count > 1 ? str_format(arena, " and %zu more", between->count - 1) : STR("");
    if (between->count == 0 || between->other)
        return STR("");
    return str_format(arena, "%s %.*s%.*s in %.*s", between->denies ? "Lift the Deny on" : "Allow",
                      STR_ARG(between->action), STR_ARG(more), STR_ARG(between->place));
}
