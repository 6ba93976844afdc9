/* delivery.c: what the domain says in a word: folders of exports, names in ARNs, columns of a query. */
#include "query/function_list.h"

#include "base/clock.h"

#include <math.h>
#include <string.h>

const struct json *function_without_suffix(struct evaluation *evaluation, const struct invocation *invocation)
{
    struct str text = invocation->values[0]->string;
    struct str suffix = invocation->values[1]->string;
    ptrdiff_t kept = str_ends(text, suffix) ? text.len - suffix.len : text.len;
    return evaluate_string(evaluation, str_slice(text, 0, kept));
}

/** One trailing slash is cut, as OptScale does (`bucket_prefix[:-1]`) and AWS does not need to. */
static struct str without_slash(struct str path)
{
    return str_ends(path, STR("/")) ? str_slice(path, 0, path.len - 1) : path;
}

const struct json *function_folder_of(struct evaluation *evaluation, const struct invocation *invocation)
{
    struct str prefix = without_slash(invocation->values[0]->string);
    struct str name = invocation->values[1]->string;
    if (!evaluate_spend_bytes(evaluation, (size_t)(prefix.len + name.len) + 2))
        return NULL;
    return evaluate_string(evaluation, str_format(evaluation->arena, "%.*s/%.*s/", STR_ARG(prefix), STR_ARG(name)));
}

const struct json *function_parent_of(struct evaluation *evaluation, const struct invocation *invocation)
{
    struct str path = invocation->values[0]->string;
    ptrdiff_t end = path.len;
    while (end > 0 && path.ptr[end - 1] != '/')
        end--;
    return end > 0 ? evaluate_string(evaluation, str_slice(path, 0, end - 1)) : &json_null;
}

/** The part between the first and the second slash, or behind the last one. */
const struct json *function_name_in(struct evaluation *evaluation, const struct invocation *invocation)
{
    struct str rest = invocation->values[0]->string;
    struct str part;
    for (int i = 0; i < 5; i++) /* arn:partition:service:region:account: */
        if (!str_cut(&rest, ':', &part))
            return &json_null;
    bool session = str_starts(rest, STR("assumed-role/"));
    if (!str_cut(&rest, '/', &part)) /* the type, or a name without one */
        return &json_null;
    while (str_cut(&rest, '/', &part) && !session)
        ;
    return part.len > 0 ? evaluate_string(evaluation, part) : &json_null;
}

const struct json *function_days_until(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct json *since = function_days_since(evaluation, invocation);
    return since ? evaluate_number(evaluation, since->number < 0 ? ceil(-since->number) : 0) : NULL;
}

/* ---- the columns of a Data Export's query ---- */

/** In lower case, without quotes, and with spaces alone for white space. */
static struct str plain_sql(struct arena *arena, struct str sql)
{
    struct buf plain = buf_make(arena, BUF_NO_MAX); /* as long as the query, which is paid for */
    for (ptrdiff_t i = 0; i < sql.len; i++) {
        char c = sql.ptr[i];
        if (c != '"')
            buf_add_char(&plain, c == '\n' || c == '\r' || c == '\t' ? ' ' : c);
    }
    return str_lower(arena, buf_str(&plain));
}

/** The last word: a column's own name, or the one that `AS` gives it. */
static struct str last_word(struct str text)
{
    text = str_trim(text);
    ptrdiff_t from = text.len;
    while (from > 0 && text.ptr[from - 1] != ' ')
        from--;
    return str_skip(text, from);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/** Where the word stands by itself, in either case, at or behind `from`; -1: nowhere. */
static ptrdiff_t find_word(struct str sql, struct str word, ptrdiff_t from)
{
    for (ptrdiff_t i = from; i + word.len <= sql.len; i++)
        if ((i == 0 || is_blank(sql.ptr[i - 1])) && (i + word.len == sql.len || is_blank(sql.ptr[i + word.len])) &&
            str_equal_nocase(str_slice(sql, i, i + word.len), word))
            return i;
    return -1;
}

/** Right behind the query's FROM; -1: it has none. */
static ptrdiff_t behind_from(struct str sql)
{
    ptrdiff_t at = find_word(sql, STR("from"), 0);
    return at < 0 ? -1 : at + STR("from").len;
}

const struct json *function_with_columns(struct evaluation *evaluation, const struct invocation *invocation)
{
    struct str sql = invocation->values[0]->string;
    const struct json *columns = invocation->values[1];
    ptrdiff_t from = behind_from(sql) - STR("from").len;
    struct buf query = buf_make(evaluation->arena, BUF_NO_MAX);
    if (from < 0)
        return &json_null;
    while (from > 0 && is_blank(sql.ptr[from - 1]))
        from--;
    buf_add(&query, str_slice(sql, 0, from));
    for (size_t i = 0; i < columns->count; i++) {
        if (!evaluate_spend_bytes(evaluation, (size_t)columns->items[i].string.len + 2))
            return NULL;
        buf_addf(&query, ", %.*s", STR_ARG(columns->items[i].string));
    }
    buf_add(&query, str_skip(sql, from));
    return evaluate_spend_bytes(evaluation, (size_t)sql.len) ? evaluate_string(evaluation, buf_str(&query)) : NULL;
}

/** The part of the query that names columns, without a DISTINCT before them. */
static struct str column_list(struct str sql, ptrdiff_t begin, ptrdiff_t end)
{
    struct str list = str_slice(sql, begin, end);
    ptrdiff_t distinct = find_word(list, STR("distinct"), 0);
    bool leads = distinct >= 0 && str_trim(str_slice(list, 0, distinct)).len == 0;
    return leads ? str_skip(list, distinct + STR("distinct").len) : list;
}

const struct json *function_all_rows(struct evaluation *evaluation, const struct invocation *invocation)
{
    struct str sql = invocation->values[0]->string;
    ptrdiff_t select = find_word(sql, STR("select"), 0);
    ptrdiff_t end = behind_from(sql);
    if (select < 0 || end < select || str_find_char(str_slice(sql, 0, end), '(', 0) >= 0)
        return &json_null; /* what is summed up has no rows to go back to */
    if (!evaluate_spend_bytes(evaluation, (size_t)sql.len))
        return NULL;
    ptrdiff_t columns = select + STR("select").len;
    while (end < sql.len && is_blank(sql.ptr[end]))
        end++;
    while (end < sql.len && !is_blank(sql.ptr[end]))
        end++;
    struct str list = column_list(sql, columns, end);
    return evaluate_string(evaluation, str_join3(evaluation->arena, str_slice(sql, 0, columns), list, STR("")));
}

const struct json *function_selected_columns(struct evaluation *evaluation, const struct invocation *invocation)
{
    struct str sql = invocation->values[0]->string;
    if (!evaluate_spend_bytes(evaluation, (size_t)sql.len * 2))
        return NULL;
    struct str rest = plain_sql(evaluation->arena, sql);
    ptrdiff_t from = str_find(rest, STR(" from "), 0);
    rest = from < 0 ? rest : str_slice(rest, 0, from);
    struct json_builder columns = json_build(evaluation->arena, JSON_ARRAY);
    struct str column;
    for (bool more = true; more;) {
        more = str_cut(&rest, ',', &column);
        column = last_word(column);
        if (!evaluate_spend_cells(evaluation, 1))
            return NULL;
        if (column.len > 0)
            json_build_add(&columns, json_string(column));
    }
    return json_box(evaluation->arena, json_built(&columns));
}

/** `text` is at most eight digits, and nothing else: their number. */
static bool digits(struct str text, int *ret)
{
    *ret = 0;
    if (text.len > 8)
        return false;
    for (ptrdiff_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        *ret = *ret * 10 + (text.ptr[i] - '0');
    }
    return text.len > 0;
}

/** A part of a path that names a billing period: `BILLING_PERIOD=2026-11`, `20261101-20261201`. As 202611; or 0. */
static int period_in(struct str part)
{
    static const struct str name = STR_INIT("BILLING_PERIOD=");
    int year, month, begin, end;
    if (str_starts(part, name) && part.len == name.len + 7 && part.ptr[name.len + 4] == '-')
        return digits(str_slice(part, name.len, name.len + 4), &year) && digits(str_skip(part, name.len + 5), &month)
                   ? year * 100 + month
                   : 0;
    bool dates = part.len == 17 && part.ptr[8] == '-' && digits(str_slice(part, 0, 8), &begin) &&
                 digits(str_skip(part, 9), &end);
    return dates ? begin / 100 : 0; /* without the day */
}

/** Of Athena's folders, `year=2026/month=9`, the month stands behind the year. */
static int period_of(struct str key)
{
    struct str part;
    int year = 0, month = 0, period = 0;
    while (!period && str_cut(&key, '/', &part)) {
        period = period_in(part);
        if (str_starts(part, STR("year=")) && !digits(str_skip(part, 5), &year))
            year = 0;
        if (year && str_starts(part, STR("month=")) && digits(str_skip(part, 6), &month))
            period = year * 100 + month;
    }
    return period;
}

/** The newest file of a billing period. */
struct newest {
    int period;
    struct str time;
    const struct json *file;
};

/** The periods stay in order, the newest first. */
static void take_newest(struct newest *list, size_t *count, struct newest file)
{
    size_t at = 0;
    while (at < *count && list[at].period > file.period)
        at++;
    if (at == *count || list[at].period != file.period) {
        memmove(&list[at + 1], &list[at], (*count - at) * sizeof *list);
        ++*count;
        list[at] = file;
    } else if (str_compare(list[at].time, file.time) < 0) {
        list[at] = file;
    }
}

const struct json *function_newest_by_period(struct evaluation *evaluation, const struct invocation *invocation)
{
    const struct json *files = invocation->values[0];
    if (!evaluate_spend_steps(evaluation, files->count) || !evaluate_spend_cells(evaluation, files->count))
        return NULL;
    struct newest *list = arena_array(evaluation->arena, struct newest, files->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < files->count; i++) {
        struct newest file = {.time = json_find_string(&files->items[i], "LastModified"), .file = &files->items[i]};
        file.period = period_of(json_find_string(file.file, "Key"));
        if (file.period)
            take_newest(list, &count, file);
    }
    struct json_builder found = json_build(evaluation->arena, JSON_ARRAY);
    for (size_t i = 0; i < count; i++)
        json_build_add(&found, *list[i].file);
    return json_box(evaluation->arena, json_built(&found));
}
