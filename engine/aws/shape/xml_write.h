/* xml_write.h: JSON values as AWS's XML, by shape: the reverse of xml_read.h. */
#ifndef EXPORTCHECK_AWS_SHAPE_XML_WRITE_H
#define EXPORTCHECK_AWS_SHAPE_XML_WRITE_H

#include "aws/operation/operation.h"
#include "base/buf.h"

#define XML_DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

struct xml_writing {
    struct buf *out;
    bool url_encoded; /* keys percent-encoded */
};

/** Text, escaped; what XML 1.0 cannot hold becomes U+FFFD. */
void xml_write_text(struct buf *out, struct str text);
/** `<name>text</name>` */
void xml_write_leaf(struct buf *out, const char *name, struct str text);
/** `<name xmlns="namespace">`; no attribute where the namespace is NULL. */
void xml_write_open(struct buf *out, const char *name, const char *xml_namespace);
void xml_write_close(struct buf *out, const char *name);

/** The members that stand in the body; those that `value` lacks are left out, null is an empty element. */
void xml_write_members(const struct xml_writing *w, const struct shape *shape, const struct json *value);

#endif
