/* error.c: see error.h. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Cuts a text that filled its buffer back to a whole UTF-8 sequence. */
static void mend_end(char *text, size_t size)
{
    size_t length = strlen(text);
    if (length + 1 < size)
        return;
    while (length && ((unsigned char)text[length - 1] & 0xC0) == 0x80)
        length--;
    if (length && (unsigned char)text[length - 1] >= 0xC0)
        length--;
    text[length] = '\0';
}

bool error_set(struct error *error, const char *code, const char *format, ...)
{
    if (!error)
        return false;
    snprintf(error->code, sizeof error->code, "%s", code);
    va_list values;
    va_start(values, format);
    vsnprintf(error->text, sizeof error->text, format, values);
    va_end(values);
    mend_end(error->text, sizeof error->text);
    return false;
}

bool error_wrap(struct error *error, const char *format, ...)
{
    if (!error)
        return false;
    char context[sizeof error->text];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(context, sizeof context - 3, format, values);
    va_end(values);
    if (length < 0)
        return false;
    size_t used = strlen(context);
    size_t rest = strnlen(error->text, sizeof context - used - 3); /* ": " and the NUL */
    memcpy(context + used, ": ", 2);
    memcpy(context + used + 2, error->text, rest);
    context[used + 2 + rest] = '\0';
    memcpy(error->text, context, used + 3 + rest);
    mend_end(error->text, sizeof error->text);
    return false;
}

bool error_is(const struct error *error, const char *code)
{
    return strcmp(error->code, code) == 0;
}
