/*
 * results.h: what a run found, and the sink that reports implement. This is all that reports see
 * of the engine.
 */
#ifndef EXPORTCHECK_RULE_RESULTS_H
#define EXPORTCHECK_RULE_RESULTS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/json/json.h"
#include "base/sink.h"
#include "base/str.h"

/** What came of one rule on one subject. The order is that of the algebra in algebra.h. */
enum verdict {
    VERDICT_PASS,
    VERDICT_FAIL,
    VERDICT_UNKNOWN, /* its evidence could not be read: never a pass */
    VERDICT_PENDING, /* only time is missing */
    VERDICT_SKIP,    /* does not apply */
    VERDICT_WAIVED,  /* failed, and a waiver says that this is known */
    VERDICT_COUNT,
};

/** "pass", "fail", …: as results files write it. */
struct str verdict_name(enum verdict verdict);
bool verdict_parse(struct str name, enum verdict *ret) MUST_CHECK;

enum severity { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL, SEVERITY_COUNT };
struct str severity_name(enum severity severity);
bool severity_parse(struct str name, enum severity *ret) MUST_CHECK;

/** A fact that a result rests on, and the call behind it (empty for what no call gave: the target). */
struct evidence {
    struct str fact;  /* "export.include_resources" */
    struct str call;  /* "bcm-data-exports:GetExport" */
    struct str state; /* "present", "absent", "denied", "failed", "not_collected" */
    struct str error; /* the error's code and message where there was one, else empty */
};

/** What to do: any part may be missing (count 0, empty view, NULL). */
struct fix {
    const struct str *console; /* steps in the AWS console */
    size_t console_count;
    struct str cli; /* an AWS CLI line */
    struct str note;
    const struct json *policy; /* the text to paste */
};

struct result {
    struct str id; /* 16 hex digits: stable hash of rule, account, target and subject */
    struct str rule;
    struct str title;
    enum severity severity; /* the one in force */
    struct str section;     /* of OptScale's documentation */
    struct str place;       /* account, export, bucket, delivery, user, optscale, linked; another in files of others */
    enum verdict verdict;
    struct str account;          /* 12 digits, or empty where the caller is unknown */
    struct str target;           /* the name of its target, in a run over many; else empty */
    struct str subject;          /* what it is about: the export's name, an account id, an action; may be empty */
    struct str message;          /* one sentence that says what was found */
    const struct json *expected; /* NULL: nothing to say */
    const struct json *actual;
    struct str comparison; /* the two for people, "at most 48 hours; it is 126"; empty where the message says it */
    const struct evidence *evidence;
    size_t evidence_count;
    struct str root_cause;     /* rule id, or "call:service:Operation" or "permission:service:Action"; empty: none */
    struct str until;          /* for pending: when to look again, ISO 8601 */
    const struct json *waiver; /* the waiver that applies, or NULL */
    bool advice;               /* fails, and does not decide: see result_is_advice() */
    bool old;                  /* a baseline has the same: it decides nothing */
    bool many;                 /* one of several that its rule may have, told apart by the subject */
    struct str to_do;          /* one imperative sentence; empty where nothing has to be done, or the rule has none */
    bool mends_elsewhere;      /* it is done at another place than the fix's; while a run lasts */
    struct str why;
    struct fix fix;
    struct str reference; /* URL */
    struct str rule_file; /* the rule's file and line, for SARIF and annotations: "rules/export.json" */
    int rule_line;        /* from 1; 0 unknown */
};

/** Where what OptScale's own user may not read, and need not be allowed, is read: see run_info's admin_command. */
#define CAUSE_FOR_ADMIN "an admin's run of the check"

/** Something to do, and the rules that wait for it: "twelve rules wait for s3:GetBucketPolicy". */
struct cause {
    struct str root_cause; /* as in results: a rule that failed, a call, a permission */
    struct str title;      /* one imperative sentence */
    struct str effect;     /* of not doing it, as a clause: "costs arrive by product"; may be empty */
    struct str
        where; /* "S3 › acme › Permissions › Bucket policy"; what is done at one place is one step; may be empty */
    struct str place;        /* of the flow, where it first shows: as in results */
    enum verdict verdict;    /* fail: to mend; unknown: it has to be read first; pending: only time is missing */
    bool advice;             /* nothing behind it counts for the exit status */
    size_t findings;         /* results of the rule that failed; 0 where it is no rule */
    size_t targets;          /* of a run over many, those that have it; 0: one target */
    size_t first;            /* the number of the first of them, */
    size_t rank;             /* and the place of the cause among those of that target */
    bool varies;             /* in some of them the sentence says other names */
    const struct str *rules; /* ids of the rules behind it */
    size_t rule_count;
};

/** A line of "Enter in OptScale". */
struct entry {
    struct str label; /* "Export path prefix" */
    struct str value;
};

/** An export that was found where the target names none. */
struct found_export {
    struct str name;
    struct str type; /* "CUR 2.0", "legacy CUR", "FOCUS_1_2_AWS", … */
    struct str bucket;
    struct str prefix;
    const struct json *arguments; /* option → value that make it the target; NULL: OptScale cannot import it */
    struct str command;           /* the command line that checks it; empty: OptScale cannot import it */
};

/** Where a rule looks, in the order in which billing data flows. */
enum flow_place {
    PLACE_ACCOUNT,
    PLACE_EXPORT,
    PLACE_BUCKET,
    PLACE_DELIVERY,
    PLACE_USER,
    PLACE_OPTSCALE,
    PLACE_LINKED,
    PLACE_COUNT,
};
/** "account", …, "linked": as rules and results files write it. */
struct str flow_place_name(enum flow_place place);
bool flow_place_parse(struct str name, enum flow_place *ret) MUST_CHECK;

/** What came of the rules of one place: the worst of their results. */
struct place_state {
    bool judged; /* some rule passed, failed, or could not be decided */
    enum verdict verdict;
    bool advice; /* it fails, and does not decide */
};

/** How many: results, and rules by the worst that came of them on an account. */
struct summary {
    struct place_state places[PLACE_COUNT];
    size_t count[VERDICT_COUNT];
    size_t rules[VERDICT_COUNT];   /* those of which only advice failed are not among the failed */
    size_t advice;                 /* of the failed results, those that are advice, */
    size_t failed[SEVERITY_COUNT]; /* and the others by their severity */
    size_t advice_rules;
    size_t waiting; /* results that wait for another rule: result_waits() */
};

/** Fails or is open, and is neither below `fail_on` nor in a baseline: the exit status goes by such results alone. */
bool result_decides(const struct result *result, enum severity fail_on);

/** Unknown or pending since it waits for another rule, which is its root cause: that rule says what is to be done. */
bool result_waits(const struct result *result);

/** Fails, and does not decide the exit status: its severity is below `fail_on`, or a baseline has it. */
bool result_is_advice(const struct result *result, enum severity fail_on);

/** A summary in the making. A rule's results on an account stand together, so the last of them is all that is kept. */
struct tally {
    struct summary summary;
    uint64_t rule; /* a hash of the last result's rule, account and target; 0: none yet */
    enum verdict verdict;
    bool advice;
};

/** Counts one more; the result says whether it is advice. */
void tally_add(struct tally *tally, const struct result *result);

/** The summary of all that were added. */
struct summary tally_end(struct tally *tally);

/** Adds the counts of another run; of two states of a place the worse prevails. */
void summary_add(struct summary *into, const struct summary *from);

/** The summary of a list. */
struct summary results_summary(const struct result *results, size_t count);

/** One target of a run over many. */
struct target_row {
    size_t number; /* its place among all targets, from 1, of whatever part of them the run is; 0: not known */
    struct str name;
    struct str account;
    struct str headline; /* its verdict, in one sentence */
    struct str to_do;    /* the first thing to do; empty: nothing */
    int exit_status;     /* what a run of its own would exit with */
};

/** The targets of a run over many, in their order. They are read one by one: ten thousand may lie in a file. */
struct target_rows {
    size_t count; /* 0: one target */
    bool (*read)(const void *context, size_t index, struct arena *scratch, struct target_row *ret);
    const void *context;
};

/** What is known of a run before its results. */
struct run_info {
    struct str tool;           /* "exportcheck 0.1.0" */
    const struct json *target; /* object */
    struct str account;
    struct str caller;  /* ARN, or empty */
    struct str started; /* ISO 8601, of the collection */
    struct str finished;
    struct str command_line;  /* the command that repeats the run; no secret is ever in it */
    struct str admin_command; /* where the caller is the principal itself: what an admin runs for the rest; or empty */
    struct str target_file;   /* what --target named, a relative path; empty: the target was told by options */
    const struct json *optscale; /* {connect: {ok, error}, discovery: {…}}, or NULL */
    const struct entry *entries;
    size_t entry_count;
    const struct found_export *exports;
    size_t export_count;
    struct summary summary;
    const struct cause *causes; /* ordered: do this first */
    size_t cause_count;
    struct target_rows targets; /* of a run over many; each result names its own */
    bool baseline;              /* results were held against a baseline: what it has is old, and decides nothing */
    enum severity fail_on;
    int exit_status; /* what the run will exit with */
};

/** The target of that index, in `scratch`; false: the file that it lies in cannot be read. */
bool run_target(const struct run_info *run, size_t index, struct arena *scratch, struct target_row *ret) MUST_CHECK;

/** How a report is drawn. */
struct report_style {
    bool color;
    int width;         /* columns of the terminal; 0: not a terminal, lines are not folded */
    bool all;          /* text lists what passed and what does not apply, too */
    struct str beside; /* the name of a file beside the report that holds all results; empty: there is none */
};

struct report; /* one being written; each format has its own */

/**
 * A report format: events go in, text comes out. begin() once, result() for each result in the
 * order of the scenario, end() once. Write errors stick in the sink; the caller asks sink_ok().
 */
struct report_format {
    const char *name;    /* "junit" */
    const char *summary; /* for the help */
    size_t most;         /* results that it shows; more are in a file beside it (report_style); 0: it shows all */
    struct report *(*begin)(struct arena *arena, struct sink *sink, const struct run_info *run,
                            const struct report_style *style);
    void (*result)(struct report *report, const struct result *result);
    void (*end)(struct report *report);
};

#endif
