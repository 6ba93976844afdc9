/* first_steps.c: what the program says where no command is named: what it finds here, and what to run next. */
#include "cli/checking/exports.h"
#include "cli/rulebase.h"
#include "cli/target/live.h"

enum { ANSWER_SECONDS = 4, MARGIN = 15, PROFILES_SHOWN = 6 };

struct steps {
    struct program *program;
    struct source_options options;
    struct settings settings;
    struct source source;
    struct account_exports exports;
    struct error error; /* of what was tried last */
};

static void say(const struct steps *steps, const char *name, struct str text)
{
    fprintf(steps->program->errors, "  %-*s", MARGIN - 2, name);
    help_print_folded(steps->program->errors, str_to_c(steps->program->arena, text), MARGIN, MARGIN);
}

/* A command to copy, never folded, and what it is for, or "". */
static void say_command(const struct steps *steps, const char *name, const char *command, const char *remark)
{
    fprintf(steps->program->errors, "  %-*s%s%s%s%s\n", MARGIN - 2, name, command, *remark ? "   (" : "", remark,
            *remark ? ")" : "");
}

/* --- credentials -------------------------------------------------------------------------------------- */

static bool is_profile(const struct ini *file, const struct ini_section *section, const struct steps *steps,
                       struct str *ret)
{
    struct str kind;
    ini_split_name(section->name, &kind, ret);
    if (file == &steps->settings.credentials || str_equal(section->name, STR("default")))
        *ret = section->name;
    else if (!str_equal(kind, STR("profile")))
        return false;
    return !str_equal(*ret, steps->settings.profile);
}

/* Names a file's profiles but for the one in force, and those that another file named. */
static void add_profiles(const struct steps *steps, const struct ini *file, const struct ini *before, struct buf *buf,
                         size_t *count)
{
    struct str name;
    for (size_t i = 0; i < file->count && *count < PROFILES_SHOWN; i++) {
        if (is_profile(file, &file->sections[i], steps, &name) && !(before && ini_find(before, name)))
            buf_addf(buf, "%s%.*s", (*count)++ ? ", " : "", STR_ARG(name));
    }
}

static struct str other_profiles(const struct steps *steps)
{
    struct buf buf = buf_make(steps->program->arena, BUF_NO_MAX);
    size_t count = 0;
    add_profiles(steps, &steps->settings.credentials, NULL, &buf, &count);
    add_profiles(steps, &steps->settings.config, &steps->settings.credentials, &buf, &count);
    return buf_str(&buf);
}

/* No provider has a setting that makes it speak; the last, an instance's role, needs none, and was asked. */
static bool nothing_is_set(const struct steps *steps)
{
    size_t count;
    const struct credentials_place *places = credentials_places(&steps->settings, steps->program->arena, &count);
    for (size_t i = 0; i < count; i++) {
        if (places[i].setting.len > 0)
            return false;
    }
    return true;
}

static void say_no_credentials(const struct steps *steps)
{
    struct arena *arena = steps->program->arena;
    struct str others = other_profiles(steps);
    say(steps, "credentials",
        str_format(arena, "none for profile '%.*s', nor in the environment%s%.*s", STR_ARG(steps->settings.profile),
                   others.len ? "; other profiles: " : "", STR_ARG(others)));
    say(steps, "exports", STR("cannot be looked for without credentials"));
    say_command(steps, "next", others.len ? "export AWS_PROFILE=NAME" : "aws configure", "");
    say_command(steps, "then", "exportcheck init", "asks what to check");
}

/* They are set up wrongly, or have ended: the message says what to do. */
static void say_bad_credentials(const struct steps *steps)
{
    say(steps, "credentials", str_from(steps->error.text));
    say(steps, "exports", STR("cannot be looked for without credentials"));
    say_command(steps, "next", "exportcheck check --show-config", "what is set where");
}

static void say_credentials(const struct steps *steps)
{
    const struct credentials *used = live_credentials(steps->source.live);
    say(steps, "credentials",
        str_format(steps->program->arena, "%.*s (%.*s), region %.*s", STR_ARG(used->access_key_id),
                   STR_ARG(used->source), STR_ARG(steps->source.region)));
}

/* --- exports ------------------------------------------------------------------------------------------ */

static bool read_exports(struct steps *steps)
{
    static const struct rulebase_options embedded = {0};
    enum exit_status status;
    struct rule_base *base;
    const struct scenario *scenario;
    return rulebase_load(steps->program, &embedded, &base, &steps->error) &&
           rulebase_scenario(base, json_find_string(steps->source.target, "scenario"), &scenario, &steps->error) &&
           exports_read(steps->program, &steps->source, base, scenario, &steps->exports, &status, &steps->error);
}

static void say_importable(const struct steps *steps)
{
    struct arena *arena = steps->program->arena;
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    buf_addf(&buf, "%zu that OptScale can import:", steps->exports.importable);
    for (size_t i = 1; i <= steps->exports.importable; i++) {
        const struct found_export *found = exports_importable(&steps->exports, (int64_t)i);
        buf_addf(&buf, "%s %.*s (%.*s, s3://%.*s/%.*s)", i > 1 ? "," : "", STR_ARG(found->name), STR_ARG(found->type),
                 STR_ARG(found->bucket), STR_ARG(found->prefix));
    }
    say(steps, "exports", buf_str(&buf));
    say_command(steps, "next", "exportcheck init", "asks whom OptScale connects as");
    struct str command = exports_importable(&steps->exports, 1)->command;
    say_command(steps, "or at once", str_to_c(arena, str_join3(arena, command, STR(" --principal USER"), STR(""))), "");
}

/* Refused: as to OptScale's own key, which knows its export all the same. */
static void say_refused(const struct steps *steps, const struct answered_call *call)
{
    struct arena *arena = steps->program->arena;
    say(steps, "exports",
        str_format(arena, "%s:%s is refused to these credentials, so they cannot be listed",
                   call->call.operation->service->id, call->call.operation->name));
    say_command(steps, "next", "exportcheck check --bucket BUCKET --export-name NAME --prefix PREFIX",
                "as in OptScale");
    say_command(steps, "or", "exportcheck policy permissions", "what credentials need to list and read all");
}

/* What kept the exports from being read; what is no refusal is seen better with more time. */
static void say_trouble(const struct steps *steps, const struct answered_call *call)
{
    if (answer_is_denied(&call->answer)) {
        say_refused(steps, call);
        return;
    }
    struct str text = exports_trouble_text(steps->program, call);
    say(steps, "exports", str_join3(steps->program->arena, STR("could not be listed: "), text, STR("")));
    say_command(steps, "next", "exportcheck check --verbose", "waits longer");
}

static void say_exports(struct steps *steps)
{
    if (!read_exports(steps)) { /* the session has ended, or the key is none of AWS's: the message says what to do */
        say(steps, "exports", str_from(steps->error.text));
        say_command(steps, "next", "exportcheck check --show-config", "what is set where");
    } else if (steps->exports.importable > 0) {
        say_importable(steps);
    } else if (exports_trouble(&steps->exports)) {
        say_trouble(steps, exports_trouble(&steps->exports));
    } else {
        say(steps, "exports",
            steps->exports.count ? STR("none that OptScale can import") : STR("none in this account"));
        say_command(steps, "next", "exportcheck check --scenario root-new", "OptScale will make one");
        say_command(steps, "or", "exportcheck check --scenario linked", "another account has it");
    }
}

/* --- all ---------------------------------------------------------------------------------------------- */

static void look(struct steps *steps)
{
    enum exit_status status;
    if (!live_settings(steps->program, &steps->options.account, &steps->settings, &steps->error)) {
        say_bad_credentials(steps);
    } else if (source_open(steps->program, &steps->options, &steps->source, &status, &steps->error)) {
        say_credentials(steps);
        say_exports(steps);
    } else if (nothing_is_set(steps)) {
        say_no_credentials(steps);
    } else {
        say_bad_credentials(steps);
    }
}

enum exit_status first_steps(struct program *program)
{
    struct program silent = *program;
    silent.errors_is_terminal = false; /* no progress */
    struct steps steps = {.program = &silent,
                          .options = {.account = {.timeout = ANSWER_SECONDS}, .quiet = true, .unattended = true}};
    fputs("exportcheck: is an AWS account ready to hand its billing exports to OptScale?\n\n", program->errors);
    look(&steps);
    say_command(&steps, "no account?", "exportcheck demo", "checks a sample account that has faults");
    say_command(&steps, "all commands", "exportcheck help", "");
    return EXIT_STATUS_USAGE;
}
