#!/usr/bin/env bash
# Which lines of the library the corpora reach: replays corpus/ of each target under source coverage and prints a line for each target
# and one for all. `fuzz/coverage.sh [TARGET...]`, after run.sh. Needs the tools that tests/llvm.sh finds.
set -euo pipefail
cd "$(dirname "$0")"
targets=("$@")
[ $# -gt 0 ] || targets=(name pem certificate key pair form repair json containers border)
if rustup run nightly rustc --version > /dev/null 2>&1; then export RUSTUP_TOOLCHAIN=nightly; fi
host=$(rustc -vV | sed -n 's/^host: //p')
. ../tests/llvm.sh

features=targets
if pkg-config --exists openssl 2> /dev/null; then features+=,openssl; fi
folder=$PWD/target/coverage
mkdir -p "$folder"
RUSTFLAGS="--cfg fuzzing -Cinstrument-coverage" \
    cargo build --release --bins --target "$host" --target-dir "$folder" --features "$features" >&2

# Prints the share of regions and lines of the library's own source.
report() {
    local name=$1 profile=$2
    shift 2
    "llvm-cov$tools" report "$@" -instr-profile "$profile" -ignore-filename-regex '/registry/|/rustc/|/fuzz/|/tests/' |
        awk -v name="$name" '$1 == "TOTAL" { printf "%s: lines %d of %d (%s), regions %s\n", name, $8 - $9, $8, $10, $4 }'
}

objects=()
profiles=()
for target in "${targets[@]}"; do
    binary=$folder/$host/release/$target
    LLVM_PROFILE_FILE=$folder/$target.profraw "$binary" -runs=0 -timeout=300 "corpus/$target" > "$folder/$target.log" 2>&1
    "llvm-profdata$tools" merge -sparse "$folder/$target.profraw" -o "$folder/$target.profdata"
    report "$target" "$folder/$target.profdata" -object "$binary"
    objects+=(-object "$binary")
    profiles+=("$folder/$target.profdata")
done
"llvm-profdata$tools" merge -sparse "${profiles[@]}" -o "$folder/all.profdata"
report "all" "$folder/all.profdata" "${objects[@]}"
