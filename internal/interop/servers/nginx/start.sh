#!/usr/bin/env bash
# Starts nginx on loopback with the configurations of README.md, each in front of an application that is not there yet:
# the tests of package nginx are the applications. Prints its facts; a running one prints them again.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/../lib.sh"
interop_init nginx
interop_already
interop_need curl curl
interop_tls
interop_unpack nginx # and not nginx-light, which only depends on it

# block N - the configuration number N of README.md, for the application at a port.
block() {
  awk -v want="$1" '/^```nginx$/ {n++; on = n == want; next} /^```$/ {on = 0} on' "$HERE/../../../../README.md" |
    sed "s/127\.0\.0\.1:3000/127.0.0.1:$2/"
}

# server PORT - a server around the configuration on stdin.
server() {
  printf 'server {\nlisten 127.0.0.1:%s ssl;\nssl_certificate %s/server.pem;\nssl_certificate_key %s/server.key;\n' "$1" "$TLS_DIR" "$TLS_DIR"
  cat
  printf '}\n'
}

ROOT_PORT=$(interop_port) KEEPS_PORT=$(interop_port) STRIPS_PORT=$(interop_port)
ROOT_APP=$(interop_port) KEEPS_APP=$(interop_port) STRIPS_APP=$(interop_port)
mkdir -p "$RUN_DIR/tmp"
{
  printf 'daemon off;\nmaster_process off;\npid %s/nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n' "$RUN_DIR"
  for kind in client_body proxy fastcgi uwsgi scgi; do printf '%s_temp_path %s/tmp/%s;\n' "$kind" "$RUN_DIR" "$kind"; done
  block 1 "$ROOT_APP" | server "$ROOT_PORT"
  block 2 "$STRIPS_APP" | server "$STRIPS_PORT"
  block 2 "$KEEPS_APP" | sed 's|/;|;|' | server "$KEEPS_PORT"
  printf '}\n'
} >"$RUN_DIR/nginx.conf"

interop_spawn "$CACHE_DIR/root/usr/sbin/nginx" -p "$RUN_DIR" -c "$RUN_DIR/nginx.conf" -e stderr
for ((i = 0; i < 100; i++)); do
  if curl -sS --noproxy '*' --cacert "$TLS_DIR/ca.pem" -o /dev/null "https://localhost:$ROOT_PORT/" 2>>"$RUN_DIR/log"; then
    printf '%s\n' "CA_FILE=$TLS_DIR/ca.pem" \
      "ROOT_URL=https://localhost:$ROOT_PORT" "ROOT_APP=127.0.0.1:$ROOT_APP" \
      "KEEPS_URL=https://localhost:$KEEPS_PORT/shop" "KEEPS_APP=127.0.0.1:$KEEPS_APP" \
      "STRIPS_URL=https://localhost:$STRIPS_PORT/shop" "STRIPS_APP=127.0.0.1:$STRIPS_APP" >"$RUN_DIR/env.tmp"
    mv "$RUN_DIR/env.tmp" "$RUN_DIR/env"
    break
  fi
  interop_running || break # interop_wait reports it
  sleep 0.1
done
interop_wait 1
