"""The calls as a Python program makes them."""

import json
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import certgate
import pytest

EXAMPLES = Path(__file__).parents[3] / "examples"
AT = "2026-06-01T00:00:00Z"
RSA = json.loads((EXAMPLES / "rsa.json").read_text())
BROKEN = (EXAMPLES / "broken.json").read_text()


def test_a_form_is_a_mapping_or_json_and_its_files_may_be_bytes() -> None:
    text = json.dumps(RSA)
    report = certgate.check(RSA, at=AT)
    assert report.accepted
    assert report.certificate is not None
    assert report.certificate["algorithm_type"] == "RSA"
    files = {name: value.encode() for name, value in RSA.items()}
    for form in (text, text.encode(), files):
        assert certgate.check(form, at=AT) == report


def test_the_time_is_said_in_four_ways() -> None:
    in_china = datetime(2026, 6, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    assert certgate.check(RSA, at=in_china) == certgate.check(RSA, at=AT)
    assert certgate.check(RSA, at=None).checked_at is None
    now = certgate.check(RSA).checked_at
    assert now is not None
    assert abs(datetime.fromisoformat(now.replace("Z", "+00:00")) - datetime.now(timezone.utc)) < timedelta(minutes=1)


def test_the_policy_counts() -> None:
    strict = certgate.check(RSA, at=AT, policy={"rsa_min_bits": 4096})
    assert [finding.code for finding in strict.findings if finding.severity == "error"] == ["cert-rsa-short"]
    assert strict.api is not None


@pytest.mark.parametrize(
    "options",
    [
        {"at": "yesterday"},
        {"at": datetime(2026, 6, 1)},
        {"policy": {"rsa_max_bits": 0}},
        {"policy": {"MIIEvQIBADANBgkq": 1}},
        {"policy": {"strict": "MIIEvQIBADANBgkq"}},
        {"policy": {"strict": object()}},
    ],
)
def test_what_is_wrong_with_options_is_a_value_error_without_what_was_given(options: dict[str, object]) -> None:
    with pytest.raises(certgate.OptionsError) as caught:
        certgate.check(RSA, **options)  # type: ignore[arg-type]
    assert isinstance(caught.value, ValueError)
    assert "MIIE" not in str(caught.value)


def test_what_is_not_text_in_a_mapping_is_named_by_its_kind_alone() -> None:
    with pytest.raises(ValueError, match="a form holds texts, not objects of Secret"):
        certgate.check({"private_key": type("Secret", (), {"__repr__": lambda _: "MIIE"})()})


def test_a_repair_shows_its_edits_and_hides_its_keys() -> None:
    broken = certgate.check(BROKEN, at=AT)
    fixed = certgate.fix(BROKEN, at=AT)
    assert {code for edit in fixed.edits for code in edit.mends} <= {finding.code for finding in broken.findings}
    assert fixed.form is not None
    assert "PRIVATE KEY" in fixed.form["private_key"]
    for shown in (repr(fixed), str(fixed), repr(fixed.edits), repr(fixed.report), repr(fixed.findings)):
        assert "PRIVATE KEY" not in shown
    again = certgate.check(fixed.form, at=AT)
    assert again == fixed.report
    assert not any(finding.fixable for finding in again.findings)


def test_a_key_is_proven_or_the_reason_told() -> None:
    ecc = json.loads((EXAMPLES / "ecc.json").read_text())
    assert certgate.prove(RSA["cert_content"], RSA["private_key"]).matches
    other = certgate.prove(RSA["cert_content"], ecc["private_key"].encode())
    assert not other.matches
    assert [finding.code for finding in other.findings] == ["match-other-type"]


def test_a_file_is_looked_into() -> None:
    held = certgate.inspect(RSA["cert_content"] + RSA["private_key"], at=AT)
    assert held.certificates[0]["common_name"] == certgate.check(RSA, at=AT).certificate["common_name"]  # type: ignore[index]
    assert [key["type"] for key in held.keys] == ["RSA"]


def test_each_finding_has_a_rule() -> None:
    rules = {rule.code: rule for rule in certgate.rules()}
    assert len(rules) > 180
    for finding in certgate.check(BROKEN, at=AT).findings:
        assert certgate.explain(finding.code) == rules[finding.code]
    with pytest.raises(certgate.UnknownRuleError):
        certgate.explain("no-such-rule")


def test_other_threads_run_during_a_check() -> None:
    """One call of the engine, long enough to count: with the lock held, this thread could not run before it ends."""
    forms = [json.dumps(RSA).encode()] * 5000
    done = threading.Event()

    def check_all() -> None:
        certgate._certgate.check_many(forms, b"", 1)
        done.set()

    worker = threading.Thread(target=check_all)
    turns = 0
    worker.start()
    while not done.is_set():
        time.sleep(0.001)
        turns += 1
    worker.join()
    # It takes some 0.4 s. A busy machine gives fewer turns than that, but not so few.
    assert turns > 20
