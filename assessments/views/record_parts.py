"""The parts of an assessment record that fill a form: what the desk did, as texts and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from assessments.language import say, sentence
from assessments.reports import words
from assessments.views.filled import Block

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """title heads the block; lacking is said while make gives none; page is where the desk does it."""

    title: str
    lacking: str
    page: str
    make: Callable[[Record, str], Block | None]


def _assessment(record: Record, language: str) -> Block:
    found = record["assessment"]
    rows = (
        (say(language, "Number"), found["id"]),
        (say(language, "Title"), found["title"]),
        (say(language, "State"), say(language, words.state(found["state"])).replace("_", " ")),
        (say(language, "Begun"), words.day(found["created_at"], language)),
    )
    return Block("", columns=(say(language, "What"), say(language, "Entry")), rows=rows)


def _people(record: Record, language: str) -> Block:
    rows = tuple(
        (say(language, words.ROLES[person["role"]]), person["name"], person["title"])
        for person in record["people"]
    )
    columns = tuple(
        say(language, name) for name in (sentence("Part"), sentence("Name"), sentence("Position"))
    )
    return Block("", columns=columns, rows=rows)


def _reviews(record: Record, language: str) -> Block | None:
    rows = tuple(
        (
            str(review["round"]),
            review["reviewer"],
            say(language, words.state(review["outcome"])).replace("_", " "),
            words.date_time(review["at"], language),
        )
        for review in record["reviews"]
    )
    columns = tuple(
        say(language, name)
        for name in (sentence("Round"), sentence("Reviewer"), sentence("Outcome"), sentence("When"))
    )
    return Block("", columns=columns, rows=rows) if rows else None


def _opinion(record: Record, language: str) -> Block | None:
    found = record["opinion"]
    return found and Block("", f"{_by(found, language)}\n\n{found['text']}")


def _opinion_followed(record: Record, language: str) -> Block | None:
    opinion, decision = record["opinion"], record["decision"]
    if not opinion or not decision or opinion["followed"] is None:
        return None
    followed = say(language, words.FOLLOWED[opinion["followed"]])
    why = opinion.get("overruled") or decision["reason"]
    return Block("", f"{followed} {_by(decision, language)}\n\n{why}")


def _decision(record: Record, language: str) -> Block | None:
    found = record["decision"]
    if not found:
        return None
    outcome = say(language, words.OUTCOMES[found["outcome"]])
    return Block("", f"{outcome}. {_by(found, language)}\n\n{found['reason']}")


def _conditions(record: Record, language: str) -> Block | None:
    found = record["decision"]
    rows = tuple(
        (c["id"], c["text"], c["owner"], words.day(c["due_on"], language))
        for c in (found["conditions"] if found else ())
    )
    columns = tuple(
        say(language, name)
        for name in (sentence("Id"), sentence("Condition"), sentence("Owner"), sentence("Due"))
    )
    return Block("", columns=columns, rows=rows) if rows else None


def _by(found: Mapping[str, Any], language: str) -> str:
    return f"{found['by']}, {words.date_time(found['at'], language)}."


PARTS: dict[str, Part] = {
    "assessment": Part(sentence("This assessment"), "", "assessment", _assessment),
    "people": Part(sentence("Who acted"), "", "assessment", _people),
    "reviews": Part(sentence("Reviews"), sentence("No review has ended yet."), "review", _reviews),
    "opinion": Part(
        sentence("Advice of the data protection officer"),
        sentence("The data protection officer has not advised yet."),
        "decision",
        _opinion,
    ),
    "opinion_followed": Part(
        sentence("What became of the advice"),
        sentence("Nobody has decided yet whether the advice is followed."),
        "decision",
        _opinion_followed,
    ),
    "decision": Part(
        sentence("Decision"), sentence("Nobody has decided yet."), "decision", _decision
    ),
    "conditions": Part(
        sentence("Conditions"), sentence("There are no conditions."), "decision", _conditions
    ),
}
