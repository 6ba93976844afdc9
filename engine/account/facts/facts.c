/* facts.c: what a collection knows, for those who ask. */
#include "account/facts/facts.h"

#include "account/facts/collect.h"

struct str fact_state_name(enum fact_state state)
{
    static const struct str names[] = {
        [FACT_PRESENT] = STR_INIT("present"),
        [FACT_ABSENT] = STR_INIT("absent"),
        [FACT_DENIED] = STR_INIT("denied"),
        [FACT_FAILED] = STR_INIT("failed"),
        [FACT_NOT_COLLECTED] = STR_INIT("not_collected"),
    };
    return names[state];
}

bool fact_state_is_worse(enum fact_state state, enum fact_state than)
{
    static const int rank[] = {
        [FACT_PRESENT] = 0, [FACT_ABSENT] = 0, [FACT_NOT_COLLECTED] = 1, [FACT_FAILED] = 2, [FACT_DENIED] = 3,
    };
    return rank[state] > rank[than];
}

struct node *facts_node(const struct facts *facts, struct str name)
{
    const struct declaration *declaration = declaration_find(facts->collection.declarations, name);
    return declaration ? &facts->nodes[declaration->index] : NULL;
}

const struct fact *facts_get(const struct facts *facts, struct str name)
{
    const struct node *node = facts_node(facts, name);
    return node ? &node->fact : NULL;
}

int64_t facts_created(const struct facts *facts)
{
    const struct transport *transport = facts->collection.transport;
    return transport->time ? transport->time(transport->self) : 0;
}

int64_t facts_time(const struct facts *facts)
{
    return facts->collection.at != 0 ? facts->collection.at : facts_created(facts);
}

const struct json *facts_target(const struct facts *facts)
{
    return facts->collection.target;
}

struct str facts_access_key_id(const struct facts *facts)
{
    const struct transport *transport = facts->collection.transport;
    return transport->access_key_id ? transport->access_key_id(transport->self) : (struct str){0};
}

const struct answered_call *facts_calls(const struct facts *facts, size_t *ret_count)
{
    *ret_count = facts->answered_count;
    return facts->answered;
}

struct scope facts_scope(const struct facts *facts, const struct json *item)
{
    return (struct scope){.facts = facts, .item = item};
}
