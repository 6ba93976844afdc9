/*
 * ini.h: the syntax of AWS's configuration files, `~/.aws/config` and `~/.aws/credentials`.
 *
 * Sections in brackets; `key = value` or `key: value`; keys without regard to case; lines that
 * begin with `#` or `;` are comments; nothing is interpolated. Under a key without a value,
 * indented `key = value` lines make a map of one level; under any other key, an indented line goes
 * on with the value, after a line break. Of two equal keys or sections the later one wins, key by
 * key. Source: AWS SDKs and Tools Reference Guide, "Using shared config and credentials files".
 */
#ifndef EXPORTCHECK_AWS_SETTINGS_INI_H
#define EXPORTCHECK_AWS_SETTINGS_INI_H

#include "base/error.h"
#include "base/str.h"

#define INI_BYTES_MAX ((size_t)4 << 20)

struct ini_entry {
    struct str key; /* lower case */
    struct str value;
    struct str parent; /* the key that this one is indented under, lower case; mostly empty */
    int line;
};

struct ini_section {
    struct str name; /* as between the brackets, trimmed */
    int line;
    struct ini_entry *entries;
    size_t count;
    size_t capacity;
};

struct ini {
    struct str path; /* for messages */
    struct ini_section *sections;
    size_t count;
    size_t capacity;
};

/**
 * Parses `text`, whose bytes are copied where that is needed and shared elsewhere. False, code
 * "input", with `path:line: …`: a line that is none of the above, a key outside any section, bytes
 * that are no UTF-8, or more than INI_BYTES_MAX bytes.
 */
bool ini_parse(struct arena *arena, struct str path, struct str text, struct ini *ret, struct error *error) MUST_CHECK;

/** The section of that name, or NULL. */
const struct ini_section *ini_find(const struct ini *ini, struct str name);
/** The entry; `parent` is empty for one that stands by itself. NULL if there is none; NULL of a NULL section. */
const struct ini_entry *ini_entry(const struct ini_section *section, struct str parent, struct str key);

/** Splits `profile "my name"` into its first word and the rest, whose quotes are taken off. */
void ini_split_name(struct str name, struct str *ret_kind, struct str *ret_rest);

#endif
