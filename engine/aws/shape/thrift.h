/*
 * thrift.h: Thrift's compact protocol, in which a Parquet file's footer is written
 * (github.com/apache/thrift, doc/specs/thrift-compact-protocol.md): as much of it as that needs.
 */
#ifndef EXPORTCHECK_AWS_SHAPE_THRIFT_H
#define EXPORTCHECK_AWS_SHAPE_THRIFT_H

#include "base/buf.h"

/** Types of fields and of a list's items. A boolean field is its type; all else follows it. */
enum thrift_type {
    THRIFT_STOP = 0,
    THRIFT_TRUE = 1,
    THRIFT_FALSE = 2,
    THRIFT_I32 = 5,
    THRIFT_I64 = 6,
    THRIFT_DOUBLE = 7,
    THRIFT_TEXT = 8,
    THRIFT_LIST = 9,
    THRIFT_SET = 10,
    THRIFT_MAP = 11,
    THRIFT_STRUCT = 12,
};

/** Where the reading has come to. Once `broken`, nothing more is read: every number is 0, every text empty. */
struct thrift {
    struct str bytes;
    ptrdiff_t at;
    bool broken;
};

/** A field of the structure that is read; begin with {0}. */
struct thrift_field {
    int64_t id;
    int type;
};

/** Goes to the next field; false behind the last one. Its value is to be read or skipped before the next. */
bool thrift_next(struct thrift *thrift, struct thrift_field *field);
int64_t thrift_integer(struct thrift *thrift);
/** A view into the bytes. */
struct str thrift_text(struct thrift *thrift);
/** The number of a list's items, which follow; no more than the bytes that are left. */
size_t thrift_list(struct thrift *thrift, int *ret_type);
/** Passes over a value of this type; one that is nested too deeply breaks the reading. */
void thrift_skip(struct thrift *thrift, int type);

/** The reverse: `*last` is the id of the field before in this structure, 0 at its beginning; ids ascend, by at most 15.
 */
void thrift_add_field(struct buf *buf, int *last, int id, enum thrift_type type);
void thrift_add_integer(struct buf *buf, int64_t value);
void thrift_add_text(struct buf *buf, struct str text);
void thrift_add_list(struct buf *buf, size_t count, enum thrift_type type);
void thrift_add_stop(struct buf *buf);

#endif
