/* isal.c: see isal.h. */
#include "costs/isal.h"

#ifdef EXPORTCHECK_ISAL
#include <dlfcn.h>
#include <string.h>

static bool find(void *library, const char *name, void *ret_function, size_t size)
{
    void *function = dlsym(library, name);
    memcpy(ret_function, &function, size); /* POSIX allows it, and C has no cast for it */
    return function;
}

bool isal_load(struct isal *ret)
{
    void *library = dlopen("libisal.so.2", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    struct isal isal;
    if (!library || !find(library, "isal_inflate_init", &isal.inflate_init, sizeof isal.inflate_init) ||
        !find(library, "isal_inflate", &isal.inflate, sizeof isal.inflate))
        return false;
    *ret = isal;
    return true;
}
#else
struct isal_is_not_built_in;
#endif
