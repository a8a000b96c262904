#!/usr/bin/env bash
# Starts Keycloak on loopback with the realms that realm.py prints: interop, and rotation, where a refresh
# token is for one use. Installs it from Maven Central on first use, waits until it is ready, and prints its
# facts; a running one prints them again. The first start builds the server and fills its database, which
# takes minutes and is kept; each start begins with a copy, so that nothing of an earlier run is left.
#   INTEROP_KEYCLOAK_PORT, INTEROP_KEYCLOAK_TLS_PORT   fixed ports for http and https (default: any free ones)
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/../lib.sh"
interop_init keycloak
interop_already
VERSION=26.4.2
SHA256=2a30e4602d63d4501a4a8263bfa4e14cbd5970b4116c618ea28f339b16190233 # of the archive
interop_need java default-jdk-headless # 17 or 21
interop_need mvn maven
interop_need unzip unzip
interop_need python3 python3
interop_need curl curl
interop_tls
interop_client_certificate mtls-ca
interop_client_certificate mtls-other

# The first compiler alone: the machine is small and the server lives minutes.
export JAVA_OPTS_KC_HEAP='-Xms256m -Xmx768m' JAVA_OPTS_APPEND=-XX:TieredStopAtLevel=1
# Where the server asks the user of a CIBA login: a test listens there for the length of that login.
CIBA_CHANNEL=http://127.0.0.1:$(interop_port)/ask
export KC_BOOTSTRAP_ADMIN_USERNAME=admin KC_BOOTSTRAP_ADMIN_PASSWORD=interop
OPTIONS=(--optimized --http-enabled=true --http-host=127.0.0.1 --hostname-strict=false --cache=local
  --http-port="${INTEROP_KEYCLOAK_PORT:-0}" --https-port="${INTEROP_KEYCLOAK_TLS_PORT:-0}"
  --spi-ciba-auth-channel--ciba-http-auth-channel--http-authentication-channel-uri="$CIBA_CHANNEL"
  --https-certificate-file="$TLS_DIR/server.pem" --https-certificate-key-file="$TLS_DIR/server.key"
  --truststore-paths="$TLS_DIR/ca.pem")

# answers [SECONDS] - wait until the server has named its ports and both answer; sets BASE and TLS_BASE.
answers() {
  local i
  for ((i = 0; i < ${1:-120} * 5; i++)); do
    BASE=$(grep -om1 'http://127.0.0.1:[0-9]*' "$RUN_DIR/log") &&
      TLS_BASE=https://localhost:$(grep -m1 'Listening on' "$RUN_DIR/log" | grep -o 'https://[^ ]*:[0-9]*' | grep -o '[0-9]*$') &&
      curl -fsS --noproxy '*' -o /dev/null "$BASE/realms/rotation/.well-known/openid-configuration" &&
      curl -fsS --noproxy '*' -o /dev/null --cacert "$TLS_DIR/ca.pem" "$TLS_BASE/realms/interop/.well-known/openid-configuration" &&
      return
    interop_running || break
    sleep 0.2
  done 2>/dev/null
  tail -20 "$RUN_DIR/log" >&2
  die "$NAME did not answer"
}

# fill - make $CACHE_DIR/filled: the server, built, with its database. A change of realm.py makes it anew.
fill() (
  flock 9
  stamp=$(cat "$HERE/realm.py" "$HERE/start.sh" | sha256sum)
  [ "$(cat "$CACHE_DIR/filled/stamp" 2>/dev/null)" = "$stamp" ] && exit 0
  rm -rf "$CACHE_DIR"/{filled,new}
  mkdir "$CACHE_DIR/new"
  zip=$CACHE_DIR/keycloak-quarkus-dist-$VERSION.zip
  if [ ! -e "$zip" ]; then
    echo "interop: mvn org.keycloak:keycloak-quarkus-dist:$VERSION" >&2
    # Not every mirror has Maven's checksum files, which -C would want.
    mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:2.8:copy -DoutputDirectory="$CACHE_DIR/new" \
      -Dartifact="org.keycloak:keycloak-quarkus-dist:$VERSION:zip" >"$RUN_DIR/mvn.log" 2>&1 ||
      { tail -5 "$RUN_DIR/mvn.log" >&2; die "mvn failed"; }
    echo "$SHA256  $CACHE_DIR/new/${zip##*/}" | sha256sum -c --quiet || die "$zip is another file than the one that was pinned"
    mv "$CACHE_DIR/new/${zip##*/}" "$zip"
  fi
  echo "interop: building and filling Keycloak" >&2
  unzip -q "$zip" -d "$CACHE_DIR/new"
  home=$CACHE_DIR/new/keycloak-$VERSION
  mkdir -p "$home/data/import"
  for realm in interop rotation; do python3 "$HERE/realm.py" $realm >"$home/data/import/$realm.json"; done
  "$home/bin/kc.sh" build --db=dev-file --https-client-auth=request --health-enabled=false --metrics-enabled=false >"$RUN_DIR/build.log" 2>&1 ||
    { tail -5 "$RUN_DIR/build.log" >&2; die "kc.sh build failed"; }
  interop_spawn "$home/bin/kc.sh" start --import-realm "${OPTIONS[@]}"
  answers 600
  interop_stop
  rm -rf "$home/data/import"
  mv "$home" "$CACHE_DIR/filled"
  echo "$stamp" >"$CACHE_DIR/filled/stamp" # last, so that a broken run is made again
) 9>"$CACHE_DIR/.lock"

fill
rm -rf "$RUN_DIR/home"
cp -a "$CACHE_DIR/filled" "$RUN_DIR/home"
interop_spawn "$RUN_DIR/home/bin/kc.sh" start "${OPTIONS[@]}"
answers
printf '%s\n' "BASE_URL=$BASE" "TLS_BASE_URL=$TLS_BASE" "CA_FILE=$TLS_DIR/ca.pem" "CERTIFICATES=$RUN_DIR" "CIBA_CHANNEL=$CIBA_CHANNEL" "ADMIN=admin" "ADMIN_PASSWORD=interop" \
  "SECRET_SUFFIX=$(python3 "$HERE/realm.py" secret)" >"$RUN_DIR/env.tmp"
mv "$RUN_DIR/env.tmp" "$RUN_DIR/env"
interop_wait 1
