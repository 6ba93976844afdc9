/* answers.c: AWS's side of the requests that OptScale makes. */
#include "optscale/model/answers.h"

struct optscale_refusal optscale_refusal(struct arena *arena, struct str code, const char *operation,
                                         struct str message)
{
    struct str text = str_format(arena, "An error occurred (%.*s) when calling the %s operation: %.*s", STR_ARG(code),
                                 operation, STR_ARG(message));
    return (struct optscale_refusal){.code = code, .text = text};
}

/* What stands behind the colon of an action is the operation's name. */
static const char *operation_of(struct arena *arena, struct str action)
{
    return str_to_c(arena, str_skip(action, str_find_char(action, ':', 0) + 1));
}

bool optscale_answer_call(struct arena *arena, const struct optscale_account *account, struct str action,
                          struct str code, struct str resource, struct optscale_refusal *ret_refusal)
{
    optscale_requests_note(account->asked, (struct optscale_request){.action = action});
    if (!optscale_actions_have(account->deny, action)) {
        return true;
    }
    struct str message = str_format(arena, "User: %.*s is not authorized to perform: %.*s on resource: %.*s",
                                    STR_ARG(account->arn), STR_ARG(action), STR_ARG(resource));
    if (str_equal(resource, STR("*"))) {
        message = str_format(arena, "%.*s because no identity-based policy allows the %.*s action", STR_ARG(message),
                             STR_ARG(action));
    }
    *ret_refusal = optscale_refusal(arena, code, operation_of(arena, action), message);
    return false;
}

static bool is_denied(const struct optscale_account *account, const struct optscale_bucket *bucket, struct str action)
{
    return optscale_actions_have(account->deny, action) || optscale_actions_have(bucket->deny, action);
}

static bool answer_bucket(struct arena *arena, const struct optscale_account *account, struct str name,
                          struct str action, const char *operation, const struct optscale_bucket **ret_bucket,
                          struct optscale_refusal *ret_refusal)
{
    const struct optscale_bucket *bucket = optscale_bucket_find(account, name);
    if (!bucket) {
        *ret_refusal =
            optscale_refusal(arena, STR("NoSuchBucket"), operation, STR("The specified bucket does not exist"));
        return false;
    }
    if (is_denied(account, bucket, action)) {
        *ret_refusal = optscale_refusal(arena, STR("AccessDenied"), operation, STR("Access Denied"));
        return false;
    }
    *ret_bucket = bucket;
    return true;
}

bool optscale_answer_location(struct arena *arena, const struct optscale_account *account, struct str name,
                              const struct optscale_bucket **ret_bucket, struct optscale_refusal *ret_refusal)
{
    struct str action = STR("s3:GetBucketLocation");
    optscale_requests_note(account->asked, (struct optscale_request){.action = action, .bucket = name});
    return answer_bucket(arena, account, name, action, "GetBucketLocation", ret_bucket, ret_refusal);
}

bool optscale_answer_list(struct arena *arena, const struct optscale_account *account,
                          struct optscale_listing_request listing, const struct optscale_bucket **ret_bucket,
                          struct optscale_refusal *ret_refusal)
{
    struct str action = STR("s3:ListBucket");
    optscale_requests_note(account->asked, (struct optscale_request){.action = action,
                                                                     .bucket = listing.bucket,
                                                                     .key = listing.prefix,
                                                                     .delimiter = listing.delimiter,
                                                                     .max_keys = listing.max_keys});
    return answer_bucket(arena, account, listing.bucket, action, "ListObjectsV2", ret_bucket, ret_refusal);
}

bool optscale_answer_write(struct arena *arena, const struct optscale_account *account, struct str action,
                           struct optscale_refusal *ret_refusal)
{
    optscale_requests_note(account->asked, (struct optscale_request){.action = action});
    if (!optscale_actions_have(account->deny, action)) {
        return true;
    }
    *ret_refusal = optscale_refusal(arena, STR("AccessDenied"), operation_of(arena, action), STR("Access Denied"));
    return false;
}

bool optscale_answer_download(struct arena *arena, const struct optscale_account *account,
                              const struct optscale_bucket *bucket, const struct optscale_object *object,
                              struct optscale_refusal *ret_refusal)
{
    struct str get = STR("s3:GetObject");
    struct str decrypt = STR("kms:Decrypt");
    optscale_requests_note(account->asked,
                           (struct optscale_request){.action = get, .bucket = bucket->name, .key = object->key});
    if (is_denied(account, bucket, get) || optscale_actions_have(object->deny, get)) {
        *ret_refusal = optscale_refusal(arena, STR("403"), "HeadObject", STR("Forbidden"));
        return false;
    }
    if (optscale_object_is_archived(object)) {
        *ret_refusal = optscale_refusal(arena, STR("InvalidObjectState"), "GetObject",
                                        STR("The operation is not valid for the object's storage class"));
        return false;
    }
    if (is_denied(account, bucket, decrypt) || optscale_actions_have(object->deny, decrypt)) {
        *ret_refusal = optscale_refusal(arena, STR("AccessDenied"), "GetObject", STR("Access Denied"));
        return false;
    }
    return true;
}
