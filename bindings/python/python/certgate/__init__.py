"""Does an API gateway accept a TLS certificate upload, and what is wrong with it? All of it in one pass.

>>> import certgate
>>> report = certgate.check({"name": "1st"}, at="2026-06-01T00:00:00Z")
>>> report.accepted
False
>>> for finding in report.findings[2:]:
...     print(finding.code, "-", finding.message)
name-too-short - the name has 3 characters; at least 4 are required
name-start - the name starts with `1`; the first character must be a letter

What is said comes from the library in Rust; this package turns it into objects. No text and no exception holds a private key; a fixed form does.
"""

from ._answers import Edit, Finding, Inspection, Location, Match, NotEvaluated, Repair, Report, Rule
from ._calls import NOW, Form, Policy, Time, check, check_batch, explain, fix, inspect, prove, rules
from ._certgate import VERSION as __version__
from ._certgate import OptionsError, UnknownRuleError
from ._tables import ArrowStream, check_table

__all__ = [
    "NOW",
    "ArrowStream",
    "Edit",
    "Finding",
    "Form",
    "Inspection",
    "Location",
    "Match",
    "NotEvaluated",
    "OptionsError",
    "Policy",
    "Repair",
    "Report",
    "Rule",
    "Time",
    "UnknownRuleError",
    "__version__",
    "check",
    "check_batch",
    "check_table",
    "explain",
    "fix",
    "inspect",
    "prove",
    "rules",
]
