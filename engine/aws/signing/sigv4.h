/*
 * sigv4.h: AWS Signature Version 4, in its named steps: canonical request, string to sign, signing
 * key, signature, Authorization header. And the way back: sigv4_verify() judges a request that came in.
 *
 * Specified by the IAM User Guide, "Create a signed AWS API request", and by the Amazon S3 API
 * reference, "Signature Calculations for the Authorization Header" and "Authenticating Requests:
 * Using Query Parameters". Nothing here reads a clock or does I/O.
 */
#ifndef EXPORTCHECK_AWS_SIGNING_SIGV4_H
#define EXPORTCHECK_AWS_SIGNING_SIGV4_H

#include "aws/crypto/secret.h"
#include "aws/http/message.h"
#include "aws/operation/operation.h"
#include "base/error.h"

/** SHA-256 of nothing: the payload hash of a request without a body. */
#define SIGV4_EMPTY_HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define SIGV4_UNSIGNED_PAYLOAD "UNSIGNED-PAYLOAD"

/** How the path is made canonical. */
enum sigv4_path {
    SIGV4_PATH_NORMAL, /* dot segments and double slashes go, then all is percent-encoded once more */
    SIGV4_PATH_AS_SENT /* S3 and S3 Control: as it is on the wire, encoded once: keys may be `a//b/../c` */
};

/** The path rule of a service, by its signing name. */
enum sigv4_path sigv4_path_rule(struct str signing_name);

/**
 * A request to be signed. `headers` holds every header that is signed, and always Host and
 * X-Amz-Date; those that a proxy may change (Connection, User-Agent, …) may be among them and are
 * left out. `path` and `query` (without `?`) are as on the wire.
 */
struct sigv4_request {
    struct str method;
    struct str path;
    struct str query;
    struct http_headers headers;
    struct str payload_hash; /* of the body, in hexadecimal, or SIGV4_UNSIGNED_PAYLOAD */
    enum sigv4_path path_rule;
};

/** What a signature is good for: a day, a region, a service. */
struct sigv4_scope {
    int64_t time; /* seconds since 1970; X-Amz-Date says the same */
    struct str region;
    struct str service; /* its signing name */
};

/** The path's canonical form; `/` for an empty one. */
struct str sigv4_canonical_path(struct arena *arena, struct str path, enum sigv4_path rule);
/** The query's: each part decoded and encoded again, sorted by name and then by value, in byte order. */
struct str sigv4_canonical_query(struct arena *arena, struct str query);
/** The whole canonical request; `*ret_signed_headers` gets the names, joined with `;`. */
struct str sigv4_canonical_request(struct arena *arena, const struct sigv4_request *request,
                                   struct str *ret_signed_headers);
/** `20150830/us-east-1/iam/aws4_request` */
struct str sigv4_scope_text(struct arena *arena, const struct sigv4_scope *scope);
bool sigv4_string_to_sign(struct arena *arena, const struct sigv4_scope *scope, struct str canonical_request,
                          struct str *ret, struct error *error) MUST_CHECK;

/**
 * Signing keys of one secret key, so that each is derived once for a day, region and service. The
 * cache and its keys live in `arena`; when it is full the oldest goes.
 */
struct sigv4_keys;
struct sigv4_keys *sigv4_keys_open(struct arena *arena, struct str access_key_id, const struct secret *secret_key);

/** The signature of a string to sign, in hexadecimal. */
bool sigv4_signature(struct sigv4_keys *keys, struct arena *arena, const struct sigv4_scope *scope,
                     struct str string_to_sign, struct str *ret, struct error *error) MUST_CHECK;

/** All steps at once: the value of the Authorization header. Fails only where OpenSSL does (code "crypto"). */
bool sigv4_sign(struct sigv4_keys *keys, struct arena *arena, const struct sigv4_request *request,
                const struct sigv4_scope *scope, struct str *ret_authorization, struct error *error) MUST_CHECK;

/** A request as a server got it. */
struct sigv4_received {
    struct str method;
    struct str path;  /* as on the wire: not decoded */
    struct str query; /* as on the wire, without `?` */
    struct http_headers headers;
    struct str body;
};

/** What the server knows. */
struct sigv4_known {
    struct str access_key_id; /* empty: any is taken */
    const struct secret *secret_key;
    const struct secret *session_token; /* NULL: tokens are not looked at */
    int64_t now;                        /* 0: neither skew nor expiry is checked */
    int64_t max_skew;                   /* seconds: 900 at S3, 300 elsewhere */
};

enum sigv4_verdict {
    SIGV4_OK,
    SIGV4_UNSIGNED,        /* neither an Authorization header nor X-Amz-Signature */
    SIGV4_MALFORMED,       /* something that is not SigV4, or a part is missing or wrong */
    SIGV4_UNKNOWN_KEY,     /* another access key id */
    SIGV4_WRONG_TOKEN,     /* the session token is missing or another one */
    SIGV4_UNSIGNED_HEADER, /* Host, or at S3 any x-amz-*, is not among the signed headers */
    SIGV4_NO_PAYLOAD_HASH, /* S3 without X-Amz-Content-Sha256 */
    SIGV4_WRONG_PAYLOAD,   /* the body is not the one that was hashed */
    SIGV4_SKEWED,          /* too far from the server's clock */
    SIGV4_EXPIRED,         /* a presigned URL past X-Amz-Expires */
    SIGV4_MISMATCH,        /* all is there, and the signature is another */
    SIGV4_FAILED,          /* OpenSSL failed */
};

/** What was found on the way, for the server's dispatch and its error texts. Views into the request or the arena. */
struct sigv4_verification {
    enum sigv4_verdict verdict;
    struct str access_key_id;
    struct sigv4_scope scope;
    bool presigned;
    struct str canonical_request;
    struct str string_to_sign;
};

/**
 * Judges a request with an Authorization header, or a presigned one. The path rule follows from
 * the service that the scope names. The result's fields are set as far as they were read.
 */
struct sigv4_verification sigv4_verify(struct arena *arena, const struct sigv4_received *request,
                                       const struct sigv4_known *known);

/** How a service says a verdict: its error code and HTTP status. */
struct sigv4_complaint {
    const char *code; /* NULL for SIGV4_OK */
    int http_status;
    const char *message;
};
struct sigv4_complaint sigv4_complaint(enum sigv4_verdict verdict, enum protocol protocol);

#endif
