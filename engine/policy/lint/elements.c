/* elements.c: actions that do not exist, and resources that no action of the statement is asked on. */
#include "policy/language/resource_type.h"
#include "policy/lint/report.h"

static bool is_wild(struct str text)
{
    return str_find_char(text, '*', 0) >= 0 || str_find_char(text, '?', 0) >= 0;
}

/* ---- Actions ---- */

/* The action that an operation's name of the API stands for, else the one that is spelled most alike. */
static struct str nearest_action(struct arena *arena, struct str name, const struct action_row *rows, size_t count)
{
    struct str written = str_join3(arena, rows[0].service, STR(":"), name);
    for (size_t i = 0; i < count; i++)
        if (action_has_api_name(action_text(arena, &rows[i]), written))
            return action_text(arena, &rows[i]);
    struct str *names = arena_array(arena, struct str, count);
    for (size_t i = 0; i < count; i++)
        names[i] = rows[i].name;
    struct str nearest = str_nearest(name, names, count);
    return nearest.len ? str_join3(arena, rows[0].service, STR(":"), nearest) : STR("");
}

static bool matches_any(struct linter *linter, struct str pattern, const struct action_row *rows, size_t count)
{
    struct wildcard compiled = wildcard_pattern(linter->algebra.arena, pattern, true);
    for (size_t i = 0; i < count; i++)
        if (algebra_matches(&linter->algebra, compiled, rows[i].name))
            return true;
    return false;
}

static void lint_action(struct linter *linter, const struct statement *statement, size_t index)
{
    struct str text = statement->actions.items[index].pattern.source;
    struct str name = text;
    struct str service;
    if (!str_cut(&name, ':', &service) || is_wild(service))
        return;
    struct str place = lint_item_place(linter->arena, "Action", &statement->actions, index);
    if (!action_prefix_known(service)) {
        lint_add(linter, "unknown-service", statement, place,
                 str_format(linter->arena, "no AWS service has the prefix '%.*s'", STR_ARG(service)), STR(""));
        return;
    }
    size_t count;
    const struct action_row *rows = action_rows(service, &count);
    if (count == 0 || matches_any(linter, name, rows, count))
        return;
    lint_add(linter, "unknown-action", statement, place,
             str_format(linter->arena, "'%.*s' matches no action of the service", STR_ARG(text)),
             nearest_action(linter->arena, name, rows, count));
}

/* ---- Resources ---- */

static const char *const partitions[] = {"aws",     "aws-cn",    "aws-us-gov", "aws-eusc",
                                         "aws-iso", "aws-iso-b", "aws-iso-e",  "aws-iso-f"};

static bool partition_known(struct str partition)
{
    for (size_t i = 0; i < COUNT_OF(partitions); i++)
        if (str_equal(partition, str_from(partitions[i])))
            return true;
    return is_wild(partition) || str_contains(partition, STR("${"));
}

/* The first partition that the policy names, for telling a stray one. */
static struct str first_partition(const struct policy *policy)
{
    for (size_t s = 0; s < policy->count; s++)
        for (size_t r = 0; r < policy->statements[s].resources.count; r++) {
            struct str partition = arn_part(policy->statements[s].resources.items[r].pattern.source, 1);
            if (partition.len && partition_known(partition) && !is_wild(partition))
                return partition;
        }
    return STR("");
}

static bool lint_partition(struct linter *linter, const struct statement *statement, struct str arn, struct str place)
{
    struct str partition = arn_part(arn, 1);
    struct str first = first_partition(statement->policy);
    if (!partition_known(partition)) {
        lint_add(linter, "unknown-partition", statement, place,
                 str_format(linter->arena, "there is no partition '%.*s'", STR_ARG(partition)), STR("aws"));
        return false;
    }
    if (is_wild(partition) || str_contains(partition, STR("${")) || str_equal(partition, first))
        return true;
    lint_add(linter, "wrong-partition", statement, place,
             str_format(linter->arena,
                        "the ARN is of partition %.*s, others of the policy are of %.*s: an account has one",
                        STR_ARG(partition), STR_ARG(first)),
             first);
    return false;
}

/* Services whose actions are asked on one type of resource each, as the table has it. */
static bool types_are_certain(struct str service)
{
    static const char *const services[] = {"s3", "cur", "bcm-data-exports"};
    for (size_t i = 0; i < COUNT_OF(services); i++)
        if (str_equal_nocase(service, str_from(services[i])))
            return true;
    return false;
}

/* Access points and the like: S3 has more types than the table tells of an action. */
static bool is_special(struct str arn)
{
    bool s3 = str_equal(arn_part(arn, 2), STR("s3"));
    return (s3 && (arn_part(arn, 3).len || arn_part(arn, 4).len)) || is_wild(arn_part(arn, 2)) ||
           str_contains(arn, STR("${")) || !arn_part(arn, 5).len;
}

static bool may_be_asked_on(struct linter *linter, const struct action_row *row, struct str resource)
{
    struct arena *arena = linter->algebra.arena;
    struct str form = resource_form(row->service, row->type);
    if (form.len == 0 || str_equal(resource, STR("*")))
        return true;
    if (str_equal(form, STR("*")))
        return algebra_matches(&linter->algebra, wildcard_pattern(arena, resource, false), STR("*"));
    struct wildcard asked = wildcard_arn(arena, resource, false);
    struct wildcard kind = wildcard_arn(arena, form, false);
    struct str excluded = resource_form_excludes(row->service, row->type);
    struct wildcard other = wildcard_arn(arena, excluded, false);
    struct algebra_clause clauses[] = {{&asked, 1, false}, {&kind, 1, false}, {&other, excluded.len ? 1 : 0, true}};
    return algebra_find(&linter->algebra, clauses, COUNT_OF(clauses), NULL, 0, NULL) != ALGEBRA_NONE;
}

/* Whether some action of the pattern may be asked on the resource; true where the table does not tell. */
static bool pattern_fits(struct linter *linter, struct str action, struct str resource)
{
    struct str name = action;
    struct str service;
    if (!str_cut(&name, ':', &service) || is_wild(service) || !types_are_certain(service) || is_special(resource))
        return true;
    size_t count;
    const struct action_row *rows = action_rows(service, &count);
    struct wildcard compiled = wildcard_pattern(linter->algebra.arena, name, true);
    bool known = false;
    for (size_t i = 0; i < count; i++) {
        if (!algebra_matches(&linter->algebra, compiled, rows[i].name))
            continue;
        known = true;
        if (may_be_asked_on(linter, &rows[i], resource))
            return true;
    }
    return !known;
}

/* Of a bucket that stands beside, the bucket or its objects: whatever else is proposed would open more than was there.
 */
static struct str form_beside(struct arena *arena, const struct action_row *row, struct str resource)
{
    struct str rest = resource;
    struct str bucket;
    if (!str_equal(arn_part(resource, 2), STR("s3")) || !str_starts(resource, STR("arn:")))
        return STR("");
    str_cut(&rest, '/', &bucket);
    if (str_equal(row->type, STR("object")))
        return str_join3(arena, bucket, STR("/"), rest.len ? rest : STR("*"));
    return str_equal(row->type, STR("bucket")) ? bucket : STR("");
}

/* The form of the resource that the action is asked on; the partition is that which most accounts are in. */
static struct str wanted_form(struct arena *arena, struct str action, const struct policy_element *resources)
{
    const struct action_row *row = action_find(action);
    struct str form = row ? resource_form(row->service, row->type) : STR("");
    const struct str any_partition = STR("arn:*:");
    for (size_t i = 0; row && str_equal_nocase(row->service, STR("s3")) && i < resources->count; i++) {
        struct str beside = form_beside(arena, row, resources->items[i].pattern.source);
        if (beside.len)
            return beside;
    }
    if (!str_starts(form, any_partition))
        return form;
    return str_join3(arena, STR("arn:aws:"), str_skip(form, any_partition.len), STR(""));
}

/* An action that none of the resources suits: s3:ListBucket on objects. */
static void lint_action_place(struct linter *linter, const struct statement *statement, size_t index)
{
    struct str action = statement->actions.items[index].pattern.source;
    const struct policy_element *resources = &statement->resources;
    for (size_t r = 0; r < resources->count; r++)
        if (pattern_fits(linter, action, resources->items[r].pattern.source))
            return;
    struct str form = wanted_form(linter->arena, action, resources);
    bool apart = str_equal(form, STR("*")) && statement->actions.count > 1; /* the others are not to get it all */
    lint_add(linter, "wrong-resource-type", statement,
             lint_item_place(linter->arena, "Action", &statement->actions, index),
             str_format(linter->arena, "%.*s is never asked on a resource of this statement", STR_ARG(action)),
             form.len ? str_format(linter->arena, "%s\"Resource\": \"%.*s\"",
                                   apart ? "in a statement of its own, " : "", STR_ARG(form))
                      : STR(""));
}

/* A resource that none of the actions is asked on. */
static void lint_resource_use(struct linter *linter, const struct statement *statement, size_t index, struct str place)
{
    struct str resource = statement->resources.items[index].pattern.source;
    for (size_t a = 0; a < statement->actions.count; a++)
        if (pattern_fits(linter, statement->actions.items[a].pattern.source, resource))
            return;
    lint_add(linter, "unused-resource", statement, place,
             STR("no action of this statement is ever asked on this resource"), STR(""));
}

static void lint_resource(struct linter *linter, const struct statement *statement, size_t index)
{
    struct str text = statement->resources.items[index].pattern.source;
    struct str place = lint_item_place(linter->arena, "Resource", &statement->resources, index);
    bool good = true;
    if (str_starts(text, STR("arn:")))
        good = lint_partition(linter, statement, text, place);
    /* Of a single resource the actions tell. */
    if (good && statement->resources.count > 1 && !statement->actions.negated && !statement->resources.negated)
        lint_resource_use(linter, statement, index, place);
}

void lint_elements(struct linter *linter, const struct statement *statement)
{
    size_t before = linter->count;
    for (size_t i = 0; i < statement->actions.count; i++)
        lint_action(linter, statement, i);
    bool actions_known = linter->count == before;
    for (size_t i = 0; i < statement->resources.count; i++)
        lint_resource(linter, statement, i);
    if (!actions_known || statement->actions.negated || statement->resources.negated || !statement->resources.count)
        return;
    for (size_t i = 0; i < statement->actions.count; i++)
        lint_action_place(linter, statement, i);
}
