/* template.h: a template of the documentation as the set of requests that a grants check is about. */
#ifndef EXPORTCHECK_CHECKS_GRANTS_TEMPLATE_H
#define EXPORTCHECK_CHECKS_GRANTS_TEMPLATE_H

#include "policy/template/template.h"
#include "rule/loader.h"

struct grants_blank {
    struct str name;
    struct operand value;
};

/** The resources that take the place of a statement's own. */
struct grants_narrowing {
    struct str sid;
    struct operand *resources;
    size_t count;
};

struct grants_template {
    struct template template; /* name empty: no template */
    const struct str *sids;   /* none: every statement */
    size_t sid_count;
    const struct str *except_actions;
    size_t except_action_count;
    struct grants_blank *blanks;
    size_t blank_count;
    struct grants_narrowing *narrowings;
    size_t narrowing_count;
    struct operand principal; /* who asks; not for a bucket's policy */
    struct operand resource_account;
};

/** The members of a check's definition that speak of a template; the table for loader_fields(). */
#define GRANTS_TEMPLATE_FIELDS                                                                                         \
    {"template", FIELD_STRING, false}, {"sids", FIELD_ARRAY, false}, {"except_actions", FIELD_ARRAY, false},           \
        {"values", FIELD_OBJECT, false}, {"resources", FIELD_OBJECT, false}, {"principal", FIELD_STRING, false},       \
    {                                                                                                                  \
        "resource_account", FIELD_STRING, false                                                                        \
    }

bool grants_template_load(struct loader *loader, const struct json *definition, struct grants_template *ret) MUST_CHECK;

/** Reads what a failed check offers to paste (NULL: nothing): a text, so its facts are no evidence. */
bool grants_template_load_paste(struct loader *loader, const struct json *object,
                                struct grants_template *ret) MUST_CHECK;

/** The policy with its blanks filled in and narrowed, and who asks. False, and an unknown judgement: a blank is not
 * known. */
bool grants_template_fill(const struct grants_template *template, const struct judging *judging,
                          const struct json **ret_policy, struct template_asker *ret_asker,
                          struct judgement *judgement);

#endif
