// The provider: an unmodified `oidc-provider` with every stable feature switched on.
import * as crypto from 'node:crypto';
import { Provider, errors } from 'oidc-provider';

// Any login is a user; the claims derive from it.
// Scopes beyond the standard ones are those of Authing's OIDC (username, roles, ...).
const account = (sub) => ({
  accountId: sub,
  claims: () => ({
    sub,
    name: `${sub} Example`, given_name: sub, family_name: 'Example', nickname: sub, preferred_username: sub,
    picture: 'https://img.example.test/a.png', website: 'https://example.test/', gender: 'F', birthdate: '1990-01-31',
    zoneinfo: 'Asia/Shanghai', locale: 'zh-CN', updated_at: 1700000000,
    email: `${sub}@example.test`, email_verified: true,
    phone_number: '+8613800000000', phone_number_verified: false,
    address: { formatted: '1 Test Rd\nShanghai', locality: 'Shanghai', country: 'CN' },
    username: sub, external_id: `ext-${sub}`, roles: ['admin', 'dev'], tenant_id: 'tenant-1',
    extended_fields: { department: 'R&D' },
  }),
});

export const RESOURCES = {
  'urn:interop:jwt': { accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } },
  'urn:interop:jwt-es256': { accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } },
  'urn:interop:opaque': { accessTokenFormat: 'opaque' },
};

// Details of rich authorization requests. What was granted is more than what was asked: a payment gets a number.
const DETAILS = ['payment_initiation', 'account_information'];
const granted = (details) => details?.map((d) => (d.type === 'payment_initiation' ? { ...d, transaction: 'tx-1' } : d));
const validate = (_ctx, detail) => {
  if (!detail.actions?.length) throw new errors.InvalidAuthorizationDetails('actions are missing');
};
const richAuthorizationRequests = {
  enabled: true,
  types: Object.fromEntries(DETAILS.map((type) => [type, { validate }])),
  authorizationDetailsForGrantSource: (ctx) => granted(JSON.parse(ctx.oidc.params.authorization_details ?? 'null') ?? ctx.oidc.grant.rar),
  // A token request may ask for less than what was granted; without a user, for what the client may have.
  authorizationDetailsForAccessToken(ctx, _token, source) {
    const asked = ctx.oidc.params.authorization_details && JSON.parse(ctx.oidc.params.authorization_details);
    if (!source) return granted(asked);
    const less = source.rar?.filter((d) => !asked || asked.some((a) => a.type === d.type));
    if (asked && less?.length !== asked.length) throw new errors.InvalidAuthorizationDetails('more than what was granted');
    return less;
  },
  authorizationDetailsForIntrospection: (_ctx, token) => token.rar,
};

const SIG = ['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
const ALG = ['RSA-OAEP', 'RSA-OAEP-256', 'RSA-OAEP-384', 'RSA-OAEP-512', 'ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW', 'A128KW', 'A256KW', 'A256GCMKW', 'dir'];
const ENC = ['A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512', 'A128GCM', 'A192GCM', 'A256GCM'];
const enabledJWA = (sig) => ({
  clientAuthSigningAlgValues: sig, idTokenSigningAlgValues: sig, requestObjectSigningAlgValues: sig,
  userinfoSigningAlgValues: sig, introspectionSigningAlgValues: sig, authorizationSigningAlgValues: sig,
  dPoPSigningAlgValues: sig.filter((a) => !a.startsWith('HS')),
  ...Object.fromEntries(['idToken', 'requestObject', 'userinfo', 'introspection', 'authorization'].flatMap((k) => [
    [`${k}EncryptionAlgValues`, ALG], [`${k}EncryptionEncValues`, ENC]])),
});

const peer = (ctx) => ctx.socket.getPeerX509Certificate?.(); // the client's certificate, if any

// build makes the provider of one issuer for these clients and with these keys of its own; aliases is where the
// endpoints for client certificates are (RFC 8705 §5). An issuer that ends with /fapi demands what the FAPI 2.0 Security
// Profile does.
export function build(issuer, clients, keys, aliases) {
  const tls = issuer.startsWith('https');
  const fapi = issuer.endsWith('/fapi');
  const forThis = ({ client_id }) => (client_id.startsWith('fapi-') ? fapi : !fapi && (tls || !client_id.startsWith('mtls-')));
  let provider;
  const configuration = {
    clients: clients.filter(forThis),
    jwks: { keys },
    enabledJWA: enabledJWA(fapi ? ['PS256', 'ES256', 'EdDSA', 'Ed25519'] : SIG),
    findAccount: (_ctx, sub) => account(sub),
    scopes: ['openid', 'offline_access', 'api:read', 'api:write'],
    claims: {
      openid: ['sub'], email: ['email', 'email_verified'], phone: ['phone_number', 'phone_number_verified'], address: ['address'],
      profile: ['birthdate', 'family_name', 'gender', 'given_name', 'locale', 'name', 'nickname', 'picture', 'preferred_username', 'updated_at', 'website', 'zoneinfo'],
      username: ['username'], external_id: ['external_id'], roles: ['roles'], tenant_id: ['tenant_id'], extended_fields: ['extended_fields'],
      acr: null, auth_time: null, iss: null, sid: null,
    },
    responseTypes: fapi ? ['code'] : ['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token', 'none'],
    subjectTypes: ['public', 'pairwise'],
    pairwiseIdentifier: (_ctx, id, client) => crypto.createHash('sha256').update(`${client.sectorIdentifier}${id}`).digest('hex'),
    acrValues: ['urn:interop:bronze', 'urn:interop:silver'],
    clientAuthMethods: [...(fapi ? [] : ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'none']), 'private_key_jwt', ...(tls ? ['self_signed_tls_client_auth', 'tls_client_auth'] : [])],
    // POST to the authorization and logout endpoints comes cross-site from the RP, so it
    // needs SameSite=None cookies, which browsers only keep when Secure: https only.
    enableHttpPostMethods: tls,
    cookies: { keys: ['interop'], ...(tls && { long: { sameSite: 'none', secure: true }, short: { sameSite: 'none', secure: true } }) },
    // Its own fetch refuses loopback addresses (SSRF guard); here every RP is on loopback.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    extraTokenClaims: (_ctx, token) => (token.kind === 'AccessToken' ? { tenant_id: 'tenant-1' } : undefined),
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client, code) => client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    ...(aliases && {
      discovery: {
        mtls_endpoint_aliases: {
          pushed_authorization_request_endpoint: `${aliases}/request`, token_endpoint: `${aliases}/token`, userinfo_endpoint: `${aliases}/me`,
          introspection_endpoint: `${aliases}/token/introspection`, revocation_endpoint: `${aliases}/token/revocation`,
        },
      },
    }),
    features: {
      devInteractions: { enabled: true },
      backchannelLogout: { enabled: true },
      claimsParameter: { enabled: true },
      clientCredentials: { enabled: true },
      clientIdMetadataDocument: { enabled: true, ack: 'draft-02' },
      ciba: {
        enabled: true,
        deliveryModes: ['poll'],
        processLoginHint: (_ctx, hint) => hint,
        validateRequestContext() {},
        verifyUserCode() {},
        // A user called deny-* refuses, hold-* never answers, anyone else agrees after 1 s.
        async triggerAuthenticationDevice(ctx, request) {
          if (request.accountId.startsWith('hold-')) return;
          setTimeout(async () => {
            if (request.accountId.startsWith('deny-')) {
              await provider.backchannelResult(request, new errors.AccessDenied('the user said no'));
              return;
            }
            const grant = new provider.Grant({ accountId: request.accountId, clientId: request.clientId });
            grant.addOIDCScope(request.scope);
            await grant.save();
            await provider.backchannelResult(request, grant, { acr: 'urn:interop:silver', authTime: Math.floor(Date.now() / 1000) });
          }, 1000);
        },
      },
      deviceFlow: { enabled: true },
      dPoP: { enabled: true, nonceSecret: crypto.randomBytes(32), requireNonce: (ctx) => ctx.oidc.client?.clientId.endsWith('dpop-nonce') ?? false },
      encryption: { enabled: true },
      fapi: { enabled: fapi, profile: fapi ? '2.0' : undefined },
      introspection: { enabled: true },
      jwtIntrospection: { enabled: true },
      jwtResponseModes: { enabled: true },
      jwtUserinfo: { enabled: true },
      mTLS: {
        enabled: tls,
        certificateBoundAccessTokens: true, selfSignedTlsClientAuth: true, tlsClientAuth: true,
        getCertificate: peer,
        certificateAuthorized: (ctx) => ctx.socket.authorized,
        certificateSubjectMatches: (ctx, property, expected) => property === 'tls_client_auth_subject_dn' && peer(ctx)?.subject === expected,
      },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: fapi },
      registration: { enabled: !fapi },
      registrationManagement: { enabled: !fapi, rotateRegistrationAccessToken: false },
      requestObjects: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo(_ctx, indicator) {
          // An API of a test has a port of its own.
          const api = RESOURCES[indicator] ?? (indicator.startsWith('http://127.0.0.1:') && RESOURCES['urn:interop:jwt']);
          if (!api) throw new errors.InvalidTarget();
          return { scope: 'api:read api:write', audience: indicator, accessTokenTTL: 600, ...api };
        },
      },
      revocation: { enabled: true },
      richAuthorizationRequests,
      rpInitiatedLogout: { enabled: true },
    },
  };
  provider = new Provider(issuer, configuration);
  // Implicit and hybrid web clients must use https redirects; on loopback that rule
  // (two documented error codes of the schema) is lifted, every other one stands.
  const { invalidate } = provider.Client.Schema.prototype;
  provider.Client.Schema.prototype.invalidate = function lenient(message, code) {
    if (code === 'implicit-force-https' || code === 'implicit-forbid-localhost') return;
    invalidate.call(this, message, code);
  };
  for (const event of ['server_error', 'grant.error', 'authorization.error', 'backchannel.error']) {
    provider.on(event, (ctx, err) => console.log(event, ctx?.path ?? '', err?.message, err?.error_detail ?? '', event === 'server_error' ? err?.stack : ''));
  }
  return provider;
}
