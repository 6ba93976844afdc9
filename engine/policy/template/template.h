/*
 * template.h: the documentation's policies with blanks, as files of rules/policies: filled in for people to paste, and
 * read as sets of requests for prove.h to ask about.
 *
 * A file is `{"name", "title", "attach": "bucket" | "identity" | "trust", "source", "policy"}`; a blank is a word in
 * braces, such as `{bucket}`, anywhere in a text of the policy (`${…}` is IAM's own and stays).
 */
#ifndef EXPORTCHECK_POLICY_TEMPLATE_TEMPLATE_H
#define EXPORTCHECK_POLICY_TEMPLATE_TEMPLATE_H

#include "base/json/json.h"
#include "policy/prove/prove.h"

struct template
{
    struct str name;
    struct str title;
    struct str source;         /* the page that it comes from */
    bool on_bucket;            /* attached to the bucket; else to a user or role */
    const struct json *policy; /* with its blanks */
};

/** Reads a file's text; `file` is its name, for messages. False, code "input". */
bool template_read(struct arena *arena, struct str file, struct str text, struct template *ret,
                   struct error *error) MUST_CHECK;

/** What goes into a blank. */
struct template_value {
    struct str name;  /* without the braces */
    struct str value; /* taken literally */
};

/** The policy with every blank filled in. False, code "input": a blank has no value, or an empty one. */
bool template_fill(struct arena *arena, const struct template *template, const struct template_value *values,
                   size_t count, const struct json **ret, struct error *error) MUST_CHECK;

/** The policy with the statements of these Sids alone, in its own order. False, code "input": there is no such Sid. */
bool template_select(struct arena *arena, const struct json *policy, const struct str *sids, size_t count,
                     const struct json **ret, struct error *error) MUST_CHECK;

/** The policy with other resources in the statement of that Sid. False, code "input": there is no such Sid. */
bool template_narrow(struct arena *arena, const struct json *policy, struct str sid, const struct str *resources,
                     size_t count, const struct json **ret, struct error *error) MUST_CHECK;

/** Who asks, and what is known beside the policy. */
struct template_asker {
    struct str principal;              /* for statements without a Principal */
    struct str resource_account;       /* empty: not known */
    const struct request_source *told; /* what the account tells, and the time; NULL: nothing */
    /**
     * The legacy billing service is known to send the text `definition/` and a star as the end of aws:SourceArn, which
     * AWS's own policy compares with StringEquals. True: it is asked with the report's own ARN instead.
     */
    bool legacy_sends_report;
};

/**
 * The requests that the policy's Allow statements are about: its principals or the asker, its actions, its resources,
 * and its conditions on the source as the keys' values. A service is asked with its own kind of aws:SourceArn alone.
 */
void template_requests(struct arena *arena, const struct json *policy, const struct template_asker *asker,
                       struct request_set *ret);

/**
 * Whether the policies grant everything that the filled-in policy grants: prove_grants() on its requests, where for the
 * legacy billing service one of the two forms of aws:SourceArn is enough.
 */
struct prove_result template_granted(struct arena *arena, const struct prove_environment *environment,
                                     const struct json *policy, const struct template_asker *asker);

#endif
