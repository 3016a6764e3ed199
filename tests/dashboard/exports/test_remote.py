"""Object stores: files, folders and patterns through fsspec, and nothing but the stores named."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from assessments.errors import BadInput

fsspec = pytest.importorskip("fsspec", reason="the extra cloud is not installed")


@pytest.fixture
def store(vendors: Any) -> Any:
    system = fsspec.filesystem("memory")
    system.pipe("/office/2026/vendors.csv", "\n".join(vendors(vendors.row(1))).encode())
    system.pipe("/office/2026/notes.txt", b"x")
    packed = gzip.compress(("\n".join(vendors(vendors.row(2)))).encode())
    system.pipe("/office/2027/vendors.csv.gz", packed)
    yield system
    system.rm("/office", recursive=True)


@pytest.mark.parametrize("place", ["2026/vendors.csv", "2026", "2026/*.csv"])
def test_a_file_a_folder_and_a_pattern_load_alike(desk: Any, store: Any, place: str) -> None:
    found = desk.report(Path(f"memory://office/{place}")).files
    assert [(file.path, file.landed) for file in found] == [("vendors.csv", 1)]
    assert desk.report(Path(f"memory://office/{place}")).files[0].was_loaded
    assert not list(desk.home.warehouse.glob("unpacked-*"))


def test_patterns_reach_packed_files_of_several_folders(desk: Any, store: Any) -> None:
    found = desk.report(Path("memory://office/*/vendors.csv*"), as_of=None).files
    assert sorted(file.landed for file in found) == [1, 1]


def test_file_addresses_are_local_files(desk: Any, vendors: Any) -> None:
    path = desk.write("vendors.csv", vendors(vendors.row(1)))
    assert desk.report(Path(f"file://{path}")).files[0].landed == 1


@pytest.mark.parametrize(
    "place", ["https://a.example/vendors.csv", "s3://x::file:///etc/passwd", "memory://office/none"]
)
def test_other_addresses_and_absent_files_are_refused(desk: Any, place: str) -> None:
    with pytest.raises(BadInput):
        desk.report(Path(place))
