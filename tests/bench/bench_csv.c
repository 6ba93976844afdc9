/*
 * bench_csv.c: what csv.h reads, for measuring and for a second opinion.
 *
 * bench_csv FILE: splits the file and says how fast. bench_csv: reads texts from standard input, each as `LENGTH\n` and
 * its bytes, and prints each as a line of JSON: its records as lists of their fields.
 */
#include "base/clock.h"
#include "base/file.h"
#include "base/json/json.h"
#include "costs/csv.h"

#include <string.h>

enum { FIELDS = 64, TEXT_MAX = 1 << 20, ROUNDS = 5 };

static struct json records_of(struct arena *arena, const char *text, size_t length)
{
    struct csv_column columns[FIELDS];
    struct csv_field fields[FIELDS];
    struct csv_record record;
    const struct csv_wanted every = csv_every_field(columns, FIELDS);
    struct json_builder records = json_build(arena, JSON_ARRAY);
    struct csv_scanner scanner = csv_scanner(text, length);
    for (size_t at = 0; at < length; at = record.end) {
        struct json_builder row = json_build(arena, JSON_ARRAY);
        if (!csv_next(&scanner, at, true, &every, fields, FIELDS, &record))
            break;
        for (size_t i = 0; i < record.count && i < FIELDS; i++) {
            struct buf scratch = buf_make(arena, BUF_NO_MAX);
            json_build_add(&row, json_string(csv_text(fields[i].raw, &scratch)));
        }
        json_build_add(&records, json_built(&row));
    }
    return json_built(&records);
}

static void print_texts(void)
{
    size_t length;
    struct sink out = sink_to_stream(stdout);
    while (scanf("%zu", &length) == 1 && getchar() == '\n' && length < TEXT_MAX) {
        CLEANUP(arena_closep) struct arena *arena = arena_open(0);
        char *text = arena_array(arena, char, length + CSV_SLACK);
        if (fread(text, 1, length, stdin) != length)
            return;
        struct json records = records_of(arena, text, length);
        json_write(&out, &records, 0);
        sink_add_char(&out, '\n');
    }
}

static void measure(struct str text)
{
    struct csv_column columns[FIELDS];
    struct csv_field fields[FIELDS];
    struct csv_record record;
    const struct csv_wanted every = csv_every_field(columns, FIELDS);
    for (int round = 0; round < ROUNDS; round++) {
        size_t records = 0;
        int64_t begin = clock_milliseconds();
        struct csv_scanner scanner = csv_scanner(text.ptr, (size_t)text.len);
        for (size_t at = 0; at < (size_t)text.len; at = record.end, records++) {
            if (!csv_next(&scanner, at, true, &every, fields, FIELDS, &record))
                break;
        }
        int64_t took = clock_milliseconds() - begin;
        printf("%zu records, %lld ms, %.0f MB/s\n", records, (long long)took,
               (double)text.len / 1000 / (double)(took > 0 ? took : 1));
    }
}

int main(int argc, char **argv)
{
    CLEANUP(arena_closep) struct arena *arena = arena_open(0);
    struct error error;
    struct str text;
    if (argc < 2) {
        print_texts();
        return 0;
    }
    if (!file_read(arena, argv[1], (size_t)4 << 30, &text, &error)) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    struct str slack = str_format(arena, "%*s", CSV_SLACK, "");
    struct str padded = str_join3(arena, text, slack, STR(""));
    measure(str_slice(padded, 0, text.len));
    return 0;
}
