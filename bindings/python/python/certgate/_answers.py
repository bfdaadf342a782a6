"""What the calls return: the JSON of the library, as objects. Nothing is worked out here."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

Severity = Literal["note", "warning", "error"]
Object = dict[str, Any]


def _known(cls: Any, told: Object) -> Object:
    """What of a JSON object the class has, its lists as tuples: a later version may tell more."""
    names = {entry.name for entry in dataclasses.fields(cls)}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in told.items() if name in names}


@dataclass(frozen=True, slots=True)
class Location:
    """Where a finding is, as exact as it is known. All counts from 1, but the offset in the DER from 0."""

    block: int | None = None
    line: int | None = None
    column: int | None = None
    der_offset: int | None = None
    der_path: str | None = None
    inside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule, broken at one place. The message says what is wrong, the hint what to do; the facts are the values in both."""

    code: str
    severity: Severity
    default_severity: Severity
    message: str
    hint: str
    api_code: str
    fixable: bool
    field: str | None = None
    location: Location = Location()
    error_since: str | None = None
    exception: Mapping[str, Any] | None = None
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @classmethod
    def _of(cls, told: Object) -> Finding:
        place = Location(**_known(Location, told.get("location", {})))
        return cls(**{**_known(cls, told), "location": place})


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """Something that was not evaluated, and why. It is never the same as "ok"."""

    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to a form: its kind, the field, the rules whose findings are gone by it, and one sentence about it."""

    kind: str
    field: str
    mends: tuple[str, ...]
    text: str
    block: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what is wrong where it is broken, why it exists, what to do, and where it is written."""

    code: str
    severity: Severity
    soft: bool
    stage: str
    api_code: str
    api_msg: str
    summary: str
    hint: str
    why: str
    citations: tuple[str, ...]
    since: str
    status: Literal["active", "retired"]

    @classmethod
    def _of(cls, told: Object) -> Rule:
        return cls(**_known(cls, told))


class _Answer:
    """One JSON object of the library."""

    __slots__ = ("_json", "_told")
    _shown: ClassVar[tuple[str, ...]] = ()

    def __init__(self, text: str) -> None:
        self._json = text
        self._told: Object = json.loads(text)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the order of the input."""
        return tuple(map(Finding._of, self._told["findings"]))

    @property
    def not_evaluated(self) -> tuple[NotEvaluated, ...]:
        """What was not evaluated, and why."""
        return tuple(NotEvaluated(**entry) for entry in self._told.get("not_evaluated", ()))

    def to_dict(self) -> Object:
        """The JSON object, as a dictionary of your own."""
        told: Object = json.loads(self._json)
        return told

    def to_json(self) -> str:
        """The JSON object, to the byte as the library wrote it."""
        return self._json

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, _Answer) and self._json == other._json

    def __hash__(self) -> int:
        return hash(self._json)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown)
        codes = ", ".join(finding["code"] for finding in self._told.get("findings", ()))
        return f"{type(self).__name__}({shown}{', ' if shown else ''}findings=[{codes}])"


class Report(_Answer):
    """The report on a form, accepted or not."""

    __slots__ = ()
    _shown = ("accepted",)

    @property
    def accepted(self) -> bool:
        """Whether no finding is an error, and each key is proven to be the certificate's."""
        return bool(self._told["accepted"])

    @property
    def api(self) -> Object | None:
        """What the API would answer: `status`, `error_code`, `error_msg`. `None` where the form is accepted."""
        return self._told.get("api")

    @property
    def certificate(self) -> Object | None:
        """The metadata of the server's certificate, under the names of the API, as far as it could be read."""
        return self._told.get("certificate")

    @property
    def sign_certificate(self) -> Object | None:
        """The same for the second certificate of an SM2 set."""
        return self._told.get("sign_certificate")

    @property
    def checked_at(self) -> str | None:
        """The time of the check in RFC 3339; `None` where validity was not evaluated."""
        return self._told.get("checked_at")


class Inspection(_Answer):
    """What a file holds. Certificates, keys and other things are dictionaries, under the names of the command line's JSON."""

    __slots__ = ()

    @property
    def certificates(self) -> tuple[Object, ...]:
        """All certificates, in the order of the file."""
        first = self._told.get("certificate")
        return (*([first] if first else []), *self._told.get("chain", ()))

    @property
    def keys(self) -> tuple[Object, ...]:
        """The private keys: what kind, which public half. Nothing secret."""
        return tuple(self._told.get("keys", ()))

    @property
    def others(self) -> tuple[Object, ...]:
        """What is neither certificate nor private key, but known."""
        return tuple(self._told.get("others", ()))


class Match(_Answer):
    """Whether a private key is proven to belong to a certificate, and if not, why."""

    __slots__ = ()
    _shown = ("matches",)

    @property
    def matches(self) -> bool:
        """Whether it is proven."""
        return bool(self._told["matches"])


class Repair(_Answer):
    """A form with all fixed that can be fixed without inventing anything. `form` and the JSON hold its private keys; `repr` does not."""

    __slots__ = ()
    _shown = ("accepted",)

    @property
    def form(self) -> dict[str, str] | None:
        """The fixed form; `None` where the text that was given is not a form."""
        return self._told.get("form")

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What was changed, in its order."""
        return tuple(Edit(**_known(Edit, edit)) for edit in self._told["edits"])

    @property
    def report(self) -> Report:
        """The report on the fixed form."""
        return Report(json.dumps(self._told["report"], ensure_ascii=False, separators=(",", ":")))

    @property
    def accepted(self) -> bool:
        """Whether the fixed form is accepted."""
        return bool(self._told["report"]["accepted"])

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is still found in the fixed form."""
        return self.report.findings

    @property
    def not_evaluated(self) -> tuple[NotEvaluated, ...]:
        """What was not evaluated of the fixed form, and why."""
        return self.report.not_evaluated
