/* counting.h: counts the calls to the allocator, where the C library lets a program stand in for it. */
#ifndef EXPORTCHECK_TESTS_POLICY_COUNTING_H
#define EXPORTCHECK_TESTS_POLICY_COUNTING_H

#include <stddef.h>
#include <stdlib.h>

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !__has_feature(address_sanitizer)
#define COUNTS_ALLOCATIONS 1

static size_t allocations;

/* The C library's own, under the names by which it offers them. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    allocations++;
    return __libc_realloc(old, size);
}
#else
#define COUNTS_ALLOCATIONS 0
static size_t allocations;
#endif

#endif
