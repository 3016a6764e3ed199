"""What the CNIL's fields are called here: data, shared by reading, editing and writing.

Source: the CNIL's PIA software, versions 1 to 4 (LINCnil/pia), as its exported files show.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

TEMPLATE: Final = "cnil_pia"
SOURCE: Final = "CNIL PIA"

EVENTS: Final = MappingProxyType({"access": 2, "change": 3, "loss": 4})
"""Feared event to its item in section 3."""

TEXT_QUESTIONS: Final = frozenset(
    {111, 112, 113, 121, 122, 123}
    | set(range(211, 216))
    | set(range(221, 228))
)  # fmt: skip
LIST_QUESTIONS: Final = frozenset(300 + 10 * x + n for x in EVENTS.values() for n in (1, 2, 3))
MEASURE_QUESTIONS: Final = frozenset(300 + 10 * x + 4 for x in EVENTS.values())
GAUGE_QUESTIONS: Final = frozenset(300 + 10 * x + n for x in EVENTS.values() for n in (5, 6))
QUESTIONS: Final = TEXT_QUESTIONS | LIST_QUESTIONS | MEASURE_QUESTIONS | GAUGE_QUESTIONS

STATUS: Final = MappingProxyType(
    {0: "in_progress", 1: "rejected", 2: "validated", 3: "signed", 4: "archived", 5: "waiting"}
)
VERDICT: Final = MappingProxyType({0: "pending", 1: "to_correct", 2: "improvable", 3: "acceptable"})
PROGRESS: Final = MappingProxyType({0: "none", 1: "started", 2: "complete"})
ADVICE: Final = MappingProxyType({0: "not_implemented", 1: "implemented"})
YES_NO: Final = MappingProxyType({True: "yes", False: "no"})

TEXT_FIELDS: Final = MappingProxyType(
    {
        "category": "pia_category",
        "author_name": "pia_author",
        "evaluator_name": "pia_evaluator",
        "validator_name": "pia_validator",
        "structure_name": "pia_structure",
        "dpos_names": "dpo_names",
        "people_names": "people_names",
    }
)
LONG_FIELDS: Final = MappingProxyType(
    {
        "dpo_opinion": "dpo_opinion",
        "concerned_people_searched_content": "people_not_searched",
        "concerned_people_opinion": "people_opinion",
        "rejection_reason": "rejection_reason",
        "applied_adjustments": "applied_adjustments",
    }
)
CODE_FIELDS: Final = MappingProxyType(
    {
        "status": ("pia_status", STATUS),
        "dpo_status": ("dpo_status", ADVICE),
        "concerned_people_status": ("people_status", ADVICE),
    }
)
FLAG_FIELDS: Final = MappingProxyType(
    {"is_archive": "pia_archived", "concerned_people_searched_opinion": "people_searched"}
)
ALIASES: Final = MappingProxyType(
    {"rejected_reason": "rejection_reason", "applied_adjustements": "applied_adjustments"}
)
"""Names that the other tool's own import looks for."""

USER_ROLES: Final = MappingProxyType(
    {"author": "pia_author", "evaluator": "pia_evaluator", "validator": "pia_validator"}
)

PLUMBING: Final = frozenset(
    [
        "id",
        "pia_id",
        "created_at",
        "updated_at",
        "lock_version",
        "progress",
        "is_example",
        "answer_type",
        "structure_id",
        "structure_sector_name",
        "structure_data",
        "name",
        "user_pias",
    ]
)
"""Keys that say nothing about the assessment, or that are read elsewhere."""

JUNK: Final = frozenset(["dbVersion", "tableName", "serverUrl", "objectStore", "numberOfQuestions"])
"""Settings of the browser's database that files of 2018 carry along."""

MEASURE_COLUMNS: Final = MappingProxyType(
    {"title": "title", "content": "content", "placeholder": "kind"}
)
EVALUATION_COLUMNS: Final = MappingProxyType(
    {
        "evaluation_comment": "comment",
        "action_plan_comment": "action",
        "person_in_charge": "owner",
        "estimated_implementation_date": "due_on",
    }
)
HTML_COLUMNS: Final = frozenset({"content", "comment", "action", "text", "answer"})
PARTS: Final = ("answers", "measures", "evaluations", "comments")
