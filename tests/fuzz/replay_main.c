/* replay_main.c: runs a fuzz target over every file of the folders named: the fuzzers' corpora as tests. */
#include "base/arena.h"
#include "base/file.h"

#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t replay_file(struct arena *arena, const char *path)
{
    struct str content;
    struct error error;
    if (!file_read(arena, path, (size_t)64 << 20, &content, &error)) {
        fprintf(stderr, "%s\n", error.text);
        return 0;
    }
    LLVMFuzzerTestOneInput((const uint8_t *)content.ptr, (size_t)content.len);
    return 1;
}

static size_t replay_folder(const char *folder)
{
    struct arena *arena = arena_open(0);
    struct str *paths;
    size_t count = 0;
    size_t replayed = 0;
    struct error error;
    if (!file_list(arena, folder, STR(""), &paths, &count, &error))
        fprintf(stderr, "%s\n", error.text);
    for (size_t i = 0; i < count; i++)
        replayed += replay_file(arena, str_to_c(arena, paths[i]));
    arena_close(arena);
    return replayed;
}

int main(int argc, char **argv)
{
    size_t replayed = 0;
    for (int i = 1; i < argc; i++)
        replayed += replay_folder(argv[i]);
    printf("%zu inputs replayed\n", replayed);
    return replayed ? 0 : 1;
}
