/* asks.c: connects, imports, and listens. */
#include "optscale/connect/asks.h"

#include "base/macros.h"
#include "optscale/discovery/prefix.h"

/* Connecting and the import after it, with each request noted but those of the import's downloads. */
struct rehearsal {
    struct optscale_account account;
    struct optscale_config config; /* that imports go by */
    struct optscale_discovery discovery;
    struct optscale_requests asked;
};

static void rehearse(struct arena *arena, const struct optscale_account *account, const struct optscale_config *config,
                     const struct optscale_build *build, struct rehearsal *ret)
{
    struct optscale_connection connection;
    *ret = (struct rehearsal){.account = *account, .config = *config, .asked = {.arena = arena}};
    ret->account.asked = &ret->asked;
    optscale_connect(arena, &ret->account, config, build, &connection);
    if (connection.ok) {
        ret->config = connection.config;
        optscale_first_import(arena, &connection, build, &ret->discovery);
        return;
    }
    ret->asked.count = 0;
    optscale_discover(arena, &ret->account, config, build, &ret->discovery);
}

struct optscale_requests optscale_asks(struct arena *arena, const struct optscale_account *account,
                                       const struct optscale_config *config, const struct optscale_build *build)
{
    struct rehearsal r;
    rehearse(arena, account, config, build, &r);
    size_t known = r.asked.count; /* a file is taken once; the one that connecting tried is among these */
    for (size_t i = 0; i < r.discovery.period_count; i++) {
        const struct optscale_period *period = &r.discovery.periods[i];
        for (size_t f = 0; f < period->count; f++) {
            struct optscale_request request = {
                STR("s3:GetObject"), r.config.bucket_name.value, period->files[f]->key, STR(""), 0, false};
            optscale_requests_add(&r.asked, request, known);
        }
    }
    return r.asked;
}

/* The folders that AWS makes directly under P/N/ (AWS: Data Exports and CUR user guides, "file names"). */
static const char *const folder_patterns[OPTSCALE_LAYOUT_COUNT][2] = {
    [OPTSCALE_LAYOUT_CUR2] = {"data/", "metadata/"},
    [OPTSCALE_LAYOUT_LEGACY] = {"20?????\?-20?????\?/", NULL},
    [OPTSCALE_LAYOUT_ATHENA] = {NULL, NULL}, /* the export's name, once more */
};

static enum optscale_layout layout_of(const struct rehearsal *r)
{
    if (r->discovery.ok)
        return r->discovery.layout;
    return r->config.version == OPTSCALE_VERSION_LEGACY ? OPTSCALE_LAYOUT_LEGACY : OPTSCALE_LAYOUT_CUR2;
}

static void add_pattern(struct rehearsal *r, struct optscale_requests *ret, const char *action, struct str key)
{
    optscale_requests_note(
        ret, (struct optscale_request){
                 .action = str_from(action), .bucket = r->config.bucket_name.value, .key = key, .is_pattern = true});
}

struct optscale_requests optscale_asks_to_come(struct arena *arena, const struct optscale_account *account,
                                               const struct optscale_config *config, const struct optscale_build *build)
{
    struct rehearsal r;
    rehearse(arena, account, config, build, &r);
    struct optscale_requests ret = {.arena = arena};
    struct str name = r.config.report_name.present ? r.config.report_name.value : STR(OPTSCALE_DEFAULT_REPORT);
    struct str prefix = r.config.bucket_prefix.present ? r.config.bucket_prefix.value : STR(OPTSCALE_DEFAULT_PREFIX);
    struct str root = optscale_prefix_folder(arena, prefix, name);
    enum optscale_layout layout = layout_of(&r);
    if (layout == OPTSCALE_LAYOUT_ATHENA)
        add_pattern(&r, &ret, "s3:ListBucket", str_format(arena, "%.*s%.*s/", STR_ARG(root), STR_ARG(name)));
    for (size_t i = 0; i < COUNT_OF(folder_patterns[layout]); i++) {
        const char *folder = folder_patterns[layout][i];
        if (folder)
            add_pattern(&r, &ret, "s3:ListBucket", str_join3(arena, root, str_from(folder), STR("")));
    }
    add_pattern(&r, &ret, "s3:GetObject", str_join3(arena, root, STR("*"), STR("")));
    return ret;
}
