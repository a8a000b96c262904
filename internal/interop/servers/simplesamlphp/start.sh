#!/usr/bin/env bash
# Starts SimpleSAMLphp as a SAML 2.0 identity provider on loopback, mounted at /simplesaml, under PHP's own
# web server. Installs it on first use, waits until it is ready, and prints its facts; a running one prints
# them again. The service providers are the files in $SP_DIR at the time of a request:
#   NAME.xml    their SAML metadata (write it elsewhere in that folder first and rename)
#   NAME.json   options of the identity provider for them, such as {"assertion.encryption": true}
#   INTEROP_SAML_PORT   a fixed port (default: any free one)
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/../lib.sh"
interop_init simplesamlphp
interop_already
interop_need openssl openssl
interop_need curl curl
interop_need php php-cli
php -r 'exit(extension_loaded("dom") && extension_loaded("mbstring") && extension_loaded("pdo_sqlite") ? 0 : 1);' ||
  interop_apt php-xml php-mbstring php-sqlite3
# Unpacked and not installed: its dependencies include Apache.
interop_unpack simplesamlphp
ROOT=$CACHE_DIR/root/usr/share/simplesamlphp

rm -rf "$RUN_DIR"/{sp.d,sessions,data,tmp,log}
mkdir -p "$RUN_DIR"/{sp.d,sessions,data,tmp}
[ -e "$RUN_DIR/idp.crt" ] || {
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=interop idp' \
    -keyout "$RUN_DIR/idp.key" -out "$RUN_DIR/idp.tmp" && mv "$RUN_DIR/idp.tmp" "$RUN_DIR/idp.crt"
} >"$RUN_DIR/tls.log" 2>&1 || die "openssl failed"

# PHP's deprecation warnings would appear in the pages. Workers: several requests at a time.
interop_spawn env PHP_CLI_SERVER_WORKERS=4 SIMPLESAMLPHP_CONFIG_DIR="$HERE/config" INTEROP_ROOT="$CACHE_DIR/root" \
  INTEROP_METADATA="$HERE/metadata/" INTEROP_DIR="$RUN_DIR" \
  php -d display_errors=0 -d error_reporting=22527 -d error_log=/dev/stderr -d date.timezone=UTC \
  -S "127.0.0.1:${INTEROP_SAML_PORT:-0}" -t "$ROOT/www" "$HERE/router.php"

# facts - written when the server has named its port and answers.
facts() {
  local port base i
  for ((i = 0; i < 300; i++)); do
    port=$(grep -om1 'http://127.0.0.1:[0-9]*) started' "$RUN_DIR/log" 2>/dev/null | grep -o '[0-9]*) ' | tr -d ') ') || true
    base=http://127.0.0.1:$port/simplesaml
    # The first session makes the tables of its store; two first ones at a time would fail.
    if [ -n "$port" ] && curl -fsS --noproxy '*' -o /dev/null "$base/saml2/idp/metadata.php" \
      "$base/module.php/core/authenticate.php?as=users" -o /dev/null 2>>"$RUN_DIR/log"; then
      printf '%s\n' "BASE_URL=$base" "METADATA_URL=$base/saml2/idp/metadata.php" "SSO_URL=$base/saml2/idp/SSOService.php" \
        "SLO_URL=$base/saml2/idp/SingleLogoutService.php" "SP_DIR=$RUN_DIR/sp.d" "SCHEMA_DIR=$ROOT/schemas" >"$RUN_DIR/env.tmp"
      mv "$RUN_DIR/env.tmp" "$RUN_DIR/env"
      return
    fi
    interop_running || return 0 # interop_wait reports it
    sleep 0.1
  done
}
facts
interop_wait 1
