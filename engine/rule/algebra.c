/* algebra.c: see algebra.h. */
#include "rule/algebra.h"

#define P VERDICT_PASS
#define F VERDICT_FAIL
#define U VERDICT_UNKNOWN
#define T VERDICT_PENDING
#define S VERDICT_SKIP
#define W VERDICT_WAIVED

/* Waived is a failure that somebody accepted: it stands just below fail, and above unknown. */
static const enum verdict and_table[VERDICT_COUNT][VERDICT_COUNT] = {
    /*         P  F  U  T  S  W */
    /* P */ {P, F, U, T, P, W},
    /* F */ {F, F, F, F, F, F},
    /* U */ {U, F, U, U, U, W},
    /* T */ {T, F, U, T, T, W},
    /* S */ {P, F, U, T, S, W},
    /* W */ {W, F, W, W, W, W},
};

static const enum verdict or_table[VERDICT_COUNT][VERDICT_COUNT] = {
    /*         P  F  U  T  S  W */
    /* P */ {P, P, P, P, P, P},
    /* F */ {P, F, U, T, F, W},
    /* U */ {P, U, U, U, U, U},
    /* T */ {P, T, U, T, T, T},
    /* S */ {P, F, U, T, S, W},
    /* W */ {P, W, U, T, W, W},
};

static const enum verdict not_table[VERDICT_COUNT] = {F, P, U, T, S, P};

enum verdict verdict_and(enum verdict a, enum verdict b)
{
    return and_table[a][b];
}

enum verdict verdict_or(enum verdict a, enum verdict b)
{
    return or_table[a][b];
}

enum verdict verdict_not(enum verdict a)
{
    return not_table[a];
}
