/*
 * decode.h: what is read out of billing files: the column names of a CSV file and what its rows say of
 * the export (rows.h), or a manifest. The rows are billing data: they are dropped here and go nowhere.
 *
 * A file may be plain, gzip (RFC 1952) or ZIP, of which the first local header and its raw deflate
 * stream are read (APPNOTE 4.3.7). Which it is, its first bytes say. Only the beginning need be
 * there: 64 KiB hold the header row of every known export. Of a Parquet file the end is read, where its footer names
 * columns and between which values they lie (aws/shape/parquet.h).
 */
#ifndef EXPORTCHECK_AWS_PROTOCOL_DECODE_H
#define EXPORTCHECK_AWS_PROTOCOL_DECODE_H

#include "aws/protocol/protocol.h"

/** A header row, inflated, is at most this long; a manifest too. */
#define DECODE_MAX_BYTES ((size_t)4 << 20)
#define DECODE_MAX_COLUMNS 10000

/**
 * Decodes an object's content: {"Header": [names], "Derived": {…}} (the latter only where the rows tell something),
 * {"Json": document}, or {"Body": bytes} as they came. False, code BadAnswer: no text, a row that does not end in what
 * was read, a compression that is none of these.
 */
bool decode_body(struct arena *arena, enum decode_kind kind, const struct wire_answer *wire, const struct json **ret,
                 struct error *error) MUST_CHECK;

/**
 * The reverse, for `serve`: compressed as the key's suffix says (.gz, .zip); bytes as they are. False where the value
 * is no decoded content.
 */
bool decode_body_encode(struct arena *arena, const struct json *value, struct str key, struct str *ret) MUST_CHECK;

#endif
