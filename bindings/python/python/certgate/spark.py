"""Many more forms than one computer checks: the same table of results, made by the executors of Spark.

>>> import certgate.spark
>>> reports = certgate.spark.check(forms, keep=["id"], at="2026-06-01T00:00:00Z")    # doctest: +SKIP
>>> reports.filter("not accepted").groupBy("error_code").count().show()              # doctest: +SKIP

`forms` has a column for each field of the API (`name`, `cert_content`, `private_key`, …). Each task checks its rows with one thread, batch by batch: how
much memory it needs depends on the size of a batch (`spark.sql.execution.arrow.maxRecordsPerBatch`), not on the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ._calls import NOW, Policy, Time
from ._tables import check_table

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame


def check(df: DataFrame, *, keep: Sequence[str] = (), at: Time = NOW, policy: Policy | None = None) -> DataFrame:
    """The reports on the forms of a data frame: the columns of `keep`, then those of `certgate.check_table`."""
    import pyarrow
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    def reports(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        for batch in batches:
            table = pyarrow.Table.from_batches([batch])
            yield from pyarrow.table(check_table(table, 1, keep=keep, at=at, policy=policy)).to_batches()

    nothing = to_arrow_schema(df.schema).empty_table()
    schema = pyarrow.table(check_table(nothing, 1, keep=keep, at=at, policy=policy)).schema
    return df.mapInArrow(reports, from_arrow_schema(schema))
