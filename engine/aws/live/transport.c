/* transport.c: see transport_live.h. */
#include "aws/live/transport.h"

#include "aws/http/client.h"
#include "aws/live/retry.h"
#include "aws/live/session.h"
#include "aws/protocol/paging.h"
#include "aws/protocol/protocol.h"
#include "base/clock.h"

#define USER_AGENT "exportcheck/" EXPORTCHECK_VERSION
#define METADATA_HOSTS "169.254.169.254,169.254.170.2,169.254.170.23,fd00:ec2::254,fd00:ec2::23"

enum { SECOND_MS = 1000, STEP_MS = 1000 };

/* One call on its way, through its pages and tries. */
struct job {
    struct job *next;
    struct transport_live *live;
    struct arena *arena; /* of the job and its answer: the transport's, or the caller's own */
    struct call call;
    answer_handler handler;
    void *context;
    struct pager *pager;
    struct str region;     /* that is asked: the call's, or the one that S3 sent us to */
    struct arena *scratch; /* of one try */
    int64_t signed_at;
    int tries; /* of this page */
    int cost;  /* of the last retry */
    bool clock_corrected;
    bool region_corrected;
    int64_t due;      /* when it is tried again, clock_milliseconds() */
    int64_t began_ms; /* when the call was first sent; 0: not yet */
    struct str started;
};

struct queue {
    struct job *first;
    struct job *last;
};

struct transport_live {
    struct arena *arena;
    struct transport_live_options options;
    struct http_client *client;
    struct authenticator authenticator;
    struct session *session;
    struct retry_budget budget;
    struct queue ready;
    struct queue waiting;            /* for their time to be tried again */
    int64_t account_time;            /* of the first answer; 0: none yet */
    struct transport_tally *tallies; /* a row for each of the table's */
};

static void queue_push(struct queue *queue, struct job *job)
{
    job->next = NULL;
    if (queue->last)
        queue->last->next = job;
    else
        queue->first = job;
    queue->last = job;
}

static struct job *queue_pop(struct queue *queue)
{
    struct job *job = queue->first;
    if (!job)
        return NULL;
    queue->first = job->next;
    if (!queue->first)
        queue->last = NULL;
    return job;
}

/* --- the read-only guarantee ------------------------------------------------------------------------ */

/* The tally of a row of the table; NULL for what is none: that is never sent. */
static struct transport_tally *tally_of(const struct transport_live *live, const struct operation *operation)
{
    size_t count;
    const struct operation *rows = operation_rows(&count);
    for (size_t i = 0; i < count; i++)
        if (&rows[i] == operation)
            return &live->tallies[i];
    return NULL;
}

/* --- the end of a call ------------------------------------------------------------------------------- */

static struct answer own_error(const char *code, struct str message)
{
    return (struct answer){.code = str_from(code), .message = message};
}

static void job_end(struct job *job, struct answer answer)
{
    answer.started = job->started;
    answer.milliseconds = job->began_ms > 0 ? clock_milliseconds() - job->began_ms : 0;
    struct answer *kept = arena_new(job->arena, struct answer);
    *kept = answer;
    job->handler(job->context, &job->call, kept);
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

static struct answer answer_of(struct job *job, const struct http_result *result, int64_t *ret_date)
{
    static const char *const codes[] = {
        [HTTP_UNREACHABLE] = ANSWER_UNREACHABLE,
        [HTTP_UNTRUSTED] = ANSWER_UNREACHABLE,
        [HTTP_TIMED_OUT] = ANSWER_TIMEOUT,
        [HTTP_TOO_LARGE] = ANSWER_TOO_LARGE,
    };
    struct transport_live *live = job->live;
    *ret_date = 0;
    if (result->outcome != HTTP_ANSWERED)
        return own_error(codes[result->outcome], str_copy(job->arena, result->message));
    note_date(live, &result->response, ret_date);
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
    if (answer->code.len == 0)
        retry_succeeded(&live->budget, job->cost);
    job->tries = 0;
    job->cost = 0;
    if (pager_add(job->pager, answer))
        queue_push(&live->ready, job);
    else
        job_end(job, pager_answer(job->pager));
}

static bool is_retried(struct job *job, const struct answer *answer, enum http_outcome outcome)
{
    struct transport_live *live = job->live;
    int64_t delay;
    if (answer->code.len == 0 || outcome == HTTP_UNTRUSTED)
        return false;
    enum retry_kind kind = retry_classify(answer->code, answer->http_status);
    if (!retry_again(&live->budget, kind, job->tries, &delay, &job->cost))
        return false;
    job->due = clock_milliseconds() + delay;
    tally_of(live, job->call.operation)->retries++;
    queue_push(&live->waiting, job);
    return true;
}

static void try_end(void *context, const struct http_result *result)
{
    struct job *job = context;
    struct transport_live *live = job->live;
    struct transport_tally *tally = tally_of(live, job->call.operation);
    int64_t date;
    struct answer answer = answer_of(job, result, &date);
    log_result(job, result, &answer);
    tally->bytes += result->bytes;
    tally->milliseconds += result->milliseconds;

    bool again = answer.code.len > 0 && is_corrected(job, &answer, date);
    struct arena *scratch = job->scratch;
    job->scratch = NULL;
    if (again) {
        tally->retries++;
        queue_push(&live->ready, job);
    } else if (!is_retried(job, &answer, result->outcome)) {
        take_page(job, &answer);
    }
    arena_close(scratch);
}

static bool try_prepare(struct job *job, struct signed_request *ret, struct error *error)
{
    struct transport_live *live = job->live;
    struct wire_request wire;
    if (!protocol_encode_request(job->scratch, &job->call, pager_token(job->pager), &wire, error) ||
        !session_sign(live->session, job->scratch, &job->call, job->region, &wire, ret, error))
        return false;
    job->signed_at = ret->time;
    ret->http.connect_timeout_ms = live->options.connect_timeout_ms;
    ret->http.timeout_ms = live->options.timeout_ms;
    return true;
}

/* What is wrong with the call itself makes no sense as one; the rest is the other side's code. */
static struct answer not_sent(struct arena *arena, const struct error *error)
{
    struct str code = error_is(error, ERROR_INPUT) ? STR(ANSWER_BAD) : str_copy(arena, str_from(error->code));
    return (struct answer){.code = code, .message = str_format(arena, "not sent: %s", error->text)};
}

static void try_start(struct job *job)
{
    struct transport_live *live = job->live;
    struct error error;
    job->scratch = arena_open(0); /* the body's limit bounds it */
    struct signed_request *request = arena_new(job->scratch, struct signed_request);
    if (job->began_ms == 0) {
        job->began_ms = clock_milliseconds();
        job->started = clock_iso(job->arena, session_now(live->session));
    }
    if (!try_prepare(job, request, &error)) {
        arena_close(job->scratch);
        job_end(job, not_sent(job->arena, &error));
        return;
    }
    job->tries++;
    tally_of(live, job->call.operation)->requests++;
    log_request(live, &request->http);
    http_client_start(live->client, job->scratch, &request->http, try_end, job);
}

/* --- the transport ------------------------------------------------------------------------------------ */

void transport_live_submit(struct transport_live *live, struct arena *arena, const struct call *call,
                           answer_handler handler, void *context)
{
    struct job *job = arena_new(arena, struct job);
    job->live = live;
    job->arena = arena;
    job->call = *call;
    job->handler = handler;
    job->context = context;
    job->region = call->region;
    job->pager = pager_open(arena, &job->call, live->options.max_pages);
    queue_push(&live->ready, job);
}

static void live_submit(void *self, const struct call *call, answer_handler handler, void *context)
{
    struct transport_live *live = self;
    transport_live_submit(live, live->arena, call, handler, context);
}

static void start_ready(struct transport_live *live)
{
    /* What is refused ends within, and its handler may submit more. */
    while (live->ready.first && http_client_room(live->client) > 0) {
        struct job *job = queue_pop(&live->ready);
        struct transport_tally *tally = tally_of(live, job->call.operation);
        if (!tally) {
            struct str why =
                str_format(job->arena, "not sent: %s is no operation that reads", job->call.operation->name);
            job_end(job, own_error(ANSWER_BAD, why));
            continue;
        }
        tally->calls += job->began_ms == 0;
        try_start(job);
    }
}

/* Moves those whose time has come; returns how long the next one still waits, at most STEP_MS. */
static int wake_waiting(struct transport_live *live)
{
    int64_t now = clock_milliseconds();
    int64_t next = now + STEP_MS;
    struct queue still = {NULL, NULL};
    struct job *job;
    while ((job = queue_pop(&live->waiting))) {
        if (job->due <= now) {
            queue_push(&live->ready, job);
            continue;
        }
        next = job->due < next ? job->due : next;
        queue_push(&still, job);
    }
    live->waiting = still;
    return live->ready.first ? 0 : (int)(next - now);
}

static void live_run(void *self)
{
    struct transport_live *live = self;
    while (live->ready.first || live->waiting.first || http_client_count(live->client) > 0) {
        start_ready(live);
        int wait = wake_waiting(live);
        bool full = http_client_room(live->client) == 0;
        if (http_client_count(live->client) > 0 || live->waiting.first)
            http_client_step(live->client, full ? STEP_MS : wait);
    }
}

static int64_t live_time(void *self)
{
    const struct transport_live *live = self;
    return live->account_time;
}

static struct str live_access_key_id(void *self)
{
    const struct transport_live *live = self;
    return session_access_key_id(live->session);
}

struct transport transport_live_transport(struct transport_live *live)
{
    return (struct transport){live, live_submit, live_run, live_time, live_access_key_id};
}

struct str transport_live_source(const struct transport_live *live)
{
    return session_source(live->session);
}

static struct str env_of_either(const struct settings *settings, const char *lower, const char *upper)
{
    struct str value = settings_env(settings, lower);
    return value.len > 0 || !upper ? value : settings_env(settings, upper);
}

/* The names that libcurl reads, from the environment that we were given. `HTTP_PROXY` in capitals is
 * not read: a CGI program's clients can set it. */
static struct http_client_options client_options(struct arena *arena, const struct settings *settings)
{
    struct str all = env_of_either(settings, "all_proxy", "ALL_PROXY");
    struct http_client_options options = {.user_agent = STR(USER_AGENT), .ca_file = settings_ca_bundle(settings)};
    options.http_proxy = env_of_either(settings, "http_proxy", NULL);
    options.https_proxy = env_of_either(settings, "https_proxy", "HTTPS_PROXY");
    if (options.http_proxy.len == 0)
        options.http_proxy = all;
    if (options.https_proxy.len == 0)
        options.https_proxy = all;
    struct str none = env_of_either(settings, "no_proxy", "NO_PROXY");
    options.no_proxy = str_equal(none, STR("*"))
                           ? none
                           : str_join3(arena, none, none.len > 0 ? STR(",") : STR(""), STR(METADATA_HOSTS));
    return options;
}

bool transport_live_open(struct arena *arena, const struct transport_live_options *options, struct transport_live **ret,
                         struct error *error)
{
    struct transport_live *live = arena_new(arena, struct transport_live);
    size_t row_count;
    (void)operation_rows(&row_count);
    live->arena = arena;
    live->options = *options;
    live->tallies = arena_array(arena, struct transport_tally, row_count);
    struct http_client_options http = client_options(arena, options->settings);
    if (!http_client_open(arena, &http, &live->client, error))
        return false;
    live->authenticator = http_client_authenticator(live->client);
    struct session_options session = {.settings = options->settings,
                                      .authenticator = &live->authenticator,
                                      .now = options->now,
                                      .optscale = options->optscale};
    if (!session_open(arena, &session, &live->session, error))
        return false;
    live->budget = retry_budget_make(settings_max_attempts(options->settings),
                                     options->second_ms > 0 ? options->second_ms : SECOND_MS, options->seed);
    *ret = live;
    return true;
}

const struct transport_tally *transport_live_ledger(const struct transport_live *live, struct arena *arena,
                                                    size_t *ret_count)
{
    size_t row_count;
    size_t used = 0;
    const struct operation *rows = operation_rows(&row_count);
    struct transport_tally *ledger = arena_array(arena, struct transport_tally, row_count);
    for (size_t i = 0; i < row_count; i++) {
        if (live->tallies[i].calls == 0)
            continue;
        ledger[used] = live->tallies[i];
        ledger[used++].operation = &rows[i];
    }
    *ret_count = used;
    return ledger;
}
