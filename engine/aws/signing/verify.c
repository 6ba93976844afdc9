/*
 * verify.c: judges a signed request as a service does: reads what its Authorization header or
 * its query says, makes the same canonical request, and compares.
 */
#include "aws/crypto/digest.h"
#include "aws/signing/canonical.h"

#include "base/clock.h"

#define ALGORITHM "AWS4-HMAC-SHA256"

/* What the request says of its own signature. */
struct claim {
    bool presigned;
    struct str credential; /* id/day/region/service/aws4_request */
    struct str signed_headers;
    struct str signature;
    struct str token;
    struct str date;
    int64_t expires; /* seconds after the date; presigned alone */
};

static struct str query_value(struct arena *arena, struct str query, struct str name)
{
    struct str part;
    for (bool more = true; more;) {
        more = str_cut(&query, '&', &part);
        struct str head;
        (void)str_cut(&part, '=', &head);
        if (str_equal(str_percent_decode(arena, head), name))
            return str_percent_decode(arena, part);
    }
    return STR("");
}

/* `Credential=…, SignedHeaders=…, Signature=…`, in any order, the blank after the comma optional. */
static enum sigv4_verdict read_authorization(struct str text, struct claim *claim)
{
    struct str algorithm;
    (void)str_cut(&text, ' ', &algorithm);
    if (!str_equal(algorithm, STR(ALGORITHM)))
        return SIGV4_MALFORMED;
    struct str part;
    for (bool more = true; more;) {
        more = str_cut(&text, ',', &part);
        struct str name;
        (void)str_cut(&part, '=', &name);
        name = str_trim(name);
        if (str_equal(name, STR("Credential")))
            claim->credential = str_trim(part);
        else if (str_equal(name, STR("SignedHeaders")))
            claim->signed_headers = str_trim(part);
        else if (str_equal(name, STR("Signature")))
            claim->signature = str_trim(part);
    }
    return SIGV4_OK;
}

static enum sigv4_verdict read_presigned(struct arena *arena, struct str query, struct claim *claim)
{
    claim->presigned = true;
    claim->credential = query_value(arena, query, STR("X-Amz-Credential"));
    claim->signed_headers = query_value(arena, query, STR("X-Amz-SignedHeaders"));
    claim->signature = query_value(arena, query, STR("X-Amz-Signature"));
    claim->token = query_value(arena, query, STR("X-Amz-Security-Token"));
    claim->date = query_value(arena, query, STR("X-Amz-Date"));
    if (!str_equal(query_value(arena, query, STR("X-Amz-Algorithm")), STR(ALGORITHM)) ||
        !str_to_int64(query_value(arena, query, STR("X-Amz-Expires")), &claim->expires) || claim->expires < 0 ||
        claim->expires > INT64_C(604800)) /* seven days are the most that a signing key can last */
        return SIGV4_MALFORMED;
    return SIGV4_OK;
}

static enum sigv4_verdict read_claim(struct arena *arena, const struct sigv4_received *request, struct claim *claim)
{
    struct str authorization = http_header_find(request->headers, STR("Authorization"));
    if (authorization.len == 0) {
        if (query_value(arena, request->query, STR("X-Amz-Signature")).len == 0)
            return SIGV4_UNSIGNED;
        return read_presigned(arena, request->query, claim);
    }
    claim->token = http_header_find(request->headers, STR("X-Amz-Security-Token"));
    claim->date = http_header_find(request->headers, STR("X-Amz-Date"));
    if (claim->date.len == 0)
        claim->date = http_header_find(request->headers, STR("Date"));
    return read_authorization(authorization, claim);
}

/* The id may hold slashes in theory, so the scope is read from the end. */
static bool cut_last(struct str *rest, struct str *tail)
{
    ptrdiff_t at = str_find_last_char(*rest, '/');
    if (at < 0)
        return false;
    *tail = str_skip(*rest, at + 1);
    *rest = str_slice(*rest, 0, at);
    return tail->len > 0;
}

static enum sigv4_verdict read_scope(struct arena *arena, const struct claim *claim, struct sigv4_verification *found)
{
    struct str rest = claim->credential;
    struct str terminator;
    struct str day;
    if (!cut_last(&rest, &terminator) || !str_equal(terminator, STR("aws4_request")) ||
        !cut_last(&rest, &found->scope.service) || !cut_last(&rest, &found->scope.region) || !cut_last(&rest, &day) ||
        rest.len == 0 || claim->signature.len == 0 || claim->signed_headers.len == 0)
        return SIGV4_MALFORMED;
    found->access_key_id = rest;
    found->presigned = claim->presigned;
    if (!clock_parse(claim->date, &found->scope.time) || !str_starts(clock_iso_basic(arena, found->scope.time), day) ||
        day.len != 8)
        return SIGV4_MALFORMED;
    return SIGV4_OK;
}

static enum sigv4_verdict check_time(const struct claim *claim, const struct sigv4_known *known, int64_t time)
{
    if (known->now == 0)
        return SIGV4_OK;
    if (time - known->now > known->max_skew)
        return SIGV4_SKEWED;
    if (claim->presigned)
        return known->now - time > claim->expires ? SIGV4_EXPIRED : SIGV4_OK;
    return known->now - time > known->max_skew ? SIGV4_SKEWED : SIGV4_OK;
}

static enum sigv4_verdict check_identity(const struct claim *claim, const struct sigv4_known *known,
                                         struct str access_key_id)
{
    if (known->access_key_id.len > 0 && !str_equal(known->access_key_id, access_key_id))
        return SIGV4_UNKNOWN_KEY;
    if (known->session_token && !secret_equal(known->session_token, claim->token))
        return SIGV4_WRONG_TOKEN;
    return SIGV4_OK;
}

static bool is_signed(struct str signed_headers, struct str name)
{
    struct str one;
    for (bool more = true; more;) {
        more = str_cut(&signed_headers, ';', &one);
        if (str_equal_nocase(one, name))
            return true;
    }
    return false;
}

static enum sigv4_verdict check_signed_headers(const struct sigv4_received *request, const struct claim *claim,
                                               bool is_s3)
{
    if (!is_signed(claim->signed_headers, STR("host")))
        return SIGV4_UNSIGNED_HEADER;
    for (size_t i = 0; is_s3 && i < request->headers.count; i++) {
        struct str name = request->headers.items[i].name;
        if (str_equal_nocase(str_slice(name, 0, 6), STR("x-amz-")) && !is_signed(claim->signed_headers, name))
            return SIGV4_UNSIGNED_HEADER;
    }
    return SIGV4_OK;
}

/* The line that stands for the body. A header that says it must say the truth. */
static enum sigv4_verdict payload_hash(struct arena *arena, const struct sigv4_received *request,
                                       const struct claim *claim, bool is_s3, struct str *ret)
{
    struct str said = http_header_find(request->headers, STR("X-Amz-Content-Sha256"));
    if (str_equal(said, STR(SIGV4_UNSIGNED_PAYLOAD)) || (said.len == 0 && is_s3 && claim->presigned)) {
        *ret = STR(SIGV4_UNSIGNED_PAYLOAD);
        return SIGV4_OK;
    }
    if (said.len == 0 && is_s3)
        return SIGV4_NO_PAYLOAD_HASH;
    if (!digest_sha256_hex(arena, request->body, ret, NULL))
        return SIGV4_FAILED;
    return said.len > 0 && !str_equal(said, *ret) ? SIGV4_WRONG_PAYLOAD : SIGV4_OK;
}

static enum sigv4_verdict compare(struct arena *arena, const struct claim *claim, const struct sigv4_known *known,
                                  struct sigv4_verification *found)
{
    struct sigv4_keys *keys = sigv4_keys_open(arena, found->access_key_id, known->secret_key);
    struct str signature;
    if (!sigv4_string_to_sign(arena, &found->scope, found->canonical_request, &found->string_to_sign, NULL) ||
        !sigv4_signature(keys, arena, &found->scope, found->string_to_sign, &signature, NULL))
        return SIGV4_FAILED;
    return secret_equal(secret_make(arena, signature), claim->signature) ? SIGV4_OK : SIGV4_MISMATCH;
}

static enum sigv4_verdict check_signature(struct arena *arena, const struct sigv4_received *received,
                                          const struct claim *claim, const struct sigv4_known *known,
                                          struct sigv4_verification *found)
{
    bool is_s3 = sigv4_path_rule(found->scope.service) == SIGV4_PATH_AS_SENT;
    struct sigv4_request request = {received->method,  received->path, received->query,
                                    received->headers, STR(""),        sigv4_path_rule(found->scope.service)};
    enum sigv4_verdict verdict = check_signed_headers(received, claim, is_s3);
    if (verdict == SIGV4_OK)
        verdict = payload_hash(arena, received, claim, is_s3, &request.payload_hash);
    if (verdict != SIGV4_OK)
        return verdict;

    struct str signature_name = claim->presigned ? STR("X-Amz-Signature") : STR("");
    struct str names;
    struct str query = sigv4_canonical_query_without(arena, request.query, signature_name, STR(""));
    found->canonical_request = sigv4_canonical_join(arena, &request, query, &claim->signed_headers, &names);
    verdict = compare(arena, claim, known, found);
    if (verdict != SIGV4_MISMATCH || !claim->presigned || claim->token.len == 0)
        return verdict;

    /* A few services want the token to be added to the URL after it was signed. */
    query = sigv4_canonical_query_without(arena, request.query, signature_name, STR("X-Amz-Security-Token"));
    found->canonical_request = sigv4_canonical_join(arena, &request, query, &claim->signed_headers, &names);
    return compare(arena, claim, known, found);
}

struct sigv4_verification sigv4_verify(struct arena *arena, const struct sigv4_received *request,
                                       const struct sigv4_known *known)
{
    struct sigv4_verification found = {.verdict = SIGV4_OK};
    struct claim claim = {.presigned = false};
    found.verdict = read_claim(arena, request, &claim);
    if (found.verdict == SIGV4_OK)
        found.verdict = read_scope(arena, &claim, &found);
    if (found.verdict == SIGV4_OK)
        found.verdict = check_identity(&claim, known, found.access_key_id);
    if (found.verdict == SIGV4_OK)
        found.verdict = check_time(&claim, known, found.scope.time);
    if (found.verdict == SIGV4_OK)
        found.verdict = check_signature(arena, request, &claim, known, &found);
    return found;
}

enum style { STYLE_S3, STYLE_QUERY, STYLE_JSON, STYLE_COUNT };

/* The codes by service family: S3 API reference, "Error responses"; IAM User Guide, "Common errors". */
static const struct sigv4_complaint complaints[][STYLE_COUNT] = {
    [SIGV4_OK] = {{NULL, 200, ""}, {NULL, 200, ""}, {NULL, 200, ""}},
    [SIGV4_UNSIGNED] = {{"AccessDenied", 403, "Access Denied"},
                        {"MissingAuthenticationToken", 403, "Request is missing Authentication Token"},
                        {"MissingAuthenticationTokenException", 400, "Missing Authentication Token"}},
    [SIGV4_MALFORMED] = {{"AuthorizationHeaderMalformed", 400, "The authorization header is malformed"},
                         {"IncompleteSignature", 400, "The request signature does not conform to AWS standards"},
                         {"IncompleteSignatureException", 400,
                          "The request signature does not conform to AWS standards"}},
    [SIGV4_UNKNOWN_KEY] = {{"InvalidAccessKeyId", 403,
                            "The AWS Access Key Id you provided does not exist in our records."},
                           {"InvalidClientTokenId", 403, "The security token included in the request is invalid."},
                           {"UnrecognizedClientException", 400,
                            "The security token included in the request is invalid."}},
    [SIGV4_WRONG_TOKEN] = {{"InvalidToken", 400, "The provided token is malformed or otherwise invalid."},
                           {"InvalidClientTokenId", 403, "The security token included in the request is invalid."},
                           {"UnrecognizedClientException", 400,
                            "The security token included in the request is invalid."}},
    [SIGV4_UNSIGNED_HEADER] = {{"AccessDenied", 403, "There were headers present in the request which were not signed"},
                               {"SignatureDoesNotMatch", 403, "'Host' must be a signed header"},
                               {"InvalidSignatureException", 400, "'Host' must be a signed header"}},
    [SIGV4_NO_PAYLOAD_HASH] = {{"InvalidRequest", 400,
                                "Missing required header for this request: x-amz-content-sha256"},
                               {"SignatureDoesNotMatch", 403, "The payload is not hashed"},
                               {"InvalidSignatureException", 400, "The payload is not hashed"}},
    [SIGV4_WRONG_PAYLOAD] = {{"XAmzContentSHA256Mismatch", 400,
                              "The provided 'x-amz-content-sha256' header does not match what was computed."},
                             {"SignatureDoesNotMatch", 403, "The body is not the one that was signed"},
                             {"InvalidSignatureException", 400, "The body is not the one that was signed"}},
    [SIGV4_SKEWED] =
        {{"RequestTimeTooSkewed", 403, "The difference between the request time and the current time is too large."},
         {"SignatureDoesNotMatch", 403, "Signature expired: the request's time is too far from the server's"},
         {"InvalidSignatureException", 400, "Signature expired: the request's time is too far from the server's"}},
    [SIGV4_EXPIRED] = {{"AccessDenied", 403, "Request has expired"},
                       {"RequestExpired", 400, "Request has expired."},
                       {"ExpiredTokenException", 400, "Request has expired."}},
    [SIGV4_MISMATCH] = {{"SignatureDoesNotMatch", 403,
                         "The request signature we calculated does not match the signature you provided. Check your "
                         "key and signing method."},
                        {"SignatureDoesNotMatch", 403,
                         "The request signature we calculated does not match the signature you provided."},
                        {"InvalidSignatureException", 400,
                         "The request signature we calculated does not match the signature you provided."}},
    [SIGV4_FAILED] = {{"InternalError", 500, "The signature could not be computed"},
                      {"InternalFailure", 500, "The signature could not be computed"},
                      {"InternalFailure", 500, "The signature could not be computed"}},
};

struct sigv4_complaint sigv4_complaint(enum sigv4_verdict verdict, enum protocol protocol)
{
    static const enum style styles[] = {
        [PROTOCOL_QUERY] = STYLE_QUERY, [PROTOCOL_EC2] = STYLE_QUERY,      [PROTOCOL_JSON] = STYLE_JSON,
        [PROTOCOL_REST_XML] = STYLE_S3, [PROTOCOL_REST_JSON] = STYLE_JSON,
    };
    return complaints[verdict][styles[protocol]];
}
