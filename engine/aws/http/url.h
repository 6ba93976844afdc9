/* url.h: taking an http(s) URL apart (RFC 3986), as far as endpoints and credentials need it. */
#ifndef EXPORTCHECK_AWS_HTTP_URL_H
#define EXPORTCHECK_AWS_HTTP_URL_H

#include "base/error.h"
#include "base/str.h"

struct url {
    struct str scheme;    /* "http" or "https" */
    struct str authority; /* host, and `:port` where it is given: as the Host header says it */
    struct str host;      /* alone; an IPv6 address without its brackets */
    struct str path;      /* empty or beginning with a slash; as written */
    struct str query;     /* without `?` */
};

/** The parts, as views into `text`. False, code "input", for other schemes, user names, blanks or an empty host. */
bool url_parse(struct str text, struct url *ret, struct error *error) MUST_CHECK;

/** Whether a host is this machine: `localhost`, 127.0.0.0/8 or ::1. */
bool url_host_is_loopback(struct str host);
/** Whether a host is an address and no name. */
bool url_host_is_address(struct str host);

#endif
