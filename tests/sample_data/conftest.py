"""The committed exports as pandas frames, and the truth that is claimed about them."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
import yaml

from sample_data import EXPORTS, TRUTH

AS_OF = pd.Timestamp("2026-11-20")


def _read(kind: str) -> pd.DataFrame:
    path = EXPORTS / f"{kind}.csv"
    if path.exists():
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        return frame.mask(frame == "")
    return pd.read_parquet(EXPORTS / f"{kind}.parquet")


@pytest.fixture(scope="session")
def export() -> Callable[[str], pd.DataFrame]:
    """Read one export, each once."""
    frames: dict[str, pd.DataFrame] = {}

    def read(kind: str) -> pd.DataFrame:
        if kind not in frames:
            frame = _read(kind)
            for column in frame.columns:
                if column.endswith(("_on", "_to", "valid_from")) and column != "compatible_with":
                    frame[column] = pd.to_datetime(frame[column], format="%Y-%m-%d")
            frames[kind] = frame
        return frames[kind].copy()

    return read


@pytest.fixture(scope="session")
def truth() -> dict[str, Any]:
    """The entries of truth.yaml by KPI."""
    kpis: dict[str, Any] = yaml.safe_load(TRUTH.read_text(encoding="utf-8"))["kpis"]
    return kpis


@pytest.fixture(scope="session")
def active(export: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """Datasets that are not retired on the as-of day."""
    datasets = export("datasets")
    return datasets[datasets.retired_on.isna() | (datasets.retired_on > AS_OF)]
