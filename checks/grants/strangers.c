/* strangers.c: see strangers.h. */
#include "checks/grants/strangers.h"

#include "base/buf.h"
#include "policy/language/resource_type.h"

#include <string.h>

enum { NAMED_MAX = 3 };

struct accounts {
    struct str items[NAMED_MAX + 1];
    size_t count;
};

/* The part's request on the one resource that was found, with other values for the source. */
static struct request_part narrowed(struct arena *arena, const struct request_part *part, const struct request *found,
                                    const struct accounts *except)
{
    struct request_part one = *part;
    struct request_key *keys = arena_array(arena, struct request_key, part->key_count);
    struct str *resource = arena_new(arena, struct str);
    *resource = found->resource;
    one.resources = resource;
    one.resource_count = 1;
    one.keys = keys;
    for (size_t i = 0; i < part->key_count; i++) {
        keys[i] = part->keys[i];
        bool account = str_equal_nocase(keys[i].name, STR("aws:SourceAccount"));
        bool arn = str_equal_nocase(keys[i].name, STR("aws:SourceArn"));
        if (keys[i].kind != KEY_RANGES || (!account && !arn))
            continue;
        struct str *list = arena_array(arena, struct str, keys[i].except_count + except->count);
        memcpy(list, keys[i].except, keys[i].except_count * sizeof(*list));
        for (size_t k = 0; k < except->count; k++)
            list[keys[i].except_count + k] =
                account ? except->items[k] : str_format(arena, "arn:*:*:*:%.*s:*", STR_ARG(except->items[k]));
        keys[i].except = list;
        keys[i].except_count += except->count;
    }
    return one;
}

/* The account that the found request is made for; empty where it names none. */
static struct str account_of(const struct prove_example *example)
{
    struct str account = json_find_string(example->context, "aws:SourceAccount");
    return account.len ? account : arn_part(json_find_string(example->context, "aws:SourceArn"), 4);
}

static bool ranges_over_accounts(const struct request_part *part)
{
    return request_key_find(part, STR("aws:SourceAccount"))->kind == KEY_RANGES;
}

/* In the letters of the policy: keys ignore case. */
static struct str source_organization(const struct json *context)
{
    for (size_t i = 0; i < context->count; i++)
        if (str_equal_nocase(context->members[i].name, STR("aws:SourceOrgID")))
            return context->members[i].value.string;
    return STR("");
}

static struct str in_words(struct arena *arena, const struct accounts *accounts, const struct prove_example *example)
{
    struct str organization = source_organization(example->context);
    if (organization.len)
        return str_format(arena, "for every account of the organization %.*s", STR_ARG(organization));
    bool more = accounts->count > NAMED_MAX;
    size_t named = more ? NAMED_MAX : accounts->count;
    struct buf text = buf_make(arena, BUF_NO_MAX);
    buf_add_c(&text, more ? "for other accounts, such as " : named == 1 ? "for the account " : "for the accounts ");
    for (size_t i = 0; i < named; i++)
        buf_addf(&text, "%s%.*s", i == 0 ? "" : i + 1 < named ? ", " : " and ", STR_ARG(accounts->items[i]));
    return buf_str(&text);
}

struct str grants_strangers(struct arena *arena, const struct prove_environment *environment,
                            const struct request_part *part, const struct prove_result *refuted)
{
    struct accounts accounts = {.count = 0};
    if (!ranges_over_accounts(part) || !account_of(&refuted->example).len)
        return refuted->text;
    struct request_part whole = narrowed(arena, part, &refuted->example.request, &accounts);
    if (prove_grants(arena, environment, &(struct request_set){&whole, 1}).verdict == PROVE_PROVED)
        return str_format(arena, "%.*s for any other account", STR_ARG(refuted->text));
    struct prove_result next = *refuted;
    while (next.verdict == PROVE_REFUTED && accounts.count <= NAMED_MAX) {
        accounts.items[accounts.count++] = account_of(&next.example);
        struct request_part rest = narrowed(arena, part, &refuted->example.request, &accounts);
        next = prove_grants_none(arena, environment, &(struct request_set){&rest, 1});
    }
    return str_format(arena, "%.*s %.*s", STR_ARG(refuted->text),
                      STR_ARG(in_words(arena, &accounts, &refuted->example)));
}
