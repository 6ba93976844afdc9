/* model.c: the plain parts of the model: failures as OptScale's API words them, look-ups. */
#include "optscale/model/model.h"

#include "base/macros.h"

#include <stdlib.h>

#define CONFIGURING "Unable to configure billing report: "

static const struct optscale_failure_row failure_rows[OPTSCALE_FAILURE_KIND_COUNT] = {
    [OPTSCALE_NO_FAILURE] = {"", "", 200, ""},
    [OPTSCALE_REPORT_CONFIGURATION] = {"ReportConfigurationException", "OE0371", 400, CONFIGURING},
    [OPTSCALE_BUCKET_NAME] = {"BucketNameValidationError", "OE0371", 400, CONFIGURING},
    [OPTSCALE_BUCKET_PREFIX] = {"BucketPrefixValidationError", "OE0371", 400, CONFIGURING},
    [OPTSCALE_REPORT_NAME] = {"ReportNameValidationError", "OE0371", 400, CONFIGURING},
    [OPTSCALE_INVALID_PARAMETER] = {"InvalidParameterException", "OE0433", 403, "Cloud error: "},
    [OPTSCALE_BUCKET_NOT_FOUND] = {"BucketNotFoundException", "OE0433", 424, "Cloud error: "},
    [OPTSCALE_FILES_NOT_FOUND] = {"ReportFilesNotFoundException", "OE0433", 424, "Cloud error: "},
    [OPTSCALE_CLIENT_ERROR] = {"ClientError", "U0500", 500, ""},
    [OPTSCALE_KEY_ERROR] = {"KeyError", "U0500", 500, ""},
    [OPTSCALE_VALUE_ERROR] = {"ValueError", "U0500", 500, ""},
    [OPTSCALE_PARAM_VALIDATION] = {"ParamValidationError", "U0500", 500, ""},
    [OPTSCALE_INVALID_REGION] = {"InvalidRegionError", "U0500", 500, ""},
    [OPTSCALE_ENDPOINT] = {"EndpointResolutionError", "U0500", 500, ""},
};

const struct optscale_failure_row *optscale_failure_row(enum optscale_failure_kind kind)
{
    return &failure_rows[kind];
}

struct str optscale_failure_reason(struct arena *arena, const struct optscale_failure *failure)
{
    struct str prefix = str_from(failure_rows[failure->kind].prefix);
    return str_join3(arena, prefix, failure->text, STR(""));
}

bool optscale_actions_have(struct optscale_actions actions, struct str action)
{
    for (size_t i = 0; i < actions.count; i++) {
        if (str_equal(actions.names[i], action)) {
            return true;
        }
    }
    return false;
}

bool optscale_object_is_archived(const struct optscale_object *object)
{
    bool by_class =
        str_equal(object->storage_class, STR("GLACIER")) || str_equal(object->storage_class, STR("DEEP_ARCHIVE"));
    return object->storage == OPTSCALE_STORAGE_ARCHIVED || (object->storage == OPTSCALE_STORAGE_BY_CLASS && by_class);
}

const struct optscale_bucket *optscale_bucket_find(const struct optscale_account *account, struct str name)
{
    for (size_t i = 0; i < account->bucket_count; i++) {
        if (str_equal(account->buckets[i].name, name)) {
            return &account->buckets[i];
        }
    }
    return NULL;
}

const struct optscale_account *optscale_account_with(struct arena *arena, const struct optscale_account *account,
                                                     const struct optscale_bucket *bucket)
{
    struct optscale_account *after = arena_new(arena, struct optscale_account);
    struct optscale_bucket *buckets = arena_array(arena, struct optscale_bucket, account->bucket_count + 1);
    for (size_t i = 0; i < account->bucket_count; i++) {
        buckets[i] = account->buckets[i];
    }
    buckets[account->bucket_count] = *bucket;
    *after = *account;
    after->buckets = buckets;
    after->bucket_count = account->bucket_count + 1;
    return after;
}

size_t optscale_object_index(const struct optscale_bucket *bucket, struct str key)
{
    size_t low = 0;
    size_t high = bucket->object_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(bucket->objects[middle].key, key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static int compare_objects(const void *a, const void *b)
{
    const struct optscale_object *left = (const struct optscale_object *)a;
    const struct optscale_object *right = (const struct optscale_object *)b;
    return str_compare(left->key, right->key);
}

void optscale_objects_sort(struct optscale_object *objects, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (compare_objects(&objects[i - 1], &objects[i]) > 0) {
            qsort(objects, count, sizeof(*objects), compare_objects);
            return;
        }
    }
}
