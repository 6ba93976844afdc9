/* condition_value.c: reading the values of conditions; see condition_value.h. */
#include "policy/language/condition_value.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 64 }; /* no number, time or address is longer */

/* A copy with a NUL behind it, for the C library. */
static bool copy_text(struct str text, char buffer[TEXT_MAX])
{
    if (text.len <= 0 || text.len >= TEXT_MAX || memchr(text.ptr, '\0', (size_t)text.len))
        return false;
    memcpy(buffer, text.ptr, (size_t)text.len);
    buffer[text.len] = '\0';
    return true;
}

bool value_read_number(struct str text, double *ret)
{
    char buffer[TEXT_MAX];
    /* strtod() reads hexadecimal, infinities and leading blanks too. */
    if (!copy_text(text, buffer) || strspn(buffer, "0123456789+-.eE") != (size_t)text.len)
        return false;
    char *end;
    double number = strtod(buffer, &end);
    if (end != buffer + text.len)
        return false;
    *ret = number;
    return true;
}

/* The digits behind the decimal point, as nanoseconds. */
static int32_t read_fraction(struct str text)
{
    ptrdiff_t at = str_find_char(text, '.', 0);
    int32_t nanoseconds = 0;
    int32_t unit = 100000000;
    for (at++; at > 0 && at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9'; at++) {
        nanoseconds += (text.ptr[at] - '0') * unit;
        unit /= 10;
    }
    return nanoseconds;
}

bool value_read_moment(struct str text, struct value_moment *ret)
{
    int64_t seconds;
    if (!clock_parse(text, &seconds))
        return false;
    *ret = (struct value_moment){.seconds = seconds, .nanoseconds = read_fraction(text)};
    return true;
}

bool value_read_boolean(struct str text, bool *ret)
{
    bool is_true = str_equal_nocase(text, STR("true"));
    if (!is_true && !str_equal_nocase(text, STR("false")))
        return false;
    *ret = is_true;
    return true;
}

static bool read_prefix(struct str text, int max, int *ret)
{
    int64_t prefix;
    if (text.len == 0 || text.ptr[0] < '0' || text.ptr[0] > '9' || !str_to_int64(text, &prefix) || prefix > max)
        return false;
    *ret = (int)prefix;
    return true;
}

bool value_read_network(struct str text, struct value_network *ret)
{
    char buffer[TEXT_MAX];
    struct str address;
    bool has_prefix = str_cut(&text, '/', &address);
    struct value_network network = {.size = 4};
    if (!copy_text(address, buffer))
        return false;
    if (inet_pton(AF_INET, buffer, network.bytes) != 1) {
        network.size = 16;
        if (inet_pton(AF_INET6, buffer, network.bytes) != 1)
            return false;
    }
    network.prefix = network.size * 8;
    if (has_prefix && !read_prefix(text, network.size * 8, &network.prefix))
        return false;
    *ret = network;
    return true;
}

int value_compare_moments(struct value_moment a, struct value_moment b)
{
    if (a.seconds != b.seconds)
        return a.seconds < b.seconds ? -1 : 1;
    return (a.nanoseconds > b.nanoseconds) - (a.nanoseconds < b.nanoseconds);
}

bool value_network_holds(const struct value_network *network, const struct value_network *address)
{
    /* A range lies within a range: what a request brings is an address, but may be written as `a/32`. */
    if (network->size != address->size || network->prefix > address->prefix)
        return false;
    int whole = network->prefix / 8;
    int rest = network->prefix % 8;
    if (memcmp(network->bytes, address->bytes, (size_t)whole) != 0)
        return false;
    return rest == 0 || (network->bytes[whole] ^ address->bytes[whole]) >> (8 - rest) == 0;
}

static int base64_digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

static struct str without_padding(struct str text)
{
    for (int i = 0; i < 2 && str_ends(text, STR("=")); i++)
        text.len--;
    return text;
}

bool value_is_base64(struct str text)
{
    struct str digits = without_padding(text);
    if (text.len % 4 != 0)
        return false;
    for (ptrdiff_t i = 0; i < digits.len; i++) {
        if (base64_digit(digits.ptr[i]) < 0)
            return false;
    }
    return true;
}

bool value_same_base64(struct str a, struct str b)
{
    a = without_padding(a);
    b = without_padding(b);
    if (a.len != b.len || a.len == 0)
        return a.len == b.len;
    /* Of the last digit only the bits that belong to a whole byte count. */
    static const int unused[] = {0, 6, 4, 2};
    ptrdiff_t last = a.len - 1;
    return memcmp(a.ptr, b.ptr, (size_t)last) == 0 &&
           base64_digit(a.ptr[last]) >> unused[a.len % 4] == base64_digit(b.ptr[last]) >> unused[b.len % 4];
}
