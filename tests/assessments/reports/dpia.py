"""A fictional DPIA of a fictional company, long enough to fill a board member's evening."""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785

EVERY_SCRIPT = (
    "Ελληνικά · Кириллица · العربية لحماية البيانات · עברית · 個人情報の保護 · 개인정보 · "
    "ไทย · हिन्दी · Việt · a\u0323\u0301 · naïve · ½ ≤ ∑ → ✓ · 🧿 🙂 👩‍💻"
)
HOSTILE = (
    '#read("/etc/passwd") *bold* _x_ <script>alert(1)</script> $x^2$ @label \\ [x] // -- `raw`'
)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(record: dict[str, Any]) -> bytes:
    return rfc8785.dumps(record)


def question(
    identifier: str,
    title: str,
    text: str = "",
    *,
    status: str = "answered",
    source: dict[str, Any] | None = None,
    note: str | None = None,
    columns: list[str] | None = None,
    rows: list[list[str]] | None = None,
) -> dict[str, Any]:
    return {
        "id": identifier,
        "title": title,
        "type": "table" if columns else "text",
        "status": status,
        "value": rows or text or None,
        "text": text,
        "columns": [{"id": name.lower(), "title": name} for name in columns or []],
        "rows": rows or [],
        "source": source,
        "note": note,
    }


def origin(name: str, row: str | None = None) -> dict[str, Any]:
    return {"name": name, "row": row, "sha256": digest(name), "as_of": "2026-11-20"}


def risk(
    number: int, title: str, before: tuple[int, int], after: tuple[int, int], **more: Any
) -> dict[str, Any]:
    return {
        "id": f"R{number}",
        "title": title,
        "kind": "event",
        "source": "External attacker with query access",
        "impact": "Applicants learn that others took part; loss of trust, possible discrimination",
        "severity": before[0],
        "likelihood": before[1],
        "residual_severity": after[0],
        "residual_likelihood": after[1],
        "measures": ["M1"],
        "acceptable": True,
        **more,
    }


def section(
    identifier: str, title: str, source: str, questions: list[dict[str, Any]], comment: str | None
) -> dict[str, Any]:
    return {
        "id": identifier,
        "title": title,
        "source": source,
        "questions": questions,
        "verdict": {
            "verdict": "accepted",
            "comment": comment,
            "reviewer": "Jonas Feldkamp",
            "at": "2026-11-18T14:05:00Z",
        },
    }


PURPOSE = (
    "Meridian Credit estimates how likely an applicant is to repay a consumer loan of up to "
    "25,000 euros. The score supports a case officer, who decides; below a threshold the case is "
    "always read by a second officer.\n\nThe model is a gradient-boosted tree ensemble trained on "
    "eight years of repayment histories. It is retrained each quarter, and each release is "
    "compared with the one before it on a fixed hold-out set."
)
FIELDS = [
    ["Repayment history", "Financial behaviour", "Loan core system", "Contract", "10 years", "Internal"],
    ["Declared income", "Economic situation", "Application form", "Contract", "5 years", "Internal"],
    ["Employment status", "Professional life", "Application form", "Contract", "5 years", "Internal"],
    ["Postal code (3 digits)", "Location", "Application form", "Legitimate interest", "5 years", "Internal"],
    ["Device fingerprint", "Connection data", "Web front end", "Legitimate interest", "13 months", "Fraud vendor"],
]  # fmt: skip


def sections() -> list[dict[str, Any]]:
    describe = [
        question(
            "purpose",
            "What is the processing for?",
            PURPOSE,
            source=origin("processing_activities.csv", "12"),
        ),
        question(
            "data",
            "Which personal data are processed?",
            columns=["Data", "Category", "Origin", "Lawful basis", "Kept", "Recipients"],
            rows=FIELDS,
            source=origin("datasets.csv", "31"),
            note="Two fields were removed after the first review round.",
        ),
        question(
            "subjects",
            "Whose data are they?",
            "Applicants and borrowers in Austria, Belgium and Germany; about 412,000 people.",
        ),
        question("profiling", "Which decisions follow from the score?", status="not_provided"),
    ]
    necessity = [
        question(
            "necessity",
            "Why is each field needed?",
            "An ablation study shows that removing declared income lowers the area under the "
            "curve from 0.81 to 0.74; removing the postal code lowers it by 0.003, so only three "
            "digits are kept.",
        ),
        question("alternatives", "Which less intrusive ways were considered?", status="unknown"),
        question("transfer", "Do data leave the EEA?", status="not_applicable"),
    ]
    model = [
        question(
            "training",
            "Who is in the training data?",
            "Everyone with a closed contract since 2017, except people who objected (Art. 21).",
        ),
        question("scripts", "How are names in other scripts kept?", EVERY_SCRIPT),
    ]
    return [
        section("describe", "Description of the processing", "GDPR Art. 35(7)(a)", describe, None),
        section(
            "necessity",
            "Necessity and proportionality",
            "GDPR Art. 35(7)(b)",
            necessity,
            "The alternatives must be answered before the next release; see condition C1.",
        ),
        section("model", "The model and what it remembers", "EDPB Opinion 28/2024", model, None),
    ]


def leak(
    subject: str, measure: str, value: float, low: float, high: float, limit: float
) -> dict[str, Any]:
    return {
        "subject": subject,
        "measure": measure,
        "value": value,
        "low": low,
        "high": high,
        "limit": limit,
        "measured_on": "2026-11-12",
        "source_sha256": digest(subject + measure),
    }


def risks() -> list[dict[str, Any]]:
    return [
        risk(1, "Membership of an applicant is inferred from scores", (3, 3), (3, 2)),
        risk(2, "Income is inferred from the explanation texts", (2, 3), (2, 2), measures=["M2"]),
        risk(
            3,
            "Wrongly refused credit after a stale repayment entry",
            (4, 2),
            (3, 1),
            kind="by_design",
            source="",
            measures=["M3", "M4"],
        ),
        risk(4, "Training extract is copied to a laptop", (4, 3), (4, 1), measures=["M4"]),
        risk(
            5,
            "The device fingerprint is used for another purpose",
            (3, 3),
            (3, 3),
            acceptable=False,
            measures=[],
        ),
        risk(6, "Erasure does not reach the model", (2, 2), (2, 1), measures=["M5"]),
    ]


MEASURES = [
    ("M1", "Scores are rounded to two decimals and the query rate is limited", "implemented"),
    ("M2", "Explanations name at most three reasons and no amounts", "implemented"),
    ("M3", "A second officer reads each refused case", "implemented"),
    ("M4", "Extracts live in the secured workspace only", "partial"),
    ("M5", "Quarterly retraining drops erased people", "planned"),
]


def make_record(**changes: Any) -> dict[str, Any]:
    """The record as a dictionary; ``changes`` replace whole top-level keys."""
    record: dict[str, Any] = {
        "schema": "privacy-workbench/assessment-record/v1",
        "assessment": {
            "id": "A-2026-014",
            "title": "Credit scoring for consumer loans",
            "revision": 2,
            "language": "en",
            "state": "decided",
            "created_at": "2026-10-02T08:00:00Z",
            "frozen_at": "2026-11-20T09:30:00Z",
            "organisation": "Meridian Credit SE",
        },
        "template": {
            "id": "dpia",
            "version": "1",
            "title": "Data protection impact assessment",
            "sha256": digest("dpia"),
        },
        "project": {
            "id": "P-07",
            "name": "Consumer credit score",
            "description": "Repayment score for consumer loans",
            "owner": "Lending analytics",
        },
        "people": [
            person("author", "mara", "Mara Lindqvist", "Data scientist"),
            person("reviewer", "jonas", "Jonas Feldkamp", "Privacy engineer"),
            person("dpo", "ines", "Inês Carvalho", "Data protection officer"),
            person("approver", "theo", "Theodoros Papadakis", "Chief risk officer"),
        ],
        "screening": {
            "outcome": "required",
            "title": "A data protection impact assessment is required",
            "reasons": [
                {"code": "WP248-1", "text": "Evaluation or scoring of people."},
                {"code": "WP248-2", "text": "Decisions with a significant effect on access to credit."},
                {"code": "Art. 35(3)(a)", "text": "Systematic and extensive evaluation by automated means."},
            ],
        },
        "sections": sections(),
        "risks": risks(),
        "scale": {
            "id": "cnil-4x4",
            "severity": ["negligible", "limited", "important", "maximum"],
            "likelihood": ["negligible", "limited", "important", "maximum"],
            "source": "CNIL PIA knowledge bases, 2018",
        },
        "measures": [
            {"id": i, "title": t, "status": s, "owner": "Lending analytics", "due_on": None if s == "implemented" else "2027-01-31"}
            for i, t, s in MEASURES
        ],
        "leakage": [
            leak("Credit score v14", "tpr_at_fpr_0.01", 0.018, 0.012, 0.027, 0.03),
            leak("Credit score v14", "auc", 0.57, 0.54, 0.61, 0.6),
            leak("Synthetic applicants", "singling_out", 0.11, 0.08, 0.14, 0.05),
            leak("Explanations", "attribute inference", 0.04, 0.02, 0.06, 0.1),
        ],
        "reviews": [
            {"round": 1, "reviewer": "Jonas Feldkamp", "outcome": "changes_requested", "at": "2026-11-05T10:00:00Z"},
            {"round": 2, "reviewer": "Jonas Feldkamp", "outcome": "accepted", "at": "2026-11-18T14:05:00Z"},
        ],
        "opinion": {
            "by": "Inês Carvalho",
            "text": "The processing can go ahead if the fingerprint is limited to fraud and the "
            "synthetic set is regenerated.\n\nI ask for a new measurement within three months.",
            "followed": True,
            "at": "2026-11-19T16:20:00Z",
        },
        "decision": {
            "outcome": "approved_with_conditions",
            "reason": "The benefit to applicants is real, the remaining risks are limited, and the "
            "two open points have an owner and a date.",
            "by": "Theodoros Papadakis",
            "at": "2026-11-20T09:30:00Z",
            "conditions": [
                {"id": "C1", "text": "Answer the question on alternatives", "owner": "Mara Lindqvist", "due_on": "2026-12-15"},
                {"id": "C2", "text": "Limit the device fingerprint to fraud checks", "owner": "Web front end", "due_on": "2027-01-31"},
            ],
        },
        "sources": [
            {"name": name, "path": f"exports/{name}", "sha256": digest(name), "loaded_at": "2026-11-20T05:00:00Z"}
            for name in ("processing_activities.csv", "datasets.csv", "leakage_results.csv")
        ],
    }  # fmt: skip
    return record | changes


def person(role: str, identifier: str, name: str, title: str) -> dict[str, Any]:
    return {"role": role, "id": identifier, "name": name, "title": title}


def record_bytes(**changes: Any) -> bytes:
    return canonical(make_record(**changes))
