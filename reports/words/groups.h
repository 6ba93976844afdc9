/*
 * groups.h: what the reports for people keep of the results until the end, since they show what
 * failed first: one group for the results of a rule with one verdict, and in it the first few in
 * full. Of 3,000 accounts that fail one rule a dozen are kept, and the names of the rest.
 */
#ifndef EXPORTCHECK_REPORTS_WORDS_GROUPS_H
#define EXPORTCHECK_REPORTS_WORDS_GROUPS_H

#include "base/buf.h"
#include "rule/results.h"

#define GROUP_KEPT 12 /* results of a group that are kept, and listed */

/** A result, copied as the text that will be shown. */
struct kept {
    struct str account;
    struct str subject;
    struct str message;
    struct str found;
    struct str expected;
    struct str evidence; /* the first that could not be read */
    struct str remark;   /* for pending when to look again, for waived why */
    struct str why;
    struct str console;
    struct str cli;
    struct str note;
    struct str policy;
};

struct group {
    struct str rule;
    struct str title;
    enum severity severity; /* the highest */
    enum verdict verdict;
    bool advice; /* fails or is open, and does not decide */
    bool old;    /* since a baseline has it */
    struct str root_cause;
    bool collapsed; /* waits for a cause of the run, which is shown instead */
    size_t step;    /* its place among the run's causes; their count where it is none */
    size_t index;   /* of its first result among the groups */
    size_t count;
    struct kept *kept; /* at most GROUP_KEPT; one where the results are not listed */
    size_t kept_count;
    void *own;         /* the report's, NULL at first */
    struct buf others; /* "a, b, c": the subjects of the results that are listed no more; see groups_open() */
};

struct groups;

/** `names`: the subjects of results that are not listed are kept, too. */
struct groups *groups_open(struct arena *arena, const struct run_info *run, bool names);
/** Returns the result's group. */
struct group *groups_add(struct groups *groups, const struct result *result);

/**
 * All groups, in the order in which they are shown: what asks for something in the order of the run's causes, then
 * advice, what waits for a cause, waived, and pass and skip; else in the order of the scenario.
 */
struct group **groups_sorted(struct groups *groups, size_t *ret_count);

/** Whether the group is to be shown at length: it asks for action, and does not only wait for a cause. */
bool group_in_detail(const struct group *group);

#endif
