#!/usr/bin/env bash
# Shows that each target can fail: builds all with a bug planted in each subject (src/subject.rs) and expects it found within a minute.
set -euo pipefail
cd "$(dirname "$0")"
targets=("$@")
[ $# -gt 0 ] || targets=(name pem certificate key pair form repair json containers border)
bin=$(./build.sh planted)
mkdir -p target/planted target/logs
for target in "${targets[@]}"; do cp "$bin/$target" target/planted/; done
failed=0
for target in "${targets[@]}"; do
    corpus=$(mktemp -d)
    cargo run --quiet --release --example make-seeds "$target" "$corpus"
    log=target/logs/planted-$target
    start=$(date +%s)
    if "target/planted/$target" -max_total_time=60 -max_len=65536 -len_control=0 -print_final_stats=1 \
        -artifact_prefix="$corpus/" "$corpus" > "$log" 2>&1; then
        printf '%s: the planted bug was NOT found in %s s\n' "$target" "$(($(date +%s) - start))"
        failed=1
    else
        # The message follows the line that names the place.
        said=$(grep -A1 -m1 'panicked at' "$log" | tail -1 | cut -c1-90)
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        printf '%s: found in %s s, %s runs: %s\n' "$target" "$(($(date +%s) - start))" "${runs:-?}" "$said"
    fi
    rm -r "$corpus"
done
exit $failed
