/* retry.c: see retry.h. */
#include "aws/live/retry.h"

#include "aws/operation/call.h"
#include "base/clock.h"

enum {
    TOKENS = 500,
    COST = 5,
    COST_TIMED_OUT = 10,
    DELAY_MAX_MS = 20000,
    DOUBLINGS_MAX = 8,  /* by then each delay is at its most */
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
    {STR_INIT("503"), RETRY_THROTTLED}, /* of a HEAD: S3 says SlowDown so, and has no body to say it in */
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

/* What each kind of failure costs of the tokens, how often it is borne, and its first delay in thousandths of a second.
 */
static const struct {
    int cost;
    int attempts;
    int base_ms;
} kinds[RETRY_KINDS] = {
    [RETRY_TRANSIENT] = {COST, 6, 100},
    [RETRY_TIMED_OUT] = {COST_TIMED_OUT, 2, 100},
    [RETRY_THROTTLED] = {0, 100, 1000},
};

static int sum_of(const struct retry_tries *tries)
{
    int sum = 0;
    for (size_t i = 0; i < RETRY_KINDS; i++)
        sum += tries->count[i];
    return sum;
}

bool retry_again(struct retry_budget *budget, enum retry_kind kind, struct retry_tries *tries, int64_t *ret_delay_ms,
                 int *ret_cost)
{
    int before = tries->count[kind]++;
    bool enough = budget->max_attempts > 0 ? sum_of(tries) >= budget->max_attempts : before + 1 >= kinds[kind].attempts;
    if (kind == RETRY_NEVER || enough || budget->tokens < kinds[kind].cost)
        return false;
    int64_t most = (int64_t)kinds[kind].base_ms << (before < DOUBLINGS_MAX ? before : DOUBLINGS_MAX);
    most = (most < DELAY_MAX_MS ? most : DELAY_MAX_MS) * budget->second_ms / 1000;
    *ret_delay_ms = (int64_t)(random_next(&budget->random) % (uint64_t)(most + 1));
    *ret_cost = kinds[kind].cost;
    budget->tokens -= kinds[kind].cost;
    return true;
}

int64_t retry_after_ms(struct http_headers headers, int second_ms)
{
    struct str after = http_header_find(headers, STR("Retry-After"));
    int64_t number;
    int64_t date;
    if (str_to_int64(http_header_find(headers, STR("x-amz-retry-after")), &number) && number > 0)
        return number < INT32_MAX ? number * second_ms / 1000 : INT32_MAX;
    if (!str_to_int64(after, &number)) {
        if (!clock_parse(after, &number) || !clock_parse(http_header_find(headers, STR("Date")), &date))
            return 0;
        number -= date;
    }
    return number <= 0 ? 0 : number < INT32_MAX / 1000 ? number * second_ms : INT32_MAX;
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
