/* clock.c: proleptic Gregorian dates; see clock.h. */
#include "base/clock.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

int64_t clock_now(void)
{
    return (int64_t)time(NULL);
}

int64_t clock_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Days since 1970-01-01, counted in 400-year eras that begin on 1 March, so that a leap day is a year's last. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct clock_date clock_date(int64_t seconds)
{
    int64_t days = seconds / 86400;
    int64_t rest = seconds % 86400;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    int month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    return (struct clock_date){
        .year = (int)(year_of_era + era * 400 + (month <= 2)),
        .month = month,
        .day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1),
        .hour = (int)(rest / 3600),
        .minute = (int)(rest / 60 % 60),
        .second = (int)(rest % 60),
    };
}

int64_t clock_seconds(struct clock_date date)
{
    return days_from_civil(date.year, date.month, date.day) * 86400 + date.hour * 3600 + date.minute * 60 + date.second;
}

struct str clock_iso(struct arena *arena, int64_t seconds)
{
    struct clock_date d = clock_date(seconds);
    return str_format(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", d.year, d.month, d.day, d.hour, d.minute, d.second);
}

struct str clock_iso_basic(struct arena *arena, int64_t seconds)
{
    struct clock_date d = clock_date(seconds);
    return str_format(arena, "%04d%02d%02dT%02d%02d%02dZ", d.year, d.month, d.day, d.hour, d.minute, d.second);
}

static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct str clock_http(struct arena *arena, int64_t seconds)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"}; /* 1970-01-01 was a Thursday */
    struct clock_date d = clock_date(seconds);
    int64_t day = days_from_civil(d.year, d.month, d.day);
    return str_format(arena, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[(day % 7 + 7) % 7], d.day,
                      month_names[d.month - 1], d.year, d.hour, d.minute, d.second);
}

/* Takes exactly `count` digits off the text. */
static bool take_digits(struct str *text, int count, int *ret)
{
    int value = 0;
    if (text->len < count)
        return false;
    for (int i = 0; i < count; i++) {
        int digit = text->ptr[i] - '0';
        if (digit < 0 || digit > 9)
            return false;
        value = value * 10 + digit;
    }
    *text = str_skip(*text, count);
    *ret = value;
    return true;
}

static bool take_char(struct str *text, char c)
{
    if (text->len == 0 || text->ptr[0] != c)
        return false;
    *text = str_skip(*text, 1);
    return true;
}

static bool is_valid(struct clock_date d)
{
    static const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (d.month < 1 || d.month > 12 || d.day < 1 || d.day > lengths[d.month - 1])
        return false;
    bool leap = d.year % 4 == 0 && (d.year % 100 != 0 || d.year % 400 == 0);
    if (d.month == 2 && d.day == 29 && !leap)
        return false;
    return d.hour <= 24 && d.minute <= 59 && d.second <= 60;
}

/* What follows the seconds: a fraction, then nothing, `Z` or an offset (in seconds). */
static bool take_zone(struct str *text, int *ret_offset)
{
    if (take_char(text, '.')) {
        ptrdiff_t digits = 0;
        while (digits < text->len && text->ptr[digits] >= '0' && text->ptr[digits] <= '9')
            digits++;
        if (digits == 0)
            return false;
        *text = str_skip(*text, digits);
    }
    *ret_offset = 0;
    if (text->len == 0 || take_char(text, 'Z') || take_char(text, 'z'))
        return true;
    int sign = take_char(text, '-') ? -1 : take_char(text, '+') ? 1 : 0;
    int hours = 0;
    int minutes = 0;
    if (!sign || !take_digits(text, 2, &hours))
        return false;
    take_char(text, ':');
    if (!take_digits(text, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_offset = sign * (hours * 3600 + minutes * 60);
    return true;
}

/* 2026, 2026-09, 2026-09-01, 2026-09-01T10:00Z, 2026-09-01T10:00:00.5+02:00 */
static bool parse_iso(struct str text, int64_t *ret)
{
    struct clock_date d = {.month = 1, .day = 1};
    int offset = 0;
    if (!take_digits(&text, 4, &d.year))
        return false;
    if (text.len && (!take_char(&text, '-') || !take_digits(&text, 2, &d.month)))
        return false;
    if (text.len && (!take_char(&text, '-') || !take_digits(&text, 2, &d.day)))
        return false;
    if (text.len) {
        if (!take_char(&text, 'T') && !take_char(&text, 't') && !take_char(&text, ' '))
            return false;
        if (!take_digits(&text, 2, &d.hour) || !take_char(&text, ':') || !take_digits(&text, 2, &d.minute))
            return false;
        if (take_char(&text, ':') && !take_digits(&text, 2, &d.second))
            return false;
        if (!take_zone(&text, &offset))
            return false;
    }
    if (text.len || !is_valid(d))
        return false;
    *ret = clock_seconds(d) - offset;
    return true;
}

/* 20260131T120000Z, also with a fraction as in a manifest's 20170701T000000.000Z */
static bool parse_basic(struct str text, int64_t *ret)
{
    struct clock_date d = {0};
    int offset = 0;
    if (!take_digits(&text, 4, &d.year) || !take_digits(&text, 2, &d.month) || !take_digits(&text, 2, &d.day) ||
        !take_char(&text, 'T') || !take_digits(&text, 2, &d.hour) || !take_digits(&text, 2, &d.minute) ||
        !take_digits(&text, 2, &d.second) || !take_zone(&text, &offset) || text.len || !is_valid(d))
        return false;
    *ret = clock_seconds(d) - offset;
    return true;
}

/* RFC 7231 section 7.1.1.1, the preferred form: Sun, 06 Nov 1994 08:49:37 GMT */
static bool parse_http(struct str text, int64_t *ret)
{
    struct clock_date d = {0};
    struct str day_name;
    if (!str_cut(&text, ',', &day_name) || day_name.len != 3 || !take_char(&text, ' ') ||
        !take_digits(&text, 2, &d.day) || !take_char(&text, ' ') || text.len < 3)
        return false;
    for (int i = 0; i < 12; i++) {
        if (str_equal(str_slice(text, 0, 3), str_from(month_names[i])))
            d.month = i + 1;
    }
    text = str_skip(text, 3);
    if (!take_char(&text, ' ') || !take_digits(&text, 4, &d.year) || !take_char(&text, ' ') ||
        !take_digits(&text, 2, &d.hour) || !take_char(&text, ':') || !take_digits(&text, 2, &d.minute) ||
        !take_char(&text, ':') || !take_digits(&text, 2, &d.second) || !str_equal(text, STR(" GMT")) || !is_valid(d))
        return false;
    *ret = clock_seconds(d);
    return true;
}

static bool parse_epoch(struct str text, int64_t *ret)
{
    double value;
    if (text.len <= 4 || !str_to_double(text, &value) || fabs(value) > 1e15)
        return false;
    *ret = (int64_t)floor(value);
    return true;
}

bool clock_parse(struct str text, int64_t *ret_seconds)
{
    text = str_trim(text);
    return parse_iso(text, ret_seconds) || parse_basic(text, ret_seconds) || parse_http(text, ret_seconds) ||
           parse_epoch(text, ret_seconds);
}
