/*
 * listing.h: a bucket's listing as people have it at hand: what `aws s3api list-objects-v2` prints (JSON),
 * or what `aws s3 ls --recursive` prints (text).
 */
#ifndef EXPORTCHECK_OPTSCALE_FILES_LISTING_H
#define EXPORTCHECK_OPTSCALE_FILES_LISTING_H

#include "base/error.h"
#include "optscale/model/model.h"

#include <stdbool.h>

struct optscale_listing {
    struct optscale_object *objects; /* in the byte order of their keys */
    size_t count;
    bool is_cut; /* the listing itself says that there is more (IsTruncated, NextToken) */
};

/**
 * Reads a listing; which of the two forms it is, its first character says. `name` begins the messages.
 *
 * JSON: an object with `Contents`, that array alone (`--query Contents`), or null. Text: lines
 * `2026-01-06 10:11:12       1234 a/key with spaces`, `--human-readable` sizes too, and the lines of
 * `--summarize`; times are read as UTC, since only their order counts. False, code "input", for
 * anything else: `PRE` lines say that `--recursive` is missing.
 */
bool optscale_listing_read(struct arena *arena, struct str name, struct str text, struct optscale_listing *ret,
                           struct error *error) MUST_CHECK;

#endif
