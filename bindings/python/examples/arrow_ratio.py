"""How much faster is a table than a loop? `python arrow_ratio.py FORMS.ndjson [TIMES]`."""

import json
import statistics
import sys
import time

import certgate
import pyarrow

AT = "2026-06-01T00:00:00Z"
lines = open(sys.argv[1], "rb").read().splitlines() * (int(sys.argv[2]) if len(sys.argv) > 2 else 1)
rows = [json.loads(line) for line in lines]
table = pyarrow.Table.from_pylist(rows)


def median(call: object) -> float:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        call()  # type: ignore[operator]
        times.append(time.perf_counter() - started)
    return statistics.median(times)


loop = median(lambda: [certgate.check(row, at=AT).accepted for row in rows])
batch = median(lambda: [report.accepted for report in certgate.check_batch(rows, at=AT)])
one = median(lambda: pyarrow.table(certgate.check_table(table, 1, at=AT)))
arrow = median(lambda: pyarrow.table(certgate.check_table(table, at=AT)))
for name, took in [("loop", loop), ("check_batch", batch), ("check_table, 1 thread", one), ("check_table", arrow)]:
    print(f"{name}: {1e6 * took / len(rows):.0f} µs a form, {loop / took:.2f} times as fast as the loop")
