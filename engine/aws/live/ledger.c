/* ledger.c: see ledger.h. */
#include "aws/live/ledger.h"

#include "aws/http/url.h"
#include "base/clock.h"

struct transport_service *ledger_service(struct ledger *ledger, const struct service *service)
{
    struct transport_summary *sums = &ledger->sums;
    for (size_t i = 0; i < sums->service_count; i++)
        if (sums->services[i].service == service)
            return &sums->services[i];
    /* The table of operations has fewer services; one too many would share the last row. */
    if (sums->service_count < TRANSPORT_SERVICES_MAX)
        sums->service_count++;
    struct transport_service *added = &sums->services[sums->service_count - 1];
    added->service = service;
    return added;
}

static void add_number(struct sink *sink, const char *name, int64_t number)
{
    sink_addf(sink, ", \"%s\": %lld", name, (long long)number);
}

static void add_text(struct sink *sink, const char *name, struct str text)
{
    sink_addf(sink, ", \"%s\": ", name);
    json_write_string(sink, text);
}

/* Milliseconds since the run began; 0 where it never happened. */
static int64_t since(const struct ledger *ledger, int64_t milliseconds)
{
    return milliseconds > 0 ? milliseconds - ledger->begun_ms : 0;
}

static void write_call(struct ledger *ledger, const struct call *call, struct str region, const struct ledger_row *row,
                       const struct answer *answer, int64_t ended_ms)
{
    struct sink *sink = ledger->sink;
    sink_addf(sink, "{\"call\": \"%s:%s\", \"id\": %lld", call->operation->service->id, call->operation->name,
              (long long)row->id);
    add_number(sink, "after", row->after);
    add_text(sink, "region", region);
    add_text(sink, "host", row->host);
    add_text(sink, "started", row->started);
    add_number(sink, "submitted_ms", since(ledger, row->submitted_ms));
    add_number(sink, "sent_ms", since(ledger, row->sent_ms));
    add_number(sink, "ended_ms", since(ledger, ended_ms));
    sink_addf(sink, ", \"waited_ms\": {\"connection\": %lld, \"pace\": %lld, \"retry\": %lld}",
              (long long)(row->sent_ms > 0 ? row->sent_ms - row->submitted_ms : 0), (long long)row->paced_ms,
              (long long)row->retry_ms);
    add_number(sink, "requests", row->requests);
    add_number(sink, "retries", row->retries);
    add_number(sink, "bytes", row->bytes);
    add_number(sink, "status", answer->http_status);
    add_text(sink, "code", answer->code);
    add_text(sink, "request_id", answer->request_id);
    sink_add_c(sink, "}\n");
}

void ledger_call(struct ledger *ledger, const struct call *call, struct str region, const struct ledger_row *row,
                 const struct answer *answer)
{
    struct transport_summary *sums = &ledger->sums;
    int64_t now = clock_milliseconds();
    sums->calls++;
    sums->requests += row->requests;
    sums->bytes += row->bytes;
    sums->milliseconds = since(ledger, now);
    if (row->depth > sums->longest_chain)
        sums->longest_chain = row->depth;
    if (ledger->sink)
        write_call(ledger, call, region, row, answer, now);
}

void ledger_authentication(struct ledger *ledger, const struct authentication_request *request, int64_t sent_ms,
                           int status)
{
    struct url url;
    struct sink *sink = ledger->sink;
    ledger->sums.authentications++;
    if (!sink || !url_parse(request->url, &url, NULL))
        return;
    sink_addf(sink, "{\"authentication\": \"%s\"", authentication_row(request->kind)->name);
    add_text(sink, "host", url.authority);
    add_number(sink, "sent_ms", since(ledger, sent_ms));
    add_number(sink, "ended_ms", since(ledger, clock_milliseconds()));
    add_number(sink, "status", status);
    sink_add_c(sink, "}\n");
}
