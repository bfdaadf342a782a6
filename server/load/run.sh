#!/usr/bin/env bash
# The figures of docs/server.md: the server on one core, the load on another, the library and a naive server in the same rounds.
#   server/load/run.sh [ROUNDS] [SECONDS]     # 3 rounds of 5 seconds each; about 5 minutes, and the build
# MEMORY_CALLS=200000 is how many calls the memory is watched for; 0 leaves that out. PYTHON is one that has `cryptography`.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-3} seconds=${2:-5} calls=${MEMORY_CALLS:-200000} python=${PYTHON:-python3}
cargo build --release --quiet -p certgate-server --bin certgate-server --example load
target=${CARGO_TARGET_DIR:-target}/release
server=$target/certgate-server load=$target/examples/load
folder=$(mktemp -d)
processes=()
# The data lies where the project lies: a folder in memory would make every write look cheap.
data=$(mktemp -d "$PWD/target/load-XXXXXX")
finish() {
    for process in "${processes[@]}"; do kill "$process" 2> /dev/null || true; done
    rm -rf "$folder" "$data"
}
trap finish EXIT
ulimit -n "$(ulimit -H -n)"

on() { taskset -c "$@"; }
[ "$(nproc)" -ge 2 ] || { echo "needs two cores"; exit 1; }

token=$("$server" token new --project load --data "$data" 2> /dev/null)
start() { # WORKERS CORES
    # Not by a function: its process would be a shell's.
    taskset -c "$2" "$server" --data "$data" --listen 127.0.0.1:0 --workers "$1" --quota 100000 2> "$folder/log" &
    process=$!
    processes+=("$process")
    until address=$(sed -n 's,^listening on http://,,p' "$folder/log") && [ -n "$address" ]; do sleep 0.05; done
}
stop() { kill -TERM "$process"; wait "$process" || true; }
ask() { on 1 "$load" "$1" "$address" load "$token" "examples/$2.json" "$3" "$4" "${@:5}"; }
rate() { sed -n 's/^[a-z]*: \([0-9]*\) calls.*/\1/p'; }
memory() { awk '/VmRSS/ { print $2 }' "/proc/$1/status"; }
percent() { echo "$(($1 * 100 / ($2 > 0 ? $2 : 1))) %"; }
sum() { curl -s "http://$address/metrics" | awk '/^certgate_calls_total/ { sum += $NF } END { printf "%d", sum }'; }

naive=
if "$python" -c 'import cryptography' 2> /dev/null; then
    taskset -c 0 "$python" server/load/naive.py 18080 &
    processes+=($!)
    naive=127.0.0.1:18080
    sleep 1
else
    echo "no naive server: $python has no module cryptography"
fi

echo "== rates with one worker, interleaved: $rounds rounds of $seconds s, server on core 0, load on core 1"
start 1 0
for form in rsa ecc; do
    for ((round = 1; round <= rounds; round++)); do
        library=$(on 0 "$load" library "examples/$form.json" 1 "$seconds" | sed 's/ .*//')
        check=$(ask check "$form" 8 "$seconds" | rate)
        put=$(ask put "$form" 32 "$seconds" | rate)
        line="$form: library alone $library/s; check $check/s = $(percent "$check" "$library"); PUT $put/s = $(percent "$put" "$library")"
        if [ -n "$naive" ]; then
            line+="; naive check $(address=$naive ask check "$form" 8 "$seconds" | rate)/s"
        fi
        echo "$line"
    done
done
half=$((check / 2))
echo "== at half of that, $half calls a second"
ask check ecc 8 "$seconds" "$half"
ask put ecc 8 "$seconds" "$((put / 2))"
stop

echo "== two workers on both cores, the load beside them"
start 2 0,1
library=$("$load" library examples/ecc.json 2 "$seconds" | sed 's/ .*//')
check=$("$load" check "$address" load "$token" examples/ecc.json 16 "$seconds" | rate)
echo "ecc: library alone $library/s; check $check/s = $(percent "$check" "$library")"

before=$(memory "$process")
"$python" - "$address" "$process" "$before" << 'END'
import socket, sys
host, port = sys.argv[1].split(":")
open_ones = []
for _ in range(10000):
    try:
        open_ones.append(socket.create_connection((host, int(port))))
    except OSError:
        break
rss = next(int(line.split()[1]) for line in open(f"/proc/{sys.argv[2]}/status") if line.startswith("VmRSS"))
more = rss - int(sys.argv[3])
print(f"== {len(open_ones)} idle connections: {more} KiB more, {more * 1024 // max(len(open_ones), 1)} bytes each")
END

if [ "$calls" -gt 0 ]; then
    echo "== memory over $calls calls of check, PUT and list"
    first=$(sum)
    while done=$(($(sum) - first)) && [ "$done" -lt "$calls" ]; do
        for what in check put list; do ask "$what" ecc 8 5 > /dev/null; done
        echo "$(($(sum) - first)) calls: $(memory "$process") KiB"
    done
fi
