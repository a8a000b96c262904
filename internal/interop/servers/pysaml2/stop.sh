#!/usr/bin/env bash
# Ends the pysaml2 that start.sh started, and nothing else.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
interop_init pysaml2
interop_stop
