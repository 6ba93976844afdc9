/* correction.h: what would mend an account: documents as they should be, and what no document mends. */
#ifndef EXPORTCHECK_FIX_CORRECTION_H
#define EXPORTCHECK_FIX_CORRECTION_H

#include "rule/results.h"

/** A document in another form, after which rules hold that did not: one edit, however many rules it mends. */
struct correction {
    struct str kind;               /* "bucket-policy": a name of documents.def */
    const struct json *parameters; /* of the call that reads it: {"Bucket": "acme-billing"} */
    const struct json *before;     /* as it is; NULL: there is none */
    const struct json *after;      /* as it should be; NULL: it should be gone */
    const struct json *patch;      /* JSON Patch (RFC 6902) from the one to the other, where none is null */
    const struct str *looks;       /* what to look at before it is applied: sentences without a period */
    size_t look_count;
    const struct result **mended; /* the results that it mends, as they were */
    size_t mended_count;
    bool advice; /* all of them are advice */
};

/** A rule that fails, and for which no correction was proven. */
struct uncorrected {
    const struct result *result; /* its first failure */
    struct str why; /* why not, a sentence without a period; empty: no document of the account is at fault */
};

struct fix_plan {
    const struct correction *corrections; /* in the order in which they are to be made */
    size_t correction_count;
    const struct uncorrected *uncorrected; /* in the order of the steps */
    size_t uncorrected_count;
};

#endif
