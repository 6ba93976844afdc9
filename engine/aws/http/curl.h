/*
 * curl.h: libcurl, loaded on first use: linking it would cost each start of the program some 5 ms,
 * and most commands never touch the network. For the files of engine/aws alone.
 */
#ifndef EXPORTCHECK_AWS_HTTP_CURL_H
#define EXPORTCHECK_AWS_HTTP_CURL_H

#include "base/error.h"
#include "base/str.h"

#include <curl/curl.h>

/** The functions that are used, by their names without `curl_`. */
struct curl {
    CURLcode (*global_init)(long flags);
    void (*global_cleanup)(void);
    CURL *(*easy_init_)(void);
    void (*easy_cleanup_)(CURL *easy);
    void (*easy_reset_)(CURL *easy);
    CURLcode (*easy_setopt_)(CURL *easy, CURLoption option, ...);
    CURLcode (*easy_getinfo_)(CURL *easy, CURLINFO info, ...);
    CURLcode (*easy_perform_)(CURL *easy);
    const char *(*easy_strerror_)(CURLcode code);
    CURLM *(*multi_init_)(void);
    CURLMcode (*multi_cleanup_)(CURLM *multi);
    CURLMcode (*multi_setopt_)(CURLM *multi, CURLMoption option, ...);
    CURLMcode (*multi_add_handle_)(CURLM *multi, CURL *easy);
    CURLMcode (*multi_remove_handle_)(CURLM *multi, CURL *easy);
    CURLMcode (*multi_perform_)(CURLM *multi, int *running);
    CURLMcode (*multi_poll_)(CURLM *multi, struct curl_waitfd *extra, unsigned count, int timeout, int *number);
    CURLMsg *(*multi_info_read_)(CURLM *multi, int *left);
    struct curl_slist *(*slist_append_)(struct curl_slist *list, const char *line);
    void (*slist_free_all_)(struct curl_slist *list);
};

/**
 * Loads libcurl.so.4, or the GnuTLS build of it, and initializes it; `arena` closes it. False, code
 * "io", saying what to install, where there is none or it is older than 7.62.
 */
bool curl_load(struct arena *arena, struct curl *ret, struct error *error) MUST_CHECK;

/* Options by type, which the variadic function cannot check. False if libcurl refuses. */
bool curl_set_long(const struct curl *curl, CURL *easy, CURLoption option, long value);
bool curl_set_text(const struct curl *curl, CURL *easy, CURLoption option, const char *value);
bool curl_set_pointer(const struct curl *curl, CURL *easy, CURLoption option, void *value);

#endif
