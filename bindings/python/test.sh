#!/usr/bin/env bash
# Builds the wheel, installs it into a clean environment, and runs the examples of the documentation, the tests and the type checker.
set -euo pipefail
cd "$(dirname "$0")"
target=$(cd ../.. && pwd)/target
work="$target/python-binding"
rm -rf "$work" && mkdir -p "$work"

python3 -m venv "$work/tools"
"$work/tools/bin/pip" install -q --disable-pip-version-check 'maturin>=1.9,<2'
PATH="$work/tools/bin:$PATH" CARGO_TARGET_DIR="$target" maturin build --quiet --release --out "$work/wheels"
ls "$work"/wheels/certgate-*-cp310-abi3-*.whl > /dev/null

python3 -m venv "$work/clean"
"$work/clean/bin/pip" install -q --disable-pip-version-check --no-index "$work"/wheels/*.whl
version=$(cd "$work" && clean/bin/python -c 'import certgate; print(certgate.__version__)')
grep -q "^version = \"$version\"" ../../Cargo.toml || { echo "the wheel says it is $version" >&2; exit 1; }

"$work/clean/bin/pip" install -q --disable-pip-version-check pytest mypy pyarrow polars duckdb
package=$(cd "$work" && clean/bin/python -c 'import certgate, os; print(os.path.dirname(certgate.__file__))')
"$work/clean/bin/python" -m pytest -q -p no:cacheprovider --doctest-modules "$package" tests
"$work/clean/bin/python" -m mypy --cache-dir "$work/mypy" -p certgate
"$work/clean/bin/python" -m mypy --cache-dir "$work/mypy" tests examples
