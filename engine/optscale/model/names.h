/*
 * names.h: which names OptScale, the AWS library it uses, and S3 accept.
 */
#ifndef EXPORTCHECK_OPTSCALE_MODEL_NAMES_H
#define EXPORTCHECK_OPTSCALE_MODEL_NAMES_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/**
 * Whether OptScale accepts the text as a prefix or a report's name: not empty, and nothing but ASCII
 * letters, digits and its list of signs (fact sheet 3.5). An empty prefix is never asked about. One line
 * feed at the very end passes, since OptScale's pattern ends in `$`.
 */
bool optscale_name_is_valid(struct str name);

/** The first character (its bytes) that OptScale refuses in a prefix or name; empty if there is none. */
struct str optscale_name_bad_character(struct str name);

enum optscale_bucket_form {
    OPTSCALE_BUCKET_NAME_FORM,
    OPTSCALE_BUCKET_ARN_FORM, /* an access point's ARN: botocore takes it, GetBucketLocation then cannot */
    OPTSCALE_BUCKET_NO_FORM,  /* refused before any request is made */
};

/** botocore's own check of a bucket's name, made before any request (validate_bucket_name). */
enum optscale_bucket_form optscale_bucket_form(struct str name);

/** S3's rules for the name of a new general purpose bucket (S3 User Guide, "Bucket naming rules"). */
bool optscale_bucket_name_is_creatable(struct str name);

/** Whether the region is in OptScale's fixed list; others are refused ("Invalid region"). */
bool optscale_region_is_known(struct str region);

/** Whether botocore makes a client for such a region: the form of a host label, no more. */
bool optscale_region_is_label(struct str region);

/** The region that OptScale stores for what GetBucketLocation says: empty is us-east-1, EU is eu-west-1. */
struct str optscale_region_of_location(struct str location);

/** The known regions, for messages; 36 and `global`. */
extern const struct str optscale_regions[];
extern const size_t optscale_region_count;

#endif
