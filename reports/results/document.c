/* document.c: the contract's key names, each written in one place. */
#include "reports/results/document.h"

#include <string.h>

/** Text that may be missing: null where it is empty. */
static struct json text_or_null(struct str text)
{
    return text.len ? json_string(text) : json_null;
}

static struct json value_or_null(const struct json *value)
{
    return value ? *value : json_null;
}

static struct json strings_document(struct arena *arena, const struct str *strings, size_t count)
{
    struct json *items = arena_array(arena, struct json, count);
    for (size_t i = 0; i < count; i++)
        items[i] = json_string(strings[i]);
    return json_array(items, count);
}

struct json summary_document(struct arena *arena, const struct summary *summary)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        json_build_append(&object, verdict_name((enum verdict)i), json_number((double)summary->count[i]));
    return json_built(&object);
}

/** The same for rules, with those of which only advice is left. */
static struct json rules_document(struct arena *arena, const struct summary *summary)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        json_build_append(&object, verdict_name((enum verdict)i), json_number((double)summary->rules[i]));
    json_build_append(&object, STR("advice"), json_number((double)summary->advice_rules));
    return json_built(&object);
}

/** Failed results that are no advice, by severity. */
static struct json failed_document(struct arena *arena, const struct summary *summary)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < SEVERITY_COUNT; i++)
        json_build_append(&object, severity_name((enum severity)i), json_number((double)summary->failed[i]));
    return json_built(&object);
}

/** Each place that some rule looked at, and the worst that came of it; "advice" where that does not decide. */
static struct json flow_document(struct arena *arena, const struct summary *summary)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < PLACE_COUNT; i++) {
        const struct place_state *state = &summary->places[i];
        if (state->judged)
            json_build_append(&object, flow_place_name((enum flow_place)i),
                              json_string(state->advice ? STR("advice") : verdict_name(state->verdict)));
    }
    return json_built(&object);
}

struct json fix_document(struct arena *arena, const struct fix *fix)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    if (fix->console_count)
        json_build_append(&object, STR("console"), strings_document(arena, fix->console, fix->console_count));
    if (fix->cli.len)
        json_build_append(&object, STR("cli"), json_string(fix->cli));
    if (fix->note.len)
        json_build_append(&object, STR("note"), json_string(fix->note));
    if (fix->policy)
        json_build_append(&object, STR("policy"), *fix->policy);
    return json_built(&object);
}

static struct json evidence_document(struct arena *arena, const struct evidence *evidence, size_t count)
{
    struct json_builder array = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < count; i++) {
        struct json_builder object = json_build(arena, JSON_OBJECT);
        json_build_append(&object, STR("fact"), json_string(evidence[i].fact));
        json_build_append(&object, STR("call"), text_or_null(evidence[i].call));
        json_build_append(&object, STR("state"), json_string(evidence[i].state));
        if (evidence[i].error.len)
            json_build_append(&object, STR("error"), json_string(evidence[i].error));
        json_build_add(&array, json_built(&object));
    }
    return json_built(&array);
}

static struct json source_document(struct arena *arena, const struct result *result)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("file"), json_string(result->rule_file));
    json_build_append(&object, STR("line"), json_number(result->rule_line));
    return json_built(&object);
}

struct json result_document(struct arena *arena, const struct result *result)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("id"), json_string(result->id));
    json_build_append(&object, STR("rule"), json_string(result->rule));
    json_build_append(&object, STR("title"), json_string(result->title));
    json_build_append(&object, STR("severity"), json_string(severity_name(result->severity)));
    json_build_append(&object, STR("section"), json_string(result->section));
    json_build_append(&object, STR("place"), json_string(result->place));
    json_build_append(&object, STR("status"), json_string(verdict_name(result->verdict)));
    json_build_append(&object, STR("account"), text_or_null(result->account));
    document_set_text(&object, "target", result->target);
    json_build_append(&object, STR("subject"), json_string(result->subject));
    json_build_append(&object, STR("message"), json_string(result->message));
    json_build_append(&object, STR("expected"), value_or_null(result->expected));
    json_build_append(&object, STR("actual"), value_or_null(result->actual));
    document_set_text(&object, "comparison", result->comparison);
    json_build_append(&object, STR("evidence"), evidence_document(arena, result->evidence, result->evidence_count));
    json_build_append(&object, STR("root_cause"), text_or_null(result->root_cause));
    json_build_append(&object, STR("until"), text_or_null(result->until));
    json_build_append(&object, STR("waiver"), value_or_null(result->waiver));
    if (result->advice)
        json_build_append(&object, STR("advice"), json_boolean(true));
    if (result->old)
        json_build_append(&object, STR("baseline"), json_boolean(true));
    if (result->many)
        json_build_append(&object, STR("many"), json_boolean(true));
    document_set_text(&object, "do", result->to_do);
    json_build_append(&object, STR("why"), json_string(result->why));
    json_build_append(&object, STR("fix"), fix_document(arena, &result->fix));
    json_build_append(&object, STR("reference"), json_string(result->reference));
    if (result->rule_file.len)
        json_build_append(&object, STR("source"), source_document(arena, result));
    return json_built(&object);
}

static struct json entries_document(struct arena *arena, const struct run_info *run)
{
    struct json_builder array = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < run->entry_count; i++) {
        struct json_builder object = json_build(arena, JSON_OBJECT);
        json_build_append(&object, STR("label"), json_string(run->entries[i].label));
        json_build_append(&object, STR("value"), json_string(run->entries[i].value));
        json_build_add(&array, json_built(&object));
    }
    return json_built(&array);
}

static struct json exports_document(struct arena *arena, const struct run_info *run)
{
    struct json_builder array = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < run->export_count; i++) {
        const struct found_export *found = &run->exports[i];
        struct json_builder object = json_build(arena, JSON_OBJECT);
        json_build_append(&object, STR("name"), json_string(found->name));
        json_build_append(&object, STR("type"), json_string(found->type));
        json_build_append(&object, STR("bucket"), json_string(found->bucket));
        json_build_append(&object, STR("prefix"), json_string(found->prefix));
        json_build_append(&object, STR("command"), text_or_null(found->command));
        json_build_add(&array, json_built(&object));
    }
    return json_built(&array);
}

static struct json causes_document(struct arena *arena, const struct run_info *run)
{
    struct json_builder array = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < run->cause_count; i++) {
        const struct cause *cause = &run->causes[i];
        struct json_builder object = json_build(arena, JSON_OBJECT);
        json_build_append(&object, STR("root_cause"), json_string(cause->root_cause));
        json_build_append(&object, STR("title"), json_string(cause->title));
        document_set_text(&object, "effect", cause->effect);
        document_set_text(&object, "where", cause->where);
        document_set_text(&object, "place", cause->place);
        json_build_append(&object, STR("status"), json_string(verdict_name(cause->verdict)));
        if (cause->advice)
            json_build_append(&object, STR("advice"), json_boolean(true));
        json_build_append(&object, STR("findings"), json_number((double)cause->findings));
        if (cause->targets) {
            json_build_append(&object, STR("targets"), json_number((double)cause->targets));
            json_build_append(&object, STR("first_target"), json_number((double)cause->first));
            json_build_append(&object, STR("rank"), json_number((double)cause->rank));
        }
        if (cause->varies)
            json_build_append(&object, STR("varies"), json_boolean(true));
        json_build_append(&object, STR("rules"), strings_document(arena, cause->rules, cause->rule_count));
        json_build_add(&array, json_built(&object));
    }
    return json_built(&array);
}

struct json target_document(struct arena *arena, const struct target_row *row)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    if (row->number)
        json_build_append(&object, STR("number"), json_number((double)row->number));
    json_build_append(&object, STR("name"), json_string(row->name));
    json_build_append(&object, STR("account"), text_or_null(row->account));
    json_build_append(&object, STR("headline"), json_string(row->headline));
    json_build_append(&object, STR("exit_status"), json_number(row->exit_status));
    document_set_text(&object, "do", row->to_do);
    return json_built(&object);
}

struct json run_document(struct arena *arena, const struct run_info *run)
{
    struct json_builder object = json_build(arena, JSON_OBJECT);
    json_build_append(&object, STR("format"), json_string(STR(RESULTS_FORMAT)));
    json_build_append(&object, STR("tool"), json_string(run->tool));
    json_build_append(&object, STR("target"), value_or_null(run->target));
    json_build_append(&object, STR("account"), text_or_null(run->account));
    json_build_append(&object, STR("caller"), text_or_null(run->caller));
    json_build_append(&object, STR("started"), text_or_null(run->started));
    json_build_append(&object, STR("finished"), text_or_null(run->finished));
    json_build_append(&object, STR("command_line"), text_or_null(run->command_line));
    document_set_text(&object, "admin_command", run->admin_command);
    document_set_text(&object, "target_file", run->target_file);
    if (run->baseline)
        json_build_append(&object, STR("baseline"), json_boolean(true));
    json_build_append(&object, STR("fail_on"), json_string(severity_name(run->fail_on)));
    json_build_append(&object, STR("exit_status"), json_number(run->exit_status));
    json_build_append(&object, STR("summary"), summary_document(arena, &run->summary));
    json_build_append(&object, STR("advice"), json_number((double)run->summary.advice));
    json_build_append(&object, STR("failed"), failed_document(arena, &run->summary));
    json_build_append(&object, STR("waiting"), json_number((double)run->summary.waiting));
    json_build_append(&object, STR("rules"), rules_document(arena, &run->summary));
    json_build_append(&object, STR("flow"), flow_document(arena, &run->summary));
    if (run->optscale)
        json_build_append(&object, STR("optscale"), *run->optscale);
    if (run->targets.count)
        json_build_append(&object, STR("targets"), json_null); /* see document_write_run() */
    json_build_append(&object, STR("enter_in_optscale"), entries_document(arena, run));
    json_build_append(&object, STR("exports"), exports_document(arena, run));
    json_build_append(&object, STR("root_causes"), causes_document(arena, run));
    return json_built(&object);
}

static struct json targets_document(struct arena *arena, const struct run_info *run)
{
    struct json_builder array = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < run->targets.count; i++) {
        struct target_row row;
        if (run_target(run, i, arena, &row))
            json_build_add(&array, target_document(arena, &row));
    }
    return json_built(&array);
}

struct json run_whole_document(struct arena *arena, const struct run_info *run)
{
    struct json head = run_document(arena, run);
    struct json_builder object = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < head.count; i++) {
        const struct json_member *member = &head.members[i];
        bool targets = str_equal(member->name, STR("targets"));
        json_build_append(&object, member->name, targets ? targets_document(arena, run) : member->value);
    }
    return json_built(&object);
}

void document_set_text(struct json_builder *object, const char *name, struct str text)
{
    if (text.len)
        json_build_append(object, str_from(name), json_string(text));
}

struct json document_list(struct arena *arena, struct json item)
{
    struct json_builder array = json_build(arena, JSON_ARRAY);
    json_build_add(&array, item);
    return json_built(&array);
}

struct document_writer document_writer(struct arena *arena, struct sink *sink)
{
    return (struct document_writer){.sink = sink, .text = buf_make(arena, BUF_NO_MAX)};
}

void document_write(struct document_writer *writer, const struct json *value, int indent, int depth)
{
    buf_clear(&writer->text);
    struct sink sink = sink_to_buf(&writer->text);
    json_write_at(&sink, value, indent, depth);
    sink_add(writer->sink, buf_str(&writer->text));
}

static void new_line(struct document_writer *writer, int indent, int depth)
{
    static const char blanks[] = "\n            ";
    if (indent)
        sink_add(writer->sink, (struct str){blanks, 1 + indent * depth});
}

/* Row by row: of ten thousand targets no more is held than of one. */
static void write_targets(struct document_writer *writer, struct arena *scratch, const struct run_info *run, int indent)
{
    sink_add_char(writer->sink, '[');
    for (size_t i = 0; i < run->targets.count; i++) {
        struct arena_mark mark = arena_mark(scratch);
        struct target_row row;
        if (!run_target(run, i, scratch, &row)) {
            writer->sink->failed = true;
            return;
        }
        struct json document = target_document(scratch, &row);
        sink_add_c(writer->sink, i ? "," : "");
        new_line(writer, indent, 2);
        document_write(writer, &document, indent, 2);
        arena_rewind(scratch, mark);
    }
    new_line(writer, indent, 1);
    sink_add_char(writer->sink, ']');
}

void document_write_run(struct document_writer *writer, struct arena *scratch, const struct run_info *run, int indent)
{
    struct json document = run_document(scratch, run);
    sink_add_char(writer->sink, '{');
    for (size_t i = 0; i < document.count; i++) {
        const struct json_member *member = &document.members[i];
        sink_add_c(writer->sink, i ? "," : "");
        new_line(writer, indent, 1);
        json_write_string(writer->sink, member->name);
        sink_add_c(writer->sink, indent ? ": " : ":");
        if (str_equal(member->name, STR("targets")))
            write_targets(writer, scratch, run, indent);
        else
            document_write(writer, &member->value, indent, 1);
    }
}
