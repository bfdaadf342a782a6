"""Tables of forms: what a call says of each form, a row says too."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import certgate
import pytest
from test_cases import FOLDERS, read

pa = pytest.importorskip("pyarrow")
AT = "2026-06-01T00:00:00Z"
EXAMPLES = Path(__file__).parents[1] / "examples"
FIELDS = "name cert_content private_key type instance_id trusted_root_ca algorithm_type cert_content_sign private_key_sign".split()


def plain() -> list[dict[str, str]]:
    """The forms of the cases that are objects of texts under the names of the API: a table can hold them."""
    forms = []
    for folder in FOLDERS:
        form, options = read(folder)
        if options != {"at": AT, "policy": None}:
            continue
        pairs = json.loads(form, object_pairs_hook=list)
        if all(name in FIELDS and isinstance(value, str) for name, value in pairs) and len(dict(pairs)) == len(pairs):
            forms.append(dict(pairs))
    assert len(forms) > 400
    return forms


FORMS = plain()


def table(forms: list[dict[str, str]], kind: object = None) -> Any:
    columns = {name: pa.array([form.get(name) for form in forms], kind or pa.string()) for name in FIELDS}
    return pa.table({"id": pa.array(range(len(forms)), pa.int64()), **columns})


def test_each_row_says_what_a_call_says() -> None:
    rows = pa.table(certgate.check_table(table(FORMS), keep=["id"], at=AT)).to_pylist()
    assert len(rows) == len(FORMS)
    for number, (row, form) in enumerate(zip(rows, FORMS, strict=True)):
        report = certgate.check(form, at=AT)
        assert row["id"] == number
        assert row["accepted"] == report.accepted
        assert row["error_code"] == (report.api["error_code"] if report.api else None)
        told = [(finding["code"], finding["message"], finding["field"]) for finding in row["findings"]]
        assert told == [(finding.code, finding.message, finding.field) for finding in report.findings]
        places = [(finding["location"] or {}).get("line") for finding in row["findings"]]
        assert places == [finding.location.line for finding in report.findings]
        certificate = report.certificate or {}
        assert (row["certificate"] or {}).get("serial_number") == certificate.get("serial_number")


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.dictionary(pa.int32(), pa.string())])
def test_texts_may_be_of_any_kind(kind: object) -> None:
    want = pa.table(certgate.check_table(table(FORMS[:20]), at=AT))
    assert pa.table(certgate.check_table(table(FORMS[:20], kind), at=AT)).equals(want)


def test_batches_are_read_one_by_one() -> None:
    given = []
    schema = table([]).schema

    def batches() -> object:
        for start in range(0, 60, 20):
            given.append(start)
            yield from table(FORMS[start : start + 20]).to_batches()

    stream = pa.RecordBatchReader.from_stream(
        certgate.check_table(pa.RecordBatchReader.from_batches(schema, batches()), 2, at=AT)
    )
    assert stream.read_next_batch().num_rows == 20
    assert given == [0]
    assert stream.read_all().num_rows == 40


def test_a_table_without_fields_is_a_table_of_empty_forms() -> None:
    rows = pa.table(certgate.check_table(pa.table({"id": [1, 2]}), at=AT)).to_pylist()
    empty = certgate.check({}, at=AT)
    assert [len(row["findings"]) for row in rows] == [len(empty.findings)] * 2


def test_what_cannot_be_read_is_an_error() -> None:
    with pytest.raises(certgate.OptionsError):
        certgate.check_table(table([]), at="now")
    with pytest.raises(Exception, match="no_such_column"):
        certgate.check_table(table([]), keep=["no_such_column"])
    with pytest.raises(ValueError, match="__arrow_c_stream__"):
        certgate.check_table("a text")  # type: ignore[arg-type]


@pytest.mark.parametrize("example", ["polars_forms", "duckdb_forms"])
def test_the_examples_count_what_is_wrong(example: str, tmp_path: Path) -> None:
    pytest.importorskip(example.split("_")[0])
    forms = tmp_path / "forms.ndjson"
    forms.write_text("\n".join(json.dumps({**dict.fromkeys(FIELDS), **form}) for form in FORMS))
    shown = subprocess.run([sys.executable, EXAMPLES / f"{example}.py", forms], capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    rejected = [report for report in (certgate.check(form, at=AT) for form in FORMS) if not report.accepted]
    wanted = Counter(code for report in rejected for code in {finding.code for finding in report.findings})
    assert Counter({code: int(count) for code, count in map(str.split, shown.stdout.splitlines())}) == wanted
