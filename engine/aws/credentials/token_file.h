/*
 * token_file.h: the files in which the AWS CLI keeps the tokens of `aws sso login` and `aws login`: read, and written
 * back where a token was renewed, under a lock and with the file's own mode.
 */
#ifndef EXPORTCHECK_AWS_CREDENTIALS_TOKEN_FILE_H
#define EXPORTCHECK_AWS_CREDENTIALS_TOKEN_FILE_H

#include "aws/credentials/credentials.h"
#include "base/json/json.h"

enum { TOKEN_FILE_MAX = 256 << 10 };

/** For what such files hold, and for what the services answer. */
extern const struct json_limits token_limits;

/** The document, an object; NULL: there is none. Its secrets stay in the request's arena until token_file_forget(). */
const struct json *token_file_read(const struct credentials_request *request, struct str path);

/** Wipes what is secret in it, at any depth that these files have. */
void token_file_forget(const struct json *token);

/** What a kind of token is renewed by. */
struct token_renewal {
    const void *context;
    bool (*is_due)(const struct credentials_request *request, const void *context, const struct json *token);
    /** False, with the reason: the service did not answer, or refused. */
    bool (*ask)(const struct credentials_request *request, const void *context, const struct json *token,
                const struct json **ret, struct error *error);
};

/**
 * The token as it is in force: renewed and written back where that is due, or what another process renewed meanwhile.
 * Where it cannot be renewed it stays as it was, and `error` may say why (it is set to no text otherwise).
 */
const struct json *token_file_renew(const struct credentials_request *request, struct str path,
                                    const struct json *token, const struct token_renewal *renewal, struct error *error);

/** What asks the service for another token: OAuth's grant `refresh_token`, with the client's secret where it has one.
 */
struct str token_file_renewal_body(const struct credentials_request *request, const struct json *token);

/** A copy of the token with other members in place of its own, as the service has answered. */
struct json_builder token_file_copy(const struct credentials_request *request, const struct json *token);

#endif
