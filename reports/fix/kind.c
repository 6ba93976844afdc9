/* kind.c: see kind.h. */
#include "reports/fix/kind.h"

#include "base/buf.h"
#include "base/macros.h"

#include <string.h>

static const struct fix_kind kinds[] = {
    {.name = "bucket-policy",
     .title = "the policy of the bucket {Bucket}",
     .apply = "aws s3api put-bucket-policy --bucket {Bucket} --policy {file}",
     .remove = "aws s3api delete-bucket-policy --bucket {Bucket}",
     .terraform = {"aws_s3_bucket_policy", "bucket={Bucket}", "{Bucket}", "policy", SHAPE_POLICY},
     .cloudformation = {"AWS::S3::BucketPolicy", "Bucket={Bucket}", "PolicyDocument", SHAPE_POLICY}},
    {.name = "bucket-public-access-block",
     .title = "the block of public access of the bucket {Bucket}",
     .apply = "aws s3api put-public-access-block --bucket {Bucket} --public-access-block-configuration {file}",
     .remove = "aws s3api delete-public-access-block --bucket {Bucket}",
     .terraform = {"aws_s3_bucket_public_access_block", "bucket={Bucket}", "{Bucket}", NULL, SHAPE_MEMBERS},
     .cloudformation = {"AWS::S3::Bucket", "BucketName={Bucket}", "PublicAccessBlockConfiguration", SHAPE_NESTED}},
    {.name = "bucket-ownership",
     .title = "the object ownership of the bucket {Bucket}",
     .apply = "aws s3api put-bucket-ownership-controls --bucket {Bucket} --ownership-controls {file}",
     .remove = "aws s3api delete-bucket-ownership-controls --bucket {Bucket}",
     .terraform = {"aws_s3_bucket_ownership_controls", "bucket={Bucket}", "{Bucket}", NULL, SHAPE_MEMBERS},
     .cloudformation = {"AWS::S3::Bucket", "BucketName={Bucket}", "OwnershipControls", SHAPE_NESTED}},
    {.name = "bucket-encryption",
     .title = "the default encryption of the bucket {Bucket}",
     .apply = "aws s3api put-bucket-encryption --bucket {Bucket} --server-side-encryption-configuration {file}",
     .remove = "aws s3api delete-bucket-encryption --bucket {Bucket}",
     .terraform = {"aws_s3_bucket_server_side_encryption_configuration", "bucket={Bucket}", "{Bucket}", NULL,
                   SHAPE_MEMBERS},
     .cloudformation = {"AWS::S3::Bucket", "BucketName={Bucket}", "BucketEncryption", SHAPE_NESTED}},
    {.name = "bucket-request-payment",
     .title = "who pays for requests to the bucket {Bucket}",
     .apply = "aws s3api put-bucket-request-payment --bucket {Bucket} --request-payment-configuration {file}",
     .terraform = {"aws_s3_bucket_request_payment_configuration", "bucket={Bucket}", "{Bucket}", NULL, SHAPE_MEMBERS}},
    {.name = "bucket-lifecycle",
     .title = "the lifecycle rules of the bucket {Bucket}",
     .apply = "aws s3api put-bucket-lifecycle-configuration --bucket {Bucket} --lifecycle-configuration {file}",
     .remove = "aws s3api delete-bucket-lifecycle --bucket {Bucket}",
     .terraform = {"aws_s3_bucket_lifecycle_configuration", "bucket={Bucket}", "{Bucket}", NULL, SHAPE_MEMBERS},
     .cloudformation = {"AWS::S3::Bucket", "BucketName={Bucket}", "LifecycleConfiguration", SHAPE_NESTED}},
    {.name = "user-policy",
     .title = "the inline policy {PolicyName} of the user {UserName}",
     .apply = "aws iam put-user-policy --user-name {UserName} --policy-name {PolicyName} --policy-document {file}",
     .remove = "aws iam delete-user-policy --user-name {UserName} --policy-name {PolicyName}",
     .terraform = {"aws_iam_user_policy", "name={PolicyName} user={UserName}", "{UserName}:{PolicyName}", "policy",
                   SHAPE_POLICY},
     .cloudformation = {"AWS::IAM::UserPolicy", "PolicyName={PolicyName} UserName={UserName}", "PolicyDocument",
                        SHAPE_POLICY}},
    {.name = "role-policy",
     .title = "the inline policy {PolicyName} of the role {RoleName}",
     .apply = "aws iam put-role-policy --role-name {RoleName} --policy-name {PolicyName} --policy-document {file}",
     .remove = "aws iam delete-role-policy --role-name {RoleName} --policy-name {PolicyName}",
     .terraform = {"aws_iam_role_policy", "name={PolicyName} role={RoleName}", "{RoleName}:{PolicyName}", "policy",
                   SHAPE_POLICY},
     .cloudformation = {"AWS::IAM::RolePolicy", "PolicyName={PolicyName} RoleName={RoleName}", "PolicyDocument",
                        SHAPE_POLICY}},
    {.name = "group-policy",
     .title = "the inline policy {PolicyName} of the group {GroupName}",
     .apply = "aws iam put-group-policy --group-name {GroupName} --policy-name {PolicyName} --policy-document {file}",
     .remove = "aws iam delete-group-policy --group-name {GroupName} --policy-name {PolicyName}",
     .terraform = {"aws_iam_group_policy", "name={PolicyName} group={GroupName}", "{GroupName}:{PolicyName}", "policy",
                   SHAPE_POLICY},
     .cloudformation = {"AWS::IAM::GroupPolicy", "PolicyName={PolicyName} GroupName={GroupName}", "PolicyDocument",
                        SHAPE_POLICY}},
    {.name = "managed-policy",
     .title = "the managed policy {PolicyArn}",
     .apply = "aws iam create-policy-version --policy-arn {PolicyArn} --policy-document {file} --set-as-default",
     .undo = "aws iam set-default-policy-version --policy-arn {PolicyArn} --version-id {VersionId}",
     .terraform = {"aws_iam_policy", "name={name}", "{PolicyArn}", "policy", SHAPE_POLICY},
     .cloudformation = {"AWS::IAM::ManagedPolicy", "ManagedPolicyName={name}", "PolicyDocument", SHAPE_POLICY}},
    {.name = "trust-policy",
     .title = "the trust policy of the role {RoleName}",
     .apply = "aws iam update-assume-role-policy --role-name {RoleName} --policy-document {file}",
     .terraform = {"aws_iam_role", "name={RoleName}", "{RoleName}", "assume_role_policy", SHAPE_POLICY},
     .cloudformation = {"AWS::IAM::Role", "RoleName={RoleName}", "AssumeRolePolicyDocument", SHAPE_POLICY}},
    {.name = "role-session",
     .title = "how long sessions of the role {RoleName} may last",
     .apply = "aws iam update-role --role-name {RoleName} --max-session-duration {MaxSessionDuration}",
     .terraform = {"aws_iam_role", "name={RoleName}", "{RoleName}", NULL, SHAPE_MEMBERS}},
    {.name = "key-policy",
     .title = "the policy of the key {KeyId}",
     .apply = "aws kms put-key-policy --region {region} --key-id {KeyId} --policy-name default --policy {file}",
     .terraform = {"aws_kms_key_policy", "key_id={KeyId}", "{KeyId}", "policy", SHAPE_POLICY},
     .cloudformation = {"AWS::KMS::Key", "", "KeyPolicy", SHAPE_POLICY}},
    {.name = "export",
     .title = "the Data Export {ExportArn}",
     .apply = "aws bcm-data-exports update-export --region us-east-1 --export-arn {ExportArn} --export {file}",
     .terraform = {"aws_bcmdataexports_export", "", "{ExportArn}", "export", SHAPE_NESTED},
     .cloudformation = {"AWS::BCMDataExports::Export", "", "Export", SHAPE_NESTED}},
    {.name = "report",
     .title = "the legacy report {ReportName}",
     .apply =
         "aws cur modify-report-definition --region us-east-1 --report-name {ReportName} --report-definition {file}",
     .terraform = {"aws_cur_report_definition", "", "{ReportName}", NULL, SHAPE_MEMBERS},
     .cloudformation = {"AWS::CUR::ReportDefinition", "", NULL, SHAPE_MEMBERS}},
};

const struct fix_kind *fix_kind_of(const struct correction *correction)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_equal(correction->kind, str_from(kinds[i].name)))
            return &kinds[i];
    return NULL;
}

/* ---- Blanks ---- */

/* The part of an ARN, counted from 0; the whole text where it is none. */
static struct str part_of_arn(struct str arn, int index)
{
    struct str rest = arn;
    struct str part = arn;
    for (int i = 0; i <= index; i++)
        if (!str_cut(&rest, ':', &part) && i < index)
            return arn;
    return part;
}

static struct str behind_last(struct str text, char c)
{
    ptrdiff_t at = str_find_last_char(text, c);
    return at < 0 ? text : str_skip(text, at + 1);
}

static struct str number_text(struct arena *arena, const struct json *value)
{
    return json_is(value, JSON_NUMBER) ? json_text(arena, value, 0) : STR("");
}

static struct str blank(struct arena *arena, const struct correction *correction, struct str name)
{
    const struct json *parameters = correction->parameters;
    const struct json *value = json_get(parameters, name);
    if (str_equal(name, STR("region")))
        return part_of_arn(json_find_string(parameters, "KeyId"), 3);
    if (str_equal(name, STR("name"))) /* of arn:aws:iam::ACCOUNT:policy/PATH/NAME */
        return behind_last(json_find_string(parameters, "PolicyArn"), '/');
    return json_is(value, JSON_STRING) ? value->string : number_text(arena, json_get(correction->after, name));
}

struct str fix_fill(struct arena *arena, const struct correction *correction, const char *pattern, struct str file,
                    bool shell)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    struct str rest = str_from(pattern);
    struct str before;
    struct str name;
    while (str_find_char(rest, '{', 0) >= 0) {
        str_cut(&rest, '{', &before);
        str_cut(&rest, '}', &name);
        bool is_file = str_equal(name, STR("file"));
        struct str value = is_file ? str_join3(arena, STR("file://"), file, STR("")) : blank(arena, correction, name);
        buf_add(&buf, before);
        if (shell)
            buf_add_shell_word(&buf, value);
        else
            buf_add(&buf, value);
    }
    buf_add(&buf, rest);
    return buf_str(&buf);
}

bool fix_next_argument(struct arena *arena, const struct correction *correction, const char *arguments, size_t *at,
                       struct str *ret_name, struct str *ret_value)
{
    struct str rest = str_skip(str_from(arguments), (ptrdiff_t)*at);
    struct str pair;
    if (rest.len == 0)
        return false;
    struct str before = rest;
    str_cut(&rest, ' ', &pair);
    *at += (size_t)(before.len - rest.len);
    str_cut(&pair, '=', ret_name);
    *ret_value = fix_fill(arena, correction, str_to_c(arena, pair), STR(""), false);
    return true;
}

struct str fix_label(struct arena *arena, const struct correction *correction, bool underscores)
{
    struct str id = fix_fill(arena, correction, fix_kind_of(correction)->terraform.import, STR(""), false);
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    struct str name = behind_last(id, '/');
    buf_add_c(&buf, underscores ? "optscale_" : "OptScale");
    for (ptrdiff_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (word || underscores)
            buf_add_char(&buf, word ? c : '_');
    }
    return buf_str(&buf);
}

struct str fix_title(struct arena *arena, const struct correction *correction)
{
    return fix_fill(arena, correction, fix_kind_of(correction)->title, STR(""), false);
}
