#!/usr/bin/env bash
# Measures the command line and prints Markdown: start-up, batch with one thread and two, a million forms and their peak memory.
# FORMS=1000000 by default; CERTGATE names a release binary, else one is built.
set -euo pipefail
cd "$(dirname "$0")/.."
forms=${FORMS:-1000000}
certgate=${CERTGATE:-target/release/certgate}
[ -n "${CERTGATE:-}" ] || cargo build --quiet --release -p certgate-cli --target-dir target
at=2026-06-01T00:00:00Z
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One form a line; the three kinds in turn.
for form in rsa ecc sm2; do
    python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)))' <"examples/$form.json"
done >"$work/three"
repeat() { # LINES
    yes "$(cat "$work/three")" | head -n "$1" || [ $? -eq 141 ]
}
microseconds() { echo "${EPOCHREALTIME/[^0-9]/}"; }
elapsed() { # COMMAND...: microseconds
    local start
    start=$(microseconds)
    "$@" >/dev/null
    echo $(($(microseconds) - start))
}
median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

echo "## Command line"
echo
starts=$(for _ in $(seq 101); do elapsed "$certgate" check examples/ecc.json --at "$at"; done | median)
nothing=$(for _ in $(seq 101); do elapsed /bin/true; done | median)
verdict() { awk "BEGIN {print ($1) ? \"met\" : \"not met\"}"; }
echo "| figure | goal | | |"
echo "|---|---:|---:|---|"
echo "| start-up: \`certgate check examples/ecc.json\`, process and all (\`/bin/true\`: $(awk "BEGIN {printf \"%.1f\", $nothing / 1e3}") ms) | < 5 ms | $(awk "BEGIN {printf \"%.1f\", $starts / 1e3}") ms | $(verdict "$starts < 5000") |"

lines=30000
repeat "$lines" >"$work/forms"
TIMEFORMAT='%U %S'
for _ in 1 2 3 4 5; do
    for threads in 1 2; do
        { time elapsed "$certgate" batch --at "$at" --threads "$threads" <"$work/forms" >>"$work/threads$threads"; } 2>>"$work/processor$threads"
    done
done
processor() { awk '{print $1 + $2}' "$work/processor$1" | median; }
one=$(median <"$work/threads1")
two=$(median <"$work/threads2")
share=$(awk "BEGIN {printf \"%.2f\", $one / $two / 2}")
echo "| batch: share of linear from one thread to two ($lines forms: RSA, ECC, SM2 in turn) | ≥ 0.9 | $share | $(verdict "$share >= 0.9") |"
echo "| the same in processor time, which other work does not lengthen: one thread's by that of two | | $(awk "BEGIN {printf \"%.2f\", $(processor 1) / $(processor 2)}") | |"
echo "| load of the machine meanwhile, this included | | $(cut -d' ' -f1 /proc/loadavg) | |"
echo "| batch, one thread | | $(awk "BEGIN {printf \"%.0f\", $lines / $one * 1e6}") forms/s | |"
echo "| batch, two threads | | $(awk "BEGIN {printf \"%.0f\", $lines / $two * 1e6}") forms/s | |"

if [ -x /usr/bin/time ]; then
    for number in $((forms / 100)) $((forms / 10)) "$forms"; do
        repeat "$number" | /usr/bin/time -v -o "$work/time" "$certgate" batch --at "$at" >/dev/null
        peak=$(sed -n 's/.*Maximum resident set size (kbytes): //p' "$work/time")
        wall=$(sed -n 's/.*Elapsed (wall clock) time (h:mm:ss or m:ss): //p' "$work/time")
        echo "| batch of $number forms: peak memory, time | flat | $((peak / 1024)) MiB, $wall | |"
    done
else
    echo "| peak memory | | skipped: /usr/bin/time is absent | |"
fi
