/* http.c: see http.h. */
#include "aws/http.h"

struct str http_header_find(struct http_headers headers, struct str name)
{
    for (size_t i = 0; i < headers.count; i++)
        if (str_equal_nocase(headers.items[i].name, name))
            return headers.items[i].value;
    return STR("");
}

/* A new header that carries a secret belongs in this list: it is what keeps it out of the logs. */
static const struct str secret_headers[] = {
    STR_INIT("Authorization"),
    STR_INIT("Proxy-Authorization"),
    STR_INIT("Cookie"),
    STR_INIT("Set-Cookie"),
    STR_INIT("X-Amz-Security-Token"),
    STR_INIT("X-Amz-Sso_bearer_token"),
    STR_INIT("X-Aws-Ec2-Metadata-Token"),
    STR_INIT("Secret"),
};

struct str http_header_shown(const struct http_header *header)
{
    for (size_t i = 0; i < COUNT_OF(secret_headers); i++)
        if (str_equal_nocase(header->name, secret_headers[i]))
            return STR("[redacted]");
    return header->value;
}

bool http_is_success(int status)
{
    return status >= 200 && status < 300;
}
