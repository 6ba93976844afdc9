/* job.c: see job.h. */
#include "aws/live/job.h"

#include "aws/http/url.h"
#include "aws/live/trouble.h"
#include "aws/protocol/protocol.h"
#include "base/clock.h"

/* --- queues ----------------------------------------------------------------------------------------- */

void job_queue(struct queue *queue, struct job *job)
{
    job->next = NULL;
    if (queue->last)
        queue->last->next = job;
    else
        queue->first = job;
    queue->last = job;
}

struct job *job_unqueue(struct queue *queue)
{
    struct job *job = queue->first;
    if (!job)
        return NULL;
    queue->first = job->next;
    if (!queue->first)
        queue->last = NULL;
    return job;
}

static void make_ready(struct job *job)
{
    job_queue(&job->live->ready[job->call.priority], job);
}

void job_wait(struct job *job, int64_t due, int64_t *waiting)
{
    *waiting += due - clock_milliseconds();
    job->due = due;
    job_queue(&job->live->waiting, job);
}

/* Who watches is told of the one that was sent first. */
static void enter_under_way(struct job *job)
{
    struct transport_live *live = job->live;
    job->later = NULL;
    job->earlier = live->last_under_way;
    *(job->earlier ? &job->earlier->later : &live->first_under_way) = job;
    live->last_under_way = job;
}

static void leave_under_way(struct job *job)
{
    struct transport_live *live = job->live;
    *(job->earlier ? &job->earlier->later : &live->first_under_way) = job->later;
    *(job->later ? &job->later->earlier : &live->last_under_way) = job->earlier;
}

/* --- the end of a call ------------------------------------------------------------------------------- */

struct answer job_own_error(const char *code, struct str message)
{
    return (struct answer){.code = str_from(code), .message = message};
}

void job_end(struct job *job, struct answer answer)
{
    struct transport_live *live = job->live;
    answer.started = job->started;
    answer.milliseconds = job->row.sent_ms > 0 ? clock_milliseconds() - job->row.sent_ms : 0;
    struct answer *kept = arena_new(job->arena, struct answer);
    *kept = answer;
    job->row.started = job->started;
    ledger_call(&live->ledger, &job->call, job->region, &job->row, kept);
    const struct job *before = live->answering;
    live->answering = job;
    job->handler(job->context, &job->call, kept);
    live->answering = before;
}

/* --- one try ----------------------------------------------------------------------------------------- */

static void log_request(const struct transport_live *live, const struct http_request *request)
{
    log_line(live->options.log, LOG_DEBUG, "> %.*s %.*s", STR_ARG(request->method), STR_ARG(request->url));
    for (size_t i = 0; i < request->headers.count; i++)
        log_line(live->options.log, LOG_DEBUG, "> %.*s: %.*s", STR_ARG(request->headers.items[i].name),
                 STR_ARG(http_header_shown(&request->headers.items[i])));
}

static void log_result(const struct job *job, const struct http_result *result, const struct answer *answer)
{
    log_line(job->live->options.log, LOG_DEBUG, "< %s:%s %d %.*s %lld bytes %lld ms", job->call.operation->service->id,
             job->call.operation->name, answer->http_status, STR_ARG(answer->code), (long long)result->bytes,
             (long long)result->milliseconds);
}

static void note_date(struct transport_live *live, const struct http_response *response, int64_t *ret_date)
{
    if (!clock_parse(http_header_find(response->headers, STR("Date")), ret_date))
        *ret_date = 0;
    if (live->account_time == 0)
        live->account_time = *ret_date;
}

/* What all answers take by now; they stay until the run ends. */
static bool is_memory_spent(const struct transport_live *live)
{
    return arena_used(live->arena) - live->used_at_open > live->options.memory_max;
}

static struct answer unanswered(const struct job *job, const struct http_result *result)
{
    static const char *const codes[] = {
        [HTTP_UNREACHABLE] = ANSWER_UNREACHABLE, [HTTP_UNRESOLVED] = ANSWER_UNREACHABLE,
        [HTTP_UNTRUSTED] = ANSWER_UNREACHABLE,   [HTTP_TIMED_OUT] = ANSWER_TIMEOUT,
        [HTTP_OUT_OF_TIME] = ANSWER_OUT_OF_TIME, [HTTP_TOO_LARGE] = ANSWER_TOO_LARGE,
    };
    return job_own_error(codes[result->outcome], str_copy(job->arena, result->message));
}

static struct answer answer_of(struct job *job, const struct http_result *result, int64_t *ret_date)
{
    struct transport_live *live = job->live;
    *ret_date = 0;
    if (result->outcome != HTTP_ANSWERED)
        return unanswered(job, result);
    note_date(live, &result->response, ret_date);
    if (is_memory_spent(live))
        return job_own_error(ANSWER_TOO_LARGE, str_format(job->arena, "the answers of this run take more than %zu MiB",
                                                          live->options.memory_max >> 20));
    struct wire_answer wire = {
        .status = result->response.status, .headers = result->response.headers, .body = result->response.body};
    return protocol_decode_answer(job->arena, &job->call, &wire);
}

static bool is_wrong_region(const struct answer *answer)
{
    static const struct str codes[] = {STR_INIT("PermanentRedirect"),
                                       STR_INIT("TemporaryRedirect"),
                                       STR_INIT("AuthorizationHeaderMalformed"),
                                       STR_INIT("IllegalLocationConstraintException"),
                                       STR_INIT("301"),
                                       STR_INIT("307"),
                                       STR_INIT("400")};
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (str_equal(answer->code, codes[i]))
            return true;
    return false;
}

/* Whether the same page is asked again at once, once: to another region, or with another time. */
static bool is_corrected(struct job *job, const struct answer *answer, int64_t date)
{
    struct transport_live *live = job->live;
    int64_t offset;
    if (!job->clock_corrected && retry_is_skew(answer->code, answer->message, job->signed_at, date, &offset)) {
        job->clock_corrected = true;
        session_correct_clock(live->session, job->signed_at + offset - session_now(live->session));
        log_line(live->options.log, LOG_INFO, "this machine's clock is %lld seconds off: signing with the account's",
                 (long long)offset);
        return true;
    }
    bool is_s3 = str_equal(str_from(job->call.operation->service->signing_name), STR("s3"));
    if (!is_s3 || job->region_corrected || !is_wrong_region(answer))
        return false;
    struct str region = answer->bucket_region; /* of a header, or of the error's text */
    if (region.len == 0 || str_equal(region, job->region))
        return false;
    job->region_corrected = true;
    job->region = region;
    return true;
}

static void take_page(struct job *job, const struct answer *answer)
{
    struct transport_live *live = job->live;
    if (answer->code.len == 0) {
        retry_succeeded(&live->budget, job->cost);
        transport_renew_time(live);
    }
    job->tries = (struct retry_tries){{0}};
    job->cost = 0;
    if (pager_add(job->pager, answer))
        make_ready(job);
    else
        job_end(job, pager_answer(job->pager));
}

/* Told once a service, and counted from then on. */
static void note_failure(struct job *job, enum retry_kind kind)
{
    const struct service *service = job->call.operation->service;
    struct transport_service *sums = ledger_service(&job->live->ledger, service);
    if (kind == RETRY_THROTTLED && sums->throttled++ == 0)
        log_line(job->live->options.log, LOG_INFO, "%s throttles: it is asked more slowly from now on", service->id);
    if (kind != RETRY_THROTTLED && sums->broken++ == 0)
        log_line(job->live->options.log, LOG_INFO, "%s does not answer as it should: it is asked again", service->id);
    job->row.retries++;
}

static bool is_retried(struct job *job, const struct answer *answer, const struct http_result *result)
{
    struct transport_live *live = job->live;
    int64_t delay;
    if (answer->code.len == 0 || result->outcome == HTTP_UNTRUSTED || live->trouble.code[0])
        return false;
    enum retry_kind kind = retry_classify(answer->code, answer->http_status);
    if (result->outcome == HTTP_UNRESOLVED) /* a name server has taken its time, and asked again itself */
        kind = RETRY_TIMED_OUT;
    if (!retry_again(&live->budget, kind, &job->tries, &delay, &job->cost))
        return false;
    int64_t asked = retry_after_ms(result->response.headers, live->budget.second_ms);
    int64_t due = clock_milliseconds() + (delay > asked ? delay : asked);
    if (live->options.deadline_ms != 0 && due >= live->options.deadline_ms)
        return false;
    note_failure(job, kind);
    job_wait(job, due, &job->row.retry_ms);
    return true;
}

static void note_pace(const struct job *job, const struct answer *answer)
{
    struct pace *pace = transport_pace(job->live, job->call.operation->service);
    if (retry_classify(answer->code, answer->http_status) == RETRY_THROTTLED)
        pace_throttled(pace, clock_milliseconds());
    else if (answer->http_status > 0)
        pace_answered(pace, clock_milliseconds());
}

/* What keeps everything from being learned is looked for in each answer, and ends what is under way. */
static void look_for_trouble(struct job *job, const struct answer *answer, enum http_outcome outcome)
{
    struct transport_live *live = job->live;
    struct trouble_case found = {.call = &job->call,
                                 .answer = answer,
                                 .host_is_unknown = outcome == HTTP_UNRESOLVED,
                                 .principal = live->options.principal};
    if (!live->trouble.code[0])
        trouble_find(&found, session_credentials(live->session), &live->trouble);
}

static void try_end(void *context, const struct http_result *result)
{
    struct job *job = context;
    int64_t date;
    struct answer answer = answer_of(job, result, &date);
    log_result(job, result, &answer);
    job->row.bytes += result->bytes;
    note_pace(job, &answer);

    bool again = answer.code.len > 0 && is_corrected(job, &answer, date);
    if (again) {
        job->row.retries++;
        make_ready(job);
    } else if (!is_retried(job, &answer, result)) {
        look_for_trouble(job, &answer, result->outcome);
        take_page(job, &answer);
    }
}

/* The answer is made in the try's own memory, which ends with it. */
static void try_end_and_forget(void *context, const struct http_result *result)
{
    struct job *job = context;
    struct arena *scratch = job->scratch;
    job->scratch = NULL;
    leave_under_way(job);
    try_end(context, result);
    arena_close(scratch);
}

static bool try_prepare(struct job *job, struct signed_request *ret, struct error *error)
{
    struct transport_live *live = job->live;
    struct wire_request wire;
    struct url url;
    if (!protocol_encode_request(job->scratch, &job->call, pager_token(job->pager), &wire, error) ||
        !session_sign(live->session, job->scratch, &job->call, job->region, &wire, ret, error))
        return false;
    job->signed_at = ret->time;
    ret->http.connect_timeout_ms = live->options.connect_timeout_ms;
    ret->http.timeout_ms = live->options.timeout_ms;
    ret->http.body_max = protocol_body_max(&job->call);
    if (job->row.host.len == 0 && url_parse(ret->http.url, &url, NULL))
        job->row.host = str_copy(job->arena, url.authority);
    return true;
}

/* What is wrong with the call itself makes no sense as one; the rest is the other side's code. */
static struct answer not_sent(struct arena *arena, const struct error *error)
{
    struct str code = error_is(error, ERROR_INPUT) ? STR(ANSWER_BAD) : str_copy(arena, str_from(error->code));
    return (struct answer){.code = code, .message = str_format(arena, "not sent: %s", error->text)};
}

void job_start(struct job *job)
{
    struct transport_live *live = job->live;
    struct error error;
    job->scratch = arena_open(0); /* the body's limit bounds it */
    struct signed_request *request = arena_new(job->scratch, struct signed_request);
    if (job->row.sent_ms == 0) {
        job->row.sent_ms = clock_milliseconds();
        job->started = clock_iso(job->arena, session_now(live->session));
    }
    if (!try_prepare(job, request, &error)) {
        arena_close(job->scratch);
        job_end(job, not_sent(job->arena, &error));
        return;
    }
    job->row.requests++;
    enter_under_way(job);
    log_request(live, &request->http);
    http_client_start(live->client, job->scratch, &request->http, try_end_and_forget, job);
}
