# Functions that the servers' scripts share. Sourced by every start.sh and stop.sh.
#
#   $INTEROP_CACHE  what is downloaded, kept between runs   (default: $TMPDIR/authing-go-interop/cache)
#   $INTEROP_RUN    what one run of the servers writes      (default: $TMPDIR/authing-go-interop/run)
#
# $INTEROP_RUN/NAME has pid ("<pid> <start time in clock ticks>"), log, and env: the facts of the
# running server as KEY=VALUE, which the Go tests read. Nothing is written into the repository.

INTEROP_CACHE=${INTEROP_CACHE:-${TMPDIR:-/tmp}/authing-go-interop/cache}
INTEROP_RUN=${INTEROP_RUN:-${TMPDIR:-/tmp}/authing-go-interop/run}

die() { echo "interop: $*" >&2; exit 1; }

# interop_init NAME - set and make the folders of one server.
interop_init() {
  NAME=$1
  RUN_DIR=$INTEROP_RUN/$NAME
  CACHE_DIR=$INTEROP_CACHE/$NAME
  mkdir -p "$RUN_DIR" "$CACHE_DIR"
}

# interop_need COMMAND PACKAGE - install the Debian package when the command is missing. Only packages
# without a daemon are installed here, so that nothing else is started.
interop_need() {
  command -v "$1" >/dev/null || interop_apt "$2"
}

# interop_apt PACKAGE... - install Debian packages, also without a daemon.
interop_apt() {
  echo "interop: apt-get install $*" >&2
  (
    export DEBIAN_FRONTEND=noninteractive
    flags=(-y -q --no-install-recommends -o DPkg::Lock::Timeout=300)
    apt-get install "${flags[@]}" "$@" || { apt-get update -q && apt-get install "${flags[@]}" "$@"; }
  ) >"$RUN_DIR/apt.log" 2>&1 || { tail -5 "$RUN_DIR/apt.log" >&2; die "apt-get failed"; }
}

# interop_unpack PACKAGE - unpack the Debian package into $CACHE_DIR/root, once, without its scripts and
# dependencies: for servers whose package would bring a daemon.
interop_unpack() {
  (
    flock 9
    [ -e "$CACHE_DIR/root/.unpacked" ] && exit 0
    echo "interop: apt-get download $1" >&2
    rm -rf "$CACHE_DIR/root" "$CACHE_DIR/deb"
    mkdir -p "$CACHE_DIR/root" "$CACHE_DIR/deb"
    {
      cd "$CACHE_DIR/deb"
      get=(apt-get -q -o APT::Sandbox::User= download "$1") # the user _apt could not write here
      "${get[@]}" || { apt-get update -q && "${get[@]}"; }
      dpkg-deb -x "$1"_*.deb "$CACHE_DIR/root"
    } >"$RUN_DIR/unpack.log" 2>&1 || { tail -5 "$RUN_DIR/unpack.log" >&2; die "apt-get download failed"; }
    touch "$CACHE_DIR/root/.unpacked"
  ) 9>"$CACHE_DIR/.lock"
}

# interop_npm DIR - install what DIR/package-lock.json pins into $CACHE_DIR/node_modules, once for each
# content of the lock file, and one process at a time.
interop_npm() {
  interop_need npm npm
  local sum; sum=$(sha256sum <"$1/package-lock.json")
  (
    flock 9
    [ "$(cat "$CACHE_DIR/.installed" 2>/dev/null)" = "$sum" ] && exit 0
    echo "interop: npm ci for $NAME" >&2
    cp "$1/package.json" "$1/package-lock.json" "$CACHE_DIR/"
    npm ci --prefix "$CACHE_DIR" --no-audit --no-fund >"$RUN_DIR/npm.log" 2>&1 ||
      { tail -5 "$RUN_DIR/npm.log" >&2; die "npm ci failed"; }
    echo "$sum" >"$CACHE_DIR/.installed"
  ) 9>"$CACHE_DIR/.lock"
}

# interop_pip FILE - install what FILE pins into the virtual environment $CACHE_DIR/venv, once for each content of the
# file, and one process at a time.
interop_pip() {
  python3 -c 'import ensurepip' 2>/dev/null || interop_apt python3-venv
  local sum; sum=$(sha256sum <"$1")
  (
    flock 9
    [ "$(cat "$CACHE_DIR/.installed" 2>/dev/null)" = "$sum" ] && exit 0
    echo "interop: pip install for $NAME" >&2
    rm -rf "$CACHE_DIR/venv"
    { python3 -m venv "$CACHE_DIR/venv" &&
      "$CACHE_DIR/venv/bin/pip" install --disable-pip-version-check --no-cache-dir --only-binary :all: -r "$1"; } >"$RUN_DIR/pip.log" 2>&1 ||
      { tail -5 "$RUN_DIR/pip.log" >&2; die "pip install failed"; }
    echo "$sum" >"$CACHE_DIR/.installed"
  ) 9>"$CACHE_DIR/.lock"
}

# interop_port - a free port of loopback, for servers that cannot choose one themselves.
interop_port() {
  local port
  for _ in {1..50}; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return 0; }
  done
  die "no free port"
}

# start_ticks PID - the kernel's start time of a process. With it a pid identifies one process, so
# that a reused pid is never killed.
start_ticks() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# interop_running - true while the server of the pid file is alive.
interop_running() {
  local pid ticks
  [ -r "$RUN_DIR/pid" ] && read -r pid ticks <"$RUN_DIR/pid" || return 1
  [ -n "$ticks" ] && [ "$(start_ticks "$pid")" = "$ticks" ]
}

# interop_already - when the server runs, print its facts and exit.
interop_already() {
  if interop_running; then
    if [ -e "$RUN_DIR/env" ]; then cat "$RUN_DIR/env"; exit 0; fi
    interop_stop
  fi
}

# interop_spawn CMD... - start CMD in a session of its own and keep its pid.
interop_spawn() {
  rm -f "$RUN_DIR/env"
  setsid "$@" >"$RUN_DIR/log" 2>&1 </dev/null 9>&- &
  local pid=$!
  sleep 0.05 # until setsid has become CMD
  echo "$pid $(start_ticks "$pid")" >"$RUN_DIR/pid"
}

# interop_wait [SECONDS] - wait until the server has written its facts, and print them.
interop_wait() {
  local i
  for ((i = 0; i < ${1:-60} * 10; i++)); do
    if [ -e "$RUN_DIR/env" ]; then cat "$RUN_DIR/env"; return 0; fi
    interop_running || { tail -20 "$RUN_DIR/log" >&2; die "$NAME ended while starting"; }
    sleep 0.1
  done
  tail -20 "$RUN_DIR/log" >&2
  die "$NAME was not ready in time"
}

# interop_stop - end the server that start.sh started (its whole session), nothing else.
interop_stop() {
  local pid _ i
  if interop_running; then
    read -r pid _ <"$RUN_DIR/pid"
    kill -TERM -- "-$pid" 2>/dev/null || kill -TERM "$pid"
    for ((i = 0; i < 50; i++)); do interop_running || break; sleep 0.1; done
    if interop_running; then kill -KILL -- "-$pid" 2>/dev/null || kill -KILL "$pid"; fi
    echo "$NAME: stopped" >&2
  else
    echo "$NAME: not running" >&2
  fi
  rm -f "$RUN_DIR/pid" "$RUN_DIR/env"
}

# interop_tls - a throw-away CA and a certificate for loopback, made once for a run and shared by its
# servers: $TLS_DIR/{ca.pem,server.pem,server.key}.
interop_tls() {
  interop_need openssl openssl
  TLS_DIR=$INTEROP_RUN/tls
  [ -e "$TLS_DIR/server.pem" ] && return 0
  mkdir -p "$TLS_DIR"
  (
    cd "$TLS_DIR"
    new=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
    openssl req -x509 "${new[@]}" -days 30 -subj '/CN=interop test CA' -keyout ca.key -out ca.pem \
      -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign'
    openssl req "${new[@]}" -subj '/CN=localhost' -keyout server.key -out server.csr
    printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' >server.ext
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile server.ext -out server.tmp
    mv server.tmp server.pem # last, so that a broken run is made again
  ) >"$RUN_DIR/tls.log" 2>&1 || { tail -5 "$RUN_DIR/tls.log" >&2; die "openssl failed"; }
}

# interop_client_certificate NAME - a client's certificate by that CA, with the subject CN=NAME: $RUN_DIR/NAME.{pem,key}.
interop_client_certificate() {
  (
    cd "$RUN_DIR"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
    printf 'extendedKeyUsage=clientAuth\n' >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA "$TLS_DIR/ca.pem" -CAkey "$TLS_DIR/ca.key" -CAcreateserial -days 30 -extfile "$1.ext" -out "$1.pem"
  ) >"$RUN_DIR/tls.log" 2>&1 || { tail -5 "$RUN_DIR/tls.log" >&2; die "openssl failed"; }
}
