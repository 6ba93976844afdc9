/* readme.c: see readme.h. */
#include "reports/fix/readme.h"

#include "reports/fix/apply.h"
#include "reports/fix/cloudformation.h"
#include "reports/fix/kind.h"
#include "reports/words/commonmark.h"
#include "reports/words/headline.h"
#include "reports/words/words.h"

const struct str fix_readme_mark = STR_INIT("<!-- written by exportcheck check --fix -->");

static void add_fence(struct buf *buf, const char *language, struct str text)
{
    size_t ticks = commonmark_longest_ticks(text);
    ticks = ticks < 3 ? 3 : ticks + 1;
    commonmark_add_ticks(buf, ticks);
    buf_addf(buf, "%s\n%.*s%s", language, STR_ARG(text), str_ends(text, STR("\n")) ? "" : "\n");
    commonmark_add_ticks(buf, ticks);
    buf_add_c(buf, "\n\n");
}

static struct str sentence_of(const struct result *result)
{
    return result->to_do.len ? result->to_do : result->title;
}

/* ---- What was corrected ---- */

static void add_mended(struct buf *buf, const struct correction *correction)
{
    buf_add_c(buf, correction->advice ? "What it does (advice):\n\n" : "What it does:\n\n");
    for (size_t i = 0; i < correction->mended_count; i++) {
        const struct result *result = correction->mended[i];
        buf_add_c(buf, "- ");
        commonmark_add_text(buf, sentence_of(result));
        buf_addf(buf, " (`%.*s`", STR_ARG(result->rule));
        if (result->advice && !correction->advice)
            buf_add_c(buf, ", advice");
        buf_add_c(buf, ")\n");
    }
    buf_add_char(buf, '\n');
}

static void add_looks(struct buf *buf, const struct correction *correction)
{
    buf_add_c(buf, "Look at this before you apply it:\n\n");
    for (size_t i = 0; i < correction->look_count; i++) {
        buf_add_c(buf, "- ");
        commonmark_add_text(buf, correction->looks[i]);
        buf_add_char(buf, '\n');
    }
    buf_add_c(buf, correction->before && correction->after ? "- the difference, in `patch.json`\n\n"
                   : correction->after                     ? "- the document, `corrected.json`\n\n"
                                                           : "- the document that goes, `before.json`\n\n");
}

/* In a shell of their own, so that those of the next correction start from the same place. */
static void add_commands(struct buf *buf, struct str folder, struct str commands)
{
    add_fence(buf, "sh", str_format(buf->arena, "(cd %.*s\n%.*s)", STR_ARG(folder), STR_ARG(str_trim(commands))));
}

static void add_correction(struct buf *buf, const struct correction *correction, struct str folder, size_t number)
{
    struct arena *arena = buf->arena;
    buf_addf(buf, "### %zu. ", number);
    struct str title = fix_title(arena, correction);
    commonmark_add_text(buf, str_join3(arena, str_upper(arena, str_slice(title, 0, 1)), str_skip(title, 1), STR("")));
    buf_addf(buf, "\n\nFolder [`%.*s`](%.*s)%s\n\n", STR_ARG(folder), STR_ARG(folder),
             !correction->before  ? "; there is no such document yet."
             : !correction->after ? "; nothing is left of the document, so it goes."
                                  : ".");
    add_mended(buf, correction);
    add_looks(buf, correction);
    buf_add_c(buf, "Apply it:\n\n");
    add_commands(buf, folder, fix_apply(arena, correction));
    buf_add_c(buf, "Take it back:\n\n");
    add_commands(buf, folder, fix_undo(arena, correction));
    if (correction->after && fix_cloudformation(arena, correction).len == 0)
        buf_add_c(buf, "CloudFormation has no property for it that could be written by itself.\n\n");
}

/* ---- What was not ---- */

static void add_advice(struct buf *buf, const struct fix *fix)
{
    struct str way = words_console(buf->arena, fix);
    if (way.len) {
        buf_add_c(buf, "  By hand: ");
        commonmark_add_text(buf, way);
        buf_add_c(buf, "\n");
    }
    if (fix->note.len) {
        buf_add_c(buf, "  ");
        commonmark_add_text(buf, fix->note);
        buf_add_c(buf, "\n");
    }
}

static void add_uncorrected(struct buf *buf, const struct fix_plan *plan, bool at_fault)
{
    bool any = false;
    for (size_t i = 0; i < plan->uncorrected_count; i++) {
        const struct uncorrected *one = &plan->uncorrected[i];
        if ((one->why.len > 0) != at_fault)
            continue;
        if (!any)
            buf_add_c(buf, at_fault ? "## Not corrected, and why\n\nA document is at fault, and no correction could be "
                                      "proven.\n\n"
                                    : "## To be done by hand\n\nNo document of the account is at fault.\n\n");
        any = true;
        buf_add_c(buf, "- ");
        commonmark_add_text(buf, sentence_of(one->result));
        buf_addf(buf, " (`%.*s`%s)\n", STR_ARG(one->result->rule), one->result->advice ? ", advice" : "");
        if (at_fault) {
            buf_add_c(buf, "  Why: ");
            commonmark_add_text(buf, one->why);
            buf_add_c(buf, ".\n");
        }
        add_advice(buf, &one->result->fix);
    }
    buf_add_c(buf, any ? "\n" : "");
}

/* ---- The page ---- */

static void add_head(struct buf *buf, const struct fix_plan *plan, const struct run_info *run)
{
    buf_addf(buf, "%.*s\n\n# Corrections for the account ", STR_ARG(fix_readme_mark));
    commonmark_add_text(buf, run->account.len ? run->account : STR("unknown"));
    buf_add_c(buf, "\n\n");
    commonmark_add_text(buf, headline_text(buf->arena, run));
    buf_addf(buf, "\n\nWritten by %.*s for what it read at %.*s. **Nothing was applied.**\n", STR_ARG(run->tool),
             STR_ARG(run->started));
    if (plan->correction_count)
        buf_add_c(buf,
                  "Each correction was put in the place of what is there, one behind the other, and every rule was\n"
                  "evaluated again: the rules that are named hold then, and none that held has stopped to. Should the\n"
                  "account have changed since, run the check again.\n");
    buf_add_char(buf, '\n');
}

static void add_files(struct buf *buf)
{
    buf_add_c(
        buf,
        "## The files of each folder\n\n"
        "| file | what it is |\n| --- | --- |\n"
        "| `corrected.json` | the document as it should be: yours, with the smallest change |\n"
        "| `before.json` | the document as it is, for the way back; missing: there is none yet |\n"
        "| `patch.json` | the difference, as JSON Patch (RFC 6902) |\n"
        "| `apply.sh`, `undo.sh` | the command, and the one that takes it back; read them, run them in their folder |\n"
        "| `terraform.tf` | a fragment for those who use Terraform; apply one of the three, not all |\n"
        "| `cloudformation.json` | the same for CloudFormation |\n\n");
}

struct str fix_readme(struct arena *arena, const struct fix_plan *plan, const struct run_info *run,
                      const struct str *folders)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    add_head(&buf, plan, run);
    if (plan->correction_count)
        buf_add_c(&buf, "## In this order\n\n");
    else
        buf_add_c(&buf, plan->uncorrected_count ? "There is no correction.\n\n" : "There is nothing to correct.\n\n");
    for (size_t i = 0; i < plan->correction_count; i++)
        add_correction(&buf, &plan->corrections[i], folders[i], i + 1);
    add_uncorrected(&buf, plan, true);
    add_uncorrected(&buf, plan, false);
    if (plan->correction_count)
        add_files(&buf);
    return buf_str(&buf);
}
