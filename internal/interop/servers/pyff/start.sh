#!/usr/bin/env bash
# Starts pyFF, a metadata server of federations, on loopback, with the entities of this folder. Installs it on first
# use, waits until it answers, and prints its facts; a running one prints them again.
#   INTEROP_PYFF_PORT   a fixed port (default: any free one)
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/../lib.sh"
interop_init pyff
interop_already
interop_need openssl openssl
interop_need curl curl
interop_pip "$HERE/requirements.txt"
PYTHON=$CACHE_DIR/venv/bin/python

rm -rf "$RUN_DIR/site"
mkdir -p "$RUN_DIR/site/entities"
cd "$RUN_DIR/site"
for name in sign idp; do
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$name.key" -out "$name.crt" -days 2 -subj "/CN=$name" 2>/dev/null
done
certificate=$(openssl x509 -in idp.crt -outform der | base64 -w0)
for file in "$HERE"/entities/*.xml; do
  sed "s#{CERT}#$certificate#" "$file" >"entities/${file##*/}"
done
cp "$HERE/mdq.fd" .

port=${INTEROP_PYFF_PORT:-$("$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')}
# It calls its own address to load what it serves.
export PYFF_PIPELINE=mdq.fd PYFF_UPDATE_FREQUENCY=300 PYFF_HOST=127.0.0.1 PYFF_PORT=$port PYTHONDONTWRITEBYTECODE=1
interop_spawn "$PYTHON" -m gunicorn --bind "127.0.0.1:$port" --workers 1 --threads 4 --no-control-socket pyff.wsgi:app
for ((i = 0; i < 300; i++)); do
  if curl -fs "http://127.0.0.1:$port/api/status" | grep -q '"store": {"size": 2}'; then
    printf 'BASE_URL=http://127.0.0.1:%s\nCERTIFICATE=%s\n' "$port" "$RUN_DIR/site/sign.crt" >"$RUN_DIR/env.new"
    mv "$RUN_DIR/env.new" "$RUN_DIR/env"
    break
  fi
  interop_running || break
  sleep 0.2
done
interop_wait 1
