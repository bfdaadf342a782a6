#!/usr/bin/env bash
# Fetches real certificates, keys and a Go toolchain into target/oracle, then compares certgate with Go and OpenSSL on them.
# Where they cannot be had, the tests say what they skip. Arguments go to the tests.
set -euo pipefail
cd "$(dirname "$0")/../../.."
work=$PWD/target/oracle
mkdir -p "$work"

python=$work/venv/bin/python
if [ ! -x "$python" ]; then
    python3 -m venv "$work/venv" || echo "skipped: no python3 with venv" >&2
fi
if [ -x "$python" ] &&
    "$python" -m pip install --quiet --disable-pip-version-check -r tests/assurance/oracle/requirements.txt; then
    ln -sfn "$("$python" -c 'import certifi, os; print(os.path.dirname(os.path.dirname(certifi.__file__)))')" "$work/site"
    (cd tests/assurance/oracle/go &&
        GOFLAGS=-mod=mod GOTOOLCHAIN=local GOPROXY=off GOCACHE="$work/go-cache" "$work/venv/bin/go" build -o "$work/go-oracle" .) ||
        echo "skipped: the Go program cannot be built" >&2
else
    echo "skipped: certifi, cryptography-vectors and Go cannot be installed" >&2
fi

exec cargo test --test oracle -- --nocapture --test-threads 1 "$@"
