#!/usr/bin/env bash
# Ends the nginx that start.sh started, and nothing else.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
interop_init nginx
interop_stop
