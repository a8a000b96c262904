#!/usr/bin/env bash
# Ends the oidc-provider that start.sh started, and nothing else.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
interop_init oidc-provider
interop_stop
