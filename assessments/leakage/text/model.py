"""Recognisers beside the patterns: Presidio, or any model that the user supplies.

They read a sample, slowly; what they find is shown with its interval and never decides alone,
because their precision on this text is unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from assessments.errors import BadInput
from assessments.leakage.measurement import Table
from assessments.leakage.rates import clopper_pearson
from assessments.leakage.relation import Column, Relation

SAMPLE = 2_000
SEED = 7


class Recogniser(Protocol):
    """Names the kinds of personal data in each text, e.g. ``["PERSON", "LOCATION"]``."""

    name: str

    def kinds(self, texts: Sequence[str]) -> Iterable[Iterable[str]]:
        """For every text, the kinds that it holds."""


class Presidio:
    """presidio-analyzer around a spaCy model on this disk; nothing is downloaded.

    Without a model only Presidio's patterns run, which add no names.
    """

    def __init__(self, model: str | None = None, language: str = "en", score: float = 0.5) -> None:
        self.name = f"presidio-analyzer ({model or 'no model'})"
        self._language, self._score = language, score
        self._engine = _engine(model, language)

    def kinds(self, texts: Sequence[str]) -> Iterable[Iterable[str]]:
        """One analysis a text."""
        for text in texts:
            found = self._engine.analyze(text, language=self._language, score_threshold=self._score)
            yield [each.entity_type for each in found]


def recognise(
    relation: Relation, columns: Sequence[Column], model: Recogniser, confidence: float
) -> Table:
    """Share of sampled values in which the model sees each kind, per column."""
    rows: list[dict[str, Any]] = []
    for column in columns:
        texts = [
            str(row[0])
            for row in relation.connection.execute(
                f"select t from (select {column.sql}::varchar as t from {relation.view} where {column.sql} is not null) "
                f"using sample reservoir({SAMPLE} rows) repeatable ({SEED})"
            ).fetchall()
        ]
        counts = Counter(kind for kinds in model.kinds(texts) for kind in set(kinds))
        for kind, n in sorted(counts.items()):
            share = clopper_pearson(n, len(texts), confidence)
            rows.append({"column": column.name, "kind": kind, "sampled": len(texts), "rows": n,
                         "share": share.value, "share_low": share.low, "share_high": share.high})  # fmt: skip
    return tuple(rows)


def _engine(model: str | None, language: str) -> Any:
    try:
        import spacy  # type: ignore[import-not-found,unused-ignore]
        import tldextract  # type: ignore[import-not-found,unused-ignore]
        from presidio_analyzer import AnalyzerEngine  # type: ignore[import-not-found,unused-ignore]
        from presidio_analyzer.nlp_engine import (  # type: ignore[import-not-found,unused-ignore]
            SpacyNlpEngine,
        )
    except ImportError as error:
        raise BadInput(
            "presidio-analyzer is not installed here.",
            "Install it beside the workbench, or measure with patterns only.",
            field="model",
        ) from error
    # Its e-mail recogniser would fetch a list of domain suffixes; the one it ships is enough.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    try:
        loaded = spacy.load(model) if model else spacy.blank(language)
    except OSError as error:
        raise BadInput(
            "No spaCy model is at this place.", "Name its folder.", field="model"
        ) from error
    engine = SpacyNlpEngine(models=[{"lang_code": language, "model_name": "local"}])
    engine.nlp = {language: loaded}
    return AnalyzerEngine(nlp_engine=engine, supported_languages=[language])
