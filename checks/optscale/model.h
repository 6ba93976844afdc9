/*
 * model.h: from facts to what the model of OptScale takes: its settings, and the account as
 * OptScale would see it. What OptScale may do there is other rules' business: nothing is refused.
 */
#ifndef EXPORTCHECK_CHECKS_OPTSCALE_MODEL_H
#define EXPORTCHECK_CHECKS_OPTSCALE_MODEL_H

#include "optscale/connect/connect.h"
#include "rule/loader.h"

/** What a check may say of the data source and the account; each an expression with a default. */
enum model_part {
    MODEL_BUCKET,
    MODEL_LOCATION,
    MODEL_PREFIX,
    MODEL_NAME,
    MODEL_TYPE,
    MODEL_CALLER,
    MODEL_OBJECTS,        /* of the folder that OptScale lists first */
    MODEL_PARENT_OBJECTS, /* of the one that it tries next */
    MODEL_DEFINITIONS,    /* legacy reports as AWS gives them; only for checks that look at reports */
    MODEL_EXPORTS,        /* Data Exports as AWS gives them */
    MODEL_OTHER_BUCKETS,  /* more buckets that exist, [{name, location}]; none by default */
    MODEL_PART_COUNT,
};

/** What the model is made for. */
enum model_use {
    MODEL_OF_FILES,     /* which files are found */
    MODEL_OF_REPORTS,   /* that, and the account's reports and exports */
    MODEL_OF_REHEARSAL, /* what OptScale would ask for: the bucket is taken to be there, and what could not be read
                           to be empty */
};

struct model_parts {
    const struct expression *expressions[MODEL_PART_COUNT]; /* NULL: not asked for */
    enum model_use use;
};

/** The members of a definition that replace the defaults; the table for loader_fields(). */
#define MODEL_FIELDS                                                                                                   \
    {"bucket", FIELD_STRING, false}, {"location", FIELD_STRING, false}, {"prefix", FIELD_STRING, false},               \
        {"export_name", FIELD_STRING, false}, {"export_type", FIELD_STRING, false}, {"caller", FIELD_STRING, false},   \
        {"objects", FIELD_STRING, false}, {"parent_objects", FIELD_STRING, false},                                     \
        {"definitions", FIELD_STRING, false}, {"exports", FIELD_STRING, false},                                        \
    {                                                                                                                  \
        "other_buckets", FIELD_STRING, false                                                                           \
    }

/** Reads the parts that the use asks for. */
bool model_parts_load(struct loader *loader, const struct json *definition, enum model_use use,
                      struct model_parts *ret) MUST_CHECK;

struct optscale_model {
    struct optscale_config config; /* of scheme bucket_only */
    struct optscale_account account;
    const struct optscale_build *build; /* the one that the target names */
    struct str folder;                  /* PREFIX/NAME/ */
    bool is_placed;                     /* both are known */
};

/** False, and an unknown judgement, where a part could not be read. An absent part is empty. */
bool model_make(const struct model_parts *parts, const struct judging *judging, struct optscale_model *ret,
                struct judgement *judgement);

/** The build of OptScale that the target names; S26 where it names none. */
const struct optscale_build *model_build(const struct judging *judging);

/** `{"connect": {"ok", "error"}}` as results carry it. */
struct json model_outcome(struct arena *arena, bool ok, const struct optscale_failure *failure);

#endif
