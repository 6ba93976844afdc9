/*
 * The official JMESPath compliance suite, read in place from ../shared/data/jmespath where that
 * folder exists, and our own suite beside this file, which a fresh clone has too.
 */
#include "query/suite.h"

#include "cmocka_all.h"
#include <dirent.h>

#define OFFICIAL TEST_SOURCE_DIR "/../shared/data/jmespath/tests"
#define OWN TEST_SOURCE_DIR "/tests/unit/query/suite"

enum { EXIT_SKIPPED = 77, OFFICIAL_CASES = 908 };

static struct suite_tally run_folder(const char *folder)
{
    struct arena *arena = arena_open(0);
    struct suite_tally all = {0};
    struct str *paths;
    size_t count;
    struct error error;
    assert_true(file_list(arena, folder, STR(".json"), &paths, &count, &error));
    for (size_t i = 0; i < count; i++) {
        struct suite_tally one = suite_file(str_to_c(arena, paths[i]));
        all.passed += one.passed;
        all.failed += one.failed;
    }
    arena_close(arena);
    return all;
}

static void passes_the_own_suite(void **state)
{
    (void)state;
    struct suite_tally tally = run_folder(OWN);
    assert_int_equal(tally.failed, 0);
    assert_true(tally.passed > 100);
}

static void passes_the_official_suite(void **state)
{
    (void)state;
    struct suite_tally tally = run_folder(OFFICIAL);
    assert_int_equal(tally.failed, 0);
    assert_int_equal(tally.passed, OFFICIAL_CASES);
}

int main(void)
{
    const struct CMUnitTest own[] = {cmocka_unit_test(passes_the_own_suite)};
    const struct CMUnitTest official[] = {cmocka_unit_test(passes_the_official_suite)};
    int failed = cmocka_run_group_tests(own, NULL, NULL);
    DIR *folder = opendir(OFFICIAL);
    if (!folder) {
        printf("SKIPPED: the official suite is not at %s\n", OFFICIAL);
        return failed ? failed : EXIT_SKIPPED;
    }
    closedir(folder);
    return failed + cmocka_run_group_tests(official, NULL, NULL);
}
