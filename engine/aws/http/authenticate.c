/* authenticate.c: see authenticate.h. */
#include "aws/http/authenticate.h"

static const struct authentication_row rows[] = {
    [AUTHENTICATE_ASSUME_ROLE] = {"sts:AssumeRole", "POST", 30000, 3, false},
    [AUTHENTICATE_WEB_IDENTITY] = {"sts:AssumeRoleWithWebIdentity", "POST", 30000, 3, false},
    [AUTHENTICATE_SSO_TOKEN] = {"sso-oidc:CreateToken", "POST", 30000, 2, false},
    [AUTHENTICATE_SSO_ROLE] = {"sso:GetRoleCredentials", "GET", 30000, 3, false},
    [AUTHENTICATE_LOGIN_TOKEN] = {"signin:CreateOAuth2Token", "POST", 30000, 2, false},
    [AUTHENTICATE_CONTAINER] = {"container credentials", "GET", 2000, 3, true},
    [AUTHENTICATE_INSTANCE_TOKEN] = {"instance metadata token", "PUT", 1000, 1, true},
    [AUTHENTICATE_INSTANCE_ROLE] = {"instance metadata", "GET", 1000, 1, true},
    [AUTHENTICATE_OPTSCALE] = {"optscale token", "POST", 30000, 3, false},
};

const struct authentication_row *authentication_row(enum authentication kind)
{
    return &rows[kind];
}
