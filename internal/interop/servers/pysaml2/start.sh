#!/usr/bin/env bash
# Starts pysaml2 as a SAML 2.0 identity provider on loopback. Installs it on first use, waits until it is ready, and
# prints its facts; a running one prints them again. The service providers are the files in $SP_DIR at the time of a
# request:
#   NAME.xml    their SAML metadata (write it elsewhere in that folder first and rename)
#   NAME.json   options of the identity provider for them, see server.py
#   INTEROP_PYSAML2_PORT   a fixed port (default: any free one)
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/../lib.sh"
interop_init pysaml2
interop_already
interop_need openssl openssl
interop_need xmlsec1 xmlsec1 # it signs, verifies and encrypts by this program
interop_pip "$HERE/requirements.txt"

rm -rf "$RUN_DIR/sp.d"
mkdir -p "$RUN_DIR/sp.d"
[ -e "$RUN_DIR/idp.crt" ] || {
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=interop idp' \
    -keyout "$RUN_DIR/idp.key" -out "$RUN_DIR/idp.tmp" && mv "$RUN_DIR/idp.tmp" "$RUN_DIR/idp.crt"
} >"$RUN_DIR/tls.log" 2>&1 || die "openssl failed"

interop_spawn env PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 "$CACHE_DIR/venv/bin/python" "$HERE/server.py" \
  "${INTEROP_PYSAML2_PORT:-0}" "$RUN_DIR"
interop_wait
