"""All cases of the library, through Python: the reports are those of the library, to the byte."""

import json
import tomllib
from pathlib import Path

import certgate

CASES = Path(__file__).parents[3] / "tests" / "cases"


def read(folder: Path) -> tuple[bytes, dict[str, object]]:
    """The form of a case, and how it is checked."""
    expected = tomllib.loads((folder / "case.toml").read_text())
    at = expected.get("at", "2026-06-01T00:00:00Z")
    return (folder / "form.json").read_bytes(), {"at": None if at == "none" else at, "policy": expected.get("policy")}


def compact(path: Path) -> str:
    """The report of a case on one line, as the library writes it."""
    return json.dumps(json.loads(path.read_text()), ensure_ascii=False, separators=(",", ":"))


# A form of JSON cannot hold the bytes of a file that is not text.
FOLDERS = [path.parent for path in sorted(CASES.glob("*/*/case.toml")) if not list(path.parent.glob("*.der"))]


def test_each_report_is_that_of_the_library() -> None:
    for folder in FOLDERS:
        form, options = read(folder)
        report = certgate.check(form, **options)  # type: ignore[arg-type]
        assert report.to_json() == compact(folder / "report.json"), folder
    assert len(FOLDERS) > 700


def test_a_batch_says_the_same_in_the_same_order() -> None:
    plain = [folder for folder in FOLDERS if read(folder)[1] == {"at": "2026-06-01T00:00:00Z", "policy": None}]
    assert len(plain) > 500
    forms = (read(folder)[0] for folder in plain)
    counted: list[int] = []
    reports = list(certgate.check_batch(forms, 2, at="2026-06-01T00:00:00Z", progress=counted.append))
    assert [report.to_json() for report in reports] == [compact(folder / "report.json") for folder in plain]
    assert sum(counted) == len(plain)
    assert len(counted) > 1
