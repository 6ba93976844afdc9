/* endpoint.c: see endpoint.h. */
#include "aws/settings/endpoint.h"

#include "aws/http/url.h"
#include "base/buf.h"

struct partition {
    const char *id;
    const char *prefixes; /* of its regions, joined with `|`; `-word-number` follows */
    const char *suffix;
    const char *dual_suffix;
    const char *global_region;
};

/* Blanks in the texts: {region} {account} {global} {suffix} {dual}. NULL: the service has no such endpoint. */
struct endpoint_row {
    const char *service;
    unsigned partitions; /* bit n: partitions[n] */
    const char *host;
    const char *dual_stack_host;
    const char *fips_host;
    const char *fips_dual_stack_host;
    const char *signing_name;
    const char *signing_region;
    const char *only_region; /* the one region in which the service is offered, or NULL */
};

#include "aws/settings/endpoints_table.inc"

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* `-word-number`, to the end */
static bool is_region_tail(struct str tail)
{
    ptrdiff_t i = 1;
    while (i < tail.len && is_word(tail.ptr[i]))
        i++;
    ptrdiff_t number = i + 1;
    if (tail.len == 0 || tail.ptr[0] != '-' || i == 1 || i >= tail.len || tail.ptr[i] != '-' || number >= tail.len)
        return false;
    for (i = number; i < tail.len; i++)
        if (tail.ptr[i] < '0' || tail.ptr[i] > '9')
            return false;
    return true;
}

static bool region_is_of(struct str region, const struct partition *partition)
{
    struct str prefixes = str_from(partition->prefixes);
    struct str prefix;
    for (bool more = true; more;) {
        more = str_cut(&prefixes, '|', &prefix);
        if (str_starts(region, prefix) && is_region_tail(str_skip(region, prefix.len)))
            return true;
    }
    return false;
}

/* A region that fits no pattern may be newer than this program; the SDKs take it for one of `aws`. */
static size_t partition_of(struct str region)
{
    for (size_t i = 0; i < COUNT_OF(partitions); i++)
        if (region_is_of(region, &partitions[i]))
            return i;
    return 0;
}

struct str endpoint_partition(struct str region)
{
    return str_from(partitions[partition_of(region)].id);
}

static const struct endpoint_row *row_find(struct str service, size_t partition)
{
    for (size_t i = 0; i < COUNT_OF(endpoint_rows); i++)
        if (str_equal(str_from(endpoint_rows[i].service), service) && (endpoint_rows[i].partitions >> partition & 1))
            return &endpoint_rows[i];
    return NULL;
}

struct blanks {
    struct str region;
    struct str account;
    const struct partition *partition;
};

static struct str blank_value(struct str name, const struct blanks *blanks)
{
    const struct {
        struct str name;
        struct str value;
    } rows[] = {
        {STR("region"), blanks->region},
        {STR("account"), blanks->account},
        {STR("global"), str_from(blanks->partition->global_region)},
        {STR("suffix"), str_from(blanks->partition->suffix)},
        {STR("dual"), str_from(blanks->partition->dual_suffix)},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_equal(rows[i].name, name))
            return rows[i].value;
    return STR("");
}

static struct str fill_in(struct arena *arena, const char *pattern, const struct blanks *blanks)
{
    struct buf out = buf_make(arena, BUF_NO_MAX);
    struct str rest = str_from(pattern);
    struct str part;
    while (rest.len > 0) {
        bool has_blank = str_cut(&rest, '{', &part);
        buf_add(&out, part);
        if (!has_blank)
            break;
        (void)str_cut(&rest, '}', &part);
        buf_add(&out, blank_value(part, blanks));
    }
    struct str text = buf_str(&out);
    /* S3 Control without an account: the label before the first dot is empty. */
    return str_starts(text, STR(".")) ? str_skip(text, 1) : text;
}

static bool is_dns_label(struct str label)
{
    if (label.len == 0 || label.len > 63 || label.ptr[0] == '-')
        return false;
    for (ptrdiff_t i = 0; i < label.len; i++)
        if (label.ptr[i] == '_' || (!is_word(label.ptr[i]) && label.ptr[i] != '-'))
            return false;
    return true;
}

static bool check_query(const struct endpoint_query *query, struct error *error)
{
    if (query->region.len == 0)
        return error_set(error, ERROR_INPUT, "no region is set for %.*s", STR_ARG(query->service));
    if (!is_dns_label(query->region))
        return error_set(error, ERROR_INPUT, "'%.*s' is no region", STR_ARG(query->region));
    if (query->account.len > 0 && !is_dns_label(query->account))
        return error_set(error, ERROR_INPUT, "'%.*s' is no account id", STR_ARG(query->account));
    return true;
}

static bool use_custom(struct arena *arena, const struct endpoint_query *query, struct endpoint *endpoint,
                       struct error *error)
{
    struct url url;
    if (query->dual_stack || query->fips)
        return error_set(error, ERROR_INPUT, "a custom endpoint (%.*s) cannot be combined with %s endpoints",
                         STR_ARG(query->custom), query->dual_stack ? "dual-stack" : "FIPS");
    if (!url_parse(query->custom, &url, error) || url.query.len > 0)
        return error_set(error, ERROR_INPUT, "the custom endpoint '%.*s' is no URL of the form http(s)://HOST[/PATH]",
                         STR_ARG(query->custom));
    if (str_equal(url.scheme, STR("http")) && !url_host_is_loopback(url.host) && !query->plain_http)
        return error_set(error, ERROR_INPUT,
                         "the custom endpoint '%.*s' would get requests, and the session's token, in clear text: use "
                         "https, or allow it with --insecure-endpoint",
                         STR_ARG(query->custom));
    endpoint->custom = true;
    endpoint->scheme = url.scheme;
    endpoint->authority = url.authority;
    endpoint->base_path = str_ends(url.path, STR("/")) ? str_slice(url.path, 0, url.path.len - 1) : url.path;
    /* The SDKs put the account before the host; an address, or a name without domain, has no room for it. */
    if (query->account.len > 0 && !url_host_is_address(url.host) && str_find_char(url.host, '.', 0) >= 0)
        endpoint->authority = str_join3(arena, query->account, STR("."), url.authority);
    return true;
}

/* A host under the dual-stack suffix answers over both kinds of address already: Data Exports has no other. */
static const char *host_of(const struct endpoint_row *row, bool fips, bool dual_stack)
{
    const char *const hosts[2][2] = {{row->host, row->dual_stack_host}, {row->fips_host, row->fips_dual_stack_host}};
    const char *single = hosts[fips][false];
    if (dual_stack && !hosts[fips][true] && single && str_ends(str_from(single), STR("{dual}")))
        return single;
    return hosts[fips][dual_stack];
}

/*
 * S3 in virtual-host style: the bucket is a label of the host. The wildcard of its certificate covers one label, so a
 * bucket with a dot in its name stays in the path, as in the SDKs.
 */
static bool is_host_label(struct str bucket)
{
    if (bucket.len < 3 || !is_dns_label(bucket) || bucket.ptr[bucket.len - 1] == '-')
        return false;
    for (ptrdiff_t i = 0; i < bucket.len; i++)
        if (bucket.ptr[i] >= 'A' && bucket.ptr[i] <= 'Z')
            return false;
    return true;
}

static void use_bucket(struct arena *arena, const struct endpoint_query *query, struct endpoint *endpoint)
{
    struct url url = {.host = STR("")};
    bool is_address = endpoint->custom && url_parse(query->custom, &url, NULL) && url_host_is_address(url.host);
    bool wanted =
        query->addressing == ADDRESSING_VIRTUAL || (query->addressing == ADDRESSING_AUTO && !endpoint->custom);
    if (!wanted || is_address || query->bucket.len == 0 || !is_host_label(query->bucket))
        return;
    endpoint->authority = str_join3(arena, query->bucket, STR("."), endpoint->authority);
    endpoint->bucket_in_host = true;
}

static bool use_table(struct arena *arena, const struct endpoint_query *query, const struct endpoint_row *row,
                      const struct blanks *blanks, struct endpoint *endpoint, struct error *error)
{
    const char *host = host_of(row, query->fips, query->dual_stack);
    if (!host)
        return error_set(error, ERROR_INPUT, "%.*s has no %s%s%s endpoint in partition %s", STR_ARG(query->service),
                         query->fips ? "FIPS" : "", query->fips && query->dual_stack ? " " : "",
                         query->dual_stack ? "dual-stack" : "", blanks->partition->id);
    endpoint->scheme = STR("https");
    endpoint->authority = fill_in(arena, host, blanks);
    return true;
}

bool endpoint_resolve(struct arena *arena, const struct endpoint_query *query, struct endpoint *ret,
                      struct error *error)
{
    if (!check_query(query, error))
        return false;
    size_t partition = partition_of(query->region);
    const struct endpoint_row *row = row_find(query->service, partition);
    if (!row)
        return error_set(error, ERROR_INPUT, "no endpoint is known for the service '%.*s'", STR_ARG(query->service));
    struct blanks blanks = {query->region, query->account, &partitions[partition]};
    struct endpoint endpoint = {.signing_name = str_from(row->signing_name),
                                .signing_region = fill_in(arena, row->signing_region, &blanks)};
    if (!(query->custom.len > 0 ? use_custom(arena, query, &endpoint, error)
                                : use_table(arena, query, row, &blanks, &endpoint, error)))
        return false;
    use_bucket(arena, query, &endpoint);
    *ret = endpoint;
    return true;
}

struct str endpoint_fixed_region(struct arena *arena, struct str service, struct str caller_region)
{
    size_t partition = partition_of(caller_region);
    const struct endpoint_row *row = row_find(service, partition);
    if (!row)
        return caller_region;
    struct blanks blanks = {caller_region, STR(""), &partitions[partition]};
    return fill_in(arena, row->only_region ? row->only_region : row->signing_region, &blanks);
}
