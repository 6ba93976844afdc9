/*
 * credentials.h: whose requests are signed. A chain of providers, in the order of the AWS CLI
 * (aws-cli v2, "Configuration settings and precedence"); each provider is one file behind one
 * struct credentials_provider. The first that has something decides: one that is set up wrongly
 * is an error, never passed over.
 */
#ifndef EXPORTCHECK_AWS_CREDENTIALS_CREDENTIALS_H
#define EXPORTCHECK_AWS_CREDENTIALS_CREDENTIALS_H

#include "aws/crypto/secret.h"
#include "aws/http/authenticate.h"
#include "aws/settings/settings.h"
#include "base/buf.h"
#include "base/error.h"

struct credentials {
    struct str access_key_id; /* not a secret */
    const struct secret *secret_key;
    const struct secret *session_token; /* NULL: long-term keys */
    int64_t expires;                    /* seconds since 1970; 0: never, or unknown */
    const char *provider;               /* its name, as credentials_places() has it */
    struct str source;                  /* for people: "environment", "profile 'x' in ~/.aws/credentials" */
    struct str renewal;                 /* for people: what to do when they are accepted no longer */
};

/** Who is asked for the code of an MFA device, on a terminal; `otherwise` is the error where there is none. */
struct credentials_prompt {
    void *self;
    bool (*ask)(void *self, struct str question, struct str otherwise, const struct secret **ret,
                struct error *error); /* NULL: nobody is */
};

/** What a provider may use. */
struct credentials_request {
    struct arena *arena; /* the credentials live here */
    const struct settings *settings;
    struct str profile;
    bool environment_is_skipped;               /* a profile was named by option or by another profile */
    const struct authenticator *authenticator; /* NULL: providers that need the network fail */
    struct credentials_prompt prompt;
    int64_t now;
    int64_t deadline_ms; /* clock_milliseconds() by which a program has to be done; 0: within its own time */
    int depth;           /* of profiles that assume roles through each other */
};

enum provided {
    PROVIDED,        /* *ret is set */
    PROVIDED_NOT,    /* this provider is not set up: the next one is asked */
    PROVIDED_WRONGLY /* it is, and does not work; the error says why */
};

struct credentials_provider {
    const char *name;
    const char *place; /* where it looks, for the message that nothing was found; NULL: said by another */
    enum provided (*provide)(const struct credentials_request *request, struct credentials *ret, struct error *error);
};

extern const struct credentials_provider credentials_from_environment;
extern const struct credentials_provider credentials_from_assumed_role;
extern const struct credentials_provider credentials_from_web_identity;
extern const struct credentials_provider credentials_from_sso;
extern const struct credentials_provider credentials_from_credentials_file;
extern const struct credentials_provider credentials_from_login;
extern const struct credentials_provider credentials_from_process;
extern const struct credentials_provider credentials_from_config_file;
extern const struct credentials_provider credentials_from_container;
extern const struct credentials_provider credentials_from_instance;

/**
 * Asks the providers in order. False: code "credentials" where none has any (the text says where
 * was looked) or they have ended, else the error of the one that is set up wrongly.
 */
bool credentials_find(const struct credentials_request *request, struct credentials *ret,
                      struct error *error) MUST_CHECK;

/** The same, and then the role of --assume-role, if one is told. */
bool credentials_find_in_force(const struct credentials_request *request, struct credentials *ret,
                               struct error *error) MUST_CHECK;

/** The names of the providers in their order, and the settings that make each of them speak. */
struct credentials_place {
    const char *provider;
    struct str setting; /* a variable or a profile's key that is set: never its value; empty: none is */
};
const struct credentials_place *credentials_places(const struct settings *settings, struct arena *arena,
                                                   size_t *ret_count);

/** The profile's own keys, from either file: the source of an assumed role. */
bool credentials_of_profile(const struct credentials_request *request, struct str profile, struct credentials *ret,
                            struct error *error) MUST_CHECK;

/** Whether credentials end within `margin` seconds of `now`. */
bool credentials_end_soon(const struct credentials *credentials, int64_t now, int64_t margin);

/**
 * Makes credentials from the three texts that services and programs give, and wipes them where they
 * stood. `expires` is a time in any form of clock.h, or empty.
 */
bool credentials_make(struct arena *arena, struct str access_key_id, struct str secret_key, struct str session_token,
                      struct str expires, struct credentials *ret, struct error *error) MUST_CHECK;

/**
 * Reads the JSON document that metadata services and programs answer: AccessKeyId, SecretAccessKey,
 * a session token under `token_name`, Expiration. The text and what was read of it are wiped.
 */
bool credentials_read_json(struct arena *arena, struct str text, const char *token_name, struct credentials *ret,
                           struct error *error) MUST_CHECK;

#define ERROR_CREDENTIALS "credentials"

/** How many profiles may lie between the one that is used and the keys that it rests on. */
enum { CREDENTIALS_DEPTH_MAX = 8 };

#endif
