/*
 * json_shape.h: JSON on the wire and JSON in a snapshot, which differ in little: policy documents
 * are texts on the wire and objects with us. The types are checked against the shape, and members
 * that the shape does not know are kept: services add fields before models do.
 */
#ifndef EXPORTCHECK_AWS_SHAPE_JSON_SHAPE_H
#define EXPORTCHECK_AWS_SHAPE_JSON_SHAPE_H

#include "aws/operation/operation.h"
#include "base/error.h"

/** False, code BadAnswer: a value of another type than the shape's. null is allowed everywhere. */
bool json_from_wire(struct arena *arena, const struct shape *shape, const struct json *value, struct json *ret,
                    struct error *error) MUST_CHECK;
struct json json_to_wire(struct arena *arena, const struct shape *shape, const struct json *value);

#endif
