/*
 * algebra.h: how verdicts combine in `all`, `any` and `not`: one table each, whose laws a test
 * holds (commutative, associative, idempotent, a neutral element; unknown is never pass).
 */
#ifndef EXPORTCHECK_RULE_ALGEBRA_H
#define EXPORTCHECK_RULE_ALGEBRA_H

#include "rule/results.h"

/** `all`: fail, then unknown, then pending decide; skip is neutral. */
enum verdict verdict_and(enum verdict a, enum verdict b);
/** `any`: pass, then unknown, then pending decide; skip is neutral. */
enum verdict verdict_or(enum verdict a, enum verdict b);
enum verdict verdict_not(enum verdict a);

#endif
