/*
 * collect.h: a collection while it runs. Inside this layer only.
 *
 * Each fact is a node that moves through stages and waits for other facts and for calls; what
 * ends tells those who wait. Nothing is asked before somebody waits for it, so a fact whose `when`
 * is false, or a `first_of` that is decided, makes no call.
 */
#ifndef EXPORTCHECK_ACCOUNT_FACTS_COLLECT_H
#define EXPORTCHECK_ACCOUNT_FACTS_COLLECT_H

#include "account/facts/declaration.h"
#include "account/facts/expression.h"
#include "account/facts/facts.h"

/** Calls of one collection, and items of one for_each; past it the fact is failed, code TooLarge. */
#define COLLECT_MAX_CALLS 100000

enum stage {
    STAGE_IDLE,
    STAGE_WHEN,     /* the facts of `when` */
    STAGE_FIRST_OF, /* one after the other */
    STAGE_INPUTS,   /* the facts of `with` and for_each */
    STAGE_REGIONS,  /* HeadBucket of the buckets that are asked */
    STAGE_CALLS,    /* the calls, and the facts of `value` */
    STAGE_DONE,
};

struct node;

/** Somebody who waits for a fact or a call. */
struct waiter {
    struct node *node;
    struct waiter *next;
};

/** A call that is made once, whoever needs it. */
struct shared_call {
    struct facts *facts;
    struct call call;
    struct answer answer;
    bool done;
    bool redirected; /* HeadBucket was sent on to the bucket's own region */
    struct waiter *waiters;
    struct shared_call *next; /* in the order of submission */
};

/** One item of a for_each, or the one call of any other fact. */
struct entry {
    struct fact_item result;
    struct str because;            /* the fact behind a bad state */
    bool settled;                  /* its state is known */
    const struct json *parameters; /* filled in */
    struct shared_call *head;      /* HeadBucket of its bucket */
    struct shared_call *call;
};

struct node {
    const struct declaration *declaration;
    struct fact fact;
    enum stage stage;
    size_t waiting;   /* facts and calls that it waits for */
    size_t candidate; /* first_of: the one being tried */
    struct entry *entries;
    size_t entry_count;
    struct waiter *waiters;
    struct node *next_ready;
};

struct facts {
    struct collection collection;
    struct arena *arena;
    struct node *nodes; /* by index of declaration */
    struct node *first_ready;
    struct node **last_ready;
    struct map *calls; /* key → struct shared_call */
    struct shared_call *first_call;
    struct shared_call **last_call;
    size_t call_count;
    size_t done_count;
    struct answered_call *answered; /* filled at the end */
    size_t answered_count;
};

/** The node of a declared fact, or NULL. */
struct node *facts_node(const struct facts *facts, struct str name);

/** The values beside the facts that expressions of the item see. */
struct scope facts_scope(const struct facts *facts, const struct json *item);

/**
 * Fills in an entry's parameters. A null leaves the entry absent: there is nothing to ask about.
 * Settles the entry wherever the call cannot be made.
 */
void plan_parameters(const struct facts *facts, const struct declaration *declaration, struct entry *entry);

/** The bucket whose region must be known first, or the empty view. */
struct str plan_bucket(const struct declaration *declaration, const struct entry *entry);

/** The region that the entry's call goes to; `head` is answered where there is one. */
struct str plan_region(const struct facts *facts, const struct declaration *declaration, const struct entry *entry);

/** The caller's region; us-east-1 where none is known. */
struct str plan_caller_region(const struct facts *facts);

/** The region that HeadBucket told, or the empty view. `EU` is eu-west-1. */
struct str plan_bucket_region(const struct answer *head);

/** Turns the answer of an entry's call into its state and value. */
void entry_settle(const struct facts *facts, const struct node *node, struct entry *entry);
/** Gives the entry the outcome of an expression: the state of what it rests on, its error, or its value. */
void entry_take(const struct facts *facts, const struct node *node, struct entry *entry,
                const struct evaluated *evaluated);

#endif
