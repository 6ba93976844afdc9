/*
 * connecting.h: what connect.c, find_report.c and create_report.c share, and no one else includes: the
 * connect that is under way, and how OptScale wraps AWS's errors.
 */
#ifndef EXPORTCHECK_OPTSCALE_CONNECT_CONNECTING_H
#define EXPORTCHECK_OPTSCALE_CONNECT_CONNECTING_H

#include "optscale/connect/connect.h"
#include "optscale/connect/report.h"
#include "optscale/model/answers.h"

/* OptScale asks for no more keys than this where it only wants to see that it may read. */
enum { TEST_LISTING_KEYS = 15 };

struct connecting {
    struct arena *arena;
    const struct optscale_account *account;
    const struct optscale_build *build;
    struct optscale_connection *result; /* its config is what OptScale works on */
};

/** Records a failure and returns false. */
bool connecting_fail(struct connecting *connecting, enum optscale_failure_kind kind, struct str text);

/** Records the failure that `_wrap(action, …)` makes of an AWS error, and returns false. */
bool connecting_refuse(struct connecting *connecting, struct str action, struct optscale_refusal refusal);

/** `_wrap('check bucket … existence', get_bucket_region)`, and the region stored. */
bool connecting_check_bucket(struct connecting *connecting);

/** The check of the characters of prefix and name. */
bool connecting_check_names(struct connecting *connecting, struct str prefix, struct str report_name);

/** Every report that a scheme looks at, in AWS's order; or AWS's refusal, or a KeyError. */
struct report_list {
    struct optscale_report *items;
    size_t count;
};
bool connecting_list_reports(struct connecting *connecting, struct str action, struct report_list *ret);

/** The smallest of the first objects under a prefix, the one that OptScale downloads as a test; NULL: none. */
const struct optscale_object *connecting_test_object(const struct optscale_bucket *bucket, struct str prefix);

/** `connecting_find_report` and `connecting_create_report`: the schemes in files of their own. */
bool connecting_find_report(struct connecting *connecting);
bool connecting_create_report(struct connecting *connecting);

#endif
