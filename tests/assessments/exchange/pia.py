"""A small PIA in the front dialect, made by hand for tests."""

from __future__ import annotations

from typing import Any

AT = "2024-05-06T07:08:09.000Z"


def answer(number: int, question: Any, text: Any = None, **data: Any) -> dict[str, Any]:
    content = {"text": text, "gauge": None, "list": []} | data
    return {
        "id": number, "pia_id": 7, "reference_to": question, "data": content,
        "created_at": AT, "updated_at": AT,
    }  # fmt: skip


def measure(number: Any, title: Any, content: str = "") -> dict[str, Any]:
    return {
        "id": number, "pia_id": 7, "title": title, "content": content, "placeholder": None,
        "created_at": None, "updated_at": AT,
    }  # fmt: skip


def evaluation(number: int, reference: Any, status: Any = 2, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "pia_id": 7, "reference_to": reference, "status": status,
        "global_status": 2, "evaluation_comment": "Could be better.",
        "gauges": {"x": 0, "y": 0}, "created_at": AT,
    } | more  # fmt: skip


def pia(**parts: Any) -> dict[str, Any]:
    """A front export; give a part to replace it."""
    whole: dict[str, Any] = {
        "pia": {"id": 7, "name": "Badge readers", "status": 0, "is_archive": 0, "created_at": AT,
                "author_name": "A. Writer"},
        "answers": [
            answer(1, 111, "<p>Doors open with a <strong>badge</strong>.</p>"),
            answer(2, "215", "One month."),
            answer(3, 321, list=["Being followed", "Stress"]),
            answer(4, 324, list=["Encryption"]),
            answer(5, 325, "Serious.", gauge=3),
            answer(6, 326, "Unlikely.", gauge=2),
        ],
        "measures": [measure(40, "Encryption", "<p>Of the disk.</p>"), measure(41, "Logs")],
        "evaluations": [
            evaluation(1, "1.1", 3),
            evaluation(2, "3.1.40", action_plan_comment="Rotate keys."),
            evaluation(3, "3.2", gauges={"x": 2, "y": 1}),
        ],
        "comments": [
            {"id": 1, "pia_id": 7, "description": "Which disk?", "reference_to": 40,
             "for_measure": True, "created_at": AT},
        ],
    }  # fmt: skip
    return whole | parts


def with_fields(**fields: Any) -> dict[str, Any]:
    """The small PIA with other fields."""
    whole = pia()
    whole["pia"] |= fields
    return whole


def structure_of(section: str, item: str, questions: list[dict[str, Any]]) -> dict[str, Any]:
    """An embedded template with one item."""
    items = [{"id": int(item), "questions": questions}]
    return {"sections": [{"id": int(section), "items": items}]}
