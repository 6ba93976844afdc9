/* head.h: what a reader of the HTML report needs before any single result: the verdict, the picture, the steps. */
#ifndef EXPORTCHECK_REPORTS_HTML_HEAD_H
#define EXPORTCHECK_REPORTS_HTML_HEAD_H

#include "reports/html/page.h"

/** From the doctype to the verdict, the counts and the picture; `<body>` and `<main>` stay open. */
void head_write(const struct html_page *page);

/** "Do this first", then what OptScale will do and what to enter there, then advice. */
void head_write_steps(const struct html_page *page);

#endif
