/*
 * organization.h: the targets of `check --organization`: the payer, by the scenario that was told, and every active
 * member account, as one to be connected as Linked, through a role in it.
 */
#ifndef EXPORTCHECK_CLI_FLEET_ORGANIZATION_H
#define EXPORTCHECK_CLI_FLEET_ORGANIZATION_H

#include "cli/fleet/targets.h"

#define ORGANIZATION_DEFAULT_ROLE "OrganizationAccountAccessRole"

/**
 * Reads the organization with the caller's credentials, and adds the targets. `role` is a role's name, which each
 * member has; `*ret_facts` is what was read, so that the payer's own check asks for none of it again. False: no
 * credentials (with the status to exit with), no organization, or it may not be read.
 */
bool organization_targets(struct program *program, const struct check_options *options,
                          const struct checking_plan *plan, struct str role, const struct shard *shard,
                          struct fleet_targets *targets, const struct facts **ret_facts, enum exit_status *ret_status,
                          struct error *error) MUST_CHECK;

#endif
