/* row.c: see row.h. Section numbers are those of the fact sheet on OptScale. */
#include "optscale/costs/row.h"

#include "base/clock.h"

#include <string.h>

#define DAY INT64_C(86400)
#define REWRITE_DAYS 10 /* csv_rewrite_days of S26 and H26 */

const struct cost_column_names cost_columns[COST_COLUMN_COUNT] = {
    [COST_ACCOUNT] = {STR_INIT("lineItem/UsageAccountId"), STR_INIT("line_item_usage_account_id")},
    [COST_START] = {STR_INIT("lineItem/UsageStartDate"), STR_INIT("line_item_usage_start_date")},
    [COST_END] = {STR_INIT("lineItem/UsageEndDate"), STR_INIT("line_item_usage_end_date")},
    [COST_BLENDED] = {STR_INIT("lineItem/BlendedCost"), STR_INIT("line_item_blended_cost")},
    [COST_UNBLENDED] = {STR_INIT("lineItem/UnblendedCost"), STR_INIT("line_item_unblended_cost")},
    [COST_CURRENCY] = {STR_INIT("lineItem/CurrencyCode"), STR_INIT("line_item_currency_code")},
    [COST_TYPE] = {STR_INIT("lineItem/LineItemType"), STR_INIT("line_item_line_item_type")},
    [COST_RESOURCE] = {STR_INIT("lineItem/ResourceId"), STR_INIT("line_item_resource_id")},
    [COST_DESCRIPTION] = {STR_INIT("lineItem/LineItemDescription"), STR_INIT("line_item_line_item_description")},
    [COST_USAGE_TYPE] = {STR_INIT("lineItem/UsageType"), STR_INIT("line_item_usage_type")},
    [COST_OPERATION] = {STR_INIT("lineItem/Operation"), STR_INIT("line_item_operation")},
    [COST_PRODUCT] = {STR_INIT("lineItem/ProductCode"), STR_INIT("line_item_product_code")},
    [COST_ZONE] = {STR_INIT("lineItem/AvailabilityZone"), STR_INIT("line_item_availability_zone")},
    [COST_SAVINGS_PLAN] = {STR_INIT("savingsPlan/SavingsPlanARN"), STR_INIT("savings_plan_savings_plan_a_r_n")},
    [COST_RESERVATION] = {STR_INIT("reservation/ReservationARN"), STR_INIT("reservation_reservation_a_r_n")},
    [COST_TAX_TYPE] = {STR_INIT("lineItem/TaxType"), STR_INIT("line_item_tax_type")},
    [COST_PRODUCT_NAME] = {STR_INIT("product/ProductName"), STR_INIT("product_product_name")},
    [COST_REGION] = {STR_INIT("product/region"), STR_INIT("product_region")},
    [COST_PRODUCT_MAP] = {STR_INIT("product"), STR_INIT("product")},
};

enum cost_column cost_column_find(struct str name)
{
    size_t i = 0;
    while (i < COST_COLUMN_COUNT && !str_equal(name, cost_columns[i].legacy) && !str_equal(name, cost_columns[i].snake))
        i++;
    return (enum cost_column)i;
}

bool cost_column_is_for_key(enum cost_column column)
{
    return column >= COST_DESCRIPTION && column < COST_COLUMN_COUNT;
}

static const struct {
    struct str name;
    struct str words;
} fates[COST_FATE_COUNT] = {
    [COST_IMPORTED] = {STR_INIT("imported"), STR_INIT("OptScale imports it")},
    [COST_NOT_CONNECTED] = {STR_INIT("account-not-connected"),
                            STR_INIT("the account is not connected as Linked, with automatic import")},
    [COST_BAD_DATE] = {STR_INIT("bad-date"), STR_INIT("a date that OptScale cannot read: its import stops there")},
    [COST_BEFORE_THRESHOLD] = {STR_INIT("before-threshold"),
                               STR_INIT("older than what this import rewrites; a Billing reimport takes it")},
    [COST_NOT_A_NUMBER] = {STR_INIT("not-a-number"),
                           STR_INIT("a cost that OptScale cannot read: its import stops there")},
    [COST_NO_RESOURCE] = {STR_INIT("credit-without-resource"), STR_INIT("a credit that names no resource")},
    [COST_OVERWRITTEN] = {STR_INIT("overwritten"), STR_INIT("the same row of a later file takes its place")},
};

struct str cost_fate_name(enum cost_fate fate)
{
    return fates[fate].name;
}

struct str cost_fate_words(enum cost_fate fate)
{
    return fates[fate].words;
}

static int two_digits(const char *text)
{
    bool ok = text[0] >= '0' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9';
    return ok ? (text[0] - '0') * 10 + (text[1] - '0') : -1;
}

static bool is_day(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || month < 1 || month > 12)
        return false;
    bool leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day >= 1 && day <= days[month - 1] + leap;
}

/* Whether what follows the seconds is `Z`, or a point, up to six digits and `Z`, as strptime's %fZ takes them. */
static bool ends_well(struct str rest)
{
    if (!str_starts(rest, STR(".")))
        return str_equal(rest, STR("Z"));
    if (rest.len < 3 || rest.len > 8 || !str_ends(rest, STR("Z")))
        return false;
    for (ptrdiff_t i = 1; i < rest.len - 1; i++) {
        if (rest.ptr[i] < '0' || rest.ptr[i] > '9')
            return false;
    }
    return true;
}

/* `%Y-%m-%dT%H:%M:%SZ`, with a fraction too (§4.3); gives the day's first second. */
static bool read_date(struct str text, int64_t *ret_day)
{
    enum { SHAPE = 19 };
    if (text.len <= SHAPE || text.ptr[4] != '-' || text.ptr[7] != '-' || text.ptr[10] != 'T' || text.ptr[13] != ':' ||
        text.ptr[16] != ':')
        return false;
    int high = two_digits(text.ptr), low = two_digits(text.ptr + 2);
    int hour = two_digits(text.ptr + 11), minute = two_digits(text.ptr + 14), second = two_digits(text.ptr + 17);
    struct clock_date date = {high * 100 + low, two_digits(text.ptr + 5), two_digits(text.ptr + 8), 0, 0, 0};
    if (high < 0 || low < 0 || !is_day(date.year, date.month, date.day) || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 59 || !ends_well(str_skip(text, SHAPE)))
        return false;
    *ret_day = clock_seconds(date);
    return true;
}

bool cost_date_is_valid(struct str text)
{
    int64_t day;
    return read_date(text, &day);
}

/* An empty text is a cost of 0. */
static enum decimal_kind read_amount(struct str text, struct decimal *ret)
{
    *ret = (struct decimal){.units = 0};
    return text.len == 0 ? DECIMAL_READ : decimal_read(text, ret);
}

static bool is_connected(const struct cost_import *import, struct str account)
{
    return !import->connected || map_has(import->connected, account);
}

static bool is_type(const struct cost_row *row, struct str type)
{
    return str_equal(row->text[COST_TYPE], type);
}

/* In the order of the import's own statements (importers/aws.py, load_csv_report): what comes first decides. */
static enum cost_fate decide(const struct cost_import *import, const struct cost_row *row, enum decimal_kind blended)
{
    int64_t start, end;
    if (!is_connected(import, row->text[COST_ACCOUNT]))
        return COST_NOT_CONNECTED;
    if (!read_date(row->text[COST_START], &start))
        return COST_BAD_DATE;
    if (start < import->threshold && !is_type(row, STR("RIFee")))
        return COST_BEFORE_THRESHOLD;
    if (!read_date(row->text[COST_END], &end))
        return COST_BAD_DATE;
    if (blended == DECIMAL_NO_NUMBER)
        return COST_NOT_A_NUMBER;
    if (row->text[COST_RESOURCE].len == 0 && is_type(row, STR("Credit")))
        return COST_NO_RESOURCE;
    return COST_IMPORTED;
}

void cost_row_judge(const struct cost_import *import, const struct cost_row *row, struct cost_verdict *ret)
{
    enum decimal_kind blended = read_amount(row->text[COST_BLENDED], &ret->blended);
    enum decimal_kind unblended = read_amount(row->text[COST_UNBLENDED], &ret->unblended);
    ret->fate = decide(import, row, blended);
    ret->counted = ret->fate != COST_NOT_CONNECTED;
    ret->stored = ret->fate == COST_IMPORTED || ret->fate == COST_NO_RESOURCE;
    ret->moves = ret->fate == COST_IMPORTED && row->text[COST_SAVINGS_PLAN].len > 0 &&
                 is_type(row, STR("SavingsPlanCoveredUsage"));
    ret->too_long = blended == DECIMAL_TOO_LONG || unblended == DECIMAL_TOO_LONG;
}

/* --- the upsert key --- */

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 32);
}

static uint64_t word_at(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return word;
}

/* By words; the last one overlaps the one before it, and what is shorter than a word is mixed by bytes. */
static uint64_t mix_text(uint64_t hash, struct str text)
{
    enum { WORD = sizeof(uint64_t) };
    hash = mix(hash, (uint64_t)text.len);
    if (text.len < WORD) {
        uint64_t word = 0;
        for (ptrdiff_t i = 0; i < text.len; i++)
            word = word << 8 | (unsigned char)text.ptr[i];
        return mix(hash, word);
    }
    for (ptrdiff_t i = 0; i < text.len - WORD; i += WORD)
        hash = mix(hash, word_at(text.ptr + i));
    return mix(hash, word_at(text.ptr + text.len - WORD));
}

/* A member of the `product` map, as CUR 2.0 writes it: {"region":"eu-west-1",…}. */
static struct str map_member(struct str map, struct str quoted_name)
{
    struct str value;
    ptrdiff_t at = str_find(map, quoted_name, 0);
    if (at < 0)
        return STR("");
    struct str rest = str_trim(str_skip(map, at + quoted_name.len));
    rest = str_trim(str_skip(rest, 1)); /* the colon */
    rest = str_skip(rest, 1);           /* the quote */
    str_cut(&rest, '"', &value);
    return value;
}

static struct str column_or_member(const struct cost_row *row, enum cost_column column, struct str quoted_name)
{
    struct str text = row->text[column];
    return text.len > 0 ? text : map_member(row->text[COST_PRODUCT_MAP], quoted_name);
}

/* What compose_resource_id() makes a resource's id of where the row has none, besides what is in the key anyway. */
static uint64_t mix_made_up_id(uint64_t hash, const struct cost_row *row)
{
    if (row->text[COST_RESERVATION].len > 0)
        return mix_text(hash, row->text[COST_RESERVATION]);
    if (is_type(row, STR("Tax"))) {
        hash = mix_text(hash, row->text[COST_TAX_TYPE]);
        return mix_text(hash, column_or_member(row, COST_PRODUCT_NAME, STR("\"product_name\"")));
    }
    if (is_type(row, STR("Usage")))
        return mix_text(hash, column_or_member(row, COST_REGION, STR("\"region\"")));
    return hash;
}

uint64_t cost_row_key(const struct cost_row *row)
{
    static const enum cost_column key[] = {COST_DESCRIPTION,  COST_TYPE,    COST_USAGE_TYPE, COST_OPERATION,
                                           COST_PRODUCT,      COST_ACCOUNT, COST_RESOURCE,   COST_ZONE,
                                           COST_SAVINGS_PLAN, COST_START};
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < COUNT_OF(key); i++)
        hash = mix_text(hash, row->text[key[i]]);
    if (row->text[COST_RESOURCE].len == 0)
        hash = mix_made_up_id(hash, row);
    return hash ? hash : 1;
}

/* --- the threshold --- */

/* S26's _is_first_import_in_month(): the last import's month is the one before, or any of last year's in January. */
static bool is_first_of_month(struct clock_date now, struct clock_date last)
{
    return (last.month + 1 == now.month && last.year == now.year) || (now.month == 1 && last.year + 1 == now.year);
}

int64_t cost_threshold(int64_t as_of, int64_t last_import_modified_at)
{
    if (last_import_modified_at <= 0)
        return 0;
    struct clock_date last = clock_date(last_import_modified_at);
    if (is_first_of_month(clock_date(as_of), last))
        return clock_seconds((struct clock_date){last.year, last.month, 1, 0, 0, 0});
    return last_import_modified_at - last_import_modified_at % DAY - REWRITE_DAYS * DAY;
}
