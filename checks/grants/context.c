/* context.c: see context.h. */
#include "checks/grants/context.h"

#include "policy/evaluate/mismatch.h"

/* What a check's definition has to speak of for a fact to matter. */
static const struct {
    struct str fact;
    const char *mentions;
} sources[TOLD_COUNT] = {
    [TOLD_NOTHING] = {STR_INIT("context.account"), ""},
    [TOLD_ORGANIZATION] = {STR_INIT("context.organization"), ""},
    [TOLD_ORGANIZATION_PATH] = {STR_INIT("context.organization_path"), ""},
    [TOLD_PRINCIPAL_ID] = {STR_INIT("context.principal_id"), "{identity."},
    [TOLD_PRINCIPAL_TAGS] = {STR_INIT("context.principal_tags"), "{identity."},
    [TOLD_BUCKET] = {STR_INIT("context.bucket"), "bucket."},
    [TOLD_BUCKET_REGION] = {STR_INIT("context.bucket_region"), "bucket."},
    [TOLD_BUCKET_KEY] = {STR_INIT("context.bucket_key"), "\"kms:"},
    [TOLD_BUCKET_TAGS] = {STR_INIT("context.bucket_tags"), "bucket."},
    [TOLD_KEY_TAGS] = {STR_INIT("context.key_tags"), "\"kms:"},
    [TOLD_ADDRESS] = {STR_INIT("context.address"), "{identity."},
};

bool grants_context_load(struct loader *loader, const struct json *definition)
{
    struct str text = json_text(loader->arena, definition, 0);
    for (size_t i = 0; i < COUNT_OF(sources); i++) {
        bool matters = str_contains(text, str_from(sources[i].mentions));
        if (matters && facts_has(loader->declarations, sources[i].fact))
            name_list_add(loader->arena, &loader->text_facts, sources[i].fact);
    }
    return true;
}

struct str grants_context_fact(enum told told)
{
    return sources[told].fact;
}

static struct str value_text(const struct json *value)
{
    if (value->type == JSON_BOOLEAN)
        return value->boolean ? STR("true") : STR("false");
    return value->type == JSON_STRING ? value->string : STR("");
}

static const struct fact *fact_of(const struct judging *judging, enum told told)
{
    return facts_get(judging->scope.facts, sources[told].fact);
}

/* Of what there is none, and that is known. */
static bool may_lack(enum told told)
{
    return told == TOLD_ORGANIZATION || told == TOLD_BUCKET_TAGS;
}

static struct told_value tell(const struct judging *judging, enum told told)
{
    const struct fact *fact = fact_of(judging, told);
    if (!fact || fact->state != FACT_PRESENT)
        return (struct told_value){.known = fact && fact->state == FACT_ABSENT && may_lack(told)};
    bool list = fact->value->type == JSON_ARRAY;
    size_t count = list ? fact->value->count : 1;
    struct str *texts = arena_array(judging->arena, struct str, count);
    for (size_t i = 0; i < count; i++)
        texts[i] = value_text(list ? &fact->value->items[i] : fact->value);
    return (struct told_value){true, texts, count};
}

struct request_source grants_context_source(const struct judging *judging, int64_t now)
{
    struct request_source source = {.now = now};
    struct told_value home = tell(judging, TOLD_NOTHING);
    source.home = home.count ? home.texts[0] : STR("");
    for (int told = TOLD_ORGANIZATION; told < TOLD_COUNT; told++)
        source.told[told] = tell(judging, (enum told)told);
    /* Outside any organization there is no place in one either. */
    const struct told_value *organization = &source.told[TOLD_ORGANIZATION];
    if (organization->known && !organization->count)
        source.told[TOLD_ORGANIZATION_PATH] = *organization;
    return source;
}

/* Names as they are met: nobody minds one that stands there twice. */
struct name_buffer {
    struct str *items; /* NULL while they are counted */
    size_t count;
};

static void take_name(struct name_buffer *names, struct str name)
{
    if (names->items)
        names->items[names->count] = name;
    names->count++;
}

static void take_variables(struct name_buffer *names, const struct policy_pattern *pattern)
{
    for (uint32_t i = 0; i < pattern->variable_count; i++)
        take_name(names, pattern->variables[i].key.name);
}

static bool holds_patterns(const struct condition *condition)
{
    enum condition_family family = condition->form.op->family;
    return family == CONDITION_STRING || family == CONDITION_ARN || family == CONDITION_BOOL;
}

static void take_statement(struct name_buffer *names, const struct statement *statement)
{
    for (size_t i = 0; i < statement->resources.count; i++)
        take_variables(names, &statement->resources.items[i].pattern);
    for (size_t c = 0; c < statement->condition_count; c++) {
        const struct condition *condition = &statement->conditions[c];
        take_name(names, condition->key_text);
        for (size_t v = 0; holds_patterns(condition) && v < condition->value_count; v++)
            take_variables(names, &condition->values[v].pattern);
    }
}

static void take_policies(struct name_buffer *names, const struct attached_policy *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t s = 0; s < list[i].policy->count; s++)
            take_statement(names, &list[i].policy->statements[s]);
}

const struct key_names *grants_context_asked(const struct judging *judging, const struct policy_environment *policies)
{
    size_t count;
    struct attached_policy *list = environment_policies(judging->arena, policies, &count);
    struct name_buffer names = {NULL, 0};
    take_policies(&names, list, count);
    names = (struct name_buffer){arena_array(judging->arena, struct str, names.count), 0};
    take_policies(&names, list, count);
    struct key_names *asked = arena_new(judging->arena, struct key_names);
    *asked = (struct key_names){names.items, names.count};
    return asked;
}

static bool is_unread(const struct fact *fact)
{
    return fact && fact->state != FACT_PRESENT && fact->state != FACT_ABSENT;
}

const struct fact *grants_context_unread(const struct judging *judging, struct str principal, struct str key)
{
    struct request_source source = grants_context_source(judging, 0);
    source.principal = principal;
    bool needed[TOLD_COUNT];
    known_key_needs(&source, key, needed);
    for (int told = 0; told < TOLD_COUNT; told++) {
        const struct fact *fact = needed[told] ? fact_of(judging, (enum told)told) : NULL;
        if (is_unread(fact))
            return fact;
    }
    return NULL;
}

struct asked {
    const struct judging *judging;
    struct str *facts;
    size_t count;
};

static void add_fact(struct asked *asked, struct str name)
{
    for (size_t i = 0; i < asked->count; i++)
        if (str_equal(asked->facts[i], name))
            return;
    asked->facts[asked->count++] = name;
}

/* Whoever asks: a key is one of a service's, or one of a person's. */
static void ask_key(struct asked *asked, struct str key)
{
    static const struct str someone[] = {STR_INIT("service.amazonaws.com"),
                                         STR_INIT("arn:aws:iam::123456789012:user/u"),
                                         STR_INIT("arn:aws:iam::123456789012:role/r")};
    for (size_t i = 0; i < COUNT_OF(someone); i++) {
        struct request_source source = {.principal = someone[i]};
        bool needed[TOLD_COUNT];
        known_key_needs(&source, key, needed);
        for (int told = 0; told < TOLD_COUNT; told++) {
            const struct fact *fact = needed[told] ? fact_of(asked->judging, (enum told)told) : NULL;
            if (fact && fact->state != FACT_NOT_COLLECTED)
                add_fact(asked, sources[told].fact);
        }
    }
}

void grants_context_evidence(const struct judging *judging, const struct policy_environment *policies,
                             struct judgement *ret)
{
    struct asked asked = {.judging = judging, .facts = arena_array(judging->arena, struct str, TOLD_COUNT)};
    size_t count;
    struct attached_policy *list = environment_policies(judging->arena, policies, &count);
    for (size_t i = 0; i < count; i++)
        for (size_t s = 0; s < list[i].policy->count; s++) {
            const struct statement *statement = &list[i].policy->statements[s];
            for (size_t c = 0; c < statement->condition_count; c++)
                ask_key(&asked, statement->conditions[c].key_text);
        }
    ret->more_facts = asked.facts;
    ret->more_fact_count = asked.count;
}
