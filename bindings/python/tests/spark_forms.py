"""Many forms through Spark on this computer: `python spark_forms.py FORMS [CORES]`. Prints what was found, how long it took, and the memory of the workers."""

import json
import os
import sys
import time
from pathlib import Path

import certgate
import certgate.spark
from pyspark.sql import SparkSession, functions

AT = "2026-06-01T00:00:00Z"
EXAMPLES = Path(__file__).parents[3] / "examples"
FORMS = [json.loads((EXAMPLES / f"{name}.json").read_text()) for name in ("rsa", "ecc", "sm2", "broken")]
FIELDS = "name cert_content private_key type instance_id trusted_root_ca algorithm_type cert_content_sign private_key_sign".split()


def main(count: int, cores: int) -> None:
    # The workers are this Python.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = (
        SparkSession.builder.master(f"local[{cores}]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "2000")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    schema = ", ".join(f"{name} string" for name in FIELDS)
    # The rows are made where they are checked: partitions of ids, each id with the form of its turn.
    rows = [[turn, *(form.get(name) for name in FIELDS)] for turn, form in enumerate(FORMS)]
    few = spark.createDataFrame(rows, f"turn long, {schema}")
    ids = spark.range(0, count, numPartitions=max(8 * cores, count // 25_000))
    forms = ids.withColumn("turn", ids.id % len(FORMS)).join(functions.broadcast(few), "turn")
    started = time.perf_counter()
    reports = certgate.spark.check(forms, keep=["id"], at=AT)
    found = {
        (row.turn, row.accepted): row.forms
        for row in reports.groupBy((reports.id % len(FORMS)).alias("turn"), "accepted")
        .agg(functions.count("*").alias("forms"))
        .collect()
    }
    took = time.perf_counter() - started
    wanted = {
        (turn, certgate.check(form, at=AT).accepted): len(range(turn, count, len(FORMS))) for turn, form in enumerate(FORMS)
    }
    assert found == wanted, (found, wanted)
    spark.stop()
    print(f"{count} forms, {cores} cores: {took:.1f} s, {count / took:.0f} forms a second")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2)
