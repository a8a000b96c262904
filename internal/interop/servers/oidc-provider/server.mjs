// One provider on two listeners, http and https, each with its own issuer. The only
// addition to `oidc-provider` is /oidc/.well-known/jwks.json, where Authing has its keys.
// argv: HTTP_PORT TLS_PORT (0: any free one) RUN_DIR TLS_DIR
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { execFileSync } from 'node:child_process';
import { clients, opKeys, rpKeys, CALLBACK, LOGGED_OUT, BACKCHANNEL } from './clients.mjs';
import { build, RESOURCES } from './provider.mjs';

const [httpPort, tlsPort, runDir, tlsDir] = process.argv.slice(2);
const MOUNT = '/oidc';

// Client certificates for mTLS: one self-signed, one issued by the CA of the run.
const ssl = (...args) => execFileSync('openssl', args, { cwd: runDir, stdio: 'pipe' });
const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
ssl('req', '-x509', ...ec, '-days', '30', '-subj', '/CN=mtls-self', '-keyout', 'mtls-self.key', '-out', 'mtls-self.pem');
ssl('req', ...ec, '-subj', '/CN=mtls-ca', '-keyout', 'mtls-ca.key', '-out', 'mtls-ca.csr');
ssl('x509', '-req', '-in', 'mtls-ca.csr', '-CA', `${tlsDir}/ca.pem`, '-CAkey', `${tlsDir}/ca.key`, '-CAcreateserial', '-days', '30', '-out', 'mtls-ca.pem');
const selfCert = new crypto.X509Certificate(fs.readFileSync(`${runDir}/mtls-self.pem`));
const mtlsCert = { ...selfCert.publicKey.export({ format: 'jwk' }), kid: 'mtls-self', x5c: [selfCert.raw.toString('base64')] };

const rpPrivate = rpKeys();
const opPrivate = opKeys();
const all = clients(rpPrivate, mtlsCert);

function handler(issuer) {
  const oidc = build(issuer, all, opPrivate).callback();
  return (req, res) => {
    if (req.url === `${MOUNT}/.well-known/jwks.json`) req.url = `${MOUNT}/jwks`;
    if (!req.url.startsWith(`${MOUNT}/`)) { res.statusCode = 404; res.end(); return; }
    req.originalUrl = req.url; // mounting, the way Express does it
    req.url = req.url.slice(MOUNT.length);
    oidc(req, res);
  };
}

// The issuer has the port in it, so the handler comes once the port is known.
const serve = (server, port, issuer) => new Promise((resolve, reject) => {
  server.on('error', reject).listen(port, '127.0.0.1', () => {
    const url = issuer(server.address().port);
    server.on('request', handler(url));
    resolve(url);
  });
});

const base = await serve(http.createServer(), httpPort, (port) => `http://127.0.0.1:${port}${MOUNT}`);
const tlsBase = await serve(https.createServer({
  key: fs.readFileSync(`${tlsDir}/server.key`), cert: fs.readFileSync(`${tlsDir}/server.pem`), ca: fs.readFileSync(`${tlsDir}/ca.pem`),
  requestCert: true, rejectUnauthorized: false, // client certificates are optional, judged per client
}), tlsPort, (port) => `https://localhost:${port}${MOUNT}`);

// Everything that a test needs to act as the relying parties, with private keys; env says that all is ready.
fs.writeFileSync(`${runDir}/clients.json`, JSON.stringify({
  callback: CALLBACK, logged_out: LOGGED_OUT, backchannel_logout: BACKCHANNEL, resources: Object.keys(RESOURCES),
  clients: all, rp_private_jwks: { keys: rpPrivate },
}, null, 1));
fs.writeFileSync(`${runDir}/env.tmp`, `BASE_URL=${base}
TLS_BASE_URL=${tlsBase}
CA_FILE=${tlsDir}/ca.pem
CLIENTS_FILE=${runDir}/clients.json
`);
fs.renameSync(`${runDir}/env.tmp`, `${runDir}/env`);
