/* folder.c: see folder.h. */
#include "cli/fix/folder.h"

#include "base/file.h"
#include "reports/fix/readme.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char readme[] = "README.md";
static const char readme_new[] = ".README.md.new";

struct fix_folder {
    int fd;
    struct str path; /* for messages */
};

static bool fail(struct error *error, const char *what, struct str path)
{
    return error_set(error, ERROR_IO, "--fix: cannot %s %.*s: %s", what, STR_ARG(path), strerror(errno));
}

static void close_fd(void *object)
{
    close(((struct fix_folder *)object)->fd);
}

static void close_reader(DIR **reader)
{
    if (*reader)
        closedir(*reader);
}

/* The entries of a folder, one by one; the reader closes a descriptor of its own. */
static DIR *read_entries(int fd)
{
    int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *reader = own >= 0 ? fdopendir(own) : NULL;
    if (!reader && own >= 0)
        close(own);
    return reader;
}

static bool is_empty(int fd)
{
    CLEANUP(close_reader) DIR *reader = read_entries(fd);
    const struct dirent *entry;
    while (reader && (entry = readdir(reader)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            return false;
    return reader != NULL;
}

/* Whether the page of an earlier run lies in it. */
static bool is_ours(int fd)
{
    char begin[128];
    int page = openat(fd, readme, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (page < 0)
        return false;
    ssize_t got = read(page, begin, sizeof begin);
    close(page);
    return got > 0 && str_starts((struct str){begin, got}, fix_readme_mark);
}

static bool open_at(struct arena *arena, int parent, struct str name, struct str path, struct fix_folder **ret,
                    struct error *error)
{
    const char *c_name = str_to_c(arena, name);
    if (mkdirat(parent, c_name, 0700) != 0 && errno != EEXIST)
        return fail(error, "make the folder", path);
    int fd = openat(parent, c_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return fail(error, "open the folder", path);
    struct fix_folder *folder = arena_new(arena, struct fix_folder);
    *folder = (struct fix_folder){fd, path};
    arena_defer(arena, close_fd, folder);
    *ret = folder;
    return true;
}

static bool open_own(struct arena *arena, int parent, struct str name, struct str path, struct fix_folder **ret,
                     struct error *error)
{
    struct fix_folder *folder;
    if (!open_at(arena, parent, name, path, &folder, error))
        return false;
    if (!is_empty(folder->fd) && !is_ours(folder->fd))
        return error_set(error, ERROR_INPUT,
                         "--fix: %.*s is not empty, and was not written by --fix: name another folder, or empty it",
                         STR_ARG(path));
    *ret = folder;
    return true;
}

bool fix_folder_open(struct arena *arena, struct str path, struct fix_folder **ret, struct error *error)
{
    while (path.len > 1 && str_ends(path, STR("/"))) /* behind a slash a link would be followed */
        path = str_slice(path, 0, path.len - 1);
    return open_own(arena, AT_FDCWD, path, path, ret, error);
}

bool fix_folder_within(struct arena *arena, const struct fix_folder *folder, struct str name, struct fix_folder **ret,
                       struct error *error)
{
    return open_own(arena, folder->fd, name, str_join3(arena, folder->path, STR("/"), name), ret, error);
}

/* ---- Writing ---- */

/* "01-bucket-policy": as we name folders, and nobody else is likely to. */
static bool is_our_name(const char *name)
{
    size_t digits = strspn(name, "0123456789");
    return digits >= 2 && name[digits] == '-' &&
           strspn(name + digits, "abcdefghijklmnopqrstuvwxyz-") + digits == strlen(name);
}

/* The files that we write, then the folder: one that holds anything else stays. */
static void clear_one(int parent, const char *name)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return;
    for (size_t i = 0; fix_file_names[i].len; i++)
        unlinkat(fd, fix_file_names[i].ptr, 0);
    close(fd);
    unlinkat(parent, name, AT_REMOVEDIR);
}

static void clear(int fd)
{
    CLEANUP(close_reader) DIR *reader = read_entries(fd);
    const struct dirent *entry;
    while (reader && (entry = readdir(reader)))
        if (is_our_name(entry->d_name))
            clear_one(fd, entry->d_name);
}

static bool write_new(int folder, const char *name, struct str content)
{
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool written = file_write_all(fd, content);
    return close(fd) == 0 && written;
}

static bool write_below(struct arena *arena, const struct fix_folder *folder, const struct fix_file *file,
                        struct error *error)
{
    struct str name = file->path;
    struct str inner;
    struct fix_folder *within;
    struct str path = str_join3(arena, folder->path, STR("/"), file->path);
    str_cut(&name, '/', &inner);
    if (!open_at(arena, folder->fd, inner, path, &within, error))
        return false;
    return write_new(within->fd, str_to_c(arena, name), file->content) || fail(error, "write", path);
}

/* A reader sees the old page or the new one, never a part. */
static bool write_page(const struct fix_folder *folder, struct str content, struct error *error)
{
    unlinkat(folder->fd, readme_new, 0);
    return (write_new(folder->fd, readme_new, content) && renameat(folder->fd, readme_new, folder->fd, readme) == 0) ||
           fail(error, "write README.md in", folder->path);
}

bool fix_folder_write(struct arena *arena, const struct fix_folder *folder, const struct fix_file *files, size_t count,
                      struct error *error)
{
    clear(folder->fd);
    for (size_t i = 0; i < count; i++) {
        bool page = str_equal(files[i].path, str_from(readme));
        if (page ? !write_page(folder, files[i].content, error) : !write_below(arena, folder, &files[i], error))
            return false;
    }
    return true;
}
