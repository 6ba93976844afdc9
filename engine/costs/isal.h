/* isal.h: Intel's ISA-L, which inflates several times as fast as zlib. Loaded on first use, where it is installed. */
#ifndef EXPORTCHECK_COSTS_ISAL_H
#define EXPORTCHECK_COSTS_ISAL_H

#ifdef EXPORTCHECK_ISAL
#include <isa-l/igzip_lib.h>

#include <stdbool.h>

struct isal {
    __typeof__(isal_inflate_init) *inflate_init;
    __typeof__(isal_inflate) *inflate;
};

/** Finds its functions; false: it is not installed here. Any thread may ask; it stays loaded. */
bool isal_load(struct isal *ret);
#endif

#endif
