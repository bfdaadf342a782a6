#!/usr/bin/env bash
# Builds the wheel, installs it into a clean environment, and runs the examples of the documentation, the tests, the type checkers, and Spark.
# CERTGATE_PROFILE=dev builds it quickly, from what `cargo test` has built already, and not for use.
set -euo pipefail
cd "$(dirname "$0")"
target=$(cd ../.. && pwd)/target
work="$target/python-binding"
rm -rf "$work" && mkdir -p "$work"

python3 -m venv "$work/tools"
"$work/tools/bin/pip" install -q --disable-pip-version-check 'maturin>=1.9,<2'
PATH="$work/tools/bin:$PATH" CARGO_TARGET_DIR="$target" maturin build --quiet --profile "${CERTGATE_PROFILE:-release}" --out "$work/wheels"
ls "$work"/wheels/certgate-*-cp310-abi3-*.whl > /dev/null

python3 -m venv "$work/clean"
"$work/clean/bin/pip" install -q --disable-pip-version-check --no-index "$work"/wheels/*.whl
version=$(cd "$work" && clean/bin/python -c 'import certgate; print(certgate.__version__)')
grep -q "^version = \"$version\"" ../../Cargo.toml || { echo "the wheel says it is $version" >&2; exit 1; }

# pandas is what Spark asks for.
"$work/clean/bin/pip" install -q --disable-pip-version-check pytest mypy 'pyright[nodejs]' pyarrow polars duckdb pandas py4j==0.10.9.9
# Unpacked, not installed: pip would make a wheel of its 400 MB first. A line in site-packages makes it known.
"$work/clean/bin/pip" download -q --disable-pip-version-check --no-deps --no-binary :all: --dest "$work" pyspark==4.0.1
tar -xzf "$work"/pyspark-*.tar.gz -C "$work" --exclude='*/deps/examples' --exclude='*/deps/data' && rm "$work"/pyspark-*.tar.gz
export SPARK_HOME="$work/pyspark-4.0.1/deps"
packages=$(cd "$work" && clean/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$work/pyspark-4.0.1" > "$packages/pyspark.pth"

"$work/clean/bin/python" -m pytest -q -p no:cacheprovider --doctest-modules "$packages/certgate" tests
"$work/clean/bin/python" -m mypy --cache-dir "$work/mypy" -p certgate
"$work/clean/bin/python" -m mypy --cache-dir "$work/mypy" tests examples
"$work/clean/bin/python" -m pyright --pythonpath "$work/clean/bin/python" python tests examples

if command -v java > /dev/null; then
    export PYSPARK_PYTHON="$work/clean/bin/python" SPARK_LOCAL_IP=127.0.0.1
    "$PYSPARK_PYTHON" tests/spark_forms.py "${CERTGATE_SPARK_FORMS:-20000}" 2 2> "$work/spark.log" || { cat "$work/spark.log" >&2; exit 1; }
else
    echo "skipped: Spark needs Java"
fi
