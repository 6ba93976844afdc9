/* prompt.c: see prompt.h. */
#include "cli/target/prompt.h"

#include <openssl/crypto.h>
#include <string.h>
#include <termios.h>

static void close_stream(FILE **stream)
{
    if (*stream)
        fclose(*stream);
}

bool prompt_secret(struct program *program, const char *question, const struct secret **ret, struct error *error)
{
    enum { LINE_MAX_BYTES = 1024 };
    char line[LINE_MAX_BYTES];
    struct termios shown;
    CLEANUP(close_stream) FILE *terminal = fopen("/dev/tty", "r+");
    if (!terminal || tcgetattr(fileno(terminal), &shown) != 0)
        return error_set(error, ERROR_INPUT,
                         "there is no terminal to ask for the password on; name a file with "
                         "--optscale-password-file");
    struct termios hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    setvbuf(terminal, NULL, _IONBF, 0); /* no copy of the secret in a buffer */
    fputs(question, terminal);
    tcsetattr(fileno(terminal), TCSAFLUSH, &hidden);
    bool read = fgets(line, sizeof line, terminal) != NULL;
    tcsetattr(fileno(terminal), TCSAFLUSH, &shown);
    fputc('\n', terminal);
    if (!read)
        return error_set(error, ERROR_INPUT, "no password was given");
    line[strcspn(line, "\r\n")] = '\0';
    *ret = secret_make(program->arena, str_from(line));
    OPENSSL_cleanse(line, sizeof line);
    return true;
}
