#!/usr/bin/env bash
# Starts Redis on loopback, without a file on disk, waits until it is ready, and prints its facts; a running one prints
# them again. It is Debian's package redis-tools, which has the server's program and no daemon.
#   INTEROP_REDIS_PORT   a fixed port (default: any free one)
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/../lib.sh"
interop_init redis
interop_already
interop_need redis-cli redis-tools
PORT=${INTEROP_REDIS_PORT:-$(interop_port)}
# The name under which it is called makes it the server.
interop_spawn bash -c 'exec -a redis-server "$(command -v redis-check-rdb)" "$@"' redis \
  --bind 127.0.0.1 --port "$PORT" --save '' --appendonly no --dir "$RUN_DIR" --daemonize no
for ((i = 0; i < 100; i++)); do
  if [ "$(redis-cli -h 127.0.0.1 -p "$PORT" ping 2>/dev/null)" = PONG ]; then
    echo "REDIS_ADDR=127.0.0.1:$PORT" >"$RUN_DIR/env.tmp"
    mv "$RUN_DIR/env.tmp" "$RUN_DIR/env"
    break
  fi
  sleep 0.1
done
interop_wait 1
