/* trouble.c: see trouble.h. */
#include "aws/live/trouble.h"

static bool is_one_of(struct str code, const struct str *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(code, codes[i]))
            return true;
    return false;
}

static bool has_ended(struct str code)
{
    static const struct str codes[] = {STR_INIT("ExpiredToken"), STR_INIT("ExpiredTokenException"),
                                       STR_INIT("TokenRefreshRequired")};
    return is_one_of(code, codes, COUNT_OF(codes));
}

/* Other services say these of a region that the account has not enabled: only STS's word counts. */
static bool is_unknown(struct str code)
{
    static const struct str codes[] = {STR_INIT("InvalidClientTokenId"), STR_INIT("UnrecognizedClientException"),
                                       STR_INIT("InvalidToken")};
    return is_one_of(code, codes, COUNT_OF(codes));
}

static bool asks_who_the_caller_is(const struct call *call)
{
    return str_equal(str_from(call->operation->service->id), STR("sts")) &&
           str_equal(str_from(call->operation->name), STR("GetCallerIdentity"));
}

/* OptScale connects by the long-term keys of a user: a session is never its principal. */
static bool caller_is_principal(const struct trouble_case *found, const struct credentials *credentials)
{
    bool named = found->principal.len == 0 || str_equal(found->principal, credentials->access_key_id);
    return named && secret_is_empty(credentials->session_token);
}

static bool tell(const struct trouble_case *found, const struct credentials *credentials, const char *what,
                 struct error *ret)
{
    error_set(ret, ERROR_CREDENTIALS, "%s (%.*s from %s; key %.*s, from %.*s): %.*s", what,
              STR_ARG(found->answer->code), found->call->operation->service->id, STR_ARG(credentials->access_key_id),
              STR_ARG(credentials->source), STR_ARG(credentials->renewal));
    return true;
}

bool trouble_find(const struct trouble_case *found, const struct credentials *credentials, struct error *ret)
{
    struct str code = found->answer->code;
    bool is_identity = asks_who_the_caller_is(found->call);
    if (found->call->operation->auth != AUTH_SIGV4)
        return false;
    if (found->host_is_unknown && is_identity) {
        error_set(ret, ERROR_INPUT, "%.*s: look at --region ('%.*s'), --endpoint-url and the network",
                  STR_ARG(found->answer->message), STR_ARG(found->call->region));
        return true;
    }
    if (has_ended(code))
        return tell(found, credentials, "your AWS session has ended", ret);
    if (is_unknown(code) && is_identity && !caller_is_principal(found, credentials))
        return tell(found, credentials, "AWS does not accept your own credentials", ret);
    return false;
}
