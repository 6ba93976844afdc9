/* Every JUnit report is valid under both schemas in use; `junit:file` differs by its two attributes alone. */
#include "reports/render.h"

#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>
#include <unistd.h>

static const char *const schemas[] = {
    TEST_SOURCE_DIR "/../shared/data/junit/junit-10.xsd",
    TEST_SOURCE_DIR "/../shared/data/junit/JUnit.xsd",
};
static const char *const names[] = {"faulty", "healthy", "choose", "hostile", "empty"};

static xmlDoc *parse(struct str text)
{
    xmlDoc *document = xmlReadMemory(text.ptr, (int)text.len, "report", NULL, XML_PARSE_NONET);
    assert_non_null(document);
    return document;
}

static void validate(const char *schema_path, const char *name)
{
    struct arena *arena = arena_open(0);
    struct results results = render_case(arena, name);
    xmlDoc *document = parse(render_results(arena, "junit", &results, render_plain));
    xmlSchemaParserCtxt *parser = xmlSchemaNewParserCtxt(schema_path);
    xmlSchema *schema = xmlSchemaParse(parser);
    assert_non_null(schema);
    xmlSchemaValidCtxt *validator = xmlSchemaNewValidCtxt(schema);
    if (xmlSchemaValidateDoc(validator, document) != 0)
        fail_msg("%s is not valid under %s", name, schema_path);
    xmlSchemaFreeValidCtxt(validator);
    xmlSchemaFree(schema);
    xmlSchemaFreeParserCtxt(parser);
    xmlFreeDoc(document);
    arena_close(arena);
}

static void reports_are_valid_under_both_schemas(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(schemas); i++) {
        if (access(schemas[i], R_OK) != 0) {
            print_message("SKIPPED: %s is not there\n", schemas[i]);
            skip();
        }
        for (size_t j = 0; j < COUNT_OF(names); j++)
            validate(schemas[i], names[j]);
    }
}

/** An attribute of the one suite. */
static int suite_count(xmlDoc *document, const char *attribute)
{
    xmlNode *suite = xmlFirstElementChild(xmlDocGetRootElement(document));
    xmlChar *text = xmlGetProp(suite, (const xmlChar *)attribute);
    assert_non_null(text);
    int count = atoi((const char *)text);
    xmlFree(text);
    return count;
}

/** How many test cases hold an element of that name; NULL: all. */
static int case_count(xmlDoc *document, const char *element)
{
    int count = 0;
    xmlNode *suite = xmlFirstElementChild(xmlDocGetRootElement(document));
    for (xmlNode *node = xmlFirstElementChild(suite); node; node = xmlNextElementSibling(node)) {
        if (!xmlStrEqual(node->name, (const xmlChar *)"testcase"))
            continue;
        xmlNode *child = xmlFirstElementChild(node);
        count += !element || (child && xmlStrEqual(child->name, (const xmlChar *)element));
    }
    return count;
}

static void counts_agree_with_the_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct arena *arena = arena_open(0);
        struct results results = render_case(arena, names[i]);
        xmlDoc *document = parse(render_results(arena, "junit", &results, render_plain));
        assert_int_equal(suite_count(document, "tests"), case_count(document, NULL));
        assert_int_equal(suite_count(document, "failures"), case_count(document, "failure"));
        assert_int_equal(suite_count(document, "errors"), case_count(document, "error"));
        assert_int_equal(suite_count(document, "skipped"), case_count(document, "skipped"));
        xmlFreeDoc(document);
        arena_close(arena);
    }
}

static void the_file_flavour_adds_file_and_line_and_nothing_else(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct results results = render_case(arena, "faulty");
    xmlDoc *document = parse(render_results(arena, "junit:file", &results, render_plain));
    xmlNode *suite = xmlFirstElementChild(xmlDocGetRootElement(document));
    for (xmlNode *node = xmlFirstElementChild(suite); node; node = xmlNextElementSibling(node)) {
        if (!xmlStrEqual(node->name, (const xmlChar *)"testcase"))
            continue;
        assert_int_equal(xmlUnsetProp(node, (const xmlChar *)"file"), 0);
        assert_int_equal(xmlUnsetProp(node, (const xmlChar *)"line"), 0);
    }
    xmlDoc *plain = parse(render_results(arena, "junit", &results, render_plain));
    xmlChar *texts[2];
    int lengths[2];
    xmlDocDumpMemory(document, &texts[0], &lengths[0]);
    xmlDocDumpMemory(plain, &texts[1], &lengths[1]);
    assert_true(xmlStrEqual(texts[0], texts[1]));
    for (size_t i = 0; i < 2; i++)
        xmlFree(texts[i]);
    xmlFreeDoc(plain);
    xmlFreeDoc(document);
    arena_close(arena);
}

static void values_come_back_as_they_were(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct results results = render_case(arena, "hostile");
    xmlDoc *document = parse(render_results(arena, "junit", &results, render_plain));
    xmlNode *suite = xmlFirstElementChild(xmlDocGetRootElement(document));
    xmlNode *node = xmlFirstElementChild(suite);
    while (!xmlStrEqual(node->name, (const xmlChar *)"testcase"))
        node = xmlNextElementSibling(node);
    xmlChar *name = xmlGetProp(node, (const xmlChar *)"name");
    assert_string_equal((const char *)name, "Title with evil</script><img src=x onerror=alert(1)>");
    xmlFree(name);
    xmlFreeDoc(document);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_are_valid_under_both_schemas),
        cmocka_unit_test(counts_agree_with_the_cases),
        cmocka_unit_test(the_file_flavour_adds_file_and_line_and_nothing_else),
        cmocka_unit_test(values_come_back_as_they_were),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    xmlSchemaCleanupTypes();
    xmlCleanupParser();
    return failed;
}
