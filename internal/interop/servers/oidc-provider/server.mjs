// One provider on two listeners, http and https, each with its own issuer; https has one more, for FAPI alone. A third
// listener is for client certificates: it has the endpoints that the metadata of https names in mtls_endpoint_aliases. The
// only addition to `oidc-provider` is /oidc/.well-known/jwks.json, where Authing has its keys.
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
const FAPI = '/fapi';

// Client certificates for mTLS: one self-signed; start.sh made one by the CA of the run.
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'mtls-self.key'];
execFileSync('openssl', ['req', '-x509', ...newKey, '-days', '30', '-subj', '/CN=mtls-self', '-out', 'mtls-self.pem'], { cwd: runDir, stdio: 'pipe' });
const selfCert = new crypto.X509Certificate(fs.readFileSync(`${runDir}/mtls-self.pem`));
const mtlsCert = { ...selfCert.publicKey.export({ format: 'jwk' }), kid: 'mtls-self', x5c: [selfCert.raw.toString('base64')] };

const rpPrivate = rpKeys();
const opPrivate = opKeys();
const all = clients(rpPrivate, mtlsCert);

// handler serves the issuers at these paths of origin.
function handler(origin, aliases, ...mounts) {
  const providers = mounts.map((mount) => [mount, build(`${origin}${mount}`, all, opPrivate, aliases && `${aliases}${mount}`).callback()]);
  return (req, res) => {
    if (req.url === `${MOUNT}/.well-known/jwks.json`) req.url = `${MOUNT}/jwks`;
    const [mount, oidc] = providers.find(([path]) => req.url.startsWith(`${path}/`)) ?? [];
    if (!oidc) { res.statusCode = 404; res.end(); return; }
    req.originalUrl = req.url; // mounting, the way Express does it
    req.url = req.url.slice(mount.length);
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
const base = `http://127.0.0.1:${await listen(plain, httpPort)}`;
const tlsBase = `https://localhost:${await listen(secure, tlsPort)}`;
const aliases = `https://localhost:${await listen(mutual, 0)}`;
plain.on('request', handler(base, undefined, MOUNT));
const overTLS = handler(tlsBase, aliases, MOUNT, FAPI);
secure.on('request', overTLS);
mutual.on('request', overTLS);

// Everything that a test needs to act as the relying parties, with private keys; env says that all is ready.
fs.writeFileSync(`${runDir}/clients.json`, JSON.stringify({
  callback: CALLBACK, logged_out: LOGGED_OUT, backchannel_logout: BACKCHANNEL, resources: Object.keys(RESOURCES),
  clients: all, rp_private_jwks: { keys: rpPrivate },
}, null, 1));
fs.writeFileSync(`${runDir}/env.tmp`, `BASE_URL=${base}${MOUNT}
TLS_BASE_URL=${tlsBase}${MOUNT}
FAPI_BASE_URL=${tlsBase}${FAPI}
CA_FILE=${tlsDir}/ca.pem
CLIENTS_FILE=${runDir}/clients.json
CERTIFICATES=${runDir}
`);
fs.renameSync(`${runDir}/env.tmp`, `${runDir}/env`);
