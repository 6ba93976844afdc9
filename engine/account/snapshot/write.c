/* write.c: a snapshot as text: deterministic, and without secrets. */
#include "account/snapshot/snapshot.h"
#include "base/clock.h"
#include "base/file.h"

/* Answers are no deeper than json_limits_snapshot allows. */
#define REDACT_MAX_DEPTH 128
#define INDENT 2

/*
 * Members that hold a secret wherever they stand. No reading operation of AWS answers with one;
 * OptScale's protected fields are kept from token users. This is the second lock on the door.
 */
static const struct str secret_names[] = {
    STR_INIT("SecretAccessKey"), STR_INIT("secret_access_key"), STR_INIT("SessionToken"),  STR_INIT("session_token"),
    STR_INIT("SecretKey"),       STR_INIT("Authorization"),     STR_INIT("authorization"), STR_INIT("Password"),
    STR_INIT("password"),        STR_INIT("refresh_token"),     STR_INIT("access_token"),
};

static bool is_secret(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(secret_names); i++) {
        if (str_equal(name, secret_names[i]))
            return true;
    }
    return false;
}

/* NOLINTNEXTLINE(misc-no-recursion): REDACT_MAX_DEPTH */
static bool holds_secret(const struct json *value, int depth)
{
    bool found = depth > REDACT_MAX_DEPTH;
    if (value->type == JSON_ARRAY) {
        for (size_t i = 0; i < value->count && !found; i++)
            found = holds_secret(&value->items[i], depth + 1);
    } else if (value->type == JSON_OBJECT) {
        for (size_t i = 0; i < value->count && !found; i++)
            found = is_secret(value->members[i].name) || holds_secret(&value->members[i].value, depth + 1);
    }
    return found;
}

/* The value without secret members; what is deeper than the limit is left out. */
/* NOLINTNEXTLINE(misc-no-recursion): REDACT_MAX_DEPTH */
static struct json without_secrets(struct arena *arena, const struct json *value, int depth)
{
    if (depth > REDACT_MAX_DEPTH)
        return json_null;
    if (value->type != JSON_ARRAY && value->type != JSON_OBJECT)
        return *value;
    struct json_builder copy = json_build(arena, value->type);
    for (size_t i = 0; i < value->count; i++) {
        if (value->type == JSON_ARRAY)
            json_build_add(&copy, without_secrets(arena, &value->items[i], depth + 1));
        else if (!is_secret(value->members[i].name))
            json_build_append(&copy, value->members[i].name,
                              without_secrets(arena, &value->members[i].value, depth + 1));
    }
    return json_built(&copy);
}

static struct json safe(struct arena *arena, const struct json *value)
{
    return holds_secret(value, 0) ? without_secrets(arena, value, 0) : *value;
}

static void add_text(struct json_builder *object, const char *name, struct str text)
{
    if (text.len > 0)
        json_build_append(object, str_from(name), json_string(text));
}

static struct json error_json(struct arena *arena, const struct answer *answer)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    add_text(&object, "code", answer->code);
    json_build_append(&object, STR("message"), json_string(answer->message));
    json_build_append(&object, STR("http_status"), json_number(answer->http_status));
    add_text(&object, "bucket_region", answer->bucket_region);
    return json_built(&object);
}

static struct json call_json(struct arena *arena, const struct answered_call *answered)
{
    const struct call *call = &answered->call;
    const struct answer *answer = &answered->answer;
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("service"), json_string(str_from(call->operation->service->id)));
    json_build_append(&object, STR("operation"), json_string(str_from(call->operation->name)));
    json_build_append(&object, STR("region"), json_string(call->region));
    json_build_append(&object, STR("parameters"), safe(arena, call->parameters));
    if (answer->code.len > 0)
        json_build_append(&object, STR("error"), error_json(arena, answer));
    else
        json_build_append(&object, STR("answer"), safe(arena, answer->value));
    add_text(&object, "started", answer->started);
    if (answer->milliseconds > 0)
        json_build_append(&object, STR("milliseconds"), json_number((double)answer->milliseconds));
    add_text(&object, "request_id", answer->request_id);
    return json_built(&object);
}

/* One top-level member: `,` and a new line before it unless it is the first. */
static void write_member(struct sink *sink, const char *name, const struct json *value, bool first)
{
    sink_add_c(sink, first ? "{\n  " : ",\n  ");
    json_write_string(sink, str_from(name));
    sink_add_c(sink, ": ");
    json_write_at(sink, value, INDENT, 1);
}

static void write_head(struct sink *sink, struct arena *arena, const struct snapshot *snapshot)
{
    struct json format = json_string(STR(SNAPSHOT_FORMAT));
    struct json created = json_string(clock_iso(arena, snapshot->created));
    struct json tool = json_string(snapshot->tool);
    struct json target = safe(arena, snapshot->target);
    write_member(sink, "format", &format, true);
    write_member(sink, "created", &created, false);
    if (snapshot->tool.len > 0)
        write_member(sink, "tool", &tool, false);
    write_member(sink, "target", &target, false);
    if (snapshot->access_key_id.len > 0) {
        struct json_builder caller = json_build(arena, JSON_OBJECT);
        add_text(&caller, "access_key_id", snapshot->access_key_id);
        struct json built = json_built(&caller);
        write_member(sink, "caller", &built, false);
    }
}

void snapshot_write(struct sink *sink, const struct snapshot *snapshot)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    write_head(sink, scratch, snapshot);
    sink_add_c(sink, ",\n  \"calls\": [");
    for (size_t i = 0; i < snapshot->call_count; i++) {
        struct arena_mark mark = arena_mark(scratch);
        struct json call = call_json(scratch, snapshot_ordered(snapshot, i));
        sink_add_c(sink, i > 0 ? ",\n    " : "\n    ");
        json_write_at(sink, &call, INDENT, 2);
        arena_rewind(scratch, mark);
    }
    sink_add_c(sink, snapshot->call_count > 0 ? "\n  ]\n}\n" : "]\n}\n");
}

bool snapshot_save(const char *path, const struct snapshot *snapshot, struct error *error)
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    struct buf buf = buf_make(scratch, BUF_NO_MAX);
    struct sink sink = sink_to_buf(&buf);
    snapshot_write(&sink, snapshot);
    return file_write(path, buf_str(&buf), 0600, error);
}
