/*
 * answers.h: how AWS answers OptScale's requests in a given account, and how botocore words a refusal. Each
 * is noted where the account asks for that (requests.h).
 *
 * Which error comes first where several apply, and its text, is what S3 and the billing services say
 * to the requests that OptScale makes (fact sheet 2); where AWS has several texts for one refusal, the
 * commonest is taken.
 */
#ifndef EXPORTCHECK_OPTSCALE_MODEL_ANSWERS_H
#define EXPORTCHECK_OPTSCALE_MODEL_ANSWERS_H

#include "optscale/model/model.h"

#include <stdbool.h>

/** An AWS error: its code, and the text of botocore's ClientError. */
struct optscale_refusal {
    struct str code;
    struct str text;
};

/** `An error occurred (CODE) when calling the OPERATION operation: MESSAGE`. */
struct optscale_refusal optscale_refusal(struct arena *arena, struct str code, const char *operation,
                                         struct str message);

/**
 * A request of a service that names the caller in its refusals (billing, STS): refused where the
 * account denies `action` ("cur:DescribeReportDefinitions"), with the service's own `code`.
 */
bool optscale_answer_call(struct arena *arena, const struct optscale_account *account, struct str action,
                          struct str code, struct str resource, struct optscale_refusal *ret_refusal);

/** GetBucketLocation: the bucket, or NoSuchBucket, or AccessDenied. */
bool optscale_answer_location(struct arena *arena, const struct optscale_account *account, struct str name,
                              const struct optscale_bucket **ret_bucket, struct optscale_refusal *ret_refusal);

/** What ListObjectsV2 asks for. */
struct optscale_listing_request {
    struct str bucket;
    struct str prefix;
    struct str delimiter; /* empty: not sent */
    int max_keys;         /* 0: not sent */
};

/** ListObjectsV2, the right to do so alone: the caller reads the bucket's objects itself. */
bool optscale_answer_list(struct arena *arena, const struct optscale_account *account,
                          struct optscale_listing_request listing, const struct optscale_bucket **ret_bucket,
                          struct optscale_refusal *ret_refusal);

/** CreateBucket or PutBucketPolicy: refused where the account denies the `action`. */
bool optscale_answer_write(struct arena *arena, const struct optscale_account *account, struct str action,
                           struct optscale_refusal *ret_refusal);

/** A download: HeadObject, then GetObject; both need s3:GetObject. */
bool optscale_answer_download(struct arena *arena, const struct optscale_account *account,
                              const struct optscale_bucket *bucket, const struct optscale_object *object,
                              struct optscale_refusal *ret_refusal);

#endif
