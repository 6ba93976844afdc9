/* sums.c: see sums.h. */
#include "costs/sums.h"

#include <stdlib.h>
#include <string.h>

void cost_sum_add(struct cost_sum *sum, const struct cost_sum *other)
{
    sum->rows += other->rows;
    decimal_add(&sum->blended, &other->blended);
    decimal_add(&sum->unblended, &other->unblended);
}

void cost_sum_subtract(struct cost_sum *sum, const struct cost_sum *other)
{
    sum->rows -= other->rows;
    decimal_subtract(&sum->blended, &other->blended);
    decimal_subtract(&sum->unblended, &other->unblended);
}

struct cost_sums *cost_sums_open(struct arena *arena)
{
    struct cost_sums *sums = arena_new(arena, struct cost_sums);
    sums->arena = arena;
    sums->by_id = map_open(arena);
    return sums;
}

static struct cost_account *add_account(struct cost_sums *sums, struct str id)
{
    if (sums->count == COST_ACCOUNTS_MAX)
        return NULL;
    if (sums->count == sums->capacity) {
        size_t capacity = sums->capacity ? sums->capacity * 2 : 16;
        struct cost_account **grown = arena_array(sums->arena, struct cost_account *, capacity);
        if (sums->count > 0)
            memcpy(grown, sums->accounts, sums->count * sizeof *grown);
        sums->accounts = grown;
        sums->capacity = capacity;
    }
    struct cost_account *account = arena_new(sums->arena, struct cost_account);
    account->id = str_copy(sums->arena, id);
    sums->accounts[sums->count] = account;
    sums->count++;
    map_set(sums->by_id, account->id, account);
    return account;
}

static struct cost_account *find_account(const struct cost_sums *sums, struct str id)
{
    const void *found = map_get(sums->by_id, id);
    struct cost_account *account = NULL;
    if (found) /* the map gives back what was put in, which is ours to change */
        memcpy(&account, &found, sizeof account);
    return account;
}

struct cost_account *cost_sums_account(struct cost_sums *sums, struct str id)
{
    if (sums->last && str_equal(sums->last->id, id))
        return sums->last;
    struct cost_account *account = find_account(sums, id);
    sums->last = account ? account : add_account(sums, id);
    return sums->last;
}

void cost_sums_currency(struct cost_sums *sums, struct str code)
{
    size_t at = 0;
    while (at < sums->currency_count && str_compare(sums->currencies[at], code) < 0)
        at++;
    bool known = at < sums->currency_count && str_equal(sums->currencies[at], code);
    if (known || code.len == 0 || sums->currency_count == COST_CURRENCIES_MAX)
        return;
    memmove(&sums->currencies[at + 1], &sums->currencies[at], (sums->currency_count - at) * sizeof code);
    sums->currencies[at] = str_copy(sums->arena, code);
    sums->currency_count++;
}

bool cost_sums_merge(struct cost_sums *sums, const struct cost_sums *other)
{
    for (size_t i = 0; i < other->count; i++) {
        struct cost_account *account = cost_sums_account(sums, other->accounts[i]->id);
        if (!account)
            return false;
        for (size_t fate = 0; fate < COST_FATE_COUNT; fate++)
            cost_sum_add(&account->fates[fate], &other->accounts[i]->fates[fate]);
    }
    cost_sum_add(&sums->moved, &other->moved);
    cost_sum_add(&sums->discounts, &other->discounts);
    for (size_t i = 0; i < other->currency_count; i++)
        cost_sums_currency(sums, other->currencies[i]);
    return true;
}

static int compare_accounts(const void *a, const void *b)
{
    const struct cost_account *const *left = a, *const *right = b;
    return str_compare((*left)->id, (*right)->id);
}

void cost_sums_sort(struct cost_sums *sums)
{
    if (sums->count > 0)
        qsort(sums->accounts, sums->count, sizeof(struct cost_account *), compare_accounts);
}

struct cost_sum cost_sums_of(const struct cost_sums *sums, enum cost_fate fate)
{
    struct cost_sum sum = {.rows = 0};
    for (size_t i = 0; i < sums->count; i++)
        cost_sum_add(&sum, &sums->accounts[i]->fates[fate]);
    return sum;
}

struct cost_sum cost_sums_total(const struct cost_sums *sums)
{
    struct cost_sum total = {.rows = 0};
    for (size_t fate = 0; fate < COST_FATE_COUNT; fate++) {
        struct cost_sum sum = cost_sums_of(sums, (enum cost_fate)fate);
        cost_sum_add(&total, &sum);
    }
    return total;
}
