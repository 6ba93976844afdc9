/*
 * delivery.c: the kind `delivery`: what OptScale's own discovery (engine/optscale/discovery/discovery.h) makes of
 * the files that AWS has delivered. Each finding looks at one thing that goes wrong.
 */
#include "base/clock.h"
#include "base/map.h"
#include "checks/optscale/model.h"

#include <stdlib.h>

/* What OptScale would find at the first import, after a connect where that works. */
struct delivery {
    struct arena *arena;
    int64_t now;
    struct optscale_model model;
    struct optscale_connection connection;
    struct optscale_discovery discovery;
    struct optscale_period *newest_first;
    bool detects;         /* OptScale is told to find the export itself: what comes of that is another rule's */
    int64_t newest_taken; /* when the newest file that would be imported was written */
};

struct finding {
    struct str name;
    void (*judge)(const struct delivery *delivery, struct judgement *ret);
};

struct delivery_check {
    const struct finding *finding;
    struct model_parts parts;
};

static void pass(struct judgement *ret, struct str message)
{
    ret->verdict = VERDICT_PASS;
    ret->message = message;
}

static void fail(struct judgement *ret, struct str message)
{
    ret->verdict = VERDICT_FAIL;
    ret->message = message;
}

static struct str plural(struct arena *arena, size_t count, const char *word)
{
    return str_format(arena, "%zu %s%s", count, word, count == 1 ? "" : "s");
}

/* An import keeps the text as it was raised; only connecting puts the API's words before it. */
static struct json discovery_json(const struct delivery *d)
{
    struct json_builder object = json_build(d->arena, JSON_OBJECT);
    struct json_builder periods = json_build(d->arena, JSON_OBJECT);
    json_build_append(&object, STR("ok"), json_boolean(d->discovery.ok));
    json_build_append(&object, STR("error"), d->discovery.ok ? json_null : json_string(d->discovery.failure.text));
    for (size_t i = 0; i < d->discovery.period_count; i++)
        json_build_append(&periods, d->newest_first[i].name, json_number((double)d->newest_first[i].count));
    json_build_append(&object, STR("files_by_period"), json_built(&periods));
    if (d->discovery.ok && d->discovery.period_count)
        json_build_append(&object, STR("newest_file"), json_string(clock_iso(d->arena, d->newest_taken / 1000000)));
    struct json_builder first = json_build(d->arena, JSON_ARRAY);
    for (size_t i = 0; i < d->discovery.period_count && i < OPTSCALE_FIRST_IMPORT_PERIODS; i++)
        json_build_add(&first, json_string(d->newest_first[i].name));
    json_build_append(&object, STR("first_import"), json_built(&first));
    return json_built(&object);
}

/* --- findings --- */

static void find_files(const struct delivery *d, struct judgement *ret)
{
    struct json_builder optscale = json_build(d->arena, JSON_OBJECT);
    if (!d->detects)
        json_build_append(&optscale, STR("connect"), model_outcome(d->arena, d->connection.ok, &d->connection.failure));
    json_build_append(&optscale, STR("discovery"), discovery_json(d));
    ret->optscale = json_box(d->arena, json_built(&optscale));
    if (!d->discovery.ok || d->discovery.period_count == 0) {
        struct str text = d->discovery.failure.text;
        const char *connecting = d->connection.ok ? "connecting will succeed, and " : "connecting will fail, and ";
        fail(ret,
             str_format(d->arena, "%sthe first import will fail: %.*s", d->detects ? "" : connecting, STR_ARG(text)));
        return;
    }
    struct buf buf = buf_make(d->arena, BUF_NO_MAX);
    buf_addf(&buf, "there are %.*s; the first import takes",
             STR_ARG(plural(d->arena, d->discovery.period_count, "billing period")));
    for (size_t i = 0; i < d->discovery.period_count && i < OPTSCALE_FIRST_IMPORT_PERIODS; i++)
        buf_addf(&buf, "%s %.*s", i ? "," : "", STR_ARG(d->newest_first[i].name));
    pass(ret, buf_str(&buf));
}

/* The layout of a file that is not looked at because OptScale is told the other type. */
static bool is_of_other_type(const struct delivery *d, size_t index)
{
    struct str match;
    for (int layout = 0; layout < OPTSCALE_LAYOUT_COUNT; layout++) {
        if (d->discovery.fates[index] == OPTSCALE_NO_PERIOD &&
            optscale_layout_find((enum optscale_layout)layout, d->discovery.first[index].key, &match) &&
            !optscale_layout_is_tried((enum optscale_layout)layout, d->model.config.version))
            return true;
    }
    return false;
}

/* Files of the other type beside those that are found do no harm here. */
static void find_layout(const struct delivery *d, struct judgement *ret)
{
    if (d->discovery.ok) {
        pass(ret, str_format(d->arena, "folders such as %.*s", STR_ARG(optscale_layout_example(d->discovery.layout))));
        return;
    }
    for (size_t i = 0; i < d->discovery.count; i++) {
        if (is_of_other_type(d, i)) {
            fail(ret, str_format(d->arena, "%.*s lies in a folder of the other export type",
                                 STR_ARG(d->discovery.first[i].key)));
            return;
        }
    }
    *ret = (struct judgement){.verdict = VERDICT_SKIP, .message = STR("there is no file to look at")};
}

static bool has_period(const struct delivery *d, struct str name)
{
    for (size_t i = 0; i < d->discovery.period_count; i++) {
        if (str_equal(d->discovery.periods[i].name, name))
            return true;
    }
    return false;
}

static struct str month_period(struct arena *arena, int year, int month)
{
    int next_year = month == 12 ? year + 1 : year;
    int next_month = month == 12 ? 1 : month + 1;
    return str_format(arena, "%04d%02d01-%04d%02d01", year, month, next_year, next_month);
}

/* AWS writes a month's first files within a day or two of its begin. */
static void find_current_month(const struct delivery *d, struct judgement *ret)
{
    enum { GRACE = 2 * 86400 };
    struct clock_date today = clock_date(d->now);
    struct str name = month_period(d->arena, today.year, today.month);
    int64_t due = clock_seconds((struct clock_date){.year = today.year, .month = today.month, .day = 1}) + GRACE;
    if (has_period(d, name))
        pass(ret, str_format(d->arena, "the period %.*s has files", STR_ARG(name)));
    else if (d->now < due)
        *ret = (struct judgement){.verdict = VERDICT_PENDING,
                                  .message = str_format(d->arena, "%.*s has only just begun", STR_ARG(name)),
                                  .until = clock_iso(d->arena, due)};
    else
        fail(ret, str_format(d->arena, "there are no files of %.*s; the newest period is %.*s", STR_ARG(name),
                             STR_ARG(d->discovery.period_count ? d->newest_first[0].name : STR("none"))));
}

/* Year and month of "20260101-20260201"; false for what is no month. */
static bool month_of(struct str period, int *ret_year, int *ret_month)
{
    int64_t value;
    if (!str_to_int64(str_slice(period, 0, 6), &value))
        return false;
    *ret_year = (int)(value / 100);
    *ret_month = (int)(value % 100);
    return *ret_month >= 1 && *ret_month <= 12;
}

static void find_gap(const struct delivery *d, struct judgement *ret)
{
    enum { MONTHS_MAX = 1200 };
    int year = 0;
    int month = 0;
    size_t count = d->discovery.period_count;
    if (count == 0 || !month_of(d->newest_first[count - 1].name, &year, &month)) {
        pass(ret, STR("there are no months to miss"));
        return;
    }
    struct buf missing = buf_make(d->arena, 500);
    for (int i = 0; i < MONTHS_MAX; i++) {
        struct str name = month_period(d->arena, year, month);
        if (str_compare(name, d->newest_first[0].name) >= 0)
            break;
        if (!has_period(d, name))
            buf_addf(&missing, "%s%04d-%02d", missing.len ? ", " : "", year, month);
        year += month == 12;
        month = month == 12 ? 1 : month + 1;
    }
    if (missing.len)
        fail(ret, str_format(d->arena, "missing: %.*s", STR_ARG(buf_str(&missing))));
    else
        pass(ret, str_format(d->arena, "all of %.*s are there", STR_ARG(plural(d->arena, count, "month"))));
}

/* Whether a CSV file, though older, keeps OptScale from looking at this Parquet file. */
static bool is_hidden(const struct delivery *d, size_t index)
{
    return d->discovery.fates[index] == OPTSCALE_SHADOWED && d->discovery.first[index].modified > d->newest_taken;
}

static void find_shadow(const struct delivery *d, struct judgement *ret)
{
    size_t count = 0;
    struct str hidden = STR("");
    for (size_t i = 0; i < d->discovery.count; i++) {
        if (is_hidden(d, i) && count++ == 0)
            hidden = d->discovery.first[i].key;
    }
    if (count)
        fail(ret, str_format(d->arena, "%.*s of Parquet, such as %.*s, are ignored as long as %.*s is there",
                             STR_ARG(plural(d->arena, count, "file")), STR_ARG(hidden),
                             STR_ARG(d->newest_first[0].files[0]->key)));
    else
        pass(ret, STR(""));
}

static struct str file_name(struct str key)
{
    return str_skip(key, str_find_last_char(key, '/') + 1);
}

static struct str folder_of(struct str key)
{
    return str_slice(key, 0, str_find_last_char(key, '/') + 1);
}

static const struct optscale_object *newest_file(const struct optscale_period *period)
{
    const struct optscale_object *newest = period->files[0];
    for (size_t i = 1; i < period->count; i++) {
        if (period->files[i]->modified > newest->modified)
            newest = period->files[i];
    }
    return newest;
}

/*
 * A file of another run than the newest one of its period. `twice`: one that the newest run has as
 * well, under the same name; else one that only the older, longer run had.
 */
static const struct optscale_object *find_stale(const struct delivery *d, const struct optscale_period *period,
                                                bool twice)
{
    struct str run = folder_of(newest_file(period)->key);
    struct map *names = map_open(d->arena);
    for (size_t i = 0; i < period->count; i++) {
        if (str_equal(folder_of(period->files[i]->key), run))
            map_set(names, file_name(period->files[i]->key), period->files[i]);
    }
    for (size_t i = 0; i < period->count; i++) {
        struct str key = period->files[i]->key;
        if (!str_equal(folder_of(key), run) && map_has(names, file_name(key)) == twice)
            return period->files[i];
    }
    return NULL;
}

static const struct optscale_object *find_stale_anywhere(const struct delivery *d, bool twice)
{
    for (size_t i = 0; i < d->discovery.period_count; i++) {
        const struct optscale_object *stale = find_stale(d, &d->discovery.periods[i], twice);
        if (stale)
            return stale;
    }
    return NULL;
}

static void find_leftovers(const struct delivery *d, struct judgement *ret)
{
    const struct optscale_object *stale = find_stale_anywhere(d, false);
    if (stale)
        fail(ret, str_format(d->arena, "%.*s is left of an older delivery, and is counted again", STR_ARG(stale->key)));
    else
        pass(ret, STR(""));
}

static bool is_report_file(struct str key)
{
    return optscale_format_matches(OPTSCALE_FORMAT_CSV, key) || optscale_format_matches(OPTSCALE_FORMAT_PARQUET, key);
}

/* The period that the key names, in whatever layout. */
static bool period_of(struct arena *arena, struct str key, struct str *ret)
{
    for (int layout = 0; layout < OPTSCALE_LAYOUT_COUNT; layout++) {
        char storage[OPTSCALE_PERIOD_MAX];
        struct str match;
        if (!optscale_layout_find((enum optscale_layout)layout, key, &match))
            continue;
        *ret = str_copy(arena, optscale_period_name((enum optscale_layout)layout, match, storage));
        return true;
    }
    return false;
}

/* `text` behind the first `mark`, or an empty view. */
static struct str behind(struct str text, const char *mark)
{
    ptrdiff_t at = str_find(text, str_from(mark), 0);
    return at < 0 ? STR("") : str_skip(text, at + str_from(mark).len);
}

/*
 * The period that the key names in a form that OptScale does not read: a padded month of Athena's, or BILLING_PERIOD in
 * other letters (fact sheet 3.3, P9 and P10).
 */
static bool unread_period_of(struct arena *arena, struct str key, struct str *ret)
{
    struct str lower = str_lower(arena, key);
    struct str month = behind(lower, "/month=0");
    struct str year = str_slice(behind(lower, "year="), 0, 4);
    struct str billing = str_slice(behind(lower, "billing_period="), 0, 8);
    struct str meant = billing.len ? str_format(arena, "BILLING_PERIOD=%.*s", STR_ARG(billing))
                                   : str_format(arena, "year=%.*s/month=%.*s", STR_ARG(year), STR_ARG(month));
    return (month.len || billing.len) && period_of(arena, meant, ret);
}

static bool names_period(struct arena *arena, struct str key, struct str *ret)
{
    return is_report_file(key) && (period_of(arena, key, ret) || unread_period_of(arena, key, ret));
}

/* Whether a report file is not taken and its period neither, or it is only not reached. */
static bool is_missed(const struct delivery *d, size_t index, struct str *ret_period)
{
    struct str key = d->discovery.first[index].key;
    switch ((enum optscale_fate)d->discovery.fates[index]) {
    case OPTSCALE_TAKEN:
    case OPTSCALE_OLDER_VERSION:
    case OPTSCALE_NO_REPORT:
    case OPTSCALE_FATE_COUNT: return false;
    case OPTSCALE_BEYOND_PAGE: return names_period(d->arena, key, ret_period);
    case OPTSCALE_SHADOWED:
    case OPTSCALE_NOT_IN_FOLDER:
    case OPTSCALE_NO_PERIOD: break;
    }
    return !is_hidden(d, index) && names_period(d->arena, key, ret_period) && !has_period(d, *ret_period);
}

static void find_all_periods(const struct delivery *d, struct judgement *ret)
{
    struct str period;
    for (size_t i = 0; i < d->discovery.count; i++) {
        if (is_missed(d, i, &period)) {
            fail(ret, str_format(d->arena, "%.*s of the period %.*s is not among those that OptScale takes",
                                 STR_ARG(d->discovery.first[i].key), STR_ARG(period)));
            return;
        }
    }
    const struct optscale_object *twice = find_stale_anywhere(d, true);
    if (twice)
        fail(ret, str_format(d->arena,
                             "%.*s and its newer version are both taken, since the export's name is part of "
                             "the period's folder name",
                             STR_ARG(twice->key)));
    else
        pass(ret, str_format(d->arena, "it sees %.*s", STR_ARG(plural(d->arena, d->discovery.period_count, "period"))));
}

/* The first file that would be imported and has the property. */
static const struct optscale_object *find_taken(const struct delivery *d, bool (*has)(const struct optscale_object *))
{
    for (size_t i = 0; i < d->discovery.count; i++) {
        if (d->discovery.fates[i] == OPTSCALE_TAKEN && has(&d->discovery.first[i]))
            return &d->discovery.first[i];
    }
    return NULL;
}

/* An empty stream takes 20 bytes as gzip (RFC 1952) and 22 as zip (an archive without a member). */
static bool is_empty(const struct optscale_object *object)
{
    enum { EMPTY_GZIP = 20, EMPTY_ZIP = 22 };
    return object->size == 0 || (str_ends(object->key, STR(".gz")) && object->size <= EMPTY_GZIP) ||
           (str_ends(object->key, STR(".zip")) && object->size <= EMPTY_ZIP);
}

static void find_empty(const struct delivery *d, struct judgement *ret)
{
    const struct optscale_object *object = find_taken(d, is_empty);
    if (object)
        fail(ret, str_format(d->arena, "%.*s has no content", STR_ARG(object->key)));
    else
        pass(ret, STR(""));
}

/* A class whose objects may lie in an archive tier, which HeadObject alone tells. */
static bool may_be_archived(const struct optscale_object *object)
{
    return object->storage == OPTSCALE_STORAGE_BY_CLASS && str_equal(object->storage_class, STR("INTELLIGENT_TIERING"));
}

/* Among the periods that the first import takes: what older ones hold is read when costs are imported anew. */
static const struct optscale_object *find_doubtful(const struct delivery *d)
{
    for (size_t i = 0; i < d->discovery.period_count && i < OPTSCALE_FIRST_IMPORT_PERIODS; i++) {
        const struct optscale_object *newest = newest_file(&d->newest_first[i]);
        if (may_be_archived(newest))
            return newest;
    }
    return NULL;
}

static void find_archived(const struct delivery *d, struct judgement *ret)
{
    const struct optscale_object *object = find_taken(d, optscale_object_is_archived);
    const struct optscale_object *doubtful = find_doubtful(d);
    if (object)
        fail(ret, str_format(d->arena, "%.*s is stored as %.*s%s", STR_ARG(object->key), STR_ARG(object->storage_class),
                             object->storage == OPTSCALE_STORAGE_ARCHIVED ? ", and has to be restored before it is read"
                                                                          : ""));
    else if (doubtful)
        *ret = (struct judgement){
            .verdict = VERDICT_UNKNOWN,
            .message =
                str_format(d->arena,
                           "cannot be decided: whether %.*s lies in an archive tier is told by HeadObject alone; "
                           "allow s3:GetObject to the caller, and collect again",
                           STR_ARG(doubtful->key))};
    else
        pass(ret, STR(""));
}

static void find_foreign_names(const struct delivery *d, struct judgement *ret)
{
    struct str name = d->model.config.report_name.value;
    for (size_t i = 0; i < d->discovery.count; i++) {
        struct str key = d->discovery.first[i].key;
        unsigned char fate = d->discovery.fates[i];
        bool read = fate == OPTSCALE_TAKEN || fate == OPTSCALE_OLDER_VERSION;
        if (read && is_report_file(key) && !str_contains(file_name(key), name)) {
            fail(ret, str_format(d->arena,
                                 "%.*s does not contain the export's name, %.*s; of such files only the newest "
                                 "of each period is taken",
                                 STR_ARG(key), STR_ARG(name)));
            return;
        }
    }
    pass(ret, STR(""));
}

static const struct finding findings[] = {
    {STR_INIT("files"), find_files},
    {STR_INIT("layout"), find_layout},
    {STR_INIT("current_month"), find_current_month},
    {STR_INIT("no_gap"), find_gap},
    {STR_INIT("no_shadow"), find_shadow},
    {STR_INIT("no_leftovers"), find_leftovers},
    {STR_INIT("all_periods"), find_all_periods},
    {STR_INIT("no_empty_file"), find_empty},
    {STR_INIT("file_names"), find_foreign_names},
    {STR_INIT("not_archived"), find_archived},
};

/* --- the kind --- */

static bool load(struct loader *loader, const struct json *definition, void **ret)
{
    static const struct field fields[] = {{"kind", FIELD_STRING, true}, {"finds", FIELD_STRING, true}, MODEL_FIELDS};
    struct delivery_check *check = arena_new(loader->arena, struct delivery_check);
    if (!loader_fields(loader, definition, "a check of kind delivery", fields, COUNT_OF(fields)) ||
        !model_parts_load(loader, definition, MODEL_OF_FILES, &check->parts))
        return false;
    const struct json *name = json_find(definition, "finds");
    struct str names[COUNT_OF(findings)];
    for (size_t i = 0; i < COUNT_OF(findings); i++) {
        names[i] = findings[i].name;
        if (str_equal(findings[i].name, name->string))
            check->finding = &findings[i];
    }
    *ret = check;
    return check->finding ? true : loader_unknown(loader, name, "finding", name->string, names, COUNT_OF(names));
}

static int64_t newest_taken(const struct optscale_discovery *discovery)
{
    int64_t newest = INT64_MIN;
    for (size_t i = 0; i < discovery->period_count; i++) {
        int64_t modified = newest_file(&discovery->periods[i])->modified;
        newest = modified > newest ? modified : newest;
    }
    return newest;
}

/* False, and an unknown judgement, where something of it could not be read. */
static bool discover(const struct model_parts *parts, const struct judging *judging, struct delivery *ret,
                     struct judgement *judgement)
{
    struct delivery d = {.arena = judging->arena, .now = facts_time(judging->scope.facts)};
    if (!model_make(parts, judging, &d.model, judgement))
        return false;
    d.detects = str_equal(json_find_string(facts_target(judging->scope.facts), "detect"), STR("auto"));
    optscale_connect(d.arena, &d.model.account, &d.model.config, d.model.build, &d.connection);
    if (d.connection.ok && !d.detects)
        optscale_first_import(d.arena, &d.connection, d.model.build, &d.discovery);
    else
        optscale_discover(d.arena, &d.model.account, &d.model.config, d.model.build, &d.discovery);
    d.newest_first = optscale_periods_newest_first(d.arena, &d.discovery);
    d.newest_taken = newest_taken(&d.discovery);
    *ret = d;
    return true;
}

/* By what the model is made of: a dozen rules ask for the same discovery, and a listing may have 200,000 keys. */
static struct str memo_name(const struct model_parts *parts, const struct judging *judging)
{
    struct buf buf = buf_make(judging->arena, BUF_NO_MAX);
    buf_add_c(&buf, "delivery");
    for (size_t i = 0; i < MODEL_PART_COUNT; i++) {
        buf_add_char(&buf, '\n');
        if (parts->expressions[i])
            buf_add(&buf, expression_text(parts->expressions[i]));
    }
    buf_add(&buf, json_text(judging->arena, judging->scope.parameters, 0));
    return buf_str(&buf);
}

static const struct delivery *discover_once(const struct model_parts *parts, const struct judging *judging,
                                            struct judgement *judgement)
{
    bool shared = judging->memo && !judging->scope.item && judging->scope.parameters;
    struct str name = shared ? memo_name(parts, judging) : STR("");
    const struct delivery *known = shared ? map_get(judging->memo, name) : NULL;
    if (known)
        return known;
    struct delivery *made = arena_new(judging->arena, struct delivery);
    if (!discover(parts, judging, made, judgement))
        return NULL;
    if (shared)
        map_set(judging->memo, name, made);
    return made;
}

static void judge(const void *data, const struct judging *judging, struct judgement *ret)
{
    const struct delivery_check *check = data;
    const struct delivery *delivery = discover_once(&check->parts, judging, ret);
    if (delivery)
        check->finding->judge(delivery, ret);
}

const struct check_kind check_delivery = {"delivery", "what OptScale's discovery makes of the files delivered", load,
                                          judge, NULL};
