/* names.c: checks of names, each as the program that makes it words it. */
#include "optscale/model/names.h"

#include "base/macros.h"

const struct str optscale_regions[] = {
    STR_INIT("af-south-1"),     STR_INIT("ap-east-1"),      STR_INIT("ap-northeast-1"), STR_INIT("ap-northeast-2"),
    STR_INIT("ap-northeast-3"), STR_INIT("ap-south-1"),     STR_INIT("ap-south-2"),     STR_INIT("ap-southeast-1"),
    STR_INIT("ap-southeast-2"), STR_INIT("ap-southeast-3"), STR_INIT("ap-southeast-4"), STR_INIT("ap-southeast-5"),
    STR_INIT("ap-southeast-7"), STR_INIT("ca-central-1"),   STR_INIT("ca-west-1"),      STR_INIT("cn-north-1"),
    STR_INIT("cn-northwest-1"), STR_INIT("eu-central-1"),   STR_INIT("eu-central-2"),   STR_INIT("eu-north-1"),
    STR_INIT("eu-south-1"),     STR_INIT("eu-south-2"),     STR_INIT("eu-west-1"),      STR_INIT("eu-west-2"),
    STR_INIT("eu-west-3"),      STR_INIT("il-central-1"),   STR_INIT("me-central-1"),   STR_INIT("me-south-1"),
    STR_INIT("mx-central-1"),   STR_INIT("sa-east-1"),      STR_INIT("us-east-1"),      STR_INIT("us-east-2"),
    STR_INIT("us-gov-east-1"),  STR_INIT("us-gov-west-1"),  STR_INIT("us-west-1"),      STR_INIT("us-west-2"),
    STR_INIT("global"),
};

const size_t optscale_region_count = COUNT_OF(optscale_regions);

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_letter(char c)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}

static bool all_of(struct str text, bool (*accepts)(char))
{
    for (ptrdiff_t i = 0; i < text.len; i++) {
        if (!accepts(text.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* `[a-zA-Z0-9!_.*'()-\/|]`: the `)-\` in it is a range, so that most signs pass. */
static bool is_name_character(char c)
{
    return is_letter(c) || is_digit(c) || c == '!' || c == '_' || c == '\'' || c == '(' || c == '|' ||
           (c >= ')' && c <= '\\');
}

/* Python's `$` also matches before a line feed that ends the text. */
static struct str without_last_line_feed(struct str text)
{
    return str_ends(text, STR("\n")) ? str_slice(text, 0, text.len - 1) : text;
}

bool optscale_name_is_valid(struct str name)
{
    struct str body = without_last_line_feed(name);
    return body.len > 0 && all_of(body, is_name_character);
}

struct str optscale_name_bad_character(struct str name)
{
    struct str body = without_last_line_feed(name);
    for (ptrdiff_t i = 0; i < body.len; i++) {
        if (!is_name_character(body.ptr[i])) {
            ptrdiff_t end = i + 1;
            while (end < body.len && ((unsigned char)body.ptr[end] & 0xc0) == 0x80) {
                end++;
            }
            return str_slice(body, i, end);
        }
    }
    return STR("");
}

static bool is_bucket_character(char c)
{
    return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
}

static bool is_point_character(char c)
{
    return is_letter(c) || is_digit(c) || c == '-' || c == '.';
}

static bool is_region_character(char c)
{
    return is_lower(c) || is_digit(c) || c == '-';
}

/* Cuts the last part of `*rest` off, behind its last `/` or `:`; false if there is none. */
static bool cut_last(struct str *rest, struct str *ret)
{
    for (ptrdiff_t i = rest->len - 1; i >= 0; i--) {
        if (rest->ptr[i] == '/' || rest->ptr[i] == ':') {
            *ret = str_skip(*rest, i + 1);
            *rest = str_slice(*rest, 0, i);
            return true;
        }
    }
    return false;
}

static bool cut_last_word(struct str *rest, struct str word)
{
    struct str part;
    return cut_last(rest, &part) && str_equal(part, word);
}

static bool cut_last_name(struct str *rest, bool dots)
{
    struct str part;
    return cut_last(rest, &part) && part.len >= 1 && part.len <= 63 && all_of(part, is_point_character) &&
           (dots || str_find_char(part, '.', 0) < 0);
}

/* `…:service:region:account`, where what stands before it begins with `arn:aws`. */
static bool is_arn_head(struct str rest, const struct str *services, size_t service_count, bool needs_region)
{
    struct str account;
    struct str region;
    struct str service;
    if (!cut_last(&rest, &account) || account.len != 12 || !all_of(account, is_digit) || !cut_last(&rest, &region) ||
        (needs_region && region.len == 0) || !all_of(region, is_region_character) || !cut_last(&rest, &service)) {
        return false;
    }
    bool known = false;
    for (size_t i = 0; i < service_count; i++) {
        known = known || str_equal(service, services[i]);
    }
    return known && str_starts(rest, STR("arn:aws")) && str_find_char(rest, '\n', 0) < 0;
}

static bool is_access_point_arn(struct str text)
{
    static const struct str services[] = {STR_INIT("s3"), STR_INIT("s3-object-lambda")};
    return cut_last_name(&text, true) && cut_last_word(&text, STR("accesspoint")) &&
           is_arn_head(text, services, COUNT_OF(services), false);
}

static bool is_outpost_arn(struct str text)
{
    static const struct str services[] = {STR_INIT("s3-outposts")};
    return cut_last_name(&text, false) && cut_last_word(&text, STR("accesspoint")) && cut_last_name(&text, false) &&
           cut_last_word(&text, STR("outpost")) && is_arn_head(text, services, COUNT_OF(services), true);
}

enum optscale_bucket_form optscale_bucket_form(struct str name)
{
    struct str body = without_last_line_feed(name);
    if (body.len >= 1 && body.len <= 255 && all_of(body, is_bucket_character)) {
        return OPTSCALE_BUCKET_NAME_FORM;
    }
    if (is_access_point_arn(body) || is_outpost_arn(body)) {
        return OPTSCALE_BUCKET_ARN_FORM;
    }
    return OPTSCALE_BUCKET_NO_FORM;
}

static bool is_address(struct str name)
{
    int dots = 0;
    for (ptrdiff_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '.') {
            dots++;
        } else if (!is_digit(name.ptr[i])) {
            return false;
        }
    }
    return dots == 3;
}

static bool starts_with_any(struct str name, const struct str *heads, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_starts(name, heads[i])) {
            return true;
        }
    }
    return false;
}

static bool ends_with_any(struct str name, const struct str *tails, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_ends(name, tails[i])) {
            return true;
        }
    }
    return false;
}

static bool is_plain_character(char c)
{
    return is_lower(c) || is_digit(c) || c == '.' || c == '-';
}

bool optscale_bucket_name_is_creatable(struct str name)
{
    static const struct str heads[] = {STR_INIT("."), STR_INIT("-"), STR_INIT("xn--"), STR_INIT("sthree-"),
                                       STR_INIT("amzn-s3-demo-")};
    static const struct str tails[] = {STR_INIT("."),         STR_INIT("-"),     STR_INIT("-s3alias"),
                                       STR_INIT("--ol-s3"),   STR_INIT(".mrap"), STR_INIT("--x-s3"),
                                       STR_INIT("--table-s3")};
    return name.len >= 3 && name.len <= 63 && all_of(name, is_plain_character) && !is_address(name) &&
           !str_contains(name, STR("..")) && !starts_with_any(name, heads, COUNT_OF(heads)) &&
           !ends_with_any(name, tails, COUNT_OF(tails));
}

bool optscale_region_is_known(struct str region)
{
    for (size_t i = 0; i < optscale_region_count; i++) {
        if (str_equal(region, optscale_regions[i])) {
            return true;
        }
    }
    return false;
}

static bool is_label_character(char c)
{
    return is_letter(c) || is_digit(c) || c == '-';
}

bool optscale_region_is_label(struct str region)
{
    return region.len <= 63 && all_of(region, is_label_character) && (region.len == 0 || !all_of(region, is_digit)) &&
           !str_starts(region, STR("-")) && !str_ends(region, STR("-"));
}

struct str optscale_region_of_location(struct str location)
{
    if (location.len == 0) {
        return STR("us-east-1");
    }
    return str_equal(location, STR("EU")) ? STR("eu-west-1") : location;
}
