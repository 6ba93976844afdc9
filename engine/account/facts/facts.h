/*
 * facts.h: the facts of an account: declared in rules/facts, planned from what rules mention,
 * computed from answers.
 */
#ifndef EXPORTCHECK_ACCOUNT_FACTS_FACTS_H
#define EXPORTCHECK_ACCOUNT_FACTS_FACTS_H

#include "aws/operation/call.h"
#include "base/error.h"
#include "base/json/json.h"
#include "query/query.h"

enum fact_state {
    FACT_PRESENT,
    FACT_ABSENT,        /* AWS says that there is none, `when` is false, or the value is null: reads as null */
    FACT_DENIED,        /* with the action that was refused */
    FACT_FAILED,        /* network, throttling, an answer that makes no sense */
    FACT_NOT_COLLECTED, /* nobody asked, or the snapshot lacks it */
};
/** "present", …, as evidence writes it. */
struct str fact_state_name(enum fact_state state);

/** The worse of two states: denied, then failed, then not collected; the others are equally good. */
bool fact_state_is_worse(enum fact_state state, enum fact_state than);

/** The members that a target may have, as facts, rules and `--target FILE` name them. */
extern const struct str fact_target_fields[];
extern const size_t fact_target_field_count;

/** The declarations; user files add to and replace the embedded ones. */
struct fact_declarations;
struct fact_declarations *facts_open(struct arena *arena);
/** Reads one file of declarations. Every mistake is named with file, line and column. */
bool facts_load(struct fact_declarations *declarations, struct str file, struct str text,
                struct error *error) MUST_CHECK;
/** After the last file: names that are prefixes of others, facts and operations that do not exist, cycles. */
bool facts_link(struct fact_declarations *declarations, struct error *error) MUST_CHECK;
bool facts_has(const struct fact_declarations *declarations, struct str name);
/** The IAM action of a declared fact's own call: "s3:ListBucket"; empty: it has no call, or none that needs one. */
struct str facts_action(const struct fact_declarations *declarations, struct str name);
/** Whether a fact, by its name, is a probe: made to learn whether the caller may, whatever the answer. */
bool facts_is_probe(struct str name);
/** The declared name that `typed`, with or without members behind it, most likely meant; or the empty view. */
struct str facts_nearest(const struct fact_declarations *declarations, struct arena *arena, struct str typed);
/** For `policy permissions` and lint: each declared fact, in order of declaration. */
struct fact_info {
    struct str name;
    struct str what;                   /* one sentence: what the fact says */
    struct str call;                   /* "s3:GetBucketPolicy"; empty: derived */
    const struct operation *operation; /* NULL: derived */
    const struct json *parameters;     /* `with`, as declared; NULL: none */
    const struct json *source;         /* the whole declaration, as written */
    struct str file;
    int line;
};
size_t facts_count(const struct fact_declarations *declarations);
struct fact_info facts_info(const struct fact_declarations *declarations, size_t index);
/** The names of all facts that `name` rests on, itself included, in an order in which they can be computed. */
const struct str *facts_closure(const struct fact_declarations *declarations, struct arena *arena, struct str name,
                                size_t *ret_count);

/** The same in one scenario: a fact whose `when` compares target.scenario, and fails there, rests on nothing. */
const struct str *facts_closure_in(const struct fact_declarations *declarations, struct arena *arena, struct str name,
                                   struct str scenario, size_t *ret_count);

/** What is known of one account: a state and a value for each fact that was asked. */
struct facts;

/** One item of a `for_each` fact. */
struct fact_item {
    const struct json *item;
    enum fact_state state;
    const struct json *value; /* NULL unless present */
    struct str code;          /* of the error, where there was one */
    struct str message;
    struct str action;             /* the IAM action that was refused, where denied */
    const struct json *parameters; /* of the call that was made for it; NULL: none */
};

struct fact {
    struct str name;
    enum fact_state state;
    const struct json *value; /* NULL unless present; for a for_each: the list of {item, state, value} */
    struct str call;          /* "s3:GetBucketPolicy", or empty for a derived fact */
    struct str code;          /* of the error, where there was one: also for absent ("NoSuchBucketPolicy") */
    struct str message;
    struct str action;             /* the IAM action that was refused, where denied */
    struct str because;            /* the fact whose call gave a bad state: itself, or what it rests on; else empty */
    const struct json *parameters; /* of the fact's own call, where one was made; NULL: none, or one for each item */
    const struct fact_item *items; /* for_each: what was read is kept even where the fact's state is worse */
    size_t item_count;
};

/** A call with its answer. */
struct answered_call {
    struct call call;
    struct answer answer;
};

/** What a collection starts from. */
struct collection {
    struct arena *arena;
    const struct fact_declarations *declarations;
    const struct json *target; /* object; facts read it as `target` */
    struct transport *transport;
    const struct answered_call *known; /* calls whose answers are known: they are not made again */
    size_t known_count;
    struct str caller_region;
    const struct str *wanted; /* names of facts, or of chains that begin with one */
    size_t wanted_count;
    int64_t at;                                                 /* the time to evaluate at; 0: the transport's */
    void (*progress)(void *context, size_t done, size_t total); /* or NULL */
    void *progress_context;
};

/**
 * Plans and makes the calls that the wanted facts need, side by side, and computes the facts.
 * Never fails: what could not be read is in the facts' states.
 */
struct facts *facts_collect(const struct collection *collection);

/** The fact of that name, or NULL if it is not declared. One that was not wanted is not_collected. */
const struct fact *facts_get(const struct facts *facts, struct str name);
int64_t facts_time(const struct facts *facts);
const struct json *facts_target(const struct facts *facts);
/** The transport's time, whatever `at` said: what a snapshot's `created` is; 0: no answer told it. */
int64_t facts_created(const struct facts *facts);
/** The caller's access key id, or empty. */
struct str facts_access_key_id(const struct facts *facts);
/**
 * The facts with a call of their own that `name` really rests on: through derived facts, and
 * through first_of to the one that was taken. A fact whose call was not made (its `when` is false)
 * is not among them. Each once, in order of declaration.
 */
const struct fact *const *facts_evidence(const struct facts *facts, struct arena *arena, struct str name,
                                         size_t *ret_count);
/** What has to be said of a result that rests on the fact (`remark`), filled in; the first there is; or empty. */
struct str facts_remark(const struct facts *facts, struct arena *arena, struct str name);
/** Every call that was made or known, in the order of submission: what a snapshot is written from. */
const struct answered_call *facts_calls(const struct facts *facts, size_t *ret_count);

#endif
