/* settings.c: see settings.h. */
#include "aws/settings/settings.h"

#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_REGION "us-east-1"
enum { MAX_ATTEMPTS = 100 };

struct str settings_env(const struct settings *settings, const char *name)
{
    size_t length = strlen(name);
    for (char **entry = settings->environment; entry && *entry; entry++)
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
            return str_from(*entry + length + 1);
    return STR("");
}

bool settings_env_is_true(const struct settings *settings, const char *name)
{
    return str_equal_nocase(settings_env(settings, name), STR("true"));
}

struct str settings_expand_home(const struct settings *settings, struct str path)
{
    if (!str_starts(path, STR("~/")))
        return path;
    struct str home = settings_env(settings, "HOME");
    return home.len > 0 ? str_join3(settings->arena, home, STR(""), str_skip(path, 1)) : STR("");
}

static struct str first_of(const struct str *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (values[i].len > 0)
            return values[i];
    return STR("");
}

#define FIRST_OF(...) first_of((const struct str[]){__VA_ARGS__}, COUNT_OF(((const struct str[]){__VA_ARGS__})))

static bool read_ini(const struct settings *settings, struct str path, struct ini *ret, struct error *error)
{
    *ret = (struct ini){.path = path};
    const char *name = str_to_c(settings->arena, path);
    struct str text;
    if (path.len == 0 || (access(name, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)))
        return true;
    struct error why;
    if (!file_read(settings->arena, name, INI_BYTES_MAX, &text, &why))
        return error_set(error, ERROR_INPUT, "%s", why.text);
    return ini_parse(settings->arena, path, text, ret, error);
}

static bool check_profile(const struct settings *settings, struct error *error)
{
    if (settings_has_profile(settings, settings->profile))
        return true;
    bool by_option = settings->options.profile.len > 0;
    if (!by_option && str_equal(settings->profile, STR("default")))
        return true;
    return error_set(error, ERROR_INPUT, "profile '%.*s' (%s) is in neither %.*s nor %.*s", STR_ARG(settings->profile),
                     by_option ? "--profile" : "AWS_PROFILE", STR_ARG(settings->config_path),
                     STR_ARG(settings->credentials_path));
}

bool settings_load(struct arena *arena, char **environment, const struct settings_options *options,
                   struct settings *ret, struct error *error)
{
    struct settings settings = {.arena = arena, .environment = environment, .options = *options};
    settings.profile = FIRST_OF(options->profile, settings_env(&settings, "AWS_PROFILE"),
                                settings_env(&settings, "AWS_DEFAULT_PROFILE"), STR("default"));
    settings.config_path =
        settings_expand_home(&settings, FIRST_OF(settings_env(&settings, "AWS_CONFIG_FILE"), STR("~/.aws/config")));
    settings.credentials_path = settings_expand_home(
        &settings, FIRST_OF(settings_env(&settings, "AWS_SHARED_CREDENTIALS_FILE"), STR("~/.aws/credentials")));
    if (!read_ini(&settings, settings.config_path, &settings.config, error) ||
        !read_ini(&settings, settings.credentials_path, &settings.credentials, error) ||
        !check_profile(&settings, error))
        return false;
    *ret = settings;
    return true;
}

const struct ini_section *settings_section(const struct settings *settings, const char *kind, struct str name)
{
    for (size_t i = 0; i < settings->config.count; i++) {
        struct str found_kind;
        struct str found_name;
        ini_split_name(settings->config.sections[i].name, &found_kind, &found_name);
        if (str_equal(found_kind, str_from(kind)) && str_equal(found_name, name))
            return &settings->config.sections[i];
    }
    return NULL;
}

/* `[profile default]` goes before `[default]`, as in the SDKs. */
const struct ini_section *settings_config_section(const struct settings *settings, struct str profile)
{
    const struct ini_section *section = settings_section(settings, "profile", profile);
    if (!section && str_equal(profile, STR("default")))
        section = ini_find(&settings->config, profile);
    return section;
}

const struct ini_section *settings_credentials_section(const struct settings *settings, struct str profile)
{
    return ini_find(&settings->credentials, profile);
}

bool settings_has_profile(const struct settings *settings, struct str profile)
{
    return settings_config_section(settings, profile) || settings_credentials_section(settings, profile);
}

struct str settings_value(const struct settings *settings, struct str profile, const char *key)
{
    const struct ini_entry *entry = ini_entry(settings_credentials_section(settings, profile), STR(""), str_from(key));
    if (!entry)
        entry = ini_entry(settings_config_section(settings, profile), STR(""), str_from(key));
    return entry ? entry->value : STR("");
}

static struct str own_value(const struct settings *settings, const char *key)
{
    return settings_value(settings, settings->profile, key);
}

struct str settings_region(const struct settings *settings)
{
    return FIRST_OF(settings->options.region, settings_env(settings, "AWS_REGION"),
                    settings_env(settings, "AWS_DEFAULT_REGION"), own_value(settings, "region"), STR(DEFAULT_REGION));
}

static struct str services_endpoint(const struct settings *settings, const char *service_env)
{
    struct str name = own_value(settings, "services");
    const struct ini_section *section = name.len > 0 ? settings_section(settings, "services", name) : NULL;
    const struct ini_entry *entry =
        ini_entry(section, str_lower(settings->arena, str_from(service_env)), STR("endpoint_url"));
    return entry ? entry->value : STR("");
}

struct str settings_endpoint_url(const struct settings *settings, const char *service_env)
{
    if (settings->options.endpoint_url.len > 0)
        return settings->options.endpoint_url;
    if (settings_env_is_true(settings, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") ||
        str_equal_nocase(own_value(settings, "ignore_configured_endpoint_urls"), STR("true")))
        return STR("");
    struct str variable = str_format(settings->arena, "AWS_ENDPOINT_URL_%s", service_env);
    return FIRST_OF(settings_env(settings, str_to_c(settings->arena, variable)),
                    settings_env(settings, "AWS_ENDPOINT_URL"), services_endpoint(settings, service_env),
                    own_value(settings, "endpoint_url"));
}

static bool is_on(const struct settings *settings, const char *variable, const char *key)
{
    return str_equal_nocase(FIRST_OF(settings_env(settings, variable), own_value(settings, key)), STR("true"));
}

bool settings_use_fips(const struct settings *settings)
{
    return is_on(settings, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
}

bool settings_use_dual_stack(const struct settings *settings)
{
    return is_on(settings, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
}

enum addressing settings_addressing(const struct settings *settings)
{
    static const struct {
        struct str name;
        enum addressing addressing;
    } styles[] = {{STR_INIT("virtual"), ADDRESSING_VIRTUAL}, {STR_INIT("path"), ADDRESSING_PATH}};
    const struct ini_entry *entry =
        ini_entry(settings_config_section(settings, settings->profile), STR("s3"), STR("addressing_style"));
    for (size_t i = 0; entry && i < COUNT_OF(styles); i++)
        if (str_equal(entry->value, styles[i].name))
            return styles[i].addressing;
    return ADDRESSING_AUTO;
}

struct endpoint_query settings_endpoint_query(const struct settings *settings, const char *service,
                                              const char *service_env, struct str region)
{
    return (struct endpoint_query){.service = str_from(service),
                                   .region = region,
                                   .custom = settings_endpoint_url(settings, service_env),
                                   .fips = settings_use_fips(settings),
                                   .dual_stack = settings_use_dual_stack(settings),
                                   .plain_http = settings->options.insecure_endpoint};
}

struct str settings_ca_bundle(const struct settings *settings)
{
    struct str path = FIRST_OF(settings_env(settings, "AWS_CA_BUNDLE"), own_value(settings, "ca_bundle"));
    return settings_expand_home(settings, path);
}

int settings_max_attempts(const struct settings *settings)
{
    int64_t attempts;
    struct str text = FIRST_OF(settings_env(settings, "AWS_MAX_ATTEMPTS"), own_value(settings, "max_attempts"));
    if (!str_to_int64(text, &attempts) || attempts < 1)
        return 0;
    return attempts > MAX_ATTEMPTS ? MAX_ATTEMPTS : (int)attempts;
}
