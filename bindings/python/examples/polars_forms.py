"""How many uploads are rejected with which rule broken? With Polars: `python polars_forms.py FORMS.ndjson`."""

import sys

import certgate
import polars as pl

forms = pl.read_ndjson(sys.argv[1], infer_schema_length=None)
reports = pl.DataFrame(certgate.check_table(forms, at="2026-06-01T00:00:00Z"))
codes = reports.filter(~pl.col("accepted")).select(pl.col("findings").list.eval(pl.element().struct["code"]).list.unique())
for code, count in codes.explode("findings").group_by("findings").len().sort("len", descending=True).iter_rows():
    print(code, count)
