/* rule.h: a statement about an account that must hold, as it was read from a rule file. */
#ifndef EXPORTCHECK_RULE_RULE_H
#define EXPORTCHECK_RULE_RULE_H

#include "rule/check.h"
#include "rule/loader.h"

/** A severity that holds under a condition; the last of a list has none. */
struct severity_choice {
    const struct expression *when; /* NULL: always */
    enum severity is;
};

/** A setting that mends the rule: what is merged (RFC 7396) into a document of documents.def. */
struct fix_setting {
    const struct expression *when; /* NULL: always */
    struct str document;
    const struct json *merge;
    struct map *texts; /* those of its texts that have blanks → struct text */
};

struct fix_text {
    const struct fix_setting *settings; /* the first whose `when` holds counts */
    size_t setting_count;
    const struct check *mend; /* that, once it holds, mends the rule; NULL: the rule's own check */
    const struct text *look;  /* what to look at before the correction is applied */
    const struct text **console;
    size_t console_count;
    const struct text *cli;
    const struct text *note;
};

struct rule {
    struct str id;
    struct str title;
    const struct severity_choice *severities;
    size_t severity_count;
    struct str section;
    struct str place;
    const struct str *needs;
    size_t need_count;
    const struct expression *known;     /* null makes the rule unknown; NULL: nothing has to be known */
    const struct text *known_otherwise; /* what to tell, to make it known */
    const struct expression *when;      /* NULL: always */
    const struct text *skip_reason;
    const struct expression *for_each; /* NULL: one result */
    const struct text *subject;
    struct check check;
    const struct expression *pending_when; /* NULL: never pending */
    const struct text *pending_until;
    const struct str *pending_unless; /* rules whose failure makes waiting useless */
    size_t pending_unless_count;
    const struct str *predicts; /* steps of OptScale's that this rule's verdict decides: "connect", "discovery" */
    size_t predict_count;
    const struct json *parameters;              /* name → default; an empty object where there are none */
    const struct text *messages[VERDICT_COUNT]; /* by verdict; NULL: the check's own */
    const struct text *why;
    const struct text *to_do;  /* one imperative sentence; NULL: a rule of the user's that says nothing */
    const struct text *effect; /* of not doing it, as a clause; NULL: none */
    struct fix_text fix;
    struct str reference;
    const struct str *optscale_errors;
    size_t optscale_error_count;
    const struct str *facts; /* that the verdict may rest on: the rule's own, then those of its checks */
    size_t fact_count;
    size_t own_fact_count;
    size_t decisive_fact_count;   /* of its own, those that a pass rests on, too; they stand first */
    const struct str *text_facts; /* that only its texts mention */
    size_t text_fact_count;
    struct str file;
    int line;
    const struct json *source; /* as written, for `rules show` */
    size_t file_index;         /* in the rule base's files */
};

struct scenario_entry {
    struct str label;
    const struct text *value;
};

/** One section of OptScale's documentation: which rules, in its order, and what to enter at the end. */
struct scenario {
    struct str id;
    struct str title;
    struct str section;
    const struct str *rules;
    size_t rule_count;
    const struct str *cost_rules; /* run only where the costs themselves are read: check --costs */
    size_t cost_rule_count;
    const struct scenario_entry *entries; /* "Enter in OptScale" */
    size_t entry_count;
    const struct expression *exports; /* exports found, where the target names none; NULL: not listed */
    const struct str *facts;          /* that entries and exports mention */
    size_t fact_count;
    struct str file;
    const struct json *source; /* as written */
    size_t file_index;         /* in the rule base's files */
};

/** The rule base: rules and scenarios that were read. */
struct rule_base {
    struct arena *arena;
    struct fact_declarations *declarations;
    const struct rule **rules;
    size_t rule_count;
    size_t rule_capacity;
    const struct scenario **scenarios;
    size_t scenario_count;
    size_t scenario_capacity;
    const struct data_file *files;
    size_t file_count;
    size_t embedded_count; /* the first files; the user's come behind them */
    const struct check_kind *const *kinds;
};

/** The characters of a rule's `do`, filled in. */
enum { RULE_DO_MAX = 90 };

/** The longest chain of rules that need each other. */
enum { RULE_NEEDS_DEPTH_MAX = 32 };

/**
 * Reads a whole rule base: facts first, then rules and scenarios, told apart by the folder that a
 * file is in (`facts`, `scenarios`, `policies`). The first `embedded_count` files are the program's
 * own: a rule or scenario of another file takes the place of theirs with the same id; any other id
 * used twice is an error. The files must outlive the rule base. Every mistake is named with file,
 * line and column.
 */
bool rule_base_load(struct arena *arena, const struct data_file *files, size_t count, size_t embedded_count,
                    const struct check_kind *const *kinds, struct rule_base **ret, struct error *error) MUST_CHECK;

const struct rule *rule_base_find(const struct rule_base *base, struct str id);
/** The ids of all rules, beside the rule base's rules: for the nearest name. */
const struct str *rule_ids(const struct rule_base *base);
const struct scenario *rule_base_scenario(const struct rule_base *base, struct str id);
/** The default of severity: the last choice, which has no condition. */
enum severity rule_default_severity(const struct rule *rule);

#endif
