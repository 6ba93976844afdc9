/*
 * paging.h: answers that come in pages, joined into one; and the reverse, one answer cut into pages.
 *
 * A joined answer has no paging members (tokens, IsTruncated, KeyCount, MaxKeys, MaxItems,
 * MaxResults, EncodingType): what is not listed comes from the first page, lists keep their order.
 * A list is never shortened: a page that fails makes the call an error, and more pages than the
 * limit are TooLarge.
 */
#ifndef EXPORTCHECK_AWS_PROTOCOL_PAGING_H
#define EXPORTCHECK_AWS_PROTOCOL_PAGING_H

#include "aws/operation/call.h"

/** A million keys of ListObjectsV2. */
#define PAGING_MAX_PAGES 1000

/** Joins the pages of one call. */
struct pager;

/** `max_pages`: 0 for PAGING_MAX_PAGES. The call must outlive the pager. */
struct pager *pager_open(struct arena *arena, const struct call *call, size_t max_pages);
/** The token of the page to be asked next; empty for the first. */
struct str pager_token(const struct pager *pager);
/** Takes a decoded page. True: another is to be asked; false: done, look at pager_answer(). */
bool pager_add(struct pager *pager, const struct answer *page);
/** The joined answer, or the error; valid once pager_add() has returned false. */
struct answer pager_answer(const struct pager *pager);

/** Whether a member of an input or output is about pages. */
bool paging_is_member(const struct operation *operation, struct str name);

/**
 * The page of a joined answer that a token asks for, with the members that lead to the next one.
 * `limit` items a page; 0: all on one. False: the token is none that an earlier page gave.
 */
bool paging_cut(struct arena *arena, const struct operation *operation, const struct json *joined, struct str token,
                int64_t limit, const struct json **ret) MUST_CHECK;

#endif
