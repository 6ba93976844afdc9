/* transport.c: see transport.h. */
#include "aws/live/job.h"
#include "base/clock.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define USER_AGENT "exportcheck/" EXPORTCHECK_VERSION
#define METADATA_HOSTS "169.254.169.254,169.254.170.2,169.254.170.23,fd00:ec2::254,fd00:ec2::23"

enum { SECOND_MS = 1000, STEP_MS = 1000, WATCH_MS = 200, MEMORY_MAX = 192 << 20 };

/* --- submitting --------------------------------------------------------------------------------------- */

static int priority_of(const struct call *call)
{
    return call->priority < 0 ? 0 : call->priority < CALL_PRIORITY_MAX ? call->priority : CALL_PRIORITY_MAX;
}

void transport_live_submit(struct transport_live *live, struct arena *arena, const struct call *call,
                           answer_handler handler, void *context)
{
    struct job *job = arena_new(arena, struct job);
    const struct job *after = live->answering;
    job->live = live;
    job->arena = arena;
    job->call = *call;
    job->call.priority = priority_of(call);
    job->handler = handler;
    job->context = context;
    job->region = call->region;
    job->pager = pager_open(arena, &job->call, live->options.max_pages);
    job->row = (struct ledger_row){.id = ++live->submitted,
                                   .after = after ? after->row.id : 0,
                                   .depth = after ? after->row.depth + 1 : 1,
                                   .submitted_ms = clock_milliseconds()};
    job_queue(&live->ready[job->call.priority], job);
}

static void live_submit(void *self, const struct call *call, answer_handler handler, void *context)
{
    struct transport_live *live = self;
    transport_live_submit(live, live->arena, call, handler, context);
}

/* --- running ------------------------------------------------------------------------------------------ */

struct pace *transport_pace(struct transport_live *live, const struct service *service)
{
    ptrdiff_t index = ledger_service(&live->ledger, service) - live->ledger.sums.services;
    return &live->paces[index];
}

/* The read-only guarantee: what is no row of the table is never sent. */
static bool reads(const struct operation *operation)
{
    size_t count;
    const struct operation *rows = operation_rows(&count);
    for (size_t i = 0; i < count; i++)
        if (&rows[i] == operation)
            return true;
    return false;
}

static struct job *next_ready(struct transport_live *live)
{
    struct job *job = NULL;
    for (int i = CALL_PRIORITY_MAX; i >= 0 && !job; i--)
        job = job_unqueue(&live->ready[i]);
    return job;
}

static bool any_ready(const struct transport_live *live)
{
    for (int i = 0; i <= CALL_PRIORITY_MAX; i++)
        if (live->ready[i].first)
            return true;
    return false;
}

static void start_or_refuse(struct transport_live *live, struct job *job)
{
    const char *name = job->call.operation->name;
    int64_t now = clock_milliseconds();
    int64_t wait;
    if (!reads(job->call.operation))
        job_end(job,
                job_own_error(ANSWER_BAD, str_format(job->arena, "not sent: %s is no operation that reads", name)));
    else if (!pace_admit(transport_pace(live, job->call.operation->service), now, &wait))
        job_wait(job, now + wait, &job->row.paced_ms);
    else
        job_start(job);
}

static void start_ready(struct transport_live *live)
{
    /* What is refused ends within, and its handler may submit more. */
    struct job *job;
    while (http_client_room(live->client) > 0 && !live->trouble.code[0] && (job = next_ready(live)))
        start_or_refuse(live, job);
}

/* Moves those whose time has come; returns how long the next one still waits, at most STEP_MS. */
static int wake_waiting(struct transport_live *live)
{
    int64_t now = clock_milliseconds();
    int64_t next = now + STEP_MS;
    struct queue still = {NULL, NULL};
    struct job *job;
    while ((job = job_unqueue(&live->waiting))) {
        if (job->due <= now) {
            job_queue(&live->ready[job->call.priority], job);
            continue;
        }
        next = job->due < next ? job->due : next;
        job_queue(&still, job);
    }
    live->waiting = still;
    return any_ready(live) ? 0 : (int)(next - now);
}

/* --- the end of the time ------------------------------------------------------------------------------ */

static bool is_over(const struct transport_live *live)
{
    return live->trouble.code[0] ||
           (live->options.deadline_ms != 0 && clock_milliseconds() >= live->options.deadline_ms);
}

static struct str why_over(const struct transport_live *live)
{
    if (live->trouble.code[0])
        return str_format(live->arena, "not asked: %s", live->trouble.text);
    if (live->patience_ms > 0)
        return str_format(live->arena, "not asked: nothing had come for %lld s", (long long)live->patience_ms / 1000);
    return STR("not asked: the time for the run (--timeout) was over");
}

/* All that is left ends, and what it lets go ends too. */
static void end_all(struct transport_live *live)
{
    struct str message = why_over(live);
    struct job *job;
    http_client_end_all(live->client);
    while ((job = next_ready(live)) || (job = job_unqueue(&live->waiting)))
        job_end(job, job_own_error(ANSWER_OUT_OF_TIME, message));
}

static bool is_anything_left(const struct transport_live *live)
{
    return any_ready(live) || live->waiting.first || http_client_count(live->client) > 0;
}

static void watch(struct transport_live *live)
{
    const struct transport_watcher *watcher = &live->options.watcher;
    int64_t now = clock_milliseconds();
    if (!watcher->waiting || now - live->watched_ms < WATCH_MS)
        return;
    live->watched_ms = now;
    const struct job *job = live->first_under_way;
    if (job)
        watcher->waiting(watcher->context, &job->call, now - job->row.sent_ms);
}

static int step_ms(const struct transport_live *live, int wait)
{
    int most = http_client_room(live->client) == 0 ? STEP_MS : wait;
    if (live->options.watcher.waiting && most > WATCH_MS)
        most = WATCH_MS;
    if (live->options.deadline_ms == 0)
        return most;
    int64_t left = live->options.deadline_ms - clock_milliseconds();
    return left < 0 ? 0 : left < most ? (int)left : most;
}

void transport_renew_time(struct transport_live *live)
{
    if (live->patience_ms > 0)
        transport_live_set_time(live, clock_milliseconds() + live->patience_ms, live->patience_ms);
}

static void live_run(void *self)
{
    struct transport_live *live = self;
    transport_renew_time(live); /* whoever reads may have taken long */
    while (is_anything_left(live)) {
        if (is_over(live)) {
            end_all(live);
            continue;
        }
        start_ready(live);
        int wait = wake_waiting(live);
        if (http_client_count(live->client) > 0 || live->waiting.first)
            http_client_step(live->client, step_ms(live, wait));
        watch(live);
    }
}

/* --- the transport ------------------------------------------------------------------------------------ */

static int64_t live_time(void *self)
{
    const struct transport_live *live = self;
    return live->account_time;
}

static struct str live_access_key_id(void *self)
{
    const struct transport_live *live = self;
    return session_credentials(live->session)->access_key_id;
}

struct transport transport_live_transport(struct transport_live *live)
{
    return (struct transport){live, live_submit, live_run, live_time, live_access_key_id};
}

const struct credentials *transport_live_credentials(const struct transport_live *live)
{
    return session_credentials(live->session);
}

bool transport_live_trouble(const struct transport_live *live, struct error *ret)
{
    *ret = live->trouble;
    return live->trouble.code[0] != '\0';
}

void transport_live_end_ledger(struct transport_live *live)
{
    live->ledger.sink = NULL;
}

void transport_live_set_time(struct transport_live *live, int64_t deadline_ms, int64_t patience_ms)
{
    live->options.deadline_ms = deadline_ms;
    live->patience_ms = patience_ms;
    http_client_set_deadline(live->client,
                             patience_ms > 0 ? 0 : deadline_ms); /* it does not move for what has started */
}

const struct transport_summary *transport_live_summary(const struct transport_live *live)
{
    return &live->ledger.sums;
}

/* --- opening ------------------------------------------------------------------------------------------ */

static bool authenticate(void *self, struct arena *arena, const struct authentication_request *request,
                         struct http_response *ret, struct error *error)
{
    struct transport_live *live = self;
    int64_t sent_ms = clock_milliseconds();
    struct http_response response = {.status = 0};
    bool ok = live->door.send(live->door.self, arena, request, &response, error);
    ledger_authentication(&live->ledger, request, sent_ms, response.status);
    if (ok)
        *ret = response;
    return ok;
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

static struct transport_live_options with_defaults(struct transport_live_options options)
{
    options.second_ms = options.second_ms > 0 ? options.second_ms : SECOND_MS;
    options.memory_max = options.memory_max > 0 ? options.memory_max : MEMORY_MAX;
    return options;
}

static bool open_client(struct transport_live *live, struct error *error)
{
    const struct settings *settings = live->options.settings;
    struct http_client_options http = client_options(live->arena, settings);
    http.max_side_by_side = live->options.max_connections;
    http.deadline_ms = live->options.deadline_ms;
    if (http.ca_file.len > 0 && access(str_to_c(live->arena, http.ca_file), R_OK) != 0)
        return error_set(error, ERROR_INPUT, "AWS_CA_BUNDLE (ca_bundle): %.*s: %s", STR_ARG(http.ca_file),
                         strerror(errno));
    if (!http_client_open(live->arena, &http, &live->client, error))
        return false;
    live->door = http_client_authenticator(live->client);
    live->authenticator = (struct authenticator){live, authenticate};
    return true;
}

static void make_paces(struct transport_live *live)
{
    live->paces = arena_array(live->arena, struct pace, TRANSPORT_SERVICES_MAX);
    for (size_t i = 0; i < TRANSPORT_SERVICES_MAX; i++)
        live->paces[i].second_ms = live->options.second_ms;
}

bool transport_live_open(struct arena *arena, const struct transport_live_options *options, struct transport_live **ret,
                         struct error *error)
{
    struct transport_live *live = arena_new(arena, struct transport_live);
    live->arena = arena;
    live->options = with_defaults(*options);
    live->ledger = (struct ledger){.sink = options->ledger, .begun_ms = clock_milliseconds()};
    make_paces(live);
    struct session_options session = {.settings = options->settings,
                                      .authenticator = &live->authenticator,
                                      .now = options->now,
                                      .deadline_ms = options->deadline_ms,
                                      .prompt = options->prompt,
                                      .optscale = options->optscale};
    if (!open_client(live, error) || !session_open(arena, &session, &live->session, error))
        return false;
    live->budget = retry_budget_make(settings_max_attempts(options->settings), live->options.second_ms, options->seed);
    live->used_at_open = arena_used(arena);
    *ret = live;
    return true;
}
