/* support.h: small accounts for the tests of the model of OptScale. */
#ifndef EXPORTCHECK_TESTS_OPTSCALE_SUPPORT_H
#define EXPORTCHECK_TESTS_OPTSCALE_SUPPORT_H

#include "cmocka_all.h"
#include "optscale/files/case.h"

/** Reads a case from JSON with single quotes for double ones, so that tests can be read. */
static inline struct optscale_case read_case(struct arena *arena, const char *text)
{
    struct optscale_case given = {.id = {.type = JSON_NULL}};
    struct error error = {.text = ""};
    const struct json *document;
    struct str copy = str_copy(arena, str_from(text));
    char *bytes = str_to_c(arena, copy);
    for (char *at = bytes; *at; at++) {
        *at = *at == '\'' ? '"' : *at;
    }
    if (!json_parse(arena, STR("case"), str_from(bytes), &json_limits_default, &document, &error) ||
        !optscale_case_read(arena, document, &given, &error)) {
        fail_msg("%s", error.text);
    }
    return given;
}

/** A case of bucket_only with prefix, name, version (JSON text) and keys, one a line; all of one time. */
static inline struct optscale_case bucket_case(struct arena *arena, const char *prefix, const char *name,
                                               const char *version, const char *keys)
{
    struct buf objects = buf_make(arena, BUF_NO_MAX);
    struct str rest = str_from(keys);
    while (rest.len > 0) {
        struct str key;
        str_cut(&rest, '\n', &key);
        buf_addf(&objects, "%s{'Key':'%.*s','LastModified':'2026-01-06T10:11:12Z','Size':20,'ETag':'e'}",
                 objects.len > 0 ? "," : "", STR_ARG(key));
    }
    struct str text = str_format(arena,
                                 "{'config':{'config_scheme':'bucket_only','bucket_name':'b','bucket_prefix':'%s',"
                                 "'report_name':'%s','cur_version':%s},"
                                 "'account':{'buckets':{'b':{'region':'eu-west-1','objects':[%.*s]}}}}",
                                 prefix, name, version, STR_ARG(buf_str(&objects)));
    return read_case(arena, str_to_c(arena, text));
}

static inline struct optscale_discovery discover(struct arena *arena, const struct optscale_case *given)
{
    struct optscale_discovery discovery;
    optscale_discover(arena, &given->account, &given->config, optscale_build_default, &discovery);
    return discovery;
}

static inline struct optscale_connection connect_case(struct arena *arena, const struct optscale_case *given)
{
    struct optscale_connection connection;
    optscale_connect(arena, &given->account, &given->config, optscale_build_default, &connection);
    return connection;
}

/** The keys of the only period, joined by blanks; fails where there is not exactly one. */
static inline struct str only_period(struct arena *arena, const struct optscale_discovery *discovery)
{
    struct buf keys = buf_make(arena, BUF_NO_MAX);
    assert_true(discovery->ok);
    assert_int_equal(discovery->period_count, 1);
    for (size_t i = 0; i < discovery->periods[0].count; i++) {
        buf_add(&keys, i > 0 ? STR(" ") : STR(""));
        buf_add(&keys, discovery->periods[0].files[i]->key);
    }
    return buf_str(&keys);
}

#endif
