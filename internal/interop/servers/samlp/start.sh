#!/usr/bin/env bash
# Starts samlp, Auth0's SAML library, as a SAML 2.0 identity provider on loopback. Installs it on first use, waits until
# it is ready, and prints its facts; a running one prints them again. The service providers are the files in $SP_DIR at
# the time of a request:
#   NAME.xml    their SAML metadata (write it elsewhere in that folder first and rename)
#   NAME.json   options of the identity provider for them, see server.mjs
#   INTEROP_SAMLP_PORT   a fixed port (default: any free one)
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/../lib.sh"
interop_init samlp
interop_already
interop_need openssl openssl
interop_npm "$HERE"

rm -rf "$RUN_DIR/sp.d"
mkdir -p "$RUN_DIR/sp.d"
[ -e "$RUN_DIR/idp.crt" ] || {
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=interop idp' \
    -keyout "$RUN_DIR/idp.key" -out "$RUN_DIR/idp.tmp" && mv "$RUN_DIR/idp.tmp" "$RUN_DIR/idp.crt"
} >"$RUN_DIR/tls.log" 2>&1 || die "openssl failed"

# ES modules look for node_modules in their own folder.
cp "$HERE/server.mjs" "$RUN_DIR/"
ln -sfn "$CACHE_DIR/node_modules" "$RUN_DIR/node_modules"
interop_spawn env NODE_NO_WARNINGS=1 node "$RUN_DIR/server.mjs" "${INTEROP_SAMLP_PORT:-0}" "$RUN_DIR"
interop_wait
