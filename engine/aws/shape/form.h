/*
 * form.h: structures as form fields, the request side of the query protocols:
 * `Names.member.1=a&Filter.1.Name=b`. Lists that the table calls flattened have no `.member`
 * (all of EC2's are).
 */
#ifndef EXPORTCHECK_AWS_SHAPE_FORM_H
#define EXPORTCHECK_AWS_SHAPE_FORM_H

#include "aws/operation/operation.h"
#include "base/buf.h"
#include "base/error.h"

struct form_field {
    struct str name;
    struct str value;
};

struct form {
    struct form_field *fields;
    size_t count;
};

/** More fields than this are no request of a client in its right mind. */
#define FORM_MAX_FIELDS 4096

/** Parses `a=b&c=d`, decoding `%XX` and `+`. False, code "limit": too many fields. */
bool form_parse(struct arena *arena, struct str text, struct form *ret, struct error *error) MUST_CHECK;
/** The value of the first field of that name, or the empty view. */
struct str form_find(const struct form *form, struct str name);

/** Appends `&name=value` for each scalar in the structure; null and empty lists are left out. */
void form_write(struct buf *out, const struct shape *structure, const struct json *value);
/** The structure that the fields spell. */
bool form_read(struct arena *arena, const struct form *form, const struct shape *structure, struct json *ret,
               struct error *error) MUST_CHECK;

#endif
