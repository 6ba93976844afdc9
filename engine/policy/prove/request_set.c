/* request_set.c: see request_set.h. */
#include "policy/prove/request_set.h"

#include "policy/language/principal.h"
#include "policy/language/resource_type.h"

#include <string.h>

enum { FORMS_MAX = 1024 };

const struct request_key *request_key_find(const struct request_part *part, struct str name)
{
    static const struct request_key unknown = {.kind = KEY_UNKNOWN};
    static const struct request_key impossible = {.kind = KEY_ABSENT};
    for (size_t i = 0; i < part->key_count; i++)
        if (request_key_means(part->keys[i].name, name))
            return &part->keys[i];
    return condition_key_possible(name) ? &unknown : &impossible;
}

/* ---- Forms ---- */

struct forms {
    struct algebra *algebra;
    const struct request_part *part;
    struct request_form *items;
    size_t count;
    size_t capacity;
    struct str partition; /* of the principal; empty: not known */
    struct str account;
    bool exhausted;
};

/* The form of the type's ARN, in the partition and account of the principal: nobody asks IAM about another account. */
static struct str own_form(const struct forms *forms, struct str form)
{
    struct arena *arena = forms->algebra->arena;
    struct str parts[6];
    for (int i = 0; i < 6; i++)
        parts[i] = arn_part(form, i);
    if (parts[5].len == 0)
        return form;
    if (str_equal(parts[1], STR("*")) && forms->partition.len)
        parts[1] = forms->partition;
    if (str_equal(parts[4], STR("*")) && forms->account.len)
        parts[4] = forms->account;
    return str_format(arena, "%.*s:%.*s:%.*s:%.*s:%.*s:%.*s", STR_ARG(parts[0]), STR_ARG(parts[1]), STR_ARG(parts[2]),
                      STR_ARG(parts[3]), STR_ARG(parts[4]), STR_ARG(parts[5]));
}

static struct region_constraint on_resource(struct arena *arena, struct str text, bool literal, bool excluded)
{
    struct wildcard *pattern = arena_new(arena, struct wildcard);
    *pattern = literal ? wildcard_literal(arena, text, false) : wildcard_arn(arena, text, false);
    return (struct region_constraint){
        .variable = VARIABLE_RESOURCE, .absent = excluded, .clause = {pattern, 1, excluded}};
}

/* The constraints for one resource that was asked for, and one type; how many. */
static size_t resource_constraints(const struct forms *forms, struct str resource, const struct action_row *row,
                                   struct region_constraint *constraints)
{
    struct arena *arena = forms->algebra->arena;
    struct str form = row ? resource_form(row->service, row->type) : STR("");
    bool everything = str_equal(resource, STR("*"));
    size_t count = 0;
    if (form.len == 0 || forms->part->any_type) {
        constraints[count++] = on_resource(arena, resource, false, false);
        return count;
    }
    if (str_equal(form, STR("*"))) { /* the action takes no resource: AWS asks on a star */
        constraints[count++] = on_resource(arena, STR("*"), true, false);
        constraints[count++] = on_resource(arena, resource, false, false);
        return count;
    }
    if (!everything)
        constraints[count++] = on_resource(arena, resource, false, false);
    constraints[count++] = on_resource(arena, everything ? own_form(forms, form) : form, false, false);
    struct str excluded = resource_form_excludes(row->service, row->type);
    if (excluded.len)
        constraints[count++] = on_resource(arena, excluded, false, true);
    return count;
}

static void add_form(struct forms *forms, struct request_form form)
{
    if (forms->count == forms->capacity) {
        size_t capacity = forms->capacity ? forms->capacity * 2 : 16;
        struct request_form *items = arena_array(forms->algebra->arena, struct request_form, capacity);
        if (forms->count)
            memcpy(items, forms->items, forms->count * sizeof(*items));
        forms->items = items;
        forms->capacity = capacity;
    }
    forms->items[forms->count++] = form;
}

/* Adds the forms of some actions that share a type, one for each resource on which they can be asked at all. */
static void add_forms(struct forms *forms, const struct algebra_clause *actions, size_t action_count,
                      const struct action_row *row, struct region_preferred preferred)
{
    struct arena *arena = forms->algebra->arena;
    for (size_t r = 0; r < forms->part->resource_count && forms->count < FORMS_MAX; r++) {
        struct region_constraint *constraints = arena_array(arena, struct region_constraint, 4 + action_count);
        size_t count = resource_constraints(forms, forms->part->resources[r], row, constraints);
        struct algebra_clause clauses[4];
        for (size_t i = 0; i < count; i++)
            clauses[i] = constraints[i].clause;
        enum algebra_answer answer = algebra_find(forms->algebra, clauses, count, NULL, 0, NULL);
        forms->exhausted |= answer == ALGEBRA_BUDGET;
        if (answer != ALGEBRA_FOUND)
            continue;
        for (size_t i = 0; i < action_count; i++)
            constraints[count++] = (struct region_constraint){VARIABLE_ACTION, actions[i].excluded, actions[i]};
        add_form(forms, (struct request_form){{constraints, count}, preferred});
    }
}

static const struct wildcard *one_action(struct arena *arena, struct str text)
{
    struct wildcard *pattern = arena_new(arena, struct wildcard);
    *pattern = wildcard_pattern(arena, text, true);
    return pattern;
}

/* The actions of a service that a pattern means. */
struct matched {
    const struct action_row **rows;
    size_t count;
};

static struct matched match_rows(struct forms *forms, struct str pattern)
{
    struct matched matched = {0};
    size_t count = 0;
    const struct action_row *rows = action_rows(arn_part(pattern, 0), &count);
    struct wildcard compiled = wildcard_pattern(forms->algebra->arena, pattern, true);
    matched.rows = arena_array(forms->algebra->arena, const struct action_row *, count);
    for (size_t i = 0; i < count; i++) {
        if (!algebra_matches(forms->algebra, compiled, action_text(forms->algebra->arena, &rows[i])))
            continue;
        matched.rows[matched.count++] = &rows[i];
    }
    return matched;
}

/* The names of the rows of a type; of all, where it is empty. */
static struct region_preferred names_of(struct arena *arena, const struct matched *matched, struct str type)
{
    struct str *names = arena_array(arena, struct str, matched->count);
    size_t count = 0;
    for (size_t i = 0; i < matched->count; i++)
        if (type.len == 0 || str_equal(matched->rows[i]->type, type))
            names[count++] = action_text(arena, matched->rows[i]);
    return (struct region_preferred){names, count};
}

static struct algebra_clause literals(struct arena *arena, struct region_preferred names)
{
    struct wildcard *patterns = arena_array(arena, struct wildcard, names.count);
    for (size_t i = 0; i < names.count; i++)
        patterns[i] = wildcard_literal(arena, names.values[i], true);
    return (struct algebra_clause){patterns, names.count, false};
}

/*
 * Forms for the actions of one type among those that the pattern means; each type once, with its first row. They are
 * the table's actions, not all texts: who may ec2:DescribeA* to ec2:DescribeZ* may ec2:Describe*.
 */
static void add_type(struct forms *forms, const struct matched *matched, size_t first)
{
    struct arena *arena = forms->algebra->arena;
    struct str type = matched->rows[first]->type;
    for (size_t i = 0; i < first; i++)
        if (str_equal(matched->rows[i]->type, type))
            return;
    struct region_preferred names = names_of(arena, matched, type);
    struct algebra_clause clause = literals(arena, names);
    add_forms(forms, &clause, 1, matched->rows[first], names);
}

static void add_action(struct forms *forms, struct str action)
{
    struct arena *arena = forms->algebra->arena;
    const struct action_row *row = action_find(action);
    struct str *spelling = arena_new(arena, struct str);
    *spelling = row ? action_text(arena, row) : action;
    bool wild = str_find_char(action, '*', 0) >= 0 || str_find_char(action, '?', 0) >= 0;
    struct algebra_clause exactly = {one_action(arena, action), 1, false};
    if (!wild) {
        add_forms(forms, &exactly, 1, row, (struct region_preferred){spelling, 1});
        return;
    }
    struct matched matched = match_rows(forms, action);
    if (matched.count == 0 || forms->part->any_type) {
        struct region_preferred names = names_of(arena, &matched, STR(""));
        add_forms(forms, &exactly, 1, NULL, names);
        return;
    }
    for (size_t i = 0; i < matched.count; i++)
        add_type(forms, &matched, i);
}

bool request_forms(struct algebra *algebra, const struct request_part *part, const struct request_form **ret_forms,
                   size_t *ret_count)
{
    struct principal principal = principal_read(part->principal);
    struct forms forms = {
        .algebra = algebra,
        .part = part,
        .partition = principal.partition,
        .account = principal.account,
    };
    for (size_t i = 0; i < part->action_count && !forms.exhausted; i++)
        add_action(&forms, part->actions[i]);
    if (forms.exhausted || forms.count == FORMS_MAX)
        return false;
    *ret_forms = forms.items;
    *ret_count = forms.count;
    return true;
}
