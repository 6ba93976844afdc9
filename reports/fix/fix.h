/*
 * fix.h: corrections as files for people who look before they apply: for each a folder with the document, the patch,
 * the command, fragments for Terraform and CloudFormation, and the way back; and a README with the order. Pure: what is
 * written where is the command line's business.
 */
#ifndef EXPORTCHECK_REPORTS_FIX_FIX_H
#define EXPORTCHECK_REPORTS_FIX_FIX_H

#include "fix/correction.h"

/** A file, below the folder that was told. */
struct fix_file {
    struct str path; /* "README.md", "01-bucket-policy/corrected.json": of words of ours alone */
    struct str content;
};

/** The names that files of a correction's folder may have; ends with an empty one. */
extern const struct str fix_file_names[];

/** The files of all corrections, README.md last. */
const struct fix_file *fix_files(struct arena *arena, const struct fix_plan *plan, const struct run_info *run,
                                 size_t *ret_count);

#endif
