/* fuzz_cases.c: whatever the bytes, a file of cases is refused with its name and a text, or its cases are run. */
#include "checks/registry.h"
#include "rule/cases/cases.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct data_file files[] = {
    {STR_INIT("rules/facts/f.json"),
     STR_INIT("{\"user\": {\"call\": \"iam:GetUser\", \"with\": {\"UserName\": \"u\"}, \"value\": \"User\"}}")},
    {STR_INIT("rules/r.json"),
     STR_INIT("{\"rules\": [{\"id\": \"user\", \"title\": \"t\", \"severity\": \"low\", \"section\": \"s\", "
              "\"place\": \"user\", \"why\": \"w\", \"fix\": {}, \"check\": {\"kind\": \"value\", \"value\": "
              "\"user.name\", \"equals\": \"a\"}}]}")},
    {STR_INIT("rules/scenarios/root-existing.json"),
     STR_INIT("{\"id\": \"root-existing\", \"title\": \"t\", \"section\": \"s\", \"rules\": [\"user\"]}")},
};

static const char account[] =
    "{\"format\": \"exportcheck-snapshot/1\", \"created\": \"2026-11-22T10:00:00Z\", \"target\": {}, \"calls\": ["
    "{\"service\": \"iam\", \"operation\": \"GetUser\", \"region\": \"us-east-1\", \"parameters\": {\"UserName\": \"u\"},"
    " \"answer\": {\"User\": {\"name\": \"a\"}}}]}";

static bool read_account(void *context, struct arena *arena, struct str path, struct str *ret_text, struct error *error)
{
    (void)context;
    (void)arena;
    (void)path;
    (void)error;
    *ret_text = str_from(account);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open(0);
    struct rule_base *base;
    struct error error = {.text = ""};
    struct case_report report = {0};
    struct str text = {(const char *)data, (ptrdiff_t)size};
    if (!rule_base_load(arena, files, COUNT_OF(files), COUNT_OF(files), check_kinds, &base, &error))
        abort();
    if (!cases_run(arena, base, STR("fuzz"), text, read_account, NULL, &report, &error) &&
        !str_starts(str_from(error.text), STR("fuzz")))
        abort();
    arena_close(arena);
    return 0;
}
