#!/usr/bin/env bash
# Ends the samlp that start.sh started, and nothing else.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
interop_init samlp
interop_stop
