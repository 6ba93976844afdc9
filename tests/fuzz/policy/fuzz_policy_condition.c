/*
 * fuzz_policy_condition.c: an operator, a policy's value and a request's value on three lines: every form of the
 * operator keeps the laws of missing keys, IfExists and set operators.
 */
#include "policy/language/condition.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check(struct arena *arena, struct condition_form form, struct str wanted, struct str found)
{
    struct context_key key = context_key(arena, STR("k"));
    struct str found_twice[] = {found, found};
    struct context_entry entry = {.key = key, .name = STR("k"), .values = found_twice, .count = 1};
    struct context here = {.entries = &entry, .count = 1};
    struct context missing = {0};
    struct condition_value value;
    condition_value_compile(arena, form.op, wanted, true, &value);
    struct condition condition = {.form = form, .key = key, .values = &value, .value_count = 1};
    if (form.op->family == CONDITION_NULL) {
        require(!(condition_holds(&condition, &here) && condition_holds(&condition, &missing)));
        return;
    }
    bool holds = condition_holds(&condition, &here);
    require(holds == condition_value_meets(&condition, found, &here));
    entry.count = 2;
    bool set = form.set != CONDITION_SINGLE;
    require(condition_holds(&condition, &here) == (set && holds));
    bool expected =
        form.if_exists || form.set == CONDITION_FOR_ALL_VALUES || (form.set == CONDITION_SINGLE && form.op->negated);
    require(condition_holds(&condition, &missing) == expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    struct str found = str_slice((struct str){(const char *)data, (ptrdiff_t)size}, 0, 4096);
    struct str name;
    struct str wanted;
    struct condition_form form;
    str_cut(&found, '\n', &name);
    str_cut(&found, '\n', &wanted);
    if (condition_form_read(name, &form))
        check(arena, form, wanted, found);
    arena_close(arena);
    return 0;
}
