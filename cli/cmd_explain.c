/* cmd_explain.c: `exportcheck explain`: what a message of OptScale or AWS means, and what to do. */
#include "base/json.h"
#include "base/sink.h"
#include "cli/command.h"
#include "cli/embedded.h"
#include "optscale/messages.h"

struct explain_options {
    bool json;
};

static const struct option output[] = {
    {"json", 0, OPTION_FLAG, offsetof(struct explain_options, json), NULL, "print one JSON object instead of words",
     NULL},
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL, NULL},
};

static const struct option_group groups[] = {
    {"Output", output, 0},
    {NULL, NULL, 0},
};

/* A subject of the command: its operand in one string, and where to write. */
struct question {
    struct program *program;
    struct arena *arena;
    struct str text;
    bool json;
    struct sink sink;
};

/* What an explainer makes of a question. */
enum answer { ANSWER_NONE, ANSWER_GIVEN, ANSWER_FAILED };

static bool load_messages(struct arena *arena, struct optscale_messages *ret, struct error *error)
{
    const char *path = "rules/optscale/messages.json";
    for (size_t i = 0; i < embedded_file_count; i++) {
        const struct embedded_file *file = &embedded_files[i];
        if (str_equal(str_from(file->path), str_from(path))) {
            return optscale_messages_read(arena, str_from(path), str_span(file->begin, file->end), ret, error);
        }
    }
    return error_set(error, ERROR_INPUT, "%s is not in this program", path);
}

static const char *const speaker_titles[OPTSCALE_SPEAKER_COUNT] = {
    [OPTSCALE_SPEAKER_OPTSCALE] = "OptScale says",
    [OPTSCALE_SPEAKER_CODE] = "OptScale's error code",
    [OPTSCALE_SPEAKER_AWS] = "AWS says",
    [OPTSCALE_SPEAKER_REASON] = "The policy that decides",
};

static const char *const speaker_ids[OPTSCALE_SPEAKER_COUNT] = {
    [OPTSCALE_SPEAKER_OPTSCALE] = "optscale",
    [OPTSCALE_SPEAKER_CODE] = "code",
    [OPTSCALE_SPEAKER_AWS] = "aws",
    [OPTSCALE_SPEAKER_REASON] = "reason",
};

static void write_list(struct sink *sink, const char *title, struct optscale_str_list list,
                       const struct optscale_match *match, struct arena *arena)
{
    for (size_t i = 0; i < list.count; i++) {
        sink_addf(sink, "  %-9s %.*s\n", i == 0 ? title : "",
                  STR_ARG(match ? optscale_match_fill(arena, match, list.items[i]) : list.items[i]));
    }
}

static void write_match(struct question *question, const struct optscale_match *match)
{
    const struct optscale_message *message = match->message;
    struct sink *sink = &question->sink;
    struct str meaning = optscale_match_fill(question->arena, match, message->meaning);
    struct str fix = optscale_match_fill(question->arena, match, message->fix);
    sink_addf(sink, "%s%s%.*s: %.*s\n", speaker_titles[message->speaker], message->when.len > 0 ? ", when " : "",
              STR_ARG(message->when), STR_ARG(match->pattern));
    sink_addf(sink, "  meaning   %.*s\n  fix       %.*s\n", STR_ARG(meaning), STR_ARG(fix));
    write_list(sink, "rules", message->rules, NULL, question->arena);
    write_list(sink, "evidence", message->evidence, match, question->arena);
    if (match->is_cut) {
        sink_add_c(sink, "  note      The message was cut off before its end (OptScale keeps 255 characters of it).\n");
    }
}

static struct json strings_json(struct arena *arena, struct optscale_str_list list, const struct optscale_match *match)
{
    struct json_builder array = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < list.count; i++) {
        json_build_add(&array, json_string(optscale_match_fill(arena, match, list.items[i])));
    }
    return json_built(&array);
}

static struct json match_json(struct arena *arena, const struct optscale_match *match)
{
    const struct optscale_message *message = match->message;
    struct json_builder object = json_build(arena, JSON_OBJECT);
    struct json_builder captures = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < match->capture_count; i++) {
        json_build_set(&captures, match->captures[i].name, json_string(match->captures[i].value));
    }
    json_build_append(&object, STR("id"), json_string(message->id));
    json_build_append(&object, STR("speaker"), json_string(str_from(speaker_ids[message->speaker])));
    json_build_append(&object, STR("captures"), json_built(&captures));
    json_build_append(&object, STR("cut"), json_boolean(match->is_cut));
    json_build_append(&object, STR("when"), message->when.len > 0 ? json_string(message->when) : json_null);
    json_build_append(&object, STR("meaning"), json_string(optscale_match_fill(arena, match, message->meaning)));
    json_build_append(&object, STR("fix"), json_string(optscale_match_fill(arena, match, message->fix)));
    json_build_append(&object, STR("rules"), strings_json(arena, message->rules, match));
    json_build_append(&object, STR("evidence"), strings_json(arena, message->evidence, match));
    return json_built(&object);
}

static void write_matches_json(struct question *question, const struct optscale_match *matches, size_t count)
{
    struct json_builder object = json_build(question->arena, JSON_OBJECT);
    struct json_builder array = json_build(question->arena, JSON_ARRAY);
    for (size_t i = 0; i < count; i++) {
        json_build_add(&array, match_json(question->arena, &matches[i]));
    }
    json_build_append(&object, STR("message"), json_string(question->text));
    json_build_append(&object, STR("explanations"), json_built(&array));
    struct json document = json_built(&object);
    json_write(&question->sink, &document, 2);
    sink_add_char(&question->sink, '\n');
}

static void fail_unknown(const struct question *question, const struct optscale_messages *messages, struct error *error)
{
    const struct optscale_message *nearest[OPTSCALE_NEAREST_MAX];
    struct str patterns[OPTSCALE_NEAREST_MAX];
    struct buf text = buf_make(question->arena, sizeof(error->text));
    size_t count = optscale_messages_nearest(question->arena, messages, question->text, nearest, patterns);
    buf_addf(&text, "explain: not known, neither a rule's id nor a message of OptScale or AWS: '%.*s'",
             STR_ARG(str_slice(question->text, 0, 300)));
    for (size_t i = 0; i < count; i++) {
        buf_addf(&text, "%s\n  %.*s", i == 0 ? "; the nearest messages are" : "", STR_ARG(patterns[i]));
    }
    error_set(error, ERROR_INPUT, "%.*s", STR_ARG(buf_str(&text)));
}

static enum answer explain_message(struct question *question, struct error *error)
{
    struct optscale_messages messages;
    struct optscale_match matches[OPTSCALE_SPEAKER_COUNT];
    if (!load_messages(question->arena, &messages, error)) {
        return ANSWER_FAILED;
    }
    size_t count = optscale_messages_match(question->arena, &messages, question->text, matches);
    if (count == 0) {
        fail_unknown(question, &messages, error);
        return ANSWER_NONE;
    }
    if (question->json) {
        write_matches_json(question, matches, count);
        return ANSWER_GIVEN;
    }
    for (size_t i = 0; i < count; i++) {
        sink_add_c(&question->sink, i > 0 ? "\n" : "");
        write_match(question, &matches[i]);
    }
    return ANSWER_GIVEN;
}

/* Who is asked, in this order, until one has an answer; the last one's error is the command's. */
static enum answer (*const explainers[])(struct question *question, struct error *error) = {
    explain_message,
};

/* A message may come unquoted, as several operands. */
static struct str join_operands(struct arena *arena, const struct str *operands, size_t count)
{
    struct buf text = buf_make(arena, OPTSCALE_MESSAGE_MAX);
    for (size_t i = 0; i < count; i++) {
        buf_add(&text, i > 0 ? STR(" ") : STR(""));
        buf_add(&text, operands[i]);
    }
    return buf_str(&text);
}

static enum exit_status run(struct program *program, void *given, const struct str *operands, size_t operand_count)
{
    const struct explain_options *options = (const struct explain_options *)given;
    struct error error = {.text = ""};
    struct question question = {
        .program = program,
        .arena = program->arena,
        .text = join_operands(program->arena, operands, operand_count),
        .json = options->json,
        .sink = sink_to_stream(program->output),
    };
    enum answer answer = ANSWER_NONE;
    for (size_t i = 0; i < COUNT_OF(explainers) && answer == ANSWER_NONE; i++) {
        answer = explainers[i](&question, &error);
    }
    if (answer != ANSWER_GIVEN) {
        return command_fail(program, answer == ANSWER_NONE ? EXIT_STATUS_USAGE : EXIT_STATUS_FAILURE, &error);
    }
    return sink_ok(&question.sink, &error) ? EXIT_STATUS_OK : command_fail(program, EXIT_STATUS_FAILURE, &error);
}

const struct command command_explain = {
    .name = "explain",
    .summary = "say what an error message of OptScale or AWS means",
    .usage = "MESSAGE",
    .description =
        "Says what a message means, which rules look into it, what to send to support, and how to put it right. The "
        "message may be quoted, wrapped, inside an error body, with other names in it, or cut off. Where OptScale "
        "quotes AWS, both are explained.\n\nExit status 2, and the nearest messages, where it is not known.",
    .groups = groups,
    .options_size = sizeof(struct explain_options),
    .min_operands = 1,
    .max_operands = 1000,
    .run = run,
};
