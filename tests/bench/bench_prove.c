/*
 * bench_prove.c: how long a proof takes: the delivery template against a bucket policy of 100 statements and about 20
 * KB, proven and refuted, and against policies that were built to be slow.
 *
 * Prints a line for each case: name, verdict, median and worst milliseconds, steps, megabytes. Exit status 1 if a limit
 * is missed: 1 ms for the median of the ordinary ones, a second and 64 MB for the adversarial ones.
 */
#include "base/buf.h"
#include "base/macros.h"
#include "policy/prove/prove.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define ACCOUNT "123456789012"
#define EXPORTS "bcm-data-exports.amazonaws.com"

enum { STATEMENTS = 100, ROUNDS = 301, SLOW_ROUNDS = 3 };

static const char allow_delivery[] =
    "{\"Sid\":\"EnableAWSDataExportsToWriteToS3AndCheckPolicy\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":[\"" EXPORTS
    "\",\"billingreports.amazonaws.com\"]},\"Action\":[\"s3:PutObject\",\"s3:GetBucketPolicy\"],\"Resource\":[\"arn:aws:s3:::"
    "acme-billing/*\",\"arn:aws:s3:::acme-billing\"],\"Condition\":{\"StringLike\":{\"aws:SourceAccount\":\"" ACCOUNT
    "\",\"aws:SourceArn\":[\"arn:aws:cur:us-east-1:" ACCOUNT
    ":definition/*\",\"arn:aws:bcm-data-exports:us-east-1:" ACCOUNT ":export/*\"]}}}";

static double milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static long peak_kilobytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static const struct policy *compile(struct arena *arena, struct str text)
{
    const struct json *document;
    const struct policy *policy;
    struct error error;
    struct policy_options options = {.name = STR("bench"), .type = POLICY_RESOURCE, .tolerance = POLICY_LENIENT};
    if (!json_parse(arena, STR("bench"), text, &json_limits_default, &document, &error) ||
        !policy_compile(arena, document, options, &policy, &error)) {
        fprintf(stderr, "%s\n", error.text);
        exit(EXIT_FAILURE);
    }
    return policy;
}

/* A bucket that many teams share: each statement grants or denies something near the delivery, none of them it. */
static void add_neighbours(struct buf *text, int count)
{
    for (int i = 0; i < count; i++) {
        if (i % 4 == 0)
            buf_addf(text,
                     "{\"Sid\":\"Deny%d\",\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":"
                     "\"arn:aws:s3:::acme-billing/*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"},"
                     "\"StringLike\":{\"aws:SourceArn\":\"arn:aws:*:*:*:team-%d/*\"}}},",
                     i, i);
        else if (i % 4 == 1)
            buf_addf(
                text,
                "{\"Sid\":\"Writer%d\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"" EXPORTS
                "\"},\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::acme-billing/team-%d/*\",\"Condition\":{"
                "\"StringEquals\":{\"aws:SourceAccount\":\"2109876543%02d\"}}},",
                i, i, i % 100);
        else
            buf_addf(text,
                     "{\"Sid\":\"Reader%d\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::" ACCOUNT
                     ":role/team-%d\"},\"Action\":[\"s3:GetObject\",\"s3:ListBucket\"],\"Resource\":[\"arn:aws:s3:::"
                     "acme-billing\",\"arn:aws:s3:::acme-billing/team-%d/*\"]},",
                     i, i, i);
    }
}

static const struct policy *ordinary(struct arena *arena, bool grants)
{
    struct buf text = buf_make(arena, BUF_NO_MAX);
    buf_add_c(&text, "{\"Version\":\"2012-10-17\",\"Statement\":[");
    add_neighbours(&text, STATEMENTS - 1);
    if (grants)
        buf_add_c(&text, allow_delivery);
    else
        buf_add_c(&text,
                  "{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"" EXPORTS
                  "\"},\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::acme-billing/cur2/*\",\"Condition\":{"
                  "\"StringEquals\":{\"aws:SourceArn\":\"arn:aws:bcm-data-exports:us-east-1:" ACCOUNT ":export/*\"}}}");
    buf_add_c(&text, "]}");
    return compile(arena, buf_str(&text));
}

static void add_repeated(struct buf *text, const char *piece, int count)
{
    for (int i = 0; i < count; i++)
        buf_add_c(text, piece);
}

/* Allows and Denies whose patterns overlap in as many ways as fit. */
static const struct policy *adversarial(struct arena *arena, const char *piece, int pieces, int statements, bool deny)
{
    struct buf text = buf_make(arena, BUF_NO_MAX);
    buf_add_c(&text, "{\"Statement\":[");
    for (int i = 0; i < statements; i++) {
        buf_addf(
            &text,
            "{\"Effect\":\"%s\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::acme-billing/*%c",
            deny && i % 2 ? "Deny" : "Allow", 'a' + i % 26);
        add_repeated(&text, piece, pieces + i % 7);
        buf_addf(&text, "%c\",\"Condition\":{\"StringLike\":{\"aws:SourceArn\":\"*", 'a' + i / 26);
        add_repeated(&text, piece, pieces);
        buf_addf(&text, "%c*\",\"aws:Referer\":\"*%c", 'a' + i % 26, 'a' + i % 26);
        add_repeated(&text, piece, pieces);
        buf_add_c(&text, "\"}}}");
        buf_add_c(&text, i + 1 < statements ? "," : "]}");
    }
    return compile(arena, buf_str(&text));
}

static struct request_set delivery(struct arena *arena)
{
    static const struct str actions[] = {STR_INIT("s3:PutObject"), STR_INIT("s3:GetBucketPolicy")};
    static const struct str resources[] = {STR_INIT("arn:aws:s3:::acme-billing/*"),
                                           STR_INIT("arn:aws:s3:::acme-billing")};
    struct request_part *part = arena_new(arena, struct request_part);
    *part = (struct request_part){.principal = STR(EXPORTS),
                                  .actions = actions,
                                  .action_count = COUNT_OF(actions),
                                  .resources = resources,
                                  .resource_count = COUNT_OF(resources),
                                  .resource_account = STR(ACCOUNT)};
    struct request_source source = {.principal = part->principal,
                                    .account = STR(ACCOUNT),
                                    .source_arn = STR("arn:aws:bcm-data-exports:us-east-1:" ACCOUNT ":export/*"),
                                    .resource_account = STR(ACCOUNT)};
    request_keys(arena, &source, NULL, 0, &part->keys, &part->key_count);
    return (struct request_set){part, 1};
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool measure(const char *name, const struct policy *policy, const struct request_set *set, int rounds,
                    double limit)
{
    double times[ROUNDS];
    struct prove_environment environment = {.policies.resource = policy};
    struct prove_result result = {0};
    for (int i = 0; i < rounds; i++) {
        struct arena *arena = arena_open(0);
        double begin = milliseconds();
        result = prove_grants(arena, &environment, set);
        times[i] = milliseconds() - begin;
        if (i + 1 < rounds)
            arena_close(arena);
    }
    qsort(times, (size_t)rounds, sizeof(times[0]), compare_doubles);
    struct str verdict = prove_verdict_name(result.verdict);
    printf("%-44s %-10.*s median %8.3f ms  worst %8.3f ms  %9llu steps  peak %ld MB\n", name, STR_ARG(verdict),
           times[rounds / 2], times[rounds - 1], (unsigned long long)result.steps, peak_kilobytes() / 1024);
    return times[rounds / 2] <= limit && peak_kilobytes() <= 64 * 1024;
}

int main(void)
{
    struct arena *arena = arena_open(0);
    struct request_set set = delivery(arena);
    bool good = measure("100 statements, 20 KB, proven", ordinary(arena, true), &set, ROUNDS, 1.0);
    good &= measure("100 statements, 20 KB, refuted", ordinary(arena, false), &set, ROUNDS, 1.0);
    static const struct {
        const char *name;
        const char *piece;
        int pieces;
        int statements;
        bool deny;
    } slow[] = {
        {"*a*a*a*..., 1 statement", "*a", 2000, 1, false},       {"*a*a*a*..., 40 statements", "*a", 60, 40, true},
        {"*a?*a?..., 40 statements", "*a?", 40, 40, true},       {"????..., 100 statements", "?", 30, 100, false},
        {"????..., 100 statements, Denies", "?", 30, 100, true}, {"**ab**ab..., 60 statements", "*ab?", 20, 60, true},
        {"a*b*a*b..., 100 Allows", "a*b*", 20, 100, false},
    };
    for (size_t i = 0; i < COUNT_OF(slow); i++)
        good &=
            measure(slow[i].name, adversarial(arena, slow[i].piece, slow[i].pieces, slow[i].statements, slow[i].deny),
                    &set, SLOW_ROUNDS, 1000.0);
    arena_close(arena);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
