/* sts.c: see credentials_sts.h. */
#include "aws/credentials/sts.h"

#include "aws/crypto/digest.h"
#include "aws/protocol/protocol.h"
#include "aws/settings/endpoint.h"
#include "aws/signing/sigv4.h"
#include "base/clock.h"

static const struct service sts = {
    .id = "sts",
    .endpoint_env = "STS",
    .signing_name = "sts",
    .api_version = "2011-06-15",
    .xml_namespace = "https://sts.amazonaws.com/doc/2011-06-15/",
    .protocol = PROTOCOL_QUERY,
};

static const struct shape text = {.kind = SHAPE_STRING};
static const struct shape integer = {.kind = SHAPE_INTEGER};

#define MEMBER(member, of)                                                                                             \
    {                                                                                                                  \
        .name = (member), .wire_name = (member), .shape = (of)                                                         \
    }

static const struct shape_member input_members[] = {
    MEMBER("RoleArn", &text),    MEMBER("RoleSessionName", &text),  MEMBER("DurationSeconds", &integer),
    MEMBER("ExternalId", &text), MEMBER("WebIdentityToken", &text), MEMBER("SerialNumber", &text),
    MEMBER("TokenCode", &text),
};
static const struct shape input = {
    .kind = SHAPE_STRUCTURE, .members = input_members, .member_count = COUNT_OF(input_members)};

static const struct shape_member key_members[] = {
    MEMBER("AccessKeyId", &text),
    MEMBER("SecretAccessKey", &text),
    MEMBER("SessionToken", &text),
    MEMBER("Expiration", &text),
};
static const struct shape keys = {
    .kind = SHAPE_STRUCTURE, .members = key_members, .member_count = COUNT_OF(key_members)};
static const struct shape_member output_members[] = {MEMBER("Credentials", &keys)};
static const struct shape output = {.kind = SHAPE_STRUCTURE, .members = output_members, .member_count = 1};

static const struct operation assume_role = {
    .service = &sts,
    .name = "AssumeRole",
    .method = "POST",
    .path = "/",
    .input = &input,
    .output = &output,
    .result_wrapper = "AssumeRoleResult",
};
static const struct operation assume_role_with_web_identity = {
    .service = &sts,
    .name = "AssumeRoleWithWebIdentity",
    .method = "POST",
    .path = "/",
    .input = &input,
    .output = &output,
    .result_wrapper = "AssumeRoleWithWebIdentityResult",
};

enum { OWN_HEADERS = 4 };

static bool sign(const struct credentials_request *request, const struct credentials *signer,
                 const struct endpoint *endpoint, const struct wire_request *wire, struct http_header *headers,
                 size_t *count, struct error *error)
{
    struct arena *arena = request->arena;
    struct str hash;
    struct str authorization;
    headers[(*count)++] = (struct http_header){STR("X-Amz-Date"), clock_iso_basic(arena, request->now)};
    if (!secret_is_empty(signer->session_token))
        headers[(*count)++] = (struct http_header){STR("X-Amz-Security-Token"), secret_expose(signer->session_token)};
    if (!digest_sha256_hex(arena, wire->body, &hash, error))
        return false;
    struct sigv4_request to_sign = {.method = wire->method,
                                    .path = str_join3(arena, endpoint->base_path, wire->path, STR("")),
                                    .query = wire->query,
                                    .headers = {headers, *count},
                                    .payload_hash = hash,
                                    .path_rule = SIGV4_PATH_NORMAL};
    struct sigv4_scope scope = {request->now, endpoint->signing_region, endpoint->signing_name};
    struct sigv4_keys *signing = sigv4_keys_open(arena, signer->access_key_id, signer->secret_key);
    if (!sigv4_sign(signing, arena, &to_sign, &scope, &authorization, error))
        return false;
    headers[(*count)++] = (struct http_header){STR("Authorization"), authorization};
    return true;
}

static bool find_endpoint(const struct credentials_request *request, struct endpoint *ret, struct error *error)
{
    struct endpoint_query query =
        settings_endpoint_query(request->settings, "sts", "STS", settings_region(request->settings));
    return endpoint_resolve(request->arena, &query, ret, error);
}

static bool send(const struct credentials_request *request, const struct call *call, const struct credentials *signer,
                 struct answer *ret, struct error *error)
{
    struct arena *arena = request->arena;
    struct endpoint endpoint;
    struct wire_request wire;
    struct http_response response;
    if (!request->authenticator)
        return error_set(error, ERROR_CREDENTIALS, "it needs the network");
    if (!find_endpoint(request, &endpoint, error) || !protocol_encode_request(arena, call, STR(""), &wire, error))
        return false;
    struct http_header *headers = arena_array(arena, struct http_header, wire.headers.count + OWN_HEADERS);
    size_t count = 0;
    for (; count < wire.headers.count; count++)
        headers[count] = wire.headers.items[count];
    headers[count++] = (struct http_header){STR("Host"), endpoint.authority};
    if (signer && !sign(request, signer, &endpoint, &wire, headers, &count, error))
        return false;
    const struct str url[] = {endpoint.scheme, STR("://"), endpoint.authority, endpoint.base_path, wire.path};
    struct authentication_request http = {.kind = signer ? AUTHENTICATE_ASSUME_ROLE : AUTHENTICATE_WEB_IDENTITY,
                                          .url = str_concat(arena, url, COUNT_OF(url)),
                                          .headers = {headers, count},
                                          .body = wire.body};
    if (!request->authenticator->send(request->authenticator->self, arena, &http, &response, error))
        return false;
    struct wire_answer answer = {.status = response.status, .headers = response.headers, .body = response.body};
    *ret = protocol_decode_answer(arena, call, &answer);
    secret_wipe_view(response.body);
    return true;
}

bool credentials_assume(const struct credentials_request *request, const struct json *parameters,
                        const struct credentials *signer, struct credentials *ret, struct error *error)
{
    struct call call = {.operation = signer ? &assume_role : &assume_role_with_web_identity, .parameters = parameters};
    struct str role = json_find_string(parameters, "RoleArn");
    struct answer answer;
    if (!send(request, &call, signer, &answer, error))
        return error_wrap(error, "sts:%s of %.*s", call.operation->name, STR_ARG(role));
    if (answer.code.len > 0)
        return error_set(error, ERROR_CREDENTIALS, "sts:%s of %.*s: %.*s: %.*s", call.operation->name, STR_ARG(role),
                         STR_ARG(answer.code), STR_ARG(answer.message));
    const struct json *found = json_find(answer.value, "Credentials");
    return credentials_make(request->arena, json_find_string(found, "AccessKeyId"),
                            json_find_string(found, "SecretAccessKey"), json_find_string(found, "SessionToken"),
                            json_find_string(found, "Expiration"), ret, error);
}

struct json_builder credentials_role_parameters(const struct credentials_request *request, struct str role_arn,
                                                struct str session_name)
{
    struct arena *arena = request->arena;
    struct json_builder parameters = json_build(arena, JSON_OBJECT);
    int64_t seconds;
    if (session_name.len == 0)
        session_name = str_format(arena, "exportcheck-%lld", (long long)request->now);
    json_build_set(&parameters, STR("RoleArn"), json_string(role_arn));
    json_build_set(&parameters, STR("RoleSessionName"), json_string(session_name));
    if (str_to_int64(settings_value(request->settings, request->profile, "duration_seconds"), &seconds))
        json_build_set(&parameters, STR("DurationSeconds"), json_number((double)seconds));
    return parameters;
}
