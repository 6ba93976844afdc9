/* microhttpd.c: see microhttpd.h. */
#include "account/serve/microhttpd.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} functions[] = {
    {"MHD_start_daemon", offsetof(struct microhttpd, start_daemon)},
    {"MHD_stop_daemon", offsetof(struct microhttpd, stop_daemon)},
    {"MHD_get_connection_values", offsetof(struct microhttpd, get_connection_values)},
    {"MHD_create_response_from_buffer", offsetof(struct microhttpd, create_response_from_buffer)},
    {"MHD_create_response_from_callback", offsetof(struct microhttpd, create_response_from_callback)},
    {"MHD_is_feature_supported", offsetof(struct microhttpd, is_feature_supported)},
    {"MHD_add_response_header", offsetof(struct microhttpd, add_response_header)},
    {"MHD_queue_response", offsetof(struct microhttpd, queue_response)},
    {"MHD_destroy_response", offsetof(struct microhttpd, destroy_response)},
};

bool microhttpd_load(struct arena *arena, const struct microhttpd **ret, struct error *error)
{
    static const char *const names[] = {"libmicrohttpd.so.12", "libmicrohttpd.so", "libmicrohttpd.dylib"};
    struct microhttpd *table = arena_new(arena, struct microhttpd);
    for (size_t i = 0; i < COUNT_OF(names) && !table->library; i++)
        table->library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!table->library)
        return error_set(error, ERROR_IO, "serving needs GNU libmicrohttpd (Debian: libmicrohttpd12): %s", dlerror());
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        void *function = dlsym(table->library, functions[i].name);
        if (!function)
            return error_set(error, ERROR_IO, "this libmicrohttpd has no %s", functions[i].name);
        /* POSIX allows it, and C has no cast for it. */
        memcpy((char *)table + functions[i].offset, &function, sizeof function);
    }
    *ret = table;
    return true;
}
