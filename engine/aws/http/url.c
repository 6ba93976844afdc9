/* url.c: see url.h. */
#include "aws/http/url.h"

static bool wrong(struct error *error, struct str text, const char *why)
{
    return error_set(error, ERROR_INPUT, "'%.*s' is no URL: %s", STR_ARG(text), why);
}

static bool has_unsafe_byte(struct str text)
{
    for (ptrdiff_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>' || c == '\\')
            return true;
    }
    return false;
}

static bool is_port(struct str port)
{
    int64_t number;
    return port.len > 0 && port.len <= 5 && port.ptr[0] >= '0' && port.ptr[0] <= '9' && str_to_int64(port, &number) &&
           number > 0 && number <= 65535;
}

/* `host`, `host:port`, `[address]`, `[address]:port` */
static bool read_authority(struct str authority, struct str *ret_host)
{
    struct str host = authority;
    struct str port = STR("");
    if (str_starts(host, STR("["))) {
        ptrdiff_t end = str_find_char(host, ']', 0);
        if (end < 0)
            return false;
        port = str_skip(host, end + 1);
        host = str_slice(host, 1, end);
    } else {
        ptrdiff_t colon = str_find_char(host, ':', 0);
        port = colon < 0 ? STR("") : str_skip(host, colon);
        host = colon < 0 ? host : str_slice(host, 0, colon);
    }
    *ret_host = host;
    return host.len > 0 && (port.len == 0 || (port.ptr[0] == ':' && is_port(str_skip(port, 1))));
}

bool url_parse(struct str text, struct url *ret, struct error *error)
{
    struct url url = {.scheme = STR("")};
    ptrdiff_t mark = str_find(text, STR("://"), 0);
    if (mark < 0)
        return wrong(error, text, "it begins with neither http:// nor https://");
    struct str rest = str_skip(text, mark + 3);
    url.scheme = str_slice(text, 0, mark);
    if (!str_equal(url.scheme, STR("http")) && !str_equal(url.scheme, STR("https")))
        return wrong(error, text, "its scheme is neither http nor https");
    if (has_unsafe_byte(text))
        return wrong(error, text, "it holds a byte that must be percent-encoded");
    if (str_find_char(rest, '#', 0) >= 0)
        return wrong(error, text, "it has a fragment");

    ptrdiff_t query = str_find_char(rest, '?', 0);
    if (query >= 0) {
        url.query = str_skip(rest, query + 1);
        rest = str_slice(rest, 0, query);
    }
    ptrdiff_t slash = str_find_char(rest, '/', 0);
    url.path = slash < 0 ? STR("") : str_skip(rest, slash);
    url.authority = slash < 0 ? rest : str_slice(rest, 0, slash);
    if (str_find_char(url.authority, '@', 0) >= 0)
        return wrong(error, text, "it holds a user's name");
    if (!read_authority(url.authority, &url.host))
        return wrong(error, text, "its host or port is not one");
    *ret = url;
    return true;
}

static bool is_ipv4(struct str host)
{
    int parts = 0;
    struct str part;
    for (bool more = true; more; parts++) {
        int64_t number;
        more = str_cut(&host, '.', &part);
        if (part.len == 0 || part.len > 3 || part.ptr[0] < '0' || part.ptr[0] > '9' || !str_to_int64(part, &number) ||
            number > 255)
            return false;
    }
    return parts == 4;
}

bool url_host_is_address(struct str host)
{
    return is_ipv4(host) || str_find_char(host, ':', 0) >= 0;
}

bool url_host_is_loopback(struct str host)
{
    return str_equal_nocase(host, STR("localhost")) || (is_ipv4(host) && str_starts(host, STR("127."))) ||
           str_equal(host, STR("::1")) || str_equal_nocase(host, STR("0:0:0:0:0:0:0:1"));
}
