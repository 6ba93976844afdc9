/* show.c: `exportcheck rules show`: a rule as a person would explain it. */
#include "cli/rules/rules.h"

#include "checks/registry.h"
#include "checks/value.h"

/* All that the lines of an explanation share. */
struct showing {
    FILE *stream;
    struct arena *arena;
    const struct rule_base *base;
    const struct rule *rule;
};

static void heading(const struct showing *s, const char *text)
{
    fprintf(s->stream, "\n%s\n", text);
}

/* --- a text, or a choice of texts --- */

/* `pass      TEXT`, and for a choice a line for each wording with its condition; nothing where there is no text. */
static void print_text(const struct showing *s, const char *label, const struct json *text)
{
    if (json_is(text, JSON_STRING))
        fprintf(s->stream, "  %-9s %.*s\n", label, STR_ARG(text->string));
    for (size_t i = 0; json_is(text, JSON_ARRAY) && i < text->count; i++) {
        const struct json *item = &text->items[i];
        const char *shown = i == 0 ? label : "";
        if (item->type == JSON_STRING)
            fprintf(s->stream, "  %-9s otherwise: %.*s\n", shown, STR_ARG(item->string));
        else
            fprintf(s->stream, "  %-9s where %.*s: %.*s\n", shown, STR_ARG(json_find_string(item, "when")),
                    STR_ARG(json_find_string(item, "is")));
    }
}

/* --- what is asked of AWS --- */

static bool find_info(const struct rule_base *base, struct str name, struct fact_info *ret)
{
    for (size_t i = 0; i < facts_count(base->declarations); i++) {
        *ret = facts_info(base->declarations, i);
        if (str_equal(ret->name, name))
            return true;
    }
    return false;
}

static void add_calls(const struct showing *s, struct str fact, struct name_list *calls)
{
    size_t count;
    const struct str *names = facts_closure(s->base->declarations, s->arena, fact, &count);
    for (size_t i = 0; i < count; i++) {
        struct fact_info info;
        if (!find_info(s->base, names[i], &info) || !info.operation)
            continue;
        bool same = str_equal(str_from(info.operation->iam_action), info.call);
        name_list_add(s->arena, calls,
                      same ? info.call
                           : str_format(s->arena, "%.*s, which needs the permission %s", STR_ARG(info.call),
                                        info.operation->iam_action));
    }
}

static void print_calls(const struct showing *s)
{
    struct name_list calls = {0};
    for (size_t i = 0; i < s->rule->fact_count; i++)
        add_calls(s, s->rule->facts[i], &calls);
    heading(s, "What is asked of AWS, as far as it is needed");
    if (calls.count == 0)
        fprintf(s->stream, "  nothing\n");
    for (size_t i = 0; i < calls.count; i++)
        fprintf(s->stream, "  %.*s\n", STR_ARG(calls.items[i]));
}

/* --- what must hold --- */

static const char *summary_of(struct str kind)
{
    for (size_t i = 0; check_kinds[i]; i++) {
        if (str_equal(str_from(check_kinds[i]->name), kind))
            return check_kinds[i]->summary;
    }
    return "";
}

static void print_check(const struct showing *s, const struct json *check, int indent);

/* A field of a definition; the items of a list of objects have a line each. */
static void print_field(const struct showing *s, struct str name, const struct json *value, int indent)
{
    bool list = value->type == JSON_ARRAY && value->count > 0 && value->items[0].type == JSON_OBJECT;
    struct str text = value->type == JSON_STRING ? value->string : json_text(s->arena, value, 0);
    fprintf(s->stream, "%*s%.*s:%s%.*s\n", indent, "", STR_ARG(name), list ? "" : " ", STR_ARG(list ? STR("") : text));
    for (size_t i = 0; list && i < value->count; i++)
        fprintf(s->stream, "%*s%.*s\n", indent + 2, "", STR_ARG(json_text(s->arena, &value->items[i], 0)));
}

/* What the kind does, what it does it to, and the checks within it. */
static void print_kind(const struct showing *s, const struct json *check, int indent)
{
    const struct json *checks = json_find(check, "checks");
    fprintf(s->stream, "%*s%s:\n", indent, "", summary_of(json_find_string(check, "kind")));
    for (size_t i = 0; i < check->count; i++) {
        const struct json_member *member = &check->members[i];
        if (!str_equal(member->name, STR("kind")) && !str_starts(member->name, STR("check")))
            print_field(s, member->name, &member->value, indent + 2);
    }
    for (size_t i = 0; checks && i < checks->count; i++)
        print_check(s, &checks->items[i], indent + 2);
    if (json_find(check, "check"))
        print_check(s, json_find(check, "check"), indent + 2);
}

/* NOLINTNEXTLINE(misc-no-recursion): json_limits_default.max_depth */
static void print_check(const struct showing *s, const struct json *check, int indent)
{
    if (str_equal(json_find_string(check, "kind"), STR("value")))
        fprintf(s->stream, "%*s%.*s\n", indent, "", STR_ARG(value_sentence(s->arena, check)));
    else
        print_kind(s, check, indent);
}

/* The facts that the check and the conditions speak of, as their declarations explain them. */
static void print_facts(const struct showing *s)
{
    for (size_t i = 0; i < s->rule->fact_count; i++) {
        struct fact_info info;
        if (find_info(s->base, s->rule->facts[i], &info))
            fprintf(s->stream, "  %s%.*s: %.*s\n", i == 0 ? "where " : "      ", STR_ARG(info.name),
                    STR_ARG(info.what));
    }
}

static void print_condition(const struct showing *s)
{
    const struct rule *rule = s->rule;
    const struct json *for_each = json_find(rule->source, "for_each");
    heading(s, "What must hold");
    if (for_each)
        fprintf(s->stream, "  for each of %.*s\n", STR_ARG(for_each->string));
    print_check(s, json_find(rule->source, "check"), 2);
    print_facts(s);
    for (size_t i = 0; i < rule->parameters->count; i++)
        fprintf(s->stream, "  parameter.%.*s is %.*s, unless --set says otherwise\n",
                STR_ARG(rule->parameters->members[i].name),
                STR_ARG(json_text(s->arena, &rule->parameters->members[i].value, 0)));
}

/* --- what each outcome says --- */

static void print_skip(const struct showing *s)
{
    const struct json *when = json_find(s->rule->source, "when");
    if (when)
        fprintf(s->stream, "  %-9s unless %.*s\n", "skip", STR_ARG(when->string));
    print_text(s, when ? "" : "skip", json_find(s->rule->source, "skip_reason"));
}

static void print_unknown(const struct showing *s)
{
    const struct json *known = json_find(s->rule->source, "known");
    fprintf(s->stream,
            "  %-9s where one of these calls is refused or fails: the message says which permission is missing\n",
            "unknown");
    if (known)
        fprintf(s->stream, "  %-9s where %.*s is not known:\n", "", STR_ARG(json_find_string(known, "value")));
    print_text(s, "", json_find(known, "otherwise"));
    for (size_t i = 0; i < s->rule->need_count; i++)
        fprintf(s->stream, "  %-9s where %.*s does not hold\n", "", STR_ARG(s->rule->needs[i]));
}

static void print_pending(const struct showing *s)
{
    const struct json *pending = json_find(s->rule->source, "pending");
    if (!pending)
        return;
    fprintf(s->stream, "  %-9s in place of a failure, where %.*s; until\n", "pending",
            STR_ARG(json_find_string(pending, "when")));
    print_text(s, "", json_find(pending, "until"));
}

static void print_outcomes(const struct showing *s)
{
    const struct json *message = json_find(s->rule->source, "message");
    const struct json *pass = json_find(message, "pass");
    const struct json *fail = json_find(message, "fail");
    struct json title = json_string(s->rule->title);
    struct json found = json_string(STR("what was expected, and what was found"));
    heading(s, "What each outcome says");
    print_text(s, "pass", pass ? pass : &title);
    print_text(s, "fail", fail ? fail : &found);
    print_text(s, "", json_find(s->rule->source, "effect"));
    print_pending(s);
    print_unknown(s);
    print_skip(s);
}

/* --- the rest --- */

static void print_severity(const struct showing *s)
{
    for (size_t i = 0; i < s->rule->severity_count; i++) {
        const struct severity_choice *choice = &s->rule->severities[i];
        fprintf(s->stream, "%s%.*s", i ? ", " : "", STR_ARG(severity_name(choice->is)));
        if (choice->when)
            fprintf(s->stream, " where %.*s", STR_ARG(expression_text(choice->when)));
    }
}

static void print_fix(const struct showing *s)
{
    const struct json *fix = json_find(s->rule->source, "fix");
    const struct json *console = json_find(fix, "console");
    heading(s, "How to put it right");
    print_text(s, "do", json_find(s->rule->source, "do"));
    for (size_t i = 0; console && i < console->count; i++)
        print_text(s, i ? "" : "console", &console->items[i]);
    print_text(s, "cli", json_find(fix, "cli"));
    print_text(s, "note", json_find(fix, "note"));
}

void rule_print(FILE *stream, const struct rule_base *base, const struct rule *rule, struct arena *arena)
{
    struct showing s = {stream, arena, base, rule};
    fprintf(stream, "%.*s: %.*s\n", STR_ARG(rule->id), STR_ARG(rule->title));
    fprintf(stream, "\n  severity  ");
    print_severity(&s);
    fprintf(stream, "\n  scenarios %.*s\n", STR_ARG(rules_scenarios_of(arena, base, rule->id)));
    fprintf(stream, "  place     %.*s; %.*s\n", STR_ARG(rule->place), STR_ARG(rule->section));
    print_calls(&s);
    print_condition(&s);
    print_outcomes(&s);
    heading(&s, "Why");
    print_text(&s, "", json_find(rule->source, "why"));
    for (size_t i = 0; i < rule->optscale_error_count; i++)
        fprintf(stream, "  %-9s %.*s\n", i ? "" : "explains", STR_ARG(rule->optscale_errors[i]));
    print_fix(&s);
    if (rule->reference.len)
        fprintf(stream, "  %-9s %.*s\n", "see", STR_ARG(rule->reference));
    fprintf(stream, "\n%.*s:%d\n", STR_ARG(rule->file), rule->line);
}

enum exit_status rules_show(struct program *program, const struct rules_options *options, const struct str *operands,
                            size_t count)
{
    (void)count;
    struct rule_base *base;
    struct error error;
    if (!rulebase_load(program, &options->rulebase, &base, &error))
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    const struct rule *rule = rule_base_find(base, operands[0]);
    if (rule) {
        rule_print(program->output, base, rule, program->arena);
        return EXIT_STATUS_OK;
    }
    struct str nearest = str_nearest(operands[0], rule_ids(base), base->rule_count);
    error_set(&error, ERROR_INPUT, "there is no rule '%.*s'%s%.*s%s", STR_ARG(operands[0]),
              nearest.len ? "; did you mean '" : "", STR_ARG(nearest), nearest.len ? "'?" : "");
    return command_fail(program, EXIT_STATUS_USAGE, &error);
}
