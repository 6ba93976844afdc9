/* process.c: see process.h. */
#include "cli/process.h"

#include "base/macros.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

enum { FILES_MAX = 32 };

/* The one mutable object of the program: a signal handler is given nothing, and may do little but unlink(). */
static const char *volatile unfinished[FILES_MAX];

void process_hold_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY); /* the lowest free number: fd */
    }
}

void process_keep_secrets(void)
{
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    /* A core_pattern that is a pipe does not heed the limit. LeakSanitizer must attach to the process. */
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__)
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

static void end(int signal_number)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        const char *path = unfinished[i];
        if (path)
            (void)unlink(path);
    }
    _exit(128 + signal_number);
}

void process_catch_signals(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = end};
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        (void)sigaddset(&action.sa_mask, signals[i]); /* one of them ends it; the others wait */
    for (size_t i = 0; i < COUNT_OF(signals); i++) {
        struct sigaction before;
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
            (void)sigaction(signals[i], &action, NULL);
    }
}

void process_remove_later(const char *path)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        if (!unfinished[i]) {
            unfinished[i] = path;
            return;
        }
    }
}

void process_keep(const char *path)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        if (unfinished[i] == path)
            unfinished[i] = NULL;
    }
}

bool process_reader_left(FILE *stream)
{
    struct pollfd pipe = {.fd = fileno(stream), .events = POLLOUT};
    return poll(&pipe, 1, 0) == 1 && (pipe.revents & POLLERR);
}
