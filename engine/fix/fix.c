/* fix.c: see fix.h. */
#include "fix/fix.h"

#include "account/document/document.h"
#include "base/json/patch.h"
#include "fix/trial.h"

#include <string.h>

enum { ROUNDS_MAX = 16 };

/* A document, as it is put together. */
struct draft {
    struct document document; /* as it was read */
    const struct json *after;
    struct str looks[ROUNDS_MAX];
    size_t look_count;
    const struct result **mended;
    size_t mended_count;
};

struct drafts {
    struct draft *items;
    size_t count;
};

struct fixing {
    struct arena *arena;
    const struct fix_options *options;
    const struct run *found;
    struct trial now;      /* with everything in place that was proven */
    struct drafts drafts;  /* proven */
    struct drafts attempt; /* of the rule that is looked at */
    struct uncorrected *uncorrected;
    size_t uncorrected_count;
    struct str *tried; /* rules */
    size_t tried_count;
};

/* ---- One edit ---- */

static bool find_document(const struct fixing *f, const struct trial *trial, const struct edit *edit,
                          struct document *ret)
{
    const struct facts *facts = trial->options.facts;
    if (edit->kind.len)
        return document_of_kind(facts, f->arena, document_kind_find(edit->kind), ret);
    if (edit->name.len)
        return document_of_policy(facts, f->arena, edit->fact, edit->name, edit->before, ret);
    return document_of_fact(facts, f->arena, edit->fact, ret);
}

static bool is_awss_own(const struct document *document)
{
    return document->kind->type == DOCUMENT_MANAGED_POLICY &&
           str_contains(json_find_string(document->parameters, "PolicyArn"), STR(":iam::aws:"));
}

/* As AWS counts: blanks outside of texts are free, and none is written here. */
static bool is_too_long(const struct fixing *f, const struct trial *trial, const struct document *document,
                        const struct json *value)
{
    size_t limit = document->kind->limit;
    return limit && value &&
           (size_t)json_text(f->arena, value, 0).len + document_beside(f->arena, trial->snapshot, document) > limit;
}

/* The document as the edit has it; false, and why not. */
static bool edited(const struct fixing *f, const struct trial *trial, const struct document *document,
                   const struct edit *edit, const struct json **ret, struct str *ret_why)
{
    static const struct json nothing = {.type = JSON_OBJECT};
    struct error error;
    *ret = edit->document;
    if (edit->merge && !json_merge(f->arena, document->value ? document->value : &nothing, edit->merge, ret, &error)) {
        *ret_why = str_copy(f->arena, str_from(error.text));
        return false;
    }
    if (is_awss_own(document))
        *ret_why = STR("the policy is AWS's own, and nobody can change it: detach it, and attach a narrower one");
    else if (is_too_long(f, trial, document, *ret))
        *ret_why =
            str_format(f->arena,
                       "with it there would be more than the %zu characters that AWS takes: put it into a managed "
                       "policy",
                       document->kind->limit);
    else if (*ret && document->value && json_equal(*ret, document->value))
        *ret_why = STR("the document says it already");
    return ret_why->len == 0;
}

static struct draft *draft_of(struct drafts *drafts, const struct document *document)
{
    for (size_t i = 0; i < drafts->count; i++)
        if (document_same(&drafts->items[i].document, document))
            return &drafts->items[i];
    return NULL;
}

static struct draft *draft_for(struct drafts *drafts, const struct document *document)
{
    struct draft *draft = draft_of(drafts, document);
    if (draft)
        return draft;
    draft = &drafts->items[drafts->count++];
    *draft = (struct draft){.document = *document};
    return draft;
}

static void add_look(struct draft *draft, struct str look)
{
    for (size_t i = 0; i < draft->look_count; i++)
        if (str_equal(draft->looks[i], look))
            return;
    if (look.len && draft->look_count < ROUNDS_MAX)
        draft->looks[draft->look_count++] = look;
}

/* Puts what the rule would have in place. False, and why not. */
static bool put_edit(struct fixing *f, struct trial *trial, const struct mend *mend, struct str *ret_why)
{
    struct document document;
    const struct json *value;
    const struct snapshot *snapshot;
    struct error error;
    *ret_why = STR("");
    if (!find_document(f, trial, &mend->edit, &document)) {
        *ret_why = STR("the document at fault was not read, or is not one that can be edited here");
        return false;
    }
    if (!edited(f, trial, &document, &mend->edit, &value, ret_why))
        return false;
    if (!document_put(f->arena, trial->snapshot, &document, value, &snapshot, &error)) {
        *ret_why = str_copy(f->arena, str_from(error.text));
        return false;
    }
    struct draft *draft = draft_for(&f->attempt, &document);
    draft->after = value;
    add_look(draft, mend->look);
    trial_run(f->arena, f->options->run, f->options->at, snapshot, trial);
    return true;
}

/* ---- One rule ---- */

static struct str objection_text(const struct fixing *f, const struct rule *rule, const struct result *objection)
{
    bool own = str_equal(objection->rule, rule->id);
    return str_format(f->arena, "with it %.*s would %s: %.*s", STR_ARG(objection->rule),
                      own ? "still not pass" : "no longer pass", STR_ARG(objection->message));
}

/*
 * Edit by edit, until the rule holds, and all that held before. What an edit breaks is mended like the rule itself.
 * False, and why it cannot be brought to that.
 */
static bool go_way(struct fixing *f, const struct rule *rule, int way, struct trial *trial, struct str *ret_why)
{
    f->attempt.count = 0;
    *trial = f->now;
    for (int round = 0; round < ROUNDS_MAX; round++) {
        const struct result *failure = trial_failure(trial, rule->id);
        const struct result *objection = failure ? failure : trial_objection(f->arena, &f->now, trial, rule->id);
        struct mend mend = {.found = false};
        if (!objection)
            return true;
        if (objection->verdict == VERDICT_FAIL)
            run_mend(f->arena, &trial->options, rule_base_find(f->options->run->base, objection->rule), objection, way,
                     &mend);
        *ret_why = failure && round == 0 ? mend.refusal : objection_text(f, rule, objection);
        if (!mend.found || !put_edit(f, trial, &mend, ret_why))
            return false;
    }
    *ret_why = STR("it would take too many edits");
    return false;
}

/* Every rule that failed before and holds now is mended by what was put in place. */
static void note_mended(const struct fixing *f, const struct trial *after, struct draft *draft)
{
    size_t room = draft->mended_count + f->now.run.result_count;
    const struct result **mended = arena_array(f->arena, const struct result *, room);
    if (draft->mended_count)
        memcpy(mended, draft->mended, draft->mended_count * sizeof(*mended));
    draft->mended = mended;
    for (size_t i = 0; i < f->now.run.result_count; i++) {
        const struct result *result = &f->now.run.results[i];
        if (result->verdict == VERDICT_FAIL && trial_holds(after, result->rule))
            mended[draft->mended_count++] = result;
    }
}

static void accept(struct fixing *f, const struct trial *after)
{
    for (size_t i = 0; i < f->attempt.count; i++) {
        const struct draft *made = &f->attempt.items[i];
        struct draft *draft = draft_for(&f->drafts, &made->document);
        draft->after = made->after;
        for (size_t k = 0; k < made->look_count; k++)
            add_look(draft, made->looks[k]);
        note_mended(f, after, draft);
    }
    f->now = *after;
}

static void correct(struct fixing *f, const struct rule *rule, const struct result *failure)
{
    struct trial trial;
    struct str why = STR("");
    for (int way = 0; way < MEND_WAYS; way++) {
        struct str reason = STR("");
        if (go_way(f, rule, way, &trial, &reason)) {
            accept(f, &trial);
            return;
        }
        why = why.len ? why : reason;
    }
    f->uncorrected[f->uncorrected_count++] = (struct uncorrected){failure, why};
}

/* ---- All rules ---- */

static bool was_tried(const struct fixing *f, struct str rule)
{
    for (size_t i = 0; i < f->tried_count; i++)
        if (str_equal(f->tried[i], rule))
            return true;
    return false;
}

/* The next rule in the order of the steps that fails and was not looked at; NULL: none. */
static const struct rule *next_rule(const struct fixing *f)
{
    for (size_t i = 0; i < f->now.run.cause_count; i++) {
        struct str id = f->now.run.causes[i].root_cause;
        const struct rule *rule = rule_base_find(f->options->run->base, id);
        if (rule && trial_failure(&f->now, id) && !was_tried(f, id))
            return rule;
    }
    return NULL;
}

/* What no correction mends may have been mended by another rule's. */
static void keep_failing(struct fixing *f)
{
    size_t kept = 0;
    for (size_t i = 0; i < f->uncorrected_count; i++)
        if (!trial_holds(&f->now, f->uncorrected[i].result->rule))
            f->uncorrected[kept++] = f->uncorrected[i];
    f->uncorrected_count = kept;
}

/* ---- What is told ---- */

static const struct json *patch_of(struct arena *arena, const struct draft *draft)
{
    const struct json *before = draft->document.value ? draft->document.value : &json_null;
    const struct json *after = draft->after ? draft->after : &json_null;
    const struct json *patch;
    struct error error;
    return json_patch_between(arena, before, after, &patch, &error) ? patch : NULL;
}

static bool is_advice(const struct draft *draft)
{
    for (size_t i = 0; i < draft->mended_count; i++)
        if (!draft->mended[i]->advice)
            return false;
    return true;
}

static struct correction describe(struct arena *arena, const struct draft *draft)
{
    return (struct correction){.kind = draft->document.kind->name,
                               .parameters = draft->document.parameters,
                               .before = draft->document.value,
                               .after = draft->after,
                               .patch = patch_of(arena, draft),
                               .looks = draft->looks,
                               .look_count = draft->look_count,
                               .mended = draft->mended,
                               .mended_count = draft->mended_count,
                               .advice = is_advice(draft)};
}

void fix_make(struct arena *arena, const struct fix_options *options, const struct run *found, struct fix_plan *ret)
{
    size_t rules = options->run->selection->count;
    struct fixing f = {.arena = arena,
                       .options = options,
                       .found = found,
                       .uncorrected = arena_array(arena, struct uncorrected, rules),
                       .tried = arena_array(arena, struct str, rules)};
    f.drafts.items = arena_array(arena, struct draft, rules * ROUNDS_MAX);
    f.attempt.items = arena_array(arena, struct draft, ROUNDS_MAX);
    f.now = (struct trial){snapshot_of_facts(arena, options->run->facts, STR(""), facts_time(options->run->facts)),
                           *options->run, *found};
    for (const struct rule *rule; (rule = next_rule(&f));) {
        f.tried[f.tried_count++] = rule->id;
        correct(&f, rule, trial_failure(&f.now, rule->id));
    }
    keep_failing(&f);
    struct correction *corrections = arena_array(arena, struct correction, f.drafts.count);
    for (size_t i = 0; i < f.drafts.count; i++)
        corrections[i] = describe(arena, &f.drafts.items[i]);
    *ret = (struct fix_plan){corrections, f.drafts.count, f.uncorrected, f.uncorrected_count};
}
