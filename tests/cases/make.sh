#!/bin/sh
# Writes the inputs of all cases anew: form.json, and <field>.der where a field is a file. The rows are those of
# tests/forge/src/fault, by the name of the folder after bad- or ok-. Keys are fixed throw-away keys and dates are fixed, so the
# same bytes come out at each run.
set -eu
cd "$(dirname "$0")/../.."
cargo run --quiet -p certgate-forge --example make-cases
