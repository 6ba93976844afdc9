/* results.c: the names of verdicts and severities, as results files write them. */
#include "rule/results.h"

static const struct str verdict_names[VERDICT_COUNT] = {
    [VERDICT_PASS] = STR_INIT("pass"),       [VERDICT_FAIL] = STR_INIT("fail"), [VERDICT_UNKNOWN] = STR_INIT("unknown"),
    [VERDICT_PENDING] = STR_INIT("pending"), [VERDICT_SKIP] = STR_INIT("skip"), [VERDICT_WAIVED] = STR_INIT("waived"),
};

static const struct str severity_names[SEVERITY_COUNT] = {
    [SEVERITY_LOW] = STR_INIT("low"),
    [SEVERITY_MEDIUM] = STR_INIT("medium"),
    [SEVERITY_HIGH] = STR_INIT("high"),
    [SEVERITY_CRITICAL] = STR_INIT("critical"),
};

/** The index of `name` in `names`, or `count`. */
static size_t index_of(struct str name, const struct str *names, size_t count)
{
    size_t i = 0;
    while (i < count && !str_equal(names[i], name))
        i++;
    return i;
}

struct str verdict_name(enum verdict verdict)
{
    return verdict < VERDICT_COUNT ? verdict_names[verdict] : STR("unknown");
}

bool verdict_parse(struct str name, enum verdict *ret)
{
    size_t i = index_of(name, verdict_names, VERDICT_COUNT);
    if (i == VERDICT_COUNT)
        return false;
    *ret = (enum verdict)i;
    return true;
}

struct str severity_name(enum severity severity)
{
    return severity < SEVERITY_COUNT ? severity_names[severity] : STR("critical");
}

bool severity_parse(struct str name, enum severity *ret)
{
    size_t i = index_of(name, severity_names, SEVERITY_COUNT);
    if (i == SEVERITY_COUNT)
        return false;
    *ret = (enum severity)i;
    return true;
}
