/*
 * asked.h: the requests that OptScale itself makes, as the model of OptScale (optscale/connect/asks.h) makes them on
 * the account's own listing: a rule says "optscale": "bucket" and writes no list of its own.
 */
#ifndef EXPORTCHECK_CHECKS_GRANTS_ASKED_H
#define EXPORTCHECK_CHECKS_GRANTS_ASKED_H

#include "policy/context/known.h"
#include "rule/loader.h"

struct grants_asked;

/** One request, or a pattern of requests, as the prover takes it. */
struct asked_request {
    struct str action;
    struct str resource; /* a pattern */
    const struct request_key *keys;
    size_t key_count;
};

struct asked_set {
    const struct asked_request *items;
    size_t count;
};

/**
 * Reads `"optscale": "bucket"`: what is asked of the bucket that is checked; `"scheme"`: how the data source is
 * connected, where that is not bucket_only, or find_report with --detect auto. The listing is consulted: no pass waits
 * for it.
 */
bool grants_asked_load(struct loader *loader, const struct json *source, struct grants_asked **ret) MUST_CHECK;

/**
 * The requests on the files that were listed, and patterns of those on files to come; objects under a pattern are part
 * of it. False, and an unknown judgement, where the place that OptScale is told could not be read.
 */
bool grants_asked_fill(const struct grants_asked *asked, const struct judging *judging, struct asked_set *ret,
                       struct judgement *judgement);

/**
 * What becomes of connect and first import where AWS refuses these actions: `{"connect": {ok, error}, "discovery": …}`,
 * with the steps that are refused alone; NULL: none, or it is not known where OptScale looks.
 */
const struct json *grants_asked_refusal(const struct grants_asked *asked, const struct judging *judging,
                                        const struct str *actions, size_t count);

#endif
