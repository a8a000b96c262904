#!/usr/bin/env python3
"""Prints the realm named by the first argument (interop or rotation), for `kc.sh --import-realm`.

Each client pins one thing. The secret of a client is its name and SECRET; redirects go to any port of
either loopback name.
"""
import json
import sys

SECRET = "-secret-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
RP = ["http://127.0.0.1/*", "http://localhost/*"]  # and each port of these, since they are loopback (RFC 8252 §7.3)


def mapper(name, kind, **config):
    return {"name": name, "protocol": "openid-connect", "protocolMapper": kind,
            "config": {"id.token.claim": "true", "access.token.claim": "true", "userinfo.token.claim": "true", **config}}


def client(name, attributes=None, **more):
    c = {"clientId": name, "protocol": "openid-connect", "enabled": True, "publicClient": False, "secret": name + SECRET,
         "standardFlowEnabled": True, "implicitFlowEnabled": False, "directAccessGrantsEnabled": False,
         "serviceAccountsEnabled": False, "fullScopeAllowed": True, "redirectUris": RP, "webOrigins": ["+"],
         "frontchannelLogout": False,
         "attributes": {"post.logout.redirect.uris": "+", "pkce.code.challenge.method": "S256", **(attributes or {})}}
    c.update(more)
    return c


def alg(name, value):
    return client(name, {"id.token.signed.response.alg": value})


CLIENTS = [
    client("basic"),
    client("post"),
    client("public", publicClient=True),
    client("m2m", serviceAccountsEnabled=True, standardFlowEnabled=False),
    client("api"),  # the resource server that introspects
    client("password", directAccessGrantsEnabled=True),
    client("consent", consentRequired=True),
    client("no-iss", {"exclude.issuer.from.auth.response": "true"}),
    client("hybrid", implicitFlowEnabled=True),
    client("at-jwt", {"access.token.header.type.rfc9068": "true"}, protocolMappers=[
        mapper("aud", "oidc-audience-mapper", **{"included.client.audience": "api", "id.token.claim": "false"})]),
    client("light", {"client.use.lightweight.access.token.enabled": "true"}),
    client("offline", None, optionalClientScopes=["offline_access"]),
    client("backchannel", {"backchannel.logout.url": "http://127.0.0.1:7190/backchannel-logout",
                           "backchannel.logout.session.required": "true"}),
    client("userinfo-rs256", {"user.info.response.signature.alg": "RS256"}),
    client("secret-jwt", {"token.endpoint.auth.signing.alg": "HS256"}, clientAuthenticatorType="client-secret-jwt"),
    client("pairwise", redirectUris=RP[:1], protocolMappers=[{"name": "pairwise", "protocol": "openid-connect",
                                         "protocolMapper": "oidc-sha256-pairwise-sub-mapper",
                                         "config": {"pairwiseSubAlgorithmSalt": "interop"}}]),
    client("two-audiences", protocolMappers=[mapper("aud", "oidc-audience-mapper", **{"included.client.audience": "api"})]),
    client("par", {"require.pushed.authorization.requests": "true"}),
    client("mtls", {"x509.subjectdn": "CN=mtls-ca", "x509.allow.regex.pattern.comparison": "false",
                    "tls.client.certificate.bound.access.tokens": "true"}, clientAuthenticatorType="client-x509"),
    client("dpop", {"dpop.bound.access.tokens": "true"}),
    client("device", {"oauth2.device.authorization.grant.enabled": "true", "pkce.code.challenge.method": ""}, standardFlowEnabled=False),
    client("ciba", {"oidc.ciba.grant.enabled": "true"}, standardFlowEnabled=False),
    client("exchange", {"standard.token.exchange.enabled": "true"}, protocolMappers=[
        mapper("aud", "oidc-audience-mapper", **{"included.client.audience": "api", "id.token.claim": "false"})]),
    *[alg("idt-" + a.lower(), a) for a in ("HS256", "HS512", "RS512", "PS256", "PS512", "ES256", "ES384", "ES512", "EdDSA")],
]


def policy(kind):
    """The clients with the attribute interop.fapi=KIND must do what Keycloak's profile of that name demands."""
    chosen = {"condition": "client-attributes", "configuration": {"attributes": json.dumps([{"key": "interop.fapi", "value": kind}])}}
    return {"name": kind, "enabled": True, "conditions": [chosen], "profiles": [kind]}


def user(name, password, given, family, **more):
    return {"username": name, "enabled": True, "email": more.pop("email", name + "@example.org"), "emailVerified": True,
            "firstName": given, "lastName": family, "credentials": [{"type": "password", "value": password}], **more}


if sys.argv[1] == "secret":
    sys.exit(print(SECRET))

realm = sys.argv[1]
DEFAULT = "default-roles-" + realm  # what users made by hand have: offline access, account
print(json.dumps({
    "realm": realm, "enabled": True, "sslRequired": "none", "loginTheme": "keycloak",
    "revokeRefreshToken": realm == "rotation", "refreshTokenMaxReuse": 0,
    "accessTokenLifespan": 300,
    "attributes": {"oauth2DevicePollingInterval": "1", "cibaInterval": "1", "cibaExpiresIn": "120"},
    "passwordPolicy": "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)",  # the default costs a second of a small machine
    "roles": {"realm": [{"name": "staff"}, {"name": "admin & co"}]},
    "groups": [{"name": "writers"}, {"name": "readers"}],
    "users": [
        user("alice", "wonderland", "Alice", "Liddell", realmRoles=["staff", "admin & co", DEFAULT], groups=["/writers", "/readers"]),
        user("bob", "builder", "Bob", "O'Builder", realmRoles=["staff", DEFAULT]),
        user("zo\u00eb", "\u00fcmlaut", "Zo\u00eb", "\u6f22\u5b57", email="zoe@example.org", realmRoles=[DEFAULT]),
    ],
    "clients": CLIENTS,
    "clientPolicies": {"policies": [policy("fapi-2-" + kind) for kind in
                                    ("security-profile", "message-signing", "dpop-security-profile", "dpop-message-signing")]},
}))
