/* cmd_explain.c: `exportcheck explain`: what a message of OptScale or AWS means, and what to do. */
#include "cli/embedded.h"
#include "cli/explain/explain.h"

enum { LINE_COLUMNS = 80 };

static const struct option input[] = {
    {"file", 0, OPTION_STRING, offsetof(struct explain_options, file), "LOG",
     "explain each message of a log once, the most telling first; - is standard input", NULL},
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL, NULL},
};

static const struct option output[] = {
    {"json", 0, OPTION_FLAG, offsetof(struct explain_options, json), NULL, "print one JSON object instead of words",
     NULL},
    {NULL, 0, OPTION_FLAG, 0, NULL, NULL, NULL},
};

static const struct option_group groups[] = {
    {"Rules", rulebase_option_rows, offsetof(struct explain_options, rulebase)},
    {"Input", input, 0},
    {"Output", output, 0},
    {NULL, NULL, 0},
};

bool explain_load_messages(struct arena *arena, struct optscale_messages *ret, struct error *error)
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
    [OPTSCALE_SPEAKER_OPTSCALE] = "OptScale says", [OPTSCALE_SPEAKER_CODE] = "OptScale's error code",
    [OPTSCALE_SPEAKER_AWS] = "AWS says",           [OPTSCALE_SPEAKER_REASON] = "The policy that decides",
    [OPTSCALE_SPEAKER_USER] = "It sounds like",
};

static const char *const speaker_ids[OPTSCALE_SPEAKER_COUNT] = {
    [OPTSCALE_SPEAKER_OPTSCALE] = "optscale", [OPTSCALE_SPEAKER_CODE] = "code", [OPTSCALE_SPEAKER_AWS] = "aws",
    [OPTSCALE_SPEAKER_REASON] = "reason",     [OPTSCALE_SPEAKER_USER] = "user",
};

/* Bytes of the longest start of `text` that fits: whole words, at least one. UTF-8 counts characters. */
static ptrdiff_t fitting(struct str text, int columns)
{
    ptrdiff_t end = 0;
    for (ptrdiff_t at = 0; at <= text.len; at++) {
        bool starts = at < text.len && ((unsigned char)text.ptr[at] & 0xc0) != 0x80;
        if ((at == text.len || text.ptr[at] == ' ') && (columns >= 0 || end == 0)) {
            end = at;
        }
        columns -= starts ? 1 : 0;
    }
    return end;
}

/* A label and a text beside it, wrapped at words to the line's width. */
static void write_field(struct sink *sink, const char *label, struct str text)
{
    enum { INDENT = 12 };
    while (text.len > 0) {
        ptrdiff_t end = fitting(text, LINE_COLUMNS - INDENT);
        sink_addf(sink, "  %-*s%.*s\n", INDENT - 2, label, STR_ARG(str_slice(text, 0, end)));
        text = str_skip(text, end + 1);
        label = "";
    }
}

static struct str join(struct arena *arena, struct optscale_str_list list)
{
    struct buf text = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < list.count; i++) {
        buf_add(&text, i > 0 ? STR(", ") : STR(""));
        buf_add(&text, list.items[i]);
    }
    return buf_str(&text);
}

static void write_match(struct question *question, const struct optscale_match *match)
{
    const struct optscale_message *message = match->message;
    struct arena *arena = question->arena;
    struct sink *sink = &question->sink;
    sink_addf(sink, "%s: %.*s\n", speaker_titles[message->speaker], STR_ARG(match->pattern));
    write_field(sink, "when", message->when);
    write_field(sink, "meaning", optscale_match_fill(arena, match, message->meaning));
    write_field(sink, "fix", optscale_match_fill(arena, match, message->fix));
    write_field(sink, "rules", join(arena, message->rules));
    for (size_t i = 0; i < message->evidence.count; i++) {
        write_field(sink, i == 0 ? "evidence" : "", optscale_match_fill(arena, match, message->evidence.items[i]));
    }
    if (match->is_cut) {
        write_field(sink, "note", STR("The message ends early: OptScale keeps 255 characters of an import's error."));
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

struct json explain_matches_json(struct arena *arena, const struct optscale_match *matches, size_t count)
{
    struct json_builder array = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < count; i++) {
        json_build_add(&array, match_json(arena, &matches[i]));
    }
    return json_built(&array);
}

static void write_json(struct question *question, struct json explanations)
{
    struct json_builder object = json_build(question->arena, JSON_OBJECT);
    json_build_append(&object, STR("message"), json_string(question->text));
    json_build_append(&object, STR("explanations"), explanations);
    struct json document = json_built(&object);
    json_write(&question->sink, &document, 2);
    sink_add_char(&question->sink, '\n');
}

void explain_write_matches(struct question *question, const struct optscale_match *matches, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sink_add_c(&question->sink, i > 0 ? "\n" : "");
        write_match(question, &matches[i]);
    }
}

/* How sure a guess is, in a word: of the words that were said, how many it rests on. */
static const char *how_sure(size_t percent)
{
    enum { LIKELY = 60, PERHAPS = 30 };
    return percent >= LIKELY ? "likely" : percent >= PERHAPS ? "perhaps" : "a guess";
}

static struct json guess_json(struct arena *arena, const struct optscale_guess *guess)
{
    struct optscale_match match = {.message = guess->message};
    struct json json = match_json(arena, &match);
    struct json_builder object = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < json.count; i++) {
        json_build_append(&object, json.members[i].name, json.members[i].value);
    }
    json_build_append(&object, STR("sure"), json_number((double)guess->percent));
    return json_built(&object);
}

static void write_guesses(struct question *question, const struct optscale_guess *guesses, size_t count)
{
    struct json_builder array = json_build(question->arena, JSON_ARRAY);
    for (size_t i = 0; i < count && question->options->json; i++) {
        json_build_add(&array, guess_json(question->arena, &guesses[i]));
    }
    if (question->options->json) {
        write_json(question, json_built(&array));
        return;
    }
    sink_add_c(&question->sink, "This is no message of OptScale or AWS; going by its words:\n");
    for (size_t i = 0; i < count; i++) {
        struct optscale_match match = {.message = guesses[i].message, .pattern = guesses[i].words};
        sink_add_c(&question->sink, "\n");
        write_match(question, &match);
        write_field(
            &question->sink, "sure",
            str_format(question->arena, "%s: %zu%% of the words", how_sure(guesses[i].percent), guesses[i].percent));
    }
}

static void fail_unknown(const struct question *question, const struct optscale_messages *messages, struct error *error)
{
    const struct optscale_message *nearest[OPTSCALE_NEAREST_MAX];
    struct str patterns[OPTSCALE_NEAREST_MAX];
    struct buf text = buf_make(question->arena, sizeof(error->text));
    size_t count = optscale_messages_nearest(question->arena, messages, question->text, nearest, patterns);
    buf_addf(&text, "explain: not known, neither as a rule nor as a message of OptScale or AWS: '%.*s'",
             STR_ARG(str_slice(question->text, 0, 300)));
    if (question->nearest_rule.len > 0) {
        buf_addf(&text, "; did you mean the rule '%.*s'?", STR_ARG(question->nearest_rule));
    }
    for (size_t i = 0; i < count; i++) {
        buf_addf(&text, "%s\n  %.*s", i == 0 ? "; the nearest messages are" : "", STR_ARG(patterns[i]));
    }
    error_set(error, ERROR_INPUT, "%.*s", STR_ARG(buf_str(&text)));
}

/* Whether a text has the form of a rule's id: no rules are read for anything else. */
static bool is_rule_id(struct str text)
{
    for (ptrdiff_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
            return false;
        }
    }
    return text.len > 0;
}

static struct str nearest_rule(struct arena *arena, const struct rule_base *base, struct str text)
{
    struct str *ids = arena_array(arena, struct str, base->rule_count);
    for (size_t i = 0; i < base->rule_count; i++) {
        ids[i] = base->rules[i]->id;
    }
    return str_nearest(text, ids, base->rule_count);
}

static enum reply explain_rule(struct question *question, struct error *error)
{
    struct rule_base *base;
    if (!is_rule_id(question->text)) {
        return REPLY_NONE;
    }
    if (!rulebase_load(question->program, &question->options->rulebase, &base, error)) {
        return REPLY_FAILED;
    }
    const struct rule *rule = rule_base_find(base, question->text);
    if (!rule) {
        question->nearest_rule = nearest_rule(question->arena, base, question->text);
        return REPLY_NONE;
    }
    if (question->options->json) {
        json_write(&question->sink, rule->source, 2);
        sink_add_char(&question->sink, '\n');
    } else {
        rule_print(question->program->output, base, rule, question->arena);
    }
    return REPLY_GIVEN;
}

/* Of a traceback the last line decides; where it says nothing, all of the text. */
static size_t match_text(const struct question *question, const struct optscale_messages *messages,
                         struct optscale_match *ret)
{
    struct str proper = optscale_message_proper(question->text);
    size_t count = optscale_messages_match(question->arena, messages, proper, ret);
    return count > 0 ? count : optscale_messages_match(question->arena, messages, question->text, ret);
}

enum reply explain_message(struct question *question, struct error *error)
{
    struct optscale_messages messages;
    struct optscale_match matches[OPTSCALE_SPEAKER_COUNT];
    struct optscale_guess guesses[OPTSCALE_NEAREST_MAX];
    if (!explain_load_messages(question->arena, &messages, error)) {
        return REPLY_FAILED;
    }
    size_t count = match_text(question, &messages, matches);
    size_t guess_count = count > 0 ? 0 : optscale_messages_sense(question->arena, &messages, question->text, guesses);
    if (count == 0 && guess_count == 0) {
        fail_unknown(question, &messages, error);
        return REPLY_NONE;
    }
    if (count == 0) {
        write_guesses(question, guesses, guess_count);
    } else if (question->options->json) {
        write_json(question, explain_matches_json(question->arena, matches, count));
    } else {
        explain_write_matches(question, matches, count);
    }
    return REPLY_GIVEN;
}

/* Who is asked, in this order, until one has an answer; the last one's error is the command's. */
static enum reply (*const explainers[])(struct question *question, struct error *error) = {
    explain_rule,
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
    return str_trim(buf_str(&text));
}

/* The log that is meant, by --file or as `-`; the empty view: none. */
static struct str log_of(const struct explain_options *options, struct str text)
{
    return options->file.len > 0 ? options->file : str_equal(text, STR("-")) ? text : STR("");
}

static enum reply answer(struct question *question, struct error *error)
{
    struct str log = log_of(question->options, question->text);
    enum reply reply = REPLY_NONE;
    if (log.len > 0) {
        return explain_log(question, log, error);
    }
    for (size_t i = 0; i < COUNT_OF(explainers) && reply == REPLY_NONE; i++) {
        reply = explainers[i](question, error);
    }
    return reply;
}

static enum exit_status run(struct program *program, void *given, const struct str *operands, size_t operand_count)
{
    const struct explain_options *options = (const struct explain_options *)given;
    struct error error = {.text = ""};
    struct question question = {
        .program = program,
        .options = options,
        .arena = program->arena,
        .text = join_operands(program->arena, operands, operand_count),
        .sink = sink_to_stream(program->output),
    };
    if (options->file.len > 0 && operand_count > 0) {
        error_set(&error, ERROR_INPUT, "--file takes the place of a message: leave one of them out");
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    }
    if (options->file.len == 0 && operand_count == 0) {
        error_set(&error, ERROR_INPUT,
                  "what is to be explained? A message, a rule's id, --file LOG, or - for standard input");
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    }
    enum reply reply = answer(&question, &error);
    if (reply != REPLY_GIVEN) {
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    }
    return EXIT_STATUS_OK;
}

const struct command command_explain = {
    .name = "explain",
    .summary = "say what an error message of OptScale or AWS, or a rule, means",
    .usage = "MESSAGE | RULE | - | --file LOG",
    .description =
        "Says what a message means, which rules look into it, what to send to support, and how to put it right. The "
        "message may be quoted, wrapped, inside an error body, with other names in it, or cut off. Where OptScale "
        "quotes AWS, both are explained. Of a Python traceback the last line decides. Words such as \"no data after "
        "October\" lead to what they may mean, with how sure that is. A rule's id shows the rule whole. Of a log "
        "(--file, or - for standard input) each message is explained once, the most telling first.\n\nExit status 2, with the nearest messages "
        "on standard error, where neither is known.",
    .groups = groups,
    .options_size = sizeof(struct explain_options),
    .min_operands = 0,
    .max_operands = 1000,
    .run = run,
};
