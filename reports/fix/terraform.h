/* terraform.h: a correction as a fragment of Terraform's language (HCL 2; the provider hashicorp/aws). */
#ifndef EXPORTCHECK_REPORTS_FIX_TERRAFORM_H
#define EXPORTCHECK_REPORTS_FIX_TERRAFORM_H

#include "fix/correction.h"

/** The resource as it should be, and how one that is there is taken over; or that it goes. */
struct str fix_terraform(struct arena *arena, const struct correction *correction);

#endif
