/* functions/list.h: the implementations that the table in functions.c names, by file. */
#ifndef EXPORTCHECK_QUERY_FUNCTION_LIST_H
#define EXPORTCHECK_QUERY_FUNCTION_LIST_H

#include "query/functions.h"

typedef const struct json *function_apply(struct evaluation *evaluation, const struct invocation *invocation);

/* functions/numbers.c */
function_apply function_abs, function_avg, function_ceil, function_floor, function_sum, function_to_number;
/* functions/strings.c */
function_apply function_contains, function_ends_with, function_join, function_length, function_lower, function_nearest,
    function_reverse, function_split, function_starts_with, function_to_string;
/* functions/collections.c */
function_apply function_keys, function_map, function_merge, function_not_null, function_to_array, function_type,
    function_values;
/* functions/order.c */
function_apply function_max, function_max_by, function_min, function_min_by, function_newest, function_sort,
    function_sort_by;
/* functions/account.c */
function_apply function_add_hours, function_days_since, function_glob, function_hours_since, function_item,
    function_matches, function_parse_arn, function_root;
/* functions/delivery.c */
function_apply function_all_rows, function_days_until, function_folder_of, function_name_in, function_newest_by_period,
    function_parent_of, function_selected_columns, function_with_columns, function_without_suffix;
/* functions/lifecycle.c */
function_apply function_kept_for;
bool function_matches_prepare(struct arena *arena, const struct node *call, const void **ret, struct error *error);

#endif
