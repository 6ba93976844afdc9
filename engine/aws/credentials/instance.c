/*
 * instance.c: the role of an EC2 instance, from its metadata service, version 2 first. An
 * instance without role, or no instance at all, is nothing wrong: it is the last of the chain.
 * Source: AWS SDKs and Tools Reference Guide, "IMDS credential provider".
 */
#include "aws/credentials/credentials.h"
#include "aws/http/url.h"
#include "base/json/json.h"

#define CREDENTIALS_PATH "/latest/meta-data/iam/security-credentials/"

struct metadata {
    const struct credentials_request *request;
    struct str base; /* without a slash at its end */
    struct str host;
    const struct secret *token; /* NULL: version 1 */
    int timeout_ms;
    int attempts;
};

static int number_of(const struct settings *settings, const char *name, int most)
{
    int64_t number;
    bool ok = str_to_int64(settings_env(settings, name), &number) && number > 0;
    return !ok ? 0 : number > most ? most : (int)number;
}

static bool find_base(const struct credentials_request *request, struct metadata *ret, struct error *error)
{
    const struct settings *settings = request->settings;
    struct str base = settings_env(settings, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    bool ipv6 = str_equal_nocase(settings_env(settings, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"), STR("IPv6"));
    struct url url;
    if (base.len == 0)
        base = ipv6 ? STR("http://[fd00:ec2::254]") : STR("http://169.254.169.254");
    if (!url_parse(base, &url, error))
        return error_wrap(error, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    ret->base = str_ends(base, STR("/")) ? str_slice(base, 0, base.len - 1) : base;
    ret->host = url.authority;
    ret->timeout_ms = number_of(settings, "AWS_METADATA_SERVICE_TIMEOUT", 60) * 1000;
    ret->attempts = number_of(settings, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", 10);
    return true;
}

static bool ask(const struct metadata *metadata, enum authentication kind, struct str path, struct http_header extra,
                struct http_response *ret)
{
    const struct credentials_request *request = metadata->request;
    struct http_header headers[] = {{STR("Host"), metadata->host}, extra};
    struct authentication_request http = {.kind = kind,
                                          .url = str_join3(request->arena, metadata->base, path, STR("")),
                                          .headers = {headers, extra.value.len > 0 ? 2 : 1},
                                          .timeout_ms = metadata->timeout_ms,
                                          .attempts = metadata->attempts};
    return request->authenticator->send(request->authenticator->self, request->arena, &http, ret, NULL);
}

/* False: there is no service here that we may use. */
static bool get_token(struct metadata *metadata)
{
    struct http_response response;
    struct http_header ttl = {STR("x-aws-ec2-metadata-token-ttl-seconds"), STR("21600")};
    bool came = ask(metadata, AUTHENTICATE_INSTANCE_TOKEN, STR("/latest/api/token"), ttl, &response);
    if (came && response.status == 200) {
        metadata->token = secret_take(metadata->request->arena, str_trim(response.body));
        return true;
    }
    bool is_old = !came || response.status == 403 || response.status == 404 || response.status == 405;
    return is_old && !settings_env_is_true(metadata->request->settings, "AWS_EC2_METADATA_V1_DISABLED");
}

static bool get(const struct metadata *metadata, struct str path, struct str *ret)
{
    struct http_response response;
    struct http_header token = {STR("x-aws-ec2-metadata-token"), secret_expose(metadata->token)};
    if (!ask(metadata, AUTHENTICATE_INSTANCE_ROLE, path, token, &response) || response.status != 200)
        return false;
    *ret = response.body;
    return true;
}

/* An error is a 200, too, with another Code than Success. */
static bool is_success(struct arena *arena, struct str text)
{
    static const struct json_limits limits = {1 << 20, 16};
    const struct json *document;
    if (!json_parse(arena, STR("answer"), text, &limits, &document, NULL))
        return false;
    struct str code = json_find_string(document, "Code");
    return code.len == 0 || str_equal(code, STR("Success"));
}

static enum provided provide(const struct credentials_request *request, struct credentials *ret, struct error *error)
{
    struct metadata metadata = {.request = request};
    struct str role;
    struct str text;
    if (request->depth > 0 || !request->authenticator ||
        settings_env_is_true(request->settings, "AWS_EC2_METADATA_DISABLED"))
        return PROVIDED_NOT;
    if (!find_base(request, &metadata, error))
        return PROVIDED_WRONGLY;
    if (!get_token(&metadata) || !get(&metadata, STR(CREDENTIALS_PATH), &role))
        return PROVIDED_NOT;
    struct str first;
    (void)str_cut(&role, '\n', &first);
    role = str_trim(first);
    struct str path =
        str_join3(request->arena, STR(CREDENTIALS_PATH), str_percent_encode(request->arena, role, ""), STR(""));
    if (role.len == 0 || !get(&metadata, path, &text) || !is_success(request->arena, text))
        return PROVIDED_NOT;
    if (!credentials_read_json(request->arena, text, "Token", ret, error))
        return PROVIDED_WRONGLY;
    ret->renewal = STR("look at the instance's role");
    ret->source = str_format(request->arena, "instance role %.*s", STR_ARG(role));
    return PROVIDED;
}

const struct credentials_provider credentials_from_instance = {
    .name = "instance metadata",
    .place = "the EC2 instance metadata service",
    .provide = provide,
};
