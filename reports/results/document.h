/*
 * document.h: a run and its results as JSON values, in the shape of results files
 * (`exportcheck-results/1`). The JSON formats write them; read.h reads them back.
 */
#ifndef EXPORTCHECK_REPORTS_RESULTS_DOCUMENT_H
#define EXPORTCHECK_REPORTS_RESULTS_DOCUMENT_H

#include "rule/results.h"

#define RESULTS_FORMAT "exportcheck-results/1"

/** Everything but `results`; `targets` is null where there are any. Strings are shared with `run`. */
struct json run_document(struct arena *arena, const struct run_info *run);

/** The same with `targets`, all of them at once. */
struct json run_whole_document(struct arena *arena, const struct run_info *run);

/** One element of `results`. Strings are shared with `result`. */
struct json result_document(struct arena *arena, const struct result *result);

/** One element of `targets`. */
struct json target_document(struct arena *arena, const struct target_row *row);

/** `{"pass": 20, "fail": 2, …}`, in the order of enum verdict. */
struct json summary_document(struct arena *arena, const struct summary *summary);

/** `{"console": […], "cli": …, "note": …, "policy": …}`; what is missing is left out. */
struct json fix_document(struct arena *arena, const struct fix *fix);

/** Appends a string member; nothing where the text is empty. For the formats that are JSON of another shape. */
void document_set_text(struct json_builder *object, const char *name, struct str text);

/** An array of one item. */
struct json document_list(struct arena *arena, struct json item);

/** Writes values through a buffer of its own: many small writes to a stream are dear, one large is not. */
struct document_writer {
    struct sink *sink;
    struct buf text;
};

/** The buffer grows in `arena`, to the size of the largest value; nobody else may rewind it. */
struct document_writer document_writer(struct arena *arena, struct sink *sink);
void document_write(struct document_writer *writer, const struct json *value, int indent, int depth);

/** Writes the run's object with its targets, but for its closing brace: results may follow in it. */
void document_write_run(struct document_writer *writer, struct arena *scratch, const struct run_info *run, int indent);

#endif
