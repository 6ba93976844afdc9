/*
 * kit.h: rules for tests: declarations and rules as short texts, run on the scripted account of
 * account/kit.h. In every JSON text of a test ' stands for ", and ~ for the ' of JMESPath.
 */
#ifndef EXPORTCHECK_TESTS_RULE_KIT_H
#define EXPORTCHECK_TESTS_RULE_KIT_H

#include "account/kit.h"
#include "checks/registry.h"
#include "rule/run.h"

/** The text with its quotes put right. */
static inline struct str requoted(struct arena *arena, const char *text)
{
    char *copy = str_to_c(arena, str_from(text));
    for (char *c = copy; *c; c++)
        *c = *c == '\'' ? '"' : *c == '~' ? '\'' : *c;
    return str_from(copy);
}

static inline const struct json *requoted_json(struct arena *arena, const char *text)
{
    return kit_json(arena, requoted(arena, text).ptr);
}

/** A rule with what every rule needs; `more` is the rest of its members. */
static inline struct str kit_rule(struct arena *arena, const char *id, const char *more)
{
    return str_format(arena,
                      "{'id': '%s', 'title': 'The title', 'severity': 'high', 'section': 'S', 'place': 'bucket', "
                      "'why': 'because', 'do': 'Do it', 'fix': {'note': 'do it'}, %s}",
                      id, more);
}

/** Facts on which most tests stand; each call may be answered by a script in any way. */
#define KIT_FACTS                                                                                                      \
    "{'caller': {'call': 'sts:GetCallerIdentity', 'value': '{account: Account, arn: Arn}'},"                           \
    " 'user': {'call': 'iam:GetUser', 'with': {'UserName': 'u'}, 'absent': ['NoSuchEntity'], 'value': 'User'},"        \
    " 'role': {'call': 'iam:GetRole', 'with': {'RoleName': 'r'}, 'absent': ['NoSuchEntity'], 'value': 'Role'},"        \
    " 'names': {'call': 'iam:ListUserPolicies', 'with': {'UserName': 'u'}, 'value': 'PolicyNames'},"                   \
    " 'documents': {'for_each': 'names', 'call': 'iam:GetUserPolicy',"                                                 \
    "   'with': {'UserName': 'u', 'PolicyName': '{item}'}, 'value': '{name: PolicyName, policy: PolicyDocument}'},"    \
    " 'list': {'value': 'names'}}"

#define KIT_CALLER                                                                                                     \
    ANSWERS("sts:GetCallerIdentity", NULL,                                                                             \
            "{\"Account\": \"123456789012\", \"Arn\": \"arn:aws:iam::123456789012:user/u\", \"UserId\": \"AIDA\"}")
#define KIT_DENIED(call) REFUSES(call, NULL, "AccessDenied", "no", 403)

struct kit_files {
    struct data_file items[8];
    size_t count;
    size_t embedded; /* the first ones */
};

static inline void kit_add_file(struct arena *arena, struct kit_files *files, const char *path, struct str text)
{
    files->items[files->count++] = (struct data_file){str_from(path), requoted(arena, str_to_c(arena, text))};
}

static inline bool kit_load(struct arena *arena, const struct kit_files *files, struct rule_base **ret,
                            struct error *error)
{
    struct data_file *kept = arena_array(arena, struct data_file, files->count);
    memcpy(kept, files->items, files->count * sizeof *kept);
    return rule_base_load(arena, kept, files->count, files->embedded, check_kinds, ret, error);
}

/** Facts, rules (a list without its brackets), and a scenario `s` of the rules named. */
static inline struct rule_base *kit_base(struct arena *arena, const char *facts, struct str rules, const char *ids)
{
    struct kit_files files = {.embedded = 3};
    struct rule_base *base;
    struct error error;
    kit_add_file(arena, &files, "rules/facts/f.json", str_from(facts));
    kit_add_file(arena, &files, "rules/r.json", str_format(arena, "{'rules': [%.*s]}", STR_ARG(rules)));
    kit_add_file(arena, &files, "rules/scenarios/s.json",
                 str_format(arena, "{'id': 's', 'title': 'T', 'section': 'S', 'rules': [%s]}", ids));
    if (!kit_load(arena, &files, &base, &error))
        fail_msg("%s", error.text);
    return base;
}

/** What a run is asked for. */
struct kit_order {
    const struct rule_base *base;
    const struct scripted *script;
    const char *target; /* NULL: {} */
    const char *settings[4];
    const char *only[4];
    const struct waivers *waivers;
};

static inline size_t kit_texts(const char *const *from, size_t max, struct str *ret)
{
    size_t count = 0;
    for (; count < max && from[count]; count++)
        ret[count] = str_from(from[count]);
    return count;
}

static inline const struct run *kit_run(struct arena *arena, const struct kit_order *order)
{
    struct selection selection;
    struct error error;
    struct str only[COUNT_OF(order->only)];
    struct str settings[COUNT_OF(order->settings)];
    size_t only_count = kit_texts(order->only, COUNT_OF(order->only), only);
    size_t setting_count = kit_texts(order->settings, COUNT_OF(order->settings), settings);
    if (!select_rules(arena, order->base, order->base->scenarios[0], only, only_count, NULL, 0, &selection, &error) ||
        !select_settings(arena, &selection, settings, setting_count, &error))
        fail_msg("%s", error.text);
    struct fake *fake = kit_fake(arena, order->script);
    struct transport *transport = arena_new(arena, struct transport);
    *transport = fake_transport(fake);
    struct collection collection = {.arena = arena,
                                    .declarations = order->base->declarations,
                                    .target = requoted_json(arena, order->target ? order->target : "{}"),
                                    .transport = transport,
                                    .caller_region = STR("us-east-1")};
    collection.wanted = selection_facts(&selection, arena, &collection.wanted_count);
    struct run_options options = {.base = order->base,
                                  .selection = &selection,
                                  .facts = facts_collect(&collection),
                                  .waivers = order->waivers,
                                  .fail_on = SEVERITY_LOW};
    struct run *run = arena_new(arena, struct run);
    run_rules(arena, &options, run);
    return run;
}

/** The result of a rule on a subject (NULL: the first); fails where there is none. */
static inline const struct result *kit_result(const struct run *run, const char *rule, const char *subject)
{
    for (size_t i = 0; i < run->result_count; i++) {
        const struct result *result = &run->results[i];
        if (str_equal(result->rule, str_from(rule)) && (!subject || str_equal(result->subject, str_from(subject))))
            return result;
    }
    fail_msg("no result of %s on %s", rule, subject ? subject : "anything");
    return NULL;
}

#define expect_verdict(result, expected) assert_str_equal(verdict_name((result)->verdict), str_from(expected))

/** The one result of a rule that consists of a check. */
static inline const struct result *kit_judge(struct arena *arena, const char *check, const struct scripted *script)
{
    struct str rule = kit_rule(arena, "x", str_format(arena, "'check': %s", check).ptr);
    struct kit_order order = {.base = kit_base(arena, KIT_FACTS, rule, "'x'"), .script = script};
    return kit_result(kit_run(arena, &order), "x", NULL);
}

static inline void expect_contains(struct str text, const char *part)
{
    if (!str_contains(text, str_from(part)))
        fail_msg("'%.*s' does not contain '%s'", STR_ARG(text), part);
}

/** How a row of a table of checks is judged. */
struct kit_row {
    const char *what; /* said where it goes wrong */
    const char *check;
    struct scripted script[4];
    const char *verdict;
    const char *message; /* a part of it; NULL: whatever it is */
};

static inline void kit_check_rows(struct arena *arena, const struct kit_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct result *result = kit_judge(arena, rows[i].check, rows[i].script);
        if (!str_equal(verdict_name(result->verdict), str_from(rows[i].verdict)))
            fail_msg("%s: expected %s, found %.*s: %.*s", rows[i].what, rows[i].verdict,
                     STR_ARG(verdict_name(result->verdict)), STR_ARG(result->message));
        if (rows[i].message)
            expect_contains(result->message, rows[i].message);
    }
}

#endif
