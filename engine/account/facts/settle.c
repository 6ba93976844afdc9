/* settle.c: from an answer to a state and a value. */
#include "account/facts/collect.h"

static bool has_code(const struct json *codes, struct str code)
{
    for (size_t i = 0; codes && i < codes->count; i++) {
        if (str_equal(codes->items[i].string, code))
            return true;
    }
    return false;
}

/*
 * The action that was refused. The message names it where it is another than the call's own:
 * GetObject on an encrypted object is refused for kms:Decrypt.
 */
static struct str refused_action(const struct operation *operation, struct str message)
{
    static const struct str before = STR_INIT("not authorized to perform: ");
    ptrdiff_t at = str_find(message, before, 0);
    struct str own = str_from(operation->iam_action);
    if (at < 0)
        return own;
    struct str rest = str_skip(message, at + before.len);
    struct str action;
    str_cut(&rest, ' ', &action);
    return str_find_char(action, ':', 0) > 0 ? action : own;
}

void entry_take(const struct facts *facts, const struct node *node, struct entry *entry,
                const struct evaluated *evaluated)
{
    struct fact_item *result = &entry->result;
    entry->settled = true;
    result->state = evaluated->state;
    result->value = evaluated->state == FACT_PRESENT ? evaluated->value : NULL;
    if (evaluated->because) {
        const struct fact *cause = evaluated->because;
        entry->because = cause->because.len > 0 ? cause->because : cause->name;
        result->code = cause->code;
        result->message = cause->message;
        result->action = cause->action;
    } else if (evaluated->state == FACT_FAILED) {
        entry->because = node->declaration->name;
        result->code = str_copy(facts->arena, str_from(evaluated->error.code));
        result->message = str_copy(facts->arena, str_from(evaluated->error.text));
    }
}

static enum fact_state state_of_error(const struct declaration *declaration, const struct answer *answer)
{
    if (has_code(declaration->absent, answer->code))
        return FACT_ABSENT;
    if (has_code(declaration->allowed, answer->code))
        return FACT_PRESENT;
    if (str_equal(answer->code, STR(ANSWER_NOT_IN_SNAPSHOT)))
        return FACT_NOT_COLLECTED;
    return answer_is_denied(answer) ? FACT_DENIED : FACT_FAILED;
}

/*
 * The value of a probe whose error code means success: what its expression makes of the error, as
 * snapshots write it (HeadBucket's 403 tells the bucket's region), or plain true.
 */
static void settle_allowed(const struct facts *facts, const struct node *node, struct entry *entry,
                           const struct answer *answer)
{
    struct evaluated evaluated = {.state = FACT_PRESENT, .value = &json_true};
    if (node->declaration->value) {
        struct json_builder error = json_build(facts->arena, JSON_OBJECT);
        json_build_append(&error, STR("code"), json_string(answer->code));
        json_build_append(&error, STR("message"), json_string(answer->message));
        json_build_append(&error, STR("http_status"), json_number(answer->http_status));
        if (answer->bucket_region.len > 0)
            json_build_append(&error, STR("bucket_region"), json_string(answer->bucket_region));
        struct scope scope = facts_scope(facts, entry->result.item);
        const struct json *document = json_box(facts->arena, json_built(&error));
        evaluated = expression_evaluate_answer(node->declaration->value, document, &scope, facts->arena);
    }
    entry_take(facts, node, entry, &evaluated);
}

static void settle_error(const struct facts *facts, const struct node *node, struct entry *entry,
                         const struct answer *answer)
{
    struct fact_item *result = &entry->result;
    entry->settled = true;
    result->state = state_of_error(node->declaration, answer);
    result->code = answer->code;
    result->message = answer->message;
    if (result->state == FACT_PRESENT)
        settle_allowed(facts, node, entry, answer);
    if (result->state == FACT_DENIED)
        result->action = refused_action(node->declaration->operation, answer->message);
    if (result->state != FACT_PRESENT && result->state != FACT_ABSENT)
        entry->because = node->declaration->name;
}

/* The value without a call: the expression on facts, the text, or the item itself. */
static void settle_derived(const struct facts *facts, const struct node *node, struct entry *entry)
{
    struct evaluated evaluated = {.state = FACT_ABSENT, .value = &json_null};
    struct scope scope = facts_scope(facts, entry->result.item);
    const struct declaration *declaration = node->declaration;
    if (declaration->value)
        evaluated = expression_evaluate(declaration->value, &scope, facts->arena);
    else if (declaration->text)
        evaluated = declaration->is_texts ? text_fill_each(declaration->text, &scope, facts->arena)
                                          : text_fill(declaration->text, &scope, facts->arena);
    else if (entry->result.item && entry->result.item->type != JSON_NULL)
        evaluated = (struct evaluated){.state = FACT_PRESENT, .value = entry->result.item};
    entry_take(facts, node, entry, &evaluated);
}

void entry_settle(const struct facts *facts, const struct node *node, struct entry *entry)
{
    const struct declaration *declaration = node->declaration;
    if (entry->settled)
        return;
    if (!entry->call) {
        settle_derived(facts, node, entry);
        return;
    }
    const struct answer *answer = &entry->call->answer;
    if (answer->code.len > 0 || !answer->value) {
        settle_error(facts, node, entry, answer);
        return;
    }
    struct evaluated evaluated = {.state = FACT_PRESENT, .value = answer->value};
    struct scope scope = facts_scope(facts, entry->result.item);
    if (declaration->value)
        evaluated = expression_evaluate_answer(declaration->value, answer->value, &scope, facts->arena);
    entry_take(facts, node, entry, &evaluated);
}
