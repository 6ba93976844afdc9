/* embedded.h: the files that are built into the program: rules, facts, scenarios, templates, schemas, demo accounts. */
#ifndef EXPORTCHECK_CLI_EMBEDDED_H
#define EXPORTCHECK_CLI_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
    const char *path; /* as in the repository: "rules/facts/bucket.json" */
    const char *begin;
    const char *end;
};

extern const struct embedded_file embedded_files[];
extern const size_t embedded_file_count;

#endif
