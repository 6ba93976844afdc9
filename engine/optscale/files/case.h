/*
 * case.h: settings and accounts as JSON, and what the model says of them as JSON: the lines of
 * `exportcheck predict --cases`.
 *
 * A line in is `{"id", "config", "account"}`; `account` has `caller`, `buckets` (by name: `region`,
 * `objects`, `deny`, `delivery`), `report_definitions`, `exports` and `deny`. Members that are not
 * known are passed over, so that recorded cases can be read whole.
 */
#ifndef EXPORTCHECK_OPTSCALE_FILES_CASE_H
#define EXPORTCHECK_OPTSCALE_FILES_CASE_H

#include "base/error.h"
#include "base/json/json.h"
#include "optscale/connect/connect.h"
#include "optscale/discovery/discovery.h"
#include "optscale/model/model.h"

#include <stdbool.h>

struct optscale_case {
    struct json id; /* as given; null where absent */
    struct optscale_config config;
    struct optscale_account account;
};

/** Reads a case; strings are shared with `json`. False, code "input", where a member has the wrong type. */
bool optscale_case_read(struct arena *arena, const struct json *json, struct optscale_case *ret,
                        struct error *error) MUST_CHECK;

/** Reads the objects of a listing: an array of objects as ListObjectsV2 has them in `Contents`; sorts them. */
bool optscale_objects_read(struct arena *arena, const struct json *json, struct optscale_object **ret,
                           size_t *ret_count, struct error *error) MUST_CHECK;

/** `{"ok", "error"}`; with `details` also `error_type`, `stage` and `config_updates`. */
struct json optscale_connection_json(struct arena *arena, const struct optscale_connection *connection, bool details);

/** `{"ok", "error", "periods"}`, periods and their keys sorted; with `details` also `error_type`. */
struct json optscale_discovery_json(struct arena *arena, const struct optscale_discovery *discovery, bool details);

#endif
