/* token_file.c: see token_file.h. */
#include "aws/credentials/token_file.h"

#include "base/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

const struct json_limits token_limits = {TOKEN_FILE_MAX, 16};

const struct json *token_file_read(const struct credentials_request *request, struct str path)
{
    struct str text;
    const struct json *document = NULL;
    if (path.len == 0 || !file_read(request->arena, str_to_c(request->arena, path), TOKEN_FILE_MAX, &text, NULL))
        return NULL;
    bool ok = json_parse(request->arena, path, text, &token_limits, &document, NULL);
    secret_wipe_view(text);
    return ok && document->type == JSON_OBJECT ? document : NULL;
}

void token_file_forget(const struct json *token)
{
    static const char *const secrets[] = {"accessToken", "refreshToken",    "clientSecret", "dpopKey",
                                          "idToken",     "secretAccessKey", "sessionToken"};
    const struct json *keys = json_find(token, "accessToken"); /* of `aws login`: an object */
    for (size_t i = 0; i < COUNT_OF(secrets); i++) {
        secret_wipe_view(json_find_string(token, secrets[i]));
        secret_wipe_view(json_find_string(keys, secrets[i]));
    }
}

struct str token_file_renewal_body(const struct credentials_request *request, const struct json *token)
{
    struct json_builder body = json_build(request->arena, JSON_OBJECT);
    struct str secret = json_find_string(token, "clientSecret");
    json_build_append(&body, STR("clientId"), json_string(json_find_string(token, "clientId")));
    if (secret.len > 0)
        json_build_append(&body, STR("clientSecret"), json_string(secret));
    json_build_append(&body, STR("grantType"), json_string(STR("refresh_token")));
    json_build_append(&body, STR("refreshToken"), json_string(json_find_string(token, "refreshToken")));
    return json_text(request->arena, json_box(request->arena, json_built(&body)), 0);
}

struct json_builder token_file_copy(const struct credentials_request *request, const struct json *token)
{
    struct json_builder copy = json_build(request->arena, JSON_OBJECT);
    for (size_t i = 0; i < token->count; i++)
        json_build_append(&copy, token->members[i].name, token->members[i].value);
    return copy;
}

static void unlock(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static unsigned mode_of(int fd)
{
    struct stat stat;
    return fstat(fd, &stat) == 0 ? (unsigned)stat.st_mode & 0777 : 0600;
}

/* A folder that cannot be written to costs only the next renewal. */
static void write_back(const struct credentials_request *request, struct str path, const struct json *token, int fd)
{
    struct str text = json_text(request->arena, token, 2);
    bool kept = file_write(str_to_c(request->arena, path), text, mode_of(fd), NULL);
    (void)kept;
    secret_wipe_view(text);
}

/* Whoever waited for the lock finds the token that another process has renewed, and asks for none. */
const struct json *token_file_renew(const struct credentials_request *request, struct str path,
                                    const struct json *token, const struct token_renewal *renewal, struct error *error)
{
    error->text[0] = '\0';
    if (!renewal->is_due(request, renewal->context, token))
        return token;
    CLEANUP(unlock) int fd = open(str_to_c(request->arena, path), O_RDONLY | O_CLOEXEC);
    const struct json *fresh = fd >= 0 && flock(fd, LOCK_EX) == 0 ? token_file_read(request, path) : token;
    if (!fresh)
        return token;
    if (renewal->is_due(request, renewal->context, fresh) &&
        renewal->ask(request, renewal->context, fresh, &fresh, error))
        write_back(request, path, fresh, fd);
    return fresh;
}
