#!/usr/bin/env bash
# Starts PostgreSQL on loopback with an empty database, waits until it is ready, and prints its facts; a running one
# prints them again. It is Debian's package, without its own cluster and daemon.
#   INTEROP_POSTGRES_PORT   a fixed port (default: any free one)
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/../lib.sh"
interop_init postgres
interop_already
programs() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1; }
if [ ! -x "$(programs)/initdb" ]; then
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  fi
  interop_apt postgresql
fi
BIN=$(programs)
PORT=${INTEROP_POSTGRES_PORT:-$(interop_port)}
# PostgreSQL refuses to run as root, and another user cannot enter the run's folder.
as=()
DATA=$(mktemp -d "${TMPDIR:-/tmp}/interop-postgres.XXXXXX")
echo "$DATA" >"$RUN_DIR/data"
if [ "$(id -u)" -eq 0 ]; then
  as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
  chown nobody:nogroup "$DATA"
fi
cd "$DATA"
"${as[@]}" env -i PATH="$PATH" LC_ALL=C "$BIN/initdb" -D "$DATA/db" -U interop -A trust -E UTF8 --no-sync >"$RUN_DIR/initdb.log" 2>&1 ||
  { tail -5 "$RUN_DIR/initdb.log" >&2; die "initdb failed"; }
interop_spawn "${as[@]}" "$BIN/postgres" -D "$DATA/db" -h 127.0.0.1 -p "$PORT" -k '' -c fsync=off
for ((i = 0; i < 300; i++)); do
  if "$BIN/pg_isready" -q -h 127.0.0.1 -p "$PORT" -U interop; then
    echo "POSTGRES_URL=postgres://interop@127.0.0.1:$PORT/postgres?sslmode=disable" >"$RUN_DIR/env.tmp"
    mv "$RUN_DIR/env.tmp" "$RUN_DIR/env"
    break
  fi
  interop_running || break
  sleep 0.1
done
interop_wait 1
