/* words.h: what several formats say in the same way: counts, values, dates, the verdict of a whole run. */
#ifndef EXPORTCHECK_REPORTS_WORDS_WORDS_H
#define EXPORTCHECK_REPORTS_WORDS_WORDS_H

#include "rule/results.h"

/**
 * An arena for what a report needs during one event, closed with `arena`. Its own, since the sink
 * may write to memory of `arena`.
 */
struct arena *words_scratch(struct arena *arena);

/** "PASS", "FAIL", …: what text says, so that colour is never the only carrier. */
struct str words_verdict(enum verdict verdict);

/** The same, but "ADVICE" for what fails and does not decide, and "KNOWN" for what a baseline has. */
struct str words_status(enum verdict verdict, bool advice, bool old);

/** 3000 as "3,000". */
struct str words_count(struct arena *arena, size_t count);

/** "1 rule", "12 rules"; the plural adds an s. */
struct str words_plural(struct arena *arena, size_t count, const char *singular);

/**
 * "2 failed (7 findings), 1 unknown, 20 passed, 1 as advice": rules, and how often they were found to fail. What is
 * zero is left out, but for the passes.
 */
struct str words_summary(struct arena *arena, const struct summary *summary);

/** The account of the run; "several" for many targets, "unknown" where nobody knows it. */
struct str words_account(const struct run_info *run);

/** Sum of all verdicts. */
size_t words_total(const struct summary *summary);

/** What is waited for, for people: the rule's id, or the call: "s3:GetBucketPolicy". */
struct str words_cause(struct str root_cause);

/** Where the caller is OptScale's own user: what its view proves, and what not; else empty. */
struct str words_view(const struct run_info *run);

/**
 * One line that can be pasted in a ticket: verdict, account, scenario, counts, time, exit status.
 */
struct str words_ticket(struct arena *arena, const struct run_info *run);

/** Whether a value is one that a person reads at a glance: no object is in it. */
bool words_is_brief(const struct json *value);

/**
 * A JSON value for people, on one line: a string bare, a list of scalars with commas, anything else
 * as compact JSON. A list shows `max_items` items, other text about `max_bytes` bytes, cut between
 * items only; what is left out is counted. The text is not yet clean (clean.h).
 */
struct words_limits {
    size_t max_items;
    size_t max_bytes;
};
struct str words_value(struct arena *arena, const struct json *value, struct words_limits limits);
/** The same of a target's member; of its costs the period alone: results name the amounts that matter. */
struct str words_target_value(struct arena *arena, const struct json *value, struct words_limits limits);

/** The text with JSON's quotes and escapes where its blanks or line breaks could be overlooked, else as it is. */
struct str words_quoted(struct arena *arena, struct str text);

/** "Billing and Cost Management › Data Exports › Create": the console's steps. */
struct str words_console(struct arena *arena, const struct fix *fix);

/** Why a finding is waived: the waiver's `reason`, else `justification`, else empty; and its `expires`. */
struct str words_waiver(struct arena *arena, const struct json *waiver);

/** "2026-11-22T10:00:00Z" as "2026-11-22 10:00 UTC"; a text that is no time stays as it is. */
struct str words_time(struct arena *arena, struct str iso);

/** The fact's evidence as one line: "export.include_resources (bcm-data-exports:GetExport): present". */
struct str words_evidence(struct arena *arena, const struct evidence *evidence);

/** One step of what OptScale will do (`optscale.connect`, `optscale.discovery`): "succeeds", "fails: …". */
struct str words_prediction(struct arena *arena, const struct json *outcome);

/** The billing periods that the first import takes, or else all that are found; 0 where the prediction names none. */
size_t words_periods(const struct json *outcome);

/** The steps of `optscale`, in OptScale's order, and how a report calls them. */
struct prediction_row {
    const char *name;
    const char *label;
};
extern const struct prediction_row words_predictions[];
extern const size_t words_prediction_count;

/** What a result is about: its subject, and before it, in a run over many, its target. */
struct str words_subject(struct arena *arena, const struct result *result);

/** Whether the fix has any part. */
bool words_has_fix(const struct fix *fix);

#endif
