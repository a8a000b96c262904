#!/usr/bin/env bash
# Ends the Redis that start.sh started, and nothing else.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
interop_init redis
interop_stop
