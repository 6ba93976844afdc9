/*
 * model.h: what the model of OptScale takes and gives: a data source's settings, an AWS account as
 * far as OptScale looks at it, and the failures that OptScale reports.
 *
 * All of it is plain data in an arena. Nothing here knows how the account was read: from a live
 * listing, a snapshot, a recorded case or a test. OptScale's code is Python; where a text or an
 * order follows from Python's or botocore's behaviour, the function that restates it says so.
 */
#ifndef EXPORTCHECK_OPTSCALE_MODEL_MODEL_H
#define EXPORTCHECK_OPTSCALE_MODEL_MODEL_H

#include "base/arena.h"
#include "base/json/json.h"
#include "base/str.h"
#include "optscale/model/requests.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A text field of the settings. OptScale tells an absent field from an empty one. */
struct optscale_text {
    bool present;
    struct str value;
};

/** The field `cur_version`, as far as OptScale's code tells values apart. */
enum optscale_version {
    OPTSCALE_VERSION_UNSET,  /* absent or 0: detected from the files */
    OPTSCALE_VERSION_LEGACY, /* 1 */
    OPTSCALE_VERSION_CUR2,   /* 2 */
    OPTSCALE_VERSION_OTHER,  /* any other value: kept as it is, and no layout is excluded */
};

/** A data source's config, without the credentials, which count as valid. */
struct optscale_config {
    struct optscale_text scheme; /* config_scheme: find_report (the default), create_report, bucket_only */
    struct optscale_text bucket_name;
    struct optscale_text bucket_prefix;
    struct optscale_text report_name;
    struct optscale_text region_name;
    struct optscale_text role_account_id;   /* assume_role_account_id */
    struct optscale_text role_name;         /* assume_role_name */
    struct optscale_text role_session_name; /* assume_role_session_name */
    bool linked;
    enum optscale_version version;
    struct json version_given; /* cur_version as it was given; OPTSCALE_VERSION_OTHER is stored unchanged */
};

/** What OptScale takes for an absent bucket_prefix and report_name, and as region of its session. */
#define OPTSCALE_DEFAULT_PREFIX "reports"
#define OPTSCALE_DEFAULT_REPORT "optscale-report"
#define OPTSCALE_DEFAULT_REGION "eu-central-1"

/** Names of IAM actions that are refused. */
struct optscale_actions {
    const struct str *names;
    size_t count;
};

/** Whether an object can be read at once, as HeadObject tells: an archive tier, a restored copy. */
enum optscale_storage {
    OPTSCALE_STORAGE_BY_CLASS, /* not asked: GLACIER and DEEP_ARCHIVE have to be restored first */
    OPTSCALE_STORAGE_READABLE,
    OPTSCALE_STORAGE_ARCHIVED,
};

/** One object of a bucket, with the fields that ListObjectsV2 gives. */
struct optscale_object {
    struct str key;
    int64_t modified; /* microseconds since 1970 */
    int64_t size;     /* bytes */
    struct str etag;  /* with its quotes; may be empty where unknown */
    struct str storage_class;
    enum optscale_storage storage; /* where more is known than the class says */
    struct optscale_actions deny;  /* of s3:GetObject, kms:Decrypt */
};

struct optscale_bucket {
    struct str name;
    struct str location; /* as GetBucketLocation says it: "EU", or empty (or us-east-1) for us-east-1 */
    const struct optscale_object *objects; /* in the byte order of their keys */
    size_t object_count;
    struct optscale_actions deny;
    bool closed_to_delivery; /* the billing services may not write here */
};

/** An AWS account, seen through the identity that OptScale connects as. Other buckets do not exist. */
struct optscale_account {
    struct str arn; /* of that identity */
    const struct optscale_bucket *buckets;
    size_t bucket_count;
    struct json report_definitions;  /* array as of cur:DescribeReportDefinitions, all pages joined */
    struct json exports;             /* array of `Export` as of bcm-data-exports:GetExport */
    struct optscale_actions deny;    /* refused everywhere */
    struct optscale_requests *asked; /* where each request is noted; NULL: nobody wants to know */
};

/** Which Python exception stopped OptScale. */
enum optscale_failure_kind {
    OPTSCALE_NO_FAILURE,
    OPTSCALE_REPORT_CONFIGURATION,
    OPTSCALE_BUCKET_NAME,
    OPTSCALE_BUCKET_PREFIX,
    OPTSCALE_REPORT_NAME,
    OPTSCALE_INVALID_PARAMETER,
    OPTSCALE_BUCKET_NOT_FOUND,
    OPTSCALE_FILES_NOT_FOUND,
    OPTSCALE_CLIENT_ERROR, /* an AWS error that no code of OptScale's catches */
    OPTSCALE_KEY_ERROR,    /* a field that OptScale takes for granted; the text is its name in quotes */
    OPTSCALE_VALUE_ERROR,
    OPTSCALE_PARAM_VALIDATION, /* botocore refuses to send the request */
    OPTSCALE_INVALID_REGION,   /* the same, for the region */
    OPTSCALE_ENDPOINT,         /* the same, for the endpoint */
    OPTSCALE_FAILURE_KIND_COUNT,
};

struct optscale_failure {
    enum optscale_failure_kind kind;
    struct str text;     /* the exception's text */
    struct str aws_code; /* of OPTSCALE_CLIENT_ERROR: AWS's error code */
};

/** What a failure becomes at OptScale's REST API when it happens while a data source is connected. */
struct optscale_failure_row {
    const char *exception;  /* the Python class */
    const char *error_code; /* "OE0371"; "U0500" for what OptScale does not expect */
    int http_status;
    const char *prefix; /* what the API puts before the text */
};

/** The row of a kind; never NULL. */
const struct optscale_failure_row *optscale_failure_row(enum optscale_failure_kind kind);

/** The failure's text as the API's user reads it, with the API's words before it. */
struct str optscale_failure_reason(struct arena *arena, const struct optscale_failure *failure);

/** Whether `actions` names `action`. */
bool optscale_actions_have(struct optscale_actions actions, struct str action);

/** Whether a download of the object ends with InvalidObjectState. */
bool optscale_object_is_archived(const struct optscale_object *object);

/** The bucket of that name, or NULL. */
const struct optscale_bucket *optscale_bucket_find(const struct optscale_account *account, struct str name);

/** The account with one bucket more; the objects are shared. */
const struct optscale_account *optscale_account_with(struct arena *arena, const struct optscale_account *account,
                                                     const struct optscale_bucket *bucket);

/** The index of the first object whose key is not less than `key`. */
size_t optscale_object_index(const struct optscale_bucket *bucket, struct str key);

/** Puts objects into the byte order of their keys, in which S3 lists them. */
void optscale_objects_sort(struct optscale_object *objects, size_t count);

#endif
