/* Records in order, more than are sorted at once. */
#include "cmocka_all.h"

#include "base/store/sorter.h"

struct record {
    uint32_t key;
    uint32_t number;
};

static int compare(const void *left, const void *right)
{
    const struct record *a = left;
    const struct record *b = right;
    int order = (a->key > b->key) - (a->key < b->key);
    return order ? order : (a->number > b->number) - (a->number < b->number);
}

/* Of each count, as many come out as went in, each once, in order. */
static void gives_all_records_in_order(void **state)
{
    static const uint32_t counts[] = {0, 1, 100, 16384, 16385, 70000};
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        struct sorter *sorter;
        struct record record;
        struct record before = {0, 0};
        uint64_t sum = 0;
        uint32_t seen = 0;
        bool more = true;
        assert_true(sorter_open(*state, sizeof record, compare, &sorter, NULL));
        for (uint32_t n = 0; n < counts[i]; n++) {
            record = (struct record){n * 2654435761U % 1000, n};
            assert_true(sorter_add(sorter, &record, NULL));
        }
        assert_true(sorter_finish(sorter, NULL));
        while (sorter_next(sorter, &record, &more, NULL) && more) {
            assert_true(seen == 0 || compare(&before, &record) < 0);
            before = record;
            sum += record.number;
            seen++;
        }
        assert_false(more);
        assert_int_equal(seen, counts[i]);
        assert_int_equal(sum, (uint64_t)counts[i] * (counts[i] ? counts[i] - 1 : 0) / 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {arena_test(gives_all_records_in_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
