/* sums.h: what was added up: for each account, by what becomes of its rows. */
#ifndef EXPORTCHECK_COSTS_SUMS_H
#define EXPORTCHECK_COSTS_SUMS_H

#include "base/error.h"
#include "optscale/costs/row.h"

struct cost_sum {
    uint64_t rows;
    struct decimal blended;
    struct decimal unblended;
};

void cost_sum_add(struct cost_sum *sum, const struct cost_sum *other);
/** Takes what was added before. */
void cost_sum_subtract(struct cost_sum *sum, const struct cost_sum *other);

struct cost_account {
    struct str id; /* as in the data: usually 12 digits */
    struct cost_sum fates[COST_FATE_COUNT];
};

enum { COST_CURRENCIES_MAX = 8, COST_ACCOUNTS_MAX = 1000000 };

/** The sums of a file, or of a period. */
struct cost_sums {
    struct arena *arena;
    struct map *by_id;
    struct cost_account **accounts;
    size_t count;
    size_t capacity;
    struct cost_account *last; /* rows of one account often follow each other */
    struct cost_sum moved;     /* imported, and shown on a Savings Plan's resource */
    struct cost_sum
        discounts; /* of imported rows that have one: what is added to their blended cost where it is shown */
    struct str currencies[COST_CURRENCIES_MAX]; /* in the order of their text */
    size_t currency_count;
};

struct cost_sums *cost_sums_open(struct arena *arena);
/** The account's sums; NULL: more accounts than can be. The id is copied where it is new. */
struct cost_account *cost_sums_account(struct cost_sums *sums, struct str id);
void cost_sums_currency(struct cost_sums *sums, struct str code);
/** Adds all of `other`. False: too many accounts. */
bool cost_sums_merge(struct cost_sums *sums, const struct cost_sums *other);
/** Sorts the accounts by id. */
void cost_sums_sort(struct cost_sums *sums);
/** All of one fate. */
struct cost_sum cost_sums_of(const struct cost_sums *sums, enum cost_fate fate);
/** All. */
struct cost_sum cost_sums_total(const struct cost_sums *sums);

#endif
