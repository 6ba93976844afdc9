/* row.c: see row.h. Section numbers are those of the fact sheet on OptScale. */
#include "optscale/costs/row.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

#define DAY INT64_C(86400)

const struct cost_column_names cost_columns[COST_COLUMN_COUNT] = {
    [COST_ACCOUNT] = {STR_INIT("lineItem/UsageAccountId"), STR_INIT("line_item_usage_account_id")},
    [COST_START] = {STR_INIT("lineItem/UsageStartDate"), STR_INIT("line_item_usage_start_date")},
    [COST_END] = {STR_INIT("lineItem/UsageEndDate"), STR_INIT("line_item_usage_end_date")},
    [COST_BLENDED] = {STR_INIT("lineItem/BlendedCost"), STR_INIT("line_item_blended_cost")},
    [COST_UNBLENDED] = {STR_INIT("lineItem/UnblendedCost"), STR_INIT("line_item_unblended_cost")},
    [COST_CURRENCY] = {STR_INIT("lineItem/CurrencyCode"), STR_INIT("line_item_currency_code")},
    [COST_TYPE] = {STR_INIT("lineItem/LineItemType"), STR_INIT("line_item_line_item_type")},
    [COST_RESOURCE] = {STR_INIT("lineItem/ResourceId"), STR_INIT("line_item_resource_id")},
    [COST_EDP] = {STR_INIT("discount/EdpDiscount"), STR_INIT("discount_edp_discount")},
    [COST_PRIVATE_RATE] = {STR_INIT("discount/PrivateRateDiscount"), STR_INIT("discount_private_rate_discount")},
    [COST_DISCOUNT_MAP] = {STR_INIT("discount"), STR_INIT("discount")},
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

bool cost_column_is_read(const struct cost_import *import, enum cost_column column, bool keys)
{
    if (column >= COST_EDP && column <= COST_DISCOUNT_MAP)
        return import->adds_discounts;
    bool of_region = column == COST_REGION || column == COST_PRODUCT_MAP;
    return column < COST_DESCRIPTION || keys || (of_region && import->regions);
}

static const struct {
    struct str name;
    struct str words;
} fates[COST_FATE_COUNT] = {
    [COST_IMPORTED] = {STR_INIT("imported"), STR_INIT("OptScale imports it")},
    [COST_NOT_CONNECTED] = {STR_INIT("account-not-connected"),
                            STR_INIT("the account is not connected as Linked, with automatic import")},
    [COST_OTHER_REGION] = {STR_INIT("region-not-imported"),
                           STR_INIT("its region is one that the data source leaves out")},
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

/* --- maps --- */

/* What stands behind a name in a map: a text in quotes, or what is none up to the next member. */
static struct str take_value(struct str rest)
{
    struct str value;
    rest = str_trim(rest);
    if (str_starts(rest, STR("\""))) {
        rest = str_skip(rest, 1);
        str_cut(&rest, '"', &value);
        return value;
    }
    ptrdiff_t end = 0;
    while (end < rest.len && rest.ptr[end] != ',' && rest.ptr[end] != '}')
        end++;
    struct str word = str_trim(str_slice(rest, 0, end));
    return str_equal(word, STR("null")) ? STR("") : word;
}

/* A member of a map: {"region":"eu-west-1",…} as CUR 2.0 writes it, {region=eu-west-1, …} as DuckDB does. */
static struct str map_member(struct str map, const char *name)
{
    char forms[3][32];
    snprintf(forms[0], sizeof forms[0], "\"%s\"", name);
    snprintf(forms[1], sizeof forms[1], "{%s=", name);
    snprintf(forms[2], sizeof forms[2], " %s=", name);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct str form = str_from(forms[i]);
        ptrdiff_t at = str_find(map, form, 0);
        struct str rest = at < 0 ? STR("") : str_trim(str_skip(map, at + form.len));
        if (at >= 0)
            return take_value(str_skip(rest, i == 0)); /* the colon */
    }
    return STR("");
}

static struct str column_or_member(const struct cost_row *row, enum cost_column column, enum cost_column map,
                                   const char *name)
{
    return row->text[column].len > 0 ? row->text[column] : map_member(row->text[map], name);
}

static struct str region_of(const struct cost_row *row)
{
    return column_or_member(row, COST_REGION, COST_PRODUCT_MAP, "region");
}

/* --- what becomes of a row --- */

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

/* A row without a region is taken. */
static bool is_region_taken(const struct cost_import *import, const struct cost_row *row)
{
    struct str region = import->regions ? region_of(row) : STR("");
    return region.len == 0 || map_has(import->regions, region) != import->excludes;
}

/* The texts of both discounts; empty where the import does not add them. */
static void find_discounts(const struct cost_import *import, const struct cost_row *row, struct str ret[2])
{
    bool adds = import->adds_discounts;
    ret[0] = adds ? column_or_member(row, COST_EDP, COST_DISCOUNT_MAP, "edp_discount") : STR("");
    ret[1] = adds ? column_or_member(row, COST_PRIVATE_RATE, COST_DISCOUNT_MAP, "private_rate_discount") : STR("");
}

static enum decimal_kind read_discounts(const struct cost_import *import, const struct cost_row *row,
                                        struct decimal *ret)
{
    struct str texts[2];
    struct decimal second;
    find_discounts(import, row, texts);
    enum decimal_kind kinds[] = {read_amount(texts[0], ret), read_amount(texts[1], &second)};
    decimal_add(ret, &second);
    return kinds[0] != DECIMAL_READ ? kinds[0] : kinds[1];
}

struct str cost_row_no_number(const struct cost_import *import, const struct cost_row *row)
{
    struct str texts[3] = {row->text[COST_BLENDED]};
    struct decimal value;
    find_discounts(import, row, &texts[1]);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (read_amount(texts[i], &value) == DECIMAL_NO_NUMBER)
            return texts[i];
    }
    return STR("");
}

/* In the order of the import's own statements (importers/aws.py, load_csv_report): what comes first decides. */
static enum cost_fate decide(const struct cost_import *import, const struct cost_row *row, bool has_numbers)
{
    int64_t start, end;
    if (!is_connected(import, row->text[COST_ACCOUNT]))
        return COST_NOT_CONNECTED;
    if (!is_region_taken(import, row))
        return COST_OTHER_REGION;
    if (!read_date(row->text[COST_START], &start))
        return COST_BAD_DATE;
    if (start < import->threshold && !is_type(row, STR("RIFee")))
        return COST_BEFORE_THRESHOLD;
    if (!read_date(row->text[COST_END], &end))
        return COST_BAD_DATE;
    if (!has_numbers)
        return COST_NOT_A_NUMBER;
    if (row->text[COST_RESOURCE].len == 0 && is_type(row, STR("Credit")))
        return COST_NO_RESOURCE;
    return COST_IMPORTED;
}

void cost_row_judge(const struct cost_import *import, const struct cost_row *row, struct cost_verdict *ret)
{
    enum decimal_kind blended = read_amount(row->text[COST_BLENDED], &ret->blended);
    enum decimal_kind unblended = read_amount(row->text[COST_UNBLENDED], &ret->unblended);
    enum decimal_kind discount = read_discounts(import, row, &ret->discount);
    ret->fate = decide(import, row, blended != DECIMAL_NO_NUMBER && discount != DECIMAL_NO_NUMBER);
    ret->counted = ret->fate != COST_NOT_CONNECTED && ret->fate != COST_OTHER_REGION;
    ret->stored = ret->fate == COST_IMPORTED || ret->fate == COST_NO_RESOURCE;
    ret->moves = ret->fate == COST_IMPORTED && row->text[COST_SAVINGS_PLAN].len > 0 &&
                 is_type(row, STR("SavingsPlanCoveredUsage"));
    ret->too_long = blended == DECIMAL_TOO_LONG || unblended == DECIMAL_TOO_LONG || discount == DECIMAL_TOO_LONG;
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

/* What compose_resource_id() makes a resource's id of where the row has none, besides what is in the key anyway. */
static uint64_t mix_made_up_id(uint64_t hash, const struct cost_row *row)
{
    if (row->text[COST_RESERVATION].len > 0)
        return mix_text(hash, row->text[COST_RESERVATION]);
    if (is_type(row, STR("Tax"))) {
        hash = mix_text(hash, row->text[COST_TAX_TYPE]);
        return mix_text(hash, column_or_member(row, COST_PRODUCT_NAME, COST_PRODUCT_MAP, "product_name"));
    }
    if (is_type(row, STR("Usage")))
        return mix_text(hash, region_of(row));
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

int64_t cost_threshold(const struct optscale_build *build, int64_t as_of, int64_t last_import)
{
    if (last_import <= 0)
        return 0;
    struct clock_date last = clock_date(last_import);
    if (build->rereads_months && is_first_of_month(clock_date(as_of), last))
        return clock_seconds((struct clock_date){last.year, last.month, 1, 0, 0, 0});
    return last_import - last_import % DAY - build->rewrite_days * DAY;
}
