/*
 * scalar.h: values that are one text on the wire (in an element, a header, a form field), typed by
 * their shape.
 */
#ifndef EXPORTCHECK_AWS_SHAPE_SCALAR_H
#define EXPORTCHECK_AWS_SHAPE_SCALAR_H

#include "aws/operation/operation.h"
#include "base/error.h"

/**
 * Reads one. `url_encoded`: object keys are percent-encoded, with `+` for a blank (S3's
 * encoding-type=url). Text of other kinds stays as sent. False, code BadAnswer: no number, no
 * boolean, no policy document.
 */
bool scalar_read(struct arena *arena, const struct shape *shape, struct str text, bool url_encoded, struct json *ret,
                 struct error *error) MUST_CHECK;

/** Writes one; a value of another type than the shape's is written as JSON writes it. */
struct str scalar_write(struct arena *arena, const struct shape *shape, const struct json *value, bool url_encoded);

#endif
