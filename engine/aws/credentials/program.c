/* program.c: see process.h. */
#include "aws/credentials/program.h"

#include "base/buf.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MAX = 256, ERRORS_MAX = 4096 };

/* --- splitting ------------------------------------------------------------------------------- */

struct splitter {
    struct str rest;
    struct buf word;
    bool in_word;
};

static void take_quoted(struct splitter *splitter, char quote)
{
    struct str *rest = &splitter->rest;
    while (rest->len > 0 && rest->ptr[0] != quote) {
        /* Within double quotes a backslash escapes only what is special there. */
        if (quote == '"' && rest->ptr[0] == '\\' && rest->len > 1 && strchr("\"\\$`", rest->ptr[1]))
            *rest = str_skip(*rest, 1);
        buf_add_char(&splitter->word, rest->ptr[0]);
        *rest = str_skip(*rest, 1);
    }
}

static bool take_char(struct splitter *splitter, struct error *error)
{
    char c = splitter->rest.ptr[0];
    splitter->rest = str_skip(splitter->rest, 1);
    splitter->in_word = true;
    if (c == '\'' || c == '"') {
        take_quoted(splitter, c);
        if (splitter->rest.len == 0)
            return error_set(error, ERROR_INPUT, "the command has an open quote");
        splitter->rest = str_skip(splitter->rest, 1);
    } else if (c == '\\' && splitter->rest.len > 0) {
        buf_add_char(&splitter->word, splitter->rest.ptr[0]);
        splitter->rest = str_skip(splitter->rest, 1);
    } else {
        buf_add_char(&splitter->word, c);
    }
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool process_split(struct arena *arena, struct str command, char ***ret, struct error *error)
{
    struct splitter splitter = {.rest = command, .word = buf_make(arena, BUF_NO_MAX)};
    char **words = arena_array(arena, char *, WORDS_MAX + 1);
    size_t count = 0;
    while (splitter.rest.len > 0 || splitter.in_word) {
        bool at_end = splitter.rest.len == 0 || is_blank(splitter.rest.ptr[0]);
        if (!at_end) {
            if (!take_char(&splitter, error))
                return false;
            continue;
        }
        if (splitter.in_word) {
            if (count == WORDS_MAX)
                return error_set(error, ERROR_INPUT, "the command has more than %d words", (int)WORDS_MAX);
            words[count++] = str_to_c(arena, buf_str(&splitter.word));
            buf_clear(&splitter.word);
            splitter.in_word = false;
        }
        splitter.rest = str_skip(splitter.rest, 1);
    }
    if (count == 0)
        return error_set(error, ERROR_INPUT, "the command is empty");
    *ret = words;
    return true;
}

/* --- running --------------------------------------------------------------------------------- */

struct child {
    pid_t pid;
    int output;
    int errors;
};

static void fd_close(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

static bool pipe_open(int ends[2])
{
    if (pipe(ends) != 0)
        return false;
    for (int i = 0; i < 2; i++)
        (void)fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    return true;
}

static int spawn(char **words, char **environment, int output, int errors, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return failed;
    failed = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(&actions, output, 1);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(&actions, errors, 2);
    if (!failed)
        failed = posix_spawnp(ret_pid, words[0], &actions, NULL, words, environment);
    (void)posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static bool child_start(char **words, char **environment, struct child *child, struct error *error)
{
    int output[2] = {-1, -1};
    int errors[2] = {-1, -1};
    int failed = pipe_open(output) && pipe_open(errors) ? 0 : errno;
    if (!failed)
        failed = spawn(words, environment, output[1], errors[1], &child->pid);
    fd_close(&output[1]);
    fd_close(&errors[1]);
    if (failed) {
        fd_close(&output[0]);
        fd_close(&errors[0]);
        return error_set(error, ERROR_IO, "%s: %s", words[0], strerror(failed));
    }
    child->output = output[0];
    child->errors = errors[0];
    return true;
}

static void read_some(int *fd, struct buf *to)
{
    char bytes[4096];
    ssize_t count = read(*fd, bytes, sizeof bytes);
    if (count > 0)
        buf_add(to, (struct str){bytes, count});
    else if (count == 0 || errno != EINTR)
        fd_close(fd);
}

/* Until both ends are closed. False, with the reason, where a limit was passed. */
static bool child_read(struct child *child, struct buf *output, struct buf *errors, int timeout_ms, struct error *error)
{
    int64_t end = clock_milliseconds() + timeout_ms;
    while (child->output >= 0 || child->errors >= 0) {
        struct pollfd polled[] = {{.fd = child->output, .events = POLLIN}, {.fd = child->errors, .events = POLLIN}};
        int64_t left = end - clock_milliseconds();
        if (left <= 0)
            return error_set(error, ERROR_LIMIT, "it was not done after %d seconds", timeout_ms / 1000);
        if (poll(polled, COUNT_OF(polled), (int)left) < 0 && errno != EINTR)
            return error_set(error, ERROR_IO, "poll: %s", strerror(errno));
        if (polled[0].revents)
            read_some(&child->output, output);
        if (polled[1].revents)
            read_some(&child->errors, errors);
        if (output->overflow)
            return error_set(error, ERROR_LIMIT, "it printed more than %zu bytes", output->max);
    }
    return true;
}

static int child_wait(struct child *child, bool end_it)
{
    int status = 0;
    fd_close(&child->output);
    fd_close(&child->errors);
    if (end_it)
        (void)kill(child->pid, SIGKILL);
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool process_run(struct arena *arena, char **words, char **environment, size_t output_max, int timeout_ms,
                 struct process_result *ret, struct error *error)
{
    char *no_environment[] = {NULL};
    struct child child = {0, -1, -1};
    struct buf output = buf_make(arena, output_max);
    struct buf errors = buf_make(arena, ERRORS_MAX);
    if (!child_start(words, environment ? environment : no_environment, &child, error))
        return false;
    bool ok = child_read(&child, &output, &errors, timeout_ms, error);
    int status = child_wait(&child, !ok);
    if (!ok)
        return false;
    *ret = (struct process_result){status, buf_str(&output), buf_str(&errors)};
    return true;
}
