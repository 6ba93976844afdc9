/*
 * settings.h: what the user has set for all AWS tools: the environment and the files
 * `~/.aws/config` and `~/.aws/credentials` with their profiles.
 *
 * Sources: AWS CLI User Guide, "Configuration and credential file settings" and "Environment
 * variables"; AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
 */
#ifndef EXPORTCHECK_AWS_SETTINGS_SETTINGS_H
#define EXPORTCHECK_AWS_SETTINGS_SETTINGS_H

#include "aws/settings/endpoint.h"
#include "aws/settings/ini.h"

/** What the command line says; it goes before everything else. Empty: not given. */
struct settings_options {
    struct str profile;
    struct str region;
    struct str endpoint_url;
    struct str assume_role; /* an ARN */
    struct str external_id;
    bool insecure_endpoint; /* plain http to other machines is allowed */
};

struct settings {
    struct arena *arena;
    char **environment; /* as `environ`; NULL: an empty one */
    struct settings_options options;
    struct str profile;     /* the one in force: --profile, AWS_PROFILE, AWS_DEFAULT_PROFILE or "default" */
    struct str config_path; /* empty: neither a variable nor HOME says where */
    struct str credentials_path;
    struct ini config;
    struct ini credentials;
};

/**
 * Reads the files (a missing one is no error). False, code "input": a file that is malformed
 * (`path:line: …`) or unreadable, or a profile that was named and is in neither file.
 */
bool settings_load(struct arena *arena, char **environment, const struct settings_options *options,
                   struct settings *ret, struct error *error) MUST_CHECK;

/** An environment variable, or the empty view. */
struct str settings_env(const struct settings *settings, const char *name);
/** Whether an environment variable says "true", in any case. */
bool settings_env_is_true(const struct settings *settings, const char *name);

/** Whether one of the files has the profile. */
bool settings_has_profile(const struct settings *settings, struct str profile);
/** A profile's value: that of the credentials file, else that of the config file, else empty. */
struct str settings_value(const struct settings *settings, struct str profile, const char *key);
/** The profile's sections in each file, or NULL. */
const struct ini_section *settings_config_section(const struct settings *settings, struct str profile);
const struct ini_section *settings_credentials_section(const struct settings *settings, struct str profile);
/** A section of the config file by kind and name: `[sso-session NAME]`, `[services NAME]`. */
const struct ini_section *settings_section(const struct settings *settings, const char *kind, struct str name);

/** The region in force: --region, AWS_REGION, AWS_DEFAULT_REGION, the profile's, else us-east-1. */
struct str settings_region(const struct settings *settings);

/**
 * The custom endpoint of a service, or the empty view: --endpoint-url, AWS_ENDPOINT_URL_<SERVICE>,
 * AWS_ENDPOINT_URL, the profile's `services` section, the profile's endpoint_url. `service_env` is
 * the service's id as the variable writes it: "BCM_DATA_EXPORTS". With
 * AWS_IGNORE_CONFIGURED_ENDPOINT_URLS (or ignore_configured_endpoint_urls) the first alone counts.
 */
struct str settings_endpoint_url(const struct settings *settings, const char *service_env);

/** AWS_USE_FIPS_ENDPOINT / use_fips_endpoint, AWS_USE_DUALSTACK_ENDPOINT / use_dualstack_endpoint. */
bool settings_use_fips(const struct settings *settings);
bool settings_use_dual_stack(const struct settings *settings);
/** `addressing_style` under `s3` in the profile. */
enum addressing settings_addressing(const struct settings *settings);
/** The question for endpoint_resolve(), with all that is set; `service` is our id of it. */
struct endpoint_query settings_endpoint_query(const struct settings *settings, const char *service,
                                              const char *service_env, struct str region);
/** AWS_CA_BUNDLE / ca_bundle: a file, or empty. */
struct str settings_ca_bundle(const struct settings *settings);
/** AWS_MAX_ATTEMPTS / max_attempts: tries in total, 1 to 100; 0 where nothing (or no number) is set. */
int settings_max_attempts(const struct settings *settings);

/** `~/x` with the home folder in place of `~`; another path as it is; empty where HOME is not set. */
struct str settings_expand_home(const struct settings *settings, struct str path);

#endif
