// samlp, Auth0's SAML library, in an Express application: login form, single sign-on and single logout.
// argv: PORT (0: any free one) RUN_DIR. RUN_DIR/env is written when the port answers. GET /logout ends the session at
// the identity provider, after each service provider was asked to end theirs.
//
// The options of a service provider are samlp's own: signResponse, signAssertion, signatureAlgorithm, digestAlgorithm,
// encryptionAlgorithm, keyEncryptionAlgorithm, disallowEncryptionWithInsecureAlgorithm. Further ones: encrypt (to the
// key in the metadata), binding (POST or Redirect, of logout messages), noInResponseTo (in refusals),
// nameIDFormat, deflate (of logout messages by redirect; that of the first service provider of a browser counts).
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import express from 'express';
import session from 'express-session';
import samlp from 'samlp';

const require = createRequire(import.meta.url);
const { DOMParser } = require('@auth0/xmldom');
const PassportProfileMapper = require('samlp/lib/claims/PassportProfileMapper');
const SessionParticipants = require('samlp/lib/sessionParticipants');

const [port, runDir] = process.argv.slice(2);
const STATUS = 'urn:oasis:names:tc:SAML:2.0:status:';
const BINDING = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-';
const MD = 'urn:oasis:names:tc:SAML:2.0:metadata';
const DS = 'http://www.w3.org/2000/09/xmldsig#';
const cert = fs.readFileSync(`${runDir}/idp.crt`, 'utf8');
const key = fs.readFileSync(`${runDir}/idp.key`, 'utf8');
const users = {
  alice: {
    password: 'wonderland', id: 'alice', displayName: '爱丽丝 <&>', name: { givenName: 'Alice', familyName: 'Example' },
    emails: [{ value: 'alice@example.test' }], groups: ['admin', 'dev'], active: true, logins: 7,
  },
  bob: { password: 'builder', id: 'bob', displayName: 'Bob', name: {}, emails: [] },
};

// One service provider, from its metadata. samlp reads no metadata: an application gives it what it needs.
function serviceProvider(entityID) {
  for (const name of fs.readdirSync(`${runDir}/sp.d`).filter((n) => n.endsWith('.xml'))) {
    let text;
    let options;
    try {
      text = fs.readFileSync(`${runDir}/sp.d/${name}`, 'utf8');
      options = JSON.parse(fs.readFileSync(`${runDir}/sp.d/${name.slice(0, -3)}json`, 'utf8')) ?? {};
    } catch {
      continue; // a test ended and removed it
    }
    const root = new DOMParser().parseFromString(text).documentElement;
    if (root.getAttribute('entityID') !== entityID) continue;
    const all = (local, namespace = MD) => Array.from(root.getElementsByTagNameNS(namespace, local));
    const pem = all('X509Certificate', DS).map((c) => c.textContent.replace(/\s/g, ''))
      .map((c) => `-----BEGIN CERTIFICATE-----\n${c.match(/.{1,64}/g).join('\n')}\n-----END CERTIFICATE-----\n`)[0];
    return {
      entityID,
      options,
      cert: pem,
      acs: all('AssertionConsumerService').map((e) => e.getAttribute('Location')),
      slo: Object.fromEntries(all('SingleLogoutService').map((e) => [e.getAttribute('Binding'), e.getAttribute('Location')])),
    };
  }
  throw new Error(`no service provider ${entityID}`);
}

const app = express();
app.use(session({ secret: crypto.randomBytes(16).toString('hex'), resave: false, saveUninitialized: true }));
app.use(express.urlencoded({ extended: false, limit: '1mb' }));

const form = (pending) => `<!DOCTYPE html><title>Login</title><form method="post" action="/login">
<input type="hidden" name="pending" value="${pending}"><input name="user"><input type="password" name="password">
<button name="login" value="1">Log in</button></form>`;

// pending keeps a request for a login while the form is shown, as samlp reads it from the request itself.
app.all('/sso', (req, res, next) => {
  parsed(req, next, (data) => {
    const sp = serviceProvider(data.issuer);
    const root = new DOMParser().parseFromString(decoded(req)).documentElement;
    if (req.session.user && root.getAttribute('ForceAuthn') !== 'true') { grant(sp, data, req, res, next); return; }
    if (root.getAttribute('IsPassive') === 'true') { refuse(sp, data, req, res, next); return; }
    const pending = crypto.randomUUID();
    req.session.pending = { ...req.session.pending, [pending]: { query: req.query, body: req.body, method: req.method } };
    res.send(form(pending));
  });
});

// samlp calls back later, where Express does not see what is thrown.
function parsed(req, next, then) {
  samlp.parseRequest(req, {}, (err, data) => {
    try {
      if (err) throw err;
      then(data);
    } catch (error) {
      next(error);
    }
  });
}

function decoded(req) {
  const raw = Buffer.from(req.query.SAMLRequest ?? req.body.SAMLRequest, 'base64');
  return (raw[0] === 0x3c ? raw : require('node:zlib').inflateRawSync(raw)).toString();
}

app.post('/login', (req, res, next) => {
  const { user, password, pending } = req.body;
  if (!users[user] || users[user].password !== password) { res.status(403).send('<p>wrong user or password'); return; }
  req.session.user = user;
  Object.assign(req, req.session.pending[pending]);
  parsed(req, next, (data) => grant(serviceProvider(data.issuer), data, req, res, next));
});

// A login that begins here, for the user who is logged in.
app.get('/unsolicited', (req, res, next) => grant(serviceProvider(req.query.sp), {}, req, res, next));

// Where the response goes: the address in the request, when the metadata has it.
const address = (sp, data) => sp.acs.find((a) => a === data.assertionConsumerServiceURL) ?? sp.acs[0];

function grant(sp, data, req, res, next) {
  const sessionIndex = `_${crypto.randomUUID()}`;
  const user = users[req.session.user];
  const to = address(sp, data);
  class Profile extends PassportProfileMapper {
    getNameIdentifier() {
      return { nameIdentifier: user.id, nameIdentifierFormat: sp.options.nameIDFormat };
    }
  }
  const { password, ...profile } = user;
  const participant = {
    serviceProviderId: sp.entityID, nameId: user.id, sessionIndex, cert: sp.cert,
    nameIdFormat: sp.options.nameIDFormat ?? 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
    binding: BINDING + (sp.options.binding ?? 'POST'), deflate: sp.options.deflate,
  };
  participant.serviceProviderLogoutURL = sp.slo[participant.binding];
  if (participant.serviceProviderLogoutURL) req.session.participants = [...(req.session.participants ?? []), participant];
  samlp.auth({
    issuer, cert, key, sessionIndex, audience: sp.entityID, destination: to, recipient: to,
    signingCert: sp.cert, // requests must be signed
    profileMapper: (p) => new Profile(p),
    getUserFromRequest: () => profile,
    getPostURL: (audience, dom, r, callback) => callback(null, to),
    authnContextClassRef: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
    ...sp.options,
    ...(sp.options.encrypt && {
      encryptionCert: sp.cert, encryptionPublicKey: crypto.createPublicKey(sp.cert).export({ type: 'spki', format: 'pem' }),
    }),
  })(req, res, next);
}

function refuse(sp, data, req, res, next) {
  samlp.sendError({
    issuer, cert, key, signatureAlgorithm: 'rsa-sha256', digestAlgorithm: 'sha256', ...sp.options,
    RelayState: req.query.RelayState ?? req.body.RelayState, destination: address(sp, data),
    inResponseTo: sp.options.noInResponseTo ? undefined : data.id,
    error: { code: `${STATUS}NoPassive`, description: 'nobody is logged in' },
    getPostURL: (r, callback) => callback(null, address(sp, data)),
  })(req, res, next);
}

// Requests and answers of a logout, by redirect or POST; without either it begins here. samlp changes its options
// while it works, so each request has its own.
app.all(['/slo', '/logout'], (req, res, next) => {
  const all = req.session.participants ?? [];
  const participants = new SessionParticipants(all);
  samlp.logout({
    issuer, cert, key, deflate: all[0]?.deflate ?? true, protocolBinding: `${BINDING}POST`, sessionParticipants: participants,
    clearIdPSession: (callback) => { req.session.user = undefined; callback(); },
  })(req, res, next);
});

app.get('/FederationMetadata/2007-06/FederationMetadata.xml', (req, res, next) => samlp.metadata({
  issuer, cert, redirectEndpointPath: '/sso', postEndpointPath: '/sso', logoutEndpointPaths: { redirect: '/slo', post: '/slo' },
})(req, res, next));

// What samlp refuses. Four parameters make it an error handler.
app.use((err, req, res, next) => { // eslint-disable-line no-unused-vars
  console.error(err);
  res.status(400).send(`<p>refused: ${String(err.message).replace(/[<&]/g, ' ')}`);
});

let issuer;
const server = app.listen(port, '127.0.0.1', () => {
  const base = `http://127.0.0.1:${server.address().port}`;
  issuer = `urn:interop:samlp:${server.address().port}`;
  fs.writeFileSync(`${runDir}/env.tmp`, `BASE_URL=${base}
METADATA_URL=${base}/FederationMetadata/2007-06/FederationMetadata.xml
SP_DIR=${runDir}/sp.d
`);
  fs.renameSync(`${runDir}/env.tmp`, `${runDir}/env`);
});
