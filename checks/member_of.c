/* member_of.c: the kind `member_of`: each of a list is in another, by hash, so that ten thousand accounts take no time.
 */
#include "base/map.h"
#include "rule/loader.h"

struct member_check {
    const struct expression *each;
    const struct expression *of;
    const struct text *subject;
    const struct text *message; /* for one that is missing; the item is item() */
    const struct text *pass_message;
    const struct text *skip_message; /* where there is nobody to ask for */
};

static bool load(struct loader *loader, const struct json *definition, void **ret)
{
    static const struct field fields[] = {{"kind", FIELD_STRING, true},       {"each", FIELD_STRING, true},
                                          {"of", FIELD_STRING, true},         {"subject", FIELD_TEXT, false},
                                          {"message", FIELD_TEXT, false},     {"pass_message", FIELD_TEXT, false},
                                          {"skip_message", FIELD_TEXT, false}};
    struct member_check *check = arena_new(loader->arena, struct member_check);
    if (!loader_fields(loader, definition, "a check of kind member_of", fields, COUNT_OF(fields)) ||
        !loader_expression(loader, json_find(definition, "each"), &check->each) ||
        !loader_expression(loader, json_find(definition, "of"), &check->of) ||
        !loader_text(loader, json_find(definition, "subject"), false, &check->subject) ||
        !loader_text(loader, json_find(definition, "message"), false, &check->message) ||
        !loader_text(loader, json_find(definition, "pass_message"), false, &check->pass_message) ||
        !loader_text(loader, json_find(definition, "skip_message"), false, &check->skip_message))
        return false;
    *ret = check;
    return true;
}

/* What an item is compared by: itself if it is a string, its `id` if it is an object; empty: nothing is its equal. */
static struct str key_of(const struct json *item)
{
    return json_is(item, JSON_STRING) ? item->string : json_find_string(item, "id");
}

static struct map *keys_of(struct arena *arena, const struct json *list)
{
    struct map *keys = map_open(arena);
    for (size_t i = 0; json_is(list, JSON_ARRAY) && i < list->count; i++) {
        struct str key = key_of(&list->items[i]);
        if (key.len)
            map_set(keys, key, &list->items[i]);
    }
    return keys;
}

static void judge_item(const struct member_check *check, const struct judging *judging, const struct json *item,
                       bool member, struct judgement_part *ret)
{
    struct scope scope = judging->scope;
    const struct text *message = member ? check->pass_message : check->message;
    scope.item = item;
    *ret = (struct judgement_part){
        .subject = check->subject ? text_fill_lenient(check->subject, &scope, judging->arena) : key_of(item),
        .verdict = member ? VERDICT_PASS : VERDICT_FAIL,
        .message = message ? text_fill_lenient(message, &scope, judging->arena) : STR(""),
    };
}

static void judge(const void *data, const struct judging *judging, struct judgement *ret)
{
    const struct member_check *check = data;
    struct evaluated each = expression_evaluate(check->each, &judging->scope, judging->arena);
    struct evaluated of = expression_evaluate(check->of, &judging->scope, judging->arena);
    if (judge_unread(judging, &each, ret) || judge_unread(judging, &of, ret))
        return;
    size_t count = json_is(each.value, JSON_ARRAY) ? each.value->count : 0;
    const struct map *keys = keys_of(judging->arena, of.value);
    struct judgement_part *parts = arena_array(judging->arena, struct judgement_part, count);
    *ret = (struct judgement){.verdict = count ? VERDICT_PASS : VERDICT_SKIP, .parts = parts, .part_count = count};
    if (count == 0 && check->skip_message)
        ret->message = text_fill_lenient(check->skip_message, &judging->scope, judging->arena);
    for (size_t i = 0; i < count; i++) {
        const struct json *item = &each.value->items[i];
        judge_item(check, judging, item, map_has(keys, key_of(item)), &parts[i]);
        if (parts[i].verdict == VERDICT_FAIL)
            ret->verdict = VERDICT_FAIL;
    }
}

const struct check_kind check_member_of = {"member_of", "each of a list is in another", load, judge, NULL};
