"""Many forms through Spark on this computer: `python spark_forms.py FORMS [CORES]`. Each row has to say what `check_table` says of its form.

Prints how long it took, and what time and memory the workers of Python needed.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import certgate
import certgate.spark
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession, functions

AT = "2026-06-01T00:00:00Z"
EXAMPLES = Path(__file__).parents[3] / "examples"
FORMS = [json.loads((EXAMPLES / f"{name}.json").read_text()) for name in ("rsa", "ecc", "sm2", "broken")]
FIELDS = "name cert_content private_key type instance_id trusted_root_ca algorithm_type cert_content_sign private_key_sign".split()
TOLD = ["accepted", "error_code", "certificate", "findings"]


def made(spark: SparkSession, count: int, partitions: int) -> DataFrame:
    """So many forms, in turns. The rows are made where they are checked."""
    rows = [[turn, *(form.get(name) for name in FIELDS)] for turn, form in enumerate(FORMS)]
    few = spark.createDataFrame(rows, ", ".join(["turn long", *(f"{name} string" for name in FIELDS)]))
    ids = spark.range(0, count, numPartitions=partitions)
    return ids.withColumn("turn", ids.id % len(FORMS)).join(functions.broadcast(few), "turn")


def wanted(count: int) -> list[dict[str, Any]]:
    """What is told of each form, and how often."""
    columns = {name: pa.array([form.get(name) for form in FORMS], pa.string()) for name in FIELDS}
    rows: list[dict[str, Any]] = pa.table(certgate.check_table(pa.table(columns), at=AT)).to_pylist()
    return [{"turn": turn, **row, "forms": len(range(turn, count, len(FORMS)))} for turn, row in enumerate(rows)]


def of_workers() -> tuple[float, int]:
    """The seconds of a core that the workers of Python took together, and the most megabytes that one of them needed."""
    seconds, megabytes = 0.0, 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"pyspark.daemon" in (process / "cmdline").read_bytes():
                user, system = (process / "stat").read_text().rsplit(")")[1].split()[11:13]
                seconds += (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
                status = (process / "status").read_text().splitlines()
                megabytes = max([megabytes, *(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))])
        except OSError:
            continue  # It has ended.
    return seconds, megabytes


def main(count: int, cores: int) -> None:
    spark = (
        SparkSession.builder.master(f"local[{cores}]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", cores)
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "1000")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    started = time.perf_counter()
    reports = certgate.spark.check(made(spark, count, max(4 * cores, count // 25_000)), keep=["id", "turn"], at=AT)
    # All that is told is compared: what differs in any way is a row of its own.
    found = reports.groupBy("turn", *TOLD).agg(functions.count("*").alias("forms")).toArrow().to_pylist()
    took = time.perf_counter() - started
    assert sorted(found, key=lambda row: row["turn"]) == wanted(count), found
    seconds, megabytes = of_workers()
    print(f"Spark, {cores} cores: {count} forms in {took:.1f} s, {count / took:.0f} a second")
    print(f"its workers: {1e6 * seconds / count:.0f} µs of a core for a form, {megabytes} MB at most for one worker")
    spark.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2)
