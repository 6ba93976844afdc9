/* request_cell.c: see request_cell.h. The facets mirror the exceptions in evaluate.c; a property test holds the two
 * together. */
#include "policy/prove/request_cell.h"

#include "policy/evaluate/evaluate.h"
#include "policy/language/resource_type.h"

#include <string.h>

enum { CELLS_MAX = 4096, FACET_TEXTS = 5 };

enum facet_effect {
    FACET_ALWAYS_ALLOWED,
    FACET_NEVER_ALLOWED,
    FACET_NEEDS_OWN_ALLOW,
    FACET_OWNER_POLICY,
    FACET_NO_RCP,
};

/** Requests that a rule of its own is for: action in `actions` and not in `spared`, resource in `resource`. */
struct facet {
    enum facet_effect effect;
    bool root_only;
    const char *service;
    const char *actions[FACET_TEXTS];
    const char *spared[FACET_TEXTS];
    const char *resource; /* an ARN pattern whose wildcards stay within their part; NULL: any */
};

#define IAM_READS                                                                                                      \
    {                                                                                                                  \
        "iam:Generate*", "iam:Get*", "iam:List*", "iam:Simulate*"                                                      \
    }

static const struct facet facets[] = {
    {FACET_ALWAYS_ALLOWED, false, "sts", {"sts:GetCallerIdentity"}, {0}, NULL},
    {FACET_NEEDS_OWN_ALLOW, false, "sts", {"sts:AssumeRole*"}, {0}, NULL},
    {FACET_NEVER_ALLOWED, true, "sts", {"sts:AssumeRole"}, {0}, NULL},
    {FACET_NEEDS_OWN_ALLOW, false, "kms", {"kms:*"}, {0}, "arn:*:kms:*:*:key/*"},
    {FACET_NO_RCP, false, "kms", {"kms:RetireGrant"}, {0}, NULL},
    {FACET_NEVER_ALLOWED,
     false,
     "kms",
     {"kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias"},
     {0},
     "arn:*:*:*:*:alias/aws/*"},
    {FACET_NEVER_ALLOWED, false, "iam", {"iam:*"}, IAM_READS, "arn:*:*:*:aws:policy/*"},
    {FACET_NEVER_ALLOWED, false, "iam", {"iam:*"}, IAM_READS, "arn:*:*:*:*:role/aws-reserved/*"},
    {FACET_OWNER_POLICY, true, "s3", {"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"}, {0}, NULL},
};

struct cells {
    struct algebra *algebra;
    const struct request_part *part;
    const struct principal *principal;
    struct request_cell *items;
    size_t count;
    size_t capacity;
    bool exhausted;
};

static void add_cell(struct cells *cells, struct request_cell cell)
{
    if (cells->count == CELLS_MAX) {
        cells->exhausted = true;
        return;
    }
    if (cells->count == cells->capacity) {
        size_t capacity = cells->capacity ? cells->capacity * 2 : 8;
        struct request_cell *items = arena_array(cells->algebra->arena, struct request_cell, capacity);
        if (cells->count)
            memcpy(items, cells->items, cells->count * sizeof(*items));
        cells->items = items;
        cells->capacity = capacity;
    }
    cells->items[cells->count++] = cell;
}

/* ---- Splitting ---- */

static struct region_box box_with(struct arena *arena, struct region_box base, const struct region_constraint *more,
                                  size_t count)
{
    struct region_constraint *constraints = arena_array(arena, struct region_constraint, base.count + count);
    memcpy(constraints, base.constraints, base.count * sizeof(*constraints));
    if (count)
        memcpy(constraints + base.count, more, count * sizeof(*constraints));
    return (struct region_box){constraints, base.count + count};
}

static struct region_constraint negated(struct region_constraint constraint)
{
    constraint.absent = !constraint.absent;
    constraint.clause.excluded = !constraint.clause.excluded;
    return constraint;
}

static bool is_empty(struct cells *cells, struct region_box box)
{
    struct region_question question = {.base = box, .variable_count = VARIABLE_FIRST_KEY};
    enum algebra_answer answer = region_search(cells->algebra, &question, NULL);
    cells->exhausted |= answer == ALGEBRA_BUDGET;
    return answer == ALGEBRA_NONE;
}

/* Called with a cell, and whether it lies inside the facet's box. */
typedef void cell_use(struct cells *cells, struct request_cell cell, bool inside, const void *user);

static void split(struct cells *cells, struct request_cell cell, struct region_box facet, cell_use *use,
                  const void *user)
{
    struct arena *arena = cells->algebra->arena;
    struct region_box base = cell.base;
    struct region_box inside = box_with(arena, base, facet.constraints, facet.count);
    if (is_empty(cells, inside)) {
        use(cells, cell, false, user);
        return;
    }
    /* What lies outside, piece by piece: the first constraint fails, or the first holds and the second fails, … */
    for (size_t i = 0; i < facet.count; i++) {
        struct region_box held = box_with(arena, base, facet.constraints, i);
        struct region_constraint fails = negated(facet.constraints[i]);
        cell.base = box_with(arena, held, &fails, 1);
        if (!is_empty(cells, cell.base))
            use(cells, cell, false, user);
    }
    cell.base = inside;
    use(cells, cell, true, user);
}

/* ---- Facets ---- */

static struct algebra_clause action_clause(struct arena *arena, const char *const *texts, bool excluded)
{
    struct wildcard *patterns = arena_array(arena, struct wildcard, FACET_TEXTS);
    size_t count = 0;
    for (size_t i = 0; i < FACET_TEXTS && texts[i]; i++)
        patterns[count++] = wildcard_pattern(arena, str_from(texts[i]), true);
    return (struct algebra_clause){patterns, count, excluded};
}

static struct algebra_clause arn_clause(struct arena *arena, struct str text, bool excluded)
{
    struct wildcard *pattern = arena_new(arena, struct wildcard);
    struct wildcard_builder builder = wildcard_build(arena, false);
    wildcard_add_pattern(&builder, text);
    bool confined = wildcard_confine(&builder, pattern);
    return (struct algebra_clause){pattern, confined ? 1 : 0, excluded};
}

static struct region_box facet_box(struct arena *arena, const struct facet *facet)
{
    struct region_constraint *constraints = arena_array(arena, struct region_constraint, 3);
    size_t count = 0;
    constraints[count++] =
        (struct region_constraint){VARIABLE_ACTION, false, action_clause(arena, facet->actions, false)};
    if (facet->spared[0])
        constraints[count++] =
            (struct region_constraint){VARIABLE_ACTION, false, action_clause(arena, facet->spared, true)};
    if (facet->resource)
        constraints[count++] =
            (struct region_constraint){VARIABLE_RESOURCE, false, arn_clause(arena, str_from(facet->resource), false)};
    return (struct region_box){constraints, count};
}

static void apply_facets(struct cells *cells, struct request_cell cell, size_t from);

struct facet_step {
    size_t number;
};

static void use_facet(struct cells *cells, struct request_cell cell, bool inside, const void *user)
{
    const struct facet_step *step = user;
    if (inside) {
        switch (facets[step->number].effect) {
        case FACET_ALWAYS_ALLOWED: cell.always_allowed = policy_caller_rules(cells->principal->kind)->has_side; break;
        case FACET_NEVER_ALLOWED: cell.never_allowed = true; break;
        case FACET_NEEDS_OWN_ALLOW: cell.needs_own_allow = true; break;
        case FACET_OWNER_POLICY: cell.owner_policy = cell.same_account; break;
        case FACET_NO_RCP: cell.no_rcp = true; break;
        }
    }
    apply_facets(cells, cell, step->number + 1);
}

static void apply_facets(struct cells *cells, struct request_cell cell,
                         size_t from) // NOLINT(misc-no-recursion): facets
{
    bool root = cells->principal->kind == PRINCIPAL_ACCOUNT;
    for (size_t f = from; f < COUNT_OF(facets); f++) {
        bool other_service = cell.service.len && !str_equal(cell.service, str_from(facets[f].service));
        if (other_service || (facets[f].root_only && !root))
            continue;
        struct facet_step step = {f};
        split(cells, cell, facet_box(cells->algebra->arena, &facets[f]), use_facet, &step);
        return;
    }
    add_cell(cells, cell);
}

/* ---- Whose resource ---- */

static void use_owner(struct cells *cells, struct request_cell cell, bool inside, const void *user)
{
    (void)user;
    cell.same_account = !inside;
    apply_facets(cells, cell, 0);
}

/* The ARN's account, where the resource begins with five parts without wildcards; false where it does not. */
static bool known_account(struct arena *arena, struct region_box box, struct str *ret)
{
    for (size_t i = 0; i < box.count; i++) {
        const struct region_constraint *constraint = &box.constraints[i];
        if (constraint->variable != VARIABLE_RESOURCE || constraint->clause.excluded || constraint->clause.count != 1)
            continue;
        struct wildcard pattern = constraint->clause.patterns[0];
        uint32_t end = 0;
        int colons = 0;
        for (; end < pattern.count && pattern.tokens[end] < WILDCARD_ONE && colons < 5; end++)
            colons += pattern.tokens[end] == ':';
        bool star = wildcard_is_literal(pattern) && pattern.count == 1; /* `*`, of an action without a resource */
        if (colons < 5 && !star)
            continue;
        struct str head = wildcard_text(arena, (struct wildcard){pattern.tokens, end});
        *ret = star ? STR("") : arn_part(head, 4);
        return true;
    }
    return false;
}

/* A resource that names no account of twelve digits is the principal's own: see request.h. */
static void split_by_owner(struct cells *cells, struct request_cell cell)
{
    struct arena *arena = cells->algebra->arena;
    struct str own = cells->principal->account;
    struct str named = cells->part->resource_account;
    if (own.len == 0) {
        use_owner(cells, cell, true, NULL);
        return;
    }
    if (named.len || known_account(arena, cell.base, &named)) {
        bool names_other =
            cells->part->resource_account.len ? !str_equal(named, own) : named.len == 12 && !str_equal(named, own);
        use_owner(cells, cell, names_other, NULL);
        return;
    }
    struct region_constraint *others = arena_array(arena, struct region_constraint, 2);
    others[0] =
        (struct region_constraint){VARIABLE_RESOURCE, false, arn_clause(arena, STR("arn:*:*:*:????????????:*"), false)};
    others[1] = (struct region_constraint){
        VARIABLE_RESOURCE, false, arn_clause(arena, str_format(arena, "arn:*:*:*:%.*s:*", STR_ARG(own)), true)};
    split(cells, cell, (struct region_box){others, 2}, use_owner, NULL);
}

/* The prefix that all actions of the form share; empty if a wildcard stands in it. */
static struct str service_of(struct arena *arena, struct region_box box)
{
    struct str service = STR("");
    for (size_t i = 0; i < box.count; i++) {
        if (box.constraints[i].variable != VARIABLE_ACTION || box.constraints[i].clause.excluded)
            continue;
        for (size_t p = 0; p < box.constraints[i].clause.count; p++) {
            struct str text = wildcard_text(arena, box.constraints[i].clause.patterns[p]);
            struct str head;
            if (!str_cut(&text, ':', &head) || str_find_char(head, '*', 0) >= 0 || str_find_char(head, '?', 0) >= 0)
                return STR("");
            if (service.len && !str_equal(service, head))
                return STR("");
            service = head;
        }
    }
    return service;
}

bool request_cells(struct algebra *algebra, const struct request_part *part, const struct principal *principal,
                   const struct request_cell **ret_cells, size_t *ret_count)
{
    const struct request_form *forms;
    size_t form_count;
    if (!request_forms(algebra, part, &forms, &form_count))
        return false;
    struct cells cells = {.algebra = algebra, .part = part, .principal = principal};
    for (size_t f = 0; f < form_count && !cells.exhausted; f++) {
        struct request_cell cell = {.base = forms[f].box, .actions = forms[f].actions};
        cell.service = service_of(algebra->arena, forms[f].box);
        split_by_owner(&cells, cell);
    }
    *ret_cells = cells.items;
    *ret_count = cells.count;
    return !cells.exhausted;
}
