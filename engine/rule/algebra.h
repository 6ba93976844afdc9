/*
 * algebra.h: how verdicts combine in `all`, `any` and `not`: one table each, whose laws a test
 * holds (commutative, associative, idempotent, a neutral element; unknown is never pass).
 */
#ifndef EXPORTCHECK_RULE_ALGEBRA_H
#define EXPORTCHECK_RULE_ALGEBRA_H

#include "rule/results.h"

/**
 * `all`: the first of fail, waived, unknown, pending, pass that is among them decides; skip is neutral.
 * Waived is a failure that somebody accepted: more certain than unknown, and no pass.
 */
enum verdict verdict_and(enum verdict a, enum verdict b);
/** `any`: the first of pass, unknown, pending, waived, fail that is among them decides; skip is neutral. */
enum verdict verdict_or(enum verdict a, enum verdict b);
/** `not`: pass and fail change places, waived is a failure, and all else stays what it is. */
enum verdict verdict_not(enum verdict a);

#endif
