/* principal.c: reading and matching principals; see principal.h. */
#include "policy/language/principal.h"

#include "base/macros.h"

enum { ACCOUNT_DIGITS = 12, CANONICAL_DIGITS = 64, UNIQUE_ID_MIN = 16 };

static bool all_of(struct str s, const char *set)
{
    for (ptrdiff_t i = 0; i < s.len; i++) {
        if (str_find_char(str_from(set), s.ptr[i], 0) < 0)
            return false;
    }
    return s.len > 0;
}

static bool is_account(struct str s)
{
    return s.len == ACCOUNT_DIGITS && all_of(s, "0123456789");
}

/* What an ARN's resource begins with, and what kind of principal that is. */
static const struct arn_form {
    struct str service;
    struct str prefix;
    enum principal_kind kind;
} arn_forms[] = {
    {STR_INIT("iam"), STR_INIT("user/"), PRINCIPAL_USER},
    {STR_INIT("iam"), STR_INIT("role/"), PRINCIPAL_ROLE},
    {STR_INIT("sts"), STR_INIT("assumed-role/"), PRINCIPAL_SESSION},
    {STR_INIT("sts"), STR_INIT("federated-user/"), PRINCIPAL_FEDERATED_USER},
    {STR_INIT("iam"), STR_INIT("saml-provider/"), PRINCIPAL_PROVIDER},
    {STR_INIT("iam"), STR_INIT("oidc-provider/"), PRINCIPAL_PROVIDER},
};

/* A user's or role's name is what follows its path; a session's role is what precedes the session's name. */
static struct str name_in(enum principal_kind kind, struct str rest)
{
    if (kind == PRINCIPAL_SESSION) {
        struct str role;
        str_cut(&rest, '/', &role);
        return role;
    }
    return str_skip(rest, str_find_last_char(rest, '/') + 1);
}

static struct principal read_arn(struct str text)
{
    struct principal principal = {.kind = PRINCIPAL_OTHER, .text = text};
    struct str rest = text;
    struct str parts[5];
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        str_cut(&rest, ':', &parts[i]);
    struct str service = parts[2];
    principal.partition = parts[1];
    principal.account = is_account(parts[4]) ? parts[4] : (struct str){0};
    if (str_equal(service, STR("iam")) && str_equal(rest, STR("root")))
        principal.kind = PRINCIPAL_ACCOUNT;
    for (size_t i = 0; i < COUNT_OF(arn_forms); i++) {
        const struct arn_form *form = &arn_forms[i];
        if (str_equal(form->service, service) && str_starts(rest, form->prefix)) {
            principal.kind = form->kind;
            principal.name = name_in(form->kind, str_skip(rest, form->prefix.len));
        }
    }
    return principal;
}

static bool is_unique_id(struct str text)
{
    return text.len >= UNIQUE_ID_MIN && text.ptr[0] == 'A' && all_of(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
}

struct principal principal_read(struct str text)
{
    struct principal principal = {.kind = PRINCIPAL_OTHER, .text = text};
    if (all_of(text, "*")) {
        principal.kind = PRINCIPAL_ANYONE;
    } else if (is_account(text)) {
        principal.kind = PRINCIPAL_ACCOUNT;
        principal.account = text;
    } else if (str_starts(text, STR("arn:"))) {
        principal = read_arn(text);
    } else if (text.len == CANONICAL_DIGITS && all_of(text, "0123456789abcdefABCDEF")) {
        principal.kind = PRINCIPAL_CANONICAL;
    } else if (is_unique_id(text)) {
        principal.kind = PRINCIPAL_UNIQUE_ID;
    } else if (str_find_char(text, '.', 0) > 0) {
        principal.kind = str_contains(text, STR(".amazonaws.")) || str_ends(text, STR(".aws.internal"))
                             ? PRINCIPAL_SERVICE
                             : PRINCIPAL_PROVIDER;
    }
    return principal;
}

bool principal_read_as(struct str type, struct str text, struct principal *ret)
{
    static const struct {
        struct str type;
        enum principal_kind kind;
    } types[] = {
        {STR_INIT("Service"), PRINCIPAL_SERVICE},
        {STR_INIT("Federated"), PRINCIPAL_PROVIDER},
        {STR_INIT("CanonicalUser"), PRINCIPAL_CANONICAL},
    };
    if (str_equal(type, STR("AWS"))) {
        *ret = principal_read(text);
        if (ret->kind == PRINCIPAL_SERVICE || ret->kind == PRINCIPAL_PROVIDER)
            ret->kind = PRINCIPAL_OTHER; /* those have keys of their own, and mean nobody under this one */
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (str_equal(types[i].type, type)) {
            *ret = (struct principal){.kind = types[i].kind, .text = text};
            return true;
        }
    }
    return false;
}

static bool same_account(const struct principal *named, const struct principal *caller)
{
    return caller->account.len && str_equal(named->account, caller->account) &&
           (!named->partition.len || !caller->partition.len || str_equal(named->partition, caller->partition));
}

static enum principal_match match_account(const struct principal *named, const struct principal *caller)
{
    if (!same_account(named, caller))
        return PRINCIPAL_MISSES;
    return caller->kind == PRINCIPAL_ACCOUNT ? PRINCIPAL_MATCHES_CALLER : PRINCIPAL_MATCHES_ACCOUNT;
}

/* A session stands for its role, a federated user for the user whose keys it was made with: its name is the same. */
static bool is_behind(const struct principal *named, const struct principal *caller)
{
    bool fits = (named->kind == PRINCIPAL_ROLE && caller->kind == PRINCIPAL_SESSION) ||
                (named->kind == PRINCIPAL_USER && caller->kind == PRINCIPAL_FEDERATED_USER);
    return fits && same_account(named, caller) && str_equal(named->name, caller->name);
}

static enum principal_match match_equal(const struct principal *caller)
{
    switch (caller->kind) {
    case PRINCIPAL_ROLE: return PRINCIPAL_MATCHES_ROLE;
    case PRINCIPAL_USER: return PRINCIPAL_MATCHES_USER;
    case PRINCIPAL_UNIQUE_ID: return PRINCIPAL_MISSES;
    default: return PRINCIPAL_MATCHES_CALLER;
    }
}

/* `cognito-identity.amazonaws.com` is a provider where a policy calls it Federated, a service where it says Service. */
static bool kinds_meet(enum principal_kind named, enum principal_kind caller)
{
    bool by_name = named == PRINCIPAL_SERVICE || named == PRINCIPAL_PROVIDER;
    return named == caller || (by_name && (caller == PRINCIPAL_SERVICE || caller == PRINCIPAL_PROVIDER));
}

enum principal_match principal_match(const struct principal *named, const struct principal *caller)
{
    if (named->kind == PRINCIPAL_ANYONE)
        return PRINCIPAL_MATCHES_CALLER;
    if (named->kind == PRINCIPAL_ACCOUNT)
        return match_account(named, caller);
    if (is_behind(named, caller))
        return PRINCIPAL_MATCHES_ROLE;
    if (kinds_meet(named->kind, caller->kind) && str_equal(named->text, caller->text))
        return match_equal(caller);
    return PRINCIPAL_MISSES;
}

bool principal_is_service_linked(const struct principal *caller)
{
    bool role = caller->kind == PRINCIPAL_ROLE || caller->kind == PRINCIPAL_SESSION;
    return role && (str_starts(caller->name, STR("AWSServiceRoleFor")) ||
                    str_contains(caller->text, STR(":role/aws-service-role/")));
}

const char *principal_kind_name(enum principal_kind kind)
{
    static const char *const names[] = {
        [PRINCIPAL_ANYONE] = "an anonymous caller",
        [PRINCIPAL_ACCOUNT] = "an account's root user",
        [PRINCIPAL_USER] = "an IAM user",
        [PRINCIPAL_ROLE] = "a role",
        [PRINCIPAL_SESSION] = "a role session",
        [PRINCIPAL_FEDERATED_USER] = "a federated user",
        [PRINCIPAL_PROVIDER] = "an identity provider",
        [PRINCIPAL_SERVICE] = "a service",
        [PRINCIPAL_CANONICAL] = "a canonical user",
        [PRINCIPAL_UNIQUE_ID] = "a deleted user or role",
        [PRINCIPAL_OTHER] = "a principal of an unknown kind",
    };
    return names[kind];
}
