/* columns.c: the table of needed columns. */
#include "optscale/discovery/columns.h"

#include "base/macros.h"

#define FAILS OPTSCALE_COLUMN_FAILS

const struct optscale_column optscale_columns[] = {
    {
        STR_INIT("bill/BillingPeriodStartDate"),
        STR_INIT("bill_billing_period_start_date"),
        {FAILS, OPTSCALE_COLUMN_NO_EFFECT},
        {STR_INIT("'bill/BillingPeriodStartDate'"), STR_INIT("")},
    },
    {
        STR_INIT("lineItem/UsageAccountId"),
        STR_INIT("line_item_usage_account_id"),
        {FAILS, OPTSCALE_COLUMN_NO_ROWS},
        {STR_INIT("'lineItem/UsageAccountId'"), STR_INIT("")},
    },
    {
        STR_INIT("lineItem/UsageStartDate"),
        STR_INIT("line_item_usage_start_date"),
        {FAILS, FAILS},
        {STR_INIT("'lineItem/UsageStartDate'"), STR_INIT("'start_date'")},
    },
    {
        STR_INIT("lineItem/UsageEndDate"),
        STR_INIT("line_item_usage_end_date"),
        {FAILS, FAILS},
        {STR_INIT("'lineItem/UsageEndDate'"), STR_INIT("'lineItem/UsageEndDate'")},
    },
    {
        STR_INIT("lineItem/BlendedCost"),
        STR_INIT("line_item_blended_cost"),
        {FAILS, OPTSCALE_COLUMN_NO_COST},
        {STR_INIT("'lineItem/BlendedCost'"), STR_INIT("")},
    },
    {
        STR_INIT("lineItem/LineItemType"),
        STR_INIT("line_item_line_item_type"),
        {FAILS, FAILS},
        {STR_INIT("'lineItem/LineItemType'"), STR_INIT("'lineItem/LineItemType'")},
    },
    {
        STR_INIT("lineItem/ResourceId"),
        STR_INIT("line_item_resource_id"),
        {OPTSCALE_COLUMN_NO_RESOURCE, OPTSCALE_COLUMN_NO_RESOURCE},
        {STR_INIT(""), STR_INIT("")},
    },
};

_Static_assert(COUNT_OF(optscale_columns) == OPTSCALE_COLUMN_COUNT, "the header says how many columns there are");

static bool has_column(const struct str *header, size_t count, const struct optscale_column *column)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(header[i], column->legacy) || str_equal(header[i], column->snake)) {
            return true;
        }
    }
    return false;
}

size_t optscale_columns_missing(const struct str *header, size_t count, enum optscale_format format,
                                const struct optscale_column *ret[OPTSCALE_COLUMN_COUNT])
{
    size_t missing = 0;
    for (size_t i = 0; i < OPTSCALE_COLUMN_COUNT; i++) {
        const struct optscale_column *column = &optscale_columns[i];
        if (column->effect[format] != OPTSCALE_COLUMN_NO_EFFECT && !has_column(header, count, column)) {
            ret[missing++] = column;
        }
    }
    return missing;
}

struct str optscale_columns_message(const struct optscale_column *const *missing, size_t count,
                                    enum optscale_format format)
{
    for (size_t i = 0; i < count; i++) {
        if (missing[i]->effect[format] == OPTSCALE_COLUMN_FAILS) {
            return missing[i]->message[format];
        }
        if (missing[i]->effect[format] == OPTSCALE_COLUMN_NO_ROWS) {
            break; /* no row gets as far as the next column */
        }
    }
    return STR("");
}

const char *optscale_column_effect_words(enum optscale_column_effect effect)
{
    static const char *const words[] = {
        [OPTSCALE_COLUMN_NO_EFFECT] = "nothing changes",
        [OPTSCALE_COLUMN_FAILS] = "the import fails",
        [OPTSCALE_COLUMN_NO_ROWS] = "the import reports success and brings no costs at all",
        [OPTSCALE_COLUMN_NO_COST] = "the import reports success and every cost is 0",
        [OPTSCALE_COLUMN_NO_RESOURCE] = "costs arrive by product and operation, not by resource",
    };
    return words[effect];
}
