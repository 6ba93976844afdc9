/* man.c: man pages (man(7), groff_man(7)) from the tables of commands and options; see shell.h. */
#include "cli/help/shell.h"

#include "base/clock.h"

/* Text as roff reads it: a backslash is doubled, a hyphen stays one, and no line begins with a control character. */
static void print_text(FILE *stream, struct str text)
{
    if (text.len && (text.ptr[0] == '.' || text.ptr[0] == '\''))
        fputs("\\&", stream);
    for (ptrdiff_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\')
            fputs("\\e", stream);
        else if (text.ptr[i] == '-')
            fputs("\\-", stream);
        else
            fputc(text.ptr[i], stream);
    }
}

static void print_paragraphs(FILE *stream, const char *text)
{
    struct str rest = str_from(text);
    struct str line;
    bool more = true;
    for (bool first = true; more; first = false) {
        more = str_cut(&rest, '\n', &line);
        if (line.len && !first)
            fputs(".PP\n", stream);
        if (line.len)
            print_text(stream, line);
        if (line.len)
            fputc('\n', stream);
    }
}

static void print_option(FILE *stream, const struct option *option)
{
    fputs(".TP\n", stream);
    if (option->letter)
        fprintf(stream, "\\fB\\-%c\\fR, ", option->letter);
    fputs("\\fB\\-\\-", stream);
    print_text(stream, str_from(option->name));
    fputs("\\fR", stream);
    if (option->kind != OPTION_FLAG)
        fprintf(stream, " \\fI%s\\fR", option->argument ? option->argument : "VALUE");
    fputc('\n', stream);
    print_text(stream, str_from(option->help));
    fputc('\n', stream);
}

static void print_options(struct program *program, const struct command *command)
{
    size_t count;
    const struct option_place *places = command_options(program->arena, command, &count);
    fputs(".SH OPTIONS\n", program->output);
    for (size_t i = 0; i < count; i++) {
        if (places[i].title)
            fprintf(program->output, ".SS %s\n", places[i].title);
        print_option(program->output, places[i].option);
    }
}

static void print_examples(FILE *stream, const char *examples)
{
    struct str rest = str_from(examples);
    fputs(".SH EXAMPLES\n.nf\n", stream);
    while (rest.len) {
        struct str line;
        str_cut(&rest, '\n', &line);
        print_text(stream, line);
        fputc('\n', stream);
    }
    fputs(".fi\n", stream);
}

static void print_head(FILE *stream, const char *command, const char *summary)
{
    fprintf(stream, ".TH EXPORTCHECK%s%s 1 \"\" \"exportcheck %s\"\n", *command ? "\\-" : "", command,
            EXPORTCHECK_VERSION);
    fprintf(stream, ".SH NAME\nexportcheck%s%s \\- %s\n", *command ? "\\-" : "", command, summary);
}

static void command_page(struct program *program, const struct command *command)
{
    FILE *stream = program->output;
    print_head(stream, command->name, command->summary);
    fprintf(stream, ".SH SYNOPSIS\n\\fBexportcheck %s\\fR ", command->name);
    print_text(stream, str_from(command->usage));
    fputs("\n.SH DESCRIPTION\n", stream);
    print_paragraphs(stream, command->description);
    print_options(program, command);
    if (command->examples)
        print_examples(stream, command->examples);
    fputs(".SH SEE ALSO\n\\fBexportcheck\\fR(1)\n", stream);
}

/* Exit statuses and environment of every command: what is documented once (design: "Exit status"). */
static const struct {
    const char *tag;
    const char *text;
} statuses[] = {
    {"0", "done; of \\fBcheck\\fR: nothing failed at or above \\-\\-fail\\-on, and all of that could be decided"},
    {"1",
     "a rule failed; of \\fBrules test\\fR, \\fBrules lint\\fR, \\fBpolicy lint\\fR, \\fBreport compare\\fR: findings"},
    {"2", "the command line or an input is wrong, or no credentials were found: nothing was checked"},
    {"3", "none failed, but one could not be decided, or waits for AWS's first delivery"},
    {"4", "the program failed: a report could not be written, out of memory"},
    {"130", "interrupted"},
};

static void program_page(struct program *program)
{
    FILE *stream = program->output;
    print_head(stream, "", "whether an AWS account is ready to hand its billing exports to OptScale");
    fputs(".SH SYNOPSIS\n\\fBexportcheck\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIOPERAND\\fR...]\n"
          ".SH DESCRIPTION\nRuns declarative rules against a live account, or a snapshot of one, and writes pass/fail "
          "reports. It only reads.\n.SH COMMANDS\n",
          stream);
    for (size_t i = 0; i < command_count; i++) {
        fprintf(stream, ".TP\n\\fBexportcheck\\-%s\\fR(1)\n", commands[i]->name);
        print_text(stream, str_from(commands[i]->summary));
        fputc('\n', stream);
    }
    fputs(".SH EXIT STATUS\n", stream);
    for (size_t i = 0; i < COUNT_OF(statuses); i++)
        fprintf(stream, ".TP\n%s\n%s\n", statuses[i].tag, statuses[i].text);
    fputs(".SH ENVIRONMENT\nWhat every AWS tool obeys: \\fBAWS_PROFILE\\fR, \\fBAWS_REGION\\fR, "
          "\\fBAWS_ACCESS_KEY_ID\\fR, \\fBAWS_ENDPOINT_URL\\fR, \\fBAWS_CA_BUNDLE\\fR and others; \\fBNO_COLOR\\fR; "
          "\\fBOPTSCALE_TOKEN\\fR.\n",
          stream);
}

void man_page(struct program *program, const struct command *command)
{
    if (command)
        command_page(program, command);
    else
        program_page(program);
}
