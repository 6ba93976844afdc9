/* assets.c: see assets.h. report.css and report.js are put into the program by cmake/Embed.cmake. */
#include "reports/html/assets.h"

extern const char html_style_begin[];
extern const char html_style_end[];
extern const char html_script_begin[];
extern const char html_script_end[];

const char html_security_policy[] = "default-src 'none'; base-uri 'none'; form-action 'none'; "
                                    "style-src 'sha256-sGq+Le5OcoUCHgotZKYl2Fo8ldp8NEKrDSR0lcagxq8='; "
                                    "script-src 'sha256-DkiddpXKlriIxOPn9FZ+SkMNTvQOxYbMoUW49CUWD/M='";

struct str html_style(void)
{
    return str_span(html_style_begin, html_style_end);
}

struct str html_script(void)
{
    return str_span(html_script_begin, html_script_end);
}
