"""The gate's answer as JUnit XML, which every build server shows: one test for each kind of reason.

Elements and attributes as in the schema of the JUnit reports of Jenkins (``junit-10.xsd``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from assessments.review.gate import Blocker, Gate

CHECKS: Mapping[str, tuple[str, ...]] = {
    "approval": ("no_approval", "approval_expired", "rejected"),
    "conditions": ("condition_open", "condition_overdue"),
    "actions": ("action_open", "action_overdue"),
    "evidence": ("evidence_expired",),
    "answers": ("stale_answer",),
    "findings": ("blocking_finding",),
    "leakage": ("leakage", "leakage_not_measured", "leakage_inconclusive", "accounting_refuted"),
}
"""What the gate looks at, and the kinds of reasons that each can find."""

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(gate: Gate) -> bytes:
    """A test suite that fails where the gate is closed; what an override covers is skipped."""
    found = {name: [r for r in gate.reasons if r.kind in kinds] for name, kinds in CHECKS.items()}
    broken = sum(bool(reasons) for reasons in found.values())
    totals = {
        "name": f"privacy gate {_text(gate.project)}",
        "tests": str(len(found)),
        "failures": "0" if gate.is_open else str(broken),
        "errors": "0",
        "skipped": str(broken) if gate.is_open else "0",
    }
    suites = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(suites, "testsuite", totals)
    for name, reasons in found.items():
        case = ElementTree.SubElement(
            suite, "testcase", {"name": name, "classname": f"privacy.gate.{_text(gate.project)}"}
        )
        if reasons:
            _outcome(case, gate, reasons)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True)


def _outcome(case: ElementTree.Element, gate: Gate, reasons: list[Blocker]) -> None:
    lines = "\n".join(f"{reason.kind}: {reason.what}" for reason in reasons)
    if gate.override is not None:
        until = gate.override.until.isoformat()
        skipped = ElementTree.SubElement(
            case, "skipped", {"message": f"open by override {gate.override.id} until {until}"}
        )
        skipped.text = _text(lines)
        return
    first = _text(reasons[0].what)
    failure = ElementTree.SubElement(case, "failure", {"message": first, "type": reasons[0].kind})
    failure.text = _text(lines)


def _text(said: str) -> str:
    """Without the characters that XML does not know."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", said)
