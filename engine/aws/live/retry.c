/* retry.c: see retry.h. */
#include "aws/live/retry.h"

#include "aws/operation/call.h"

enum {
    TOKENS = 500,
    COST = 5,
    COST_TIMED_OUT = 10,
    DELAY_MAX_SECONDS = 20,
    SKEW_SECONDS = 240, /* services tolerate 300; what is nearer is not the reason */
};

static const struct {
    struct str code;
    enum retry_kind kind;
} codes[] = {
    {STR_INIT("RequestTimeout"), RETRY_TRANSIENT},
    {STR_INIT("RequestTimeoutException"), RETRY_TRANSIENT},
    {STR_INIT("InternalError"), RETRY_TRANSIENT},
    {STR_INIT("PriorRequestNotComplete"), RETRY_TRANSIENT},
    {STR_INIT("IDPCommunicationError"), RETRY_TRANSIENT},
    {STR_INIT(ANSWER_UNREACHABLE), RETRY_TRANSIENT},
    {STR_INIT(ANSWER_TIMEOUT), RETRY_TIMED_OUT},
    {STR_INIT("Throttling"), RETRY_THROTTLED},
    {STR_INIT("ThrottlingException"), RETRY_THROTTLED},
    {STR_INIT("ThrottledException"), RETRY_THROTTLED},
    {STR_INIT("RequestThrottledException"), RETRY_THROTTLED},
    {STR_INIT("RequestThrottled"), RETRY_THROTTLED},
    {STR_INIT("TooManyRequestsException"), RETRY_THROTTLED},
    {STR_INIT("RequestLimitExceeded"), RETRY_THROTTLED},
    {STR_INIT("BandwidthLimitExceeded"), RETRY_THROTTLED},
    {STR_INIT("LimitExceededException"), RETRY_THROTTLED},
    {STR_INIT("SlowDown"), RETRY_THROTTLED},
    {STR_INIT("EC2ThrottledException"), RETRY_THROTTLED},
    {STR_INIT("ProvisionedThroughputExceededException"), RETRY_THROTTLED},
    {STR_INIT("TransactionInProgressException"), RETRY_THROTTLED},
};

enum retry_kind retry_classify(struct str code, int http_status)
{
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (str_equal(codes[i].code, code))
            return codes[i].kind;
    if (http_status == 429) /* of a proxy before the service, which knows no codes */
        return RETRY_THROTTLED;
    bool transient = http_status == 500 || (http_status >= 502 && http_status <= 504);
    return transient ? RETRY_TRANSIENT : RETRY_NEVER;
}

struct retry_budget retry_budget_make(int max_attempts, int second_ms, uint64_t seed)
{
    return (struct retry_budget){max_attempts, second_ms, TOKENS, seed};
}

/* SplitMix64: good enough for jitter, and the same on every machine. */
static uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

bool retry_again(struct retry_budget *budget, enum retry_kind kind, int tries, int64_t *ret_delay_ms, int *ret_cost)
{
    int cost = kind == RETRY_TIMED_OUT ? COST_TIMED_OUT : COST;
    if (kind == RETRY_NEVER || tries >= budget->max_attempts || budget->tokens < cost)
        return false;
    int64_t seconds = tries > 5 ? DELAY_MAX_SECONDS : INT64_C(1) << (tries - 1);
    if (seconds > DELAY_MAX_SECONDS)
        seconds = DELAY_MAX_SECONDS;
    uint64_t most = (uint64_t)(seconds * budget->second_ms);
    *ret_delay_ms = (int64_t)(random_next(&budget->random) % (most + 1));
    *ret_cost = cost;
    budget->tokens -= cost;
    return true;
}

void retry_succeeded(struct retry_budget *budget, int cost)
{
    budget->tokens += cost > 0 ? cost : 1;
    if (budget->tokens > TOKENS)
        budget->tokens = TOKENS;
}

static bool speaks_of_time(struct str code, struct str message)
{
    static const struct str always[] = {STR_INIT("RequestTimeTooSkewed"), STR_INIT("RequestExpired"),
                                        STR_INIT("RequestInTheFuture"), STR_INIT("AuthFailure"), STR_INIT("403")};
    for (size_t i = 0; i < COUNT_OF(always); i++)
        if (str_equal(code, always[i]))
            return true;
    bool signature = str_equal(code, STR("SignatureDoesNotMatch")) || str_equal(code, STR("InvalidSignatureException"));
    return signature &&
           (str_contains(message, STR("Signature expired")) || str_contains(message, STR("Signature not yet current")));
}

bool retry_is_skew(struct str code, struct str message, int64_t signed_at, int64_t date, int64_t *ret_offset)
{
    int64_t offset = date - signed_at;
    if (date == 0 || (offset <= SKEW_SECONDS && offset >= -SKEW_SECONDS) || !speaks_of_time(code, message))
        return false;
    *ret_offset = offset;
    return true;
}
