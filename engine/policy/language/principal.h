/*
 * principal.h: who asks, who a policy names, and how the two meet.
 *
 * What a match means depends on what the policy names (IAM User Guide, "AWS JSON policy elements: Principal" and
 * "Determining whether a request is allowed or denied within an account"): naming an account delegates to the account's
 * own policies; naming a role grants to the role, whose sessions stay within boundary and session policy; naming a
 * user, a session or everyone grants to the caller directly.
 */
#ifndef EXPORTCHECK_POLICY_LANGUAGE_PRINCIPAL_H
#define EXPORTCHECK_POLICY_LANGUAGE_PRINCIPAL_H

#include "base/str.h"

enum principal_kind {
    PRINCIPAL_ANYONE,         /* `*`: in a request, nobody in particular: anonymous */
    PRINCIPAL_ACCOUNT,        /* an account's root ARN, or its number: in a request, the root user */
    PRINCIPAL_USER,           /* arn:P:iam::A:user/path/name */
    PRINCIPAL_ROLE,           /* arn:P:iam::A:role/path/name: in a request, some session of it */
    PRINCIPAL_SESSION,        /* arn:P:sts::A:assumed-role/name/session */
    PRINCIPAL_FEDERATED_USER, /* arn:P:sts::A:federated-user/name */
    PRINCIPAL_PROVIDER,       /* a SAML or OIDC provider: its ARN, or the host name of a well-known one */
    PRINCIPAL_SERVICE,        /* bcm-data-exports.amazonaws.com */
    PRINCIPAL_CANONICAL,      /* 64 hex digits: an account, as S3 numbers them */
    PRINCIPAL_UNIQUE_ID,      /* AIDA…, AROA…: a deleted user or role, which nobody is */
    PRINCIPAL_OTHER,          /* anything else: matches where it is equal */
};

/** Views into the text that it was read from. */
struct principal {
    enum principal_kind kind;
    struct str text;      /* as written */
    struct str partition; /* of an ARN */
    struct str account;   /* 12 digits, or empty */
    struct str name;      /* of the user or role, without its path */
};

/** Reads what the text says by itself: of a request, or the value of a policy's "AWS" key. */
struct principal principal_read(struct str text);

/** The keys of a policy's Principal: "AWS", "Service", "Federated", "CanonicalUser"; false for another. */
bool principal_read_as(struct str type, struct str text, struct principal *ret) MUST_CHECK;

/** How far a policy's principal means the caller; a greater one grants more. */
enum principal_match {
    PRINCIPAL_MISSES,
    PRINCIPAL_MATCHES_ACCOUNT, /* by delegation: the account's own policies must allow too */
    PRINCIPAL_MATCHES_ROLE,    /* the role, or user, behind the session: boundary and session policy limit it */
    PRINCIPAL_MATCHES_USER,    /* the user: a boundary does not limit it */
    PRINCIPAL_MATCHES_CALLER,  /* the caller itself, or everyone: neither limits it */
};

/** `named` is a policy's principal, `caller` a request's. */
enum principal_match principal_match(const struct principal *named, const struct principal *caller);

/** Whether a session or role is one that AWS services link to an account: no SCP or RCP binds those. */
bool principal_is_service_linked(const struct principal *caller);

/** "an IAM user", "a service", … */
const char *principal_kind_name(enum principal_kind kind);

#endif
