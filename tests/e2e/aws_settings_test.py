"""Credentials and settings, each provider against a real file, process or loopback endpoint, with what botocore makes of
the same beside it. Where the two differ, the row names the line of docs/aws-access.md that says why."""

import base64
import concurrent.futures
import hashlib
import http.server
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import textwrap
import threading
import time
import urllib.parse

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
ROLE = "arn:aws:iam::123456789012:role/r"
SECRET, REFRESH, ANOTHER = "secret-that-is-shown-nowhere", "refresh-token-of-the-session", "the-next-refresh-token"
VERY_SOON, SOON, LATER, PAST = (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + s))
                                for s in (200, 300, 86400, -86400))


# --- a server that is STS, SSO, a container's endpoint and an instance's ------------------------------


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        status, answer = self.answer(self.path, urllib.parse.parse_qs(body), body)
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if answer.startswith("{") else "text/xml")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())

    do_POST = do_PUT = do_GET

    def answer(self, path, form, body):
        if "RoleArn" in form:
            return 200, self.sts({name: values[0] for name, values in form.items()})
        if path.startswith("/federation"):
            query = urllib.parse.parse_qs(path.partition("?")[2])
            token = self.headers.get("x-amz-sso_bearer_token", "")
            if token == "refused":
                return 401, '{"message": "Session token not found or invalid"}'
            return 200, json.dumps({"roleCredentials": {
                "accessKeyId": f"SSO-{query['role_name'][0]}-{token}", "secretAccessKey": SECRET, "sessionToken": "t",
                "expiration": (int(time.time()) + 3600) * 1000}})
        if path == "/token":
            asked = json.loads(body)
            if asked["refreshToken"] != REFRESH:
                return 400, '{"error": "invalid_grant"}'
            return 200, json.dumps({"accessToken": "renewed", "expiresIn": 28800, "refreshToken": ANOTHER})
        if path == "/v1/token":
            return self.sign_in(json.loads(body))
        if path.startswith("/container"):
            key = "CONTAINER" + self.headers.get("Authorization", "")
            return 200, json.dumps({"AccessKeyId": key, "SecretAccessKey": SECRET, "Token": "t", "Expiration": LATER})
        if path == "/latest/api/token":
            return 200, "metadata-token"
        if path.endswith("/security-credentials/"):
            return 200, "role"
        if path.endswith("/security-credentials/role"):
            return 200, json.dumps({"Code": "Success", "AccessKeyId": "INSTANCE", "SecretAccessKey": SECRET,
                                    "Token": "t", "Expiration": LATER})
        return 404, "{}"

    def sign_in(self, asked):
        """The session's own key has to have signed what it says of this request (RFC 9449)."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, utils
        header, claims, signature = self.headers["DPoP"].split(".")
        said, signed = json.loads(unpadded(header)), unpadded(signature)
        key = ec.EllipticCurvePublicNumbers(*(int.from_bytes(unpadded(said["jwk"][name]), "big") for name in "xy"),
                                            ec.SECP256R1())
        r, s = (int.from_bytes(part, "big") for part in (signed[:32], signed[32:]))
        key.public_key().verify(utils.encode_dss_signature(r, s), f"{header}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
        claims = json.loads(unpadded(claims))
        assert (said["typ"], said["alg"], claims["htm"]) == ("dpop+jwt", "ES256", "POST") and claims["jti"]
        assert claims["htu"].endswith("/v1/token") and abs(claims["iat"] - time.time()) < 60
        if asked != {"clientId": "c", "grantType": "refresh_token", "refreshToken": REFRESH}:
            return 401, '{"error": "TOKEN_EXPIRED", "message": "the session has ended"}'
        return 200, json.dumps({"accessToken": {"accessKeyId": "LOGIN-renewed", "secretAccessKey": SECRET,
                                                "sessionToken": "t"},
                                "tokenType": "aws_sigv4", "expiresIn": 900, "refreshToken": ANOTHER})

    def sts(self, form):
        signer = re.search(r"Credential=([^/]+)/", self.headers.get("Authorization", "Credential=nobody/")).group(1)
        key = "-".join([form["RoleArn"].rpartition("/")[2], signer, form.get("ExternalId", ""),
                        form.get("WebIdentityToken", ""), form.get("DurationSeconds", "")]).rstrip("-")
        name = form["Action"]
        return (f"<{name}Response xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><{name}Result><Credentials>"
                f"<AccessKeyId>{key}</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey>"
                f"<SessionToken>t</SessionToken><Expiration>{LATER}</Expiration></Credentials></{name}Result>"
                f"</{name}Response>")

    def log_message(self, *values):
        pass


def unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture(scope="module")
def url():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


# --- the rows -----------------------------------------------------------------------------------------

ROWS = []


# What depends on botocore's version: it may be as ours.
OF_ITS_VERSION = {"pseudo-region", "exports-host"}


def row(name, config="", credentials="", profile=None, differs=None, files=None, ask="key", **environment):
    """`{URL}` stands for the server, `{HOME}` for the home folder. `differs`: the line of the table that says why."""
    ROWS.append({"name": name, "config": textwrap.dedent(config), "credentials": textwrap.dedent(credentials),
                 "profile": profile, "differs": differs, "files": files or {}, "ask": ask, "environment": environment})


def keys(name, extra=""):
    return f"aws_access_key_id = {name}\naws_secret_access_key = {SECRET}\n{extra}"


ENV = {"AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": SECRET}
DEFAULT = f"[default]\n{keys('FILE')}"

# the environment
row("keys", **ENV)
row("keys-and-token", **ENV, AWS_SESSION_TOKEN="t")
row("keys-and-old-token", **ENV, AWS_SECURITY_TOKEN="t")
row("no-secret", AWS_ACCESS_KEY_ID="ENV")
row("secret-alone", AWS_SECRET_ACCESS_KEY=SECRET)
row("empty-key", credentials=DEFAULT, AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY=SECRET)
row("environment-before-file", credentials=DEFAULT, **ENV)
row("environment-before-profile-of-the-environment", credentials=f"[p]\n{keys('P')}", AWS_PROFILE="p", **ENV)
row("named-profile-before-environment", credentials=f"[p]\n{keys('P')}", profile="p", **ENV)
row("expired", **ENV, AWS_SESSION_TOKEN="t", AWS_CREDENTIAL_EXPIRATION=PAST)
row("expires-later", **ENV, AWS_SESSION_TOKEN="t", AWS_CREDENTIAL_EXPIRATION=LATER)
row("expires-nonsense", **ENV, AWS_CREDENTIAL_EXPIRATION="soon")
row("environment-before-role", config=f"[default]\nrole_arn = {ROLE}\nsource_profile = default\n", **ENV)
row("environment-before-container", AWS_CONTAINER_CREDENTIALS_FULL_URI="{URL}/container", **ENV)

# which profile
for variable in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
    row(f"profile-of-{variable}", credentials=f"{DEFAULT}[p]\n{keys('P')}", **{variable: "p"})
    row(f"missing-profile-of-{variable}", credentials=DEFAULT, **{variable: "nobody"})
row("profile-both", credentials=f"[p]\n{keys('P')}[q]\n{keys('Q')}", differs="profile-order", AWS_PROFILE="p",
    AWS_DEFAULT_PROFILE="q")
row("missing-profile", credentials=DEFAULT, profile="nobody")
row("profile-in-config-alone", config=f"[profile p]\n{keys('P')}", profile="p")
row("profile-without-prefix-in-config", config=f"[p]\n{keys('P')}", profile="p")
row("profile-with-prefix-in-credentials", credentials=f"[profile p]\n{keys('P')}", profile="p")
for quote in ("'", '"'):
    row(f"quoted-profile-{ord(quote)}", config=f"[profile {quote}my own{quote}]\n{keys('OWN')}", profile="my own")
row("profile-with-blanks-in-credentials", credentials=f"[my own]\n{keys('OWN')}", profile="my own")
row("default-by-prefix", config=f"[profile default]\n{keys('D')}")
row("default-both-ways", config=f"[default]\n{keys('PLAIN')}[profile default]\n{keys('PREFIX')}")
row("no-credentials")
row("empty-profile", config="[profile p]\nregion = eu-west-1\n", profile="p")

# the files
row("credentials-file", credentials=DEFAULT)
row("config-file", config=DEFAULT)
row("credentials-before-config", config=f"[default]\n{keys('CONFIG')}", credentials=DEFAULT)
row("session-token", credentials=DEFAULT + "aws_session_token = t\n")
row("security-token", credentials=DEFAULT + "aws_security_token = t\n")
row("no-secret-in-file", credentials="[default]\naws_access_key_id = HALF\n")
row("split-between-files", config=f"[default]\naws_secret_access_key = {SECRET}\n",
    credentials="[default]\naws_access_key_id = HALF\n")
row("upper-case-keys", credentials=f"[default]\nAWS_ACCESS_KEY_ID = UP\nAWS_SECRET_ACCESS_KEY = {SECRET}\n")
row("colons", credentials=f"[default]\naws_access_key_id: COLON\naws_secret_access_key: {SECRET}\n")
row("no-blanks", credentials=f"[default]\naws_access_key_id=TIGHT\naws_secret_access_key={SECRET}\n")
row("comments", credentials=f"# one\n[default]\n; two\n{keys('COMMENTED')}# three\n")
row("comment-behind-a-value", credentials=f"[default]\naws_access_key_id = KEY # not one\naws_secret_access_key = {SECRET}\n")
row("carriage-returns", credentials=DEFAULT.replace("\n", "\r\n"))
row("blank-lines", credentials=DEFAULT.replace("\n", "\n\n"))
row("indented-keys", credentials="[default]\n  " + keys("INDENTED").replace("\n", "\n  "))
row("tabs", credentials="[default]\n\t" + keys("TABS").replace("\n", "\n\t"))
row("of-all", credentials=f"[DEFAULT]\n{keys('ALL')}[p]\nregion = x\n", profile="p")
row("of-all-and-own", credentials=f"[DEFAULT]\n{keys('ALL')}[p]\naws_access_key_id = OWN\n", profile="p")
row("of-all-in-config", config=f"[DEFAULT]\n{keys('ALL')}[profile p]\nregion = x\n", profile="p")
row("percent-sign", credentials=f"[default]\naws_access_key_id = A%(b)s\naws_secret_access_key = {SECRET}\n")
row("equals-in-a-value", credentials="[default]\naws_access_key_id = A=B\naws_secret_access_key = s=\n")
row("unknown-keys", credentials=DEFAULT + "colour = green\n")
row("unknown-sections", config="[preview]\nx = y\n[plugins]\ncli = z\n", credentials=DEFAULT)
row("empty-section", config="[default]\n", credentials=DEFAULT)
row("section-twice", credentials=f"[default]\n{keys('ONE')}[default]\n{keys('TWO')}", differs="twice")
row("key-twice", credentials=f"[default]\naws_access_key_id = ONE\n{keys('TWO')}", differs="twice")
row("no-section", credentials=keys("NONE"))
row("no-equals", credentials=f"[default]\n{keys('X')}nonsense\n")
row("open-section", credentials=f"[default\n{keys('X')}")
row("byte-order-mark", credentials="\ufeff" + DEFAULT, differs="byte-order-mark")
row("nested", config="[default]\ns3 =\n  addressing_style = path\nregion = eu-west-1\n", credentials=DEFAULT)
row("missing-config-of-the-environment", credentials=DEFAULT, AWS_CONFIG_FILE="{HOME}/nothing")
row("other-files", files={"c": f"[profile p]\n{keys('ELSEWHERE')}"}, AWS_CONFIG_FILE="{HOME}/c", AWS_PROFILE="p")
row("other-credentials", files={"c": f"[p]\n{keys('ELSEWHERE')}"}, AWS_SHARED_CREDENTIALS_FILE="{HOME}/c", AWS_PROFILE="p")
row("tilde", files={"c": f"[p]\n{keys('TILDE')}"}, AWS_SHARED_CREDENTIALS_FILE="~/c", AWS_PROFILE="p")

# roles
BASE = f"[base]\n{keys('BASE')}"
ASSUME = f"[profile p]\nrole_arn = {ROLE}\nsource_profile = base\n"
row("role", config=ASSUME, credentials=BASE, profile="p")
row("role-by-environment", config=ASSUME, credentials=BASE, AWS_PROFILE="p")
row("role-external-id", config=ASSUME + "external_id = ext\n", credentials=BASE, profile="p")
row("role-duration", config=ASSUME + "duration_seconds = 900\n", credentials=BASE, profile="p")
row("role-session-name", config=ASSUME + "role_session_name = me\n", credentials=BASE, profile="p")
row("role-before-own-keys", config=ASSUME + keys("OWN"), credentials=BASE, profile="p")
row("role-of-itself", config=f"[profile p]\nrole_arn = {ROLE}\nsource_profile = p\n{keys('SELF')}", profile="p")
row("role-of-itself-without-keys", config=f"[profile p]\nrole_arn = {ROLE}\nsource_profile = p\n", profile="p")
row("role-without-source", config=f"[profile p]\nrole_arn = {ROLE}\n", profile="p")
row("role-with-both-sources", config=ASSUME + "credential_source = Environment\n", credentials=BASE, profile="p")
row("role-of-missing-source", config=ASSUME, profile="p")
row("role-of-empty-source", config=ASSUME + "[profile base]\nregion = x\n", profile="p")
row("role-chain", config=ASSUME.replace("= base", "= q") + ASSUME.replace("[profile p]", "[profile q]"),
    credentials=BASE, profile="p")
row("role-loop", config=ASSUME.replace("= base", "= q") + ASSUME.replace("[profile p]", "[profile q]").replace("= base", "= p"),
    profile="p")
row("role-source-environment", config=f"[profile p]\nrole_arn = {ROLE}\ncredential_source = Environment\n", profile="p", **ENV)
row("role-source-empty-environment", config=f"[profile p]\nrole_arn = {ROLE}\ncredential_source = Environment\n", profile="p")
row("role-source-container", config=f"[profile p]\nrole_arn = {ROLE}\ncredential_source = EcsContainer\n", profile="p",
    AWS_CONTAINER_CREDENTIALS_FULL_URI="{URL}/container")
row("role-source-instance", config=f"[profile p]\nrole_arn = {ROLE}\ncredential_source = Ec2InstanceMetadata\n", profile="p",
    AWS_EC2_METADATA_DISABLED="false", AWS_EC2_METADATA_SERVICE_ENDPOINT="{URL}")
row("role-source-nonsense", config=f"[profile p]\nrole_arn = {ROLE}\ncredential_source = Moon\n", profile="p", **ENV)
row("role-mfa-without-terminal", config=ASSUME + "mfa_serial = arn:aws:iam::123456789012:mfa/u\n", credentials=BASE,
    profile="p")
row("role-in-credentials-file", credentials=f"[p]\nrole_arn = {ROLE}\nsource_profile = base\n{BASE}", profile="p")
row("role-of-process", config=ASSUME + "[profile base]\ncredential_process = cat {HOME}/out\n", profile="p",
    files={"out": json.dumps({"Version": 1, "AccessKeyId": "PROC", "SecretAccessKey": SECRET})})

# web identity
WEB = {"AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token", "AWS_ROLE_ARN": ROLE}
TOKEN = {"token": "web-token"}
row("web-identity", files=TOKEN, **WEB)
row("web-identity-session-name", files=TOKEN, AWS_ROLE_SESSION_NAME="me", **WEB)
row("web-identity-no-file", **WEB)
row("web-identity-no-role", files=TOKEN, AWS_WEB_IDENTITY_TOKEN_FILE="{HOME}/token")
row("web-identity-role-alone", credentials=DEFAULT, AWS_ROLE_ARN=ROLE)
row("web-identity-of-profile", files=TOKEN, profile="p",
    config=f"[profile p]\nrole_arn = {ROLE}\nweb_identity_token_file = {{HOME}}/token\n")
row("web-identity-role-in-environment", files=TOKEN, AWS_PROFILE="p", AWS_ROLE_ARN=ROLE,
    config="[profile p]\nweb_identity_token_file = {HOME}/token\n")
row("web-identity-file-in-environment", files=TOKEN, AWS_PROFILE="p", AWS_WEB_IDENTITY_TOKEN_FILE="{HOME}/token",
    config=f"[profile p]\nrole_arn = {ROLE}\nsource_profile = base\n", credentials=BASE)
row("web-identity-before-file", files=TOKEN, credentials=DEFAULT, **WEB)
row("web-identity-named-profile", files=TOKEN, credentials=f"[p]\n{keys('P')}", profile="p", **WEB)
row("web-identity-empty-token", files={"token": ""}, **WEB)
row("web-identity-line-break", files={"token": "web-token\n"}, differs="token-line-break", **WEB)

# IAM Identity Center
SSO = ("[profile p]\nsso_session = s\nsso_account_id = 123456789012\nsso_role_name = admin\n"
       "[sso-session s]\nsso_start_url = https://x.awsapps.com/start\nsso_region = us-east-1\n")
LEGACY = ("[profile p]\nsso_start_url = https://x.awsapps.com/start\nsso_region = us-east-1\nsso_account_id = 123456789012\n"
          "sso_role_name = admin\n")


def cached(key, **more):
    name = hashlib.sha1(key.encode()).hexdigest()
    token = {"accessToken": "token", "expiresAt": LATER, "region": "us-east-1", **more}
    return {f".aws/sso/cache/{name}.json": json.dumps(token)}


CLIENT = {"refreshToken": REFRESH, "clientId": "c", "clientSecret": f"client-{SECRET}", "registrationExpiresAt": LATER}
START = "https://x.awsapps.com/start"
row("sso-session", config=SSO, profile="p", files=cached("s"))
row("sso-legacy", config=LEGACY, profile="p", files=cached(START))
row("sso-legacy-utc", config=LEGACY, profile="p", files=cached(START, expiresAt=LATER.replace("Z", "UTC")))
row("sso-session-ended", config=SSO, profile="p", files=cached("s", expiresAt=PAST))
row("sso-legacy-ended", config=LEGACY, profile="p", files=cached(START, expiresAt=PAST))
row("sso-session-renewed", config=SSO, profile="p", files=cached("s", expiresAt=PAST, **CLIENT))
row("sso-session-renewed-early", config=SSO, profile="p", files=cached("s", expiresAt=SOON, **CLIENT))
row("sso-renewal-refused", config=SSO, profile="p", files=cached("s", expiresAt=PAST, **{**CLIENT, "refreshToken": "old"}))
row("sso-renewal-refused-early", config=SSO, profile="p", files=cached("s", expiresAt=SOON, **{**CLIENT, "refreshToken": "old"}))
row("sso-registration-ended", config=SSO, profile="p",
    files=cached("s", expiresAt=PAST, **{**CLIENT, "registrationExpiresAt": PAST}))
row("sso-legacy-is-not-renewed", config=LEGACY, profile="p", files=cached(START, expiresAt=PAST, **CLIENT))
row("sso-no-token", config=SSO, profile="p")
row("sso-no-session", config=SSO.split("[sso-session")[0], profile="p")
row("sso-half", config="[profile p]\nsso_account_id = 123456789012\n", profile="p")
row("sso-refused", config=SSO, profile="p", files=cached("s", accessToken="refused"))
row("sso-nonsense-in-the-cache", config=SSO, profile="p",
    files={next(iter(cached("s"))): "{"})
row("sso-before-keys", config=SSO, credentials=f"[p]\n{keys('P')}", profile="p", files=cached("s"))

# aws login
LOGIN = "arn:aws:sts::123456789012:assumed-role/r/me"
CACHE = f".aws/login/cache/{hashlib.sha256(LOGIN.encode()).hexdigest()}.json"


# Its own key, on P-256: for this test alone.
KEY = ("-----BEGIN EC PRIVATE KEY-----\n"
       "MHcCAQEEIE/lUOHcmGMcjyuZ/QtxTXDpz9FJSz0pWEutYwunngRSoAoGCCqGSM49\n"
       "AwEHoUQDQgAEdQYHpdfgwx8UAsyQGnFmrMoDxvOsKHJOenLEjYDqglYyKTs6e9M0\n"
       "PkVt/s/Ln8n1uU4+/TuHHIjUbNc4LNDawg==\n"
       "-----END EC PRIVATE KEY-----\n")
CRT = None if importlib.util.find_spec("awscrt") else "login-crt"


def login(expires, refresh=REFRESH, key=KEY):
    return {CACHE: json.dumps({"accessToken": {"accessKeyId": "LOGIN", "secretAccessKey": SECRET, "sessionToken": "t",
                                               "accountId": "123456789012", "expiresAt": expires},
                               "refreshToken": refresh, "clientId": "c", "tokenType": "aws_sigv4", "dpopKey": key,
                               "idToken": "i"})}


LOGGED_IN = {"config": f"[profile p]\nlogin_session = {LOGIN}\n", "profile": "p"}
row("login", files=login(LATER), differs=CRT, **LOGGED_IN)
row("login-renewed", files=login(PAST), differs=CRT, **LOGGED_IN)
row("login-renewed-early", files=login(VERY_SOON), differs=CRT, **LOGGED_IN)
row("login-renewal-refused", files=login(PAST, refresh="old"), **LOGGED_IN)
row("login-renewal-refused-early", files=login(VERY_SOON, refresh="old"), differs="login-early", **LOGGED_IN)
row("login-without-its-key", files=login(PAST, key="k"), **LOGGED_IN)
row("login-none", **LOGGED_IN)

# a program


def program(output, command="cat {HOME}/out", **more):
    return {"config": f"[profile p]\ncredential_process = {command}\n", "profile": "p",
            "files": {"out": output if isinstance(output, str) else json.dumps(output)}, **more}


MADE = {"Version": 1, "AccessKeyId": "PROC", "SecretAccessKey": SECRET}
row("process", **program(MADE))
row("process-session", **program({**MADE, "SessionToken": "t", "Expiration": LATER}))
row("process-expired", **program({**MADE, "SessionToken": "t", "Expiration": PAST}))
row("process-version-2", **program({**MADE, "Version": 2}))
row("process-no-version", **program({"AccessKeyId": "PROC", "SecretAccessKey": SECRET}))
row("process-no-secret", **program({"Version": 1, "AccessKeyId": "PROC"}))
row("process-no-key", **program({"Version": 1, "SecretAccessKey": SECRET}))
row("process-no-json", **program("keys"))
row("process-nothing", **program(""))
row("process-fails", **program(MADE, command="false"))
row("process-missing", **program(MADE, command="/nonexistent/program"))
row("process-quotes", **program(MADE, command="sh -c 'cat \"$HOME/out\"'"))
row("process-open-quote", **program(MADE, command="cat 'x"))
row("process-no-shell", **program(MADE, command="cat {HOME}/out | cat"))
row("process-in-credentials-file", credentials="[p]\ncredential_process = cat {HOME}/out\n", profile="p",
    files={"out": json.dumps(MADE)})
row("process-behind-keys", credentials=f"[p]\n{keys('KEYS')}", **program(MADE))
row("process-before-config-keys", config=f"[profile p]\ncredential_process = cat {{HOME}}/out\n{keys('CONFIG')}", profile="p",
    files={"out": json.dumps(MADE)})

# a container, an instance
row("container", AWS_CONTAINER_CREDENTIALS_FULL_URI="{URL}/container")
row("container-token", AWS_CONTAINER_CREDENTIALS_FULL_URI="{URL}/container", AWS_CONTAINER_AUTHORIZATION_TOKEN="tok")
row("container-token-file", AWS_CONTAINER_CREDENTIALS_FULL_URI="{URL}/container", files={"tok": "file"},
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE="{HOME}/tok")
row("container-token-file-first", AWS_CONTAINER_CREDENTIALS_FULL_URI="{URL}/container", files={"tok": "file"},
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE="{HOME}/tok", AWS_CONTAINER_AUTHORIZATION_TOKEN="tok")
row("container-line-break", AWS_CONTAINER_CREDENTIALS_FULL_URI="{URL}/container", AWS_CONTAINER_AUTHORIZATION_TOKEN="a\nb")
row("container-plain-http", AWS_CONTAINER_CREDENTIALS_FULL_URI="http://example.com/container")
row("container-not-found", AWS_CONTAINER_CREDENTIALS_FULL_URI="{URL}/nothing")
row("file-before-container", credentials=DEFAULT, AWS_CONTAINER_CREDENTIALS_FULL_URI="{URL}/container")
INSTANCE = {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "{URL}"}
row("instance", **INSTANCE)
row("instance-slash", **{**INSTANCE, "AWS_EC2_METADATA_SERVICE_ENDPOINT": "{URL}/"})
row("instance-disabled", **{**INSTANCE, "AWS_EC2_METADATA_DISABLED": "true"})
row("instance-disabled-in-capitals", **{**INSTANCE, "AWS_EC2_METADATA_DISABLED": "TRUE"})
row("instance-nobody", **{**INSTANCE, "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:9"})
row("file-before-instance", credentials=DEFAULT, **INSTANCE)
row("container-before-instance", AWS_CONTAINER_CREDENTIALS_FULL_URI="{URL}/container", **INSTANCE)

# regions and endpoints
REGION = {"credentials": DEFAULT, "config": "[default]\nregion = eu-west-3\n"}
for service in ("sts", "iam", "kms", "organizations", "cur", "bcm-data-exports", "s3"):
    exports = "exports-host" if service == "bcm-data-exports" else None
    row(f"endpoint-{service}", ask=service, differs=exports, **REGION)
    row(f"fips-{service}", ask=service, **{**REGION, "config": "[default]\nregion = us-east-1\n"},
        AWS_USE_FIPS_ENDPOINT="true", differs="pseudo-region" if service == "s3" else exports)
    row(f"dual-{service}", ask=service, AWS_USE_DUALSTACK_ENDPOINT="true", **REGION,
        differs="pseudo-region" if service == "organizations" else exports)
row("region-of-the-environment", ask="sts", AWS_DEFAULT_REGION="ap-south-1", **REGION)
row("region-by-the-cli", ask="sts", AWS_REGION="ap-south-1", differs="aws-region", **REGION)
row("region-china", ask="iam", AWS_DEFAULT_REGION="cn-north-1", **REGION)
row("region-gov", ask="sts", AWS_DEFAULT_REGION="us-gov-west-1", **REGION)
row("region-of-tomorrow", ask="sts", AWS_DEFAULT_REGION="eu-centre-9", **REGION)
row("url-for-all", ask="kms", AWS_ENDPOINT_URL="{URL}", **REGION)
row("url-for-one", ask="kms", AWS_ENDPOINT_URL="{URL}", AWS_ENDPOINT_URL_KMS="{URL}/kms", **REGION)
row("url-for-another", ask="kms", AWS_ENDPOINT_URL_IAM="{URL}", **REGION)
row("url-of-exports", ask="bcm-data-exports", AWS_ENDPOINT_URL_BCM_DATA_EXPORTS="{URL}", **REGION)
row("url-of-cur", ask="cur", AWS_ENDPOINT_URL_COST_AND_USAGE_REPORT_SERVICE="{URL}", **REGION)
row("url-ignored", ask="kms", AWS_ENDPOINT_URL="{URL}", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="true", **REGION)
row("url-of-profile", ask="kms", credentials=DEFAULT, config="[default]\nregion = eu-west-3\nendpoint_url = {URL}\n")
row("url-of-services", ask="kms", credentials=DEFAULT,
    config="[default]\nregion = eu-west-3\nservices = mine\n[services mine]\nkms =\n  endpoint_url = {URL}/s\n")
row("url-of-services-and-profile", ask="iam", credentials=DEFAULT,
    config="[default]\nregion = eu-west-3\nservices = mine\nendpoint_url = {URL}\n[services mine]\nkms =\n  endpoint_url = {URL}/s\n")


# --- both -----------------------------------------------------------------------------------------------

BOTOCORE = r"""
import json, os, sys, logging
import botocore.session, botocore.config, botocore.credentials, botocore.tokens
logging.disable(logging.CRITICAL)
loader = botocore.session.Session().get_component("data_loader")  # what it has read is read once
for line in open(sys.argv[1]):
    row = json.loads(line)
    os.environ.clear()
    os.environ.update(row["environment"])
    cache = os.path.join(os.environ["HOME"], ".aws", "sso", "cache")  # botocore asks for the home once, when loaded
    botocore.credentials.SSOProvider._SSO_TOKEN_CACHE_DIR = cache
    botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR = cache
    try:
        session = botocore.session.Session(profile=row["profile"])
        session.register_component("data_loader", loader)
        if row["ask"] == "key":
            found = session.get_credentials()
            answer = found.get_frozen_credentials().access_key if found else "none"
        else:
            config = botocore.config.Config(retries={"total_max_attempts": 1})
            answer = session.create_client(row["ask"], config=config).meta.endpoint_url
    except Exception as error:
        answer = "error: " + type(error).__name__ + ": " + str(error)[:100]
    print(json.dumps(answer), flush=True)
"""


def filled(text, url, home):
    return text.replace("{URL}", url).replace("{HOME}", str(home))


def prepare(url, folder):
    """The homes and environments of all rows."""
    made = {}
    for entry in ROWS:
        home = folder / entry["name"]
        files = {".aws/config": entry["config"], ".aws/credentials": entry["credentials"], **entry["files"]}
        for name, text in files.items():
            if text or name in entry["files"]:
                path = home / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(filled(text, url, home).encode())
                path.chmod(0o640)
        environment = {"HOME": str(home), "PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true"}
        if entry["ask"] == "key":  # the server is every service that authenticates
            environment |= {f"AWS_ENDPOINT_URL_{name}": url for name in ("STS", "SSO", "SSO_OIDC", "SIGNIN")}
            environment["AWS_DEFAULT_REGION"] = "us-east-1"
        environment |= {name: filled(value, url, home) for name, value in entry["environment"].items()}
        made[entry["name"]] = {"environment": environment, "profile": entry["profile"], "ask": entry["ask"]}
    return made


@pytest.fixture(scope="module")
def botocore_running(url, tmp_path_factory):
    """botocore, all rows in one process, while ours run."""
    pytest.importorskip("botocore")
    folder = tmp_path_factory.mktemp("theirs")
    rows = folder / "rows.jsonl"
    rows.write_text("".join(json.dumps(made) + "\n" for made in prepare(url, folder).values()), encoding="utf-8")
    return subprocess.Popen([sys.executable, "-c", BOTOCORE, str(rows)], stdin=subprocess.DEVNULL, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def ask_ours(entry, made):
    profile = ["--profile", made["profile"]] if made["profile"] else []
    done = subprocess.run([EXPORTCHECK, "check", "--bucket", "b", "--show-config", *profile], capture_output=True,
                          text=True, env=made["environment"], timeout=30, stdin=subprocess.DEVNULL,
                          start_new_session=True) # without a terminal
    assert done.returncode in (0, 2) and SECRET not in done.stdout + done.stderr, entry["name"]
    name = "access key id" if entry["ask"] == "key" else f"endpoint {entry['ask']}"
    line = re.search(rf"^{name} +(.*?)(?: \((?:long-term|a session's|custom)\))?$", done.stdout, re.MULTILINE)
    return line.group(1) if line else "error: " + done.stderr.strip()


@pytest.fixture(scope="module")
def homes(url, tmp_path_factory):
    return prepare(url, tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def ours(homes):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda entry: ask_ours(entry, homes[entry["name"]]), ROWS)
        return dict(zip((entry["name"] for entry in ROWS), answers))


@pytest.fixture(scope="module")
def theirs(botocore_running, ours):
    output, errors = botocore_running.communicate(timeout=300)
    assert botocore_running.returncode == 0, errors
    return dict(zip((entry["name"] for entry in ROWS), (json.loads(line) for line in output.splitlines())))


@pytest.mark.parametrize("entry", ROWS, ids=[entry["name"] for entry in ROWS])
def test_ours_is_what_botocore_makes_of_it_or_the_table_says_why(entry, botocore_running, ours, theirs):
    mine, other = ours[entry["name"]], theirs[entry["name"]]
    is_none = [answer == "none" or answer.startswith("error") for answer in (mine, other)]
    same = mine == other or all(is_none)
    if entry["differs"]:
        table = pathlib.Path("docs/aws-access.md").read_text(encoding="utf-8")
        assert f"| `{entry['differs']}` |" in table
        assert not same or entry["differs"] in OF_ITS_VERSION, f"no difference any more: {mine}"
    else:
        assert same, f"ours: {mine}\nbotocore: {other}"


def test_there_are_as_many_settings_as_were_tried():
    names = [entry["name"] for entry in ROWS]
    assert len(names) == len(set(names)) >= 147


def test_a_renewed_token_is_written_back_with_its_files_mode(ours, homes):
    assert ours["sso-session-renewed"] == "SSO-admin-renewed"
    path, = pathlib.Path(homes["sso-session-renewed"]["environment"]["HOME"]).glob(".aws/sso/cache/*")
    token = json.loads(path.read_text(encoding="utf-8"))
    assert token["accessToken"] == "renewed" and token["refreshToken"] == ANOTHER and token["clientId"] == "c"
    assert token["expiresAt"] > SOON
    assert path.stat().st_mode & 0o777 == 0o640


def test_renewed_keys_of_aws_login_are_written_back(ours, homes):
    assert ours["login-renewed"] == ours["login-renewed-early"] == "LOGIN-renewed"
    path, = pathlib.Path(homes["login-renewed"]["environment"]["HOME"]).glob(".aws/login/cache/*")
    session = json.loads(path.read_text(encoding="utf-8"))
    assert session["accessToken"]["accessKeyId"] == "LOGIN-renewed" and session["accessToken"]["expiresAt"] > SOON
    assert session["accessToken"]["accountId"] == "123456789012"
    assert session["refreshToken"] == ANOTHER and session["dpopKey"] == KEY and session["idToken"] == "i"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", ["sso-session-renewed", "sso-renewal-refused-early", "login-renewed", "role-external-id",
                                  "web-identity", "process-session", "container-token"])
def test_no_token_is_in_what_a_check_writes(name, url, tmp_path):
    made = prepare(url, tmp_path / "homes")[name]
    profile = ["--profile", made["profile"]] if made["profile"] else []
    outputs = [f"{kind}={tmp_path / kind}" for kind in ("json", "html", "text")]
    done = subprocess.run([EXPORTCHECK, "check", "--bucket", "acme", "--export-name", "x", *profile, "--timeout", "20",
                           "--verbose", "--ledger", tmp_path / "ledger", "--save-snapshot", tmp_path / "snapshot",
                           *(part for output in outputs for part in ("-o", output))], stdin=subprocess.DEVNULL, check=False,
                          capture_output=True, env={**made["environment"], "AWS_ENDPOINT_URL": url}, timeout=60)
    assert done.returncode in (1, 3), done.stderr
    written = [path.read_bytes() for path in tmp_path.iterdir() if path.is_file()]
    assert len(written) == 5
    assert name == "process-session" or b'"authentication"' in (tmp_path / "ledger").read_bytes()
    for text in [*written, done.stdout, done.stderr]:
        for secret in (SECRET, REFRESH, ANOTHER, KEY.splitlines()[1], "eyJ0eXAi"):
            assert secret.encode() not in text, secret


def test_what_is_wrong_is_said_in_one_line_with_what_to_do(ours):
    says = {
        "role-loop": "the profiles p, q, p are each other's source_profile",
        "role-mfa-without-terminal": "aws configure export-credentials --profile p",
        "sso-session-ended": "run `aws sso login --profile p`",
        "sso-no-token": "run `aws sso login --profile p`",
        "login-renewal-refused": "the renewal was refused with HTTP status 401: the session of `aws login` has ended: run `aws "
                                 "login --profile p`",
        "login-without-its-key": "run `aws login --profile p`",
        "expired": f"ended at {PAST}",
        "process-expired": f"ended at {PAST}",
        "no-secret": "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not",
        "no-credentials": "no AWS credentials were found",
    }
    for name, text in says.items():
        assert text in ours[name] and ours[name].count("\n") == 0, (name, ours[name])


def test_a_role_is_assumed_by_option(url, tmp_path):
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], **ENV, "AWS_ENDPOINT_URL_STS": url}
    arguments = [EXPORTCHECK, "check", "--bucket", "b", "--show-config", "--assume-role", ROLE, "--external-id", "ext"]
    done = subprocess.run(arguments, capture_output=True, text=True, env=environment, timeout=30)
    assert done.returncode == 0 and "r-ENV-ext" in done.stdout and SECRET not in done.stdout
    assert f"role {ROLE}, by credentials from environment" in done.stdout
    done = subprocess.run(arguments[:5] + arguments[7:], capture_output=True, text=True, env=environment, timeout=30)
    assert done.returncode == 2 and "belongs to --assume-role" in done.stderr
