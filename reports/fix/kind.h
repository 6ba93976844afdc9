/* kind.h: what is to be known of each kind of document, to put another in its place: one row a kind. */
#ifndef EXPORTCHECK_REPORTS_FIX_KIND_H
#define EXPORTCHECK_REPORTS_FIX_KIND_H

#include "fix/correction.h"

/** How a document stands in a resource. */
enum fix_shape {
    SHAPE_POLICY,  /* one argument holds it as JSON */
    SHAPE_MEMBERS, /* its members are the resource's own */
    SHAPE_NESTED,  /* it is a block, or a property, by itself */
};

struct fix_kind {
    const char *name;   /* of documents.def */
    const char *title;  /* with {Parameter} in it, as the commands */
    const char *apply;  /* {file}: the document's file; {region}: of an ARN among the parameters; a member of it */
    const char *undo;   /* in place of `apply` with the old document; NULL: that */
    const char *remove; /* NULL: it is always there */
    struct {
        const char *type;
        const char *arguments; /* "bucket={Bucket} name={PolicyName}" */
        const char *import;    /* the id */
        const char *member;    /* of SHAPE_POLICY and SHAPE_NESTED */
        enum fix_shape shape;
    } terraform;
    struct {
        const char *type; /* NULL: CloudFormation has no property for it */
        const char *properties;
        const char *member;
        enum fix_shape shape;
    } cloudformation;
};

/** The row of a correction's kind. */
const struct fix_kind *fix_kind_of(const struct correction *correction);

/** "the policy of the bucket acme-billing". */
struct str fix_title(struct arena *arena, const struct correction *correction);

/** A pattern with its {blanks} filled in from the correction; `shell`: each as a word that a shell takes. */
struct str fix_fill(struct arena *arena, const struct correction *correction, const char *pattern, struct str file,
                    bool shell);

/** The next "name={blank}" of a list of arguments, at or behind `*at`. False: no more. */
bool fix_next_argument(struct arena *arena, const struct correction *correction, const char *arguments, size_t *at,
                       struct str *ret_name, struct str *ret_value);

/** A name for the resource, of letters, digits and underscores; `underscores` false: of letters and digits alone. */
struct str fix_label(struct arena *arena, const struct correction *correction, bool underscores);

#endif
