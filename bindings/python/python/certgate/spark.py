"""More forms than one computer checks in time: the table of results, made by the executors of Spark.

>>> import certgate.spark
>>> reports = certgate.spark.check(forms, keep=["id"])                    # doctest: +SKIP
>>> reports.filter("not accepted").groupBy("error_code").count().show()   # doctest: +SKIP

It needs `pyspark` 4 and `pyarrow`, and certgate on each executor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from ._calls import NOW, Policy, Time
from ._tables import check_table

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame


def check(df: DataFrame, *, keep: Sequence[str] = (), at: Time = NOW, policy: Policy | None = None) -> DataFrame:
    """Checks the forms of a data frame: the columns of `keep`, then those of `certgate.check_table`.

    The data frame has a column of texts for each field of the API that the forms have (`name`, `cert_content`, `private_key`, …). Each task checks its rows
    with one thread, batch by batch: the memory that it needs depends on the size of a batch (`spark.sql.execution.arrow.maxRecordsPerBatch`), not on the
    number of rows. With `NOW`, each task takes the time of its computer as it starts.

    Raises `OptionsError` where the time or the policy is not what certgate takes.
    """
    import pyarrow
    from pyspark.sql.types import StructType

    def reports(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        rest = iter(batches)
        for first in rest:
            forms = pyarrow.RecordBatchReader.from_batches(first.schema, chain([first], rest))
            yield from pyarrow.RecordBatchReader.from_stream(check_table(forms, 1, keep=keep, at=at, policy=policy))

    nothing = pyarrow.RecordBatchReader.from_stream(check_table(pyarrow.table({}), 1, at=at, policy=policy)).schema.empty_table()
    told = df.sparkSession.createDataFrame(nothing).schema
    return df.mapInArrow(reports, StructType([*df.select(*keep).schema, *told]))
