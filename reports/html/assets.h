/* assets.h: what is the same in every HTML report: its style, its script, and the policy that admits nothing else. */
#ifndef EXPORTCHECK_REPORTS_HTML_ASSETS_H
#define EXPORTCHECK_REPORTS_HTML_ASSETS_H

#include "base/str.h"

/**
 * The Content-Security-Policy: nothing may be loaded or sent, and of inline parts only these two, by
 * their SHA-256. tests/unit/reports/html says what the hashes have to be.
 */
extern const char html_security_policy[];

/** report.css and report.js, as they stand in `<style>` and `<script>`. */
struct str html_style(void);
struct str html_script(void);

#endif
