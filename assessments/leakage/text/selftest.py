"""Whether this run would have found what it looked for, among the very texts that it searched.

A specimen of every kind is put behind texts of the table, then a twin with a wrong check digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from assessments.leakage.measurement import Check
from assessments.leakage.relation import Column, Relation
from assessments.leakage.text import scan
from assessments.leakage.text.detectors import Detector
from assessments.leakage.text.specimens import SPECIMENS

Hits: TypeAlias = "dict[str, set[tuple[str, int, int]]]"

TEXTS = 3


def checks(
    relation: Relation, columns: Sequence[Column], detectors: Sequence[Detector]
) -> tuple[Check, Check]:
    """The power check (specimens) and the null check (their twins), behind the same texts."""
    known = [each for each in detectors if each.name in SPECIMENS]
    hits = _hits(relation, columns[0], known)
    missed = [each.name for each in known if not _found_everywhere(hits, each.name)]
    false = [each.name for each in known if _own(hits, each.name, 2)]
    power = _said(known, missed, "planted specimens were found", "planted and not found")
    null = _said(
        known, false, "twins with a wrong check digit or form stayed silent", "false alarm"
    )
    return (
        Check("failed" if missed else "passed", power, 1 - len(missed) / len(known)),
        Check("failed" if false else "passed", null, float(len(false))),
    )


def _found_everywhere(hits: Hits, kind: str) -> bool:
    places = {
        place for added, variant, place in hits.get(kind, set()) if (added, variant) == (kind, 1)
    }
    return len(places) == TEXTS


def _own(hits: Hits, kind: str, variant: int) -> set[int]:
    """Places where the kind shows with the addition and not in the bare text."""
    seen = hits.get(kind, set())
    base = {place for _, which, place in seen if which == 0}
    return {place for added, which, place in seen if which == variant and added == kind} - base


def _hits(relation: Relation, column: Column, known: Sequence[Detector]) -> Hits:
    """Per kind, (kind added, variant, place) of each text in which it was found; one pass."""
    added = [(each.name, v + 1, SPECIMENS[each.name][v]) for each in known for v in (0, 1)]
    names, variants, texts = zip(*[("", 0, ""), *added], strict=True)
    relation.connection.execute(
        f"""create or replace temp table planted as
        with texts as (
            select left(t, 2000) as t, row_number() over () as place
            from (select {column.sql}::varchar as t from {relation.view}
                where {column.sql} is not null limit {TEXTS})),
        places as (select range as place from range(1, {TEXTS + 1})),
        specimens as (select unnest(?) as added, unnest(?) as variant, unnest(?) as specimen)
        select concat_ws(' . ', t, specimen) as p0, added, variant, place
        from places left join texts using (place), specimens
        order by added, variant, place""",
        [list(names), list(variants), list(texts)],
    )
    shown = Column("p0", "p0", "VARCHAR")
    view = Relation(relation.connection, "planted", relation.path, relation.sha256, (shown,))
    scan.collect(view, (shown,), known, "planted_hits")
    rows = relation.connection.execute(
        """select distinct h.d, p.added, p.variant, p.place from planted_hits h
        join (select row_number() over () as r, * from planted) p using (r) where h.passes"""
    ).fetchall()
    found: Hits = {}
    for d, kind, variant, place in rows:
        found.setdefault(known[d].name, set()).add((str(kind), int(variant), int(place)))
    return found


def _said(known: Sequence[Detector], bad: Sequence[str], good: str, what: str) -> str:
    return f"{', '.join(bad)}: {what}" if bad else f"{len(known)} kinds: {good}"
