/* known.c: see known.h; the table is known_table.inc. */
#include "policy/context/known.h"

#include "base/clock.h"
#include "policy/context/traits.h"
#include "policy/language/principal.h"
#include "policy/language/resource_type.h"

struct row;

/* The keys of one request while they are gathered. */
struct making {
    struct arena *arena;
    const struct request_source *source;
    struct principal principal;
    unsigned who;
    unsigned traits;
    struct str source_account; /* that a service acts for */
    bool any_source;           /* it may be any */
    struct request_key *keys;
    size_t count;
};

/* How a row's key gets its value. */
struct whence {
    void (*add)(struct making *making, const struct row *row);
    enum told told; /* what has to be told for it */
    bool follows;   /* from the request alone */
    const char *words;
};

struct row {
    struct str name;
    unsigned who;
    unsigned traits;
    const struct whence *whence;
    struct str text;
};

/* ---- How keys get their values ---- */

static void add_key(struct making *making, const struct row *row, enum request_key_kind kind, const struct str *values,
                    size_t count)
{
    making->keys[making->count++] =
        (struct request_key){.name = row->name, .kind = kind, .values = values, .value_count = count};
}

static void add_one(struct making *making, const struct row *row, enum request_key_kind kind, struct str text)
{
    struct str *value = arena_new(making->arena, struct str);
    *value = text;
    if (text.len)
        add_key(making, row, kind, value, 1);
}

static void add_text(struct making *making, const struct row *row, struct str text)
{
    add_one(making, row, KEY_FIXED, text);
}

static void not_sent(struct making *making, const struct row *row)
{
    add_key(making, row, KEY_ABSENT, NULL, 0);
}

static void open_key(struct making *making, const struct row *row)
{
    add_key(making, row, KEY_UNKNOWN, NULL, 0);
}

static void row_text(struct making *making, const struct row *row)
{
    add_text(making, row, row->text);
}

static void one_of(struct making *making, const struct row *row)
{
    struct str *values = arena_array(making->arena, struct str, 2);
    values[1] = row->text;
    str_cut(&values[1], '|', &values[0]);
    add_key(making, row, KEY_UNKNOWN, values, 2);
}

static void principal_text(struct making *making, const struct row *row)
{
    add_text(making, row, making->source->principal);
}

static void principal_account(struct making *making, const struct row *row)
{
    add_text(making, row, making->principal.account);
}

static void user_name(struct making *making, const struct row *row)
{
    add_text(making, row, making->principal.name);
}

/* A session's ARN leaves out the path of its role: only a role's own ARN tells. */
static void role_arn(struct making *making, const struct row *row)
{
    if (making->who == ROLE)
        principal_text(making, row);
}

static void source_account(struct making *making, const struct row *row)
{
    add_text(making, row, making->source->account);
}

static void source_arn(struct making *making, const struct row *row)
{
    const struct request_source *source = making->source;
    add_one(making, row, source->source_arn_is_fixed ? KEY_FIXED : KEY_RANGES, source->source_arn);
}

static void resource_account(struct making *making, const struct row *row)
{
    add_text(making, row, making->source->resource_account);
}

static void current_time(struct making *making, const struct row *row)
{
    if (making->source->now)
        add_text(making, row, clock_iso(making->arena, making->source->now));
}

static void epoch_time(struct making *making, const struct row *row)
{
    if (making->source->now)
        add_text(making, row, str_format(making->arena, "%lld", (long long)making->source->now));
}

static void add_told(struct making *making, const struct row *row)
{
    const struct told_value *told = &making->source->told[row->whence->told];
    if (told->known)
        add_key(making, row, told->count ? KEY_FIXED : KEY_ABSENT, told->texts, told->count);
}

static void address(struct making *making, const struct row *row)
{
    const struct told_value *told = &making->source->told[TOLD_ADDRESS];
    if (told->known && told->count)
        add_key(making, row, told->count == 1 ? KEY_FIXED : KEY_UNKNOWN, told->texts, told->count);
}

static bool is_home(const struct making *making, struct str account)
{
    return account.len && str_equal(account, making->source->home);
}

static void of_principal(struct making *making, const struct row *row)
{
    if (is_home(making, making->principal.account))
        add_told(making, row);
}

/* A stranger's organization may be any, and there may be none. */
static void of_source(struct making *making, const struct row *row)
{
    if (making->any_source)
        add_key(making, row, KEY_FREE, NULL, 0);
    else if (is_home(making, making->source_account))
        add_told(making, row);
}

static void of_resource(struct making *making, const struct row *row)
{
    if (is_home(making, making->source->resource_account))
        add_told(making, row);
}

static struct row named(const struct row *row, struct str name)
{
    struct row copy = *row;
    copy.name = name;
    return copy;
}

static void add_tag(struct making *making, const struct row *row, const struct str *name_and_value)
{
    struct str stem = str_slice(row->name, 0, row->name.len - 1);
    struct row tag = named(row, str_join3(making->arena, stem, name_and_value[0], STR("")));
    add_key(making, &tag, KEY_FIXED, &name_and_value[1], 1);
}

/* A key for each tag; all others are absent. */
static void add_tags(struct making *making, const struct row *row)
{
    const struct told_value *told = &making->source->told[row->whence->told];
    for (size_t i = 0; i + 1 < told->count; i += 2)
        add_tag(making, row, &told->texts[i]);
    not_sent(making, row);
}

static void principal_tags(struct making *making, const struct row *row)
{
    if (making->source->told[TOLD_PRINCIPAL_TAGS].known && is_home(making, making->principal.account))
        add_tags(making, row);
}

static void bucket_tags(struct making *making, const struct row *row)
{
    if (making->source->told[TOLD_BUCKET_TAGS].known)
        add_tags(making, row);
}

/* Of the one key that the request is about. */
static void key_tags(struct making *making, const struct row *row)
{
    const struct told_value *told = &making->source->told[TOLD_KEY_TAGS];
    bool is_read = false;
    for (size_t i = 0; i + 2 < told->count; i += 3) {
        if (!str_equal(told->texts[i], making->source->resource))
            continue;
        is_read = true;
        if (told->texts[i + 1].len)
            add_tag(making, row, &told->texts[i + 1]);
    }
    if (is_read)
        not_sent(making, row);
}

/* "AROA…:session": the name that OptScale gives its sessions by default, and any other. */
static void session_id(struct making *making, const struct row *row)
{
    const struct told_value *told = &making->source->told[TOLD_PRINCIPAL_ID];
    if (!told->known || !told->count)
        return;
    if (making->who == SESSION) {
        ptrdiff_t slash = str_find_last_char(making->principal.text, '/');
        add_text(making, row,
                 str_join3(making->arena, told->texts[0], STR(":"), str_skip(making->principal.text, slash + 1)));
        return;
    }
    struct str *values = arena_array(making->arena, struct str, 2);
    values[0] = str_join3(making->arena, told->texts[0], STR(":"), STR("opt-session"));
    values[1] = str_join3(making->arena, told->texts[0], STR(":"), STR("another-session"));
    add_key(making, row, KEY_UNKNOWN, values, 2);
}

/* Those that every account has, and so the least that OptScale asks in (AWS, "Regions": no opt-in needed). */
static void regions(struct making *making, const struct row *row)
{
    static const struct str names[] = {
        STR_INIT("us-east-1"),      STR_INIT("us-east-2"),      STR_INIT("us-west-1"),      STR_INIT("us-west-2"),
        STR_INIT("ap-south-1"),     STR_INIT("ap-northeast-1"), STR_INIT("ap-northeast-2"), STR_INIT("ap-northeast-3"),
        STR_INIT("ap-southeast-1"), STR_INIT("ap-southeast-2"), STR_INIT("ca-central-1"),   STR_INIT("eu-central-1"),
        STR_INIT("eu-north-1"),     STR_INIT("eu-west-1"),      STR_INIT("eu-west-2"),      STR_INIT("eu-west-3"),
        STR_INIT("sa-east-1"),
    };
    add_key(making, row, KEY_RANGES, names, COUNT_OF(names));
}

static void s3_endpoint(struct making *making, const struct row *row)
{
    struct str region = making->source->told[TOLD_BUCKET_REGION].texts[0];
    add_text(making, row, str_format(making->arena, "s3.%.*s.amazonaws.com", STR_ARG(region)));
}

/* The bucket's ARN where its objects share a bucket key, else the object's (S3 User Guide, "Encryption context"). */
static void encryption_context(struct making *making, const struct row *row)
{
    const struct told_value *bucket = &making->source->told[TOLD_BUCKET];
    const struct told_value *shared = &making->source->told[TOLD_BUCKET_KEY];
    if (!bucket->known || !bucket->count)
        return;
    struct str *values = arena_array(making->arena, struct str, 2);
    values[0] = bucket->texts[0];
    values[1] = str_join3(making->arena, bucket->texts[0], STR("/*"), STR(""));
    if (!shared->known || !shared->count)
        add_key(making, row, KEY_UNKNOWN, values, 2);
    else if (str_equal(shared->texts[0], STR("true")))
        add_key(making, row, KEY_FIXED, values, 1);
    else
        add_key(making, row, KEY_RANGES, values + 1, 1);
}

/* ---- The table ---- */

#define WHENCE(name, function, told, follows, words)                                                                   \
    static const struct whence whence_##name = {(function), (told), (follows), (words)};
WHENCE(TEXT, row_text, TOLD_NOTHING, false, "always")
WHENCE(FOLLOWING_TEXT, row_text, TOLD_NOTHING, true, "always")
WHENCE(ONE_OF, one_of, TOLD_NOTHING, false, "one of these")
WHENCE(NOT_SENT, not_sent, TOLD_NOTHING, false, "never sent")
WHENCE(OPEN, open_key, TOLD_NOTHING, false, "not known")
WHENCE(PRINCIPAL, principal_text, TOLD_NOTHING, true, "the principal")
WHENCE(PRINCIPAL_ACCOUNT, principal_account, TOLD_NOTHING, true, "the principal's account")
WHENCE(USER_NAME, user_name, TOLD_NOTHING, true, "the user's name")
WHENCE(ROLE_ARN, role_arn, TOLD_NOTHING, true, "the role's ARN")
WHENCE(SOURCE_ACCOUNT, source_account, TOLD_NOTHING, false, "the account that it acts for")
WHENCE(SOURCE_ARN, source_arn, TOLD_NOTHING, false, "the export or report that it writes")
WHENCE(RESOURCE_ACCOUNT, resource_account, TOLD_NOTHING, true, "the account that owns the resource")
WHENCE(TIME, current_time, TOLD_NOTHING, false, "the account's time")
WHENCE(EPOCH, epoch_time, TOLD_NOTHING, false, "the account's time")
WHENCE(PRINCIPAL_ORGANIZATION, of_principal, TOLD_ORGANIZATION, false, "the organization's id")
WHENCE(PRINCIPAL_ORGANIZATION_PATH, of_principal, TOLD_ORGANIZATION_PATH, false, "the account's place in it")
WHENCE(SOURCE_ORGANIZATION, of_source, TOLD_ORGANIZATION, false, "the organization's id")
WHENCE(SOURCE_ORGANIZATION_PATH, of_source, TOLD_ORGANIZATION_PATH, false, "the account's place in it")
WHENCE(RESOURCE_ORGANIZATION, of_resource, TOLD_ORGANIZATION, false, "the organization's id")
WHENCE(RESOURCE_ORGANIZATION_PATH, of_resource, TOLD_ORGANIZATION_PATH, false, "the account's place in it")
WHENCE(TAGS, principal_tags, TOLD_PRINCIPAL_TAGS, false, "the tags of the user or role")
WHENCE(BUCKET_TAGS, bucket_tags, TOLD_BUCKET_TAGS, false,
       "the bucket's tags where access by attributes is on; else never sent")
WHENCE(KEY_TAGS, key_tags, TOLD_KEY_TAGS, false, "the key's tags")
WHENCE(USER_ID, of_principal, TOLD_PRINCIPAL_ID, false, "the user's unique id")
WHENCE(SESSION_ID, session_id, TOLD_PRINCIPAL_ID, false, "the role's unique id and the session's name")
WHENCE(REGIONS, regions, TOLD_NOTHING, false, "each region that needs no opt-in")
WHENCE(BUCKET_REGION, add_told, TOLD_BUCKET_REGION, false, "the bucket's region")
WHENCE(S3_ENDPOINT, s3_endpoint, TOLD_BUCKET_REGION, false, "S3 in the bucket's region")
WHENCE(ENCRYPTION_CONTEXT, encryption_context, TOLD_BUCKET_KEY, false,
       "the bucket's ARN with a bucket key, else the object's")
WHENCE(ADDRESS, address, TOLD_ADDRESS, false, "--optscale-ip")

#define KNOWN(name, who, traits, whence, text) {STR_INIT(name), (who), (traits), &whence_##whence, STR_INIT(text)},
static const struct row rows[] = {
#include "policy/context/known_table.inc"
};

static struct making begin(struct arena *arena, const struct request_source *source)
{
    struct making making = {.arena = arena, .source = source, .principal = principal_read(source->principal)};
    making.who = request_who(&making.principal);
    making.traits = request_traits(arena, source, &making.principal);
    making.source_account = source->account;
    return making;
}

static bool row_fits(const struct making *making, const struct row *row)
{
    return (row->who & making->who) && (row->traits & making->traits) == row->traits;
}

static bool is_given(const struct making *making, size_t given, struct str name)
{
    for (size_t i = 0; i < given; i++)
        if (request_key_means(making->keys[i].name, name))
            return true;
    return false;
}

/* Of what a rule says of the source, whose organization it is. */
static void read_source(struct making *making, const struct request_key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!str_equal_nocase(keys[i].name, STR("aws:SourceAccount")))
            continue;
        making->any_source = keys[i].kind == KEY_RANGES || keys[i].kind == KEY_FREE;
        if (keys[i].kind == KEY_FIXED && keys[i].value_count == 1)
            making->source_account = keys[i].values[0];
        return;
    }
}

bool condition_key_possible(struct str name)
{
    static const struct str others[] = {STR_INIT("aws"), STR_INIT("saml"), STR_INIT("jwt"), STR_INIT("ldap")};
    struct str rest = name;
    struct str prefix;
    if (!str_cut(&rest, ':', &prefix) || rest.len == 0 || rest.ptr[0] == ':')
        return false;
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (str_equal_nocase(prefix, others[i]))
            return true;
    /* Providers are named by their hosts: "token.actions.githubusercontent.com:sub". */
    return action_prefix_known(prefix) || str_find_char(prefix, '.', 0) >= 0;
}

enum key_form key_form_of(struct str key)
{
    static const struct {
        struct str name;
        enum key_form form;
    } forms[] = {
        {STR_INIT("aws:SourceAccount"), FORM_ACCOUNT},   {STR_INIT("aws:PrincipalAccount"), FORM_ACCOUNT},
        {STR_INIT("aws:ResourceAccount"), FORM_ACCOUNT}, {STR_INIT("s3:ResourceAccount"), FORM_ACCOUNT},
        {STR_INIT("kms:CallerAccount"), FORM_ACCOUNT},   {STR_INIT("aws:SourceArn"), FORM_ARN},
    };
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        if (str_equal_nocase(forms[i].name, key))
            return forms[i].form;
    return FORM_ANY;
}

bool request_key_means(struct str name, struct str key)
{
    if (name.len && name.ptr[name.len - 1] == '*') {
        struct str head = str_slice(name, 0, name.len - 1);
        return str_equal_nocase(head, str_slice(key, 0, head.len));
    }
    return str_equal_nocase(name, key);
}

/* Where the request comes from is part of any example, whether a policy asks or not. */
static bool is_asked(const struct making *making, const struct row *row)
{
    const struct key_names *asked = making->source->asked;
    bool of_source = row->whence == &whence_SOURCE_ARN || row->whence == &whence_SOURCE_ACCOUNT;
    for (size_t i = 0; asked && i < asked->count; i++)
        if (request_key_means(row->name, asked->items[i]))
            return true;
    return !asked || of_source;
}

void request_keys(struct arena *arena, const struct request_source *source, const struct request_key *extra,
                  size_t extra_count, const struct request_key **ret_keys, size_t *ret_count)
{
    struct making making = begin(arena, source);
    size_t fitting = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        fitting += row_fits(&making, &rows[i]) && is_asked(&making, &rows[i]);
    size_t tag_count = source->told[TOLD_PRINCIPAL_TAGS].count / 2 + source->told[TOLD_BUCKET_TAGS].count / 2 +
                       source->told[TOLD_KEY_TAGS].count / 3;
    making.keys = arena_array(arena, struct request_key, extra_count + fitting + tag_count);
    for (size_t i = 0; i < extra_count; i++)
        making.keys[making.count++] = extra[i];
    read_source(&making, extra, extra_count);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (row_fits(&making, &rows[i]) && is_asked(&making, &rows[i]) &&
            !is_given(&making, making.count, rows[i].name))
            rows[i].whence->add(&making, &rows[i]);
    *ret_keys = making.keys;
    *ret_count = making.count;
}

/* ---- The context of one request ---- */

bool known_key_follows(struct str key)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (rows[i].whence->follows && request_key_means(rows[i].name, key))
            return true;
    return false;
}

void known_key_needs(const struct request_source *source, struct str key, bool ret[TOLD_COUNT])
{
    CLEANUP(arena_closep) struct arena *scratch = arena_open(0);
    struct making making = begin(scratch, source);
    making.traits = source->action.len ? making.traits : ~0U;
    for (int told = 0; told < TOLD_COUNT; told++)
        ret[told] = false;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (!row_fits(&making, &rows[i]) || !request_key_means(rows[i].name, key))
            continue;
        ret[rows[i].whence->told] = rows[i].whence->told != TOLD_NOTHING;
        if (source->action.len) /* the first row decides */
            return;
    }
}

static struct context fixed_keys(struct arena *arena, const struct request_source *source, bool following)
{
    const struct request_key *keys;
    size_t count;
    request_keys(arena, source, NULL, 0, &keys, &count);
    struct context_entry *entries = arena_array(arena, struct context_entry, count);
    struct context context = {entries, 0};
    for (size_t i = 0; i < count; i++)
        if (keys[i].kind == KEY_FIXED && (!following || known_key_follows(keys[i].name)))
            entries[context.count++] = (struct context_entry){context_key(arena, keys[i].name), keys[i].name,
                                                              keys[i].values, keys[i].value_count};
    return context;
}

struct context known_context(struct arena *arena, const struct request_source *source)
{
    return fixed_keys(arena, source, false);
}

struct context known_context_that_follows(struct arena *arena, const struct request_source *source)
{
    return fixed_keys(arena, source, true);
}

/* ---- For documentation ---- */

size_t known_row_count(void)
{
    return COUNT_OF(rows);
}

static const char *who_in_words(unsigned who)
{
    static const struct {
        unsigned who;
        const char *words;
    } words[] = {
        {ANYONE, "anyone"},
        {PERSON, "a user, a role, the root user"},
        {SERVICE, "a service"},
        {USER, "a user"},
        {USER | ROOT, "a user, the root user"},
        {USER | ROLE, "a user, a role"},
        {ROLE | SESSION, "a role"},
        {ROLE, "a role"},
        {ROOT, "the root user"},
        {SERVICE | USER, "a service, a user"},
        {SERVICE | USER | ROLE, "a service, a user, a role"},
        {SERVICE | USER | ROLE | ROOT, "a service, a user, a role, the root user"},
        {SERVICE | ROLE | SESSION | ROOT, "a service, a role, the root user"},
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (words[i].who == who)
            return words[i].words;
    return "";
}

struct known_row known_row_at(struct arena *arena, size_t index)
{
    const struct row *row = &rows[index];
    const char *whence = row->whence->words;
    struct str second = row->text;
    struct str first;
    if (str_cut(&second, '|', &first))
        whence = str_to_c(arena, str_format(arena, "%s %.*s or %.*s", whence, STR_ARG(first), STR_ARG(second)));
    else if (first.len)
        whence = str_to_c(arena, str_format(arena, "%s %.*s", whence, STR_ARG(first)));
    return (struct known_row){row->name, who_in_words(row->who), whence};
}
