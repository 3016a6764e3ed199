"""A definition of the form (YAML): which of its tasks have a question here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assessments.exchange.frame import ForeignFile, Reading
from assessments.exchange.loss import Loss
from assessments.exchange.vocabulary import vocabulary
from assessments.questionnaire.document import read_document

NO_QUESTION = "No question here asks for it; in a filled-in form it would be reported."


def is_definition(file: ForeignFile) -> bool:
    """A YAML file with a Dutch URN and tasks."""
    named = file.place.lower().endswith((".yaml", ".yml"))
    return named and b"urn:nl:" in file.data[:2000] and b"\ntasks:" in file.data


def read_definition(file: ForeignFile) -> Reading:
    """Nothing is imported of a form; the reading says how much of it would be."""
    content = read_document(file.data, file.place).content
    urn = str(content.get("urn", "")) if isinstance(content, dict) else ""
    form = vocabulary("minbzk").get(urn.rpartition(":")[2], {})
    tasks = list(_tasks(content.get("tasks"), "tasks")) if isinstance(content, dict) else []
    known = set(_mapped(form))
    losses = [
        Loss(place, f"task {task}", NO_QUESTION) for place, task in tasks if task not in known
    ]
    return Reading(
        title=f"Definition {urn}", source="MinBZK definition",
        counts={"tasks": len(tasks), "with_question": len(tasks) - len(losses)},
        losses=tuple(losses),
    )  # fmt: skip


def _tasks(entries: Any, place: str) -> Iterator[tuple[str, str]]:
    """Tasks that people answer, groups left out."""
    for number, task in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(task, dict):
            continue
        inside = f"{place}[{number}]"
        if task.get("type") != ["task_group"]:
            yield inside, str(task.get("id"))
        yield from _tasks(task.get("tasks"), f"{inside}.tasks")


def _mapped(form: Mapping[str, Any]) -> Iterator[str]:
    """Every task id that the mapping of a form names."""
    for tasks in (*form.get("texts", {}).values(), *form.get("any_true", {}).values()):
        yield from tasks
    for labels in form.get("labelled", {}).values():
        yield from labels
    yield from form.get("booleans", {}).values()
    yield from (choice["task"] for choice in form.get("choices", {}).values())
    yield from (form[part]["task"] for part in ("ticks", "list") if part in form)
    for table in form.get("tables", {}).values():
        yield from table["columns"].values()
