/* dispatch.h: which service and operation a request is for, when all services share one address. */
#ifndef EXPORTCHECK_AWS_PROTOCOL_DISPATCH_H
#define EXPORTCHECK_AWS_PROTOCOL_DISPATCH_H

#include "aws/protocol/wire.h"

/**
 * Fills in service, operation and protocol, as far as they can be told. False: the request is none
 * of the table's operations.
 */
bool dispatch_request(struct arena *arena, const struct wire_request *request, struct asked *ret);

#endif
