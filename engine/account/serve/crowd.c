/* crowd.c: see crowd.h. */
#include "account/serve/crowd.h"

#include "aws/shape/form.h"
#include "base/clock.h"
#include "base/map.h"

/* "ASIA", the account, and this: a key that says itself whose it is. */
#define ROLE_KEY_END "ROLE"
#define ROLE_HOURS 1

struct crowd {
    struct arena *arena;
    const struct playback *first;
    struct map *by_key;     /* access key id → playback */
    struct map *by_account; /* account id → playback */
};

struct crowd *crowd_open(struct arena *arena, const struct playback *first)
{
    struct crowd *crowd = arena_new(arena, struct crowd);
    *crowd = (struct crowd){arena, first, map_open(arena), map_open(arena)};
    crowd_add(crowd, STR(""), first);
    return crowd;
}

void crowd_add(struct crowd *crowd, struct str access_key_id, const struct playback *playback)
{
    struct str account = playback_account(playback);
    if (access_key_id.len)
        map_set(crowd->by_key, access_key_id, playback);
    if (account.len)
        map_set(crowd->by_account, account, playback);
}

/* "AWS4-HMAC-SHA256 Credential=AKIA…/20261122/us-east-1/sts/aws4_request, …" → the access key id. */
static struct str signing_key(const struct wire_request *request)
{
    struct str rest = http_header_find(request->headers, STR("Authorization"));
    struct str before;
    struct str key;
    if (!str_cut(&rest, '=', &before))
        return STR("");
    str_cut(&rest, '/', &key);
    return key;
}

const struct playback *crowd_find(const struct crowd *crowd, const struct wire_request *request)
{
    struct str key = signing_key(request);
    const struct playback *found = map_get(crowd->by_key, key);
    if (!found && str_starts(key, STR("ASIA")) && str_ends(key, STR(ROLE_KEY_END)))
        found = map_get(crowd->by_account, str_slice(key, 4, key.len - (ptrdiff_t)sizeof ROLE_KEY_END + 1));
    return found ? found : crowd->first;
}

/* "arn:aws:iam::123456789012:role/x" → the account. */
static struct str account_of(struct str arn)
{
    struct str part = {0};
    for (int i = 0; i < 5; i++)
        str_cut(&arn, ':', &part);
    return part;
}

static struct str refusal_text(struct arena *arena, struct str role)
{
    return str_format(
        arena,
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
        "<Code>AccessDenied</Code><Message>User is not authorized to perform: sts:AssumeRole on resource: "
        "%.*s</Message></Error><RequestId>exportcheck-assume</RequestId></ErrorResponse>\n",
        STR_ARG(role));
}

static struct str credentials_text(struct arena *arena, struct str account, struct str role, struct str expiration)
{
    return str_format(
        arena,
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>"
        "<AccessKeyId>ASIA%.*s" ROLE_KEY_END "</AccessKeyId><SecretAccessKey>served-by-exportcheck</SecretAccessKey>"
        "<SessionToken>served-by-exportcheck</SessionToken><Expiration>%.*s</Expiration></Credentials>"
        "<AssumedRoleUser><Arn>%.*s</Arn></AssumedRoleUser></AssumeRoleResult><ResponseMetadata><RequestId>"
        "exportcheck-assume</RequestId></ResponseMetadata></AssumeRoleResponse>\n",
        STR_ARG(account), STR_ARG(expiration), STR_ARG(role));
}

bool crowd_assume(const struct crowd *crowd, struct arena *arena, const struct wire_request *request, int64_t elapsed,
                  struct wire_answer *ret)
{
    static const struct http_header type = {STR_INIT("Content-Type"), STR_INIT("text/xml")};
    struct form form;
    if (!form_parse(arena, request->body, &form, NULL) ||
        !str_equal(form_find(&form, STR("Action")), STR("AssumeRole")))
        return false;
    struct str role = form_find(&form, STR("RoleArn"));
    struct str account = account_of(role);
    const struct playback *playback = map_get(crowd->by_account, account);
    *ret = (struct wire_answer){.status = playback ? 200 : 403, .headers = {&type, 1}};
    if (!playback)
        ret->body = refusal_text(arena, role);
    else
        ret->body = credentials_text(arena, account, role,
                                     clock_iso(arena, playback_now(playback, elapsed) + (int64_t)ROLE_HOURS * 3600));
    return true;
}
