"""The sample, loaded the way a user does it; of its access log only the newest events."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as parquet

from assessments.settings import Home
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options

EXPORTS = Path(__file__).parents[3] / "sample_data" / "exports"
LARGE = "access_events.parquet"


def load_sample(folder: Path, events: int) -> Home:
    """A home with the sample in it."""
    files = sorted(EXPORTS.glob("*.csv"))
    short = folder / LARGE
    log = parquet.read_table(EXPORTS / LARGE).sort_by("ts")
    parquet.write_table(log.slice(max(0, log.num_rows - events)), short)
    home = Home(folder / "home")
    load_paths(home, [*files, short], options=Options(is_declared=False))
    return home
