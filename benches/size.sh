#!/usr/bin/env bash
# Prints Markdown: how many crates, how long a build from nothing takes (into target/peers/cli), how large the stripped binary is.
set -euo pipefail
cd "$(dirname "$0")/.."
work=target/peers/cli
rm -rf "$work"
crates() { # PACKAGE
    cargo tree --quiet -p "$1" -e normal --prefix none --no-dedupe | awk '{print $1, $2}' | sort -u | wc -l
}
start=$SECONDS
cargo build --quiet --release -p certgate-cli --target-dir "$work"
seconds=$((SECONDS - start))
strip -o "$work/stripped" "$work/release/certgate"

echo "## Size"
echo
echo "| figure | |"
echo "|---|---:|"
echo "| crates of the library, itself included | $(crates certgate) |"
echo "| crates of the command line | $(crates certgate-cli) |"
echo "| release build from nothing, dependencies included, $(nproc) threads | $seconds s |"
echo "| binary, stripped | $(($(stat -c %s "$work/stripped") / 1024)) KiB |"
