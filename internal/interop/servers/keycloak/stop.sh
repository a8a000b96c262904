#!/usr/bin/env bash
# Ends the Keycloak that start.sh started, and nothing else.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
interop_init keycloak
interop_stop
