"""Every sentence of the product, read from its code: nobody keeps a list by hand.

Collected are the literal arguments of ``say``, ``counted`` and ``sentence``, the texts of errors that
pages show, titles of pages, the sentences of the report's layout, and a few sets of words that code
puts together (``COMPUTED``). A call of ``say`` with anything else must be named in ``INDIRECT``.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from assessments import errors
from assessments.exchange.article_30 import Parties, controller_register, processor_register
from assessments.exchange.formats import writable
from assessments.questionnaire import load_pack
from assessments.records.permissions import ROLES
from assessments.reports.spoken import asked
from assessments.review.consultation import things_to_send
from assessments.review.decisions import Outcome, Position
from assessments.review.lifecycle import Action, State
from dashboard.kpis.catalogue import catalogue
from dashboard.pages import ENTRIES
from dashboard.text import ERROR

ROOT = Path(__file__).parents[2]
Key = str | tuple[str, str]

_ERRORS = {name for name in vars(errors) if isinstance(getattr(errors, name), type)}
_SHOWN = (
    "assessments/questionnaire", "assessments/review", "assessments/records", "assessments/reports",
    "assessments/signing/authority.py", "dashboard/office.py", "dashboard/inventory",
    "dashboard/warehouse/connect.py", "dashboard/reading.py",
)  # fmt: skip
"""Where errors come from that people meet on pages."""
_AUTHORING = re.compile(
    r"questionnaire/(loader|soundness|document|expressions|evaluation|packs|overlay|library)"
    r"|reports/(record|pack|glyphs|fields|render)\.py|migrations/"
)
"""Errors for people who write templates or verify files on the command line; they stay English."""

_ACTION = re.compile(r"[a-z]+\.(?:[a-z]+_)*(?:[a-z]+ed|given|frozen|made|undone|set|over)")

COMPUTED: dict[str, tuple[str, ...]] = {
    "assessments.exchange.cnil.figures": ("TITLES",),
    "dashboard.components.findings": ("SEVERITIES", "STATES"),
    "dashboard.components.versions": ("KINDS",),
    "dashboard.kpis.value": ("STATE_WORDS",),
    "dashboard.kpi_words": ("CHANGE_WORDS",),
    "dashboard.pages.assessment": ("PARTS", "_TURNS", "_TAGS"),
    "dashboard.pages.kpi": ("ONLY",),
    "dashboard.pages.report": ("ROLE_NAMES",),
}
"""Constants whose words are looked up where they are used."""

INDIRECT: dict[str, frozenset[str]] = {
    "dashboard/components/fields.py": frozenset({"i.capitalize()"}),
    "dashboard/components/versions.py": frozenset({"KINDS[change.kind].text"}),
    "dashboard/kpi_words.py": frozenset(
        {"STATE_WORDS[value.state]", "CHANGE_WORDS[value.kpi.unit]", "value.kpi.title"}
    ),
    "dashboard/components/findings.py": frozenset({"tag.text", "severity.text"}),
    "dashboard/pages/__init__.py": frozenset({"entry.title"}),
    "dashboard/pages/article_30.py": frozenset({"column.heading", "gap"}),
    "dashboard/pages/changes.py": frozenset({"trigger.closing_note"}),
    "dashboard/pages/take_out.py": frozenset({"titles[name]"}),
    "dashboard/pages/assessment.py": frozenset({"tag.text", "text", "PARTS[waits_for]"}),
    "dashboard/pages/assessments.py": frozenset({"name.replace('_', ' ').capitalize()"}),
    "dashboard/pages/consultation.py": frozenset({"entry['title']", "title"}),
    "dashboard/pages/imports.py": frozenset({"str(risk['title'])"}),
    "dashboard/pages/kpi.py": frozenset(
        {"ONLY[only]", "ONLY[cast(Only, name)]", "kpi.title", "kpi.question", "kpi.owner"}
    ),
    "dashboard/pages/keys.py": frozenset({"NAMES.get(finding.name, finding.name)"}),
    "dashboard/pages/publication.py": frozenset({"text"}),
    "dashboard/pages/kpis.py": frozenset({"value.kpi.title", "value.kpi.owner"}),
    "dashboard/pages/notices.py": frozenset(
        {"KINDS[notice.kind]", "KINDS[kind]", "KINDS[item.kind]"}
    ),
    "dashboard/pages/overview.py": frozenset({"value.kpi.title"}),
    "dashboard/pages/report.py": frozenset({"title", "ROLE_NAMES[role]"}),
    "dashboard/text.py": frozenset(
        {"text", "part", "identifier.replace('_', ' ').strip().capitalize()"}
    ),
    "dashboard/components/boxes.py": frozenset({"name"}),
}
"""Where ``say`` gets something that is no literal, and what it is; each comes from the sets above."""

WORDS = ("Yes", "No", "Unknown", "row", "column", "file", "line", "version", "field")
"""Words of answers, and of places in error boxes."""
PERIODS = (("year", "years"), ("month", "months"), ("week", "weeks"), ("day", "days"))


@dataclass(slots=True)
class Message:
    """A sentence (or one and many), the files that say it, and whether an error carries it."""

    key: Key
    places: set[str] = field(default_factory=set)
    is_error: bool = False


@cache
def collect() -> tuple[dict[Key, Message], dict[Key, Message]]:
    """The core's messages and the interface's; what both say belongs to the core."""
    core: dict[Key, Message] = {}
    pages: dict[Key, Message] = {}
    for package, found in (("assessments", core), ("dashboard", pages)):
        for file in _files(package):
            for key, is_error in _in_file(file):
                _add(found, key, _place(file), is_error=is_error)
    for sentence in asked():
        _add(core, sentence, "assessments/reports/templates")
    for key, place in _computed():
        _add(pages, key, place)
    core = _without_doubles(core)
    spoken = {first_of(key) for key in core}
    return core, {k: m for k, m in _without_doubles(pages).items() if first_of(k) not in spoken}


def first_of(key: Key) -> str:
    """What a catalogue files a message under."""
    return key if isinstance(key, str) else key[0]


def _without_doubles(found: dict[Key, Message]) -> dict[Key, Message]:
    """A word for one and for many also answers for the word alone."""
    counted = {key[0] for key in found if isinstance(key, tuple)}
    return {key: message for key, message in found.items() if key not in counted}


def _files(package: str) -> list[Path]:
    """The command line speaks English, as its JSON and its manual do."""
    skipped = ("dashboard/commands/", "dashboard/cli.py", "dashboard/demo.py", "dashboard/locale/")
    files = sorted((ROOT / package).rglob("*.py"))
    return [file for file in files if not _place(file).startswith(skipped)]


def undeclared() -> list[str]:
    """Calls of ``say`` on pages with something that nobody declared: it would never be translated."""
    return [
        f"{_place(file)}: say({ast.unparse(call.args[0])})"
        for file in _files("dashboard")
        for call in _calls(file)
        if _name(call) == "say" and call.args and not _literals(call.args[0])
        if ast.unparse(call.args[0]) not in INDIRECT.get(_place(file), frozenset())
    ]


def _add(found: dict[Key, Message], key: Key, place: str, *, is_error: bool = False) -> None:
    message = found.setdefault(key, Message(key))
    message.places.add(place)
    message.is_error |= is_error


def _in_file(file: Path) -> Iterator[tuple[Key, bool]]:
    shows_errors = _place(file).startswith(_SHOWN) and not _AUTHORING.search(_place(file))
    for call in _calls(file):
        name, texts = _name(call), [_literals(argument) for argument in call.args]
        first = 1 if _place(file).startswith("assessments") else 0
        if name == "say" and len(texts) > first:
            yield from ((text, False) for text in texts[first])
        elif name == "sentence" and texts:
            yield from ((text, False) for text in texts[0])
        elif name == "pair" and len(texts) > 1:
            yield (texts[0][0], texts[1][0]), False
        elif name in {"counted", "say_count"} and len(texts) > first + 1:
            one, many = texts[-2:]
            yield from (((a, b), False) for a, b in zip(one, many, strict=True))
        elif shows_errors and (name in _ERRORS or name == "__init__"):
            yield from ((text, True) for argument in call.args[:2] for text in _frames(argument))


def _calls(file: Path) -> Iterator[ast.Call]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _literals(node: ast.expr) -> list[str]:
    """The sentences that an argument can be: a literal, or one of the two of a conditional."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value] if node.value else []
    if isinstance(node, ast.IfExp):
        return [*_literals(node.body), *_literals(node.orelse)]
    return []


def _frames(node: ast.expr) -> list[str]:
    """The sentences of an error's argument, with names for what is filled in."""
    if isinstance(node, ast.JoinedStr):
        names: list[str] = []
        parts = [_frame_part(part, names) for part in node.values]
        return ["".join(parts)] if any(character.isalpha() for character in parts[0]) else []
    return _literals(node)


def _frame_part(part: ast.expr, names: list[str]) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    said = re.sub(
        r"\W+", "_", ast.unparse(part.value if isinstance(part, ast.FormattedValue) else part)
    )
    name = said.strip("_").lower()[:24].strip("_") or "value"
    names.append(name)
    return "{" + (name if names.count(name) == 1 else f"{name}_{names.count(name)}") + "}"


def _computed() -> Iterator[tuple[Key, str]]:
    for entry in ENTRIES:
        yield entry.title, "dashboard/pages/__init__.py"
    for state in State:
        yield _word(state.value), "assessments/review/lifecycle.py"
    for module, constants in COMPUTED.items():
        for constant in constants:
            for text in _texts(getattr(importlib.import_module(module), constant)):
                yield text, module.replace(".", "/") + ".py"
    for register in (controller_register(Parties(), ()), processor_register(Parties(), ())):
        for text in (*(column.heading for column in register.columns), *register.shared_gaps):
            yield text, "assessments/exchange/article_30.py"
    for enumeration in (Position, Outcome):
        for member in enumeration:
            yield _word(member.value), "assessments/review/decisions.py"
    for role in ROLES:
        yield _word(role), "assessments/records/permissions.py"
    for code in _actions():
        yield _word(code.replace(".", " ")), "assessments/ledger"
    for thing in things_to_send():
        yield thing["title"], "assessments/review/consultation.py"
    for known in writable():
        yield known.title, "assessments/exchange/formats.py"
    for kpi in catalogue():
        yield from (
            (text, "dashboard/kpis/catalogue") for text in (kpi.title, kpi.question, kpi.owner)
        )
    for code in _codes():
        yield _word(code), "dashboard/exports/contracts"
    for word in (*WORDS, *PERIODS):
        yield word, "dashboard/locale/collect.py"


def _actions() -> Iterator[str]:
    """What ledger entries say was done: every code in the past tense, and those put together."""
    yield from (f"assessment.{action.value}" for action in Action)
    yield from (
        f"answer.{verb}" for verb in ("saved", "confirmed", "cleared", "undone", "refreshed")
    )
    for file in (*_files("assessments"), *sorted((ROOT / "dashboard").rglob("*.py"))):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and _ACTION.fullmatch(text):
                yield text


def _codes() -> Iterator[str]:
    """Kinds of exports, and the values that their columns allow; pages say them as words."""
    for file in sorted((ROOT / "dashboard/exports/contracts").glob("*.yaml")):
        contract = yaml.safe_load(file.read_text(encoding="utf-8"))
        yield contract["kind"]
        for column in contract["columns"].values():
            yield from map(str, column.get("allowed", ()))
            if "pack" in column:
                yield from (str(entry["id"]) for entry in load_pack(column["pack"]).entries())


def _word(code: str) -> str:
    """As ``dashboard.text.words`` reads a code."""
    return code.replace("_", " ").capitalize()


def _texts(value: object) -> Iterator[str]:
    """The words among the values of a constant: ids and page names are no words."""
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, tuple):
        yield from (item for item in value if isinstance(item, str) and not item.islower())
    elif isinstance(value, str) and value:
        yield value
    elif hasattr(value, "text"):
        yield str(value.text)


def _place(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


__all__ = ["COMPUTED", "ERROR", "INDIRECT", "ROOT", "Key", "Message", "collect", "undeclared"]
