/*
 * cloudformation.c: see cloudformation.h. Properties:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html
 */
#include "reports/fix/cloudformation.h"

#include "base/macros.h"
#include "reports/fix/kind.h"

/* ---- Lifecycle rules, which CloudFormation spells in a way of its own ---- */

/* A member of S3's rule, by its way from there, and the property that it is. */
static const struct {
    struct str pointer;
    struct str property;
} rule_properties[] = {
    {STR_INIT("/ID"), STR_INIT("Id")},
    {STR_INIT("/Status"), STR_INIT("Status")},
    {STR_INIT("/Prefix"), STR_INIT("Prefix")},
    {STR_INIT("/Filter/Prefix"), STR_INIT("Prefix")},
    {STR_INIT("/Filter/And/Prefix"), STR_INIT("Prefix")},
    {STR_INIT("/Filter/ObjectSizeGreaterThan"), STR_INIT("ObjectSizeGreaterThan")},
    {STR_INIT("/Filter/And/ObjectSizeGreaterThan"), STR_INIT("ObjectSizeGreaterThan")},
    {STR_INIT("/Filter/ObjectSizeLessThan"), STR_INIT("ObjectSizeLessThan")},
    {STR_INIT("/Filter/And/ObjectSizeLessThan"), STR_INIT("ObjectSizeLessThan")},
    {STR_INIT("/Filter/Tag"), STR_INIT("TagFilters")},
    {STR_INIT("/Filter/And/Tags"), STR_INIT("TagFilters")},
    {STR_INIT("/Expiration/Days"), STR_INIT("ExpirationInDays")},
    {STR_INIT("/Expiration/Date"), STR_INIT("ExpirationDate")},
    {STR_INIT("/Expiration/ExpiredObjectDeleteMarker"), STR_INIT("ExpiredObjectDeleteMarker")},
    {STR_INIT("/Transitions"), STR_INIT("Transitions")},
    {STR_INIT("/NoncurrentVersionExpiration"), STR_INIT("NoncurrentVersionExpiration")},
    {STR_INIT("/NoncurrentVersionTransitions"), STR_INIT("NoncurrentVersionTransitions")},
    {STR_INIT("/AbortIncompleteMultipartUpload"), STR_INIT("AbortIncompleteMultipartUpload")},
};

static struct str transition_property(struct str name)
{
    if (str_equal(name, STR("Days")) || str_equal(name, STR("NoncurrentDays")))
        return STR("TransitionInDays");
    return str_equal(name, STR("Date")) ? STR("TransitionDate") : name;
}

static struct json transitions(struct arena *arena, const struct json *list)
{
    struct json_builder built = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; i < list->count; i++) {
        struct json_builder one = json_build(arena, JSON_OBJECT);
        for (size_t k = 0; k < list->items[i].count; k++)
            json_build_set(&one, transition_property(list->items[i].members[k].name), list->items[i].members[k].value);
        json_build_add(&built, json_built(&one));
    }
    return json_built(&built);
}

static struct json property_value(struct arena *arena, struct str property, const struct json *value)
{
    struct json_builder list = json_build(arena, JSON_ARRAY);
    if (str_ends(property, STR("Transitions")) && value->type == JSON_ARRAY)
        return transitions(arena, value);
    if (str_starts(property, STR("ObjectSize"))) /* a text, says the specification */
        return json_string(json_text(arena, value, 0));
    if (!str_equal(property, STR("TagFilters")) || value->type == JSON_ARRAY)
        return *value;
    json_build_add(&list, *value);
    return json_built(&list);
}

static const struct json *lifecycle(struct arena *arena, const struct json *document)
{
    const struct json *rules = json_find(document, "Rules");
    struct json_builder built = json_build(arena, JSON_ARRAY);
    for (size_t i = 0; json_is(rules, JSON_ARRAY) && i < rules->count; i++) {
        struct json_builder rule = json_build(arena, JSON_OBJECT);
        for (size_t k = 0; k < COUNT_OF(rule_properties); k++) {
            const struct json *value = json_pointer(&rules->items[i], rule_properties[k].pointer);
            if (value)
                json_build_set(&rule, rule_properties[k].property,
                               property_value(arena, rule_properties[k].property, value));
        }
        json_build_add(&built, json_built(&rule));
    }
    struct json_builder whole = json_build(arena, JSON_OBJECT);
    json_build_append(&whole, STR("Rules"), json_built(&built));
    return json_box(arena, json_built(&whole));
}

/* ---- Other documents, as far as they differ ---- */

/* What looks like a parameter of the template is text of the document: joined, it is looked at by nobody. */
static struct json literal(struct arena *arena, struct str text)
{
    struct json_builder parts = json_build(arena, JSON_ARRAY);
    ptrdiff_t from = 0;
    for (ptrdiff_t at; (at = str_find(text, STR("${"), from)) >= 0; from = at + 1)
        json_build_add(&parts, json_string(str_slice(text, from, at + 1)));
    json_build_add(&parts, json_string(str_skip(text, from)));
    struct json_builder arguments = json_build(arena, JSON_ARRAY);
    json_build_add(&arguments, json_string(STR("")));
    json_build_add(&arguments, json_built(&parts));
    struct json_builder join = json_build(arena, JSON_OBJECT);
    json_build_append(&join, STR("Fn::Join"), json_built(&arguments));
    return json_built(&join);
}

/* NOLINTNEXTLINE(misc-no-recursion): json_limits_snapshot */
static struct json as_text(struct arena *arena, const struct json *value)
{
    if (value->type == JSON_STRING && str_contains(value->string, STR("${AWS::")))
        return literal(arena, value->string);
    if (value->type != JSON_ARRAY && value->type != JSON_OBJECT)
        return *value;
    struct json_builder built = json_build(arena, value->type);
    for (size_t i = 0; i < value->count; i++) {
        if (value->type == JSON_ARRAY)
            json_build_add(&built, as_text(arena, &value->items[i]));
        else
            json_build_append(&built, value->members[i].name, as_text(arena, &value->members[i].value));
    }
    return json_built(&built);
}

static const struct json *renamed(struct arena *arena, const struct json *object, const char *from, const char *to)
{
    struct json_builder built = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; i < object->count; i++) {
        bool here = str_equal(object->members[i].name, str_from(from));
        if (!here || to)
            json_build_append(&built, here ? str_from(to) : object->members[i].name, object->members[i].value);
    }
    return json_box(arena, json_built(&built));
}

/* Each rule's default has another name there. */
static const struct json *encryption(struct arena *arena, const struct json *document)
{
    const struct json *rules = json_find(document, "Rules");
    struct json_builder list = json_build(arena, JSON_ARRAY);
    struct json_builder whole = json_build(arena, JSON_OBJECT);
    for (size_t i = 0; json_is(rules, JSON_ARRAY) && i < rules->count; i++)
        json_build_add(&list, *renamed(arena, &rules->items[i], "ApplyServerSideEncryptionByDefault",
                                       "ServerSideEncryptionByDefault"));
    json_build_append(&whole, STR("ServerSideEncryptionConfiguration"), json_built(&list));
    return json_box(arena, json_built(&whole));
}

static const struct json *document_of(struct arena *arena, const struct correction *correction)
{
    if (str_equal(correction->kind, STR("bucket-lifecycle")))
        return lifecycle(arena, correction->after);
    if (str_equal(correction->kind, STR("bucket-encryption")))
        return encryption(arena, correction->after);
    if (str_equal(correction->kind, STR("export")))
        return renamed(arena, correction->after, "ExportArn", NULL);
    return json_box(arena, as_text(arena, correction->after));
}

static struct json properties_of(struct arena *arena, const struct fix_kind *kind, const struct correction *correction)
{
    struct json_builder properties = json_build(arena, JSON_OBJECT);
    const struct json *document = document_of(arena, correction);
    struct str name;
    struct str value;
    const char *given = kind->cloudformation.properties;
    for (size_t at = 0; fix_next_argument(arena, correction, given, &at, &name, &value);)
        json_build_append(&properties, name, json_string(value));
    if (kind->cloudformation.shape != SHAPE_MEMBERS)
        json_build_append(&properties, str_from(kind->cloudformation.member), *document);
    for (size_t i = 0; kind->cloudformation.shape == SHAPE_MEMBERS && i < document->count; i++)
        json_build_append(&properties, document->members[i].name, document->members[i].value);
    return json_built(&properties);
}

struct str fix_cloudformation(struct arena *arena, const struct correction *correction)
{
    const struct fix_kind *kind = fix_kind_of(correction);
    if (!correction->after || !kind->cloudformation.type)
        return STR("");
    struct json_builder resource = json_build(arena, JSON_OBJECT);
    /* One that is there is imported, and kept where the stack goes. */
    json_build_append(&resource, STR("Type"), json_string(str_from(kind->cloudformation.type)));
    json_build_append(&resource, STR("DeletionPolicy"), json_string(STR("Retain")));
    json_build_append(&resource, STR("UpdateReplacePolicy"), json_string(STR("Retain")));
    json_build_append(&resource, STR("Properties"), properties_of(arena, kind, correction));
    struct json_builder resources = json_build(arena, JSON_OBJECT);
    json_build_append(&resources, fix_label(arena, correction, false), json_built(&resource));
    struct json_builder template = json_build(arena, JSON_OBJECT);
    json_build_append(&template, STR("AWSTemplateFormatVersion"), json_string(STR("2010-09-09")));
    json_build_append(&template, STR("Resources"), json_built(&resources));
    struct json built = json_built(&template);
    return str_join3(arena, json_text(arena, &built, 2), STR("\n"), STR(""));
}
