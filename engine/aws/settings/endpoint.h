/*
 * endpoint.h: where a service answers: host, signing name and signing region for each service,
 * partition and region, FIPS and dual stack included; or a custom endpoint (a proxy, a test server,
 * `exportcheck serve`), which takes the same signature. S3's bucket
 * is part of the host where its name allows it.
 *
 * Sources: AWS SDKs and Tools Reference Guide, "Service-specific endpoints"; the endpoint rules of
 * the public SDKs, from which scripts/generate-endpoints makes the table.
 */
#ifndef EXPORTCHECK_AWS_SETTINGS_ENDPOINT_H
#define EXPORTCHECK_AWS_SETTINGS_ENDPOINT_H

#include "base/error.h"
#include "base/str.h"

/** Where S3's bucket stands: `addressing_style` of the configuration file. */
enum addressing {
    ADDRESSING_AUTO,    /* in the host where its name allows it; with a custom endpoint in the path */
    ADDRESSING_VIRTUAL, /* in the host, with a custom endpoint, too */
    ADDRESSING_PATH,
};

struct endpoint_query {
    struct str service; /* our id: "s3", "elbv2"; also "sso" and "sso-oidc" */
    struct str region;
    struct str account; /* S3 Control puts it before the host; empty elsewhere */
    struct str custom;  /* a URL, or empty */
    struct str bucket;  /* S3; empty elsewhere */
    enum addressing addressing;
    bool fips;
    bool dual_stack;
    bool plain_http; /* to another machine than this one is allowed */
};

struct endpoint {
    struct str scheme;    /* "https" */
    struct str authority; /* host and port: the Host header */
    struct str base_path; /* of a custom endpoint, without a slash at its end; mostly empty */
    struct str signing_name;
    struct str signing_region;
    bool custom;
    bool bucket_in_host; /* so it is no part of the path */
};

/**
 * Finds the endpoint. New strings are made in `arena`. False, code "input": no such service, no
 * region or a malformed one, a partition without FIPS endpoints for the service, a custom endpoint
 * together with FIPS or dual stack, a malformed custom URL or account, plain http to another machine.
 */
bool endpoint_resolve(struct arena *arena, const struct endpoint_query *query, struct endpoint *ret,
                      struct error *error) MUST_CHECK;

/**
 * The one region in which a service with REGION_FIXED answers in the partition of `caller_region`:
 * IAM's, Organizations', CUR's. For other services the caller's own.
 */
struct str endpoint_fixed_region(struct arena *arena, struct str service, struct str caller_region);

/** The partition of a region: "aws", "aws-cn", "aws-us-gov", …; "aws" for one that fits none. */
struct str endpoint_partition(struct str region);

#endif
