/* ini.c: see ini.h. */
#include "aws/settings/ini.h"

#include <stdint.h>
#include <string.h>

struct reader {
    struct arena *arena;
    struct ini *ini;
    struct ini_section *section; /* NULL before the first */
    struct ini_entry *entry;     /* the last one that is not indented under another; NULL at a section's begin */
    ptrdiff_t indent;            /* of its line: deeper ones belong to it */
    int line;
    struct error *error;
};

static bool wrong(const struct reader *reader, const char *what)
{
    return error_set(reader->error, ERROR_INPUT, "%.*s:%d: %s", STR_ARG(reader->ini->path), reader->line, what);
}

static void *grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity ? *capacity * 2 : 8;
    void *more = arena_alloc(arena, *capacity, size, _Alignof(max_align_t));
    if (count > 0)
        memcpy(more, items, count * size);
    return more;
}

static bool read_section(struct reader *reader, struct str line)
{
    ptrdiff_t end = str_find_char(line, ']', 0);
    if (end < 0)
        return wrong(reader, "the section's ']' is missing");
    struct str rest = str_trim(str_skip(line, end + 1));
    if (rest.len > 0 && rest.ptr[0] != '#' && rest.ptr[0] != ';')
        return wrong(reader, "something follows the section's ']'");
    struct str name = str_trim(str_slice(line, 1, end));
    if (name.len == 0)
        return wrong(reader, "the section has no name");

    struct ini *ini = reader->ini;
    reader->entry = NULL;
    for (size_t i = 0; i < ini->count; i++) {
        reader->section = &ini->sections[i];
        if (str_equal(reader->section->name, name))
            return true;
    }
    ini->sections = grow(reader->arena, ini->sections, ini->count, &ini->capacity, sizeof *ini->sections);
    reader->section = &ini->sections[ini->count++];
    *reader->section = (struct ini_section){.name = name, .line = reader->line};
    return true;
}

static bool split_entry(struct str line, struct str *ret_key, struct str *ret_value)
{
    ptrdiff_t at = 0;
    while (at < line.len && line.ptr[at] != '=' && line.ptr[at] != ':')
        at++;
    *ret_key = str_trim(str_slice(line, 0, at));
    *ret_value = str_trim(str_skip(line, at + 1));
    return at < line.len && ret_key->len > 0;
}

static struct ini_entry *section_set(struct reader *reader, struct str parent, struct str key, struct str value)
{
    struct ini_section *section = reader->section;
    key = str_lower(reader->arena, key);
    struct ini_entry *entry = NULL;
    for (size_t i = 0; i < section->count && !entry; i++)
        if (str_equal(section->entries[i].key, key) && str_equal(section->entries[i].parent, parent))
            entry = &section->entries[i];
    if (!entry) {
        section->entries =
            grow(reader->arena, section->entries, section->count, &section->capacity, sizeof *section->entries);
        entry = &section->entries[section->count++];
    }
    *entry = (struct ini_entry){key, value, parent, reader->line};
    return entry;
}

static bool read_entry(struct reader *reader, struct str line)
{
    struct str key;
    struct str value;
    if (!split_entry(line, &key, &value))
        return wrong(reader, "expected 'key = value', a [section] or a comment");
    if (!reader->section)
        return wrong(reader, "a setting stands before the first [section]");
    reader->entry = section_set(reader, STR(""), key, value);
    return true;
}

static bool read_indented(struct reader *reader, struct str line)
{
    struct str key;
    struct str value;
    if (reader->entry->value.len > 0) {
        reader->entry->value = str_join3(reader->arena, reader->entry->value, STR("\n"), line);
        return true;
    }
    if (!split_entry(line, &key, &value))
        return wrong(reader, "expected 'key = value' under a setting without a value");
    struct str parent = reader->entry->key;
    size_t place = (size_t)(reader->entry - reader->section->entries);
    (void)section_set(reader, parent, key, value);
    reader->entry = &reader->section->entries[place]; /* the entries may have moved */
    return true;
}

static bool read_line(struct reader *reader, struct str line)
{
    struct str trimmed = str_trim(line);
    if (trimmed.len == 0 || trimmed.ptr[0] == '#' || trimmed.ptr[0] == ';')
        return true;
    ptrdiff_t indent = trimmed.ptr - line.ptr;
    if (reader->entry && indent > reader->indent)
        return read_indented(reader, trimmed);
    reader->indent = indent;
    return trimmed.ptr[0] == '[' ? read_section(reader, trimmed) : read_entry(reader, trimmed);
}

/* `[DEFAULT]` lends its settings to every section, as the Python SDK's reader has it, and is none itself. */
static void lend_defaults(struct reader *reader)
{
    struct ini *ini = reader->ini;
    const struct ini_section *defaults = ini_find(ini, STR("DEFAULT"));
    for (size_t i = 0; defaults && i < ini->count; i++) {
        reader->section = &ini->sections[i];
        if (reader->section == defaults)
            continue;
        for (size_t k = 0; k < defaults->count; k++) {
            const struct ini_entry *entry = &defaults->entries[k];
            if (!ini_entry(reader->section, entry->parent, entry->key))
                (void)section_set(reader, entry->parent, entry->key, entry->value);
        }
    }
    if (defaults)
        ini->sections[defaults - ini->sections].name = STR("");
}

bool ini_parse(struct arena *arena, struct str path, struct str text, struct ini *ret, struct error *error)
{
    struct ini ini = {.path = path};
    struct reader reader = {.arena = arena, .ini = &ini, .error = error};
    if ((size_t)text.len > INI_BYTES_MAX)
        return error_set(error, ERROR_INPUT, "%.*s: longer than %zu bytes", STR_ARG(path), INI_BYTES_MAX);
    if (!str_is_utf8(text))
        return error_set(error, ERROR_INPUT, "%.*s: not UTF-8 text", STR_ARG(path));
    if (str_starts(text, STR("\xEF\xBB\xBF"))) /* a byte order mark, as editors of Windows write it */
        text = str_skip(text, 3);

    struct str line;
    for (bool more = true; more;) {
        more = str_cut(&text, '\n', &line);
        reader.line++;
        if (!read_line(&reader, line))
            return false;
    }
    lend_defaults(&reader);
    *ret = ini;
    return true;
}

const struct ini_section *ini_find(const struct ini *ini, struct str name)
{
    for (size_t i = 0; i < ini->count; i++)
        if (str_equal(ini->sections[i].name, name))
            return &ini->sections[i];
    return NULL;
}

const struct ini_entry *ini_entry(const struct ini_section *section, struct str parent, struct str key)
{
    for (size_t i = 0; section && i < section->count; i++)
        if (str_equal(section->entries[i].key, key) && str_equal(section->entries[i].parent, parent))
            return &section->entries[i];
    return NULL;
}

void ini_split_name(struct str name, struct str *ret_kind, struct str *ret_rest)
{
    ptrdiff_t end = 0;
    while (end < name.len && name.ptr[end] != ' ' && name.ptr[end] != '\t')
        end++;
    struct str rest = str_trim(str_skip(name, end));
    if (rest.len >= 2 && (rest.ptr[0] == '"' || rest.ptr[0] == '\'') && rest.ptr[rest.len - 1] == rest.ptr[0])
        rest = str_slice(rest, 1, rest.len - 1);
    *ret_kind = str_slice(name, 0, end);
    *ret_rest = rest;
}
