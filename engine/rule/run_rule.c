/* run_rule.c: one rule, from its needs to its results. */
#include "base/map.h"
#include "query/value.h"
#include "rule/algebra.h"
#include "rule/run_internal.h"

#include <string.h>

/* All that the result of one subject is made of. */
struct subject_run {
    struct runner *runner;
    const struct rule *rule;
    uint64_t id_seed; /* of the ids of its results */
    struct judging judging;
    struct str subject;
    struct judgement judgement;
};

static const struct json *setting_for(const struct runner *runner, const struct rule *rule, struct str name)
{
    const struct selection *selection = runner->options->selection;
    const struct json *value = NULL; /* the last one wins */
    for (size_t i = 0; i < selection->setting_count; i++) {
        const struct setting *setting = &selection->settings[i];
        if (str_equal(setting->name, name) && (setting->rule.len == 0 || str_equal(setting->rule, rule->id)))
            value = setting->value;
    }
    return value;
}

const struct json *run_parameters(const struct runner *runner, const struct rule *rule)
{
    struct json_builder object = json_build(runner->arena, JSON_OBJECT);
    for (size_t i = 0; i < rule->parameters->count; i++) {
        const struct json_member *member = &rule->parameters->members[i];
        const struct json *value = setting_for(runner, rule, member->name);
        json_build_append(&object, member->name, value ? *value : member->value);
    }
    return json_box(runner->arena, json_built(&object));
}

static struct outcome *outcome_of(struct runner *runner, struct str id)
{
    const struct selection *selection = runner->options->selection;
    for (size_t i = 0; i < selection->count; i++) {
        if (str_equal(selection->rules[i]->id, id)) {
            if (!runner->outcomes[i].evaluated)
                run_rule(runner, i);
            return &runner->outcomes[i];
        }
    }
    return NULL;
}

/* What the needed rules leave of this one: a verdict that takes the place of its own, or pass. */
static struct judgement judge_needs(struct runner *runner, const struct rule *rule)
{
    struct judgement worst = {.verdict = VERDICT_PASS};
    for (size_t i = 0; i < rule->need_count; i++) {
        const struct outcome *needed = outcome_of(runner, rule->needs[i]);
        if (!needed || needed->verdict == VERDICT_PASS)
            continue;
        struct str cause = needed->root_cause.len ? needed->root_cause : rule->needs[i];
        bool broken =
            needed->verdict == VERDICT_FAIL || needed->verdict == VERDICT_WAIVED || needed->verdict == VERDICT_UNKNOWN;
        if (broken)
            return (struct judgement){
                .verdict = VERDICT_UNKNOWN,
                .root_cause = cause,
                .message = str_format(runner->arena, "cannot be decided before '%.*s' holds", STR_ARG(rule->needs[i]))};
        if (worst.verdict == VERDICT_PENDING)
            continue;
        bool pending = needed->verdict == VERDICT_PENDING;
        worst = (struct judgement){.verdict = needed->verdict,
                                   .root_cause = pending ? cause : STR(""),
                                   .until = needed->until,
                                   .message = str_format(runner->arena, "%s '%.*s'",
                                                         pending ? "waits for" : "does not apply without",
                                                         STR_ARG(rule->needs[i]))};
    }
    return worst;
}

static struct str fill(const struct subject_run *s, const struct text *text)
{
    return text ? text_fill_lenient(text, &s->judging.scope, s->judging.arena) : STR("");
}

/* The subject's text; empty where it is not known. */
static struct str fill_subject(const struct subject_run *s)
{
    if (!s->rule->subject)
        return STR("");
    struct evaluated subject = text_fill(s->rule->subject, &s->judging.scope, s->judging.arena);
    return json_is(subject.value, JSON_STRING) ? subject.value->string : STR("");
}

/* Whether a condition was read and is true, as JMESPath sees it: not null, false or empty. */
static bool holds(const struct evaluated *condition)
{
    return condition->state == FACT_PRESENT && value_is_true(condition->value);
}

/* False where something that the rule is about was not told, or could not be read. */
static bool is_known(struct subject_run *s)
{
    if (!s->rule->known)
        return true;
    struct evaluated known = expression_evaluate(s->rule->known, &s->judging.scope, s->judging.arena);
    if (judge_unread(&s->judging, &known, &s->judgement))
        return false;
    if (known.state == FACT_PRESENT)
        return true;
    s->judgement = (struct judgement){
        .verdict = VERDICT_UNKNOWN,
        .message = str_join3(s->judging.arena, STR("cannot be decided: "), fill(s, s->rule->known_otherwise), STR(""))};
    return false;
}

/* False where the rule does not apply, or where that could not be read: the judgement says so. */
static bool applies(struct subject_run *s)
{
    if (!is_known(s))
        return false;
    if (!s->rule->when)
        return true;
    struct evaluated when = expression_evaluate(s->rule->when, &s->judging.scope, s->judging.arena);
    if (judge_unread(&s->judging, &when, &s->judgement))
        return false;
    if (holds(&when))
        return true;
    s->judgement = (struct judgement){.verdict = VERDICT_SKIP, .message = fill(s, s->rule->skip_reason)};
    return false;
}

static bool has_failed(const struct judgement *judgement)
{
    bool failed = judgement->verdict == VERDICT_FAIL;
    for (size_t i = 0; i < judgement->part_count; i++)
        failed = failed || judgement->parts[i].verdict == VERDICT_FAIL;
    return failed;
}

/* Every failure becomes pending; the parts are the check's, so they are copied. */
static void make_pending(struct subject_run *s)
{
    struct judgement *judgement = &s->judgement;
    struct judgement_part *parts = arena_array(s->judging.arena, struct judgement_part, judgement->part_count);
    for (size_t i = 0; i < judgement->part_count; i++) {
        parts[i] = judgement->parts[i];
        if (parts[i].verdict == VERDICT_FAIL)
            parts[i].verdict = VERDICT_PENDING;
    }
    judgement->parts = parts;
    judgement->verdict = VERDICT_PENDING;
    judgement->until = fill(s, s->rule->pending_until);
}

/* A failure for which only time may be missing; whether that is so has to be read, like all evidence. */
static void consider_pending(struct subject_run *s)
{
    if (!s->rule->pending_when || !has_failed(&s->judgement))
        return;
    struct evaluated when = expression_evaluate(s->rule->pending_when, &s->judging.scope, s->judging.arena);
    if (!judge_unread(&s->judging, &when, &s->judgement) && holds(&when))
        make_pending(s);
}

/* Whether a failing rule makes it useless to wait: then that is the cause. */
static void consider_waiting(struct subject_run *s)
{
    bool waits = s->judgement.verdict == VERDICT_PENDING;
    for (size_t i = 0; waits && i < s->rule->pending_unless_count; i++) {
        struct str id = s->rule->pending_unless[i];
        const struct outcome *other = outcome_of(s->runner, id);
        if (!other || other->verdict != VERDICT_FAIL)
            continue;
        s->judgement.verdict = VERDICT_UNKNOWN;
        s->judgement.root_cause = id;
        s->judgement.message = str_format(s->runner->arena, "waiting is of no use before '%.*s' holds", STR_ARG(id));
        return;
    }
}

/* A rule that knows what an undecided check means says so, and is its own cause. */
static void explain_unknown(struct subject_run *s)
{
    struct str text = s->judgement.verdict == VERDICT_UNKNOWN ? fill(s, s->rule->messages[VERDICT_UNKNOWN]) : STR("");
    if (text.len == 0)
        return;
    s->judgement.message = str_join3(s->judging.arena, STR("cannot be decided: "), text, STR(""));
    s->judgement.root_cause = STR("");
}

static enum severity severity_of(const struct subject_run *s)
{
    for (size_t i = 0; i + 1 < s->rule->severity_count; i++) {
        const struct severity_choice *choice = &s->rule->severities[i];
        struct evaluated when = expression_evaluate(choice->when, &s->judging.scope, s->judging.arena);
        if (holds(&when))
            return choice->is;
    }
    return rule_default_severity(s->rule);
}

static struct str error_text(struct arena *arena, const struct fact *fact)
{
    if (fact->code.len == 0 || fact->message.len == 0)
        return fact->code;
    return str_join3(arena, fact->code, STR(": "), fact->message);
}

struct evidence_list {
    struct name_list names;
    struct evidence *items;
    size_t capacity;
};

static void add_evidence(struct arena *arena, struct evidence_list *list, const struct fact *fact)
{
    size_t known = list->names.count;
    name_list_add(arena, &list->names, fact->name);
    if (list->names.count == known)
        return;
    if (known == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 8;
        struct evidence *larger = arena_array(arena, struct evidence, list->capacity);
        if (known)
            memcpy(larger, list->items, known * sizeof *larger);
        list->items = larger;
    }
    list->items[known] =
        (struct evidence){fact->name, fact->call, fact_state_name(fact->state), error_text(arena, fact)};
}

/* The calls behind the facts. What could not be read, and kept no pass from being one, is not what the pass rests on.
 */
static void add_calls(const struct subject_run *s, enum verdict verdict, const struct str *names, size_t name_count,
                      struct evidence_list *list)
{
    struct arena *arena = s->judging.arena;
    for (size_t i = 0; i < name_count; i++) {
        size_t count;
        const struct fact *const *facts = facts_evidence(s->judging.scope.facts, arena, names[i], &count);
        for (size_t j = 0; j < count; j++) {
            bool unread = facts[j]->state != FACT_PRESENT && facts[j]->state != FACT_ABSENT;
            if (!unread || verdict != VERDICT_PASS)
                add_evidence(arena, list, facts[j]);
        }
    }
}

static void collect_evidence(const struct subject_run *s, struct result *result)
{
    const struct rule *rule = s->rule;
    struct evidence_list list = {0};
    bool judged = s->judgement.facts != NULL; /* else the rule never came to its check */
    size_t own = result->verdict == VERDICT_PASS ? rule->decisive_fact_count : rule->own_fact_count;
    add_calls(s, result->verdict, rule->facts, judged ? own : rule->fact_count, &list);
    add_calls(s, result->verdict, s->judgement.facts, s->judgement.fact_count, &list);
    result->evidence = list.items;
    result->evidence_count = list.names.count;
}

/* Text to paste has no gaps: what a fact is missing for is left out. Nothing may be missing where there is no text. */
static bool fill_whole(const struct subject_run *s, const struct text *text, struct str *ret)
{
    *ret = STR("");
    if (!text)
        return true;
    struct evaluated filled = text_fill(text, &s->judging.scope, s->judging.arena);
    if (filled.state != FACT_PRESENT || !json_is(filled.value, JSON_STRING))
        return false;
    *ret = filled.value->string;
    return true;
}

static struct str fill_or_omit(const struct subject_run *s, const struct text *text)
{
    struct str filled;
    return fill_whole(s, text, &filled) ? filled : STR("");
}

static void fill_fix(const struct subject_run *s, struct fix *fix)
{
    const struct fix_text *text = &s->rule->fix;
    struct str *console = arena_array(s->judging.arena, struct str, text->console_count);
    size_t count = 0;
    for (size_t i = 0; i < text->console_count; i++)
        count += fill_whole(s, text->console[i], &console[count]);
    *fix = (struct fix){
        .console = console,
        .console_count = count,
        .cli = fill_or_omit(s, text->cli),
        .note = fill_or_omit(s, text->note),
        .policy = s->judgement.policy,
    };
}

static uint64_t hash_part(uint64_t hash, struct str part)
{
    return hash_fnv1a(hash_fnv1a(hash, part), STR("\n"));
}

/* What the ids of a rule's results begin with. A target may list ten thousand accounts: it is hashed once. */
static uint64_t id_seed(const struct runner *runner, const struct rule *rule)
{
    return hash_part(hash_part(hash_part(0, rule->id), runner->account), runner->target_text);
}

static struct str result_id(const struct subject_run *s, struct str subject)
{
    return str_format(s->judging.arena, "%016llx", (unsigned long long)hash_part(s->id_seed, subject));
}

static struct result *add_result(struct runner *runner)
{
    if (runner->result_count == runner->result_capacity) {
        runner->result_capacity = runner->result_capacity ? runner->result_capacity * 2 : 128;
        struct result *larger = arena_array(runner->arena, struct result, runner->result_capacity);
        if (runner->result_count)
            memcpy(larger, runner->results, runner->result_count * sizeof *larger);
        runner->results = larger;
    }
    return &runner->results[runner->result_count++];
}

static void apply_waiver(const struct subject_run *s, struct result *result)
{
    const struct waivers *waivers = s->runner->options->waivers;
    if (!waivers || result->verdict != VERDICT_FAIL)
        return;
    int64_t now = facts_time(s->judging.scope.facts);
    const struct waiver *waiver = waivers_find(waivers, s->rule->id, result->subject, now);
    if (!waiver)
        return;
    result->verdict = VERDICT_WAIVED;
    result->waiver = waiver->source;
}

static struct str message_of(const struct subject_run *s, enum verdict verdict, struct str own)
{
    /* What could not be decided is the check's to say (see explain_unknown()). */
    struct str text = verdict == VERDICT_UNKNOWN ? STR("") : fill(s, s->rule->messages[verdict]);
    if (text.len == 0)
        return own.len ? own : s->rule->title;
    /* The rule says what it means, the check what it found. */
    bool adds = verdict == VERDICT_FAIL && own.len && !s->judgement.is_comparison;
    return adds ? str_join3(s->judging.arena, text, STR(": "), own) : text;
}

static struct str with_notes(const struct subject_run *s, struct str message)
{
    struct str notes[] = {s->judgement.note, s->judgement.remark};
    for (size_t i = 0; i < COUNT_OF(notes); i++)
        message = notes[i].len ? str_join3(s->judging.arena, message, STR("; "), notes[i]) : message;
    return message;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Whether the text has these words, and not as a part of others. */
static bool says(struct str text, struct str words)
{
    for (ptrdiff_t at = str_find(text, words, 0); words.len && at >= 0; at = str_find(text, words, at + 1)) {
        ptrdiff_t end = at + words.len;
        if ((at == 0 || !is_word(text.ptr[at - 1])) && (end == text.len || !is_word(text.ptr[end])))
            return true;
    }
    return words.len == 0;
}

/* What was wanted and what it is, as far as the message has not said it. True and false are what it speaks of. */
static struct str comparison_of(const struct subject_run *s, const struct judgement_part *part, struct str message)
{
    const struct judgement *judgement = &s->judgement;
    bool failed = part->verdict == VERDICT_FAIL || part->verdict == VERDICT_PENDING;
    bool named = judgement->wanted.len && judgement->expected->type != JSON_BOOLEAN;
    if (!failed || !named || says(message, judgement->wanted))
        return STR("");
    bool known = says(message, judgement->found) || judgement->actual->type == JSON_NULL;
    bool repeats = str_contains(judgement->wanted, judgement->found); /* anything but root */
    return known || repeats ? judgement->wanted
                            : str_join3(s->judging.arena, judgement->wanted, STR("; it is "), judgement->found);
}

struct str run_sentence(const struct text *text, struct scope scope, const struct result *result, size_t count,
                        struct arena *arena)
{
    if (!text)
        return STR("");
    struct json_builder finding = json_build(arena, JSON_OBJECT);
    json_build_append(&finding, STR("count"), json_number((double)count));
    json_build_append(&finding, STR("subject"), json_string(result->subject));
    json_build_append(&finding, STR("expected"), result->expected ? *result->expected : json_null);
    json_build_append(&finding, STR("actual"), result->actual ? *result->actual : json_null);
    scope.finding = json_box(arena, json_built(&finding));
    return text_fill_lenient(text, &scope, arena);
}

/* What is told of a result that asks for something. */
static void fill_advice(const struct subject_run *s, struct result *result)
{
    if (result->verdict == VERDICT_PASS || result->verdict == VERDICT_SKIP)
        return;
    fill_fix(s, &result->fix);
    if (result->verdict != VERDICT_FAIL)
        return;
    result->to_do = s->judgement.to_do.len
                        ? s->judgement.to_do
                        : run_sentence(s->rule->to_do, s->judging.scope, result, 1, s->judging.arena);
    result->mends_elsewhere = s->judgement.to_do.len > 0;
}

static enum verdict emit(const struct subject_run *s, const struct judgement_part *part)
{
    struct result *result = add_result(s->runner);
    const struct judgement *judgement = &s->judgement;
    *result = (struct result){
        .id = result_id(s, part->subject),
        .rule = s->rule->id,
        .title = s->rule->title,
        .severity = severity_of(s),
        .section = s->rule->section,
        .place = s->rule->place,
        .verdict = part->verdict,
        .account = s->runner->account,
        .subject = part->subject,
        .message = with_notes(s, message_of(s, part->verdict, part->message)),
        .expected = part->expected,
        .actual = part->actual,
        .root_cause = part->verdict == VERDICT_PASS || part->verdict == VERDICT_SKIP ? STR("") : judgement->root_cause,
        .until = part->verdict == VERDICT_PENDING ? judgement->until : STR(""),
        .many = judgement->part_count > 0 || s->rule->for_each,
        .why = fill(s, s->rule->why),
        .reference = s->rule->reference,
        .rule_file = s->rule->file,
        .rule_line = s->rule->line,
    };
    collect_evidence(s, result);
    fill_advice(s, result);
    result->comparison = comparison_of(s, part, result->message);
    apply_waiver(s, result);
    return result->verdict;
}

static void note_steps(struct json_builder *steps, const struct json *found)
{
    for (size_t i = 0; found && i < found->count; i++)
        json_build_set(steps, found->members[i].name, found->members[i].value);
}

/* Emits what was judged; returns the verdict of it all. */
static enum verdict emit_judgement(const struct subject_run *s)
{
    const struct judgement *judgement = &s->judgement;
    note_steps(&s->runner->optscale, judgement->optscale);
    if (judgement->verdict == VERDICT_FAIL)
        note_steps(&s->runner->refusals, judgement->refusal);
    if (judgement->part_count == 0) {
        struct judgement_part whole = {s->subject, judgement->verdict, judgement->message, judgement->expected,
                                       judgement->actual};
        return emit(s, &whole);
    }
    enum verdict verdict = VERDICT_SKIP;
    for (size_t i = 0; i < judgement->part_count; i++)
        verdict = verdict_and(verdict, emit(s, &judgement->parts[i]));
    return verdict;
}

/* One subject; returns its verdict and, through the outcome, what it waits for. */
static void run_subject(struct subject_run *s, struct outcome *outcome)
{
    if (applies(s)) {
        check_judge(&s->rule->check, &s->judging, &s->judgement);
        consider_pending(s);
        consider_waiting(s);
        explain_unknown(s);
    }
    /* The subject that decides is the first with the worst verdict; what waits, waits for the last time. */
    enum verdict verdict = verdict_and(outcome->verdict, emit_judgement(s));
    if (verdict != outcome->verdict) {
        outcome->root_cause = s->judgement.root_cause;
        outcome->until = s->judgement.until;
    } else if (verdict == VERDICT_PENDING && str_compare(s->judgement.until, outcome->until) > 0) {
        outcome->until = s->judgement.until;
    }
    outcome->verdict = verdict;
}

static void run_each(struct subject_run *s, const struct json *list, struct outcome *outcome)
{
    for (size_t i = 0; i < list->count; i++) {
        struct subject_run one = *s;
        one.judging.scope.item = &list->items[i];
        one.subject = fill_subject(&one);
        run_subject(&one, outcome);
    }
    if (list->count == 0) {
        s->judgement = (struct judgement){.verdict = VERDICT_SKIP, .message = fill(s, s->rule->skip_reason)};
        outcome->verdict = emit_judgement(s);
    }
}

/* The items of `for_each`, none where it is null; false where it could not be read, or is no list. */
static bool find_items(struct subject_run *s, const struct json **ret)
{
    struct evaluated items = expression_evaluate(s->rule->for_each, &s->judging.scope, s->judging.arena);
    if (judge_unread(&s->judging, &items, &s->judgement))
        return false;
    static const struct json none = {.type = JSON_ARRAY};
    *ret = items.state == FACT_ABSENT ? &none : items.value;
    if (json_is(*ret, JSON_ARRAY))
        return true;
    s->judgement = (struct judgement){
        .verdict = VERDICT_UNKNOWN,
        .message = str_format(s->judging.arena, "cannot be decided: \"for_each\" gave %s, and no list",
                              json_type_name(items.value->type)),
    };
    return false;
}

/* A condition that speaks of the item is asked for each item only. */
static bool is_of_item(const struct expression *expression)
{
    return expression && str_contains(expression_text(expression), STR("item"));
}

static bool applies_to_any(struct subject_run *s)
{
    return is_of_item(s->rule->known) || is_of_item(s->rule->when) || applies(s);
}

static void run_applicable(struct subject_run *s, struct outcome *outcome)
{
    const struct json *items;
    if (!s->rule->for_each) {
        s->subject = fill_subject(s);
        run_subject(s, outcome);
    } else if (!applies_to_any(s) || !find_items(s, &items)) {
        outcome->verdict = emit_judgement(s);
        outcome->root_cause = s->judgement.root_cause;
    } else {
        run_each(s, items, outcome);
    }
}

void run_rule(struct runner *runner, size_t index)
{
    const struct rule *rule = runner->options->selection->rules[index];
    struct outcome *outcome = &runner->outcomes[index];
    struct outcome found = {.evaluated = true, .verdict = VERDICT_SKIP};
    struct subject_run s = {
        .runner = runner,
        .rule = rule,
        .id_seed = id_seed(runner, rule),
        .judging = {runner->arena,
                    {.facts = runner->options->facts, .parameters = run_parameters(runner, rule), .item = NULL},
                    runner->memo},
    };
    outcome->evaluated = true; /* against a cycle; the loader refuses them */
    s.judgement = judge_needs(runner, rule);
    size_t first = runner->result_count;
    if (s.judgement.verdict == VERDICT_PASS) {
        run_applicable(&s, &found);
    } else {
        s.subject = rule->for_each ? STR("") : fill_subject(&s);
        found.verdict = emit_judgement(&s);
        found.root_cause = s.judgement.root_cause;
        found.until = s.judgement.until;
    }
    if (found.root_cause.len == 0 && found.verdict != VERDICT_PASS && found.verdict != VERDICT_SKIP)
        found.root_cause = rule->id;
    if (!runner->options->selection->reported[index])
        runner->result_count = first;
    *outcome = found;
}
