/* target.c: see target.h. */
#include "cli/target/target.h"

#include "account/facts/facts.h"
#include "base/file.h"
#include "optscale/model/build.h"
#include "policy/language/condition_value.h"

#include <stddef.h>
#include <string.h>

#define OPTION(name, member, argument, help)                                                                           \
    {                                                                                                                  \
        (name), 0, OPTION_STRING, offsetof(struct target_options, member), (argument), (help), NULL                    \
    }

const struct option target_option_rows[] = {
    OPTION("scenario", scenario, "NAME",
           "The section of OptScale's documentation: root-existing (default), root-new, linked, migrate-new-bucket, "
           "migrate-same-bucket"),
    OPTION("bucket", bucket, "NAME", "The S3 bucket of the export, as told to OptScale"),
    OPTION("export-name", export_name, "NAME", "The name of the export, as told to OptScale"),
    OPTION("prefix", prefix, "PREFIX", "The export path prefix, as told to OptScale"),
    {"export-type", 0, OPTION_STRING, offsetof(struct target_options, export_type), "TYPE",
     "The export type told to OptScale: cur2 (default) or legacy", "cur2|legacy"},
    OPTION("principal", principal, "WHO",
           "Whom OptScale connects as: an ARN, a user's name or an access key id (default: the caller, if a user)"),
    {"detect", 0, OPTION_STRING, offsetof(struct target_options, detect), "HOW",
     "OptScale's switch \"Automatically detect existing Data Exports\": auto or manual (default)", "auto|manual"},
    OPTION("account-id", account_id, "ID", "The AWS account, 12 digits, where no call can tell it"),
    OPTION("legacy-export-name", legacy_export_name, "NAME", "The legacy report that is migrated from"),
    OPTION("connected-accounts", connected_accounts, "FILE",
           "The accounts that are connected to OptScale: JSON, CSV, or an id a line"),
    OPTION("optscale-url", optscale_url, "URL", "OptScale's address, to read its data sources"),
    OPTION("optscale-organization", optscale_organization, "ID", "OptScale's organization: its id or name"),
    OPTION("optscale-ip", optscale_ip, "CIDR",
           "Where OptScale's requests come from, for policies that ask for aws:SourceIp: an address or a network, or "
           "several with commas between"),
    {"optscale-build", 0, OPTION_STRING, offsetof(struct target_options, optscale_build), "BUILD",
     "OptScale's build: S26 (softwareone-platform, the default), H26 or H24 (hystax, of August 2026 and October 2024)",
     "S26|H26|H24"},
    OPTION("optscale-principal", optscale_principal, "ARN",
           "Whom OptScale assumes the role as, where --principal is a role: the user or account that its trust policy "
           "has to name"),
    OPTION("target", file, "FILE", "Read these parameters from a JSON file; options prevail"),
    {.name = NULL},
};

const struct option account_option_rows[] = {
    {"profile", 0, OPTION_STRING, offsetof(struct account_options, profile), "NAME", "The AWS profile", NULL},
    {"region", 0, OPTION_STRING, offsetof(struct account_options, region), "REGION",
     "The AWS region of calls that are bound to none", NULL},
    {"endpoint-url", 0, OPTION_STRING, offsetof(struct account_options, endpoint_url), "URL",
     "Send every call to this address", NULL},
    {"assume-role", 0, OPTION_STRING, offsetof(struct account_options, assume_role), "ARN",
     "Act as this role, with the credentials that are found; where it is the principal, what it may do is tried", NULL},
    {"external-id", 0, OPTION_STRING, offsetof(struct account_options, external_id), "ID",
     "The external id that the role's trust policy asks for", NULL},
    {"show-config", 0, OPTION_FLAG, offsetof(struct account_options, show_config), NULL,
     "Say which settings and credentials are found where, and what is passed over; check nothing", NULL},
    {"insecure-endpoint", 0, OPTION_FLAG, offsetof(struct account_options, insecure_endpoint), NULL,
     "Allow an endpoint that is reached by plain http on another machine", NULL},
    {"timeout", 0, OPTION_INTEGER, offsetof(struct account_options, timeout), "SECONDS",
     "The time for reading the account (default: 300, and as much without a word from S3 while files of costs are read); what is "
     "missing then is unknown",
     NULL},
    {"max-connections", 0, OPTION_INTEGER, offsetof(struct account_options, max_connections), "N",
     "Ask at most N calls side by side (default: 64)", NULL},
    {"ledger", 0, OPTION_STRING, offsetof(struct account_options, ledger), "FILE",
     "Write a line of JSON for each call: operation, host, times, tries, status", NULL},
    {.name = NULL},
};

/* --- one member --- */

struct member_check {
    const char *name;
    bool (*is_valid)(struct str value);
    const char *expected; /* how the message says it */
};

static bool is_not_empty(struct str value)
{
    return value.len > 0;
}

static bool is_export_type(struct str value)
{
    return str_equal(value, STR("cur2")) || str_equal(value, STR("legacy"));
}

static bool is_detect(struct str value)
{
    return str_equal(value, STR("auto")) || str_equal(value, STR("manual"));
}

static bool is_account_id(struct str value)
{
    for (ptrdiff_t i = 0; i < value.len; i++) {
        if (value.ptr[i] < '0' || value.ptr[i] > '9')
            return false;
    }
    return value.len == 12;
}

static bool is_url(struct str value)
{
    struct str rest = value;
    if (str_starts(value, STR("https://")))
        rest = str_skip(value, 8);
    else if (str_starts(value, STR("http://")))
        rest = str_skip(value, 7);
    return rest.len > 0 && rest.len < value.len && rest.ptr[0] != '/';
}

static bool are_networks(struct str value)
{
    struct str one;
    bool more;
    do {
        struct value_network ignored;
        more = str_cut(&value, ',', &one);
        if (!value_read_network(one, &ignored))
            return false;
    } while (more);
    return true;
}

static bool is_build(struct str value)
{
    return optscale_build_find(value) != NULL;
}

static bool is_asker(struct str value)
{
    return is_account_id(value) || (str_starts(value, STR("arn:")) && str_contains(value, STR(":iam::")));
}

/* A prefix may be empty; what OptScale makes of the others' characters is what rules are for. */
static const struct member_check member_checks[] = {
    {"scenario", is_not_empty, "a scenario's name"},
    {"bucket", is_not_empty, "a bucket's name"},
    {"export_name", is_not_empty, "an export's name"},
    {"export_type", is_export_type, "cur2 or legacy"},
    {"principal", is_not_empty, "an ARN, a user's name or an access key id"},
    {"detect", is_detect, "auto or manual"},
    {"account_id", is_account_id, "an account id, 12 digits"},
    {"legacy_export_name", is_not_empty, "an export's name"},
    {"optscale_url", is_url, "a URL, http:// or https://"},
    {"optscale_organization", is_not_empty, "an organization's id or name"},
    {"optscale_principal", is_asker, "an ARN, such as arn:aws:iam::345678901234:root, or an account id"},
    {"optscale_ip", are_networks, "addresses or networks, such as 203.0.113.7 or 203.0.113.0/24, with commas between"},
    {"optscale_build", is_build, "S26, H26 or H24"},
};

/* `what` names the member as the user wrote it: "--bucket", or a file's place. */
static bool check_value(struct str member, struct str value, struct str what, struct error *error)
{
    for (size_t i = 0; i < COUNT_OF(member_checks); i++) {
        if (str_equal(member, str_from(member_checks[i].name)) && !member_checks[i].is_valid(value))
            return error_set(error, ERROR_INPUT, "%.*s: expected %s, not '%.*s'", STR_ARG(what),
                             member_checks[i].expected, STR_ARG(value));
    }
    return true;
}

/* --- a target as JSON --- */

struct reading {
    struct program *program;
    struct str file; /* empty: a snapshot's target */
    struct str text;
    struct error *error;
};

static struct str place_of(const struct reading *reading, const struct json_member *member)
{
    struct json_place place = json_place(reading->text, &member->value);
    if (reading->file.len == 0)
        return str_format(reading->program->arena, "target, '%.*s'", STR_ARG(member->name));
    return str_format(reading->program->arena, "%.*s:%d:%d: '%.*s'", STR_ARG(reading->file), place.line, place.column,
                      STR_ARG(member->name));
}

static bool is_target_field(struct str name)
{
    for (size_t i = 0; i < fact_target_field_count; i++) {
        if (str_equal(name, fact_target_fields[i]))
            return true;
    }
    return false;
}

static bool unknown_member(const struct reading *reading, const struct json_member *member)
{
    struct str nearest = str_nearest(member->name, fact_target_fields, fact_target_field_count);
    struct str place = place_of(reading, member);
    return error_set(reading->error, ERROR_INPUT, "%.*s: a target has no such member%s%.*s%s", STR_ARG(place),
                     nearest.len > 0 ? ": did you mean '" : "", STR_ARG(nearest), nearest.len > 0 ? "'?" : "");
}

/* A file that cannot be read is the command line's mistake (exit status 2), and not a failure of the program. */
static bool read_text(struct program *program, struct str path, struct str *ret, struct error *error)
{
    struct error cause;
    return file_read(program->arena, str_to_c(program->arena, path), json_limits_default.max_bytes, ret, &cause) ||
           error_set(error, ERROR_INPUT, "%s", cause.text);
}

static bool read_accounts_file(struct program *program, struct str path, const struct json **ret, struct error *error)
{
    struct str text;
    return read_text(program, path, &text, error) &&
           connected_accounts_read(program->arena, path, text, &program->log, ret, error);
}

/* A path in a file is meant from where the file lies. */
static struct str path_beside(const struct reading *reading, struct str path)
{
    ptrdiff_t slash = str_find_last_char(reading->file, '/');
    if (slash < 0 || str_starts(path, STR("/")))
        return path;
    return str_join3(reading->program->arena, str_slice(reading->file, 0, slash + 1), path, STR(""));
}

/* In a file the list itself, or the path of one. */
static bool read_accounts_member(const struct reading *reading, const struct json_member *member,
                                 const struct json **ret)
{
    struct arena *arena = reading->program->arena;
    if (member->value.type == JSON_STRING)
        return read_accounts_file(reading->program, path_beside(reading, member->value.string), ret, reading->error) ||
               error_wrap(reading->error, "%.*s", STR_ARG(place_of(reading, member)));
    if (member->value.type != JSON_ARRAY)
        return error_set(reading->error, ERROR_INPUT, "%.*s: expected a list or the name of a file",
                         STR_ARG(place_of(reading, member)));
    return connected_accounts_read(arena, place_of(reading, member), json_text(arena, &member->value, 0),
                                   &reading->program->log, ret, reading->error);
}

static bool read_member(const struct reading *reading, const struct json_member *member, struct json_builder *target)
{
    if (!is_target_field(member->name))
        return unknown_member(reading, member);
    if (member->value.type == JSON_NULL)
        return true;
    if (str_equal(member->name, STR("connected_accounts"))) {
        const struct json *list = NULL;
        if (!read_accounts_member(reading, member, &list))
            return false;
        json_build_set(target, member->name, *list);
        return true;
    }
    if (str_equal(member->name, STR("costs")) &&
        member->value.type == JSON_OBJECT) { /* sums, as check --costs kept them */
        json_build_set(target, member->name, member->value);
        return true;
    }
    if (member->value.type != JSON_STRING)
        return error_set(reading->error, ERROR_INPUT, "%.*s: expected a string, found %s",
                         STR_ARG(place_of(reading, member)), json_type_name(member->value.type));
    json_build_set(target, member->name, member->value);
    return check_value(member->name, member->value.string, place_of(reading, member), reading->error);
}

static bool read_object(const struct reading *reading, const struct json *object, struct json_builder *target)
{
    if (object->type != JSON_OBJECT)
        return error_set(reading->error, ERROR_INPUT, "%.*s: expected an object with the options' names, found %s",
                         STR_ARG(reading->file.len > 0 ? reading->file : STR("target")), json_type_name(object->type));
    for (size_t i = 0; i < object->count; i++) {
        if (!read_member(reading, &object->members[i], target))
            return false;
    }
    return true;
}

static bool read_file(struct program *program, struct str file, struct json_builder *target, struct error *error)
{
    struct reading reading = {program, file, {0}, error};
    const struct json *object = NULL;
    return read_text(program, file, &reading.text, error) &&
           json_parse(program->arena, file, reading.text, &json_limits_default, &object, error) &&
           read_object(&reading, object, target);
}

/* --- the options --- */

static bool add_option(struct program *program, const struct option *option, struct str value,
                       struct json_builder *target, struct error *error)
{
    /* "--export-name" is the member "export_name". */
    char *name = str_to_c(program->arena, str_from(option->name));
    for (char *c = name; *c; c++)
        *c = *c == '-' ? '_' : *c;
    struct str member = str_from(name);
    if (str_equal(member, STR("connected_accounts"))) {
        const struct json *list = NULL;
        if (!read_accounts_file(program, value, &list, error))
            return error_wrap(error, "--%s", option->name);
        json_build_set(target, member, *list);
        return true;
    }
    json_build_set(target, member, json_string(value));
    return check_value(member, value, str_format(program->arena, "--%s", option->name), error);
}

static bool add_options(struct program *program, const struct target_options *options, struct json_builder *target,
                        struct error *error)
{
    for (const struct option *option = target_option_rows; option->name; option++) {
        struct str value;
        memcpy(&value, (const char *)options + option->offset, sizeof value);
        if (option->offset == offsetof(struct target_options, file) || !value.ptr)
            continue;
        if (!add_option(program, option, value, target, error))
            return false;
    }
    return true;
}

static void add_default(struct json_builder *target, const char *name, const char *value)
{
    struct json built = json_built(target);
    if (!json_find(&built, name))
        json_build_set(target, str_from(name), json_string(str_from(value)));
}

bool target_read(struct program *program, const struct target_options *options, const struct json *otherwise,
                 const struct json **ret, struct error *error)
{
    struct json_builder target = json_build(program->arena, JSON_OBJECT);
    struct reading snapshot = {program, {0}, {0}, error};
    bool ok = true;
    if (options->file.len > 0)
        ok = read_file(program, options->file, &target, error);
    else if (otherwise)
        ok = read_object(&snapshot, otherwise, &target);
    if (!ok || !add_options(program, options, &target, error))
        return false;
    add_default(&target, "scenario", "root-existing");
    add_default(&target, "export_type", "cur2");
    add_default(&target, "detect", "manual");
    *ret = json_box(program->arena, json_built(&target));
    return true;
}
