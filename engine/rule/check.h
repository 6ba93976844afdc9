/*
 * check.h: what a kind of check is. A kind is one file in checks/ and one line of its registry; the
 * engine is given the table of kinds and includes none of them.
 */
#ifndef EXPORTCHECK_RULE_CHECK_H
#define EXPORTCHECK_RULE_CHECK_H

#include "account/facts/expression.h"
#include "account/facts/facts.h"
#include "rule/results.h"

struct loader; /* loader.h */
struct map;    /* base/map.h */

/** What a check is judged on. */
struct judging {
    struct arena *arena;
    struct scope scope; /* facts, parameters, the item of the rule's for_each */
    struct map *memo;   /* what a check worked out that others of the run can use, by a name of its kind; NULL: none */
};

/** One subject's share of a judgement. */
struct judgement_part {
    struct str subject;
    enum verdict verdict;
    struct str message;
    const struct json *expected;
    const struct json *actual;
};

/** What a check finds. Only `verdict` has to be set. */
struct judgement {
    enum verdict verdict;
    struct str message; /* one sentence; empty: the rule's title says enough */
    struct str note;    /* what has to be said beside the rule's own text, whatever the verdict; or empty */
    struct str to_do;   /* one imperative sentence, in place of the rule's `do`; or empty */
    struct str remark;  /* what the facts that decided want said; check_judge() asks them */
    bool is_comparison; /* the message says no more than `expected` and `actual` do */
    struct str wanted;  /* of a comparison, for people: "at most 48 hours"; may be empty */
    struct str found;   /* and what it is: "126" */
    const struct json *expected;
    const struct json *actual;
    struct str root_cause;       /* "permission:…" or "call:…" where evidence is missing */
    struct str until;            /* pending: ISO 8601 */
    const struct json *policy;   /* a text to paste that follows from this judgement, or NULL */
    const struct json *optscale; /* what OptScale will do, where the check found out; or NULL */
    const struct json *refusal;  /* what AWS keeps it from doing before it comes to that, in the same form; or NULL */
    const struct judgement_part *parts; /* a result each, in place of one for the whole */
    size_t part_count;
    const struct str *facts; /* that it rests on; NULL: check_judge() tells from the check's own, and these: */
    size_t fact_count;
    const struct str *more_facts;
    size_t more_fact_count;
};

/** A document of the account in another form. One of `fact` and `kind` is given. */
struct edit {
    struct str fact;             /* whose value the document is, or the list of policies that it is one of */
    struct str name;             /* of the policy in that list; empty: the fact is the document */
    const struct json *before;   /* the policy in the list; NULL: it is not there yet */
    struct str kind;             /* of a setting: a name of documents.def */
    const struct json *document; /* as it shall be; NULL: it shall be gone */
    const struct json *merge;    /* in its place, of a setting: a merge patch on what is there */
};

/** How a check that fails is mended: a first edit, behind which it is judged again; or why nothing mends it. */
struct mend {
    bool found;
    struct edit edit;
    struct str look;    /* what to look at before the edit is applied, a sentence; may be empty */
    struct str refusal; /* why there is none; may be empty */
};

struct check_kind {
    const char *name;
    const char *summary; /* one line, for the documentation */
    /** Reads the definition into `*ret_data`; mistakes go through loader_fail(). */
    bool (*load)(struct loader *loader, const struct json *definition, void **ret_data);
    /** Judges; pure: the same facts give the same judgement. */
    void (*judge)(const void *data, const struct judging *judging, struct judgement *ret);
    /**
     * How a check that fails is mended; NULL: no document is at fault. There may be several ways, of which `way` says
     * the one to go, from 0. Pure, too; the caller tries what it says.
     */
    void (*mend)(const void *data, const struct judging *judging, int way, struct mend *ret);
};

/** The ways that a check may be mended in. */
enum { MEND_WAYS = 2 };

/** A check that was loaded. */
struct check {
    const struct check_kind *kind;
    void *data;
    const struct str *facts; /* that it mentions itself, the decisive ones first; not those of checks within it */
    size_t fact_count;
    size_t decisive_fact_count; /* those that a pass rests on, too: the others can only refute it */
};

/** Judges; whatever the kind does, the verdict is one of pass, fail, unknown, pending, skip. Says what it rests on. */
void check_judge(const struct check *check, const struct judging *judging, struct judgement *ret);

/** How a check that fails is mended; see check_kind. */
void check_mend(const struct check *check, const struct judging *judging, int way, struct mend *ret);

/**
 * For a value that could not be read: sets unknown, says what was refused or failed and what would
 * let the check decide, and names the root cause. Returns whether that was so; a judgement on a
 * value that was read is left untouched.
 */
bool judge_unread(const struct judging *judging, const struct evaluated *evaluated, struct judgement *ret);

/** The same for one fact. */
bool judge_unread_fact(const struct judging *judging, const struct fact *fact, struct judgement *ret);

#endif
