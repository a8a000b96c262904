#!/usr/bin/env bash
# Starts django-cas-server (CAS 1.0, 2.0, 3.0, proxy, single logout) on loopback, mounted at /cas. Installs
# it on first use, waits until it is ready, and prints its facts; a running one prints them again.
#   INTEROP_CAS_PORT, INTEROP_CAS_TLS_PORT   fixed ports for http and https (default: any free ones)
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/../lib.sh"
interop_init cas-django
interop_already
# Only Debian's own Python finds Debian's packages, and this package has no command.
PYTHON=/usr/bin/python3
"$PYTHON" -c 'import cas_server' 2>/dev/null || interop_apt python3-django-cas-server
interop_tls
interop_spawn env PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 "$PYTHON" "$HERE/server.py" \
  "${INTEROP_CAS_PORT:-0}" "${INTEROP_CAS_TLS_PORT:-0}" "$RUN_DIR" "$TLS_DIR"
interop_wait
