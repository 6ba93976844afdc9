/* operation.c: finding rows in the table of operations; see operation.h. */
#include "aws/operation/operation.h"

#include "base/macros.h"

#include "aws/operation/operations_table.inc"

static bool is_named(const struct operation *operation, struct str service, struct str name)
{
    return str_equal(str_from(operation->name), name) &&
           (service.len == 0 || str_equal(str_from(operation->service->id), service));
}

const struct operation *operation_find(struct str service, struct str name)
{
    const struct operation *found = NULL;
    for (size_t i = 0; i < COUNT_OF(operations); i++) {
        if (!is_named(&operations[i], service, name))
            continue;
        if (found)
            return NULL;
        found = &operations[i];
    }
    return found;
}

const struct operation *operation_find_call(struct str call)
{
    struct str service;
    struct str name = call;
    if (!str_cut(&name, ':', &service) || service.len == 0)
        return NULL;
    return operation_find(service, name);
}

const struct service *service_find(struct str id)
{
    for (size_t i = 0; i < COUNT_OF(services); i++) {
        if (str_equal(str_from(services[i].id), id))
            return &services[i];
    }
    return NULL;
}

const struct operation *operation_rows(size_t *ret_count)
{
    *ret_count = COUNT_OF(operations);
    return operations;
}

struct str operation_nearest(struct arena *arena, struct str call)
{
    struct str *names = arena_array(arena, struct str, COUNT_OF(operations));
    for (size_t i = 0; i < COUNT_OF(operations); i++)
        names[i] = str_format(arena, "%s:%s", operations[i].service->id, operations[i].name);
    return str_nearest(call, names, COUNT_OF(operations));
}

const struct shape_member *shape_member_named(const struct shape *shape, struct str name)
{
    for (size_t i = 0; shape && i < shape->member_count; i++) {
        if (str_equal(str_from(shape->members[i].name), name))
            return &shape->members[i];
    }
    return NULL;
}
