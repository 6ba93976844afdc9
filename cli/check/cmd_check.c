/* cmd_check.c: `exportcheck check`: the main job: collect, evaluate, report. */
#include "cli/checking/checking.h"
#include "cli/fleet/fleet.h"

static const struct option check_options[] = {
    {"rule", 0, OPTION_STRINGS, offsetof(struct check_options, only), "RULE",
     "Run only rules that match (with * and ?); repeatable", NULL},
    {"skip", 0, OPTION_STRINGS, offsetof(struct check_options, skip), "RULE",
     "Leave out rules that match (with * and ?); repeatable", NULL},
    {"set", 0, OPTION_STRINGS, offsetof(struct check_options, settings), "[RULE.]NAME=VALUE",
     "Set a rule's parameter, such as max_age_hours=72; repeatable", NULL},
    {"waivers", 0, OPTION_STRING, offsetof(struct check_options, waivers), "FILE",
     "Failures that are accepted, as JSON: {\"waivers\": [{\"rule\", \"subject\", \"reason\", \"owner\", "
     "\"expires\": \"2027-01-31\"}]}; subject and owner may be left out",
     NULL},
    {"costs", 0, OPTION_FLAG, offsetof(struct check_options, costs), NULL,
     "Read the newest complete period's files, too, and say how much of it OptScale will show (see costs)", NULL},
    {"baseline", 0, OPTION_STRING, offsetof(struct check_options, baseline), "FILE",
     "The results of an earlier run (-o json): what failed then is marked as known, and only what is new decides",
     NULL},
    {"fix", 0, OPTION_STRING, offsetof(struct check_options, fix), "DIR",
     "Write corrections to a folder, for those who look before they apply: of each policy or setting at fault the "
     "corrected document, proven by the same rules, the command, fragments for Terraform and CloudFormation, and the "
     "way back. Nothing is applied",
     NULL},
    {"fail-on", 0, OPTION_STRING, offsetof(struct check_options, fail_on), "SEVERITY",
     "The least severity that decides the exit status: low, medium (the default), high, critical",
     "low|medium|high|critical"},
    {"save-snapshot", 0, OPTION_STRING, offsetof(struct check_options, save_snapshot), "FILE",
     "Keep what was read, for --snapshot and serve; it holds no secret", NULL},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"What is checked", target_option_rows, offsetof(struct check_options, source.target)},
    {"Account", account_option_rows, offsetof(struct check_options, source.account)},
    {"Source", source_option_rows, offsetof(struct check_options, source)},
    {"Many targets", fleet_option_rows, offsetof(struct check_options, fleet)},
    {"Reports", output_option_rows, offsetof(struct check_options, output)},
    {"Rules", check_options, 0},
    {NULL, rulebase_option_rows, offsetof(struct check_options, rulebase)},
    {"OptScale", optscale_option_rows, offsetof(struct check_options, source)},
    {.options = NULL},
};

/* An option for many targets that stands alone would be ignored. */
static const char *idle_option(const struct fleet_options *fleet)
{
    if (fleet->jobs)
        return "jobs";
    if (fleet->shard.ptr)
        return "shard";
    return fleet->member_role.ptr ? "member-role" : NULL;
}

static enum exit_status run(struct program *program, void *options, const struct str *operands, size_t operand_count)
{
    (void)operands;
    (void)operand_count;
    const struct check_options *chosen = options;
    bool many = chosen->fleet.targets.len || chosen->fleet.organization;
    const char *idle = many ? NULL : idle_option(&chosen->fleet);
    struct error error;
    if (many && chosen->fix.len) {
        error_set(&error, ERROR_INPUT,
                  "--fix goes with one target: check the account that is to be corrected by itself");
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    }
    if (idle) {
        error_set(&error, ERROR_INPUT, "--%s goes with --targets or --organization", idle);
        return command_fail(program, EXIT_STATUS_USAGE, &error);
    }
    return many ? fleet_run(program, chosen) : checking_run(program, chosen);
}

const struct command command_check = {
    .name = "check",
    .summary = "run the rules, write reports",
    .usage = "[OPTION…]",
    .description =
        "Reads the account with the credentials that every AWS tool finds, runs the rules of a scenario of OptScale's "
        "documentation, and writes reports. It only reads.\n"
        "Where the credentials are the principal's own, AWS is also asked whether it may do what OptScale does, by calls "
        "that change nothing and cost nothing: dry runs of ec2:DescribeRegions, DescribeAvailabilityZones, DescribeVpcs, "
        "DescribeInstances, DescribeVolumes, DescribeSnapshots, DescribeAddresses, DescribeNetworkInterfaces, "
        "DescribeSecurityGroups, DescribeImages and DescribeInstanceTypes; elasticloadbalancing:DescribeLoadBalancers and DescribeTags of one "
        "that does not exist; cloudwatch:GetMetricStatistics of one past hour; iam:ListUsers of a path without users; "
        "iam:ListAccessKeys, GetLoginProfile and GetAccessKeyLastUsed of itself; s3:ListBuckets, and GetBucketLocation, "
        "GetBucketAcl, GetBucketTagging, GetBucketPolicyStatus and GetPublicAccessBlock of one bucket, and of each where "
        "there are at most a hundred; s3:ListObjectsV2 of the folder where the export will lie; "
        "cur:DescribeReportDefinitions. What creates or changes anything is never tried. Where the principal's policies may not be read, "
        "iam:SimulatePrincipalPolicy is asked.\n"
        "Exit status: 0 nothing failed at or above --fail-on; 1 a rule failed; 3 none failed, but one could not be "
        "decided or waits for time; 2 the command line or an input is wrong, or no credentials were found; 4 the "
        "program failed.",
    .examples = "exportcheck check --bucket acme-billing --export-name optscale --prefix cur2 \\\n"
                "    --principal optscale -o text -o html=report.html\n"
                "exportcheck check --snapshot snapshot.json --fail-on high -o junit=junit.xml\n"
                "exportcheck check --snapshot today.json --baseline accepted.json\n"
                "exportcheck check --snapshot snapshot.json --fix corrections\n"
                "exportcheck check --scenario linked --profile member --principal optscale",
    .groups = groups,
    .options_size = sizeof(struct check_options),
    .min_operands = 0,
    .max_operands = 0,
    .run = run,
};
