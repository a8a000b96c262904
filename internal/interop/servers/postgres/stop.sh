#!/usr/bin/env bash
# Ends the PostgreSQL that start.sh started, and nothing else.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
interop_init postgres
interop_stop
if [ -r "$RUN_DIR/data" ]; then rm -rf "$(cat "$RUN_DIR/data")" "$RUN_DIR/data"; fi
