/*
 * card.h: the results of a rule that came to the same, as one card: what they have in common is said once. The first
 * are elements of the page; the rest are data, made into elements by the page's script where somebody looks at them.
 */
#ifndef EXPORTCHECK_REPORTS_HTML_CARD_H
#define EXPORTCHECK_REPORTS_HTML_CARD_H

#include "reports/html/page.h"
#include "reports/words/groups.h"

/** What results say beyond their own line (why, fix, evidence), each text once: results beyond the first refer to it.
 */
struct bodies;
struct bodies *bodies_open(struct arena *arena);
/** As `<template>` elements. */
void bodies_write(const struct html_page *page, const struct bodies *bodies);

struct card;
struct card *card_open(struct arena *arena);
void card_add(const struct html_page *page, struct bodies *bodies, struct card *card, const struct result *result,
              bool shown);

/** At length; `anchor`: it is the rule's first, so that steps lead to it. */
void card_write(const struct html_page *page, const struct group *group, bool anchor);
/** As a line that opens: for passes, and for what waits for a cause. */
void card_write_item(const struct html_page *page, const struct group *group, bool anchor);

#endif
