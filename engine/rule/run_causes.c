/* run_causes.c: results grouped by root cause, ordered by what to do first; and what to enter in OptScale. */
#include "rule/run_internal.h"

#include <stdlib.h>
#include <string.h>

#define CONSOLE_STEP " \xe2\x80\xba " /* between the steps of a way through the console, as reports write it */

struct group {
    struct cause cause;
    struct name_list rules;
    enum severity severity; /* the worst behind it */
    bool decides;           /* some result behind it does */
    bool is_missing;        /* from the snapshot: no cause that is known comes after it */
    size_t step;            /* of the flow, where it first shows */
    size_t order;           /* of its first result */
};

/* The flow of billing data, by the places of rules. */
static size_t step_of(struct str place)
{
    static const char *const steps[] = {"account", "user", "bucket", "export", "delivery", "optscale", "linked"};
    size_t step = 0;
    while (step < COUNT_OF(steps) && !str_equal(place, str_from(steps[step])))
        step++;
    return step;
}

static struct str strip(struct str text, struct str prefix)
{
    return str_starts(text, prefix) ? str_skip(text, prefix.len) : STR("");
}

static struct str caller_of(const struct runner *runner)
{
    const struct fact *caller = facts_get(runner->options->facts, STR("caller"));
    return caller && caller->state == FACT_PRESENT ? json_find_string(caller->value, "arn") : STR("");
}

/* The name of the user or role that an ARN tells, and what it is, as people and the console call it. */
static struct str name_in_arn(struct str arn, const char **ret_kind, const char **ret_console)
{
    static const struct {
        struct str part;
        const char *kind;
        const char *console;
    } kinds[] = {{STR_INIT(":user/"), "user", "Users"}, {STR_INIT(":assumed-role/"), "role", "Roles"}};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        ptrdiff_t at = str_find(arn, kinds[i].part, 0);
        if (at < 0)
            continue;
        struct str name = str_skip(arn, at + kinds[i].part.len);
        ptrdiff_t session = str_find_char(name, '/', 0);
        ptrdiff_t path = str_find_last_char(name, '/');
        *ret_kind = kinds[i].kind;
        *ret_console = kinds[i].console;
        return i == 0 ? str_skip(name, path + 1) : str_slice(name, 0, session < 0 ? name.len : session);
    }
    return STR("");
}

/* The code of what AWS said to the call, as the evidence of some result has it. */
static struct str error_of(const struct runner *runner, struct str call)
{
    for (size_t i = 0; i < runner->result_count; i++) {
        const struct result *result = &runner->results[i];
        for (size_t j = 0; j < result->evidence_count; j++) {
            struct str rest = result->evidence[j].error;
            struct str code;
            if (!rest.len || !str_equal(result->evidence[j].call, call))
                continue;
            str_cut(&rest, ':', &code);
            return code;
        }
    }
    return STR("no answer");
}

/* Whether what a cause waits for is a call that the snapshot does not hold. */
static bool is_missing(const struct runner *runner, struct str root_cause)
{
    struct str call = strip(root_cause, STR("call:"));
    return call.len && str_equal(error_of(runner, call), STR("NotInSnapshot"));
}

/* The result for which the rule is a cause, and how many there are; NULL: it passes. */
static const struct result *finding_of(const struct runner *runner, struct str rule, size_t *ret_count)
{
    const struct result *found = NULL;
    *ret_count = 0;
    for (size_t i = 0; i < runner->result_count; i++) {
        const struct result *result = &runner->results[i];
        if (!str_equal(result->rule, rule) || result->verdict == VERDICT_PASS || result->verdict == VERDICT_SKIP)
            continue;
        if (!found || (found->verdict != VERDICT_FAIL && result->verdict == VERDICT_FAIL)) {
            found = result;
            *ret_count = 0;
        }
        *ret_count += result->verdict == found->verdict;
    }
    return found;
}

/* Where the fix is done: the console's way but for its last step, which says what to do there. */
static struct str where_of(struct arena *arena, const struct fix *fix)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < fix->console_count; i++) {
        buf_add_c(&buf, i ? CONSOLE_STEP : "");
        buf_add(&buf, fix->console[i]);
    }
    struct str way = buf_str(&buf);
    ptrdiff_t last = -1;
    for (ptrdiff_t at = 0; (at = str_find(way, STR(CONSOLE_STEP), at)) >= 0; at++)
        last = at;
    return last < 0 ? STR("") : str_slice(way, 0, last);
}

/* "cannot be decided: name the bucket" as "Name the bucket": what is unknown says what to tell. */
static struct str instruction(struct arena *arena, struct str message)
{
    static const struct str opening = STR_INIT("cannot be decided: ");
    struct str text = str_starts(message, opening) ? str_skip(message, opening.len) : message;
    return str_join3(arena, str_upper(arena, str_slice(text, 0, 1)), str_skip(text, 1), STR(""));
}

/* "bucket acme-billing, prefix cur2": where the snapshot's own target is another one than what is asked now. */
static struct str read_for(const struct runner *runner)
{
    static const char *const members[] = {"scenario", "bucket", "export_name", "prefix", "export_type", "principal"};
    const struct json *own = runner->options->read_for;
    const struct json *asked = facts_target(runner->options->facts);
    struct buf buf = buf_make(runner->arena, BUF_NO_MAX);
    for (size_t i = 0; own && i < COUNT_OF(members); i++) {
        struct str value = json_find_string(own, members[i]);
        if (!str_equal(value, json_find_string(asked, members[i])))
            buf_addf(&buf, "%s%s %.*s", buf.len ? ", " : "", members[i], STR_ARG(value.len ? value : STR("unknown")));
    }
    return buf_str(&buf);
}

/* The call answers nothing because nobody made it when the snapshot was read. */
static struct str describe_missing(const struct runner *runner, struct str call)
{
    struct arena *arena = runner->arena;
    struct str other = read_for(runner);
    if (other.len)
        return str_format(arena,
                          "The snapshot was read for %.*s, and does not hold %.*s of what is asked: collect again",
                          STR_ARG(other), STR_ARG(call));
    return str_format(arena, "The snapshot does not hold %.*s: collect again with this version", STR_ARG(call));
}

static void describe_rule(const struct runner *runner, const struct rule *rule, struct cause *cause)
{
    struct arena *arena = runner->arena;
    size_t count;
    const struct result *finding = finding_of(runner, rule->id, &count);
    const struct scope scope = {.facts = runner->options->facts, .parameters = run_parameters(runner, rule)};
    if (!finding) {
        cause->title = rule->title;
        return;
    }
    cause->verdict = finding->verdict == VERDICT_WAIVED ? VERDICT_FAIL : finding->verdict;
    cause->title = instruction(arena, finding->message);
    if (cause->verdict == VERDICT_PENDING && finding->until.len)
        cause->title = str_join3(arena, STR("Run again after "), finding->until, STR(""));
    if (cause->verdict != VERDICT_FAIL)
        return;
    struct str to_do =
        finding->mends_elsewhere ? finding->to_do : run_sentence(rule->to_do, scope, finding, count, arena);
    cause->title = to_do.len ? to_do : cause->title;
    cause->effect = run_sentence(rule->effect, scope, finding, count, arena);
    cause->where = finding->mends_elsewhere ? STR("") : where_of(arena, &finding->fix);
    cause->findings = count;
}

/* Whether OptScale itself needs the action: a rule that asks for it fails. */
static bool is_needed(const struct runner *runner, struct str action)
{
    for (size_t i = 0; i < runner->result_count; i++) {
        const struct json *actual = runner->results[i].actual;
        bool failed = runner->results[i].verdict == VERDICT_FAIL && json_is(actual, JSON_ARRAY);
        for (size_t j = 0; failed && j < actual->count; j++) {
            if (str_equal(json_find_string(&actual->items[j], "action"), action))
                return true;
        }
    }
    return false;
}

/* Whether the caller is whom OptScale connects as. */
static bool is_own_view(const struct runner *runner)
{
    const struct fact *own = facts_get(runner->options->facts, STR("principal_is_caller"));
    return own && own->state == FACT_PRESENT && own->value->type == JSON_BOOLEAN && own->value->boolean;
}

/*
 * Whoever reads the account may be given an action that he lacks. The user that OptScale connects as is better off
 * without what OptScale does not need: an admin reads that.
 */
static void describe_permission(const struct runner *runner, struct str action, struct cause *cause)
{
    struct arena *arena = runner->arena;
    const char *kind = "";
    const char *console = "";
    struct str arn = caller_of(runner);
    struct str name = name_in_arn(arn, &kind, &console);
    if (is_own_view(runner) && !is_needed(runner, action)) {
        cause->where = STR(CAUSE_FOR_ADMIN);
        cause->title = str_format(arena, "Have an admin read with %.*s", STR_ARG(action));
    } else if (name.len) {
        cause->where = str_format(arena, "IAM" CONSOLE_STEP "%s" CONSOLE_STEP "%.*s", console, STR_ARG(name));
        cause->title = str_format(arena, "Allow %.*s to the %s %.*s", STR_ARG(action), kind, STR_ARG(name));
    } else {
        cause->where = str_join3(arena, STR("IAM" CONSOLE_STEP), arn.len ? arn : STR("the caller"), STR(""));
        cause->title =
            str_format(arena, "Allow %.*s to %.*s", STR_ARG(action), STR_ARG(arn.len ? arn : STR("the caller")));
    }
}

/* One sentence to act on, and what is known of it. */
static void describe(const struct runner *runner, struct cause *cause)
{
    struct arena *arena = runner->arena;
    struct str action = strip(cause->root_cause, STR("permission:"));
    struct str call = strip(cause->root_cause, STR("call:"));
    const struct rule *rule = rule_base_find(runner->options->base, cause->root_cause);
    cause->verdict = VERDICT_UNKNOWN;
    cause->title = cause->root_cause;
    if (action.len) {
        describe_permission(runner, action, cause);
    } else if (is_missing(runner, cause->root_cause)) {
        cause->title = describe_missing(runner, call);
    } else if (call.len) {
        cause->title = str_format(arena, "Run again once %.*s answers: it failed with %.*s", STR_ARG(call),
                                  STR_ARG(error_of(runner, call)));
    } else if (rule) {
        describe_rule(runner, rule, cause);
    }
}

static struct group *find_group(struct group *groups, size_t count, struct str root_cause)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(groups[i].cause.root_cause, root_cause))
            return &groups[i];
    }
    return NULL;
}

/* What asks for something and waits for nothing is its own cause. */
static struct str cause_of(const struct result *result)
{
    bool asks =
        result->verdict == VERDICT_FAIL || result->verdict == VERDICT_UNKNOWN || result->verdict == VERDICT_PENDING;
    return result->root_cause.len || !asks ? result->root_cause : result->rule;
}

/* The worst first; of these what is wrong earlier in the flow, since the later follows from it. Waiting comes last. */
static int compare_groups(const void *a, const void *b)
{
    const struct group *x = a;
    const struct group *y = b;
    bool x_waits = x->cause.verdict == VERDICT_PENDING;
    bool y_waits = y->cause.verdict == VERDICT_PENDING;
    if (x_waits != y_waits)
        return x_waits ? 1 : -1;
    if (x->is_missing != y->is_missing)
        return x->is_missing ? 1 : -1;
    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    if (x->step != y->step)
        return x->step < y->step ? -1 : 1;
    if (x->rules.count != y->rules.count)
        return x->rules.count > y->rules.count ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* The group of the result's cause, begun where it is the first. */
static struct group *group_of(const struct runner *runner, struct group *groups, size_t *count,
                              const struct result *result, size_t order)
{
    struct str root_cause = cause_of(result);
    struct group *group = find_group(groups, *count, root_cause);
    if (group)
        return group;
    group = &groups[(*count)++];
    *group = (struct group){.cause = {.root_cause = root_cause},
                            .is_missing = is_missing(runner, root_cause),
                            .severity = result->severity,
                            .step = step_of(result->place),
                            .order = order};
    return group;
}

static void add_to_group(const struct runner *runner, struct group *group, const struct result *result)
{
    size_t step = step_of(result->place);
    if (step <= group->step)
        group->cause.place = result->place;
    group->step = step < group->step ? step : group->step;
    group->severity = result->severity > group->severity ? result->severity : group->severity;
    group->decides = group->decides || result_decides(result, runner->options->fail_on);
    if (!str_equal(result->rule, group->cause.root_cause))
        name_list_add(runner->arena, &group->rules, result->rule);
}

void run_causes(struct runner *runner, struct run *ret)
{
    struct group *groups = arena_array(runner->arena, struct group, ret->result_count);
    size_t count = 0;
    for (size_t i = 0; i < ret->result_count; i++) {
        if (cause_of(&ret->results[i]).len)
            add_to_group(runner, group_of(runner, groups, &count, &ret->results[i], i), &ret->results[i]);
    }
    for (size_t i = 0; i < count; i++)
        describe(runner, &groups[i].cause);
    qsort(groups, count, sizeof *groups, compare_groups);
    struct cause *causes = arena_array(runner->arena, struct cause, count);
    for (size_t i = 0; i < count; i++) {
        causes[i] = groups[i].cause;
        causes[i].rules = groups[i].rules.items;
        causes[i].rule_count = groups[i].rules.count;
        causes[i].advice = !groups[i].decides;
    }
    ret->causes = causes;
    ret->cause_count = count;
}

struct found_export *scenario_exports(const struct scenario *scenario, const struct facts *facts, struct arena *arena,
                                      size_t *ret_count)
{
    const struct scope scope = {.facts = facts};
    *ret_count = 0;
    if (!scenario->exports)
        return NULL;
    struct evaluated list = expression_evaluate(scenario->exports, &scope, arena);
    if (list.state != FACT_PRESENT || !json_is(list.value, JSON_ARRAY))
        return NULL;
    struct found_export *exports = arena_array(arena, struct found_export, list.value->count);
    for (size_t i = 0; i < list.value->count; i++) {
        const struct json *item = &list.value->items[i];
        const struct json *arguments = json_find(item, "arguments");
        exports[i] = (struct found_export){
            .name = json_find_string(item, "name"),
            .type = json_find_string(item, "type"),
            .bucket = json_find_string(item, "bucket"),
            .prefix = json_find_string(item, "prefix"),
            .arguments = json_is(arguments, JSON_OBJECT) ? arguments : NULL,
        };
    }
    *ret_count = list.value->count;
    return exports;
}

void run_entries(struct runner *runner, struct run *ret)
{
    const struct scenario *scenario = runner->options->selection->scenario;
    const struct scope scope = {.facts = runner->options->facts};
    struct entry *entries = arena_array(runner->arena, struct entry, scenario->entry_count);
    size_t count = 0;
    for (size_t i = 0; i < scenario->entry_count; i++) {
        struct evaluated value = text_fill(scenario->entries[i].value, &scope, runner->arena);
        if (value.state == FACT_PRESENT && json_is(value.value, JSON_STRING))
            entries[count++] = (struct entry){scenario->entries[i].label, value.value->string};
    }
    ret->entries = entries;
    ret->entry_count = count;
    ret->exports = scenario_exports(scenario, scope.facts, runner->arena, &ret->export_count);
}
