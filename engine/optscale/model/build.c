/* build.c: the table of OptScale's builds. */
#include "optscale/model/build.h"

#include "base/macros.h"

const struct optscale_build optscale_builds[] = {
    {
        .name = STR_INIT("S26"),
        .description = "softwareone-platform/optscale, August 2026",
        .knows_regions = true,
        .knows_roles = true,
        .reads_old_location = true,
        .lists_all_pages = true,
        .explains_no_files = true,
        .rewrite_days = 10,
        .rereads_months = true,
    },
    {
        .name = STR_INIT("H26"),
        .description = "hystax/optscale, August 2026",
        .knows_regions = true,
        .knows_roles = true,
        .reads_old_location = true,
        .lists_all_pages = true,
        .explains_no_files = true,
        .rewrite_days = 10,
        .counts_from_run = true,
    },
    {
        .name = STR_INIT("H24"),
        .description = "hystax/optscale, October 2024",
        .rewrite_days = 5,
    },
};

const size_t optscale_build_count = COUNT_OF(optscale_builds);

const struct optscale_build *const optscale_build_default = &optscale_builds[0];

const struct optscale_build *optscale_build_find(struct str name)
{
    for (size_t i = 0; i < optscale_build_count; i++) {
        if (str_equal_nocase(optscale_builds[i].name, name)) {
            return &optscale_builds[i];
        }
    }
    return NULL;
}
