"""Their answers as answers to our questions, by the mapping file; what has no question is reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.exchange.frame import Given
from assessments.exchange.loss import Loss
from assessments.exchange.minbzk.answers import Answered, Said

Form = Mapping[str, Any]
NO_QUESTION = "No question here asks for it; the original is kept."
NOT_TICKED = (
    "In their list a box without a tick can also mean that nobody looked; it stays open here."
)
NO_OPTION = "None of the options here stands for it."


def convert(form: Form, found: Answered) -> tuple[dict[str, Given], list[Loss]]:
    """Answers by our question ids, and the losses."""
    given: dict[str, Given] = {}
    losses: list[Loss] = []
    used: set[str] = set()
    for question, tasks in form.get("texts", {}).items():
        _add(given, used, question, _texts(found, tasks))
    for question, labels in form.get("labelled", {}).items():
        _labelled(given, used, question, labels, found)
    for question, task in form.get("booleans", {}).items():
        _add(given, used, question, [s for s in found.of(task) if _truth(s) is not None], _yes_no)
    for question, tasks in form.get("any_true", {}).items():
        _any_true(given, used, question, tasks, found)
    for question, choice in form.get("choices", {}).items():
        _choice(given, used, losses, question, choice, found)
    if "ticks" in form:
        _ticks(given, used, losses, form["ticks"], found)
    if "list" in form:
        _listed(given, used, losses, form["list"], found)
    for question, table in form.get("tables", {}).items():
        _table(given, used, losses, question, table, found)
    losses += [
        Loss(said.place, f"task {said.task}", NO_QUESTION)
        for said in found.said
        if said.task not in used
    ]
    return given, losses


def _add(
    given: dict[str, Given], used: set[str], question: str, said: Sequence[Said],
    make: Any = None,
) -> None:  # fmt: skip
    if said:
        value = make(said[0]) if make else "\n\n".join(str(one.value) for one in said)
        given[question] = made(value, said)
        used.update(one.task for one in said)


def made(value: Any, said: Sequence[Said]) -> Given:
    """A value with its places, the newest of its dates, and whoever is named as its editor."""
    editors = list(dict.fromkeys(one.by for one in said if one.by))
    note = f"Last edited by {', '.join(editors)}" if editors else None
    return Given(
        value, _places(said), max((one.at or "" for one in said), default="") or None, note
    )


def _places(said: Sequence[Said]) -> str:
    tasks = list(dict.fromkeys(one.task for one in said))
    return f"task {', '.join(tasks)}" if len(tasks) < 6 else f"tasks {tasks[0]} to {tasks[-1]}"


def _texts(found: Answered, tasks: Sequence[str]) -> list[Said]:
    return [one for task in tasks for one in found.of(task)]


def _labelled(
    given: dict[str, Given], used: set[str], question: str, labels: Mapping[str, str],
    found: Answered,
) -> None:  # fmt: skip
    """Facts that we ask for nowhere else, one a line, each with our name for it."""
    said = _texts(found, list(labels))
    if said:
        text = "\n".join(f"{labels[one.task]}: {_spoken(one)}" for one in said)
        given[question] = made(text, said)
        used.update(one.task for one in said)


def _spoken(said: Said) -> str:
    truth = _truth(said)
    return _yes_no(said) if truth is not None else ", ".join(_ticked(said))


def _truth(said: Said) -> bool | None:
    """The form writes booleans as words."""
    return {"true": True, "ja": True, "false": False, "nee": False}.get(str(said.value).lower())


def _yes_no(said: Said) -> str:
    return "yes" if _truth(said) else "no"


def _any_true(
    given: dict[str, Given], used: set[str], question: str, tasks: Sequence[str], found: Answered
) -> None:
    """Yes when one is yes; no only when all are answered with no."""
    said = [one for one in _texts(found, tasks) if _truth(one) is not None]
    if any(_truth(one) for one in said) or len(said) == len(tasks):
        given[question] = made("yes" if any(_truth(one) for one in said) else "no", said)
    used.update(one.task for one in said)


def _choice(
    given: dict[str, Given], used: set[str], losses: list[Loss], question: str, choice: Form,
    found: Answered,
) -> None:  # fmt: skip
    for said in found.of(choice["task"]):
        used.add(said.task)
        ours = choice["options"].get(str(said.value))
        if ours is None:
            losses.append(Loss(said.place, f"task {said.task}", NO_OPTION))
        else:
            given[question] = made(ours, [said])


def _ticked(said: Said) -> list[str]:
    """The ticked options without the name of their list."""
    values = said.value if isinstance(said.value, list) else [said.value]
    return [str(value).split(": ", 1)[-1] for value in values]


def _ticks(
    given: dict[str, Given], used: set[str], losses: list[Loss], ticks: Form, found: Answered
) -> None:
    for said in found.of(ticks["task"]):
        used.add(said.task)
        for option in _ticked(said):
            question = ticks["questions"].get(option)
            if question is None:
                losses.append(Loss(said.place, "an option", NO_OPTION))
            else:
                given[question] = made("yes", [said])
        open_ = [q for q in ticks["questions"].values() if q not in given]
        if open_:
            losses.append(Loss(said.place, ", ".join(sorted(open_)), NOT_TICKED))


def _listed(
    given: dict[str, Given], used: set[str], losses: list[Loss], listed: Form, found: Answered
) -> None:
    for said in found.of(listed["task"]):
        used.add(said.task)
        known = [listed["options"].get(option) for option in _ticked(said)]
        if None in known:
            losses.append(Loss(said.place, "an option", NO_OPTION))
        entries = [entry for entry in known if entry]
        if entries:
            given[listed["question"]] = made(entries, [said])
            given[listed["country_question"]] = made([listed["country"]], [said])
            given[listed["any_question"]] = made("yes", [said])


def _table(
    given: dict[str, Given], used: set[str], losses: list[Loss], question: str, table: Form,
    found: Answered,
) -> None:  # fmt: skip
    """A row for each repetition that holds the first column, or for each distinct value of it."""
    columns: Mapping[str, str] = table["columns"]
    name, first = next(iter(columns.items()))
    if table.get("distinct"):
        _distinct(given, used, question, table, name, _in_group(found, table["group"], first))
        return
    rows: list[dict[str, str]] = []
    taken: list[Said] = []
    for number, said in enumerate(_in_group(found, table["group"], first), start=1):
        row = {"id": f"{table['prefix']}-{number}"}
        for column, task in columns.items():
            for one in found.of(task):
                if one.path == said.path or (task == first and one is said):
                    value = _cell(table, column, one, losses)
                    if value is not None:
                        row[column] = value
                        taken.append(one)
        rows.append(row)
    if rows:
        given[question] = made(rows, taken)
        used.update(one.task for one in taken)


def _distinct(
    given: dict[str, Given], used: set[str], question: str, table: Form, column: str,
    said: Sequence[Said],
) -> None:  # fmt: skip
    values = dict.fromkeys(v for one in said for v in _ticked(one))
    if values:
        rows = [
            {"id": f"{table['prefix']}-{n}", column: value}
            for n, value in enumerate(values, start=1)
        ]
        given[question] = made(rows, said)
        used.update(one.task for one in said)


def _in_group(found: Answered, group: str, task: str) -> list[Said]:
    seen: list[Said] = []
    for one in found.of(task):
        is_there = any(other.path == one.path and other.value == one.value for other in seen)
        if one.within(group) is not None and not is_there:
            seen.append(one)
    return seen


def _cell(table: Form, column: str, said: Said, losses: list[Loss]) -> str | None:
    words: Mapping[str, str] | None = table.get("words", {}).get(column)
    values = said.value if isinstance(said.value, list) else [said.value]
    if words is None:
        return ", ".join(str(value) for value in values)
    known = [words[str(value)] for value in values if str(value) in words]
    if len(values) > 1 or not known:
        losses.append(Loss(said.place, ", ".join(str(v) for v in values)[:80], NO_OPTION))
    return known[0] if known else None
