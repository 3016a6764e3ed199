"""The longest run of words that each text shares with a corpus, exactly, by a suffix array.

Prefix doubling (Manber & Myers 1993) over word numbers; every text ends in a number of its own, so
no match crosses from one text into another. Equal ranks at each power of two give common lengths.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
LEVELS = 11
MOST_DOCUMENTS = 1_000
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Words in the longest shared run, where it starts, and how many corpus texts hold it."""

    length: int
    start: int
    documents: int


def words(text: str) -> list[str]:
    """Words and punctuation, in lower case."""
    return _WORD.findall(text.casefold())


def overlaps(texts: Sequence[str], corpus: Sequence[str], fewest: int = 1) -> list[Overlap]:
    """For every text, its longest run in the corpus; documents are counted from ``fewest`` words on."""
    symbols, owner = _numbered([*corpus, *texts])
    ranks = _ranks(symbols)
    order = np.lexsort((ranks[-1],))
    lengths, partner = _nearest(ranks, order, owner < len(corpus))
    found = []
    for number in range(len(corpus), len(corpus) + len(texts)):
        places = np.flatnonzero(owner == number)
        best = places[int(np.argmax(lengths[places]))] if len(places) else -1
        length = int(lengths[best]) if best >= 0 else 0
        held = _documents(ranks, owner, len(corpus), int(partner[best]), length) if length >= fewest else 0  # fmt: skip
        found.append(Overlap(length, int(best - places[0]) if length else 0, held))
    return found


def _numbered(texts: Sequence[str]) -> tuple[Whole, Whole]:
    known: dict[str, int] = {}
    symbols: list[int] = []
    owner: list[int] = []
    for number, text in enumerate(texts):
        found = [known.setdefault(word, len(known)) for word in words(text)]
        symbols += [*found, -number - 1]
        owner += [number] * (len(found) + 1)
    return np.array(symbols, np.int64), np.array(owner, np.int64)


def _ranks(symbols: Whole) -> list[Whole]:
    """Ranks of the first 1, 2, 4, ... words from each place; a last array orders everything."""
    ranks = [np.unique(symbols, return_inverse=True)[1].astype(np.int64)]
    for level in range(LEVELS):
        step, now = 1 << level, ranks[-1]
        after = np.full(len(now), -1, np.int64)
        after[: len(now) - step] = now[step:] if len(now) > step else after[:0]
        both = now * (len(now) + 1) + after + 1
        ranks.append(np.unique(both, return_inverse=True)[1].astype(np.int64))
        if ranks[-1].max() == len(now) - 1:
            break
    return ranks


def _nearest(ranks: list[Whole], order: Whole, is_corpus: NDArray[np.bool_]) -> tuple[Whole, Whole]:
    """The longest common run of each place with the nearest corpus place before and after in order."""
    n = len(order)
    ranked = is_corpus[order]
    slots = np.arange(n)
    before = np.maximum.accumulate(np.where(ranked, slots, -1))
    after = np.minimum.accumulate(np.where(ranked, slots, n)[::-1])[::-1]
    lengths, partner = np.zeros(n, np.int64), np.zeros(n, np.int64)
    for side, valid in ((before, before >= 0), (after, after < n)):
        mine, theirs = order[slots[valid]], order[side[valid]]
        common = _common(ranks, mine, theirs)
        better = common > lengths[mine]
        lengths[mine[better]], partner[mine[better]] = common[better], theirs[better]
    return lengths, partner


def _common(ranks: list[Whole], one: Whole, other: Whole) -> Whole:
    a, b, n = one.copy(), other.copy(), len(ranks[0])
    length = np.zeros(len(a), np.int64)
    for level in range(len(ranks) - 1, -1, -1):
        inside = (a < n) & (b < n)
        same = np.zeros(len(a), bool)
        same[inside] = ranks[level][a[inside]] == ranks[level][b[inside]]
        step = np.where(same, 1 << level, 0)
        a, b, length = a + step, b + step, length + step
    return length


def _documents(ranks: list[Whole], owner: Whole, corpus: int, place: int, length: int) -> int:
    """Corpus texts that hold the same run: equal ranks of its two overlapping powers of two."""
    level = min(length.bit_length() - 1, len(ranks) - 1)
    starts = np.flatnonzero(ranks[level] == ranks[level][place])
    shift = length - (1 << level)
    ends = starts + shift
    starts = starts[ends < len(owner)]
    same = ranks[level][starts + shift] == ranks[level][place + shift]
    holders = owner[starts[same]]
    return min(MOST_DOCUMENTS, len(np.unique(holders[holders < corpus])))
