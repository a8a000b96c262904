#!/usr/bin/env bash
# Ends the pyFF that start.sh started, and nothing else.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
interop_init pyff
interop_stop
