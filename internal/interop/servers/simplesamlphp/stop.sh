#!/usr/bin/env bash
# Ends the SimpleSAMLphp that start.sh started, and nothing else.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
interop_init simplesamlphp
interop_stop
