/* The facts that ship: they link, each says what it is, and the healthy sample account has them. */
#include "base/file.h"
#include "kit.h"

#define FOLDER TEST_SOURCE_DIR "/rules/facts"

/* The shipped declarations, linked. */
static struct fact_declarations *shipped(struct arena *arena)
{
    struct fact_declarations *declarations = facts_open(arena);
    struct str *paths = NULL;
    size_t count = 0;
    struct error error;
    if (!file_list(arena, FOLDER, STR(".json"), &paths, &count, &error))
        fail_msg("%s", error.text);
    for (size_t i = 0; i < count; i++) {
        struct str text;
        if (!file_read(arena, str_to_c(arena, paths[i]), 1 << 24, &text, &error) ||
            !facts_load(declarations, paths[i], text, &error))
            fail_msg("%s", error.text);
    }
    if (!facts_link(declarations, &error))
        fail_msg("%s", error.text);
    return declarations;
}

static void every_fact_says_what_it_is(void **state)
{
    const struct fact_declarations *declarations = shipped(*state);
    assert_true(facts_count(declarations) > 50);
    for (size_t i = 0; i < facts_count(declarations); i++) {
        struct fact_info info = facts_info(declarations, i);
        if (info.what.len == 0)
            fail_msg("%.*s has no 'what'", STR_ARG(info.name));
        assert_true(info.line > 0);
    }
}

/* A Data Export is shaped by two facts, of one and of all; they must not drift apart. */
static void data_exports_have_one_shape(void **state)
{
    struct str text;
    struct error error;
    assert_true(file_read(*state, FOLDER "/exports.json", 1 << 20, &text, &error));
    const struct json *file = NULL;
    assert_true(json_parse(*state, STR("exports.json"), text, &json_limits_default, &file, &error));
    assert_str_equal(json_find_string(json_find(file, "exports.cur2"), "value"),
                     json_find_string(json_find(file, "export_by.cur2"), "value"));
}

/* --- the healthy sample --- */

static const struct snapshot *sample(struct arena *arena)
{
    struct str text;
    struct error error;
    const struct snapshot *snapshot = NULL;
    if (!file_read(arena, TEST_SOURCE_DIR "/tests/accounts/root-existing-cur2.json", 1 << 24, &text, &error) ||
        !snapshot_read(arena, STR("sample"), text, &snapshot, &error))
        fail_msg("%s", error.text);
    return snapshot;
}

/* Every fact but the probes: those are for credentials of the principal's own. */
static struct facts *collect_all(struct arena *arena, const struct fact_declarations *declarations,
                                 const struct snapshot *snapshot)
{
    struct transport *transport = arena_new(arena, struct transport);
    *transport = snapshot_transport(arena, snapshot);
    struct str *wanted = arena_array(arena, struct str, facts_count(declarations));
    size_t count = 0;
    for (size_t i = 0; i < facts_count(declarations); i++) {
        struct str name = facts_info(declarations, i).name;
        if (!str_starts(name, STR("probe.")))
            wanted[count++] = name;
    }
    struct collection collection = {.arena = arena,
                                    .declarations = declarations,
                                    .target = snapshot->target,
                                    .transport = transport,
                                    .caller_region = STR("us-east-1"),
                                    .wanted = wanted,
                                    .wanted_count = count};
    return facts_collect(&collection);
}

static void the_sample_answers_everything_and_nothing_else(void **state)
{
    const struct fact_declarations *declarations = shipped(*state);
    const struct snapshot *snapshot = sample(*state);
    struct facts *facts = collect_all(*state, declarations, snapshot);
    for (size_t i = 0; i < facts_count(declarations); i++) {
        const struct fact *fact = facts_get(facts, facts_info(declarations, i).name);
        if (!str_starts(fact->name, STR("probe.")) && fact->state != FACT_PRESENT && fact->state != FACT_ABSENT)
            fail_msg("%.*s: %.*s %.*s %.*s", STR_ARG(fact->name), STR_ARG(fact_state_name(fact->state)),
                     STR_ARG(fact->code), STR_ARG(fact->message));
    }
    struct error difference;
    if (!snapshot_equal(snapshot, snapshot_of_facts(*state, facts, STR("t"), 0), &difference))
        fail_msg("%s", difference.text);
}

static void the_samples_facts_are_what_was_told(void **state)
{
    struct facts *facts = collect_all(*state, shipped(*state), sample(*state));
    kit_expect(facts, "bucket.region", FACT_PRESENT, "\"eu-west-1\"");
    kit_expect(facts, "bucket.location", FACT_PRESENT, "\"eu-west-1\"");
    kit_expect(facts, "bucket.owned", FACT_PRESENT, "true");
    kit_expect(facts, "bucket.policy_is_public", FACT_PRESENT, "false");
    kit_expect(facts, "bucket.versioning", FACT_PRESENT, "\"Disabled\"");
    kit_expect(facts, "bucket.lifecycle", FACT_ABSENT, NULL);
    kit_expect(facts, "user.login_profile", FACT_ABSENT, NULL);
    kit_expect(facts, "place.folder", FACT_PRESENT, "\"cur2/optscale/\"");
    kit_expect(facts, "place.parent_folder", FACT_ABSENT, NULL);
    kit_expect(facts, "principal_is_caller", FACT_PRESENT, "false");
    kit_expect(facts, "scp.levels", FACT_ABSENT, NULL);
    kit_expect(facts, "listing.export_objects", FACT_ABSENT, NULL);
    const struct json *export = kit_fact(facts, "configured")->value;
    assert_str_equal(json_find_string(export, "table"), STR("COST_AND_USAGE_REPORT"));
    assert_str_equal(json_find_string(export, "granularity"), STR("DAILY"));
    assert_true(json_find_boolean(export, "include_resources", false));
    const struct json *columns = json_find(export, "columns");
    assert_str_equal(columns->items[0].string, STR("bill_bill_type"));
    assert_str_equal(columns->items[columns->count - 1].string, STR("split_line_item_unused_cost"));
    assert_int_equal(kit_fact(facts, "accounts")->value->count, 3);
    assert_int_equal(kit_fact(facts, "identity.policies")->item_count, 4);
    assert_true(json_equal(kit_fact(facts, "newest.columns")->value, columns));
}

/* The snapshot with the answer to one of its calls replaced by an error. */
static const struct snapshot *refuse(struct arena *arena, const struct snapshot *snapshot, size_t number,
                                     struct str code)
{
    struct answered_call *calls = arena_array(arena, struct answered_call, snapshot->call_count);
    memcpy(calls, snapshot->calls, snapshot->call_count * sizeof *calls);
    calls[number].answer = (struct answer){.code = code, .http_status = 403};
    struct snapshot changed = *snapshot;
    changed.calls = calls;
    const struct snapshot *made = NULL;
    assert_true(snapshot_make(arena, &changed, &made, NULL));
    return made;
}

/* Whichever call is refused or fails: what was present never reads as null because of it. */
static void a_call_that_is_not_answered_never_reads_as_absent(void **state)
{
    static const struct str codes[] = {STR_INIT("AccessDenied"), STR_INIT("Timeout"),
                                       STR_INIT("AccessDeniedException")};
    const struct fact_declarations *declarations = shipped(*state);
    const struct snapshot *snapshot = sample(*state);
    struct facts *healthy = collect_all(*state, declarations, snapshot);
    for (size_t number = 0; number < snapshot->call_count * COUNT_OF(codes); number++) {
        size_t call = number / COUNT_OF(codes);
        struct facts *facts =
            collect_all(*state, declarations, refuse(*state, snapshot, call, codes[number % COUNT_OF(codes)]));
        for (size_t i = 0; i < facts_count(declarations); i++) {
            struct str name = facts_info(declarations, i).name;
            if (facts_get(healthy, name)->state == FACT_PRESENT && facts_get(facts, name)->state == FACT_ABSENT)
                fail_msg("%s refused: %.*s is absent", snapshot->calls[call].call.operation->name, STR_ARG(name));
        }
    }
}

/* Groups, their policies, the default versions, the documents: what was read stays where one step is refused. */
static void the_hardest_chain_keeps_what_was_read(void **state)
{
    const struct fact_declarations *declarations = shipped(*state);
    const struct snapshot *snapshot = sample(*state);
    static const struct {
        const char *operation;
        size_t present;
    } steps[] = {
        {"GetPolicyVersion", 3}, {"ListAttachedGroupPolicies", 3}, {"GetGroupPolicy", 3}, {"ListGroupsForUser", 2}};
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        size_t number = 0;
        while (strcmp(snapshot->calls[number].call.operation->name, steps[i].operation) != 0)
            number++;
        struct facts *facts = collect_all(*state, declarations, refuse(*state, snapshot, number, STR("AccessDenied")));
        const struct fact *policies = kit_fact(facts, "identity.policies");
        size_t present = 0;
        for (size_t j = 0; j < policies->item_count; j++)
            present += policies->items[j].state == FACT_PRESENT ? 1 : 0;
        assert_int_equal(policies->state, FACT_DENIED);
        assert_str_equal(policies->action, str_format(*state, "iam:%s", snapshot->calls[number].call.operation->name));
        assert_int_equal(present, steps[i].present);
    }
}

/* --- facts over scripted accounts --- */

/* Collects `wanted` from a script, with the shipped declarations. */
static struct facts *collect_one(struct fake *fake, const char *target, const char *wanted)
{
    struct transport *transport = arena_new(fake->arena, struct transport);
    *transport = fake_transport(fake);
    struct str *name = arena_new(fake->arena, struct str);
    *name = str_from(wanted);
    struct collection collection = {.arena = fake->arena,
                                    .declarations = shipped(fake->arena),
                                    .target = kit_json(fake->arena, target),
                                    .transport = transport,
                                    .wanted = name,
                                    .wanted_count = 1};
    return facts_collect(&collection);
}

#define ME(arn) ANSWERS("sts:GetCallerIdentity", NULL, "{\"Account\": \"1\", \"UserId\": \"u\", \"Arn\": \"" arn "\"}")
#define KEY_OWNER ANSWERS("iam:GetAccessKeyLastUsed", NULL, "{\"UserName\": \"owner\"}")
#define A_USER "arn:aws:iam::1:user/team/me"
#define A_ROLE "arn:aws:sts::1:assumed-role/Admin/session"

static const struct {
    const char *caller;
    const char *principal; /* a target's, or NULL */
    const char *kind;      /* NULL: absent */
    const char *name;
    bool is_caller;
} principals[] = {
    {A_USER, NULL, "user", "me", true},
    {A_ROLE, NULL, NULL, NULL, false},
    {"arn:aws:iam::1:root", NULL, NULL, NULL, false},
    {A_USER, "me", "user", "me", true},
    {A_USER, "optscale", "user", "optscale", false},
    {A_USER, "AKIAIOSFODNN7EXAMPLE", "user", "owner", false},
    {A_USER, "arn:aws:iam::1:user/a/b/optscale", "user", "optscale", false},
    {A_USER, "arn:aws:iam::1:role/service/Reader", "role", "Reader", false},
    {A_ROLE, "arn:aws:iam::1:role/Admin", "role", "Admin", true},
    {A_ROLE, "arn:aws:sts::1:assumed-role/Reader/s", "role", "Reader", false},
    {A_USER, "arn:aws:iam::1:root", "root", NULL, false},
    {A_USER, "arn:aws:iam::2:user/optscale", NULL, NULL, false},
};

static void finds_whom_optscale_connects_as(void **state)
{
    for (size_t i = 0; i < COUNT_OF(principals); i++) {
        const struct scripted script[] = {
            ANSWERS("sts:GetCallerIdentity", NULL,
                    str_format(*state, "{\"Account\": \"1\", \"Arn\": \"%s\"}", principals[i].caller).ptr),
            KEY_OWNER, SCRIPT_END};
        const char *target =
            principals[i].principal ? str_format(*state, "{\"principal\": \"%s\"}", principals[i].principal).ptr : "{}";
        struct facts *facts = collect_one(kit_fake(*state, script), target, "principal_is_caller");
        const struct fact *principal = kit_fact(facts, "principal");
        assert_int_equal(principal->state, principals[i].kind ? FACT_PRESENT : FACT_ABSENT);
        assert_str_equal(json_find_string(principal->value, "kind"), str_from(principals[i].kind));
        assert_str_equal(json_find_string(principal->value, "name"), str_from(principals[i].name));
        assert_int_equal(json_is_true(kit_fact(facts, "principal_is_caller")->value), principals[i].is_caller);
    }
}

static const struct {
    const char *prefix; /* as JSON */
    const char *folder; /* as JSON; NULL: absent */
    const char *parent;
} folders[] = {
    {"\"cur2\"", "\"cur2/n/\"", NULL},
    {"\"cur2/\"", "\"cur2/n/\"", "\"cur2/n/\""},
    {"\"cur2//\"", "\"cur2//n/\"", "\"cur2/n/\""},
    {"\"\"", "\"/n/\"", NULL},
    {"\"a/b\"", "\"a/b/n/\"", "\"a/n/\""},
    {"\"/x\"", "\"/x/n/\"", "\"/n/\""},
    {"\"/\"", "\"/n/\"", "\"/n/\""},
};

/* The model's step: one trailing slash is cut, the name follows; a prefix with a slash is tried without its last part.
 */
static void finds_the_folders_that_optscale_lists(void **state)
{
    const struct scripted script[] = {SCRIPT_END};
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        const char *target = str_format(*state, "{\"export_name\": \"n\", \"prefix\": %s}", folders[i].prefix).ptr;
        kit_expect(collect_one(kit_fake(*state, script), target, "place.folder"), "place.folder", FACT_PRESENT,
                   folders[i].folder);
        kit_expect(collect_one(kit_fake(*state, script), target, "place.parent_folder"), "place.parent_folder",
                   folders[i].parent ? FACT_PRESENT : FACT_ABSENT, folders[i].parent);
    }
    kit_expect(collect_one(kit_fake(*state, script), "{}", "listing.objects"), "listing.objects", FACT_ABSENT, NULL);
}

#define LIST_EXPORTS(arn)                                                                                              \
    ANSWERS("bcm-data-exports:ListExports", NULL,                                                                      \
            "{\"Exports\": [{\"ExportArn\": \"" arn "\", \"ExportName\": \"e\"}]}")
#define GET_EXPORT ANSWERS("bcm-data-exports:GetExport", NULL, "{\"Export\": {\"Name\": \"e\"}}")
#define REPORTS                                                                                                        \
    ANSWERS("cur:DescribeReportDefinitions", NULL,                                                                     \
            "{\"ReportDefinitions\": [{\"ReportName\": \"l\", \"AdditionalSchemaElements\": [\"RESOURCES\"]}]}")

/* The type that was told is looked at first; the other only where it has no export of the name. */
static void the_other_list_of_exports_is_read_only_where_needed(void **state)
{
    const struct scripted script[] = {ME(A_USER), LIST_EXPORTS("a"), GET_EXPORT, REPORTS, SCRIPT_END};
    static const struct {
        const char *target;
        const char *type;
        size_t asked;
    } samples[] = {
        {"{\"export_name\": \"e\", \"export_type\": \"cur2\"}", "cur2", 2},
        {"{\"export_name\": \"l\", \"export_type\": \"legacy\"}", "legacy", 2},
        {"{\"export_name\": \"l\", \"export_type\": \"cur2\"}", "legacy", 3},
        {"{\"export_name\": \"e\", \"export_type\": \"legacy\"}", "cur2", 4},
        {"{\"export_name\": \"x\", \"export_type\": \"cur2\"}", NULL, 3},
        {"{}", NULL, 0},
    };
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        struct fake *fake = kit_fake(*state, script);
        struct facts *facts = collect_one(fake, samples[i].target, "configured");
        const struct fact *export = kit_fact(facts, "configured");
        assert_int_equal(export->state, samples[i].type ? FACT_PRESENT : FACT_ABSENT);
        assert_str_equal(json_find_string(export->value, "type"), str_from(samples[i].type));
        assert_int_equal(fake->asked, samples[i].asked);
    }
}

#define MEMBER_OF                                                                                                      \
    ANSWERS("organizations:DescribeOrganization", NULL,                                                                \
            "{\"Organization\": {\"MasterAccountId\": \"9\", \"FeatureSet\": \"ALL\"}}")
#define PARENT(child, id, type)                                                                                        \
    ANSWERS("organizations:ListParents", "{\"ChildId\": \"" child "\"}",                                               \
            "{\"Parents\": [{\"Id\": \"" id "\", \"Type\": \"" type "\"}]}")
#define ATTACHED(target, id)                                                                                           \
    ANSWERS("organizations:ListPoliciesForTarget",                                                                     \
            "{\"TargetId\": \"" target "\", \"Filter\": \"SERVICE_CONTROL_POLICY\"}",                                  \
            "{\"Policies\": [{\"Id\": \"" id "\", \"Name\": \"n\"}]}")
#define SCP(id)                                                                                                        \
    ANSWERS("organizations:DescribePolicy", "{\"PolicyId\": \"" id "\"}",                                              \
            "{\"Policy\": {\"Content\": {\"id\": \"" id "\"}}}")

static void walks_the_organization_from_the_root_down(void **state)
{
    const struct scripted script[] = {
        ME(A_USER),
        MEMBER_OF,
        PARENT("1", "ou-2", "ORGANIZATIONAL_UNIT"),
        PARENT("ou-2", "ou-1", "ORGANIZATIONAL_UNIT"),
        PARENT("ou-1", "r-0", "ROOT"),
        ATTACHED("r-0", "p-root"),
        ATTACHED("ou-1", "p-one"),
        REFUSES("organizations:ListPoliciesForTarget", NULL, "AccessDeniedException", "", 400),
        SCP("p-root"),
        SCP("p-one"),
        SCRIPT_END};
    struct facts *facts = collect_one(kit_fake(*state, script), "{}", "scp.policies");
    kit_expect(facts, "scp.levels", FACT_PRESENT, "[\"r-0\",\"ou-1\",\"ou-2\",\"1\"]");
    const struct fact *policies = kit_fact(facts, "scp.policies");
    assert_int_equal(policies->state, FACT_DENIED);
    assert_int_equal(policies->item_count, 4);
    assert_str_equal(json_find_string(policies->items[0].value, "level"), STR("r-0"));
    assert_str_equal(json_find_string(json_find(policies->items[1].value, "policy"), "id"), STR("p-one"));
    assert_int_equal(policies->items[2].state, FACT_DENIED);
}

static void scps_that_cannot_be_read_are_simulated(void **state)
{
    const struct scripted script[] = {
        ME(A_USER),
        MEMBER_OF,
        REFUSES("organizations:ListParents", NULL, "AccessDeniedException", "", 400),
        ANSWERS("iam:GetUser", NULL, "{\"User\": {\"Arn\": \"" A_USER "\", \"UserName\": \"me\"}}"),
        ANSWERS("iam:SimulatePrincipalPolicy", NULL,
                "{\"EvaluationResults\": [{\"EvalActionName\": \"s3:GetObject\","
                "\"OrganizationsDecisionDetail\": {\"AllowedByOrganizations\": true}}]}"),
        SCRIPT_END};
    kit_expect(collect_one(kit_fake(*state, script), "{}", "scp.stand_in"), "scp.stand_in", FACT_PRESENT,
               "[{\"action\":\"s3:GetObject\",\"allowed\":true}]");
}

static void reads_optscales_data_sources(void **state)
{
    const struct scripted script[] = {
        ME(A_USER),
        ANSWERS("optscale:ListOrganizations", NULL,
                "{\"organizations\": [{\"id\": \"o1\", \"name\": \"Acme\", \"deleted_at\": 0}]}"),
        ANSWERS(
            "optscale:ListCloudAccounts", "{\"organization_id\": \"o1\", \"details\": true}",
            "{\"cloud_accounts\": [{\"id\": \"c0\", \"type\": \"aws_cnr\", \"account_id\": \"1\", \"deleted_at\": 5},"
            "{\"id\": \"c1\", \"type\": \"aws_cnr\", \"account_id\": \"1\", \"auto_import\": true,"
            "\"config\": {\"bucket_name\": \"b\"}, \"details\": {\"discovery_infos\": {}}},"
            "{\"id\": \"c2\", \"type\": \"azure_cnr\", \"account_id\": \"1\"}]}"),
        ANSWERS("optscale:ListReportImports", NULL, "{\"report_imports\": [{\"state\": \"failed\"}]}"), SCRIPT_END};
    static const char *const targets[] = {
        "{\"optscale_url\": \"https://o\"}",
        "{\"optscale_url\": \"https://o\", \"optscale_organization\": \"Acme\"}",
        "{\"optscale_url\": \"https://o\", \"optscale_organization\": \"o1\"}",
    };
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        struct facts *facts = collect_one(kit_fake(*state, script), targets[i], "optscale.imports");
        assert_str_equal(json_find_string(kit_fact(facts, "optscale.data_source")->value, "id"), STR("c1"));
        assert_int_equal(kit_fact(facts, "optscale.imports")->value->count, 1);
    }
    struct facts *facts = collect_one(kit_fake(*state, script), "{}", "connected");
    kit_expect(facts, "connected", FACT_ABSENT, NULL);
    facts = collect_one(kit_fake(*state, script), "{\"connected_accounts\": [{\"account_id\": \"7\"}]}", "connected");
    kit_expect(facts, "connected", FACT_PRESENT,
               "[{\"account_id\":\"7\",\"name\":null,\"linked\":true,\"auto_import\":true,\"deleted\":false}]");
    facts = collect_one(kit_fake(*state, script), "{\"connected_accounts\": []}", "connected");
    kit_expect(facts, "connected", FACT_PRESENT, "[]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(every_fact_says_what_it_is),
        arena_test(data_exports_have_one_shape),
        arena_test(the_sample_answers_everything_and_nothing_else),
        arena_test(the_samples_facts_are_what_was_told),
        arena_test(a_call_that_is_not_answered_never_reads_as_absent),
        arena_test(the_hardest_chain_keeps_what_was_read),
        arena_test(finds_whom_optscale_connects_as),
        arena_test(finds_the_folders_that_optscale_lists),
        arena_test(the_other_list_of_exports_is_read_only_where_needed),
        arena_test(walks_the_organization_from_the_root_down),
        arena_test(scps_that_cannot_be_read_are_simulated),
        arena_test(reads_optscales_data_sources),
    };
    return cmocka_run_group_tests_name("shipped facts", tests, NULL, NULL);
}
