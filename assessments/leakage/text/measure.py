"""Personal data in the columns of a table, or in the lines of a text.

Severity follows reference section 7.2: 1 once a direct identifier with a check digit is proven, the
lower bound of its measured precision for one without, else nothing shown. Online and indirect
identifiers are counted beside it. A free text in which nobody looked for names is no clean bill.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scipy import stats

from assessments.errors import BadInput
from assessments.files import file_digest
from assessments.leakage.measurement import Check, Estimate, Measurement, Table, stamped
from assessments.leakage.rates import clopper_pearson
from assessments.leakage.relation import Column, Data, Relation
from assessments.leakage.text import names, scan, selftest
from assessments.leakage.text.detectors import BARE, DETECTORS, Detector
from assessments.leakage.text.model import Recogniser, recognise
from assessments.leakage.text.reading import open_text

VERSION = "1"
ALPHA = 0.05
PROSE_WORDS = 4.0
ASSUMPTIONS = (
    "The attacker reads the text; nothing has to be joined or guessed.",
    "Only the kinds listed were looked for, as they are usually written, in the scripts of their pattern.",
    "It does not show names, addresses, health or opinions in prose, nor whom a pseudonym stands for.",
)


@dataclass(frozen=True, slots=True)
class Options:
    """Columns to search (all, if none), a list of given names, a salt to compare digests by, a model."""

    columns: tuple[str, ...] = ()
    names: str | Path | None = None
    salt: str = ""
    model: Recogniser | None = None
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with whether it is proven, and how severe that is."""

    finding: scan.Finding
    severity: float
    proven: bool


def evaluate(data: Data | Sequence[str], options: Options | None = None) -> Measurement:
    """Search every column once; counts, intervals, masked shapes and salted digests, never a hit."""
    options = options or Options()
    started = time.perf_counter()
    with open_text(data) as relation:
        columns = relation.pick(options.columns) if options.columns else relation.columns
        shape = _profile(relation, columns)
        found = _search(relation, columns, options, shape)
        power, null = selftest.checks(relation, columns, DETECTORS)
        measurement = _measurement(relation, columns, shape, found, options)
    if not power.verdict == null.verdict == "passed":
        measurement = replace(measurement, status="inconclusive")
    return stamped(replace(measurement, power_check=power, null_check=null), started)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Rows, values and words per value of each column."""

    rows: int
    filled: tuple[int, ...]
    words: tuple[float, ...]

    @property
    def is_prose(self) -> bool:
        """Whether some column is written by people."""
        return any(words >= PROSE_WORDS for words in self.words)


@dataclass(frozen=True, slots=True)
class _Found:
    judged: list[Judged]
    by_name: list[tuple[str, str]]
    direct_rows: int
    model: Table


def _profile(relation: Relation, columns: Sequence[Column]) -> _Shape:
    parts = ", ".join(
        f"count({c.sql}), avg(len(string_split(trim({c.sql}::varchar), ' ')))" for c in columns
    )
    try:
        row = relation.connection.execute(f"select count(*), {parts} from {relation.view}").fetchone()  # fmt: skip
    except Exception as error:
        raise BadInput("This file cannot be read as a table.", type(error).__name__, where={"file": relation.path}) from error  # fmt: skip
    values = tuple(row or ())
    filled, words = values[1::2], tuple(float(each or 0) for each in values[2::2])
    if not values or not any(filled):
        raise BadInput("There is no text to search: every value is empty.", where={"file": relation.path})  # fmt: skip
    return _Shape(int(values[0]), tuple(int(each) for each in filled), words)


def _search(
    relation: Relation, columns: Sequence[Column], options: Options, shape: _Shape
) -> _Found:
    salt = options.salt or secrets.token_hex(16)
    listed = names.detector(relation, options.names) if options.names else ()
    detectors = (*DETECTORS, *listed)
    scan.collect(relation, columns, detectors)
    running = scan.findings(relation, columns, detectors, salt)
    scan.collect(relation, columns, BARE, "bare_hits")
    bare = scan.findings(relation, columns, BARE, salt, "bare_hits")
    tests = len(running) + len(bare)
    judged = [judge(each, tests, options.confidence) for each in running]
    whole = [
        each for each in (judge(one, tests, options.confidence) for one in bare) if each.proven
    ]
    direct = max(
        _direct_rows(relation, columns, detectors, judged, "hits"),
        _direct_rows(relation, columns, BARE, whole, "bare_hits"),
    )
    model = recognise(relation, columns, options.model, options.confidence) if options.model else ()
    return _Found([*judged, *whole], names.suggestive(columns), direct, model)  # fmt: skip


def judge(finding: scan.Finding, tests: int = 1, confidence: float = 0.95) -> Judged:
    """Proven: more candidates pass than chance explains (exact binomial, Bonferroni over all tests)."""
    detector = finding.detector
    if detector.reach != "direct" or finding.hits == 0:
        return Judged(finding, 0.0, False)
    if detector.chance is not None:
        luck = float(stats.binom.sf(finding.hits - 1, finding.candidates, detector.chance))
        proven = luck <= ALPHA / max(1, tests)
        return Judged(finding, 1.0 if proven else 0.0, proven)
    if detector.precision is None:
        return Judged(finding, 0.0, False)
    low = clopper_pearson(*detector.precision, confidence).low or 0.0
    return Judged(finding, low, True)


def _direct_rows(
    relation: Relation,
    columns: Sequence[Column],
    detectors: Sequence[Detector],
    judged: Sequence[Judged],
    table: str,
) -> int:
    position = {column.name: i + 1 for i, column in enumerate(columns)}
    index = {detector.name: i for i, detector in enumerate(detectors)}
    pairs = [(position[j.finding.column], index[j.finding.detector.name]) for j in judged if j.proven]  # fmt: skip
    return scan.rows_with(relation, pairs, table)


def _measurement(
    relation: Relation,
    columns: Sequence[Column],
    shape: _Shape,
    found: _Found,
    options: Options,
) -> Measurement:
    severity = max((each.severity for each in found.judged), default=0.0)
    unproven = [j for j in found.judged if j.finding.hits and j.finding.detector.reach == "direct" and not j.proven]  # fmt: skip
    suspected = bool(unproven or found.by_name or found.model)
    blind = shape.is_prose and severity == 0 and not (options.names or options.model)
    share = clopper_pearson(found.direct_rows, shape.rows, options.confidence)
    return Measurement(
        channel="text",
        method="patterns and check digits in SQL" + (", a recogniser beside them" if options.model else ""),
        method_version=VERSION,
        value=share.value, ci_low=share.low, ci_high=share.high, confidence=options.confidence,
        n=shape.rows, baseline=None, baseline_kind="chance that a random text of that form passes the check digit",
        severity=severity, severity_high=1.0 if suspected or blind or severity else 0.0,
        extent=share.value, status="inconclusive" if blind else "measured",
        power_check=_NOT_YET, null_check=_NOT_YET,
        results={"rows_with_direct_identifiers": share} | _results(found, shape, options.confidence),
        assumptions=ASSUMPTIONS, inputs=(relation.source(shape.rows),),
        params={
            "columns": [column.name for column in columns], "names_list": _digest(options.names),
            "model": options.model.name if options.model else None, "salted_by_caller": bool(options.salt),
        },
        caveats=tuple(_caveats(found, unproven, blind)),
        tables={"columns": _columns(found, columns, shape, options.confidence), "recogniser": found.model},
    )  # fmt: skip


_NOT_YET = Check("not_run", "")


def _results(found: _Found, shape: _Shape, confidence: float) -> dict[str, Estimate]:
    """The share of values with each kind, in the column that holds most of it."""
    best: dict[str, scan.Finding] = {}
    for each in found.judged:
        name = each.finding.detector.name
        if each.finding.hits and each.finding.rows > (best[name].rows if name in best else 0):
            best[name] = each.finding
    columns = {row.finding.column for row in found.judged if row.proven}
    kinds = {
        name: clopper_pearson(each.rows, shape.rows, confidence) for name, each in best.items()
    }
    return kinds | {"columns_with_direct_identifiers": Estimate.exact(float(len(columns)))}


def _columns(found: _Found, columns: Sequence[Column], shape: _Shape, confidence: float) -> Table:
    filled = {column.name: n for column, n in zip(columns, shape.filled, strict=True)}
    evidence = []
    for each in found.judged:
        one = each.finding
        share = clopper_pearson(one.rows, max(1, filled[one.column]), confidence)
        evidence.append({
            "column": one.column, "kind": one.detector.name, "reach": one.detector.reach,
            "candidates": one.candidates, "hits": one.hits, "rows": one.rows, "distinct": one.distinct,
            "share": share.value, "share_low": share.low, "share_high": share.high, "proven": each.proven,
            "masked": list(one.shapes), "salted_sha256": list(one.digests),
        })  # fmt: skip
    return (*evidence, *({"column": c, "kind": kind, "reach": "by name", "proven": False} for c, kind in found.by_name))  # fmt: skip


def _caveats(found: _Found, unproven: Sequence[Judged], blind: bool) -> list[str]:
    notes = [
        f"{j.finding.column}: {j.finding.hits} of {j.finding.candidates} candidates look like {j.finding.detector.name}; "
        + ("no more than chance explains." if j.finding.detector.has_checksum else "how often that is right was not measured.")
        for j in unproven
    ]  # fmt: skip
    notes += [f"The name of column {column} suggests {kind}." for column, kind in found.by_name]
    beside = sorted({j.finding.detector.name for j in found.judged if j.finding.hits and j.finding.detector.reach != "direct"})  # fmt: skip
    if beside:
        notes.append(f"Also found, and personal data where it relates to a person: {', '.join(beside)}.")  # fmt: skip
    if blind:
        notes.append("People wrote this text and nobody looked for names: give a list of names or a recogniser.")  # fmt: skip
    return notes


def _digest(file: str | Path | None) -> str | None:
    return file_digest(Path(file)) if file else None
