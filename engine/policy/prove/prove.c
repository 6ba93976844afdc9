/*
 * prove.c: see prove.h.
 *
 * Each cell of the set is looked at twice. The first pass, for a refutation, errs on the side of the claim: whatever is
 * not known is taken as it would suit the claim best, so that a request found there refutes for certain. The second,
 * for the proof, errs on the other side, with keys that nobody knows as variables; if it finds nothing, the claim
 * holds. Where all is known, both would look at the same: the first is the proof, too.
 */
#include "policy/prove/prove.h"

#include "policy/language/resource_type.h"
#include "policy/prove/layers.h"
#include "policy/prove/source_pair.h"

#include <string.h>

struct prover {
    struct arena *arena; /* of the caller */
    struct algebra algebra;
    const struct prove_environment *environment;
    const struct request_set *except; /* of prove_grants_only(); else NULL */
    bool grants;                      /* the claim: all are allowed; else none is */
    struct prove_result result;
    bool decided;
    bool all_known;  /* so far no pass had anything to err about */
    size_t requests; /* cells that were looked at */
};

/* One part of the set in one pass. */
struct pass {
    struct prover *prover;
    const struct request_part *part;
    struct principal principal;
    bool for_proof;
    struct box_model model;
    struct layers layers;
    struct source_pair source;
    bool pairs; /* only requests whose source's ARN and account belong together */
    struct region_value values[REGION_VARIABLES_MAX];
};

struct str prove_verdict_name(enum prove_verdict verdict)
{
    static const struct str names[] = {STR_INIT("proved"), STR_INIT("refuted"), STR_INIT("undecided")};
    return names[verdict];
}

/* ---- Results ---- */

static void undecided(struct prover *prover, enum prove_reason reason, struct str text)
{
    if (prover->decided)
        return;
    prover->decided = true;
    prover->result.verdict = PROVE_UNDECIDED;
    prover->result.reason = reason;
    prover->result.text = text;
}

static void out_of_budget(struct prover *prover)
{
    undecided(prover, PROVE_REASON_BUDGET, STR("the policies are too intricate: the budget of steps is used up"));
}

static void unread(struct prover *prover, enum policy_type type)
{
    struct str name = policy_type_name(type);
    undecided(
        prover, PROVE_REASON_UNREAD,
        str_format(prover->arena, "a policy (%.*s) could not be read, and may allow or deny anything", STR_ARG(name)));
}

static void append_statement(struct buf *text, const struct statement *statement)
{
    buf_add(text, statement->pointer);
    if (statement->sid.len)
        buf_addf(text, " (%.*s)", STR_ARG(statement->sid));
    if (statement->policy->name.len)
        buf_addf(text, " of %.*s", STR_ARG(statement->policy->name));
}

static void open_condition(struct prover *prover, const struct statement *statement, struct str key)
{
    struct buf text = buf_make(prover->arena, BUF_NO_MAX);
    append_statement(&text, statement);
    buf_addf(&text, " depends on %.*s, of which nothing certain is known", STR_ARG(key));
    undecided(prover, PROVE_REASON_CONDITION, buf_str(&text));
    prover->result.statement = statement;
    prover->result.key = key;
}

/* ---- The request that was found ---- */

static struct json text_list(struct arena *arena, const struct str *texts, size_t count)
{
    struct json_builder list = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < count; i++)
        json_build_add(&list, json_string(str_copy(arena, texts[i])));
    return json_built(&list);
}

/* The keys that are fixed, and a value for each that is one of few: which does not matter. */
static void add_known_keys(struct arena *arena, const struct request_part *part, struct json_builder *context)
{
    for (size_t i = 0; i < part->key_count; i++) {
        const struct request_key *key = &part->keys[i];
        bool known = key->kind == KEY_FIXED || (key->kind == KEY_UNKNOWN && key->value_count);
        if (!known || request_key_find(part, key->name) != key)
            continue;
        size_t count = key->kind == KEY_FIXED ? key->value_count : 1;
        struct json value =
            count == 1 ? json_string(str_copy(arena, key->values[0])) : text_list(arena, key->values, count);
        json_build_set(context, str_copy(arena, key->name), value);
    }
}

static const struct json *example_context(const struct pass *pass)
{
    struct arena *arena = pass->prover->arena;
    struct json_builder context = json_build(arena, JSON_OBJECT);
    add_known_keys(arena, pass->part, &context);
    for (uint32_t v = VARIABLE_FIRST_KEY; v < pass->model.variable_count; v++) {
        struct region_value value = pass->values[v];
        if (!value.absent)
            json_build_set(&context, str_copy(arena, pass->model.variables[v]),
                           json_string(str_copy(arena, value.text)));
    }
    return json_box(arena, json_built(&context));
}

/* Folded actions are shown in the spelling that AWS uses. */
static struct str example_action(struct arena *arena, struct str action)
{
    const struct action_row *row = action_find(action);
    return row ? action_text(arena, row) : str_copy(arena, action);
}

static bool make_example(const struct pass *pass, struct prove_example *ret)
{
    struct arena *arena = pass->prover->arena;
    struct prove_example example = {.context = example_context(pass)};
    struct request_parts parts = {
        .principal = pass->part->principal,
        .action = example_action(arena, pass->values[VARIABLE_ACTION].text),
        .resource = str_copy(arena, pass->values[VARIABLE_RESOURCE].text),
        .resource_account = pass->part->resource_account,
        .context = example.context,
    };
    if (!request_make(arena, parts, &example.request, NULL))
        return false;
    policy_evaluate(&pass->prover->environment->policies, &example.request, &example.decision);
    *ret = example;
    return true;
}

static void describe_reason(struct buf *text, const struct policy_environment *policies,
                            const struct decision *decision)
{
    if (decision->rule) {
        buf_addf(text, ": %s", decision->rule);
        return;
    }
    if (decision->reason_count == 0)
        return;
    const struct decision_reason *reason = &decision->reasons[0];
    if (reason->statement) {
        buf_add_c(text, " by ");
        append_statement(text, reason->statement);
        return;
    }
    const struct policy *boundary =
        reason->type == POLICY_BOUNDARY && policies->boundaries.count ? policies->boundaries.items[0] : NULL;
    struct str name = policy_type_name(reason->type);
    if (boundary)
        buf_addf(text, ": no statement of the permissions boundary %.*s allows it", STR_ARG(boundary->name));
    else
        buf_addf(text, ": no statement (%.*s) allows it", STR_ARG(name));
}

static struct str describe(struct arena *arena, const struct policy_environment *policies,
                           const struct prove_example *example)
{
    struct buf text = buf_make(arena, BUF_NO_MAX);
    buf_addf(&text, "%.*s on %.*s is %s", STR_ARG(example->request.action), STR_ARG(example->request.resource),
             example->decision.verdict == DECISION_ALLOWED ? "allowed" : "denied");
    describe_reason(&text, policies, &example->decision);
    return buf_str(&text);
}

/*
 * A refutation counts when evaluate.h confirms it. Where a policy of the type that decided could not be read, the
 * evaluation knows less than the search did, which already took the unread into account.
 */
static void refute(struct pass *pass)
{
    struct prover *prover = pass->prover;
    struct prove_example example;
    bool confirmed = make_example(pass, &example) && (example.decision.verdict == DECISION_ALLOWED) != prover->grants;
    if (!confirmed) {
        undecided(prover, PROVE_REASON_BUDGET, STR("the request that was found is too large to be tried"));
        return;
    }
    if (prover->decided && prover->result.verdict == PROVE_REFUTED)
        return;
    prover->decided = true;
    prover->result.verdict = PROVE_REFUTED;
    prover->result.reason = PROVE_REASON_NONE;
    prover->result.example = example;
    prover->result.statement = example.decision.reason_count ? example.decision.reasons[0].statement : NULL;
    prover->result.text = describe(prover->arena, &prover->environment->policies, &example);
}

/* ---- Searching a cell ---- */

static uint32_t find_variable(const struct box_model *model, const char *name)
{
    for (uint32_t v = VARIABLE_FIRST_KEY; v < model->variable_count; v++)
        if (str_equal_nocase(model->variables[v], str_from(name)))
            return v;
    return REGION_VARIABLES_MAX;
}

static void make_source(struct pass *pass)
{
    const struct request_part *part = pass->part;
    bool ranges = request_key_find(part, STR("aws:SourceAccount"))->kind == KEY_RANGES &&
                  request_key_find(part, STR("aws:SourceArn"))->kind == KEY_RANGES;
    pass->source = (struct source_pair){
        .account = find_variable(&pass->model, "aws:SourceAccount"),
        .arn = find_variable(&pass->model, "aws:SourceArn"),
    };
    pass->pairs = part->one_source && ranges && pass->source.account < REGION_VARIABLES_MAX &&
                  pass->source.arn < REGION_VARIABLES_MAX;
}

static enum algebra_answer search(struct pass *pass, const struct request_cell *cell, const struct region_union *within,
                                  size_t within_count, struct region_union outside)
{
    struct region_preferred preferred[REGION_VARIABLES_MAX] = {[VARIABLE_ACTION] = cell->actions};
    struct region_question question = {
        .base = part_box(&pass->model, cell->base),
        .variable_count = pass->model.variable_count,
        .within = within,
        .within_count = within_count,
        .outside = outside,
        .preferred = preferred,
        .accept = pass->pairs ? source_pair_accept : NULL,
        .user = &pass->source,
    };
    pass->source.exhausted = false;
    enum algebra_answer answer = region_search(&pass->prover->algebra, &question, pass->values);
    if (answer == ALGEBRA_NONE && pass->source.exhausted)
        answer = ALGEBRA_BUDGET;
    if (answer == ALGEBRA_FOUND && pass->pairs) {
        pass->values[pass->source.account] = (struct region_value){.text = pass->source.account_text};
        pass->values[pass->source.arn] = (struct region_value){.text = pass->source.arn_text};
    }
    return answer;
}

/* The first condition of the statement on a key of which nothing is known. */
static bool unknown_key(const struct pass *pass, const struct statement *statement, struct str *ret)
{
    for (size_t i = 0; i < statement->condition_count; i++) {
        const struct request_key *key = request_key_find(pass->part, statement->conditions[i].key.name);
        if (key->kind == KEY_UNKNOWN) {
            *ret = statement->conditions[i].key_text;
            return true;
        }
    }
    return false;
}

/* Blames a statement for leaving the question open, if it does. */
static bool blame(struct pass *pass, const struct layer_box *box)
{
    struct str key = box->box.key;
    if (box->box.exact && !unknown_key(pass, box->box.statement, &key))
        return false;
    open_condition(pass->prover, box->box.statement, key);
    return true;
}

/* Blames the first statement of the effect that could speak about the action that was found. */
static void blame_any(struct pass *pass, enum policy_effect effect)
{
    struct request request = {.action = pass->values[VARIABLE_ACTION].text};
    request.action_folded = str_lower(pass->prover->arena, request.action);
    request.service = UINT64_MAX;
    for (size_t i = 0; i < pass->layers.count; i++) {
        const struct layer_box *box = &pass->layers.boxes[i];
        if (box->box.statement->effect == effect && statement_action_matches(box->box.statement, &request) &&
            blame(pass, box))
            return;
    }
    undecided(pass->prover, PROVE_REASON_CONDITION, STR("a condition lies beyond the reasoning"));
}

/* grants, one cell: looks for a request that a statement denies, or that no Allow of some layer covers. */
static void check_grants(struct pass *pass, const struct request_cell *cell, const struct cell_rules *rules)
{
    struct prover *prover = pass->prover;
    struct region_union nothing = {NULL, 0};
    for (size_t i = 0; i < rules->denied.count && !prover->decided; i++) {
        struct region_union one = {&rules->denied.boxes[i], 1};
        enum algebra_answer answer = search(pass, cell, &one, 1, nothing);
        if (answer == ALGEBRA_BUDGET)
            out_of_budget(prover);
        else if (answer == ALGEBRA_FOUND && !pass->for_proof)
            refute(pass);
        else if (answer == ALGEBRA_FOUND && !blame(pass, rules->denials[i]))
            blame_any(pass, POLICY_DENY);
    }
    for (size_t i = 0; i < rules->must_count && !prover->decided; i++) {
        enum algebra_answer answer = search(pass, cell, NULL, 0, rules->must[i]);
        if (answer == ALGEBRA_BUDGET)
            out_of_budget(prover);
        else if (answer == ALGEBRA_FOUND && !pass->for_proof)
            refute(pass);
        else if (answer == ALGEBRA_FOUND)
            blame_any(pass, POLICY_ALLOW);
    }
}

/* grants_none, one cell: looks for a request that every layer allows and no statement denies. */
static void check_none(struct pass *pass, const struct request_cell *cell, const struct cell_rules *rules,
                       struct region_union spared)
{
    struct prover *prover = pass->prover;
    struct arena *arena = prover->algebra.arena;
    size_t count = rules->denied.count + spared.count;
    struct region_box *outside = arena_array(arena, struct region_box, count);
    if (rules->denied.count)
        memcpy(outside, rules->denied.boxes, rules->denied.count * sizeof(*outside));
    if (spared.count)
        memcpy(outside + rules->denied.count, spared.boxes, spared.count * sizeof(*outside));
    enum algebra_answer answer =
        search(pass, cell, rules->must, rules->must_count, (struct region_union){outside, count});
    if (answer == ALGEBRA_BUDGET)
        out_of_budget(prover);
    else if (answer == ALGEBRA_FOUND && pass->for_proof && rules->unread)
        unread(prover, rules->unread_type);
    else if (answer == ALGEBRA_FOUND && pass->for_proof)
        blame_any(pass, POLICY_ALLOW);
    else if (answer == ALGEBRA_FOUND)
        refute(pass);
}

/* ---- What prove_grants_only() leaves out ---- */

static struct algebra_clause texts_clause(struct arena *arena, const struct str *texts, size_t count, bool literal,
                                          bool excluded)
{
    struct wildcard *patterns = arena_array(arena, struct wildcard, count);
    for (size_t i = 0; i < count; i++)
        patterns[i] = literal ? wildcard_literal(arena, texts[i], false) : wildcard_arn(arena, texts[i], true);
    return (struct algebra_clause){patterns, count, excluded};
}

static uint32_t variable_of_key(const struct pass *pass, struct str name)
{
    for (uint32_t v = VARIABLE_FIRST_KEY; v < pass->model.variable_count; v++)
        if (str_equal_nocase(pass->model.variables[v], name))
            return v;
    return REGION_VARIABLES_MAX;
}

/* Whether the universe's fixed value lies within what the set says of the key. */
static bool fixed_fits(struct pass *pass, const struct request_key *fixed, const struct request_key *key)
{
    struct algebra *algebra = &pass->prover->algebra;
    if (fixed->kind != KEY_FIXED || fixed->value_count != 1 || key->kind == KEY_ABSENT)
        return fixed->kind == KEY_ABSENT && key->kind == KEY_ABSENT;
    bool fits = false;
    for (size_t i = 0; i < key->value_count; i++) {
        bool literal = key->kind == KEY_FIXED;
        struct wildcard pattern = literal ? wildcard_literal(algebra->arena, key->values[i], false)
                                          : wildcard_arn(algebra->arena, key->values[i], true);
        fits |= algebra_matches(algebra, pattern, fixed->values[0]);
    }
    for (size_t i = 0; i < key->except_count; i++)
        fits &= !algebra_matches(algebra, wildcard_arn(algebra->arena, key->except[i], true), fixed->values[0]);
    return fits;
}

/* Adds what the set says of one key; false: no request of the universe meets it for certain. */
static bool add_set_key(struct pass *pass, const struct request_key *key, struct region_constraint *constraints,
                        size_t *count)
{
    struct arena *arena = pass->prover->algebra.arena;
    const struct request_key *ours = request_key_find(pass->part, key->name);
    if (key->kind == KEY_FREE || key->kind == KEY_UNKNOWN)
        return true;
    if (ours->kind == KEY_FIXED || ours->kind == KEY_ABSENT)
        return fixed_fits(pass, ours, key);
    uint32_t variable = variable_of_key(pass, key->name);
    if (variable == REGION_VARIABLES_MAX) /* nobody knows: in the set for a refutation, out of it for a proof */
        return !pass->for_proof;
    bool absent = key->kind == KEY_ABSENT;
    constraints[(*count)++] = (struct region_constraint){
        variable, absent,
        texts_clause(arena, key->values, absent ? 0 : key->value_count, key->kind == KEY_FIXED, false)};
    if (key->except_count)
        constraints[(*count)++] = (struct region_constraint){
            variable, false, texts_clause(arena, key->except, key->except_count, false, true)};
    return true;
}

static void spare_part(struct pass *pass, const struct request_part *part, struct region_box *boxes, size_t *count,
                       size_t max)
{
    struct algebra *algebra = &pass->prover->algebra;
    const struct request_form *forms;
    size_t form_count;
    if (!request_forms(algebra, part, &forms, &form_count) || form_count > max - *count) {
        out_of_budget(pass->prover);
        return;
    }
    struct region_constraint *keys = arena_array(algebra->arena, struct region_constraint, 2 * part->key_count);
    size_t key_count = 0;
    for (size_t i = 0; i < part->key_count; i++)
        if (!add_set_key(pass, &part->keys[i], keys, &key_count))
            return;
    for (size_t f = 0; f < form_count; f++) {
        size_t own = forms[f].box.count;
        struct region_constraint *all = arena_array(algebra->arena, struct region_constraint, own + key_count);
        memcpy(all, forms[f].box.constraints, own * sizeof(*all));
        if (key_count)
            memcpy(all + own, keys, key_count * sizeof(*all));
        boxes[(*count)++] = (struct region_box){all, own + key_count};
    }
}

static struct region_union spared_boxes(struct pass *pass)
{
    enum { SPARED_MAX = 1024 };
    const struct request_set *except = pass->prover->except;
    if (!except)
        return (struct region_union){NULL, 0};
    struct region_box *boxes = arena_array(pass->prover->algebra.arena, struct region_box, SPARED_MAX);
    size_t count = 0;
    for (size_t i = 0; i < except->count; i++)
        if (str_equal(except->parts[i].principal, pass->part->principal))
            spare_part(pass, &except->parts[i], boxes, &count, SPARED_MAX);
    return (struct region_union){boxes, count};
}

/* ---- Passes ---- */

static void take_any(struct pass *pass, const struct request_cell *cell)
{
    struct region_union nothing = {NULL, 0};
    enum algebra_answer answer = search(pass, cell, NULL, 0, nothing);
    if (answer == ALGEBRA_BUDGET)
        out_of_budget(pass->prover);
    else if (answer == ALGEBRA_FOUND)
        refute(pass);
}

static void check_cell(struct pass *pass, const struct request_cell *cell, struct region_union spared)
{
    struct prover *prover = pass->prover;
    struct cell_rules *rules = arena_new(prover->algebra.arena, struct cell_rules);
    cell_rules_make(prover->algebra.arena, &pass->layers, cell, rules);
    prover->requests++;
    prover->all_known &= !rules->unread && !rules->too_many;
    if (cell->always_allowed || cell->never_allowed) {
        if (cell->always_allowed != prover->grants && !pass->for_proof)
            take_any(pass, cell);
        return;
    }
    if (rules->too_many && !pass->for_proof)
        return;
    if (rules->too_many)
        out_of_budget(prover);
    else if (!prover->grants && !pass->for_proof && rules->unread)
        return; /* an unread policy may deny whatever seems allowed */
    else if (prover->grants && pass->for_proof && rules->unread)
        unread(prover, rules->unread_type);
    else if (prover->grants)
        check_grants(pass, cell, rules);
    else
        check_none(pass, cell, rules, spared);
}

static bool all_exact(const struct layers *layers)
{
    for (size_t i = 0; i < layers->count; i++)
        if (!layers->boxes[i].box.exact)
            return false;
    return true;
}

static void run_pass(struct prover *prover, const struct request_part *part, bool for_proof)
{
    struct pass *pass = arena_new(prover->algebra.arena, struct pass);
    pass->prover = prover;
    pass->part = part;
    pass->principal = principal_read(part->principal);
    pass->for_proof = for_proof;
    pass->model = box_model_make(&prover->algebra, part, for_proof);
    /* The refuting pass errs on the claim's side, the proving pass against it. */
    pass->layers = layers_make(&pass->model, prover->environment, &pass->principal, prover->grants != for_proof);
    prover->all_known &= all_exact(&pass->layers);
    make_source(pass);
    const struct request_cell *cells;
    size_t count;
    if (!request_cells(&prover->algebra, part, &pass->principal, &cells, &count)) {
        out_of_budget(prover);
        return;
    }
    struct region_union spared = spared_boxes(pass);
    for (size_t i = 0; i < count && !prover->decided; i++)
        check_cell(pass, &cells[i], spared);
}

static struct prove_result prove(struct arena *arena, const struct prove_environment *environment,
                                 const struct request_set *set, const struct request_set *except, bool grants)
{
    struct arena *work = arena_open(0);
    struct arena *scratch = arena_open(0);
    struct prover prover = {
        .arena = arena,
        .algebra = algebra_make(work, scratch),
        .environment = environment,
        .except = except,
        .grants = grants,
        .all_known = !except, /* what is left out is drawn anew in each pass */
    };
    uint64_t steps = prover.algebra.steps;
    /* A refutation of any part counts more than a part that stays open: all of them are tried first. */
    for (int proof = 0; proof <= 1 && !prover.decided && !(proof && prover.all_known); proof++)
        for (size_t i = 0; i < set->count && !prover.decided; i++)
            run_pass(&prover, &set->parts[i], proof == 1);
    if (!prover.decided && prover.requests == 0)
        undecided(&prover, PROVE_REASON_EMPTY, STR("no action of the set is asked on any of its resources"));
    if (!prover.decided)
        prover.result.verdict = PROVE_PROVED;
    prover.result.steps = steps - prover.algebra.steps;
    arena_close(scratch);
    arena_close(work);
    return prover.result;
}

struct prove_result prove_grants(struct arena *arena, const struct prove_environment *environment,
                                 const struct request_set *set)
{
    return prove(arena, environment, set, NULL, true);
}

struct prove_result prove_grants_none(struct arena *arena, const struct prove_environment *environment,
                                      const struct request_set *set)
{
    return prove(arena, environment, set, NULL, false);
}

struct prove_result prove_grants_only(struct arena *arena, const struct prove_environment *environment,
                                      const struct request_set *universe, const struct request_set *set)
{
    return prove(arena, environment, universe, set, false);
}
