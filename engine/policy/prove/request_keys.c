/*
 * request_keys.c: which context keys a request brings, by who makes it.
 *
 * From the IAM User Guide, "AWS global condition context keys" (the section on availability of each key), and for
 * services "The confused deputy problem". A key that the page leaves open, or whose value depends on the caller's
 * network, is no row here and so KEY_UNKNOWN: nothing is proven by it.
 */
#include "policy/language/principal.h"
#include "policy/language/resource_type.h"
#include "policy/prove/request_set.h"

enum key_source {
    FROM_TEXT,      /* `text` */
    FROM_PRINCIPAL, /* the principal's ARN, or the service's name */
    FROM_PRINCIPAL_ACCOUNT,
    FROM_USER_NAME,
    FROM_ROLE, /* the ARN of the role behind a session */
    FROM_SOURCE_ACCOUNT,
    FROM_SOURCE_ARN,
    FROM_RESOURCE_ACCOUNT,
    NOT_SENT,
    ONE_OF_TWO, /* `text` or `other` */
};

enum caller { CALLER_SERVICE = 1, CALLER_USER = 2, CALLER_SESSION = 4, CALLER_ROOT = 8 };
enum { CALLER_PERSON = CALLER_USER | CALLER_SESSION | CALLER_ROOT, CALLER_ANY = 15 };

struct key_row {
    struct str name;
    unsigned callers;
    enum key_source source;
    struct str text;
    struct str other;
};

#define ABSENT(name, callers)                                                                                          \
    {                                                                                                                  \
        STR_INIT(name), (callers), NOT_SENT, {0},                                                                      \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }
#define TEXT(name, callers, text)                                                                                      \
    {                                                                                                                  \
        STR_INIT(name), (callers), FROM_TEXT, STR_INIT(text),                                                          \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }
#define FROM(name, callers, source)                                                                                    \
    {                                                                                                                  \
        STR_INIT(name), (callers), (source), {0},                                                                      \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }

static const struct key_row rows[] = {
    TEXT("aws:SecureTransport", CALLER_ANY, "true"), /* nobody here speaks plain HTTP */
    /* S3 takes nothing below TLS 1.2. */
    {STR_INIT("s3:TlsVersion"), CALLER_ANY, ONE_OF_TWO, STR_INIT("1.2"), STR_INIT("1.3")},
    FROM("aws:ResourceAccount", CALLER_ANY, FROM_RESOURCE_ACCOUNT),
    FROM("s3:ResourceAccount", CALLER_ANY, FROM_RESOURCE_ACCOUNT),
    TEXT("aws:ViaAWSService", CALLER_ANY, "false"),
    ABSENT("aws:CalledVia*", CALLER_ANY),
    ABSENT("aws:AssumedRoot", CALLER_ANY),
    ABSENT("aws:FederatedProvider", CALLER_ANY),

    FROM("aws:SourceAccount", CALLER_SERVICE, FROM_SOURCE_ACCOUNT),
    FROM("aws:SourceArn", CALLER_SERVICE, FROM_SOURCE_ARN),
    TEXT("aws:PrincipalIsAWSService", CALLER_SERVICE, "true"),
    FROM("aws:PrincipalServiceName", CALLER_SERVICE, FROM_PRINCIPAL),
    FROM("aws:PrincipalServiceNamesList", CALLER_SERVICE, FROM_PRINCIPAL),
    ABSENT("aws:PrincipalAccount", CALLER_SERVICE),
    ABSENT("aws:PrincipalOrgID", CALLER_SERVICE),
    ABSENT("aws:PrincipalOrgPaths", CALLER_SERVICE),
    ABSENT("aws:PrincipalTag/*", CALLER_SERVICE),
    ABSENT("aws:SourceVpc", CALLER_SERVICE),
    ABSENT("aws:SourceVpce", CALLER_SERVICE),
    ABSENT("aws:SourceVpcArn", CALLER_SERVICE),
    ABSENT("aws:VpcSourceIp", CALLER_SERVICE),
    ABSENT("aws:VpceAccount", CALLER_SERVICE),
    ABSENT("aws:VpceOrgID", CALLER_SERVICE),
    ABSENT("aws:VpceOrgPaths", CALLER_SERVICE),
    ABSENT("aws:username", CALLER_SERVICE | CALLER_SESSION | CALLER_ROOT),
    ABSENT("aws:TokenIssueTime", CALLER_SERVICE | CALLER_USER),
    ABSENT("aws:SourceIdentity", CALLER_SERVICE | CALLER_USER | CALLER_ROOT),
    ABSENT("aws:MultiFactorAuthPresent", CALLER_SERVICE | CALLER_USER), /* long-term keys bring none */
    ABSENT("aws:MultiFactorAuthAge", CALLER_SERVICE | CALLER_USER),

    ABSENT("aws:SourceAccount", CALLER_PERSON),
    ABSENT("aws:SourceArn", CALLER_PERSON),
    ABSENT("aws:SourceOrgID", CALLER_PERSON),
    ABSENT("aws:SourceOrgPaths", CALLER_PERSON),
    ABSENT("aws:PrincipalServiceName", CALLER_PERSON),
    ABSENT("aws:PrincipalServiceNamesList", CALLER_PERSON),
    TEXT("aws:PrincipalIsAWSService", CALLER_PERSON, "false"),
    FROM("aws:PrincipalArn", CALLER_USER | CALLER_ROOT, FROM_PRINCIPAL),
    FROM("aws:PrincipalArn", CALLER_SESSION, FROM_ROLE),
    FROM("aws:PrincipalAccount", CALLER_PERSON, FROM_PRINCIPAL_ACCOUNT),
    TEXT("aws:PrincipalType", CALLER_USER, "User"),
    TEXT("aws:PrincipalType", CALLER_SESSION, "AssumedRole"),
    TEXT("aws:PrincipalType", CALLER_ROOT, "Account"),
    FROM("aws:username", CALLER_USER, FROM_USER_NAME),
};

static unsigned caller_of(const struct principal *principal)
{
    switch (principal->kind) {
    case PRINCIPAL_SERVICE: return CALLER_SERVICE;
    case PRINCIPAL_USER: return CALLER_USER;
    case PRINCIPAL_ROLE:
    case PRINCIPAL_SESSION: return CALLER_SESSION;
    case PRINCIPAL_ACCOUNT: return CALLER_ROOT;
    default: return 0;
    }
}

/* The value, or the empty view where nothing tells. */
static struct str row_text(const struct key_row *row, const struct request_source *source,
                           const struct principal *principal)
{
    switch (row->source) {
    case FROM_TEXT:
    case ONE_OF_TWO: return row->text;
    case FROM_PRINCIPAL: return source->principal;
    case FROM_PRINCIPAL_ACCOUNT: return principal->account;
    case FROM_USER_NAME: return principal->name;
    /* A session's ARN leaves out the path of its role: only a role's own ARN tells. */
    case FROM_ROLE: return principal->kind == PRINCIPAL_ROLE ? source->principal : STR("");
    case FROM_SOURCE_ACCOUNT: return source->account;
    case FROM_SOURCE_ARN: return source->source_arn;
    case FROM_RESOURCE_ACCOUNT: return source->resource_account;
    case NOT_SENT: break;
    }
    return STR("");
}

static bool row_key(struct arena *arena, const struct key_row *row, const struct request_source *source,
                    const struct principal *principal, struct request_key *ret)
{
    struct str text = row_text(row, source, principal);
    if (row->source == NOT_SENT) {
        *ret = (struct request_key){.name = row->name, .kind = KEY_ABSENT};
        return true;
    }
    if (text.len == 0)
        return false;
    struct str *values = arena_array(arena, struct str, 2);
    values[0] = text;
    values[1] = row->other;
    bool ranges = row->source == FROM_SOURCE_ARN && !source->source_arn_is_fixed;
    enum request_key_kind kind = row->source == ONE_OF_TWO ? KEY_UNKNOWN : ranges ? KEY_RANGES : KEY_FIXED;
    *ret = (struct request_key){.name = row->name, .kind = kind, .values = values, .value_count = 1};
    ret->value_count += row->source == ONE_OF_TWO;
    return true;
}

void request_keys(struct arena *arena, const struct request_source *source, const struct request_key *extra,
                  size_t extra_count, const struct request_key **ret_keys, size_t *ret_count)
{
    struct principal principal = principal_read(source->principal);
    unsigned caller = caller_of(&principal);
    struct request_key *keys = arena_array(arena, struct request_key, extra_count + COUNT_OF(rows));
    size_t count = 0;
    for (size_t i = 0; i < extra_count; i++)
        keys[count++] = extra[i];
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if ((rows[i].callers & caller) && row_key(arena, &rows[i], source, &principal, &keys[count]))
            count++;
    *ret_keys = keys;
    *ret_count = count;
}
