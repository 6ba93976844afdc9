/* libxml.c: see libxml.h. */
#include "aws/shape/libxml.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} functions[] = {
    {"xmlReadMemory", offsetof(struct libxml, read_memory)},
    {"xmlDocGetRootElement", offsetof(struct libxml, root_element)},
    {"xmlFreeDoc", offsetof(struct libxml, free_document)},
};

bool libxml_load(struct libxml *ret, struct error *error)
{
    static const char *const names[] = {"libxml2.so.2", "libxml2.so.16", "libxml2.so", "libxml2.2.dylib"};
    struct libxml libxml = {.handle = NULL};
    for (size_t i = 0; i < COUNT_OF(names) && !libxml.handle; i++)
        libxml.handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!libxml.handle)
        return error_set(error, ERROR_IO, "libxml2 is not installed (%s; Debian's package is libxml2)", names[0]);
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        void *function = dlsym(libxml.handle, functions[i].name);
        if (!function) {
            libxml_unload(&libxml);
            return error_set(error, ERROR_IO, "this libxml2 has no %s", functions[i].name);
        }
        /* POSIX allows it, and C has no cast for it. */
        memcpy((char *)&libxml + functions[i].offset, &function, sizeof function);
    }
    *ret = libxml;
    return true;
}

void libxml_unload(struct libxml *libxml)
{
    if (libxml->handle)
        (void)dlclose(libxml->handle);
    libxml->handle = NULL;
}
