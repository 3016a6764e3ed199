"""The register of assessments: one row each time the state of an assessment changed."""

from datetime import date
from typing import Any

from sample_data.generate.authored import Row, load
from sample_data.generate.dates import add_months

APPROVED = ("approved", "approved_with_conditions")


def build_register() -> list[Row]:
    """Rows by day; a review is due three years after an approval unless the last one says less."""
    rows = [
        row
        for line in load("register.yaml")["assessments"]
        for row in _life(*(cell.strip() for cell in line.split("|")))
    ]
    return sorted(rows, key=lambda row: (row["recorded_on"], row["assessment_id"]))


def _life(name: str, template: str, project: str, review_due: str, steps: str) -> list[Row]:
    parsed = [_step(step.split()) for step in steps.split(";")]
    approvals = [day for day, state, _ in parsed if state in APPROVED]
    last = approvals[-1] if approvals else None
    rows: list[Row] = []
    current: dict[str, Any] = {"approved_on": None, "review_due_on": None}
    for day, state, (risks, conditions) in parsed:
        if state in APPROVED:
            due = date.fromisoformat(review_due) if review_due and day == last else None
            if due is None and template != "screening":
                due = add_months(day, 36)
            current = {"approved_on": day, "review_due_on": due}
        rows.append(
            {
                "assessment_id": name,
                "recorded_on": day,
                "project_id": project,
                "template": template,
                "state": state,
                **current,
                "open_conditions": conditions,
                "high_residual_risks": risks,
            }
        )
    return rows


def _step(words: list[str]) -> tuple[date, str, tuple[int, int]]:
    risks, conditions = (words[2] if len(words) > 2 else "0/0").split("/")
    return date.fromisoformat(words[0]), words[1], (int(risks), int(conditions))
