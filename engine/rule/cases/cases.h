/*
 * cases.h: cases of rules: a healthy account, changes to its answers, and the results that must
 * follow (`exportcheck rules test`). A case fails where a rule's status differs from what it
 * expects, and where any other rule changes that it does not name in `also`: another status of a
 * subject, or a subject that is new or gone, unless the rule has one status for all. Rules that
 * `need` a changed one follow by themselves.
 */
#ifndef EXPORTCHECK_RULE_CASES_CASES_H
#define EXPORTCHECK_RULE_CASES_CASES_H

#include "account/snapshot/snapshot.h"
#include "rule/run.h"

/** One thing that a case found wrong. */
struct case_finding {
    struct str file;
    int line;
    struct str name;    /* the case's */
    struct str message; /* "rule 'x': expected fail, found pass" */
};

/** Which change turned which rule: a row of the matrix. */
struct case_row {
    struct str file;
    struct str name;
    struct str rule;    /* that the case is about */
    struct str subject; /* empty: all */
    enum verdict expected;
    bool met;
    const struct str *others; /* rules that changed unexpectedly */
    size_t other_count;
};

/** What accounts and cases have shown of one rule. */
struct rule_coverage {
    bool shown[VERDICT_COUNT]; /* pass: also on an unchanged account; the others: where a case expects them */
    bool judged;               /* it was evaluated on an unchanged account, */
    bool selected;             /* and its value was not null */
    struct str to_do;          /* the longest `do` of its failures in cases, filled in */
};

/** A case as it was evaluated, for whoever wants to look further. */
struct case_seen {
    struct str file;
    struct str name;
    const struct json *expect;         /* rule id → status, as the case has it */
    const struct run_options *options; /* with the facts of the changed account */
    const struct run *run;
    int64_t at; /* the time of the case; 0: the account's */
};
typedef void (*case_visitor)(void *context, const struct case_seen *seen);

struct case_report {
    case_visitor visit; /* is called with each case; NULL: nobody looks */
    void *visit_context;
    struct rule_coverage *coverage; /* beside the rule base's rules */
    size_t case_count;
    const struct case_finding *findings;
    size_t finding_count;
    const struct case_row *rows;
    size_t row_count;
};

/** Reads a file that a case file names; paths are relative to the case file. */
typedef bool (*case_reader)(void *context, struct arena *arena, struct str path, struct str *ret_text,
                            struct error *error);

/**
 * Runs every case of one file. False where the file itself is wrong (a bad path, an operation that
 * does not exist, a change that matches no call); what cases find goes to the report.
 */
bool cases_run(struct arena *arena, const struct rule_base *base, struct str file, struct str text, case_reader reader,
               void *context, struct case_report *report, struct error *error) MUST_CHECK;

#endif
