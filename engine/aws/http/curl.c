/* curl.c: see curl.h. */
#include "aws/http/curl.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define FUNCTION(name, field)                                                                                          \
    {                                                                                                                  \
        name, offsetof(struct curl, field)                                                                             \
    }

static const struct {
    const char *name;
    size_t offset;
} functions[] = {
    FUNCTION("curl_global_init", global_init),
    FUNCTION("curl_global_cleanup", global_cleanup),
    FUNCTION("curl_easy_init", easy_init_),
    FUNCTION("curl_easy_cleanup", easy_cleanup_),
    FUNCTION("curl_easy_reset", easy_reset_),
    FUNCTION("curl_easy_setopt", easy_setopt_),
    FUNCTION("curl_easy_getinfo", easy_getinfo_),
    FUNCTION("curl_easy_perform", easy_perform_),
    FUNCTION("curl_easy_strerror", easy_strerror_),
    FUNCTION("curl_multi_init", multi_init_),
    FUNCTION("curl_multi_cleanup", multi_cleanup_),
    FUNCTION("curl_multi_setopt", multi_setopt_),
    FUNCTION("curl_multi_add_handle", multi_add_handle_),
    FUNCTION("curl_multi_remove_handle", multi_remove_handle_),
    FUNCTION("curl_multi_perform", multi_perform_),
    FUNCTION("curl_multi_poll", multi_poll_),
    FUNCTION("curl_multi_info_read", multi_info_read_),
    FUNCTION("curl_slist_append", slist_append_),
    FUNCTION("curl_slist_free_all", slist_free_all_),
};

static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so", "libcurl.4.dylib"};

static void *open_any(void)
{
    void *library = NULL;
    for (size_t i = 0; i < COUNT_OF(names) && !library; i++)
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    return library;
}

static void curl_close(void *object)
{
    void (*cleanup)(void);
    memcpy(&cleanup, object, sizeof cleanup);
    cleanup();
}

bool curl_load(struct arena *arena, struct curl *ret, struct error *error)
{
    void *library = open_any();
    struct curl curl = {0};
    if (!library)
        return error_set(error, ERROR_IO, "libcurl is not installed (%s; Debian's package is libcurl4)", names[0]);
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        void *function = dlsym(library, functions[i].name);
        if (!function) {
            (void)dlclose(library);
            return error_set(error, ERROR_IO, "libcurl is too old: it has no %s", functions[i].name);
        }
        memcpy((char *)&curl + functions[i].offset, &function, sizeof function);
    }
    if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return error_set(error, ERROR_IO, "libcurl does not start");
    /* It stays mapped until the program ends: its own libraries register handlers for that moment. */
    void (**cleanup)(void) = arena_alloc(arena, 1, sizeof *cleanup, _Alignof(max_align_t));
    *cleanup = curl.global_cleanup;
    arena_defer(arena, curl_close, cleanup);
    *ret = curl;
    return true;
}

bool curl_set_long(const struct curl *curl, CURL *easy, CURLoption option, long value)
{
    return curl->easy_setopt_(easy, option, value) == CURLE_OK;
}

bool curl_set_text(const struct curl *curl, CURL *easy, CURLoption option, const char *value)
{
    return curl->easy_setopt_(easy, option, value) == CURLE_OK;
}

bool curl_set_pointer(const struct curl *curl, CURL *easy, CURLoption option, void *value)
{
    return curl->easy_setopt_(easy, option, value) == CURLE_OK;
}
