"""How many uploads are rejected with which rule broken? With DuckDB: `python duckdb_forms.py FORMS.ndjson`."""

import sys

import certgate
import duckdb
import pyarrow

forms = duckdb.read_json(sys.argv[1])
reports = pyarrow.table(certgate.check_table(forms, at="2026-06-01T00:00:00Z"))
counts = duckdb.execute("""
    SELECT code, count(*) FROM (
        SELECT unnest(list_distinct(list_transform(findings, lambda finding: finding.code))) AS code
        FROM reports WHERE NOT accepted
    ) GROUP BY code ORDER BY 2 DESC
""")
for code, count in counts.fetchall():
    print(code, count)
