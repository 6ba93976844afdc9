/* cases.c: see cases.h. */
#include "rule/cases/cases.h"

#include "base/clock.h"
#include "base/json/patch.h"
#include "base/map.h"
#include "rule/cases/change.h"

#include <string.h>

/* What one evaluation of an account gave: the status of every result. */
struct statuses {
    struct map *by_key; /* "rule\nsubject" → struct result */
    const struct result *results;
    size_t count;
};

struct testing {
    struct arena *arena; /* of the file, and until its end of the case that runs */
    struct arena *kept;  /* of the report */
    const struct rule_base *base;
    struct loader loader;
    const struct snapshot *account;
    struct statuses healthy;
    struct str name; /* of the case that is run; empty: the unchanged account */
    struct case_report *report;
    struct case_finding *findings;
    size_t finding_capacity;
    struct case_row *rows;
    size_t row_capacity;
};

/* One case, with what it expects. */
struct rule_case {
    const struct json *source;
    struct str name;
    int line;
    const struct json *expect;
    const struct json *also;
    struct statuses found;
    size_t first_row; /* of the report: where its own rows begin */
};

static struct rule_coverage *coverage_of(const struct testing *t, struct str id)
{
    for (size_t i = 0; i < t->base->rule_count; i++) {
        if (str_equal(t->base->rules[i]->id, id))
            return &t->report->coverage[i];
    }
    return NULL;
}

/* What the unchanged account shows of its rules. */
static void cover_healthy(const struct testing *t)
{
    for (size_t i = 0; i < t->healthy.count; i++) {
        const struct result *result = &t->healthy.results[i];
        struct rule_coverage *coverage = coverage_of(t, result->rule);
        coverage->shown[VERDICT_PASS] = coverage->shown[VERDICT_PASS] || result->verdict == VERDICT_PASS;
        bool judged = result->verdict == VERDICT_PASS || result->verdict == VERDICT_FAIL;
        coverage->judged = coverage->judged || judged;
        coverage->selected = coverage->selected || (judged && result->actual && result->actual->type != JSON_NULL);
    }
}

static void add_finding(struct testing *t, const struct rule_case *c, struct str message)
{
    struct case_report *report = t->report;
    if (report->finding_count == t->finding_capacity) {
        t->finding_capacity = t->finding_capacity ? t->finding_capacity * 2 : 16;
        struct case_finding *larger = arena_array(t->kept, struct case_finding, t->finding_capacity);
        if (report->finding_count)
            memcpy(larger, report->findings, report->finding_count * sizeof *larger);
        t->findings = larger;
        report->findings = larger;
    }
    t->findings[report->finding_count++] =
        (struct case_finding){t->loader.file, c->line, str_copy(t->kept, c->name), str_copy(t->kept, message)};
}

static struct case_row *add_row(struct testing *t)
{
    struct case_report *report = t->report;
    if (report->row_count == t->row_capacity) {
        t->row_capacity = t->row_capacity ? t->row_capacity * 2 : 64;
        struct case_row *larger = arena_array(t->kept, struct case_row, t->row_capacity);
        if (report->row_count)
            memcpy(larger, report->rows, report->row_count * sizeof *larger);
        t->rows = larger;
        report->rows = larger;
    }
    return &t->rows[report->row_count++];
}

static struct str result_key(struct arena *arena, struct str rule, struct str subject)
{
    return str_join3(arena, rule, STR("\n"), subject);
}

/* Evaluates an account: the rules of its scenario, and the rules that are named besides. */
static bool evaluate(struct testing *t, const struct snapshot *account, const struct json *target,
                     const struct json *named, int64_t at, struct statuses *ret)
{
    struct str id = json_find_string(target, "scenario");
    const struct scenario *scenario = rule_base_scenario(t->base, id.len ? id : STR("root-existing"));
    if (!scenario)
        return loader_fail(&t->loader, target, "there is no scenario '%.*s'", STR_ARG(id));
    struct str *only = arena_array(t->arena, struct str, scenario->rule_count + (named ? named->count : 0));
    size_t count = scenario->rule_count;
    for (size_t i = 0; i < count; i++)
        only[i] = scenario->rules[i];
    for (size_t i = 0; named && i < named->count; i++)
        only[count++] = named->members[i].name;
    struct selection selection;
    struct error error;
    if (!select_rules(t->arena, t->base, scenario, only, count, NULL, 0, &selection, &error))
        return loader_fail(&t->loader, named, "%s", error.text);
    struct transport transport = snapshot_transport(t->arena, account);
    struct collection collection = {
        .arena = t->arena, .declarations = t->base->declarations, .target = target, .transport = &transport, .at = at};
    collection.wanted = selection_facts(&selection, t->arena, &collection.wanted_count);
    struct run_options options = {
        .base = t->base, .selection = &selection, .facts = facts_collect(&collection), .fail_on = SEVERITY_LOW};
    struct run run;
    run_rules(t->arena, &options, &run);
    struct case_seen seen = {.file = t->loader.file, .expect = named, .options = &options, .run = &run, .at = at};
    seen.name = t->name;
    if (named && t->report->visit)
        t->report->visit(t->report->visit_context, &seen);
    *ret = (struct statuses){map_open(t->arena), run.results, run.result_count};
    for (size_t i = 0; i < run.result_count; i++)
        map_set(ret->by_key, result_key(t->arena, run.results[i].rule, run.results[i].subject), &run.results[i]);
    return true;
}

static void mismatch(struct testing *t, const struct rule_case *c, const struct result *result, enum verdict expected)
{
    add_finding(t, c,
                str_format(t->arena, "rule '%.*s'%s%.*s: expected %.*s, found %.*s: %.*s", STR_ARG(result->rule),
                           result->subject.len ? " on " : "", STR_ARG(result->subject), STR_ARG(verdict_name(expected)),
                           STR_ARG(verdict_name(result->verdict)), STR_ARG(result->message)));
}

/* Keeps the longest of what the rule says is to be done. */
static void note_sentence(struct testing *t, const struct result *result)
{
    struct rule_coverage *coverage = coverage_of(t, result->rule);
    if (coverage && str_code_points(result->to_do) > str_code_points(coverage->to_do))
        coverage->to_do = str_copy(t->kept, result->to_do);
}

/* One expectation: every result of the rule, or that of one subject. */
static void compare(struct testing *t, const struct rule_case *c, struct str rule, const struct str *subject,
                    enum verdict expected, bool row)
{
    bool any = false;
    bool met = true;
    for (size_t i = 0; i < c->found.count; i++) {
        const struct result *result = &c->found.results[i];
        if (!str_equal(result->rule, rule) || (subject && !str_equal(result->subject, *subject)))
            continue;
        any = true;
        note_sentence(t, result);
        if (result->verdict != expected) {
            met = false;
            mismatch(t, c, result, expected);
        }
    }
    if (!any)
        add_finding(t, c,
                    str_format(t->arena, "rule '%.*s'%s%.*s: there is no such result", STR_ARG(rule),
                               subject ? " on " : "", STR_ARG(subject ? *subject : STR(""))));
    if (any && met)
        coverage_of(t, rule)->shown[expected] = true;
    if (row)
        *add_row(t) = (struct case_row){.file = t->loader.file,
                                        .name = str_copy(t->kept, c->name),
                                        .rule = str_copy(t->kept, rule),
                                        .subject = str_copy(t->kept, subject ? *subject : STR("")),
                                        .expected = expected,
                                        .met = any && met};
}

static bool read_status(struct testing *t, const struct json *word, enum verdict *ret)
{
    if (json_is(word, JSON_STRING) && verdict_parse(word->string, ret) && *ret != VERDICT_WAIVED)
        return true;
    return loader_fail(&t->loader, word, "a status is one of pass, fail, unknown, pending, skip, not %.*s",
                       STR_ARG(json_text(t->arena, word, 0)));
}

static bool compare_rule(struct testing *t, const struct rule_case *c, const struct json_member *member, bool row)
{
    enum verdict expected;
    if (member->value.type != JSON_OBJECT) {
        if (!read_status(t, &member->value, &expected))
            return false;
        compare(t, c, member->name, NULL, expected, row);
        return true;
    }
    for (size_t i = 0; i < member->value.count; i++) {
        if (!read_status(t, &member->value.members[i].value, &expected))
            return false;
        compare(t, c, member->name, &member->value.members[i].name, expected, row);
    }
    return true;
}

static bool check_rule(struct testing *t, const struct json *at, struct str id)
{
    return rule_base_find(t->base, id) ||
           loader_unknown(&t->loader, at, "rule", id, rule_ids(t->base), t->base->rule_count);
}

/* The rules that `expect` and `also` name exist. */
static bool check_names(struct testing *t, const struct json *list)
{
    for (size_t i = 0; list && i < list->count; i++) {
        bool object = list->type == JSON_OBJECT;
        const struct json *at = object ? &list->members[i].value : &list->items[i];
        if (!object && at->type != JSON_STRING)
            return loader_fail(&t->loader, at, "\"also\" holds the ids of rules, not %s", json_type_name(at->type));
        if (!check_rule(t, at, object ? list->members[i].name : at->string))
            return false;
    }
    return true;
}

static bool is_named(const struct json *list, struct str rule)
{
    if (json_is(list, JSON_OBJECT))
        return json_get(list, rule) != NULL;
    for (size_t i = 0; json_is(list, JSON_ARRAY) && i < list->count; i++) {
        if (json_is(&list->items[i], JSON_STRING) && str_equal(list->items[i].string, rule))
            return true;
    }
    return false;
}

/* Whether the rule needs, at any depth, one that the case names: then it follows by itself. */
static bool follows(const struct testing *t, const struct rule_case *c, struct str id)
{
    struct name_list open = {0}; /* each once: needs may share needs */
    name_list_add(t->arena, &open, id);
    for (size_t i = 0; i < open.count; i++) {
        const struct rule *rule = rule_base_find(t->base, open.items[i]);
        for (size_t j = 0; j < rule->need_count; j++) {
            if (is_named(c->expect, rule->needs[j]) || is_named(c->also, rule->needs[j]))
                return true;
            name_list_add(t->arena, &open, rule->needs[j]);
        }
    }
    return false;
}

static bool may_change(const struct testing *t, const struct rule_case *c, struct str rule)
{
    return is_named(c->expect, rule) || is_named(c->also, rule) || follows(t, c, rule);
}

/*
 * Whether every subject of the rule has that status. A subject that only one of the two accounts has,
 * such as an export of another name, is no change where those of the other have the same status.
 */
static bool is_status_of_all(const struct statuses *statuses, const struct result *wanted)
{
    bool known = false;
    for (size_t i = 0; i < statuses->count; i++) {
        const struct result *result = &statuses->results[i];
        if (!str_equal(result->rule, wanted->rule))
            continue;
        known = true;
        if (result->verdict != wanted->verdict)
            return false;
    }
    return known;
}

/* Whether the other account gave the same; `other` NULL: it lacks the subject. */
static bool is_unchanged(const struct statuses *others, const struct result *result, const struct result *other)
{
    return other ? other->verdict == result->verdict : is_status_of_all(others, result);
}

static void find_other_changes(struct testing *t, const struct rule_case *c)
{
    struct name_list others = {0};
    for (size_t i = 0; i < c->found.count; i++) {
        const struct result *now = &c->found.results[i];
        const struct result *then = map_get(t->healthy.by_key, result_key(t->arena, now->rule, now->subject));
        if (is_unchanged(&t->healthy, now, then) || may_change(t, c, now->rule))
            continue;
        name_list_add(t->kept, &others, rule_base_find(t->base, now->rule)->id);
        add_finding(t, c,
                    str_format(t->arena, "rule '%.*s'%s%.*s changed too: %.*s, then %.*s: %.*s", STR_ARG(now->rule),
                               now->subject.len ? " on " : "", STR_ARG(now->subject),
                               STR_ARG(then ? verdict_name(then->verdict) : STR("absent")),
                               STR_ARG(verdict_name(now->verdict)), STR_ARG(now->message)));
    }
    for (size_t i = 0; i < t->healthy.count; i++) {
        const struct result *then = &t->healthy.results[i];
        if (map_has(c->found.by_key, result_key(t->arena, then->rule, then->subject)) ||
            is_status_of_all(&c->found, then) || may_change(t, c, then->rule))
            continue;
        name_list_add(t->kept, &others, rule_base_find(t->base, then->rule)->id);
        add_finding(t, c,
                    str_format(t->arena, "rule '%.*s'%s%.*s changed too: %.*s, then absent", STR_ARG(then->rule),
                               then->subject.len ? " on " : "", STR_ARG(then->subject),
                               STR_ARG(verdict_name(then->verdict))));
    }
    if (t->report->row_count > c->first_row) { /* a case that expects nothing has no row */
        t->rows[t->report->row_count - 1].others = others.items;
        t->rows[t->report->row_count - 1].other_count = others.count;
    }
}

static bool read_time(struct testing *t, const struct json *at, int64_t *ret)
{
    *ret = 0;
    if (!at || clock_parse(at->string, ret))
        return true;
    return loader_fail(&t->loader, at, "\"at\" is a time such as 2026-11-22T10:00:00Z");
}

/* The account as other credentials see it: the snapshot's `caller`, changed. */
static bool change_caller(struct testing *t, const struct json *caller, const struct snapshot **account)
{
    static const struct field fields[] = {{"access_key_id", FIELD_STRING, true}};
    if (!caller)
        return true;
    if (!loader_fields(&t->loader, caller, "\"caller\"", fields, COUNT_OF(fields)))
        return false;
    struct snapshot *changed = arena_new(t->arena, struct snapshot);
    *changed = **account;
    changed->access_key_id = json_find_string(caller, "access_key_id");
    *account = changed;
    return true;
}

/* The account's target with what the case, or its file, says of it; `change` NULL: nothing. */
static bool change_target(struct testing *t, const struct json *change, const struct json **ret)
{
    struct error error;
    *ret = t->account->target;
    return !change || json_merge(t->arena, t->account->target, change, ret, &error) ||
           loader_fail(&t->loader, change, "%s", error.text);
}

static bool run_case(struct testing *t, const struct json *source)
{
    static const struct field fields[] = {{"name", FIELD_STRING, true},    {"changes", FIELD_ARRAY, false},
                                          {"target", FIELD_OBJECT, false}, {"at", FIELD_STRING, false},
                                          {"expect", FIELD_OBJECT, true},  {"also", FIELD_ARRAY | FIELD_OBJECT, false},
                                          {"source", FIELD_STRING, false}, {"caller", FIELD_OBJECT, false}};
    if (!loader_fields(&t->loader, source, "a case", fields, COUNT_OF(fields)))
        return false;
    struct rule_case c = {.source = source,
                          .name = json_find_string(source, "name"),
                          .line = loader_line(&t->loader, source),
                          .expect = json_find(source, "expect"),
                          .also = json_find(source, "also"),
                          .first_row = t->report->row_count};
    const struct snapshot *changed;
    const struct json *target;
    int64_t at;
    t->name = c.name;
    if (!change_target(t, json_find(source, "target"), &target) || !check_names(t, c.expect) ||
        !check_names(t, c.also) || !read_time(t, json_find(source, "at"), &at) ||
        !case_change(&t->loader, t->account, json_find(source, "changes"), &changed) ||
        !change_caller(t, json_find(source, "caller"), &changed) ||
        !evaluate(t, changed, target, c.expect, at, &c.found))
        return false;
    for (size_t i = 0; i < c.expect->count; i++) {
        if (!compare_rule(t, &c, &c.expect->members[i], true))
            return false;
    }
    for (size_t i = 0; json_is(c.also, JSON_OBJECT) && i < c.also->count; i++) {
        if (!compare_rule(t, &c, &c.also->members[i], false))
            return false;
    }
    find_other_changes(t, &c);
    t->report->case_count++;
    return true;
}

static struct str beside(struct arena *arena, struct str file, struct str path)
{
    ptrdiff_t slash = str_find_last_char(file, '/');
    return slash < 0 || str_starts(path, STR("/")) ? path
                                                   : str_join3(arena, str_slice(file, 0, slash + 1), path, STR(""));
}

/* The account, its target and its time; and what its rules say as long as nothing is changed. */
static bool open_account(struct testing *t, const struct json *document, case_reader reader, void *context)
{
    struct error error;
    struct str text;
    const struct json *name = json_find(document, "account");
    struct str path = beside(t->arena, t->loader.file, name->string);
    if (!reader(context, t->arena, path, &text, &error) || !snapshot_read(t->arena, path, text, &t->account, &error))
        return loader_fail(&t->loader, name, "%s", error.text);
    const struct json *target = json_find(document, "target");
    if (target) {
        struct snapshot *merged = arena_new(t->arena, struct snapshot);
        *merged = *t->account;
        if (!change_target(t, target, &merged->target))
            return false;
        t->account = merged;
    }
    return evaluate(t, t->account, t->account->target, NULL, 0, &t->healthy);
}

/* Each in the same memory: what an account and its facts take is released behind the case. */
static bool run_all(struct testing *t, const struct json *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct arena_mark mark = arena_mark(t->arena);
        bool ok = run_case(t, &list->items[i]);
        arena_rewind(t->arena, mark);
        if (!ok)
            return false;
    }
    return true;
}

bool cases_run(struct arena *arena, const struct rule_base *base, struct str file, struct str text, case_reader reader,
               void *context, struct case_report *report, struct error *error)
{
    static const struct field fields[] = {{"$schema", FIELD_STRING, false},
                                          {"account", FIELD_STRING, true},
                                          {"target", FIELD_OBJECT, false},
                                          {"cases", FIELD_ARRAY, true}};
    CLEANUP(arena_closep) struct arena *own = arena_open(0);
    struct testing t = {
        .arena = own,
        .kept = arena,
        .base = base,
        .loader = {.arena = own, .declarations = base->declarations, .file = file, .text = text, .error = error},
        .report = report,
    };
    /* Reports of earlier files stay: what is added grows new tables. */
    if (!report->coverage)
        report->coverage = arena_array(arena, struct rule_coverage, base->rule_count);
    t.finding_capacity = report->finding_count;
    t.row_capacity = report->row_count;
    const struct json *document;
    if (!json_parse(own, file, text, &json_limits_default, &document, error) ||
        !loader_fields(&t.loader, document, "a case file", fields, COUNT_OF(fields)) ||
        !open_account(&t, document, reader, context))
        return false;
    cover_healthy(&t);
    return run_all(&t, json_find(document, "cases"));
}
