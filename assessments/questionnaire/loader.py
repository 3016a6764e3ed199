"""From a YAML file to a Template, refusing what is not known (``soundness`` checks what it says)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Any

from assessments.errors import BadInput
from assessments.questionnaire import soundness
from assessments.questionnaire.document import Cursor, read_document
from assessments.questionnaire.expressions import Expression, names_in, parse
from assessments.questionnaire.loader_parts import read_prefill, read_register, read_shape
from assessments.questionnaire.template import (
    TONES,
    Column,
    GrantRules,
    Guidance,
    Level,
    Lint,
    OutcomeRules,
    Prefill,
    Question,
    RecordRules,
    Section,
    Severity,
    Template,
    Trigger,
    Type,
)
from assessments.signing.roles import default_signers

_SHAPE_KEYS = "options references inventory multiple unit minimum maximum whole scale only_options"


def read_template(data: bytes, file: str) -> Template:
    """The template in these bytes; BadInput names the file, line and field of the first mistake."""
    root = Cursor.at_root(read_document(data, file))
    root.check_keys(
        "id version title kind source roles sections",
        "description signers packs lints outcome record grants renamed",
    )
    sections = tuple(_section(item) for item in root.children("sections"))
    questions = list(_questions_of(sections))
    template = Template(
        id=root.text("id"),
        version=root.text("version"),
        title=root.text("title"),
        kind=root.text("kind"),
        source=root.text("source"),
        description=root.text("description"),
        roles=root.words("roles"),
        signers=root.words("signers") or default_signers(root.words("roles")),
        sections=sections,
        packs=root.words("packs"),
        lints=tuple(_lint(item) for item in root.children("lints")),
        outcome=_outcome(root.child("outcome")) if root.has("outcome") else None,
        record=_record(root.child("record")) if root.has("record") else RecordRules(),
        grants=_grants(root.child("grants")) if root.has("grants") else None,
        sha256=hashlib.sha256(data).hexdigest(),
        by_id=MappingProxyType({question.id: question for question in questions}),
        switches=_switches(sections, questions),
        renamed=MappingProxyType({old: str(at.content) for old, at in root.entries("renamed")}),
    )
    soundness.check(template, root)
    return template


def _questions_of(sections: Iterable[Section]) -> Iterator[Question]:
    """All in order; what lists the instances of a repeated section stands before its questions."""
    for section in sections:
        if section.register is not None:
            yield section.register
        yield from section.questions


def _switches(sections: Iterable[Section], questions: Iterable[Question]) -> frozenset[str]:
    conditions = [section.show_if for section in sections]
    conditions += [tree for q in questions for tree in (q.show_if, q.shape.only_options)]
    return frozenset(name for tree in conditions if tree is not None for name in names_in(tree))


def expression_at(cursor: Cursor, key: str) -> Expression | None:
    """The parsed expression under a key, None when absent."""
    if not cursor.has(key):
        return None
    try:
        return parse(cursor.text(key))
    except BadInput as error:
        raise cursor.problem(error.title, error.detail, key=key) from error


def required_expression(cursor: Cursor, key: str) -> Expression:
    """The parsed expression under a key that must be there."""
    found = expression_at(cursor, key)
    if found is None:
        raise cursor.problem(f"'{key}' is missing")
    return found


def _section(cursor: Cursor) -> Section:
    cursor.check_keys("id title source questions", "intro show_if after repeat")
    section_id = cursor.text("id")
    questions = tuple(_question(item, section_id) for item in cursor.children("questions"))
    register = read_register(cursor, questions) if cursor.has("repeat") else None
    named = register.label if register else ""
    return Section(
        id=section_id,
        title=cursor.text("title"),
        source=cursor.text("source"),
        intro=cursor.text("intro"),
        show_if=expression_at(cursor, "show_if"),
        after=cursor.words("after"),
        questions=questions,
        register=register,
        repeated=tuple(q for q in questions if q.id != named) if register else (),
    )


def _question(cursor: Cursor, section_id: str) -> Question:
    cursor.check_keys(
        "id type title source",
        f"hint guidance required allow_unknown show_if prefill carry columns label {_SHAPE_KEYS}",
    )
    shape = read_shape(cursor)
    if (shape.type is Type.TABLE) != cursor.has("columns"):
        raise cursor.problem("A table has columns, and nothing else has", key="columns")
    columns = tuple(_column(item) for item in cursor.children("columns"))
    return Question(
        id=cursor.text("id"),
        title=cursor.text("title"),
        shape=shape,
        section_id=section_id,
        source=cursor.text("source"),
        hint=cursor.text("hint"),
        guidance=_guidance(cursor.child("guidance")) if cursor.has("guidance") else Guidance(),
        required=cursor.flag("required", True),
        allow_unknown=cursor.flag("allow_unknown", True),
        show_if=expression_at(cursor, "show_if"),
        prefill=read_prefill(cursor.child("prefill")) if cursor.has("prefill") else None,
        carry=_carry(cursor),
        columns=columns,
        label=cursor.text("label", columns[0].id if columns else ""),
    )


def _carry(cursor: Cursor) -> Prefill | None:
    """One value from an earlier assessment; the inventory and an earlier word cannot both fill it."""
    if not cursor.has("carry"):
        return None
    found = read_prefill(cursor.child("carry"))
    if cursor.has("prefill") or found.value is None:
        raise cursor.problem("'carry' makes one value, and stands alone", key="carry")
    return found


def _guidance(cursor: Cursor) -> Guidance:
    cursor.check_keys("why", "example")
    return Guidance(cursor.text("why"), cursor.text("example"))


def _column(cursor: Cursor) -> Column:
    cursor.check_keys("id title type", f"hint required {_SHAPE_KEYS}")
    shape = read_shape(cursor)
    if shape.type is Type.TABLE:
        raise cursor.problem("A table cannot hold a table", key="type")
    return Column(
        id=cursor.text("id"),
        title=cursor.text("title"),
        shape=shape,
        hint=cursor.text("hint"),
        required=cursor.flag("required", False),
    )


def _lint(cursor: Cursor) -> Lint:
    cursor.check_keys("id severity text source require question", "column each where")
    try:
        severity = Severity(cursor.text("severity"))
    except ValueError as error:
        raise cursor.problem(
            "'severity' is blocking, approval or warning", key="severity"
        ) from error
    return Lint(
        id=cursor.text("id"),
        severity=severity,
        text=cursor.text("text"),
        source=cursor.text("source"),
        require=required_expression(cursor, "require"),
        question=cursor.text("question"),
        column=cursor.text("column"),
        each=cursor.text("each"),
        where=expression_at(cursor, "where"),
    )


def _outcome(cursor: Cursor) -> OutcomeRules:
    cursor.check_keys("levels triggers", "further scores")
    scores: dict[str, Any] = {}
    for name, _ in cursor.entries("scores"):
        scores[name] = required_expression(cursor.child("scores"), name)
    return OutcomeRules(
        levels=tuple(_level(item) for item in cursor.children("levels")),
        triggers=tuple(_trigger(item) for item in cursor.children("triggers")),
        further=tuple(_trigger(item) for item in cursor.children("further")),
        scores=MappingProxyType(scores),
    )


def _level(cursor: Cursor) -> Level:
    cursor.check_keys("id title when text", "tone")
    when, tone = required_expression(cursor, "when"), cursor.text("tone", "info")
    if tone not in TONES:
        raise cursor.problem("There is no such tone", f"Tones: {', '.join(TONES)}.", key="tone")
    return Level(cursor.text("id"), cursor.text("title"), when, cursor.text("text"), tone)


def _trigger(cursor: Cursor) -> Trigger:
    cursor.check_keys("code when text source", "template")
    return Trigger(
        code=cursor.text("code"),
        when=required_expression(cursor, "when"),
        text=cursor.text("text"),
        source=cursor.text("source"),
        template=cursor.text("template"),
    )


def _record(cursor: Cursor) -> RecordRules:
    cursor.check_keys(
        "", "scale levels meanings threshold threats inherent residual measures leakage"
    )
    threats = {name: str(item.content) for name, item in cursor.entries("threats")}
    return RecordRules(
        scale=cursor.text("scale"),
        levels=cursor.text("levels"),
        meanings=cursor.text("meanings"),
        threshold=cursor.text("threshold"),
        threats=MappingProxyType(threats),
        inherent=cursor.text("inherent"),
        residual=cursor.text("residual"),
        measures=cursor.text("measures"),
        leakage=cursor.text("leakage"),
    )


def _grants(cursor: Cursor) -> GrantRules:
    cursor.check_keys("person dataset purpose valid_from valid_to", "level extends")
    return GrantRules(**{name: cursor.text(name) for name in cursor.content})
