/* lint.c: see lint.h. */
#include "policy/lint/lint.h"

#include "policy/lint/report.h"
#include "policy/prove/statement_box.h"

#include <string.h>

/* Quotas of the documents' sizes (IAM User Guide, "IAM and STS quotas"; Organizations and S3 User Guides). */
static const struct size_rule {
    size_t limit;
    bool without_blanks;         /* white space is not counted */
    enum lint_severity severity; /* AWS's own managed policies are often larger than ours may be */
    const char *what;
} size_rules[POLICY_TYPE_COUNT] = {
    [POLICY_IDENTITY] = {6144, true, LINT_WARNING, "a managed policy of one's own"},
    [POLICY_BOUNDARY] = {6144, true, LINT_WARNING, "a managed policy of one's own"},
    [POLICY_SESSION] = {2048, false, LINT_ERROR, "a session policy"},
    [POLICY_SCP] = {10240, false, LINT_ERROR, "a service control policy"},
    [POLICY_RCP] = {5120, false, LINT_ERROR, "a resource control policy"},
    [POLICY_RESOURCE] = {20480, false, LINT_ERROR, "a bucket policy"},
    [POLICY_TRUST] = {8192, false, LINT_ERROR, "a trust policy"},
};

static void add(struct linter *linter, struct lint_finding finding)
{
    if (linter->count < LINT_FINDINGS_MAX)
        linter->items[linter->count++] = finding;
}

void lint_add(struct linter *linter, const char *code, const struct statement *statement, struct str rest,
              struct str text, struct str suggestion)
{
    struct str pointer = rest.len ? str_join3(linter->arena, statement->pointer, STR("/"), rest) : statement->pointer;
    add(linter, (struct lint_finding){code, LINT_WARNING, pointer, text, suggestion});
}

struct str lint_item_place(struct arena *arena, const char *element, const struct policy_element *list, size_t index)
{
    const char *prefix = list->negated ? "Not" : "";
    if (!list->is_list)
        return str_format(arena, "%s%s", prefix, element);
    return str_format(arena, "%s%s/%zu", prefix, element, index);
}

static void lint_size(struct linter *linter, struct str text)
{
    const struct size_rule *rule = &size_rules[linter->type];
    size_t size = 0;
    for (ptrdiff_t i = 0; i < text.len; i++)
        size += !rule->without_blanks || !strchr(" \t\r\n", text.ptr[i]);
    if (size <= rule->limit)
        return;
    struct lint_finding finding = {
        .code = "too-large",
        .severity = rule->severity,
        .text = str_format(linter->arena, "the policy has %zu characters%s, and %s may have %zu", size,
                           rule->without_blanks ? " without white space" : "", rule->what, rule->limit),
        .suggestion = STR("split it, or write shorter lists with wildcards"),
    };
    add(linter, finding);
}

/* A statement whose constraints contradict each other: no action, resource and context meets all of them. */
static void lint_possible(struct linter *linter, const struct statement *statement)
{
    static const struct request_key all_keys = {STR_INIT("*"), KEY_FREE, NULL, 0, NULL, 0};
    struct request_part part = {.keys = &all_keys, .key_count = 1};
    struct box_model model = box_model_make(&linter->algebra, &part, false);
    struct statement_box box;
    bool possible = statement_box_make(&model, statement, BOX_NOT_TOO_SMALL, &box);
    struct region_question question = {.base = box.box, .variable_count = model.variable_count};
    if (possible && region_search(&linter->algebra, &question, NULL) != ALGEBRA_NONE)
        return;
    lint_add(linter, "never-applies", statement, STR(""),
             STR("no request can meet this statement: its parts contradict each other"),
             STR("look for two conditions on one key that exclude each other, or for values that nothing matches"));
}

static void lint_policy(struct linter *linter, const struct policy *policy)
{
    for (size_t i = 0; i < policy->count; i++) {
        size_t before = linter->count;
        lint_elements(linter, &policy->statements[i]);
        lint_conditions(linter, &policy->statements[i]);
        lint_variables(linter, &policy->statements[i]);
        if (linter->count == before)
            lint_possible(linter, &policy->statements[i]);
    }
}

struct lint_findings policy_lint_document(struct arena *arena, const struct json *document, struct str text,
                                          enum policy_type type)
{
    struct policy_options options = {.name = STR("policy"), .type = type, .tolerance = POLICY_LENIENT};
    struct arena *scratch = arena_open(0);
    struct arena *work = arena_open(0);
    struct linter linter = {
        .arena = arena,
        .algebra = algebra_make(work, scratch),
        .type = type,
        .items = arena_array(arena, struct lint_finding, LINT_FINDINGS_MAX),
    };
    struct policy_faults faults = policy_check(arena, document, options);
    for (size_t i = 0; i < faults.count; i++)
        add(&linter, (struct lint_finding){faults.items[i].code, LINT_ERROR, faults.items[i].pointer,
                                           faults.items[i].text, STR("")});
    lint_size(&linter, text);
    const struct policy *policy;
    if (policy_compile(arena, document, options, &policy, NULL))
        lint_policy(&linter, policy);
    arena_close(work);
    arena_close(scratch);
    return (struct lint_findings){linter.items, linter.count};
}

enum policy_type policy_guess_type(const struct json *document)
{
    const struct json *statements = json_find(document, "Statement");
    const struct json *first =
        json_is(statements, JSON_ARRAY) && statements->count ? &statements->items[0] : statements;
    if (!json_find(first, "Principal") && !json_find(first, "NotPrincipal"))
        return POLICY_IDENTITY;
    return json_find(first, "Resource") || json_find(first, "NotResource") ? POLICY_RESOURCE : POLICY_TRUST;
}
