/*
 * microhttpd.h: GNU libmicrohttpd, loaded when something is served: no other command pays for it,
 * and the program runs where it is not installed.
 */
#ifndef EXPORTCHECK_ACCOUNT_SERVE_MICROHTTPD_H
#define EXPORTCHECK_ACCOUNT_SERVE_MICROHTTPD_H

#include "base/arena.h"
#include "base/error.h"

#include <microhttpd.h>

/** The functions that serve.c uses, by their names without MHD_. */
struct microhttpd {
    void *library;
    __typeof__(MHD_start_daemon) *start_daemon;
    __typeof__(MHD_stop_daemon) *stop_daemon;
    __typeof__(MHD_get_connection_values) *get_connection_values;
    __typeof__(MHD_create_response_from_buffer) *create_response_from_buffer;
    __typeof__(MHD_create_response_from_callback) *create_response_from_callback;
    __typeof__(MHD_is_feature_supported) *is_feature_supported;
    __typeof__(MHD_add_response_header) *add_response_header;
    __typeof__(MHD_queue_response) *queue_response;
    __typeof__(MHD_destroy_response) *destroy_response;
};

/** Loads the library; it stays loaded. False, code "io": it is not there, or lacks a function. */
bool microhttpd_load(struct arena *arena, const struct microhttpd **ret, struct error *error) MUST_CHECK;

#endif
