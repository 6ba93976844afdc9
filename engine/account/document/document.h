/*
 * document.h: the documents of an account that somebody may put in another's place: policies and settings. A call of
 * our own reads each; here another text takes its place in a snapshot, so that rules can be run on what would be.
 * Nothing is written to AWS: no row of the operations table can.
 */
#ifndef EXPORTCHECK_ACCOUNT_DOCUMENT_DOCUMENT_H
#define EXPORTCHECK_ACCOUNT_DOCUMENT_DOCUMENT_H

#include "account/snapshot/snapshot.h"

enum document_type {
#define DOCUMENT(type, name, call, pointer, absent, fact, limit) DOCUMENT_##type,
#include "account/document/documents.def"
    DOCUMENT_TYPE_COUNT,
};

/** A kind of document: a row of documents.def. */
struct document_kind {
    enum document_type type;
    struct str name;    /* "bucket-policy": as rules and files write it */
    const char *call;   /* that reads it */
    struct str pointer; /* where it stands in the answer; empty: it is the answer */
    const char *absent; /* the error code that says that there is none; NULL: there always is one */
    const char *fact;   /* through which `set` of a rule finds it; NULL: it does not */
    size_t limit;       /* the characters that AWS takes, blanks apart; 0: none that matters */
};

/** The kind of that name; NULL: there is none. */
const struct document_kind *document_kind_find(struct str name);
/** The names of all kinds, in the order of documents.def. */
const struct str *document_kind_names(struct arena *arena);

/** One document of the account. */
struct document {
    const struct document_kind *kind;
    const struct json *parameters; /* of its call */
    const struct json *value;      /* as it is; NULL: there is none */
};

/** Whether both are the same document, in whatever form. */
bool document_same(const struct document *a, const struct document *b);

/** The document behind a fact whose value it is, directly or through other facts. False: no call that reads one. */
bool document_of_fact(const struct facts *facts, struct arena *arena, struct str fact, struct document *ret);

/** The document of that kind, through the kind's own fact. False: it was not read. */
bool document_of_kind(const struct facts *facts, struct arena *arena, const struct document_kind *kind,
                      struct document *ret);

/**
 * Of a fact that lists policies ({name, policy} each) the one of that name with that text; `value` NULL: a new inline
 * policy of the principal whose inline policies the list holds. False: the list holds none such.
 */
bool document_of_policy(const struct facts *facts, struct arena *arena, struct str list, struct str name,
                        const struct json *value, struct document *ret);

/** How many characters, blanks apart, other inline policies of the same user, role or group take. */
size_t document_beside(struct arena *arena, const struct snapshot *snapshot, const struct document *document);

/** The snapshot with another text in the document's place; `value` NULL: without the document. */
bool document_put(struct arena *arena, const struct snapshot *snapshot, const struct document *document,
                  const struct json *value, const struct snapshot **ret, struct error *error) MUST_CHECK;

#endif
