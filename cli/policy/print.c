/* print.c: `exportcheck policy print`: a policy of the documentation, filled in, alone or merged into another.
 */
#include "cli/policy/policy.h"

#include "base/file.h"
#include "base/sink.h"
#include "cli/embedded.h"
#include "policy/template/merge.h"

static const struct str folder = STR_INIT("rules/policies/");

enum { POLICY_MAX = 1 << 20, TEMPLATES_MAX = 64, INDENT = 2 };

struct templates {
    struct template items[TEMPLATES_MAX];
    size_t count;
};

static bool load_templates(const struct program *program, struct templates *ret, struct error *error)
{
    ret->count = 0;
    for (size_t i = 0; i < embedded_file_count && ret->count < TEMPLATES_MAX; i++) {
        struct str path = str_from(embedded_files[i].path);
        struct str text = str_span(embedded_files[i].begin, embedded_files[i].end);
        if (!str_starts(path, folder))
            continue;
        if (!template_read(program->arena, path, text, &ret->items[ret->count], error))
            return false;
        ret->count++;
    }
    return true;
}

static bool find_template(const struct templates *templates, struct str name, const struct template **ret,
                          struct error *error)
{
    struct str names[TEMPLATES_MAX];
    for (size_t i = 0; i < templates->count; i++) {
        names[i] = templates->items[i].name;
        if (str_equal(names[i], name)) {
            *ret = &templates->items[i];
            return true;
        }
    }
    struct str nearest = str_nearest(name, names, templates->count);
    return error_set(error, ERROR_INPUT, "there is no template '%.*s'%s%.*s%s", STR_ARG(name),
                     nearest.len ? "; did you mean '" : "; 'exportcheck policy print' lists them", STR_ARG(nearest),
                     nearest.len ? "'?" : "");
}

static enum exit_status list_templates(struct program *program, const struct templates *templates)
{
    struct sink sink = sink_to_stream(program->output);
    for (size_t i = 0; i < templates->count; i++)
        sink_addf(&sink, "%-34.*s %.*s\n", STR_ARG(templates->items[i].name), STR_ARG(templates->items[i].title));
    return EXIT_STATUS_OK;
}

/* ---- Filling in ---- */

/* What goes into an ARN must not be a pattern, or end the ARN: the policy would say something else. */
static bool check_value(struct str value, const char *option, const char *allowed, struct error *error)
{
    for (ptrdiff_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && (c == '\0' || str_find_char(str_from(allowed), c, 0) < 0))
            return error_set(error, ERROR_INPUT, "--%s: '%.*s' holds a character that no such name has", option,
                             STR_ARG(value));
    }
    return true;
}

bool policy_check_values(const struct policy_command_options *options, struct error *error)
{
    struct str account = options->account_id;
    int64_t number;
    if (account.len && (account.len != 12 || !str_to_int64(account, &number) || number < 0))
        return error_set(error, ERROR_INPUT, "--account-id: '%.*s' is no account id: expected 12 digits",
                         STR_ARG(account));
    return check_value(options->bucket, "bucket", ".-_", error) &&
           check_value(options->optscale_principal, "optscale-principal", ":/+=,.@_-", error) &&
           check_value(options->prefix, "prefix", "!-_.'()/ ", error);
}

/* With a prefix, objects are read under it alone. Deliveries are not narrowed: creation tests the bucket's root. */
static bool narrow(struct program *program, const struct policy_command_options *options,
                   const struct template *template, const struct json **policy, struct error *error)
{
    struct str prefix = options->prefix;
    while (prefix.len && prefix.ptr[prefix.len - 1] == '/')
        prefix.len--;
    if (prefix.len == 0)
        return true;
    struct str resource =
        str_format(program->arena, "arn:aws:s3:::%.*s/%.*s/*", STR_ARG(options->bucket), STR_ARG(prefix));
    if (!template_narrow(program->arena, *policy, STR("GetObject"), &resource, 1, policy, error))
        return error_set(error, ERROR_INPUT, "--prefix: nothing in %.*s is limited to a prefix",
                         STR_ARG(template->name));
    return true;
}

static bool make_policy(struct program *program, const struct policy_command_options *options,
                        const struct template *template, const struct json **ret, struct error *error)
{
    struct template_value values[] = {{STR("bucket"), options->bucket},
                                      {STR("account_id"), options->account_id},
                                      {STR("optscale_principal"), options->optscale_principal}};
    if (!policy_check_values(options, error) ||
        !template_fill(program->arena, template, values, COUNT_OF(values), ret, error))
        return false;
    return narrow(program, options, template, ret, error);
}

/* ---- Merging ---- */

static void tell_change(const struct program *program, const struct merge_change *change)
{
    switch (change->kind) {
    case MERGE_ADDED: fprintf(program->errors, "exportcheck: statement %.*s was added\n", STR_ARG(change->sid)); break;
    case MERGE_REPLACED:
        fprintf(program->errors, "exportcheck: statement %.*s was replaced\n", STR_ARG(change->sid));
        break;
    case MERGE_RENAMED:
        fprintf(program->errors, "exportcheck: statement %.*s was added as %.*s, since another statement has its Sid\n",
                STR_ARG(change->wanted), STR_ARG(change->sid));
        break;
    case MERGE_PRESENT:
        fprintf(program->errors, "exportcheck: statement %.*s was there already\n", STR_ARG(change->sid));
        break;
    }
}

static void tell_result(const struct program *program, const struct template *template,
                        const struct merge_result *result)
{
    if (result->granted_before) {
        fprintf(program->errors, "exportcheck: the policy grants %.*s already; nothing was changed\n",
                STR_ARG(template->name));
        return;
    }
    for (size_t i = 0; i < result->change_count; i++)
        tell_change(program, &result->changes[i]);
    fprintf(program->errors, "exportcheck: %zu other statement%s stayed\n", result->kept, result->kept == 1 ? "" : "s");
    if (result->check.verdict == PROVE_PROVED)
        return;
    fprintf(program->errors, "exportcheck: warning: the result %s grant %.*s: %.*s\n",
            result->check.verdict == PROVE_REFUTED ? "still does not" : "may not", STR_ARG(template->name),
            STR_ARG(result->check.text));
}

static bool merge(struct program *program, const struct policy_command_options *options,
                  const struct template *template, const struct json **policy, struct error *error)
{
    struct str text;
    const struct json *existing;
    struct merge_result result;
    struct template_asker asker = {.resource_account = options->account_id};
    if (options->account_id.len)
        asker.principal = str_format(program->arena, "arn:aws:iam::%.*s:user/optscale", STR_ARG(options->account_id));
    else
        asker.principal = STR("arn:aws:iam::123456789012:user/optscale"); /* whose account it is does not matter */
    if (!file_read(program->arena, str_to_c(program->arena, options->merge), POLICY_MAX, &text, error) ||
        !json_parse(program->arena, options->merge, text, &json_limits_default, &existing, error))
        return false;
    /* `aws s3api get-bucket-policy` puts the policy, as text, into an object of its own. */
    struct str inner = json_find_string(existing, "Policy");
    if (inner.len && !json_find(existing, "Statement") &&
        !json_parse(program->arena, options->merge, inner, &json_limits_default, &existing, error))
        return false;
    if (!policy_merge(program->arena, existing, *policy, template->on_bucket, &asker, &result, error))
        return error_wrap(error, "%.*s", STR_ARG(options->merge));
    tell_result(program, template, &result);
    *policy = result.policy;
    return true;
}

static enum exit_status print_template(struct program *program, const struct policy_command_options *options,
                                       const struct template *template)
{
    struct error error;
    const struct json *policy;
    if (!make_policy(program, options, template, &policy, &error) ||
        (options->merge.len && !merge(program, options, template, &policy, &error))) {
        error_wrap(&error, "policy print");
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    }
    struct sink sink = sink_to_stream(program->output);
    json_write(&sink, policy, INDENT);
    sink_add_char(&sink, '\n');
    return EXIT_STATUS_OK;
}

enum exit_status policy_print(struct program *program, const struct policy_command_options *options,
                              const struct str *operands, size_t operand_count)
{
    struct templates *templates = arena_new(program->arena, struct templates);
    const struct template *template;
    struct error error;
    if (!load_templates(program, templates, &error))
        return command_fail(program, EXIT_STATUS_FAILURE, &error);
    if (operand_count == 0)
        return list_templates(program, templates);
    if (!find_template(templates, operands[0], &template, &error)) {
        error_wrap(&error, "policy print");
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    }
    return print_template(program, options, template);
}
