#!/usr/bin/env bash
# Runs the targets one after the other: `fuzz/run.sh MINUTES [TARGET...]`. Prints a line for each: runs, edges covered, seconds.
# What crashes is left in artifacts/; the corpus grows in corpus/.
set -euo pipefail
cd "$(dirname "$0")"
minutes=${1:?usage: fuzz/run.sh MINUTES [TARGET...]}
shift
targets=("$@")
[ $# -gt 0 ] || targets=(name pem certificate key pair form repair json containers border)
bin=$(./build.sh)
mkdir -p artifacts target/logs
failed=0
for target in "${targets[@]}"; do
    cargo run --quiet --release --example make-seeds "$target" "corpus/$target"
    log=target/logs/$target
    start=$(date +%s)
    status=ok
    "$bin/$target" -max_total_time=$((minutes * 60)) -max_len=65536 -len_control=0 -timeout=30 -rss_limit_mb=4096 \
        -print_final_stats=1 -artifact_prefix="artifacts/$target-" "corpus/$target" > "$log" 2>&1 || { status=FAILED; failed=1; }
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    edges=$(grep -o 'cov: [0-9]*' "$log" | tail -1 | tr -dc 0-9)
    features=$(grep -o 'ft: [0-9]*' "$log" | tail -1 | tr -dc 0-9)
    total=$(sed -n 's/.*(\([0-9]*\) inline 8-bit counters).*/\1/p;s/.*counters: *\([0-9]*\).*/\1/p' "$log" | head -1)
    printf '%s: %s, %s runs, %s edges, %s features, %s s\n' \
        "$target" "$status" "${runs:-0}" "${edges:-0}" "${features:-0}" "$(($(date +%s) - start))"
done
exit $failed
