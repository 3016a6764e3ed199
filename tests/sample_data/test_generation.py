"""The generator writes the same bytes each time, and they are the committed ones."""

import filecmp
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sample_data import EXPORTS, FOLDER, TRUTH


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folders = (tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two"))
    for folder in folders:
        command = [sys.executable, "-m", "sample_data.generate", "--out", str(folder)]
        subprocess.run(command, check=True, cwd=FOLDER.parent)
    return folders


def test_two_runs_write_the_same_bytes(written: tuple[Path, Path]) -> None:
    names = sorted(path.name for path in (written[0] / "exports").iterdir())
    same, other, missing = filecmp.cmpfiles(
        written[0] / "exports", written[1] / "exports", names, shallow=False
    )
    assert (other, missing) == ([], [])
    assert len(same) == 24


def test_the_committed_files_are_what_the_generator_writes(written: tuple[Path, Path]) -> None:
    fresh = written[0]
    assert (fresh / "truth.yaml").read_bytes() == TRUTH.read_bytes()
    assert sorted(p.name for p in EXPORTS.iterdir()) == sorted(
        p.name for p in (fresh / "exports").iterdir()
    )
    for path in EXPORTS.glob("*.csv"):
        assert (fresh / "exports" / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_committed_events_hold_the_rows_that_the_generator_writes(
    written: tuple[Path, Path],
) -> None:
    committed = EXPORTS / "access_events.parquet"
    fresh = written[0] / "exports" / "access_events.parquet"
    assert pq.read_table(fresh).equals(pq.read_table(committed))
    if pq.read_metadata(fresh).created_by == pq.read_metadata(committed).created_by:
        assert fresh.read_bytes() == committed.read_bytes()


def test_the_events_stay_small_enough_to_ship() -> None:
    assert (EXPORTS / "access_events.parquet").stat().st_size < 4_000_000
