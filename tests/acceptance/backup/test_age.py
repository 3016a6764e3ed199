"""A backup opens with programs that we did not write: Debian's age and tar."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pyrage
import pytest

from assessments.backup.make import back_up_records
from assessments.records import Actor, Event, Records
from assessments.settings import Home

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not shutil.which("age"), reason="Debian's age is absent"),
]


def test_age_and_tar_open_a_backup_and_the_manifest_is_true(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").prepare()
    records = Records.open(home.records_url)
    with records.change(Actor.system("test")) as change:
        change.apply(Event("x", "thing", "1", "people.manage"))
    (home.evidence / "note.txt").write_text("evidence")
    identity = pyrage.x25519.Identity.generate()
    made = back_up_records(records, home, Actor.system("test"), tmp_path / "b.age",
                           recipients=[str(identity.to_public())])  # fmt: skip
    (tmp_path / "identity").write_text(f"{identity}\n")
    subprocess.run(
        ["age", "--decrypt", "-i", tmp_path / "identity", "-o", tmp_path / "b.tar", made.path],
        check=True,
    )
    (tmp_path / "out").mkdir()
    subprocess.run(["tar", "-xf", tmp_path / "b.tar", "-C", tmp_path / "out"], check=True)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert [f["name"] for f in manifest["files"]] == ["records.sqlite", "evidence/note.txt"]
    for file in manifest["files"]:
        data = (tmp_path / "out" / file["name"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["size"], file["sha256"])
