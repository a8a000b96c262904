#!/usr/bin/env bash
# Installs axe-core, which finds faults of accessibility in a page of the browser, and prints where it is. Nothing keeps
# running.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/../lib.sh"
interop_init axe
interop_npm "$HERE"
echo "SCRIPT=$CACHE_DIR/node_modules/axe-core/axe.min.js" | tee "$RUN_DIR/env"
