#!/usr/bin/env bash
# Ends the django-cas-server that start.sh started, and nothing else.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
interop_init cas-django
interop_stop
