"""A file is the old one or the new one, and readable by its owner only unless it is published."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assessments.files import PUBLISHED, replace_file


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    replace_file(path, b"old")
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert [found.name for found in path.parent.iterdir()] == ["file"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_published_file_can_be_read_by_others(tmp_path: Path) -> None:
    replace_file(tmp_path / "file", b"x", PUBLISHED)
    assert (tmp_path / "file").stat().st_mode & 0o044 == 0o044 & ~_umask()


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    replace_file(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"


def test_what_a_killed_process_left_does_not_stand_in_the_way(tmp_path: Path) -> None:
    (tmp_path / ".file.partial").write_bytes(b"half")
    replace_file(tmp_path / "file", b"whole")
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
