/* statement.c: whether one statement meets a request; see evaluate.h. */
#include "policy/evaluate/evaluate.h"

static bool item_matches(const struct policy_element *element, struct str text, const struct context *context)
{
    for (size_t i = 0; i < element->count; i++) {
        if (policy_pattern_match(&element->items[i].pattern, text, context))
            return true;
    }
    return false;
}

bool statement_action_matches(const struct statement *statement, const struct request *request)
{
    if (!(statement->services & request->service))
        return false;
    return item_matches(&statement->actions, request->action_folded, NULL) != statement->actions.negated;
}

bool statement_resource_matches(const struct statement *statement, const struct request *request)
{
    const struct policy_element *resources = &statement->resources;
    if (!resources->present)
        return true; /* the policy's own resource */
    return item_matches(resources, request->resource, &request->context) != resources->negated;
}

bool statement_conditions_hold(const struct statement *statement, const struct request *request)
{
    for (size_t i = 0; i < statement->condition_count; i++) {
        if (!condition_holds(&statement->conditions[i], &request->context))
            return false;
    }
    return true;
}

bool statement_applies(const struct statement *statement, const struct request *request)
{
    return statement_action_matches(statement, request) && statement_resource_matches(statement, request) &&
           statement_conditions_hold(statement, request);
}

/* A set of matches, a bit each. */
static unsigned matches_of(const struct policy_principals *principals, const struct principal *caller)
{
    unsigned matches = 0;
    for (size_t i = 0; i < principals->count; i++) {
        if (principals->items[i].principal.kind == PRINCIPAL_ANYONE)
            return ~0U;
        matches |= 1U << principal_match(&principals->items[i].principal, caller);
    }
    return matches & ~(1U << PRINCIPAL_MISSES);
}

/*
 * Whether NotPrincipal spares the caller. With Deny it spares only whom it names outright: to spare a role's session it
 * must name the role and the session, and naming an account does not spare its users (IAM User Guide, "NotPrincipal";
 * AWS Security Blog, "How to restrict Amazon S3 bucket access to a specific IAM role"). With Allow, which AWS does not
 * support, it spares whomever it may mean, so that nothing is granted by chance.
 */
static bool is_spared(const struct statement *statement, const struct principal *caller)
{
    unsigned matches = matches_of(&statement->principals, caller);
    const unsigned role = 1U << PRINCIPAL_MATCHES_ROLE;
    const unsigned self = 1U << PRINCIPAL_MATCHES_CALLER;
    if (statement->effect == POLICY_ALLOW)
        return matches != 0;
    switch (caller->kind) {
    case PRINCIPAL_USER: return matches & 1U << PRINCIPAL_MATCHES_USER;
    case PRINCIPAL_ROLE: return matches & role;
    case PRINCIPAL_SESSION: return (matches & role) && (matches & self);
    default: return matches & self;
    }
}

static enum principal_match strongest(unsigned matches)
{
    for (int match = PRINCIPAL_MATCHES_CALLER; match > PRINCIPAL_MISSES; match--) {
        if (matches & 1U << match)
            return (enum principal_match)match;
    }
    return PRINCIPAL_MISSES;
}

enum principal_match statement_principal_match(const struct statement *statement, const struct request *request,
                                               bool bounded)
{
    const struct policy_principals *principals = &statement->principals;
    if (!principals->present)
        return PRINCIPAL_MISSES;
    if (!principals->negated)
        return strongest(matches_of(principals, &request->principal));
    /* IAM User Guide, "Permissions boundaries": NotPrincipal with Deny always denies a principal that has one. */
    if (statement->effect == POLICY_DENY && bounded)
        return PRINCIPAL_MATCHES_CALLER;
    return is_spared(statement, &request->principal) ? PRINCIPAL_MISSES : PRINCIPAL_MATCHES_CALLER;
}
