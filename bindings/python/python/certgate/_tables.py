"""Tables of forms, in the memory layout of Arrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from . import _certgate
from ._calls import NOW, Policy, Time, options_of


class ArrowStream(Protocol):
    """Whatever hands out its rows as Arrow does: tables of pyarrow and polars, relations of duckdb, and the result of `check_table`."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A capsule with the stream."""


def check_table(
    table: ArrowStream,
    threads: int | None = None,
    *,
    keep: Sequence[str] = (),
    at: Time = NOW,
    policy: Policy | None = None,
) -> ArrowStream:
    """Checks the forms of a table, on all cores or as many threads as you say.

    The table has a column of texts for each field of the API that the forms have (`name`, `cert_content`, `private_key`, …); other columns are not read.
    The result has the columns of `keep` as they were, and then `accepted`, `error_code` (what the API would answer; null where accepted), `certificate` (a
    struct, null where none could be read) and `findings` (a list of structs), with the names of the report. It is a stream, which is read once and batch by
    batch: give it to `pyarrow.table`, `polars.DataFrame` or `duckdb`, or hand it on.

    Raises `OptionsError` where the time or the policy is not what certgate takes.
    """
    reports: ArrowStream = _certgate.check_table(table, options_of(at, policy), threads or 0, list(keep))
    return reports
