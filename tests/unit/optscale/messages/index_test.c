/* index_test.c: the index finds what trying every pattern finds: whole messages, cut ones, several in a line, noise. */
#include "optscale/messages/index.h"

#include "base/file.h"
#include "cmocka_all.h"

struct both {
    struct optscale_messages messages;
    struct optscale_index *index;
    size_t tried;
};

static struct both open_both(struct arena *arena)
{
    struct both both = {.tried = 0};
    struct str text;
    struct error error;
    if (!file_read(arena, TEST_SOURCE_DIR "/rules/optscale/messages.json", (size_t)1 << 24, &text, &error) ||
        !optscale_messages_read(arena, STR("messages.json"), text, &both.messages, &error)) {
        fail_msg("%s", error.text);
    }
    both.index = optscale_index_open(arena, &both.messages);
    return both;
}

static void assert_same(const struct optscale_match *a, const struct optscale_match *b)
{
    assert_ptr_equal(a->message, b->message);
    assert_ptr_equal(a->pattern.ptr, b->pattern.ptr);
    assert_int_equal(a->weight, b->weight);
    assert_int_equal(a->is_cut, b->is_cut);
    assert_int_equal(a->capture_count, b->capture_count);
    for (size_t i = 0; i < a->capture_count; i++) {
        assert_true(str_equal(a->captures[i].value, b->captures[i].value));
    }
}

static void try_text(struct arena *arena, struct both *both, struct str text)
{
    struct optscale_match one_by_one[OPTSCALE_SPEAKER_COUNT];
    struct optscale_match at_once[OPTSCALE_SPEAKER_COUNT];
    struct arena_mark mark = arena_mark(arena);
    size_t count = optscale_messages_match(arena, &both->messages, text, one_by_one);
    assert_int_equal(optscale_index_match(both->index, arena, text, false, at_once), count);
    for (size_t i = 0; i < count; i++) {
        assert_same(&one_by_one[i], &at_once[i]);
    }
    both->tried++;
    arena_rewind(arena, mark);
}

static void finds_each_pattern_and_each_beginning_of_it(void **state)
{
    struct both both = open_both(*state);
    for (size_t i = 0; i < both.messages.count; i++) {
        const struct optscale_message *message = &both.messages.items[i];
        for (size_t k = 0; k < message->pattern_count; k++) {
            struct str text = message->patterns[k].text;
            try_text(*state, &both, str_join3(*state, STR("10:00:01 ERROR "), text, STR(" at 0x1")));
            for (ptrdiff_t length = text.len; length > 0; length -= 11) {
                try_text(*state, &both, str_slice(text, 0, length));
            }
        }
    }
    assert_true(both.tried > 1000);
}

/* Two messages in one line, the first of them cut short by the second. */
static void finds_the_better_of_two_messages(void **state)
{
    struct both both = open_both(*state);
    for (size_t i = 0; i + 1 < both.messages.count; i++) {
        struct str first = both.messages.items[i].patterns[0].text;
        struct str second = both.messages.items[i + 1].patterns[0].text;
        try_text(*state, &both, str_join3(*state, str_slice(first, 0, first.len * 2 / 3), STR(" "), second));
        try_text(*state, &both, str_join3(*state, second, STR(": "), first));
    }
}

static void finds_nothing_in_noise(void **state)
{
    static const char *const rows[] = {"",        " ", "'", "{", "oe", "OE0371OE0371", "bucket bucket bucket not found",
                                       "\xe2\x80"};
    struct both both = open_both(*state);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        try_text(*state, &both, str_from(rows[i]));
    }
}

static void a_whole_line_has_whole_messages(void **state)
{
    struct both both = open_both(*state);
    struct optscale_match found[OPTSCALE_SPEAKER_COUNT];
    struct str cut = STR("Cloud account 7 was saved");
    assert_int_equal(optscale_index_match(both.index, *state, cut, false, found), 1);
    assert_int_equal(optscale_index_match(both.index, *state, cut, true, found), 0);
    assert_int_equal(optscale_index_match(both.index, *state, STR("Bucket b not found"), true, found), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(finds_each_pattern_and_each_beginning_of_it),
        arena_test(finds_the_better_of_two_messages),
        arena_test(finds_nothing_in_noise),
        arena_test(a_whole_line_has_whole_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
