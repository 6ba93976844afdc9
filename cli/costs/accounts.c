/* accounts.c: three sets of accounts side by side: in the data, connected to OptScale, in the organization. */
#include "cli/costs/costs.h"

#include <stdlib.h>

enum { WHOLE_MAX = 40 }; /* of more accounts, those that all sets have are counted */

struct costs_ids costs_ids(struct str *items, size_t count)
{
    size_t kept = 0;
    if (count > 1)
        qsort(items, count, sizeof *items, str_compare_qsort);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !str_equal(items[kept - 1], items[i]))
            items[kept++] = items[i];
    }
    return (struct costs_ids){items, kept};
}

/* What each set says of an account; a set that is not known says `?`. */
struct standing {
    struct str in_data;
    struct str connected;
    struct str organization;
    bool in_all; /* that are known */
};

static struct str connection_of(const struct costs_context *context, struct str id)
{
    if (!context->import.connected)
        return STR("?");
    if (map_has(context->import.connected, id))
        return STR("yes");
    return map_has(context->roots, id) ? STR("as Root") : STR("no");
}

/* "active", "suspended", … */
static struct str membership_of(struct arena *arena, const struct costs_context *context, struct str id)
{
    if (!context->organization)
        return STR("?");
    const struct json *account = map_get(context->organization, id);
    return account ? str_lower(arena, json_find_string(account, "state")) : STR("no");
}

static struct standing standing_of(struct arena *arena, const struct costs_context *context,
                                   const struct cost_sums *sums, struct str id)
{
    struct standing standing = {.in_data = map_has(sums->by_id, id) ? STR("yes") : STR("no"),
                                .connected = connection_of(context, id),
                                .organization = membership_of(arena, context, id)};
    standing.in_all = str_equal(standing.in_data, STR("yes")) &&
                      (!context->import.connected || str_equal(standing.connected, STR("yes"))) &&
                      (!context->organization || str_equal(standing.organization, STR("active")));
    return standing;
}

static struct costs_ids every_account(struct arena *arena, const struct costs_context *context,
                                      const struct cost_sums *sums)
{
    const struct costs_ids *others[] = {&context->connected, &context->members};
    size_t count = 0;
    struct str *items = arena_array(arena, struct str, sums->count + context->connected.count + context->members.count);
    for (size_t i = 0; i < sums->count; i++)
        items[count++] = sums->accounts[i]->id;
    for (size_t set = 0; set < COUNT_OF(others); set++) {
        for (size_t i = 0; i < others[set]->count; i++)
            items[count++] = others[set]->items[i];
    }
    return costs_ids(items, count);
}

static void write_row(struct sink *sink, struct str id, const struct standing *standing, struct str name)
{
    sink_addf(sink, "    %-20.*s  %-11.*s  %-9.*s  %-12.*s%s%.*s\n", STR_ARG(id.len > 0 ? id : STR("(no account)")),
              STR_ARG(standing->in_data), STR_ARG(standing->connected), STR_ARG(standing->organization),
              name.len > 0 ? "  " : "", STR_ARG(name));
}

static void write_counts(struct sink *sink, const struct costs_context *context, const struct cost_sums *sums)
{
    sink_addf(sink, "  Accounts: %zu in the data", sums->count);
    if (context->import.connected)
        sink_addf(sink, ", %zu connected", context->connected.count);
    if (context->organization)
        sink_addf(sink, ", %zu active in the organization\n", context->active.count);
    else
        sink_add_c(sink, "; the organization was not read\n");
}

void costs_write_accounts(struct sink *sink, struct arena *arena, const struct costs_context *context,
                          const struct cost_sums *sums)
{
    const struct standing head = {STR("in the data"), STR("connected"), STR("organization"), false};
    struct costs_ids all = every_account(arena, context, sums);
    size_t left_out = 0;
    write_counts(sink, context, sums);
    if (!context->import.connected && !context->organization)
        return;
    write_row(sink, STR("account"), &head, STR(""));
    for (size_t i = 0; i < all.count; i++) {
        struct standing standing = standing_of(arena, context, sums, all.items[i]);
        const struct json *name = map_get(context->names, all.items[i]);
        bool is_shown = all.count <= WHOLE_MAX || !standing.in_all;
        left_out += !is_shown;
        if (is_shown)
            write_row(sink, all.items[i], &standing, name ? name->string : STR(""));
    }
    if (left_out > 0)
        sink_addf(sink, "    and %zu more, which all sets have\n", left_out);
}
