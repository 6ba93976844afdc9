/*
 * json.h: JSON documents as immutable values in an arena (RFC 8259).
 *
 * Reading is strict, in one pass of our own. cJSON accepts duplicate keys and trailing bytes, cuts strings at NUL and
 * keeps no positions: a pass as long as a reader would have to come before it, and its tree would be a second copy of
 * everything. The tests compare the two. Refused are: duplicate keys, `\u0000`, lone surrogates, bytes that are no
 * UTF-8, anything after the value, a nesting beyond `max_depth`, a text beyond `max_bytes`. Each value remembers where
 * it stood, so that a message can say file:line:column.
 */
#ifndef EXPORTCHECK_BASE_JSON_JSON_H
#define EXPORTCHECK_BASE_JSON_JSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/sink.h"
#include "base/str.h"

enum json_type {
    JSON_NULL,
    JSON_BOOLEAN,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
};

struct json_member;

/** A value. Copying the struct copies the value (shallowly: parts are shared, and immutable). */
struct json {
    enum json_type type;
    uint32_t offset; /* where it began in its text, in bytes, plus 1; 0: it came from no text */
    size_t count;    /* items of an array, members of an object */
    union {
        bool boolean;
        double number;
        struct str string;
        const struct json *items;
        const struct json_member *members; /* in the text's order */
    };
};

struct json_member {
    struct str name;
    struct json value;
};

struct json_limits {
    size_t max_bytes;
    size_t max_depth; /* of arrays and objects in each other */
};

/** For files that we ship or the user wrote: 64 MiB, 128 levels. */
extern const struct json_limits json_limits_default;
/** For snapshots and listings: 1 GiB, 128 levels. */
extern const struct json_limits json_limits_snapshot;

/**
 * Parses `text`, which the caller keeps: strings without escapes are copied into the arena too,
 * so the result outlives it. `name` (a file's name, or what the text is) begins the message:
 * `name:line:column: expected …, found …`. False on a violation; `*ret` is untouched then.
 */
bool json_parse(struct arena *arena, struct str name, struct str text, const struct json_limits *limits,
                const struct json **ret, struct error *error) MUST_CHECK;

/**
 * The same of a text that outlives the result: strings without escapes are views of it. For rule files and snapshots,
 * which stay in memory for the whole run.
 */
bool json_parse_kept(struct arena *arena, struct str name, struct str text, const struct json_limits *limits,
                     const struct json **ret, struct error *error) MUST_CHECK;

struct json_place {
    int line;   /* from 1 */
    int column; /* from 1, in bytes */
};

/** Where the value stood in `text`; line 0 if it came from no text. */
struct json_place json_place(struct str text, const struct json *value);

/** null, false, true, shared. */
extern const struct json json_null;
extern const struct json json_false;
extern const struct json json_true;

struct json json_boolean(bool value);
struct json json_number(double value);
struct json json_string(struct str value);                                /* the bytes are shared, not copied */
struct json json_array(const struct json *items, size_t count);           /* shared */
struct json json_object(const struct json_member *members, size_t count); /* shared */
/** The value on the arena, for functions that take pointers. */
const struct json *json_box(struct arena *arena, struct json value);
/** A deep copy that shares nothing. */
const struct json *json_clone(struct arena *arena, const struct json *value);

/** A growing array or object. Setting a name again replaces its value and keeps its place. */
struct json_builder {
    struct arena *arena;
    enum json_type type; /* JSON_ARRAY or JSON_OBJECT */
    size_t count;
    size_t capacity;
    union {
        struct json *items;
        struct json_member *members;
    };
};
struct json_builder json_build(struct arena *arena, enum json_type type);
void json_build_add(struct json_builder *array, struct json value);
void json_build_set(struct json_builder *object, struct str name, struct json value);
/** Like json_build_set() where the name is known to be new: no search. */
void json_build_append(struct json_builder *object, struct str name, struct json value);
struct json json_built(const struct json_builder *builder);

/** The member of that name, or NULL; also NULL if `object` is NULL or no object. */
const struct json *json_get(const struct json *object, struct str name);
/** json_get() with a C string; `json_find(value, "a")`. */
const struct json *json_find(const struct json *object, const char *name);
/**
 * json_get() for who reads many members of one object: the search begins at `*next`, which begins with 0, and ends
 * behind what was found. Members that are asked for in the order in which they stand are found at once.
 */
const struct json *json_get_next(const struct json *object, struct str name, size_t *next);
/** The member as a string view; the empty view if it is missing or no string. */
struct str json_find_string(const struct json *object, const char *name);
/** The member as a boolean; `otherwise` if it is missing or no boolean. */
bool json_find_boolean(const struct json *object, const char *name, bool otherwise);
double json_find_number(const struct json *object, const char *name, double otherwise);
/** The number without its fraction; `otherwise` also where it is beyond ±2^53, where JSON counts no longer. */
int64_t json_find_integer(const struct json *object, const char *name, int64_t otherwise);

bool json_is(const struct json *value, enum json_type type); /* false for NULL */
bool json_is_true(const struct json *value);
/** Deep equality; the order of an object's members is no matter. */
bool json_equal(const struct json *a, const struct json *b);
/** The name of a type, as messages say it: "a string", "an array", … */
const char *json_type_name(enum json_type type);

/** Resolves a JSON Pointer (RFC 6901): NULL if there is no such place. */
const struct json *json_pointer(const struct json *document, struct str pointer);
/** Appends `/token`, escaped (`~0`, `~1`), to a pointer that is being built. */
void json_pointer_add(struct buf *pointer, struct str token);
void json_pointer_add_index(struct buf *pointer, size_t index);

/** Writes the value; `indent` spaces a level, 0 for one line without blanks. Bytes that are no UTF-8 become U+FFFD. */
void json_write(struct sink *sink, const struct json *value, int indent);
/** The same, nested in output that is already `depth` levels deep. */
void json_write_at(struct sink *sink, const struct json *value, int indent, int depth);
/** The value as text in the arena. */
struct str json_text(struct arena *arena, const struct json *value, int indent);
/** Writes one string with quotes and escapes. */
void json_write_string(struct sink *sink, struct str s);
/** A number as JSON: integral values without a point, others so that they read back the same. */
void json_write_number(struct sink *sink, double number);

#endif
