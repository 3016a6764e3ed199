"""What a template may not get wrong: ids, references, conditions that go in circles, missing sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assessments.errors import BadInput
from assessments.questionnaire import group_soundness, groups
from assessments.questionnaire.document import Cursor
from assessments.questionnaire.expressions import Aggregate, Expression, This, names_in, parts_of
from assessments.questionnaire.packs import list_packs, load_pack
from assessments.questionnaire.prefill import PACK
from assessments.questionnaire.scales import MATRICES
from assessments.questionnaire.template import ROLES, GrantRules, Question, Template, Type
from assessments.signing.roles import SIGNERS, are_sound

_ID = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
_FIELD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def check(template: Template, root: Cursor) -> None:
    """Raise BadInput at the line of the first mistake."""
    _check_ids(template, root)
    for section_at, section in zip(root.children("sections"), template.sections, strict=True):
        for name in section.after:
            if name not in {other.id for other in template.sections} - {section.id}:
                raise section_at.problem(f"There is no section {name}", key="after")
        _check_names(template, section_at, "show_if", section.show_if)
        for place, question in zip(
            section_at.children("questions"), section.questions, strict=True
        ):
            _check_question(template, place, question)
    _check_cycles(template, root)
    _check_lints(template, root)
    _check_outcome(template, root)
    _check_record(template, root)
    _check_grants(template, root)
    _check_renamed(template, root)
    group_soundness.check(template, root)
    for role in template.roles:
        if role not in ROLES:
            raise root.problem(
                f"There is no role {role}", f"Roles: {', '.join(ROLES)}.", key="roles"
            )
    _check_signers(template, root)
    for pack in template.packs:
        if pack not in list_packs():
            raise root.problem(f"There is no pack {pack}", key="packs")


def _check_signers(template: Template, root: Cursor) -> None:
    """A role that signs takes part, and no report is the word of one person."""
    key = "signers"
    if template.signers and not are_sound(template.signers):
        raise root.problem(
            f"These roles cannot sign: {', '.join(template.signers) or 'nobody'}",
            f"Author and approver sign, in this order: {', '.join(SIGNERS)}.",
            key=key,
        )
    if absent := set(template.signers) - set(template.roles):
        raise root.problem(f"The role {min(absent)} signs but takes no part", key=key)


def _check_ids(template: Template, root: Cursor) -> None:
    seen: set[str] = set()
    for section in root.children("sections"):
        for place in (section, *section.children("questions")):
            _claim(place, seen)
        for question in section.children("questions"):
            columns: set[str] = {"id"}
            for column in question.children("columns"):
                _claim(column, columns)
    for key in ("lints",):
        rules: set[str] = set()
        for rule in root.children(key):
            _claim(rule, rules, pattern=re.compile(r"[a-z][a-z0-9-]{0,59}\Z"))


def _claim(place: Cursor, seen: set[str], pattern: re.Pattern[str] = _ID) -> None:
    name = place.text("id")
    if not pattern.match(name):
        raise place.problem(f"'{name}' is not an id", "Small letters, digits and _.", key="id")
    if name in seen:
        raise place.problem(f"The id {name} is used twice", key="id")
    seen.add(name)


def _check_question(template: Template, place: Cursor, question: Question) -> None:
    _check_names(template, place, "show_if", question.show_if)
    if question.columns:
        question.column(question.label)
    for at, column in zip(place.children("columns"), question.columns, strict=True):
        for table in column.shape.references:
            _check_table(template, at, "references", table)
    if question.prefill:
        if question.prefill.source.startswith(PACK):
            _check_pack(place.child("prefill"), question.prefill.source.removeprefix(PACK))
        for name in question.prefill.columns:
            if name not in {column.id for column in question.columns}:
                raise place.child("prefill").problem(f"There is no column {name}", key="columns")


def _check_pack(place: Cursor, named: str) -> None:
    pack_id, _, entries = named.partition(".")
    try:
        load_pack(pack_id).entries(entries)
    except BadInput as error:
        raise place.problem(error.title, error.detail, key="source") from error


def _check_table(template: Template, place: Cursor, key: str, table: str) -> None:
    if table not in template.by_id or not template.by_id[table].columns:
        raise place.problem(f"There is no table {table}", key=key)


def _check_names(
    template: Template,
    place: Cursor,
    key: str,
    tree: Expression | None,
    *,
    columns: Iterable[str] = (),
    this: str = "",
) -> None:
    for name, table in unknown_names(template, tree, frozenset(columns), this):
        where = f" in {table}" if table else ""
        raise place.problem(f"There is no {name}{where}", "Use the id of a question.", key=key)


def unknown_names(
    template: Template, tree: Expression | None, columns: frozenset[str], this: str
) -> Iterator[tuple[str, str]]:
    """Every name that neither the template nor the row has, with the table where it was looked for."""
    if tree is None:
        return
    if isinstance(tree, This):
        allowed = {"id", *_columns(template, this)}
        if tree.column not in allowed:
            yield tree.column, this or "this"
    elif isinstance(tree, Aggregate):
        known = _columns(template, tree.table)
        if tree.table not in template.by_id:
            yield tree.table, ""
        elif tree.column and tree.column not in known:
            yield tree.column, tree.table
        yield from unknown_names(template, tree.where, columns | known | {"id"}, this)
    elif hasattr(tree, "id"):
        if tree.id not in template.by_id and tree.id not in columns:
            yield tree.id, ""
    else:
        for part in parts_of(tree):
            yield from unknown_names(template, part, columns, this)


def _columns(template: Template, table: str) -> frozenset[str]:
    return groups.columns_of(template, table)


def _check_cycles(template: Template, root: Cursor) -> None:
    """A question may not decide, over any number of steps, whether it is shown itself."""
    done: set[str] = set()
    for start in template.by_id:
        _walk(template, root, start, [], done)


def _walk(
    template: Template, root: Cursor, question_id: str, trail: list[str], done: set[str]
) -> None:
    if question_id in trail:
        ring = " -> ".join([*trail[trail.index(question_id) :], question_id])
        raise _place_of(root, question_id).problem(
            "The conditions go in a circle", ring, key="show_if"
        )
    if question_id in done:
        return
    question = template.by_id[question_id]
    section = template.section(question.section_id)
    for tree in (question.show_if, section.show_if, question.shape.only_options):
        for name in () if tree is None else names_in(tree):
            if name in template.by_id:
                _walk(template, root, name, [*trail, question_id], done)
    done.add(question_id)


def _place_of(root: Cursor, question_id: str) -> Cursor:
    return next(
        place
        for section in root.children("sections")
        for place in (section, *section.children("questions"))
        if place.text("id") == question_id
    )


def _check_lints(template: Template, root: Cursor) -> None:
    for place, lint in zip(root.children("lints"), template.lints, strict=True):
        if lint.each:
            _check_table(template, place, "each", lint.each)
        if lint.question not in template.by_id:
            raise place.problem(f"There is no question {lint.question}", key="question")
        if lint.column and lint.column not in _columns(template, lint.question):
            raise place.problem(f"There is no column {lint.column}", key="column")
        columns = _columns(template, lint.each)
        _check_names(template, place, "where", lint.where, columns=columns | {"id"}, this=lint.each)
        _check_names(
            template, place, "require", lint.require, columns=columns | {"id"}, this=lint.each
        )
        for name in _FIELD.findall(lint.text):
            if name not in columns | {"label"}:
                raise place.problem(
                    f"The text names {name}, which {lint.each or 'it'} has not", key="text"
                )


def _check_renamed(template: Template, root: Cursor) -> None:
    """A new name is there, and an old one is not: an answer must not have two places to go."""
    for old, new in template.renamed.items():
        place = root.child("renamed")
        if not _is_asked(template, new):
            raise place.problem(f"There is no {new}", "Use QUESTION or TABLE.COLUMN.", key=old)
        if _is_asked(template, old):
            raise place.problem(f"{old} is still asked", "Only what is gone is renamed.", key=old)


def _is_asked(template: Template, name: str) -> bool:
    question_id, _, column = name.partition(".")
    known = template.by_id.get(question_id) or next(
        (q for s in template.sections for q in s.repeated if q.id == question_id), None
    )
    return known is not None and (not column or column in {c.id for c in known.columns})


def _check_outcome(template: Template, root: Cursor) -> None:
    if template.outcome is None:
        return
    place = root.child("outcome")
    for key in ("levels", "triggers", "further"):
        rules = getattr(template.outcome, key)
        for at, rule in zip(place.children(key), rules, strict=True):
            _check_names(template, at, "when", rule.when)
    for at, level in zip(place.children("levels"), template.outcome.levels, strict=True):
        for name in _FIELD.findall(level.text):
            if name not in template.outcome.scores:
                raise at.problem(f"There is no score {name}", key="text")
    for name, tree in template.outcome.scores.items():
        _check_names(template, place.child("scores"), name, tree)


def _check_record(template: Template, root: Cursor) -> None:
    rules = template.record
    named = [*rules.threats.values(), rules.inherent, rules.residual, rules.measures, rules.leakage]
    for table in filter(None, named):
        _check_table(template, root, "record", table)
    for key in ("levels", "meanings", "threshold"):
        question_id = getattr(rules, key)
        if question_id and question_id not in template.by_id:
            raise root.child("record").problem(f"There is no question {question_id}", key=key)
    if rules.scale and load_pack(MATRICES).entry(rules.scale) is None:
        raise root.child("record").problem(f"There is no matrix for {rules.scale}", key="scale")


_GRANTING: dict[str, tuple[Type, str]] = {
    "person": (Type.PERSON, ""),
    "dataset": (Type.REFERENCE, "dataset"),
    "purpose": (Type.REFERENCE, "purpose"),
    "valid_from": (Type.DATE, ""),
    "valid_to": (Type.DATE, ""),
    "level": (Type.CHOICE, ""),
    "extends": (Type.TEXT, ""),
}
_LEFT_OPEN = frozenset({"extends"})


def _check_grants(template: Template, root: Cursor) -> None:
    """What an approval grants has to be answered with certainty before anybody can approve."""
    rules: GrantRules | None = template.grants
    for name, shape in _GRANTING.items() if rules else ():
        question_id = getattr(rules, name)
        if not question_id:
            continue
        place, found = root.child("grants"), template.by_id.get(question_id)
        if found is None:
            raise place.problem(f"There is no question {question_id}", key=name)
        if (found.type, found.shape.inventory) != shape or found.shape.multiple:
            kind = f"a single {shape[1] or shape[0].value.replace('_', ' ')}"
            raise place.problem(f"{question_id} does not ask for {kind}", key=name)
        always = found.required and not found.allow_unknown and found.show_if is None
        if name not in _LEFT_OPEN and not always:
            raise place.problem(
                f"{question_id} can stay open",
                "It must be asked always, be required, and take no 'I do not know yet'.",
                key=name,
            )
