#!/usr/bin/env bash
# `cargo check` of library and command line for Windows and macOS, from Linux. The compilers of C are there for the build script of `ring`; what
# they make is not linked. For Windows they are those of MinGW (Debian: gcc-mingw-w64-x86-64), for macOS clang without Apple's headers.
set -euo pipefail
cd "$(dirname "$0")/.."

check() { # TARGET
    rustup target add "$1" > /dev/null 2>&1 || true
    cargo check --locked -p certgate -p certgate-cli --features certgate/pki-types --target "$1"
    echo "$1: checked"
}

if command -v x86_64-w64-mingw32-gcc > /dev/null; then
    check x86_64-pc-windows-gnu
else
    echo "skipped: Windows needs x86_64-w64-mingw32-gcc"
fi

if command -v clang > /dev/null && command -v llvm-ar > /dev/null; then
    headers=$(mktemp -d)
    trap 'rm -rf "$headers"' EXIT
    touch "$headers/TargetConditionals.h"
    export SDKROOT=/
    for target in aarch64-apple-darwin x86_64-apple-darwin; do
        export "CC_${target//-/_}=clang" "AR_${target//-/_}=llvm-ar"
        export "CFLAGS_${target//-/_}=-ffreestanding -nostdlibinc -DRING_CORE_NOSTDLIBINC=1 -I$headers"
        check "$target"
    done
else
    echo "skipped: macOS needs clang and llvm-ar"
fi
