/*
 * resource_type.h: what AWS's service authorization reference says of actions: which exist, and on which one type of
 * resource each is asked (`s3:GetObject` on an object, `iam:ListAccessKeys` on a user, `ec2:DescribeInstances` on `*`).
 *
 * The table (actions_table.inc) is written by scripts/generate-actions. It is complete for the services that the
 * program asks about; of all other services it knows the prefix alone.
 */
#ifndef EXPORTCHECK_POLICY_LANGUAGE_RESOURCE_TYPE_H
#define EXPORTCHECK_POLICY_LANGUAGE_RESOURCE_TYPE_H

#include "base/arena.h"
#include "base/str.h"

struct action_row {
    struct str service; /* "s3" */
    struct str name;    /* "GetObject" */
    struct str type;    /* "object"; "*": the action takes no resource */
};

/** The row of `s3:GetObject`, in any case of letters; NULL if the table has none. */
const struct action_row *action_find(struct str action);
/** The rows of a service, in the order of their names; NULL and 0 if its actions are not known. */
const struct action_row *action_rows(struct str service, size_t *ret_count);
/** Whether any AWS service has this prefix. */
bool action_prefix_known(struct str prefix);
/**
 * Whether this is the name of an operation of the API whose action has another name: `s3:ListObjectsV2` asks for
 * `s3:ListBucket`. From the table of operations (api_names.inc).
 */
bool action_has_api_name(struct str action, struct str api_name);
/** `s3:GetObject` as text. */
struct str action_text(struct arena *arena, const struct action_row *row);

/**
 * The form of such a resource's ARN, a pattern: for a user, six parts of which partition, account and name are wild;
 * "*" for the type "*". The empty view if the table does not know it. A bucket's form also fits its objects, so see
 * resource_form_excludes().
 */
struct str resource_form(struct str service, struct str type);
/** A pattern of what the form fits and the type is not: objects, for a bucket; else the empty view. */
struct str resource_form_excludes(struct str service, struct str type);

/** The n-th part of an ARN (0 `arn`, 1 partition, 2 service, 3 region, 4 account, 5 all the rest); empty if there is
 * none. */
struct str arn_part(struct str arn, int number);

#endif
