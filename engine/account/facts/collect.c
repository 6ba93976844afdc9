/* collect.c: makes the calls that the wanted facts need, side by side, and computes the facts; see collect.h. */
#include "account/facts/collect.h"

#include "query/value.h"

/* --- waiting --- */

static void make_ready(struct facts *facts, struct node *node)
{
    node->next_ready = NULL;
    *facts->last_ready = node;
    facts->last_ready = &node->next_ready;
}

static void wait_in(struct facts *facts, struct node *node, struct waiter **list)
{
    struct waiter *waiter = arena_new(facts->arena, struct waiter);
    *waiter = (struct waiter){node, *list};
    *list = waiter;
    node->waiting++;
}

static void wake(struct facts *facts, struct waiter *waiters)
{
    for (struct waiter *waiter = waiters; waiter; waiter = waiter->next) {
        if (--waiter->node->waiting == 0)
            make_ready(facts, waiter->node);
    }
}

static void demand(struct facts *facts, struct node *node)
{
    if (node->stage != STAGE_IDLE)
        return;
    node->stage = STAGE_WHEN;
    make_ready(facts, node);
}

static void wait_for_facts(struct facts *facts, struct node *node, const struct str *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct node *other = facts_node(facts, names[i]);
        demand(facts, other);
        if (other->stage != STAGE_DONE)
            wait_in(facts, node, &other->waiters);
    }
}

/* --- calls --- */

/* What the map of calls holds. */
struct call_slot {
    struct shared_call *call;
};

static void take_answer(void *context, const struct call *call, const struct answer *answer);
static void work_off(struct facts *facts);

static const struct answered_call *find_known(const struct facts *facts, struct str key)
{
    for (size_t i = 0; i < facts->collection.known_count; i++) {
        const struct answered_call *known = &facts->collection.known[i];
        if (str_equal(call_key(facts->arena, &known->call), key))
            return known;
    }
    return NULL;
}

/* The answer that is known, else the transport's. */
static void submit(struct facts *facts, struct shared_call *shared, struct str key)
{
    const struct answered_call *known = find_known(facts, key);
    struct transport *transport = facts->collection.transport;
    if (!known) {
        transport->submit(transport->self, &shared->call, take_answer, shared);
        return;
    }
    shared->answer = known->answer;
    shared->done = true;
    facts->done_count++;
}

/* The shared call, submitted unless somebody asked the same before. */
static struct shared_call *share_call(struct facts *facts, struct call call)
{
    struct str key = call_key(facts->arena, &call);
    const struct call_slot *known = map_get(facts->calls, key);
    if (known)
        return known->call;
    struct shared_call *shared = arena_new(facts->arena, struct shared_call);
    *shared = (struct shared_call){.facts = facts, .call = call};
    struct call_slot *slot = arena_new(facts->arena, struct call_slot);
    slot->call = shared;
    map_set(facts->calls, key, slot);
    *facts->last_call = shared;
    facts->last_call = &shared->next;
    facts->call_count++;
    submit(facts, shared, key);
    return shared;
}

static void report_progress(const struct facts *facts)
{
    if (facts->collection.progress)
        facts->collection.progress(facts->collection.progress_context, facts->done_count, facts->call_count);
}

/*
 * S3 answers a HeadBucket in the wrong region with 301 or 400, no body, and the right region in a
 * header: asked there once more, it says whether the caller may list the bucket.
 */
static bool redirect_head(struct shared_call *shared, const struct answer *answer)
{
    struct str region = plan_bucket_region(answer);
    bool is_redirect = answer->http_status == 301 || answer->http_status == 307 || answer->http_status == 400;
    if (!str_equal(str_from(shared->call.operation->name), STR("HeadBucket")) || shared->redirected || !is_redirect ||
        region.len == 0 || str_equal(region, shared->call.region))
        return false;
    shared->redirected = true;
    shared->call.region = region;
    struct transport *transport = shared->facts->collection.transport;
    transport->submit(transport->self, &shared->call, take_answer, shared);
    return true;
}

static void take_answer(void *context, const struct call *call, const struct answer *answer)
{
    struct shared_call *shared = context;
    struct facts *facts = shared->facts;
    if (redirect_head(shared, answer))
        return;
    shared->call.region = call->region; /* a snapshot knows where the call went at the time */
    shared->answer = *answer;
    shared->done = true;
    facts->done_count++;
    wake(facts, shared->waiters);
    shared->waiters = NULL;
    work_off(facts);
    report_progress(facts);
}

/* --- entries --- */

static void settle_too_large(const struct node *node, struct entry *entry)
{
    entry->settled = true;
    entry->because = node->declaration->name;
    entry->result.state = FACT_FAILED;
    entry->result.code = STR(ANSWER_TOO_LARGE);
    entry->result.message = STR("more calls than one collection makes");
}

/*
 * The functions below put the items of a source into `entries` from `at` on and return how many
 * there are; `entries` NULL: they are only counted.
 */
static size_t add_unread(struct entry *entries, size_t at, const struct fact_item *unread, struct str because)
{
    if (entries) {
        entries[at] = (struct entry){.result = *unread, .because = because, .settled = true};
        entries[at].result.value = NULL;
        if (!unread->item)
            entries[at].result.item = &json_null;
    }
    return 1;
}

static size_t add_items(struct entry *entries, size_t at, const struct json *value)
{
    size_t count = value->type == JSON_ARRAY ? value->count : 1;
    for (size_t i = 0; entries && i < count; i++)
        entries[at + i].result.item = value->type == JSON_ARRAY ? &value->items[i] : value;
    return count;
}

/* Items of a fact that is itself a for_each: what was read is handed on, what was not stays unread. */
static size_t add_items_of_fact(struct entry *entries, size_t at, const struct node *source)
{
    size_t count = 0;
    for (size_t i = 0; i < source->entry_count; i++) {
        const struct entry *entry = &source->entries[i];
        if (entry->result.state == FACT_PRESENT)
            count += add_items(entries, at + count, entry->result.value);
        else if (entry->result.state != FACT_ABSENT)
            count += add_unread(entries, at + count, &entry->result, entry->because);
    }
    return count;
}

static size_t add_source(const struct facts *facts, const struct node *node, const struct item_source *source,
                         struct entry *entries, size_t at)
{
    const struct node *fact = source->fact.len > 0 ? facts_node(facts, source->fact) : NULL;
    if (fact && fact->entries && fact->fact.items)
        return add_items_of_fact(entries, at, fact);
    struct scope scope = facts_scope(facts, NULL);
    struct evaluated evaluated = expression_evaluate(source->expression, &scope, facts->arena);
    if (evaluated.state == FACT_PRESENT)
        return add_items(entries, at, evaluated.value);
    if (evaluated.state == FACT_ABSENT)
        return 0;
    struct entry unread = {0};
    entry_take(facts, node, &unread, &evaluated);
    return add_unread(entries, at, &unread.result, unread.because);
}

static void make_entries(struct facts *facts, struct node *node)
{
    const struct declaration *declaration = node->declaration;
    node->entry_count = declaration->for_each ? 0 : 1;
    for (size_t i = 0; i < declaration->source_count; i++)
        node->entry_count += add_source(facts, node, &declaration->sources[i], NULL, 0);
    node->entries = arena_array(facts->arena, struct entry, node->entry_count);
    size_t at = 0;
    for (size_t i = 0; i < declaration->source_count; i++)
        at += add_source(facts, node, &declaration->sources[i], node->entries, at);
}

/* --- the stages; each returns whether the next may be entered at once --- */

static void finish(struct facts *facts, struct node *node)
{
    node->stage = STAGE_DONE;
    struct waiter *waiters = node->waiters;
    node->waiters = NULL;
    wake(facts, waiters);
}

static void finish_as(struct facts *facts, struct node *node, const struct entry *entry)
{
    node->fact.state = entry->result.state;
    node->fact.value = entry->result.value;
    node->fact.code = entry->result.code;
    node->fact.message = entry->result.message;
    node->fact.action = entry->result.action;
    node->fact.parameters = entry->call ? entry->parameters : NULL;
    node->fact.because = entry->because;
    finish(facts, node);
}

static void begin_inputs(struct facts *facts, struct node *node)
{
    const struct declaration *declaration = node->declaration;
    if (declaration->first_of.items) {
        node->stage = STAGE_FIRST_OF;
        return;
    }
    node->stage = STAGE_INPUTS;
    wait_for_facts(facts, node, declaration->call_facts.items, declaration->call_facts.count);
    /* What `value` needs may be read meanwhile; it is waited for behind the calls. */
    for (size_t i = 0; i < declaration->value_facts.count; i++)
        demand(facts, facts_node(facts, declaration->value_facts.items[i]));
}

/* Whether the condition is true; where it is not, the fact is absent, or as unknown as the condition, and done. */
static bool holds(struct facts *facts, struct node *node, const struct expression *condition)
{
    struct scope scope = facts_scope(facts, NULL);
    struct evaluated evaluated = expression_evaluate(condition, &scope, facts->arena);
    if (evaluated.state == FACT_PRESENT && value_is_true(evaluated.value))
        return true;
    if (evaluated.state == FACT_PRESENT)
        evaluated.state = FACT_ABSENT;
    struct entry entry = {0};
    entry_take(facts, node, &entry, &evaluated);
    finish_as(facts, node, &entry);
    return false;
}

static void step_when(struct facts *facts, struct node *node)
{
    const struct expression *when = node->declaration->when;
    if (when) {
        size_t count = 0;
        const struct str *names = expression_facts(when, &count);
        wait_for_facts(facts, node, names, count);
        if (node->waiting > 0 || !holds(facts, node, when))
            return;
    }
    begin_inputs(facts, node);
}

/* What a candidate is: the fact's own outcome, or its member's. */
static struct entry candidate_outcome(const struct facts *facts, const struct node *node, size_t index)
{
    const struct fact *fact = &facts_node(facts, node->declaration->first_of.items[index])->fact;
    const struct expression *member = node->declaration->members[index];
    struct entry entry = {.result = {.state = fact->state,
                                     .value = fact->value,
                                     .code = fact->code,
                                     .message = fact->message,
                                     .action = fact->action},
                          .because = fact->because};
    if (member && fact->state == FACT_PRESENT) {
        struct scope scope = facts_scope(facts, NULL);
        struct evaluated evaluated = expression_evaluate(member, &scope, facts->arena);
        entry_take(facts, node, &entry, &evaluated);
    }
    return entry;
}

static void finish_first_of(struct facts *facts, struct node *node, size_t index, const struct entry *outcome)
{
    const struct node *chosen = facts_node(facts, node->declaration->first_of.items[index]);
    if (!node->declaration->members[index]) {
        node->fact.items = chosen->fact.items;
        node->fact.item_count = chosen->fact.item_count;
        node->entries = chosen->entries;
        node->entry_count = chosen->entry_count;
    }
    finish_as(facts, node, outcome);
}

/* Where no candidate is present, the worst speaks for all; among equals, one that AWS gave a reason for. */
static bool says_more(const struct fact_item *one, const struct fact_item *than)
{
    if (fact_state_is_worse(one->state, than->state))
        return true;
    return !fact_state_is_worse(than->state, one->state) && than->code.len == 0 && one->code.len > 0;
}

/*
 * One candidate after the other: the next is asked only where this one is not present, and those of
 * `if_denied` only where what AWS was asked for was refused.
 */
static void step_first_of(struct facts *facts, struct node *node)
{
    const struct names *names = &node->declaration->first_of;
    struct entry worst = {.result = {.state = FACT_ABSENT}};
    size_t worst_index = 0;
    for (size_t i = 0; i < names->count; i++) {
        if (i == node->declaration->refusable_count && worst.result.state != FACT_DENIED)
            break;
        if (i >= node->candidate) {
            node->candidate = i;
            wait_for_facts(facts, node, &names->items[i], 1);
            if (node->waiting > 0)
                return;
        }
        struct entry outcome = candidate_outcome(facts, node, i);
        if (outcome.result.state == FACT_PRESENT) {
            finish_first_of(facts, node, i, &outcome);
            return;
        }
        if (i == 0 || says_more(&outcome.result, &worst.result)) {
            worst = outcome;
            worst_index = i;
        }
    }
    if (names->count > 0)
        finish_first_of(facts, node, worst_index, &worst);
    else
        finish_as(facts, node, &worst);
}

/* As urgent as the call that waits for it, and one more. */
static struct shared_call *head_bucket(struct facts *facts, struct str bucket, int urgency)
{
    const struct operation *operation = operation_find(STR("s3"), STR("HeadBucket"));
    struct json_builder parameters = json_build(facts->arena, JSON_OBJECT);
    json_build_append(&parameters, STR("Bucket"), json_string(bucket));
    return share_call(facts, (struct call){.operation = operation,
                                           .region = plan_caller_region(facts),
                                           .parameters = json_box(facts->arena, json_built(&parameters)),
                                           .priority = urgency + 1});
}

static void wait_for_call(struct facts *facts, struct node *node, struct shared_call *call)
{
    if (call && !call->done)
        wait_in(facts, node, &call->waiters);
}

static void step_inputs(struct facts *facts, struct node *node)
{
    const struct declaration *declaration = node->declaration;
    make_entries(facts, node);
    node->stage = STAGE_REGIONS;
    for (size_t i = 0; declaration->operation && i < node->entry_count; i++) {
        struct entry *entry = &node->entries[i];
        if (!entry->settled)
            plan_parameters(facts, declaration, entry);
        if (entry->settled)
            continue;
        struct str bucket = plan_bucket(declaration, entry);
        if (bucket.len > 0)
            entry->head = head_bucket(facts, bucket, declaration->urgency);
        wait_for_call(facts, node, entry->head);
    }
}

static void step_regions(struct facts *facts, struct node *node)
{
    const struct declaration *declaration = node->declaration;
    node->stage = STAGE_CALLS;
    for (size_t i = 0; declaration->operation && i < node->entry_count; i++) {
        struct entry *entry = &node->entries[i];
        if (entry->settled)
            continue;
        if (facts->call_count >= COLLECT_MAX_CALLS) {
            settle_too_large(node, entry);
            continue;
        }
        entry->call = share_call(facts, (struct call){.operation = declaration->operation,
                                                      .region = plan_region(facts, declaration, entry),
                                                      .parameters = entry->parameters,
                                                      .decode = declaration->decode,
                                                      .priority = declaration->urgency});
        entry->result.parameters = entry->parameters;
        wait_for_call(facts, node, entry->call);
    }
    wait_for_facts(facts, node, declaration->value_facts.items, declaration->value_facts.count);
}

static struct json item_json(struct arena *arena, const struct fact_item *item)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("item"), *item->item);
    json_build_append(&object, STR("state"), json_string(fact_state_name(item->state)));
    json_build_append(&object, STR("value"), item->value ? *item->value : json_null);
    return json_built(&object);
}

/* The list of items, and the worst of their states. */
static void finish_list(struct facts *facts, struct node *node)
{
    struct entry outcome = {.result = {.state = FACT_PRESENT}};
    struct json_builder list = json_build(facts->arena, JSON_ARRAY);
    struct fact_item *items = arena_array(facts->arena, struct fact_item, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct entry *entry = &node->entries[i];
        items[i] = entry->result;
        json_build_add(&list, item_json(facts->arena, &entry->result));
        if (fact_state_is_worse(entry->result.state, outcome.result.state))
            outcome = *entry;
    }
    outcome.call = NULL;
    outcome.result.value = outcome.result.state == FACT_PRESENT ? json_box(facts->arena, json_built(&list)) : NULL;
    node->fact.items = items;
    node->fact.item_count = node->entry_count;
    finish_as(facts, node, &outcome);
}

static void step_calls(struct facts *facts, struct node *node)
{
    const struct expression *counts_when = node->declaration->counts_when;
    if (counts_when && !holds(facts, node, counts_when))
        return;
    for (size_t i = 0; i < node->entry_count; i++)
        entry_settle(facts, node, &node->entries[i]);
    if (node->declaration->for_each)
        finish_list(facts, node);
    else
        finish_as(facts, node, &node->entries[0]);
}

/* Moves a node on until it waits or is done. */
static void advance(struct facts *facts, struct node *node)
{
    static void (*const steps[])(struct facts *, struct node *) = {
        [STAGE_WHEN] = step_when,       [STAGE_FIRST_OF] = step_first_of, [STAGE_INPUTS] = step_inputs,
        [STAGE_REGIONS] = step_regions, [STAGE_CALLS] = step_calls,
    };
    while (node->waiting == 0 && node->stage != STAGE_DONE)
        steps[node->stage](facts, node);
}

static void work_off(struct facts *facts)
{
    while (facts->first_ready) {
        struct node *node = facts->first_ready;
        facts->first_ready = node->next_ready;
        if (!facts->first_ready)
            facts->last_ready = &facts->first_ready;
        advance(facts, node);
    }
}

/* --- the collection --- */

static struct facts *open_facts(const struct collection *collection)
{
    struct facts *facts = arena_new(collection->arena, struct facts);
    *facts = (struct facts){.collection = *collection, .arena = collection->arena};
    facts->last_ready = &facts->first_ready;
    facts->last_call = &facts->first_call;
    facts->calls = map_open(facts->arena);
    const struct fact_declarations *declarations = collection->declarations;
    facts->nodes = arena_array(facts->arena, struct node, declarations->count);
    for (size_t i = 0; i < declarations->count; i++) {
        const struct declaration *declaration = declarations->items[i];
        facts->nodes[i].declaration = declaration;
        facts->nodes[i].fact = (struct fact){.name = declaration->name,
                                             .state = FACT_NOT_COLLECTED,
                                             .call = json_find_string(declaration->json, "call")};
    }
    return facts;
}

/* The node that `wanted` names or begins with, or NULL. */
static struct node *find_wanted(const struct facts *facts, struct str wanted)
{
    for (struct str name = wanted; name.len > 0;) {
        struct node *node = facts_node(facts, name);
        if (node)
            return node;
        ptrdiff_t dot = str_find_last_char(name, '.');
        name = dot > 0 ? str_slice(name, 0, dot) : (struct str){0};
    }
    return NULL;
}

static void keep_answers(struct facts *facts)
{
    facts->answered = arena_array(facts->arena, struct answered_call, facts->call_count);
    for (const struct shared_call *call = facts->first_call; call; call = call->next) {
        if (call->done && !str_equal(call->answer.code, STR(ANSWER_NOT_IN_SNAPSHOT)))
            facts->answered[facts->answered_count++] = (struct answered_call){call->call, call->answer};
    }
}

struct facts *facts_collect(const struct collection *collection)
{
    struct facts *facts = open_facts(collection);
    for (size_t i = 0; i < collection->wanted_count; i++) {
        struct node *node = find_wanted(facts, collection->wanted[i]);
        if (node)
            demand(facts, node);
    }
    work_off(facts);
    collection->transport->run(collection->transport->self);
    keep_answers(facts);
    return facts;
}
