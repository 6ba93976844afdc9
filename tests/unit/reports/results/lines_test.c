/* Lines of every length come out as they went in, and a line too long is refused with its number. */
#include "reports/results/lines.h"

#include "cmocka_all.h"

#include <string.h>

static void lines_of_every_length_come_back(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 2, 255, 256 << 10, (256 << 10) + 1, 3, 700000, 1};
    struct arena *arena = arena_open(0);
    FILE *file = tmpfile();
    struct str line;
    struct error error;
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        for (size_t k = 0; k < lengths[i]; k++)
            fputc('a' + (int)i, file);
        fputs(i % 2 ? "\n\n  \n" : "\n", file);
    }
    fputs("no end", file);
    rewind(file);
    struct lines lines = lines_open(arena, file, 1 << 20);
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        assert_true(lines_next(&lines, &line, &error));
        assert_int_equal(line.len, lengths[i]);
        assert_int_equal(line.ptr[0], 'a' + (int)i);
        assert_int_equal(line.ptr[line.len - 1], 'a' + (int)i);
    }
    assert_true(lines_next(&lines, &line, &error));
    assert_true(str_equal(line, STR("no end")));
    assert_true(lines_next(&lines, &line, &error));
    assert_null(line.ptr);
    fclose(file);
    arena_close(arena);
}

static void a_line_too_long_is_named(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    FILE *file = tmpfile();
    struct str line;
    struct error error;
    fputs("short\n", file);
    for (size_t i = 0; i < 1 << 20; i++)
        fputc('x', file);
    rewind(file);
    struct lines lines = lines_open(arena, file, 4096);
    assert_true(lines_next(&lines, &line, &error));
    assert_false(lines_next(&lines, &line, &error));
    assert_non_null(strstr(error.text, "line 2 is longer than 4096 bytes"));
    fclose(file);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_every_length_come_back),
        cmocka_unit_test(a_line_too_long_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
