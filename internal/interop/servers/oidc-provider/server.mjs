// One provider on two listeners, http and https, each with its own issuer. A third one is for client
// certificates alone: it has the endpoints that the metadata of https names in mtls_endpoint_aliases. The only
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

function handler(issuer, aliases) {
  const oidc = build(issuer, all, opPrivate, aliases).callback();
  return (req, res) => {
    if (req.url === `${MOUNT}/.well-known/jwks.json`) req.url = `${MOUNT}/jwks`;
    if (!req.url.startsWith(`${MOUNT}/`)) { res.statusCode = 404; res.end(); return; }
    req.originalUrl = req.url; // mounting, the way Express does it
    req.url = req.url.slice(MOUNT.length);
    oidc(req, res);
  };
}

const listen = (server, port) => new Promise((resolve, reject) => {
  server.on('error', reject).listen(port, '127.0.0.1', () => resolve(server.address().port));
});
const certified = {
  key: fs.readFileSync(`${tlsDir}/server.key`), cert: fs.readFileSync(`${tlsDir}/server.pem`), ca: fs.readFileSync(`${tlsDir}/ca.pem`),
};

// An issuer has its port in it, so the handlers come once the ports are known.
const plain = http.createServer();
const secure = https.createServer(certified);
// Whether a certificate is good is judged per client.
const mutual = https.createServer({ ...certified, requestCert: true, rejectUnauthorized: false });
const base = `http://127.0.0.1:${await listen(plain, httpPort)}${MOUNT}`;
const tlsBase = `https://localhost:${await listen(secure, tlsPort)}${MOUNT}`;
const aliases = `https://localhost:${await listen(mutual, 0)}${MOUNT}`;
plain.on('request', handler(base));
const overTLS = handler(tlsBase, aliases);
secure.on('request', overTLS);
mutual.on('request', overTLS);

// Everything that a test needs to act as the relying parties, with private keys; env says that all is ready.
fs.writeFileSync(`${runDir}/clients.json`, JSON.stringify({
  callback: CALLBACK, logged_out: LOGGED_OUT, backchannel_logout: BACKCHANNEL, resources: Object.keys(RESOURCES),
  clients: all, rp_private_jwks: { keys: rpPrivate },
}, null, 1));
fs.writeFileSync(`${runDir}/env.tmp`, `BASE_URL=${base}
TLS_BASE_URL=${tlsBase}
CA_FILE=${tlsDir}/ca.pem
CLIENTS_FILE=${runDir}/clients.json
CERTIFICATES=${runDir}
`);
fs.renameSync(`${runDir}/env.tmp`, `${runDir}/env`);
