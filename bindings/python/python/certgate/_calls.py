"""The calls. Forms, times and policies become the JSON that the library takes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from itertools import islice
from typing import Any, Final

from . import _certgate
from ._answers import Inspection, Match, Repair, Report, Rule
from ._certgate import OptionsError

Form = Mapping[str, Any] | str | bytes
"""The request body of the API: a mapping of its fields, or its JSON."""

Policy = Mapping[str, Any]
"""Settings under the names of the library's `PolicySettings`: `{"strict": True, "severity": {"chain-leaf-alone": "error"}}`."""


class _Now(Enum):
    NOW = "now"


NOW: Final = _Now.NOW
"""The time of the computer."""

Time = datetime | str | None | _Now
"""The time of a check: a time with its zone, a text in RFC 3339, `NOW`, or `None`: validity is not evaluated, and the report says so."""


def check(form: Form, *, at: Time = NOW, policy: Policy | None = None) -> Report:
    """Checks a form.

    Raises `OptionsError` where the time or the policy is not what certgate takes. Whatever the form is, there is a report.

    >>> report = check('{"name": "www_example"', at=None)
    >>> report
    Report(accepted=False, findings=[form-not-json])
    >>> report.api["error_code"]
    'APIG.2000'
    """
    return Report(_certgate.check(_bytes(form), options_of(at, policy)))


def check_batch(
    forms: Iterable[Form],
    threads: int | None = None,
    *,
    at: Time = NOW,
    policy: Policy | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Report]:
    """Checks many forms and yields their reports in order, with as many threads as there are cores or as you say.

    Of the forms only some hundreds are in memory at once. `progress` is called with the number of forms that were done since the last call:
    `tqdm.tqdm(total=…).update` fits.

    >>> [report.accepted for report in check_batch([{"name": "a"}, "[]"], at=None)]
    [False, False]
    """
    options = options_of(at, policy)
    count = threads or os.cpu_count() or 1
    rest = iter(forms)
    while some := [_bytes(form) for form in islice(rest, 256 * count)]:
        for text in _certgate.check_many(some, options, count):
            yield Report(text)
        if progress:
            progress(len(some))


def inspect(data: bytes | str, *, at: Time = NOW, policy: Policy | None = None) -> Inspection:
    """Says what a file holds, in PEM or DER.

    >>> inspect(b"neither certificate nor key", at=None)
    Inspection(findings=[pem-not-pem])
    """
    return Inspection(_certgate.inspect(_encoded(data), options_of(at, policy)))


def fix(form: Form, *, at: Time = NOW, policy: Policy | None = None) -> Repair:
    """Fixes what can be fixed in a form without inventing anything, and checks the outcome. The repair holds the private keys of the form.

    >>> fixed = fix({"form": {"name": "www_example", "cert_content": "a", "private_key": "b"}}, at=None)
    >>> fixed.form
    {'name': 'www_example', 'cert_content': 'a', 'private_key': 'b'}
    >>> [edit.kind for edit in fixed.edits]
    ['rename']
    """
    return Repair(_certgate.fix(_bytes(form), options_of(at, policy)))


def prove(cert: bytes | str, key: bytes | str, *, policy: Policy | None = None) -> Match:
    """Proves that a private key belongs to a certificate, each in PEM or DER: not that public numbers look alike, but that the key is the private half.

    >>> prove("no certificate", "no key").matches
    False
    """
    return Match(_certgate.prove(_encoded(cert), _encoded(key), options_of(None, policy)))


def explain(code: str) -> Rule:
    """The page of a rule. Raises `UnknownRuleError` where no rule has that code.

    >>> explain("match-other-key").summary
    'The private key is valid, but belongs to a different certificate'
    """
    return Rule._of(json.loads(_certgate.explain(code)))


def rules() -> tuple[Rule, ...]:
    """All rules, in the order of the stages that check them.

    >>> rules()[0].stage
    'form'
    """
    return tuple(map(Rule._of, json.loads(_certgate.rules())["rules"]))


def _encoded(data: bytes | str) -> bytes:
    return data.encode("utf-8", "surrogatepass") if isinstance(data, str) else bytes(data)


def _bytes(form: Form) -> bytes:
    """The JSON of a form. Bytes in a mapping are the text of a file."""
    if isinstance(form, Mapping):
        form = json.dumps(dict(form), default=_text)
    return _encoded(form)


def _text(value: object) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "replace")
    raise ValueError(f"a form holds texts, not objects of {type(value).__name__}")


def options_of(at: Time, policy: Policy | None) -> bytes:
    """The JSON of the options of a call."""
    options: dict[str, Any] = {}
    if isinstance(at, datetime):
        if at.utcoffset() is None:
            raise OptionsError("the time has no zone: give datetime.now(timezone.utc), for example")
        options["at"] = at.isoformat()
    elif at is not NOW:
        options["at"] = at
    if policy is not None:
        options["policy"] = dict(policy)
    try:
        return json.dumps(options).encode()
    except (TypeError, ValueError):
        raise OptionsError("the policy holds something that JSON does not have") from None
