#!/usr/bin/env bash
# Counts the instructions of each proof, for keys with a number of a special shape and for random ones (classes.rs), and prints Markdown:
# the least and the most of each class. Fails where the classes differ. Needs valgrind.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v valgrind > /dev/null || { echo "skipped: valgrind is not there"; exit 0; }
cargo build --quiet --release -p certgate-benches --example instructions
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
# One file for each call, in their order.
valgrind --quiet --tool=callgrind --toggle-collect=instructions::counted --dump-after=instructions::counted --callgrind-out-file="$work/part" \
    target/release/examples/instructions > "$work/labels" 2> "$work/errors" || { cat "$work/errors" >&2; exit 1; }
[ -e "$work/part.$(wc -l < "$work/labels")" ] || { echo "the calls were not counted one by one" >&2; exit 1; }
at=0
while read -r label; do
    at=$((at + 1))
    printf '%s\t%s\n' "$label" "$(sed -n 's/^totals: //p' "$work/part.$at")"
done < "$work/labels" > "$work/counts"
awk -F '\t' '
    !($1 in seen) { seen[$1] = 1; order[++tests] = $1 }
    { id = $1 FS $2; count[id]++ }
    count[id] == 1 || $3 < least[id] { least[id] = $3 }
    count[id] == 1 || $3 > most[id] { most[id] = $3 }
    END {
        print "| proof | keys | special | random | |"
        print "|---|---:|---:|---:|---|"
        for (i = 1; i <= tests; i++) {
            left = order[i] FS "special"; right = order[i] FS "random"
            same = least[left] == most[left] && least[left] == least[right] && most[left] == most[right]
            span = (least[left] == most[left] ? most[left] : least[left] " to " most[left])
            other = (least[right] == most[right] ? most[right] : least[right] " to " most[right])
            printf "| %s | %d | %s | %s | %s |\n", order[i], count[left] + count[right], span, other, same ? "equal" : "DIFFER"
            if (same == (order[i] == "leaky")) failed = 1
        }
        exit failed
    }' "$work/counts"
