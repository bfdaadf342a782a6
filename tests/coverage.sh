#!/usr/bin/env bash
# Coverage of the library by its own tests, by module: `bash tests/coverage.sh`. With `--lines`, the lines of src/ that no test reaches.
# Needs the tools that tests/llvm.sh finds.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/llvm.sh

target=$PWD/target/coverage
mkdir -p "$target"
rm -rf "$target/profiles"
# Only the workspace's own crates are instrumented: the arithmetic of the others would crawl.
printf '#!/bin/sh\nexec "$@" -Cinstrument-coverage\n' > "$target/rustc"
chmod +x "$target/rustc"
export RUSTC_WORKSPACE_WRAPPER=$target/rustc CARGO_TARGET_DIR=$target LLVM_PROFILE_FILE=$target/profiles/%m-%p.profraw
cargo test -p certgate --tests --no-run --message-format=json 2> /dev/null |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' > "$target/objects"
cargo test -p certgate --tests > "$target/log" 2>&1 || { tail -30 "$target/log" >&2; exit 1; }
"llvm-profdata$tools" merge -sparse "$target"/profiles/*.profraw -o "$target/all.profdata"

objects=()
while read -r object; do objects+=(-object "$object"); done < "$target/objects"
# Tests beside the source are no part of it.
ignore='/tests/|/tests\.rs|/registry/|/rustc/'
if [ "${1:-}" = --lines ]; then
    "llvm-cov$tools" show "${objects[@]}" -instr-profile "$target/all.profdata" -ignore-filename-regex "$ignore" \
        -show-instantiations=false -use-color=false | awk '
        /^\/.*:$/ { file = $0; sub(/^.*\/src\//, "src/", file); sub(/:$/, "", file) }
        /^ *[0-9]+\| *0\|/ { line = $0; split(line, part, "|"); gsub(/ /, "", part[1]); sub(/^ *[0-9]+\| *0\|/, "", line); print file ":" part[1] ":" line }'
    exit
fi
"llvm-cov$tools" report "${objects[@]}" -instr-profile "$target/all.profdata" -ignore-filename-regex "$ignore" | awk '
    NF == 13 && $1 ~ /\.rs$/ {
        module = $1; sub(/\/.*/, "", module); sub(/\.rs$/, "", module)
        regions[module] += $2; missed[module] += $3; lines[module] += $8; without[module] += $9
        regions["~all"] += $2; missed["~all"] += $3; lines["~all"] += $8; without["~all"] += $9
    }
    END {
        for (module in lines)
            printf "| %s | %d | %.1f %% | %d | %.1f %% |\n", module, lines[module], 100 - 100 * without[module] / lines[module],
                regions[module], 100 - 100 * missed[module] / regions[module]
    }' | sort | sed 's/~all/all/; 1i | module | lines | reached | regions | reached |\n|---|---:|---:|---:|---:|'
