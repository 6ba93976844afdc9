/* report.c: a statement of costs in words, and as JSON. */
#include "cli/costs/costs.h"

#include "base/clock.h"

bool costs_is_complete(const struct costs_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        if (report->periods[i].statement.failure_count > 0)
            return false;
    }
    return true;
}

/* The one currency of the data; empty: several, or none is named. */
static struct str currency_of(const struct costs_report *report)
{
    struct str currency = STR("");
    for (size_t i = 0; i < report->count; i++) {
        const struct cost_sums *sums = report->periods[i].statement.sums;
        for (size_t j = 0; j < sums->currency_count; j++) {
            if (currency.len > 0 && !str_equal(currency, sums->currencies[j]))
                return STR("");
            currency = sums->currencies[j];
        }
    }
    return currency;
}

static struct str name_of(const struct costs_report *report, struct str id)
{
    const struct json *name = map_get(report->context->names, id);
    return name ? name->string : STR("");
}

/* --- JSON --- */

static struct json amount(struct arena *arena, struct decimal value)
{
    char storage[DECIMAL_TEXT_MAX];
    return json_string(str_copy(arena, decimal_text(value, storage)));
}

static void set_sum(struct json_builder *object, const struct cost_sum *sum)
{
    json_build_append(object, STR("rows"), json_number((double)sum->rows));
    json_build_append(object, STR("blended"), amount(object->arena, sum->blended));
    json_build_append(object, STR("unblended"), amount(object->arena, sum->unblended));
}

static struct json sum_json(struct arena *arena, const struct cost_sum *sum)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    set_sum(&object, sum);
    return json_built(&object);
}

static struct json text_or_null(struct str text)
{
    return text.len > 0 ? json_string(text) : json_null;
}

static struct json dropped_json(struct arena *arena, const struct costs_report *report, const struct cost_sums *sums)
{
    struct json_builder list = json_build(arena, JSON_ARRAY);
    for (size_t fate = COST_IMPORTED + 1; fate < COST_FATE_COUNT; fate++) {
        for (size_t i = 0; i < sums->count; i++) {
            const struct cost_account *account = sums->accounts[i];
            struct json_builder row = json_build(arena, JSON_OBJECT);
            if (account->fates[fate].rows == 0)
                continue;
            json_build_append(&row, STR("reason"), json_string(cost_fate_name((enum cost_fate)fate)));
            json_build_append(&row, STR("account"), json_string(account->id));
            json_build_append(&row, STR("name"), text_or_null(name_of(report, account->id)));
            set_sum(&row, &account->fates[fate]);
            json_build_add(&list, json_built(&row));
        }
    }
    return json_built(&list);
}

static struct json accounts_json(struct arena *arena, const struct costs_report *report, const struct cost_sums *sums)
{
    struct json_builder list = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < sums->count; i++) {
        struct json_builder row = json_build(arena, JSON_OBJECT);
        struct cost_sum total = {.rows = 0};
        for (size_t fate = 0; fate < COST_FATE_COUNT; fate++)
            cost_sum_add(&total, &sums->accounts[i]->fates[fate]);
        json_build_append(&row, STR("account"), json_string(sums->accounts[i]->id));
        json_build_append(&row, STR("name"), text_or_null(name_of(report, sums->accounts[i]->id)));
        set_sum(&row, &total);
        json_build_add(&list, json_built(&row));
    }
    return json_built(&list);
}

static struct json place_json(struct arena *arena, const struct cost_place *place)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    if (place->line == 0)
        return json_null;
    json_build_append(&object, STR("file"), json_string(place->file));
    json_build_append(&object, STR("line"), json_number((double)place->line));
    json_build_append(&object, STR("message"), json_string(place->text));
    return json_built(&object);
}

static struct json failures_json(struct arena *arena, const struct cost_statement *statement)
{
    struct json_builder list = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < statement->failure_count; i++) {
        struct json_builder row = json_build(arena, JSON_OBJECT);
        json_build_append(&row, STR("file"), json_string(statement->failures[i].file));
        json_build_append(&row, STR("message"), json_string(statement->failures[i].message));
        json_build_add(&list, json_built(&row));
    }
    return json_built(&list);
}

static struct json currencies_json(struct arena *arena, const struct cost_sums *sums)
{
    struct json_builder list = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < sums->currency_count; i++)
        json_build_add(&list, json_string(sums->currencies[i]));
    return json_built(&list);
}

/* An incomplete period has no sums: a smaller one would pass for the whole. */
static void set_no_sums(struct json_builder *object)
{
    static const struct str names[] = {STR_INIT("rows"), STR_INIT("blended"), STR_INIT("unblended"),
                                       STR_INIT("imported")};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        json_build_append(object, names[i], json_null);
    json_build_append(object, STR("dropped"), json_array(NULL, 0));
}

/* What is added to the imported amounts; null: nothing is. */
static struct json discounts_json(struct arena *arena, const struct costs_context *context,
                                  const struct cost_sums *sums)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    if (!context->import.adds_discounts)
        return json_null;
    json_build_append(&object, STR("rows"), json_number((double)sums->discounts.rows));
    json_build_append(&object, STR("amount"), amount(arena, sums->discounts.blended));
    return json_built(&object);
}

static struct json period_json(struct arena *arena, const struct costs_report *report,
                               const struct costs_period *period)
{
    const struct cost_statement *statement = &period->statement;
    const struct cost_sums *sums = statement->sums;
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("period"), json_string(period->name));
    json_build_append(&object, STR("files"), json_number((double)period->count));
    json_build_append(&object, STR("state"),
                      json_string(statement->failure_count > 0 ? STR("incomplete") : STR("complete")));
    if (statement->failure_count > 0) {
        set_no_sums(&object);
    } else {
        struct cost_sum total = cost_sums_total(sums);
        struct cost_sum imported = cost_sums_of(sums, COST_IMPORTED);
        set_sum(&object, &total);
        json_build_append(&object, STR("imported"), sum_json(arena, &imported));
        json_build_append(&object, STR("dropped"), dropped_json(arena, report, sums));
        json_build_append(&object, STR("accounts"), accounts_json(arena, report, sums));
        json_build_append(&object, STR("moved"), sum_json(arena, &sums->moved));
        json_build_append(&object, STR("discounts"), discounts_json(arena, report->context, sums));
        json_build_append(&object, STR("currencies"), currencies_json(arena, sums));
    }
    json_build_append(&object, STR("stops"), place_json(arena, &statement->stop));
    json_build_append(&object, STR("incomplete"), failures_json(arena, statement));
    return json_built(&object);
}

static struct json ids_json(struct arena *arena, const struct costs_ids *ids)
{
    struct json_builder list = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < ids->count; i++)
        json_build_add(&list, json_string(ids->items[i]));
    return json_built(&list);
}

struct json costs_json(struct arena *arena, const struct costs_report *report)
{
    const struct costs_context *context = report->context;
    struct json_builder object = json_build(arena, JSON_OBJECT);
    struct json_builder periods = json_build(arena, JSON_ARRAY);
    bool is_known = context->import.connected;
    for (size_t i = 0; i < report->count; i++)
        json_build_add(&periods, period_json(arena, report, &report->periods[i]));
    json_build_append(&object, STR("format"), json_string(STR("exportcheck-costs/1")));
    json_build_append(&object, STR("currency"), text_or_null(currency_of(report)));
    json_build_append(&object, STR("as_of"), json_string(clock_iso(arena, context->as_of)));
    json_build_append(&object, STR("threshold"),
                      context->import.threshold > 0 ? json_string(clock_iso(arena, context->import.threshold))
                                                    : json_null);
    json_build_append(&object, STR("connected"), is_known ? ids_json(arena, &context->connected) : json_null);
    json_build_append(&object, STR("organization"),
                      context->organization ? ids_json(arena, &context->active) : json_null);
    json_build_append(&object, STR("periods"), json_built(&periods));
    return json_built(&object);
}

/* --- words --- */

enum { AMOUNT_WIDTH = 20 };

static void write_amount(struct sink *sink, struct decimal value, struct str currency)
{
    char storage[DECIMAL_TEXT_MAX];
    sink_addf(sink, "%*.*s %.*s", AMOUNT_WIDTH, STR_ARG(decimal_text_short(value, storage)), STR_ARG(currency));
}

static void write_share(struct sink *sink, const struct decimal *part, const struct decimal *whole)
{
    int64_t share = decimal_per_mille(part, whole);
    long long tenths = share < 0 ? -share : share;
    sink_addf(sink, "  %s%lld.%lld %%", share < 0 ? "-" : "", tenths / 10, tenths % 10);
}

static void write_line(struct sink *sink, const char *label, const struct cost_sum *sum, const struct cost_sum *total,
                       struct str currency)
{
    sink_addf(sink, "  %-24s", label);
    write_amount(sink, sum->blended, currency);
    write_share(sink, &sum->blended, &total->blended);
    sink_addf(sink, "  %llu rows\n", (unsigned long long)sum->rows);
}

static void write_dropped_accounts(struct sink *sink, const struct costs_report *report, const struct cost_sums *sums,
                                   enum cost_fate fate, struct str currency)
{
    for (size_t i = 0; i < sums->count; i++) {
        const struct cost_account *account = sums->accounts[i];
        struct str name = name_of(report, account->id);
        bool is_root = fate == COST_NOT_CONNECTED && map_has(report->context->roots, account->id);
        if (account->fates[fate].rows == 0)
            continue;
        sink_addf(sink, "    %-22.*s", STR_ARG(account->id.len > 0 ? account->id : STR("(no account)")));
        write_amount(sink, account->fates[fate].blended, currency);
        sink_addf(sink, "  %.*s%s\n", STR_ARG(name), is_root ? " (connected as Root, not as Linked)" : "");
    }
}

static void write_dropped(struct sink *sink, const struct costs_report *report, const struct cost_sums *sums,
                          const struct cost_sum *total, struct str currency)
{
    for (size_t i = COST_IMPORTED + 1; i < COST_FATE_COUNT; i++) {
        enum cost_fate fate = (enum cost_fate)i;
        struct cost_sum sum = cost_sums_of(sums, fate);
        if (sum.rows == 0)
            continue;
        write_line(sink, cost_fate_name(fate).ptr, &sum, total, currency);
        sink_addf(sink, "    %.*s\n", STR_ARG(cost_fate_words(fate)));
        write_dropped_accounts(sink, report, sums, fate, currency);
    }
}

/* The data source adds discounts to what it imports. */
static void write_discounts(struct sink *sink, const struct cost_sums *sums, struct str currency)
{
    struct decimal shown = cost_sums_of(sums, COST_IMPORTED).blended;
    decimal_add(&shown, &sums->discounts.blended);
    sink_addf(
        sink,
        "  With EDP and private rate discounts (use_edp_discount, %llu rows), the imported rows are shown as\n  %22s",
        (unsigned long long)sums->discounts.rows, "");
    write_amount(sink, shown, currency);
    sink_add_char(sink, '\n');
}

/* What is shown, and yet differs from the bill. */
static void write_differences(struct sink *sink, const struct costs_report *report, const struct cost_sums *sums,
                              struct str currency)
{
    struct cost_sum imported = cost_sums_of(sums, COST_IMPORTED);
    struct str shown = report->context->currency;
    if (decimal_compare(&imported.blended, &imported.unblended) != 0) {
        sink_add_c(sink, "  OptScale shows blended costs; unblended, the imported rows come to\n  ");
        sink_addf(sink, "%22s", "");
        write_amount(sink, imported.unblended, currency);
        sink_add_char(sink, '\n');
    }
    if (sums->moved.rows > 0) {
        sink_addf(sink, "  Shown on a Savings Plan, not on the resource it covers: %llu rows\n  %22s",
                  (unsigned long long)sums->moved.rows, "");
        write_amount(sink, sums->moved.blended, currency);
        sink_add_char(sink, '\n');
    }
    if (report->context->import.adds_discounts)
        write_discounts(sink, sums, currency);
    for (size_t i = 0; i < sums->currency_count; i++) {
        if (shown.len > 0 && !str_equal(shown, sums->currencies[i]))
            sink_addf(sink, "  Amounts in %.*s are shown as if they were %.*s, the organization's currency\n",
                      STR_ARG(sums->currencies[i]), STR_ARG(shown));
    }
    if (sums->currency_count > 1)
        sink_add_c(sink, "  The data has several currencies: OptScale, and these sums, add them as they are\n");
}

static void write_sums(struct sink *sink, struct arena *arena, const struct costs_report *report,
                       const struct costs_period *period)
{
    const struct cost_sums *sums = period->statement.sums;
    struct str currency = sums->currency_count == 1 ? sums->currencies[0] : STR("");
    struct cost_sum total = cost_sums_total(sums);
    struct cost_sum imported = cost_sums_of(sums, COST_IMPORTED);
    write_line(sink, "billed", &total, &total, currency);
    write_line(sink, "imported", &imported, &total, currency);
    write_dropped(sink, report, sums, &total, currency);
    write_differences(sink, report, sums, currency);
    costs_write_accounts(sink, arena, report->context, sums);
}

static void write_failures(struct sink *sink, const struct cost_statement *statement)
{
    sink_add_c(sink, "  incomplete: these files could not be read, so there is no sum\n");
    for (size_t i = 0; i < statement->failure_count; i++)
        sink_addf(sink, "    %.*s\n", STR_ARG(statement->failures[i].message));
}

static void write_place(struct sink *sink, const char *what, const struct cost_place *place)
{
    if (place->line > 0)
        sink_addf(sink, "  %s\n    %.*s:%llu: %.*s\n", what, STR_ARG(place->file), (unsigned long long)place->line,
                  STR_ARG(place->text));
}

static void write_period(struct sink *sink, struct arena *arena, const struct costs_report *report,
                         const struct costs_period *period)
{
    const struct cost_statement *statement = &period->statement;
    sink_addf(sink, "%.*s, %zu file%s\n", STR_ARG(period->name), period->count, period->count == 1 ? "" : "s");
    if (statement->failure_count > 0)
        write_failures(sink, statement);
    else
        write_sums(sink, arena, report, period);
    write_place(sink, "OptScale's import stops here: nothing newer is shown until this row is mended",
                &statement->stop);
    write_place(sink, "a record with more or fewer fields than the header (the first one):", &statement->ragged);
}

void costs_write_text(struct sink *sink, struct arena *arena, const struct costs_report *report)
{
    int64_t threshold = report->context->import.threshold;
    for (size_t i = 0; i < report->count; i++) {
        sink_add_c(sink, i > 0 ? "\n" : "");
        write_period(sink, arena, report, &report->periods[i]);
    }
    if (!report->context->import.connected)
        sink_add_c(sink, "\nWhich accounts are connected was not told (--connected-accounts, --optscale-url): every "
                         "account counts as connected.\n");
    else if (report->context->account.len == 0)
        sink_add_c(sink,
                   "\nWhose export this is was not told (--account-id): unless it is listed, its own account counts "
                   "as not connected.\n");
    if (threshold == 0)
        sink_add_c(sink, "\nThis is the first import: no row is too old. For a later one, say --last-import.\n");
    else
        sink_addf(sink, "\nThis import takes rows from %.*s on.\n",
                  STR_ARG(str_slice(clock_iso(arena, threshold), 0, 10)));
}
