/*
 * container.c: the role of an ECS task or an EKS pod, from the container's own endpoint.
 * Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
 */
#include "aws/credentials/credentials.h"
#include "aws/http/url.h"
#include "base/file.h"

enum { TOKEN_MAX = 64 << 10 };

/* Plain HTTP goes to the machine itself or to these alone: the answer is a secret. */
static bool may_be_plain(struct str host)
{
    static const struct str hosts[] = {STR_INIT("169.254.170.2"), STR_INIT("169.254.170.23"), STR_INIT("fd00:ec2::23")};
    for (size_t i = 0; i < COUNT_OF(hosts); i++)
        if (str_equal_nocase(host, hosts[i]))
            return true;
    return url_host_is_loopback(host);
}

static bool find_url(const struct credentials_request *request, struct str *ret, struct str *ret_host,
                     struct error *error)
{
    struct str relative = settings_env(request->settings, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    struct str url = settings_env(request->settings, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    struct url parts;
    if (relative.len > 0)
        url = str_join3(request->arena, STR("http://169.254.170.2"), relative, STR(""));
    if (!url_parse(url, &parts, error))
        return false;
    if (str_equal(parts.scheme, STR("http")) && !may_be_plain(parts.host))
        return error_set(error, ERROR_CREDENTIALS, "%.*s: keys are asked of other hosts over https only", STR_ARG(url));
    *ret = url;
    *ret_host = parts.authority;
    return true;
}

static bool find_token(const struct credentials_request *request, const struct secret **ret, struct error *error)
{
    struct arena *arena = request->arena;
    struct str path = settings_env(request->settings, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    struct str token = settings_env(request->settings, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (path.len > 0 && !file_read(arena, str_to_c(arena, path), TOKEN_MAX, &token, error))
        return false;
    if (path.len > 0)
        token = str_trim(token);
    if (str_find_char(token, '\r', 0) >= 0 || str_find_char(token, '\n', 0) >= 0)
        return error_set(error, ERROR_CREDENTIALS, "the container's authorization token has a line break");
    *ret = secret_make(arena, token);
    return true;
}

static bool get(const struct credentials_request *request, struct credentials *ret, struct error *error)
{
    struct str url;
    struct str host;
    const struct secret *token;
    struct http_response response;
    if (!request->authenticator)
        return error_set(error, ERROR_CREDENTIALS, "it needs the network");
    if (!find_url(request, &url, &host, error) || !find_token(request, &token, error))
        return false;
    struct http_header headers[] = {{STR("Host"), host}, {STR("Authorization"), secret_expose(token)}};
    struct authentication_request http = {
        .kind = AUTHENTICATE_CONTAINER, .url = url, .headers = {headers, secret_is_empty(token) ? 1 : 2}};
    if (!request->authenticator->send(request->authenticator->self, request->arena, &http, &response, error))
        return false;
    if (response.status != 200)
        return error_set(error, ERROR_CREDENTIALS, "%.*s: HTTP status %d", STR_ARG(url), response.status);
    return credentials_read_json(request->arena, response.body, "Token", ret, error);
}

static enum provided provide(const struct credentials_request *request, struct credentials *ret, struct error *error)
{
    const struct settings *settings = request->settings;
    bool is_set = settings_env(settings, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").len > 0 ||
                  settings_env(settings, "AWS_CONTAINER_CREDENTIALS_FULL_URI").len > 0;
    if (!is_set || request->depth > 0) /* another profile's source is in the files alone */
        return PROVIDED_NOT;
    if (!get(request, ret, error))
        return PROVIDED_WRONGLY;
    ret->source = STR("container");
    ret->renewal = STR("look at the container's role");
    return PROVIDED;
}

const struct credentials_provider credentials_from_container = {
    .name = "container",
    .place = "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    .provide = provide,
};
