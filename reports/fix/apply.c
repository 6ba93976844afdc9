/* apply.c: see apply.h. */
#include "reports/fix/apply.h"

#include "reports/fix/kind.h"

/* The command that makes `value` the document; `value` NULL: that takes it away. */
static struct str put(struct arena *arena, const struct correction *correction, const struct json *value,
                      const char *file)
{
    const struct fix_kind *kind = fix_kind_of(correction);
    struct correction as = *correction;
    as.after = value; /* its members fill blanks, too */
    return fix_fill(arena, &as, value || !kind->remove ? kind->apply : kind->remove, str_from(file), true);
}

struct str fix_apply(struct arena *arena, const struct correction *correction)
{
    return put(arena, correction, correction->after, "corrected.json");
}

struct str fix_undo(struct arena *arena, const struct correction *correction)
{
    const struct fix_kind *kind = fix_kind_of(correction);
    if (kind->undo)
        return fix_fill(arena, correction, kind->undo, STR("before.json"), true);
    return put(arena, correction, correction->before, "before.json");
}
