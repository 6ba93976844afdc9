/*
 * fuzz_policy_pattern.c: a pattern and a subject, with a line feed between: the ways of matching agree with each other
 * where they must, and a pattern without wildcards matches itself.
 */
#include "policy/language/pattern.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool matches(struct arena *arena, struct str text, struct str subject, struct pattern_rules rules)
{
    struct policy_pattern pattern;
    policy_pattern_compile(arena, text, rules, &pattern);
    return policy_pattern_match(&pattern, subject, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    struct str subject = str_slice((struct str){(const char *)data, (ptrdiff_t)size}, 0, 4096);
    struct str text;
    str_cut(&subject, '\n', &text);
    bool plain = matches(arena, text, subject, (struct pattern_rules){.wildcards = true});
    bool confined = matches(arena, text, subject, (struct pattern_rules){.wildcards = true, .parts = PATTERN_ARN});
    bool resource = matches(arena, text, subject, (struct pattern_rules){.wildcards = true, .parts = PATTERN_RESOURCE});
    bool folded = matches(arena, text, subject, (struct pattern_rules){.wildcards = true, .fold = true});
    bool literal = matches(arena, text, text, (struct pattern_rules){.wildcards = false});
    (void)matches(arena, text, subject, (struct pattern_rules){.wildcards = true, .variables = true});
    /* Confining a wildcard only takes away; folding case only adds. */
    if ((confined && !plain) || (resource && !plain) || (plain && !folded) || !literal)
        abort();
    arena_close(arena);
    return 0;
}
