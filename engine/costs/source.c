/* source.c: see source.h. */
#include "costs/source.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COMPLAINT_MAX = 4096 };

/* An open file, or a program's output. */
struct opened {
    int fd;
    pid_t pid; /* 0: a file */
    int complaints;
};

static void close_opened(void *object)
{
    struct opened *opened = object;
    if (opened->fd >= 0)
        close(opened->fd);
    if (opened->complaints >= 0)
        close(opened->complaints);
    if (opened->pid > 0) { /* nobody reads it any more */
        kill(opened->pid, SIGTERM);
        waitpid(opened->pid, NULL, 0);
    }
}

static bool read_fd(int fd, char *room, size_t max, size_t *ret, struct error *error)
{
    ssize_t got;
    do
        got = read(fd, room, max);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return error_set(error, ERROR_IO, "cannot read: %s", strerror(errno));
    *ret = (size_t)got;
    return true;
}

static bool read_file(void *self, char *room, size_t max, size_t *ret, struct error *error)
{
    const struct opened *opened = self;
    return read_fd(opened->fd, room, max, ret, error);
}

static struct opened *keep_opened(struct arena *arena)
{
    struct opened *opened = arena_new(arena, struct opened);
    *opened = (struct opened){.fd = -1, .complaints = -1};
    arena_defer(arena, close_opened, opened);
    return opened;
}

bool source_open_file(struct arena *arena, const char *path, struct byte_source *ret, struct error *error)
{
    struct opened *opened = keep_opened(arena);
    opened->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (opened->fd < 0)
        return error_set(error, ERROR_IO, "cannot open: %s", strerror(errno));
    *ret = (struct byte_source){opened, read_file};
    return true;
}

/* The last line that says something. */
static struct str last_line(struct str text)
{
    text = str_trim(text);
    return str_skip(text, str_find_last_char(text, '\n') + 1);
}

static bool judge_program(struct opened *opened, struct error *error)
{
    char text[COMPLAINT_MAX];
    size_t length = 0;
    int status = 0;
    pid_t pid = opened->pid;
    opened->pid = 0;
    if (lseek(opened->complaints, 0, SEEK_SET) != 0 || !read_fd(opened->complaints, text, sizeof text, &length, error))
        length = 0;
    if (waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    struct str said = last_line((struct str){text, (ptrdiff_t)length});
    return error_set(error, ERROR_IO, "%.*s", STR_ARG(said.len > 0 ? said : STR("the program failed")));
}

static bool read_program(void *self, char *room, size_t max, size_t *ret, struct error *error)
{
    struct opened *opened = self;
    if (!read_fd(opened->fd, room, max, ret, error))
        return false;
    return *ret > 0 || opened->pid == 0 || judge_program(opened, error);
}

/* Complaints go to a file without a name: a pipe that nobody empties would stop the program. */
static int open_complaints(void)
{
    char path[] = "/tmp/exportcheck-XXXXXX";
    int fd = mkstemp(path);
    if (fd >= 0)
        unlink(path);
    return fd;
}

static int spawn(char *const *arguments, int output, int complaints, pid_t *ret)
{
    char language[] = "LC_ALL=C";
    char *environment[] = {language, NULL}; /* nothing of ours: it may hold credentials */
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, complaints, STDERR_FILENO);
    int status = posix_spawnp(ret, arguments[0], &actions, NULL, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    return status;
}

bool source_open_program(struct arena *arena, char *const *arguments, struct byte_source *ret, struct error *error)
{
    struct opened *opened = keep_opened(arena);
    int ends[2];
    opened->complaints = open_complaints();
    if (opened->complaints < 0 || pipe(ends) != 0)
        return error_set(error, ERROR_IO, "cannot run %s: %s", arguments[0], strerror(errno));
    opened->fd = ends[0];
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    fcntl(opened->complaints, F_SETFD, FD_CLOEXEC);
    int status = spawn(arguments, ends[1], opened->complaints, &opened->pid);
    close(ends[1]);
    if (status != 0) {
        opened->pid = 0;
        return error_set(error, ERROR_INPUT, "cannot run %s: %s", arguments[0], strerror(status));
    }
    *ret = (struct byte_source){opened, read_program};
    return true;
}
