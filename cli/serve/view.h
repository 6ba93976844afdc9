/*
 * view.h: an account as one principal sees it, for `serve --as`: each request is decided by the policies that the
 * snapshot holds, as `policy simulate` decides it: identity policies, groups, boundary, bucket policy, key policy,
 * service control policies.
 */
#ifndef EXPORTCHECK_CLI_SERVE_VIEW_H
#define EXPORTCHECK_CLI_SERVE_VIEW_H

#include "account/serve/playback.h"
#include "cli/command.h"
#include "policy/context/known.h"
#include "policy/evaluate/evaluate.h"
#include "rule/rule.h"

struct view {
    const struct snapshot *snapshot;
    struct str arn;                     /* of the user or role, as policies name it */
    struct str caller;                  /* of the user, or of the role's session: as AWS names who asks */
    struct policy_environment policies; /* no resource's */
    struct request_source source;       /* of the principal, without what differs from request to request */
    struct str account;
    struct str bucket_owner;     /* of the snapshot's bucket */
    struct str bucket;           /* the ARN of that bucket; or empty */
    struct str user;             /* the name of the user that it is; or empty */
    const struct json *identity; /* what sts:GetCallerIdentity answers */
    const struct view *target;   /* of the principal that the snapshot was read for, where its policies are there */
    struct playback_caller playback;
};

/**
 * Reads what `principal`, an ARN or a user's name, may do. Where the snapshot lacks the service control policies, none
 * refuses anything. False, code "input": the snapshot does not know the principal, or lacks policies of it.
 */
bool view_open(struct program *program, const struct rule_base *base, const struct snapshot *snapshot,
               struct str principal, const struct view **ret, struct error *error) MUST_CHECK;

/**
 * The snapshot with the answers to our own probes (rules/facts/probes.json) that it lacks: a probe asks for what does
 * not exist, so what AWS answers to one that is allowed is known.
 */
bool view_add_probes(struct arena *arena, const struct rule_base *base, const struct snapshot *snapshot,
                     const struct snapshot **ret, struct error *error) MUST_CHECK;

/** What IAM's simulator says of a principal whose policies the snapshot holds, by our own engine. */
struct answer view_simulate(const struct view *view, struct arena *arena, const struct json *parameters);

/** Decides one request. False: refused, with AWS's sentence. */
bool view_allows(const struct view *view, struct arena *arena, const struct asked *asked, struct str region,
                 struct str *ret_refusal);

#endif
