#!/usr/bin/env bash
# Writes the files of a release into target/release-files: the command line as one static binary for Linux on x86-64, its SBOM
# (CycloneDX 1.5), and SHA256SUMS. It needs a C compiler for musl (Debian: musl-tools) and cargo-cyclonedx (cargo install --locked cargo-cyclonedx).
set -euo pipefail
cd "$(dirname "$0")/.."
target=x86_64-unknown-linux-musl
out=target/release-files

rustup target add "$target" > /dev/null 2>&1 || true
cargo build --release --locked -p certgate-cli --target "$target"
mkdir -p "$out"
cp "target/$target/release/certgate" "$out/certgate-$target"
# Static, and it works.
if readelf -l "$out/certgate-$target" | grep INTERP; then
    echo "the binary is not static" >&2
    exit 1
fi
"$out/certgate-$target" check examples/rsa.json --at 2026-06-01T00:00:00Z -q

if command -v cargo-cyclonedx > /dev/null; then
    cargo cyclonedx --quiet --manifest-path cli/Cargo.toml --format json --spec-version 1.5 --target "$target" --override-filename certgate.cdx
    # It writes one for each package; without the path of this checkout.
    sed "s|$PWD|.|g" cli/certgate.cdx.json > "$out/certgate.cdx.json"
    find . -path ./target -prune -o -name certgate.cdx.json -exec rm {} +
else
    echo "skipped: the SBOM needs cargo-cyclonedx"
fi
(cd "$out" && sha256sum certgate* | tee SHA256SUMS)
