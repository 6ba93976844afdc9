/* picture.h: the way of the billing data as a picture. */
#ifndef EXPORTCHECK_REPORTS_HTML_PICTURE_H
#define EXPORTCHECK_REPORTS_HTML_PICTURE_H

#include "reports/html/page.h"

/** The picture as inline SVG, once for wide screens and once for narrow ones, and its words below it. */
void picture_write(const struct html_page *page);

#endif
