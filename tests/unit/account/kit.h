/*
 * kit.h: an account for tests: a transport that answers from a table, records what it was asked,
 * and can answer in another order than it was asked.
 */
#ifndef EXPORTCHECK_TESTS_ACCOUNT_KIT_H
#define EXPORTCHECK_TESTS_ACCOUNT_KIT_H

#include "account/facts/expression.h"
#include "account/facts/facts.h"
#include "account/snapshot/snapshot.h"

#include "cmocka_all.h"

/** How one call is answered. */
struct scripted {
    const char *call;       /* "s3:GetBucketPolicy" */
    const char *parameters; /* JSON, or NULL: whatever they are */
    const char *answer;     /* JSON, or NULL: an error */
    const char *code;
    const char *message;
    int http_status;
    const char *bucket_region;
    const char *region; /* only in this region; NULL: any */
};

/* Rows of a script. */
#define ANSWERS(name, with, json)                                                                                      \
    {                                                                                                                  \
        .call = (name), .parameters = (with), .answer = (json)                                                         \
    }
#define REFUSES(name, with, error, text, status)                                                                       \
    {                                                                                                                  \
        .call = (name), .parameters = (with), .code = (error), .message = (text), .http_status = (status)              \
    }
#define SCRIPT_END                                                                                                     \
    {                                                                                                                  \
        .call = NULL                                                                                                   \
    }

#define KIT_MAX_CALLS 1000

struct fake {
    struct arena *arena;
    const struct scripted *script; /* ends with a row whose call is NULL */
    bool backwards;                /* answers the newest question first */
    size_t asked;
    struct str keys[KIT_MAX_CALLS]; /* what was asked, in order */
    size_t widest;                  /* most calls that waited at once */
    struct {
        const struct call *call;
        answer_handler handler;
        void *context;
    } queue[KIT_MAX_CALLS];
    size_t waiting;
};

static inline const struct json *kit_json(struct arena *arena, const char *text)
{
    const struct json *value = NULL;
    struct error error;
    if (!json_parse(arena, STR("test"), str_from(text), &json_limits_default, &value, &error))
        fail_msg("%s", error.text);
    return value;
}

static inline void fake_submit(void *self, const struct call *call, answer_handler handler, void *context)
{
    struct fake *fake = self;
    assert_true(fake->asked < KIT_MAX_CALLS);
    fake->keys[fake->asked++] = call_key(fake->arena, call);
    fake->queue[fake->waiting].call = call;
    fake->queue[fake->waiting].handler = handler;
    fake->queue[fake->waiting++].context = context;
    if (fake->waiting > fake->widest)
        fake->widest = fake->waiting;
}

static inline bool fake_matches(struct fake *fake, const struct scripted *row, const struct call *call)
{
    const struct operation *operation = operation_find_call(str_from(row->call));
    if (operation != call->operation)
        return false;
    if (row->region && !str_equal(str_from(row->region), call->region))
        return false;
    return !row->parameters || json_equal(kit_json(fake->arena, row->parameters), call->parameters);
}

static inline struct answer fake_answer(struct fake *fake, const struct call *call)
{
    for (const struct scripted *row = fake->script; row->call; row++) {
        if (!fake_matches(fake, row, call))
            continue;
        struct answer answer = {.code = str_from(row->code),
                                .message = str_from(row->message),
                                .http_status = row->http_status,
                                .bucket_region = str_from(row->bucket_region)};
        if (!row->code)
            answer.value = kit_json(fake->arena, row->answer);
        return answer;
    }
    return (struct answer){.code = STR(ANSWER_NOT_IN_SNAPSHOT)};
}

static inline void fake_run(void *self)
{
    struct fake *fake = self;
    while (fake->waiting > 0) {
        size_t at = fake->backwards ? fake->waiting - 1 : 0;
        const struct call *call = fake->queue[at].call;
        answer_handler handler = fake->queue[at].handler;
        void *context = fake->queue[at].context;
        for (size_t i = at + 1; i < fake->waiting; i++)
            fake->queue[i - 1] = fake->queue[i];
        fake->waiting--;
        struct answer answer = fake_answer(fake, call);
        handler(context, call, &answer);
    }
}

static inline int64_t fake_time(void *self)
{
    (void)self;
    return 1795341600; /* 2026-11-22T10:00:00Z */
}

static inline struct str fake_access_key_id(void *self)
{
    (void)self;
    return STR("AKIAIOSFODNN7EXAMPLE");
}

static inline struct transport fake_transport(struct fake *fake)
{
    return (struct transport){fake, fake_submit, fake_run, fake_time, fake_access_key_id};
}

/** How often a call with that key was asked. */
static inline size_t fake_asked(const struct fake *fake, const char *key)
{
    size_t count = 0;
    for (size_t i = 0; i < fake->asked; i++)
        count += str_equal(fake->keys[i], str_from(key)) ? 1 : 0;
    return count;
}

/** Declarations from one text, linked. */
static inline struct fact_declarations *kit_declare(struct arena *arena, const char *text)
{
    struct fact_declarations *declarations = facts_open(arena);
    struct error error;
    if (!facts_load(declarations, STR("facts.json"), str_from(text), &error) || !facts_link(declarations, &error))
        fail_msg("%s", error.text);
    return declarations;
}

/** Collects one wanted fact. */
static inline struct facts *kit_collect(struct fake *fake, const char *declarations, const char *target,
                                        const char *wanted)
{
    struct transport *transport = arena_new(fake->arena, struct transport);
    *transport = fake_transport(fake);
    struct str *name = arena_new(fake->arena, struct str);
    *name = str_from(wanted);
    struct collection collection = {.arena = fake->arena,
                                    .declarations = kit_declare(fake->arena, declarations),
                                    .target = kit_json(fake->arena, target),
                                    .transport = transport,
                                    .caller_region = STR("us-east-1"),
                                    .wanted = name,
                                    .wanted_count = 1};
    return facts_collect(&collection);
}

/** A fake account on the arena. */
static inline struct fake *kit_fake(struct arena *arena, const struct scripted *script)
{
    struct fake *fake = arena_new(arena, struct fake);
    fake->arena = arena;
    fake->script = script;
    return fake;
}

static inline const struct fact *kit_fact(const struct facts *facts, const char *name)
{
    const struct fact *fact = facts_get(facts, str_from(name));
    assert_non_null(fact);
    return fact;
}

static inline void kit_expect(const struct facts *facts, const char *name, enum fact_state state, const char *value)
{
    const struct fact *fact = kit_fact(facts, name);
    assert_str_equal(fact_state_name(fact->state), fact_state_name(state));
    if (!value) {
        assert_null(fact->value);
        return;
    }
    struct arena *arena = arena_open(0);
    assert_str_equal(json_text(arena, fact->value, 0), str_from(value));
    arena_close(arena);
}

#endif
