/* file.c: see file.h. */
#include "base/file.h"

#include "base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_fd(const int *fd)
{
    if (*fd > STDIN_FILENO)
        close(*fd);
}

static bool fail(struct error *error, const char *what, const char *path)
{
    return error_set(error, ERROR_IO, "cannot %s %s: %s", what, path, strerror(errno));
}

static bool too_large(struct error *error, const char *path, size_t max_bytes)
{
    return error_set(error, ERROR_LIMIT, "%s is larger than %zu bytes", path, max_bytes);
}

/* How many bytes to expect, so that a large file is read into one block. */
static size_t expected_size(int fd)
{
    struct stat status;
    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) ? (size_t)status.st_size : 0;
}

bool file_read(struct arena *arena, const char *path, size_t max_bytes, struct str *ret, struct error *error)
{
    bool standard_input = strcmp(path, "-") == 0;
    const char *name = standard_input ? "standard input" : path;
    CLEANUP(close_fd) int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(error, "open", name);
    size_t expected = expected_size(fd);
    if (expected > max_bytes)
        return too_large(error, name, max_bytes);
    size_t capacity = expected + 4096;
    char *data = arena_array(arena, char, capacity);
    size_t length = 0;
    for (;;) {
        if (length == capacity) {
            char *larger = arena_array(arena, char, capacity * 2);
            memcpy(larger, data, length);
            data = larger;
            capacity *= 2;
        }
        ssize_t got = read(fd, data + length, capacity - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(error, "read", name);
        if (got == 0)
            break;
        length += (size_t)got;
        if (length > max_bytes)
            return too_large(error, name, max_bytes);
    }
    *ret = (struct str){data, (ptrdiff_t)length};
    return true;
}

bool file_write_all(int fd, struct str content)
{
    while (content.len) {
        ssize_t written = write(fd, content.ptr, (size_t)content.len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        content = str_skip(content, written);
    }
    return true;
}

/* A signal that ends the program waits until a file is in its place, so that none is left beside it. `hold`
 * false: a pipe, whose reader may never come. */
static void hold_signals(bool hold, sigset_t *ret_before)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t held;
    sigemptyset(&held);
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        sigaddset(&held, ends[i]);
    sigprocmask(SIG_BLOCK, hold ? &held : NULL, ret_before);
}

static void release_signals(const sigset_t *before)
{
    sigprocmask(SIG_SETMASK, before, NULL);
}

bool file_is_special(const char *path)
{
    struct stat status;
    return str_starts(str_from(path), STR("/dev/")) || (stat(path, &status) == 0 && !S_ISREG(status.st_mode));
}

bool file_has_place(struct arena *arena, struct str path, struct error *error)
{
    struct stat status;
    char *name = str_to_c(arena, path);
    ptrdiff_t slash = str_find_last_char(path, '/');
    const char *folder = slash < 0 ? "." : slash == 0 ? "/" : str_to_c(arena, str_slice(path, 0, slash));
    if (path.len == 0)
        return true;
    if (stat(name, &status) == 0 && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return fail(error, "write", name);
    }
    return file_is_special(name) || access(folder, W_OK | X_OK) == 0 || fail(error, "write", name);
}

const char *file_followed(const char *path, char *room)
{
    return realpath(path, room) ? room : path;
}

bool file_write(const char *named, struct str content, unsigned mode, struct error *error)
{
    char room[PATH_MAX];
    char beside[PATH_MAX];
    bool in_place = file_is_special(named);
    const char *path = in_place ? named : file_followed(named, room);
    /* A device or a pipe (/dev/stdout) is written to, not replaced. */
    int length = snprintf(beside, sizeof beside, in_place ? "%s" : "%s.%ld.tmp", path, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof beside)
        return error_set(error, ERROR_IO, "cannot write %s: its name is too long", path);
    CLEANUP(release_signals) sigset_t before;
    hold_signals(!in_place, &before);
    int fd = open(beside, in_place ? O_WRONLY | O_CLOEXEC : O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
    if (fd < 0)
        return fail(error, "write", path);
    bool written = file_write_all(fd, content);
    written = close(fd) == 0 && written;
    if (written && (in_place || rename(beside, path) == 0))
        return true;
    int reason = errno;
    if (!in_place)
        unlink(beside);
    errno = reason;
    return fail(error, "write", path);
}

static void close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

enum { FOLDER_MAX = 10000 };

bool file_list(struct arena *arena, const char *folder, struct str suffix, struct str **ret_paths, size_t *ret_count,
               struct error *error)
{
    CLEANUP(close_folder) DIR *handle = opendir(folder);
    if (!handle)
        return fail(error, "open the folder", folder);
    size_t count = 0;
    size_t capacity = 64;
    struct str *paths = arena_array(arena, struct str, capacity);
    const struct dirent *entry;
    while ((entry = readdir(handle))) {
        struct str name = str_from(entry->d_name);
        if (!str_ends(name, suffix) || name.ptr[0] == '.')
            continue;
        if (count == FOLDER_MAX)
            return error_set(error, ERROR_LIMIT, "%s holds more than %d files", folder, FOLDER_MAX);
        if (count == capacity) {
            struct str *larger = arena_array(arena, struct str, capacity * 2);
            memcpy(larger, paths, count * sizeof *paths);
            paths = larger;
            capacity *= 2;
        }
        paths[count++] = str_format(arena, "%s/%s", folder, entry->d_name);
    }
    qsort(paths, count, sizeof *paths, str_compare_qsort);
    *ret_paths = paths;
    *ret_count = count;
    return true;
}
