#!/usr/bin/env bash
# Installs libxmlsec1 1.3, which the Python package xmlsec brings, and prints how to call it. Debian's xmlsec1 is older
# and knows neither RSASSA-PSS nor ECDH-ES. Nothing keeps running.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/../lib.sh"
interop_init xmlsec
interop_pip "$HERE/requirements.txt"
printf 'XMLSEC_PYTHON=%s\nXMLSEC_ORACLE=%s\n' "$CACHE_DIR/venv/bin/python" "$HERE/oracle.py" | tee "$RUN_DIR/env"
