/* assets.h: the style sheet and the script of the HTML report, and the policy that allows these two and nothing
 * else. */
#ifndef EXPORTCHECK_REPORTS_HTML_ASSETS_H
#define EXPORTCHECK_REPORTS_HTML_ASSETS_H

#include <stddef.h>

/** The style sheet, in parts that are written one after the other. */
extern const char *const html_style[];
extern const size_t html_style_count;

extern const char html_script[];

/**
 * Content-Security-Policy: the two texts by their SHA-256, no other script or style, no network. A
 * test computes the hashes and says what to put here when a text was changed.
 */
extern const char html_security_policy[];

#endif
