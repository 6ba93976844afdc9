/* summary.c: a period's sums as the target carries them, for rules and snapshots: by account, and never a row. */
#include "cli/costs/costs.h"

static struct json percent(const struct decimal *part, const struct decimal *whole)
{
    return json_number((double)decimal_per_mille(part, whole) / 10);
}

/* "12,304.18 USD" */
static struct str amount_words(struct arena *arena, struct decimal value, struct str currency)
{
    char storage[DECIMAL_TEXT_MAX];
    return str_format(arena, "%.*s%s%.*s", STR_ARG(decimal_text_short(value, storage)), currency.len > 0 ? " " : "",
                      STR_ARG(currency));
}

static void add_exact(struct json_builder *object, const char *name, struct decimal value)
{
    char storage[DECIMAL_TEXT_MAX];
    json_build_append(object, str_from(name), json_string(str_copy(object->arena, decimal_text(value, storage))));
}

static struct json account_json(struct arena *arena, const struct costs_context *context,
                                const struct cost_account *account, const struct decimal *total, struct str currency)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    const struct json *name = map_get(context->names, account->id);
    struct cost_sum sum = {.rows = 0};
    for (size_t fate = 0; fate < COST_FATE_COUNT; fate++)
        cost_sum_add(&sum, &account->fates[fate]);
    json_build_append(&object, STR("id"), json_string(account->id));
    json_build_append(&object, STR("name"), name ? *name : json_null);
    json_build_append(&object, STR("rows"), json_number((double)sum.rows));
    add_exact(&object, "blended", sum.blended);
    add_exact(&object, "imported", account->fates[COST_IMPORTED].blended);
    json_build_append(&object, STR("amount"), json_string(amount_words(arena, sum.blended, currency)));
    json_build_append(&object, STR("percent"), percent(&sum.blended, total));
    return json_built(&object);
}

static struct json accounts_json(struct arena *arena, const struct costs_context *context, const struct cost_sums *sums,
                                 const struct decimal *total, struct str currency)
{
    struct json_builder list = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < sums->count; i++)
        json_build_add(&list, account_json(arena, context, sums->accounts[i], total, currency));
    return json_built(&list);
}

/* "October" of "2026-10"; what is no month stays as it is. */
static struct str month_name(struct str period)
{
    static const struct str names[] = {STR_INIT("January"), STR_INIT("February"), STR_INIT("March"),
                                       STR_INIT("April"),   STR_INIT("May"),      STR_INIT("June"),
                                       STR_INIT("July"),    STR_INIT("August"),   STR_INIT("September"),
                                       STR_INIT("October"), STR_INIT("November"), STR_INIT("December")};
    int64_t month;
    bool ok = str_to_int64(str_skip(period, str_find_char(period, '-', 0) + 1), &month) && month >= 1 &&
              month <= (int64_t)COUNT_OF(names);
    return ok ? names[month - 1] : period;
}

/* "12,304.18 USD of October (9.3 %)" */
static struct str share_words(struct arena *arena, const struct costs_period *period, struct decimal part,
                              const struct decimal *total, struct str currency)
{
    int64_t share = decimal_per_mille(&part, total);
    long long tenths = share < 0 ? -share : share;
    return str_format(arena, "%.*s of %.*s (%s%lld.%lld %%)", STR_ARG(amount_words(arena, part, currency)),
                      STR_ARG(month_name(period->name)), share < 0 ? "-" : "", tenths / 10, tenths % 10);
}

static void add_sums(struct json_builder *object, const struct costs_context *context,
                     const struct costs_period *period)
{
    struct arena *arena = object->arena;
    const struct cost_sums *sums = period->statement.sums;
    struct str currency = sums->currency_count == 1 ? sums->currencies[0] : STR("");
    struct cost_sum total = cost_sums_total(sums);
    struct cost_sum imported = cost_sums_of(sums, COST_IMPORTED);
    struct cost_sum missing = cost_sums_of(sums, COST_NOT_CONNECTED);
    json_build_append(object, STR("currency"), currency.len > 0 ? json_string(currency) : json_null);
    json_build_append(object, STR("rows"), json_number((double)total.rows));
    add_exact(object, "blended", total.blended);
    add_exact(object, "imported", imported.blended);
    json_build_append(object, STR("amount"), json_string(amount_words(arena, total.blended, currency)));
    json_build_append(object, STR("imported_amount"), json_string(amount_words(arena, imported.blended, currency)));
    json_build_append(object, STR("imported_percent"), percent(&imported.blended, &total.blended));
    json_build_append(object, STR("not_connected"),
                      json_string(share_words(arena, period, missing.blended, &total.blended, currency)));
    json_build_append(object, STR("accounts"), accounts_json(arena, context, sums, &total.blended, currency));
}

struct json costs_summary(struct arena *arena, const struct costs_report *report)
{
    const struct costs_period *period = &report->periods[0];
    bool is_complete = period->statement.failure_count == 0;
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("format"), json_string(STR("exportcheck-cost-sums/1")));
    json_build_append(&object, STR("period"), json_string(period->name));
    json_build_append(&object, STR("state"), json_string(is_complete ? STR("complete") : STR("incomplete")));
    if (is_complete)
        add_sums(&object, report->context, period);
    return json_built(&object);
}
