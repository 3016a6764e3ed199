"""Which characters the vendored fonts can show.

Under PDF/A one character without a glyph aborts the whole compile, so coverage is asked first.
A cluster (base and its marks) must be covered by one font: shaping never splits it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"


@lru_cache(maxsize=1)
def coverage() -> tuple[frozenset[int], ...]:
    """The code points of each vendored font, body fonts first."""
    files = sorted(
        FONTS.glob("*.[ot]tf"), key=lambda file: (not file.stem.startswith("NotoSans-"), file.name)
    )
    return tuple(_code_points(file) for file in files)


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """Every code point that at least one vendored font shows."""
    return frozenset().union(*coverage())


@lru_cache(maxsize=4096)
def shows(cluster: str) -> bool:
    """Whether one font has a glyph for each character of the cluster."""
    points = {ord(character) for character in cluster}
    return any(points <= font for font in coverage())


def _code_points(file: Path) -> frozenset[int]:
    with TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())
