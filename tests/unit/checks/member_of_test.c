/* The kind `member_of`: a result for each of a list, also of a long one. */
#include "rule/kit.h"

#define CHECK                                                                                                          \
    "{'kind': 'member_of', 'each': 'user.each', 'of': 'user.of', 'message': '{item().id} is missing',"                 \
    " 'skip_message': 'nobody to ask for'}"

static const struct run *run_on(struct arena *arena, const char *answer)
{
    const struct scripted script[] = {ANSWERS("iam:GetUser", NULL, requoted(arena, answer).ptr), SCRIPT_END};
    struct str rule = kit_rule(arena, "x", "'check': " CHECK);
    struct kit_order order = {.base = kit_base(arena, KIT_FACTS, rule, "'x'"), .script = script};
    return kit_run(arena, &order);
}

static void each_item_is_a_subject_with_its_own_verdict(void **state)
{
    const struct run *run =
        run_on(*state, "{'User': {'each': [{'id': '1'}, {'id': '2'}], 'of': [{'id': '2'}, {'id': '3'}]}}");
    assert_int_equal(run->result_count, 2);
    expect_verdict(kit_result(run, "x", "1"), "fail");
    assert_str_equal(kit_result(run, "x", "1")->message, STR("1 is missing"));
    expect_verdict(kit_result(run, "x", "2"), "pass");
}

static void what_has_no_id_is_no_member_of_anything(void **state)
{
    const struct run *run = run_on(*state, "{'User': {'each': [{'name': 'a'}], 'of': [{'name': 'b'}, 1, '']}}");
    expect_verdict(kit_result(run, "x", NULL), "fail");
}

static void an_empty_list_is_skipped_and_an_unread_one_is_unknown(void **state)
{
    static const struct scripted denied[] = {KIT_DENIED("iam:GetUser"), SCRIPT_END};
    const struct result *skipped = kit_result(run_on(*state, "{'User': {'each': [], 'of': []}}"), "x", NULL);
    expect_verdict(skipped, "skip");
    assert_str_equal(skipped->message, STR("nobody to ask for"));
    expect_verdict(kit_judge(*state, CHECK, denied), "unknown");
}

static struct str accounts(struct arena *arena, size_t count)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < count; i++)
        buf_addf(&buf, "%s{'id': '%012zu'}", i ? ", " : "", i);
    return buf_str(&buf);
}

/* Quadratic work would be 10^8 comparisons of items, and the test would time out. */
static void ten_thousand_items_are_looked_up_by_hash(void **state)
{
    enum { MANY = 10000 };
    struct str list = accounts(*state, MANY);
    struct str answer =
        str_format(*state, "{'User': {'each': [%.*s], 'of': [%.*s, {'id': 'x'}]}}", STR_ARG(list), STR_ARG(list));
    const struct run *run = run_on(*state, str_to_c(*state, answer));
    assert_int_equal(run->result_count, MANY);
    assert_int_equal(run->summary.count[VERDICT_PASS], MANY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(each_item_is_a_subject_with_its_own_verdict),
        arena_test(what_has_no_id_is_no_member_of_anything),
        arena_test(an_empty_list_is_skipped_and_an_unread_one_is_unknown),
        arena_test(ten_thousand_items_are_looked_up_by_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
