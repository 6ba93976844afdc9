/* numbers.c: functions on numbers. */
#include "query/function_list.h"

#include <math.h>

const struct json *function_abs(struct evaluation *evaluation, const struct invocation *invocation)
{
    return evaluate_number(evaluation, fabs(invocation->values[0]->number));
}

const struct json *function_ceil(struct evaluation *evaluation, const struct invocation *invocation)
{
    return evaluate_number(evaluation, ceil(invocation->values[0]->number));
}

const struct json *function_floor(struct evaluation *evaluation, const struct invocation *invocation)
{
    return evaluate_number(evaluation, floor(invocation->values[0]->number));
}

static double total(const struct json *numbers)
{
    double sum = 0;
    for (size_t i = 0; i < numbers->count; i++)
        sum += numbers->items[i].number;
    return sum;
}

const struct json *function_sum(struct evaluation *evaluation, const struct invocation *invocation)
{
    return evaluate_number(evaluation, total(invocation->values[0]));
}

const struct json *function_avg(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct json *numbers = invocation->values[0];
    if (numbers->count == 0)
        return &json_null;
    return evaluate_number(evaluation, total(numbers) / (double)numbers->count);
}

const struct json *function_to_number(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct json *value = invocation->values[0];
    double number;
    if (value->type == JSON_NUMBER)
        return value;
    if (value->type != JSON_STRING || !str_to_double(value->string, &number) || !isfinite(number))
        return &json_null;
    return evaluate_number(evaluation, number);
}
