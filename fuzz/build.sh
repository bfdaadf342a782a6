#!/usr/bin/env bash
# Builds all targets with coverage for libFuzzer, as cargo-fuzz would, and prints where they are. Arguments: features of the crate, such
# as `planted`. Without cargo-fuzz, so that a fresh machine needs nothing but a toolchain and a C++ compiler.
set -euo pipefail
cd "$(dirname "$0")"

if rustup run nightly rustc --version > /dev/null 2>&1; then
    export RUSTUP_TOOLCHAIN=nightly
else
    echo "no nightly toolchain: building the targets with $(rustc --version)" >&2
fi
features=targets
for feature in "$@"; do features+=,$feature; done
if pkg-config --exists openssl 2> /dev/null; then
    features+=,openssl
else
    echo "no headers of OpenSSL: building the targets without their oracle (apt-get install libssl-dev pkg-config)" >&2
fi
host=$(rustc -vV | sed -n 's/^host: //p')
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-simplifycfg-branch-fold-threshold=0"
# With a target named, build scripts and macros go without.
cargo build --release --bins --target "$host" --features "$features" >&2
echo "target/$host/release"
