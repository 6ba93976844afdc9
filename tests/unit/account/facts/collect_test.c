/* What is asked, in which order, and what the answers make of the facts. */
#include "kit.h"

#define BUCKET "{\"bucket\": \"acme\"}"

static const char caller[] =
    "{\"caller\": {\"call\": \"sts:GetCallerIdentity\", \"value\": \"{account: Account, arn: Arn}\"}}";

static void computes_a_fact_from_an_answer(void **state)
{
    const struct scripted script[] = {
        ANSWERS("sts:GetCallerIdentity", "{}", "{\"Account\": \"123456789012\", \"Arn\": \"a\", \"UserId\": \"u\"}"),
        SCRIPT_END};
    struct facts *facts = kit_collect(kit_fake(*state, script), caller, "{}", "caller.account");
    kit_expect(facts, "caller", FACT_PRESENT, "{\"account\":\"123456789012\",\"arn\":\"a\"}");
    assert_str_equal(kit_fact(facts, "caller")->call, STR("sts:GetCallerIdentity"));
    size_t count = 0;
    facts_calls(facts, &count);
    assert_int_equal(count, 1);
    assert_int_equal(facts_time(facts), 1795341600);
}

static void nothing_is_asked_that_nobody_wants(void **state)
{
    const struct scripted script[] = {SCRIPT_END};
    struct fake *fake = kit_fake(*state, script);
    struct facts *facts = kit_collect(fake, caller, "{}", "nothing");
    assert_int_equal(fake->asked, 0);
    kit_expect(facts, "caller", FACT_NOT_COLLECTED, NULL);
    assert_null(facts_get(facts, STR("nothing")));
}

static const char policy[] =
    "{\"bucket.policy\": {\"call\": \"s3:GetBucketPolicy\", \"with\": {\"Bucket\": \"{target.bucket}\"},"
    "\"absent\": [\"NoSuchBucketPolicy\"], \"value\": \"Policy\"},"
    "\"open\": {\"value\": \"!bucket.policy\"}}";

#define HEAD ANSWERS("s3:HeadBucket", "{\"Bucket\": \"acme\"}", "{\"BucketRegion\": \"eu-west-1\"}")

static void an_error_listed_as_absent_reads_as_null(void **state)
{
    const struct scripted script[] = {HEAD, REFUSES("s3:GetBucketPolicy", NULL, "NoSuchBucketPolicy", "none", 404),
                                      SCRIPT_END};
    struct facts *facts = kit_collect(kit_fake(*state, script), policy, BUCKET, "open");
    kit_expect(facts, "bucket.policy", FACT_ABSENT, NULL);
    assert_str_equal(kit_fact(facts, "bucket.policy")->code, STR("NoSuchBucketPolicy"));
    kit_expect(facts, "open", FACT_PRESENT, "true");
}

static void a_refused_call_is_denied_with_its_action(void **state)
{
    const struct scripted script[] = {HEAD, REFUSES("s3:GetBucketPolicy", NULL, "AccessDenied", "Access Denied", 403),
                                      SCRIPT_END};
    struct facts *facts = kit_collect(kit_fake(*state, script), policy, BUCKET, "open");
    kit_expect(facts, "bucket.policy", FACT_DENIED, NULL);
    assert_str_equal(kit_fact(facts, "bucket.policy")->action, STR("s3:GetBucketPolicy"));
    /* What rests on it is denied too, and says because of what; its `!null` was never evaluated. */
    kit_expect(facts, "open", FACT_DENIED, NULL);
    assert_str_equal(kit_fact(facts, "open")->because, STR("bucket.policy"));
    assert_str_equal(kit_fact(facts, "open")->action, STR("s3:GetBucketPolicy"));
}

static void the_refused_action_is_the_one_that_the_message_names(void **state)
{
    const struct scripted script[] = {
        HEAD,
        REFUSES("s3:GetBucketPolicy", NULL, "AccessDenied",
                "User: arn:aws:iam::1:user/u is not authorized to perform: kms:Decrypt on resource: x because y", 403),
        SCRIPT_END};
    struct facts *facts = kit_collect(kit_fake(*state, script), policy, BUCKET, "bucket.policy");
    assert_str_equal(kit_fact(facts, "bucket.policy")->action, STR("kms:Decrypt"));
}

static void other_errors_are_failures(void **state)
{
    const struct scripted script[] = {HEAD, REFUSES("s3:GetBucketPolicy", NULL, "Timeout", "10 s", 0), SCRIPT_END};
    struct facts *facts = kit_collect(kit_fake(*state, script), policy, BUCKET, "open");
    kit_expect(facts, "open", FACT_FAILED, NULL);
    assert_str_equal(kit_fact(facts, "open")->code, STR("Timeout"));
}

static void a_call_that_the_snapshot_lacks_is_not_collected_nor_recorded(void **state)
{
    const struct scripted script[] = {HEAD, SCRIPT_END};
    struct facts *facts = kit_collect(kit_fake(*state, script), policy, BUCKET, "open");
    kit_expect(facts, "open", FACT_NOT_COLLECTED, NULL);
    size_t count = 0;
    const struct answered_call *calls = facts_calls(facts, &count);
    assert_int_equal(count, 1);
    assert_string_equal(calls[0].call.operation->name, "HeadBucket");
}

static void a_call_about_something_unknown_is_not_made(void **state)
{
    const struct scripted script[] = {SCRIPT_END};
    struct fake *fake = kit_fake(*state, script);
    struct facts *facts = kit_collect(fake, policy, "{}", "bucket.policy");
    kit_expect(facts, "bucket.policy", FACT_ABSENT, NULL);
    facts = kit_collect(fake, policy, "{\"bucket\": \"\"}", "bucket.policy");
    kit_expect(facts, "bucket.policy", FACT_ABSENT, NULL);
    assert_int_equal(fake->asked, 0);
}

/* --- regions --- */

static void a_bucket_is_asked_in_its_own_region(void **state)
{
    const struct scripted script[] = {HEAD, ANSWERS("s3:GetBucketPolicy", NULL, "{\"Policy\": {}}"), SCRIPT_END};
    struct fake *fake = kit_fake(*state, script);
    kit_collect(fake, policy, BUCKET, "open");
    assert_int_equal(fake->asked, 2);
    assert_str_equal(fake->keys[0], STR("s3:HeadBucket us-east-1 {\"Bucket\":\"acme\"}"));
    assert_str_equal(fake->keys[1], STR("s3:GetBucketPolicy eu-west-1 {\"Bucket\":\"acme\"}"));
}

static void a_refused_head_still_tells_the_region(void **state)
{
    const struct scripted script[] = {
        {.call = "s3:HeadBucket", .code = "403", .http_status = 403, .bucket_region = "eu-central-1"},
        ANSWERS("s3:GetBucketPolicy", NULL, "{\"Policy\": {}}"),
        SCRIPT_END};
    struct fake *fake = kit_fake(*state, script);
    kit_collect(fake, policy, BUCKET, "open");
    assert_int_equal(fake_asked(fake, "s3:GetBucketPolicy eu-central-1 {\"Bucket\":\"acme\"}"), 1);
}

static void a_head_that_the_snapshot_lacks_may_tell_the_region_and_is_not_recorded(void **state)
{
    const struct scripted script[] = {
        {.call = "s3:HeadBucket", .code = ANSWER_NOT_IN_SNAPSHOT, .http_status = 404, .bucket_region = "eu-central-1"},
        ANSWERS("s3:GetBucketPolicy", NULL, "{\"Policy\": {}}"),
        SCRIPT_END};
    struct fake *fake = kit_fake(*state, script);
    struct facts *facts = kit_collect(fake, policy, BUCKET, "open");
    assert_int_equal(fake_asked(fake, "s3:GetBucketPolicy eu-central-1 {\"Bucket\":\"acme\"}"), 1);
    size_t count = 0;
    facts_calls(facts, &count);
    assert_int_equal(count, 1);
}

static void the_old_name_of_a_region_is_read_as_the_new_one(void **state)
{
    const struct scripted script[] = {ANSWERS("s3:HeadBucket", NULL, "{\"BucketRegion\": \"EU\"}"),
                                      ANSWERS("s3:GetBucketPolicy", NULL, "{\"Policy\": {}}"), SCRIPT_END};
    struct fake *fake = kit_fake(*state, script);
    kit_collect(fake, policy, BUCKET, "open");
    assert_int_equal(fake_asked(fake, "s3:GetBucketPolicy eu-west-1 {\"Bucket\":\"acme\"}"), 1);
}

static void a_redirected_head_is_asked_again_and_recorded_once(void **state)
{
    static const char facts_text[] =
        "{\"head\": {\"call\": \"s3:HeadBucket\", \"with\": {\"Bucket\": \"{target.bucket}\"}, \"value\": \"BucketRegion\"}}";
    const struct scripted script[] = {
        {.call = "s3:HeadBucket",
         .code = "301",
         .http_status = 301,
         .bucket_region = "eu-west-1",
         .region = "us-east-1"},
        {.call = "s3:HeadBucket", .answer = "{\"BucketRegion\": \"eu-west-1\"}", .region = "eu-west-1"},
        SCRIPT_END};
    struct facts *facts = kit_collect(kit_fake(*state, script), facts_text, BUCKET, "head");
    kit_expect(facts, "head", FACT_PRESENT, "\"eu-west-1\"");
    size_t count = 0;
    const struct answered_call *calls = facts_calls(facts, &count);
    assert_int_equal(count, 1);
    assert_str_equal(calls[0].call.region, STR("eu-west-1"));
}

static void a_key_is_asked_in_the_region_of_its_arn(void **state)
{
    static const char facts_text[] =
        "{\"key\": {\"call\": \"kms:DescribeKey\", \"with\": {\"KeyId\": \"{target.bucket}\"}, \"region\": \"ap-south-1\"}}";
    const struct scripted script[] = {SCRIPT_END};
    struct fake *fake = kit_fake(*state, script);
    kit_collect(fake, facts_text, "{\"bucket\": \"arn:aws:kms:eu-west-3:1:key/k\"}", "key");
    kit_collect(fake, facts_text, "{\"bucket\": \"alias/mine\"}", "key");
    assert_str_equal(fake->keys[0], STR("kms:DescribeKey eu-west-3 {\"KeyId\":\"arn:aws:kms:eu-west-3:1:key/k\"}"));
    assert_str_equal(fake->keys[1], STR("kms:DescribeKey ap-south-1 {\"KeyId\":\"alias/mine\"}"));
}

/* --- when, first_of, sharing --- */

static void a_false_when_makes_a_fact_absent_without_a_call(void **state)
{
    static const char facts_text[] =
        "{\"a\": {\"when\": \"target.detect == 'auto'\", \"call\": \"sts:GetCallerIdentity\"},"
        "\"b\": {\"value\": \"a || 'none'\"}}";
    const struct scripted script[] = {SCRIPT_END};
    struct fake *fake = kit_fake(*state, script);
    struct facts *facts = kit_collect(fake, facts_text, "{}", "b");
    kit_expect(facts, "b", FACT_PRESENT, "\"none\"");
    assert_int_equal(fake->asked, 0);
}

static void what_does_not_count_is_asked_all_the_same_and_absent(void **state)
{
    static const char facts_text[] = "{\"caller\": {\"call\": \"sts:GetCallerIdentity\", \"value\": \"Account\"},"
                                     "\"user\": {\"call\": \"iam:GetUser\", \"with\": {\"UserName\": \"u\"},"
                                     " \"counts_when\": \"caller == target.bucket\", \"value\": \"User\"}}";
    const struct scripted script[] = {ANSWERS("sts:GetCallerIdentity", NULL, "{\"Account\": \"a\"}"),
                                      ANSWERS("iam:GetUser", NULL, "{\"User\": 1}"), SCRIPT_END};
    struct fake *fake = kit_fake(*state, script);
    kit_expect(kit_collect(fake, facts_text, "{\"bucket\": \"a\"}", "user"), "user", FACT_PRESENT, "1");
    assert_int_equal(fake->widest, 2);
    kit_expect(kit_collect(kit_fake(*state, script), facts_text, "{\"bucket\": \"b\"}", "user"), "user", FACT_ABSENT,
               NULL);
    const struct scripted refused[] = {ANSWERS("sts:GetCallerIdentity", NULL, "{\"Account\": \"a\"}"),
                                       REFUSES("iam:GetUser", NULL, "AccessDenied", "", 403), SCRIPT_END};
    kit_expect(kit_collect(kit_fake(*state, refused), facts_text, "{\"bucket\": \"b\"}", "user"), "user", FACT_ABSENT,
               NULL);
    const struct scripted unread[] = {REFUSES("sts:GetCallerIdentity", NULL, "Timeout", "", 0),
                                      ANSWERS("iam:GetUser", NULL, "{\"User\": 1}"), SCRIPT_END};
    struct facts *facts = kit_collect(kit_fake(*state, unread), facts_text, "{\"bucket\": \"a\"}", "user");
    kit_expect(facts, "user", FACT_FAILED, NULL);
    assert_str_equal(kit_fact(facts, "user")->because, STR("caller"));
}

static void first_of_asks_the_next_only_where_one_is_not_present(void **state)
{
    static const char facts_text[] =
        "{\"list\": {\"first_of\": [\"one\", \"two\"]},"
        "\"one\": {\"call\": \"iam:GetUser\", \"with\": {\"UserName\": \"u\"}, \"absent\": [\"NoSuchEntity\"]},"
        "\"two\": {\"call\": \"iam:GetRole\", \"with\": {\"RoleName\": \"r\"}, \"absent\": [\"NoSuchEntity\"], \"value\": \"Role\"}}";
    const struct scripted present[] = {ANSWERS("iam:GetUser", NULL, "{\"User\": 1}"), SCRIPT_END};
    struct fake *fake = kit_fake(*state, present);
    kit_expect(kit_collect(fake, facts_text, "{}", "list"), "list", FACT_PRESENT, "{\"User\":1}");
    assert_int_equal(fake->asked, 1);
    const struct scripted second[] = {REFUSES("iam:GetUser", NULL, "AccessDenied", "", 403),
                                      ANSWERS("iam:GetRole", NULL, "{\"Role\": 2}"), SCRIPT_END};
    kit_expect(kit_collect(kit_fake(*state, second), facts_text, "{}", "list"), "list", FACT_PRESENT, "2");
    const struct scripted neither[] = {REFUSES("iam:GetUser", NULL, "NoSuchEntity", "", 404),
                                       REFUSES("iam:GetRole", NULL, "AccessDenied", "", 403), SCRIPT_END};
    struct facts *facts = kit_collect(kit_fake(*state, neither), facts_text, "{}", "list");
    kit_expect(facts, "list", FACT_DENIED, NULL);
    assert_str_equal(kit_fact(facts, "list")->because, STR("two"));
}

static void what_stands_in_is_asked_only_where_aws_refused(void **state)
{
    static const char facts_text[] =
        "{\"name\": {\"first_of\": [\"one.Name\"], \"if_denied\": [\"seen.name\"]},"
        "\"one\": {\"call\": \"iam:GetUser\", \"with\": {\"UserName\": \"u\"}, \"absent\": [\"NoSuchEntity\"]},"
        "\"seen\": {\"call\": \"iam:GetRole\", \"with\": {\"RoleName\": \"r\"}, \"value\": \"Role\","
        " \"remark\": \"of {target.bucket}\"}}";
    const struct scripted present[] = {ANSWERS("iam:GetUser", NULL, "{\"Name\": 1}"), SCRIPT_END};
    kit_expect(kit_collect(kit_fake(*state, present), facts_text, "{}", "name"), "name", FACT_PRESENT, "1");
    const struct scripted absent[] = {REFUSES("iam:GetUser", NULL, "NoSuchEntity", "", 404), SCRIPT_END};
    kit_expect(kit_collect(kit_fake(*state, absent), facts_text, "{}", "name"), "name", FACT_ABSENT, NULL);
    const struct scripted failed[] = {REFUSES("iam:GetUser", NULL, "Timeout", "", 0), SCRIPT_END};
    kit_expect(kit_collect(kit_fake(*state, failed), facts_text, "{}", "name"), "name", FACT_FAILED, NULL);
    const struct scripted untold[] = {REFUSES("iam:GetUser", NULL, "AccessDenied", "", 403),
                                      ANSWERS("iam:GetRole", NULL, "{\"Role\": {\"name\": null}}"), SCRIPT_END};
    kit_expect(kit_collect(kit_fake(*state, untold), facts_text, "{}", "name"), "name", FACT_DENIED, NULL);
    const struct scripted denied[] = {REFUSES("iam:GetUser", NULL, "AccessDenied", "", 403),
                                      ANSWERS("iam:GetRole", NULL, "{\"Role\": {\"name\": \"n\"}}"), SCRIPT_END};
    struct facts *facts = kit_collect(kit_fake(*state, denied), facts_text, "{}", "name");
    kit_expect(facts, "name", FACT_PRESENT, "\"n\"");
}

static void a_remark_is_of_what_a_fact_rests_on(void **state)
{
    static const char facts_text[] = "{\"file\": {\"call\": \"iam:GetUser\", \"with\": {\"UserName\": \"u\"},"
                                     " \"remark\": \"seen in {target.bucket}\"},"
                                     "\"name\": {\"value\": \"file.Name\"}, \"other\": {\"value\": \"'x'\"}}";
    const struct scripted script[] = {ANSWERS("iam:GetUser", NULL, "{\"Name\": 1}"), SCRIPT_END};
    struct facts *facts = kit_collect(kit_fake(*state, script), facts_text, "{\"bucket\": \"b\"}", "name");
    assert_str_equal(facts_remark(facts, *state, STR("name")), STR("seen in b"));
    assert_str_equal(facts_remark(facts, *state, STR("other")), STR(""));
}

static void first_of_without_any_keeps_the_reason_that_aws_gave(void **state)
{
    static const char facts_text[] =
        "{\"entity\": {\"first_of\": [\"user\", \"role\"]},"
        "\"user\": {\"when\": \"target.bucket\", \"call\": \"iam:GetUser\", \"with\": {\"UserName\": \"u\"}},"
        "\"role\": {\"call\": \"iam:GetRole\", \"with\": {\"RoleName\": \"r\"}, \"absent\": [\"NoSuchEntity\"]}}";
    const struct scripted script[] = {REFUSES("iam:GetRole", NULL, "NoSuchEntity", "gone", 404), SCRIPT_END};
    struct facts *facts = kit_collect(kit_fake(*state, script), facts_text, "{}", "entity");
    kit_expect(facts, "entity", FACT_ABSENT, NULL);
    assert_str_equal(kit_fact(facts, "entity")->code, STR("NoSuchEntity"));
}

static void the_same_call_is_made_once(void **state)
{
    static const char facts_text[] = "{\"a\": {\"call\": \"sts:GetCallerIdentity\", \"value\": \"Account\"},"
                                     "\"b\": {\"call\": \"sts:GetCallerIdentity\", \"value\": \"Arn\"},"
                                     "\"c\": {\"value\": \"join(a, [b, b])\"}}";
    const struct scripted script[] = {ANSWERS("sts:GetCallerIdentity", NULL, "{\"Account\": \"-\", \"Arn\": \"x\"}"),
                                      SCRIPT_END};
    struct fake *fake = kit_fake(*state, script);
    kit_expect(kit_collect(fake, facts_text, "{}", "c"), "c", FACT_PRESENT, "\"x-x\"");
    assert_int_equal(fake->asked, 1);
}

static void independent_calls_wait_side_by_side(void **state)
{
    static const char facts_text[] =
        "{\"ids\": {\"value\": \"['a', 'b', 'c', 'd']\"},"
        "\"roles\": {\"for_each\": \"ids\", \"call\": \"iam:GetRole\", \"with\": {\"RoleName\": \"{item}\"}, \"value\": \"Role\"}}";
    const struct scripted script[] = {ANSWERS("iam:GetRole", NULL, "{\"Role\": 1}"), SCRIPT_END};
    struct fake *fake = kit_fake(*state, script);
    kit_collect(fake, facts_text, "{}", "roles");
    assert_int_equal(fake->widest, 4);
}

/* --- for_each --- */

static const char keys[] =
    "{\"users\": {\"value\": \"target.connected_accounts\"},"
    "\"keys\": {\"for_each\": \"users\", \"call\": \"iam:ListAccessKeys\", \"with\": {\"UserName\": \"{item.name}\"},"
    "\"absent\": [\"NoSuchEntity\"], \"value\": \"AccessKeyMetadata[].{user: item().name, id: AccessKeyId}\"},"
    "\"used\": {\"for_each\": \"keys\", \"call\": \"iam:GetAccessKeyLastUsed\", \"with\": {\"AccessKeyId\": \"{item.id}\"},"
    "\"value\": \"{key: item().id, service: AccessKeyLastUsed.ServiceName}\"},"
    "\"both\": {\"for_each\": [\"used\", \"users[0]\"]},"
    "\"count\": {\"value\": \"length(keys)\"}}";
#define USERS "{\"connected_accounts\": [{\"name\": \"u\"}, {\"name\": \"v\"}]}"

static const struct scripted users_script[] = {
    ANSWERS("iam:ListAccessKeys", "{\"UserName\": \"u\"}",
            "{\"AccessKeyMetadata\": [{\"AccessKeyId\": \"K1\"}, {\"AccessKeyId\": \"K2\"}]}"),
    REFUSES("iam:ListAccessKeys", "{\"UserName\": \"v\"}", "AccessDenied", "no", 403),
    ANSWERS("iam:GetAccessKeyLastUsed", "{\"AccessKeyId\": \"K1\"}",
            "{\"AccessKeyLastUsed\": {\"ServiceName\": \"s3\"}}"),
    REFUSES("iam:GetAccessKeyLastUsed", "{\"AccessKeyId\": \"K2\"}", "NoSuchEntity", "gone", 404), SCRIPT_END};

static void for_each_keeps_what_was_read_beside_what_was_not(void **state)
{
    struct facts *facts = kit_collect(kit_fake(*state, users_script), keys, USERS, "count");
    const struct fact *fact = kit_fact(facts, "keys");
    kit_expect(facts, "keys", FACT_DENIED, NULL);
    assert_int_equal(fact->item_count, 2);
    assert_int_equal(fact->items[0].state, FACT_PRESENT);
    assert_int_equal(fact->items[0].value->count, 2);
    assert_int_equal(fact->items[1].state, FACT_DENIED);
    assert_str_equal(fact->items[1].action, STR("iam:ListAccessKeys"));
    kit_expect(facts, "count", FACT_DENIED, NULL);
}

static void for_each_over_a_partial_list_goes_on_with_what_was_read(void **state)
{
    struct facts *facts = kit_collect(kit_fake(*state, users_script), keys, USERS, "both");
    const struct fact *fact = kit_fact(facts, "used");
    assert_int_equal(fact->item_count, 3);
    assert_int_equal(fact->items[0].state, FACT_PRESENT);
    assert_int_equal(fact->items[1].state, FACT_FAILED); /* NoSuchEntity is not listed as absent here */
    assert_int_equal(fact->items[2].state, FACT_DENIED);
    assert_str_equal(fact->items[2].action, STR("iam:ListAccessKeys"));
    fact = kit_fact(facts, "both");
    assert_int_equal(fact->state, FACT_DENIED);
    assert_str_equal(fact->because, STR("keys"));
    assert_int_equal(fact->item_count, 4);
    assert_int_equal(fact->items[3].state, FACT_PRESENT);
}

static void a_complete_list_is_present_with_item_state_and_value(void **state)
{
    struct facts *facts =
        kit_collect(kit_fake(*state, users_script), keys, "{\"connected_accounts\": [{\"name\": \"u\"}]}", "keys");
    kit_expect(facts, "keys", FACT_PRESENT,
               "[{\"item\":{\"name\":\"u\"},\"state\":\"present\",\"value\":[{\"user\":\"u\",\"id\":\"K1\"},"
               "{\"user\":\"u\",\"id\":\"K2\"}]}]");
    facts = kit_collect(kit_fake(*state, users_script), keys, "{\"connected_accounts\": []}", "count");
    kit_expect(facts, "count", FACT_PRESENT, "0");
}

static void the_order_of_answers_changes_nothing(void **state)
{
    struct fake *fake = kit_fake(*state, users_script);
    fake->backwards = true;
    struct facts *forwards = kit_collect(kit_fake(*state, users_script), keys, USERS, "both");
    struct facts *backwards = kit_collect(fake, keys, USERS, "both");
    const struct fact *a = kit_fact(forwards, "both");
    const struct fact *b = kit_fact(backwards, "both");
    assert_int_equal(a->item_count, b->item_count);
    for (size_t i = 0; i < a->item_count; i++) {
        assert_int_equal(a->items[i].state, b->items[i].state);
        assert_true(json_equal(a->items[i].item, b->items[i].item));
    }
}

/* --- probes --- */

static void an_allowed_code_means_that_the_call_is_allowed(void **state)
{
    static const char facts_text[] =
        "{\"p\": {\"call\": \"ec2:DescribeVpcs\", \"with\": {\"DryRun\": true}, \"allowed\": [\"DryRunOperation\"]},"
        "\"r\": {\"call\": \"s3:HeadBucket\", \"with\": {\"Bucket\": \"acme\"},"
        "\"allowed\": [\"403\"], \"value\": \"BucketRegion || bucket_region\"}}";
    const struct scripted allowed[] = {REFUSES("ec2:DescribeVpcs", "{\"DryRun\": true}", "DryRunOperation", "", 412),
                                       SCRIPT_END};
    kit_expect(kit_collect(kit_fake(*state, allowed), facts_text, "{}", "p"), "p", FACT_PRESENT, "true");
    const struct scripted refused[] = {REFUSES("ec2:DescribeVpcs", NULL, "UnauthorizedOperation", "", 403), SCRIPT_END};
    kit_expect(kit_collect(kit_fake(*state, refused), facts_text, "{}", "p"), "p", FACT_DENIED, NULL);
    const struct scripted told[] = {
        {.call = "s3:HeadBucket", .code = "403", .http_status = 403, .bucket_region = "eu-west-1"}, SCRIPT_END};
    kit_expect(kit_collect(kit_fake(*state, told), facts_text, "{}", "r"), "r", FACT_PRESENT, "\"eu-west-1\"");
}

static void credentials_and_target_are_readable(void **state)
{
    static const char facts_text[] = "{\"a\": {\"value\": \"join(' ', [credentials.access_key_id, target.bucket])\"}}";
    const struct scripted script[] = {SCRIPT_END};
    kit_expect(kit_collect(kit_fake(*state, script), facts_text, BUCKET, "a"), "a", FACT_PRESENT,
               "\"AKIAIOSFODNN7EXAMPLE acme\"");
}

static void an_expression_that_fails_is_a_failed_fact(void **state)
{
    static const char facts_text[] = "{\"a\": {\"value\": \"length(`1`)\"}, \"b\": {\"value\": \"a || 'x'\"}}";
    const struct scripted script[] = {SCRIPT_END};
    struct facts *facts = kit_collect(kit_fake(*state, script), facts_text, "{}", "b");
    kit_expect(facts, "b", FACT_FAILED, NULL);
    assert_str_equal(kit_fact(facts, "b")->code, STR("invalid-type"));
    assert_str_equal(kit_fact(facts, "b")->because, STR("a"));
}

static void fields_are_those_of_the_value_or_of_each_of_its_items(void **state)
{
    const struct scripted script[] = {
        ANSWERS("iam:ListUsers", NULL,
                "{\"Users\": [{\"UserName\": \"a\", \"Tags\": [{\"Key\": \"k\"}]}, {\"Path\": \"/\"}]}"),
        ANSWERS("iam:GetUser", NULL, "{\"User\": {\"UserName\": \"c\"}}"), SCRIPT_END};
    static const char declared[] =
        "{\"users\": {\"call\": \"iam:ListUsers\", \"value\": \"Users[]\", \"fields\": {\"name\": \"UserName || 'none'\","
        "   \"tags\": {\"value\": \"Tags[]\", \"fields\": {\"the-key\": \"Key\"}}}},"
        " \"user\": {\"call\": \"iam:GetUser\", \"value\": \"Nobody || User\", \"fields\": \"users\"},"
        " \"nobody\": {\"call\": \"iam:GetUser\", \"value\": \"Nobody\", \"fields\": \"users\"},"
        " \"both\": {\"fields\": {\"first\": \"users[0].name\", \"other\": \"user.name\", \"none\": \"nobody\"}}}";
    struct facts *facts = kit_collect(kit_fake(*state, script), declared, "{}", "both");
    kit_expect(facts, "users", FACT_PRESENT,
               "[{\"name\":\"a\",\"tags\":[{\"the-key\":\"k\"}]},{\"name\":\"none\",\"tags\":null}]");
    kit_expect(facts, "user", FACT_PRESENT, "{\"name\":\"c\",\"tags\":null}");
    kit_expect(facts, "nobody", FACT_ABSENT, NULL);
    kit_expect(facts, "both", FACT_PRESENT, "{\"first\":\"a\",\"other\":\"c\",\"none\":null}");
}

static void a_text_is_the_first_of_a_choice_that_holds_and_texts_are_all_that_do(void **state)
{
    const struct scripted script[] = {REFUSES("iam:GetUser", NULL, "AccessDenied", "no", 403), SCRIPT_END};
    static const char declared[] =
        "{\"refused\": {\"call\": \"iam:GetUser\", \"value\": \"User\"},"
        " \"arn\": {\"text\": \"arn:aws:s3:::{target.bucket}\"}, \"no_arn\": {\"text\": \"x{target.prefix}\"},"
        " \"kind\": {\"text\": [{\"when\": \"target.prefix\", \"is\": \"p\"}, {\"when\": \"target.bucket\", \"is\": \"{target.bucket}!\"}, \"n\"]},"
        " \"else\": {\"text\": [{\"when\": \"target.prefix\", \"is\": \"p\"}, \"n\"]},"
        " \"none\": {\"text\": [{\"when\": \"target.prefix\", \"is\": \"p\"}]},"
        " \"denied\": {\"text\": [{\"when\": \"!refused\", \"is\": \"p\"}, \"n\"]},"
        " \"list\": {\"texts\": [{\"when\": \"target.bucket\", \"is\": \"a\"}, {\"when\": \"target.prefix\", \"is\": \"b\"},"
        "   {\"when\": \"target.bucket\", \"is\": \"{target.prefix}\"}, \"c\"]},"
        " \"empty\": {\"texts\": [{\"when\": \"target.prefix\", \"is\": \"b\"}]},"
        " \"unread\": {\"texts\": [{\"when\": \"refused\", \"is\": \"b\"}, \"a\"]},"
        " \"all\": {\"value\": \"[arn, no_arn, kind, else, none, denied, list, empty, unread]\"}}";
    struct facts *facts = kit_collect(kit_fake(*state, script), declared, BUCKET, "all");
    kit_expect(facts, "arn", FACT_PRESENT, "\"arn:aws:s3:::acme\"");
    kit_expect(facts, "no_arn", FACT_ABSENT, NULL);
    kit_expect(facts, "kind", FACT_PRESENT, "\"acme!\"");
    kit_expect(facts, "else", FACT_PRESENT, "\"n\"");
    kit_expect(facts, "none", FACT_ABSENT, NULL);
    kit_expect(facts, "denied", FACT_DENIED, NULL);
    kit_expect(facts, "list", FACT_PRESENT, "[\"a\",\"c\"]");
    kit_expect(facts, "empty", FACT_PRESENT, "[]");
    kit_expect(facts, "unread", FACT_DENIED, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(computes_a_fact_from_an_answer),
        arena_test(nothing_is_asked_that_nobody_wants),
        arena_test(an_error_listed_as_absent_reads_as_null),
        arena_test(a_refused_call_is_denied_with_its_action),
        arena_test(the_refused_action_is_the_one_that_the_message_names),
        arena_test(other_errors_are_failures),
        arena_test(a_call_that_the_snapshot_lacks_is_not_collected_nor_recorded),
        arena_test(a_call_about_something_unknown_is_not_made),
        arena_test(a_bucket_is_asked_in_its_own_region),
        arena_test(a_refused_head_still_tells_the_region),
        arena_test(a_head_that_the_snapshot_lacks_may_tell_the_region_and_is_not_recorded),
        arena_test(the_old_name_of_a_region_is_read_as_the_new_one),
        arena_test(a_redirected_head_is_asked_again_and_recorded_once),
        arena_test(a_key_is_asked_in_the_region_of_its_arn),
        arena_test(a_false_when_makes_a_fact_absent_without_a_call),
        arena_test(what_does_not_count_is_asked_all_the_same_and_absent),
        arena_test(first_of_asks_the_next_only_where_one_is_not_present),
        arena_test(what_stands_in_is_asked_only_where_aws_refused),
        arena_test(a_remark_is_of_what_a_fact_rests_on),
        arena_test(first_of_without_any_keeps_the_reason_that_aws_gave),
        arena_test(the_same_call_is_made_once),
        arena_test(independent_calls_wait_side_by_side),
        arena_test(for_each_keeps_what_was_read_beside_what_was_not),
        arena_test(for_each_over_a_partial_list_goes_on_with_what_was_read),
        arena_test(a_complete_list_is_present_with_item_state_and_value),
        arena_test(the_order_of_answers_changes_nothing),
        arena_test(an_allowed_code_means_that_the_call_is_allowed),
        arena_test(credentials_and_target_are_readable),
        arena_test(an_expression_that_fails_is_a_failed_fact),
        arena_test(fields_are_those_of_the_value_or_of_each_of_its_items),
        arena_test(a_text_is_the_first_of_a_choice_that_holds_and_texts_are_all_that_do),
    };
    return cmocka_run_group_tests_name("collect", tests, NULL, NULL);
}
