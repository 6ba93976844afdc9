/* prompt.c: see prompt.h. */
#include "cli/target/prompt.h"

#include "base/clock.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_BYTES_MAX = 1024, LOOK_EVERY_MS = 100 };

static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

static void close_terminal(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static void hold_ends(sigset_t *ret_before)
{
    sigset_t held;
    sigemptyset(&held);
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        sigaddset(&held, ends[i]);
    sigprocmask(SIG_BLOCK, &held, ret_before);
}

static bool is_to_end(void)
{
    sigset_t pending;
    sigpending(&pending);
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (sigismember(&pending, ends[i]) == 1)
            return true;
    return false;
}

/* A terminal gives a line when it is complete: one read() takes it. */
static ssize_t read_line(int fd, char *line, int64_t deadline_ms)
{
    struct pollfd terminal = {.fd = fd, .events = POLLIN};
    while (!is_to_end() && clock_milliseconds() < deadline_ms)
        if (poll(&terminal, 1, LOOK_EVERY_MS) > 0)
            return read(fd, line, LINE_BYTES_MAX);
    return 0;
}

/* The line, its end included; 0 bytes: none came. */
static ssize_t ask(int fd, const struct termios *shown, const struct prompt *prompt, char *line)
{
    sigset_t before;
    struct termios hidden = *shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    hold_ends(&before);
    tcsetattr(fd, TCSAFLUSH, &hidden);
    dprintf(fd, "%.*s", STR_ARG(prompt->question));
    ssize_t length = read_line(fd, line, prompt->deadline_ms);
    tcsetattr(fd, TCSAFLUSH, shown);
    dprintf(fd, "\n");
    sigprocmask(SIG_SETMASK, &before, NULL); /* what was held ends the program here */
    return length;
}

bool prompt_secret(struct program *program, const struct prompt *prompt, const struct secret **ret, struct error *error)
{
    char line[LINE_BYTES_MAX];
    struct termios shown;
    CLEANUP(close_terminal) int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || tcgetattr(fd, &shown) != 0)
        return error_set(error, ERROR_INPUT, "%.*s", STR_ARG(prompt->otherwise));
    ssize_t length = ask(fd, &shown, prompt, line);
    struct str given = {line, length > 0 ? length : 0};
    while (given.len > 0 && (line[given.len - 1] == '\n' || line[given.len - 1] == '\r'))
        given.len--;
    if (given.len > 0)
        *ret = secret_make(program->arena, given);
    OPENSSL_cleanse(line, sizeof line);
    return given.len > 0 || error_set(error, ERROR_INPUT, "nothing was given at the prompt");
}
