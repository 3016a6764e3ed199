"""Real files of other makers are known for what they are, and none is taken for something dangerous."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessments.errors import BadInput
from assessments.evidence.media import EXTENSIONS, recognise

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data"
LARGEST = 20_000_000
BROKEN = "k8s-eks-audit.ocsf.json"
"""Its maker left a comma before a closing brace: Python's parser and ours refuse it alike."""


def real_files() -> list[Path]:
    found = SHARED.rglob("*") if SHARED.is_dir() else []
    return sorted(
        path
        for path in found
        if path.is_file() and path.suffix.lower() in EXTENSIONS and path.stat().st_size < LARGEST
    )


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real sample files are not on this machine")
def test_every_real_file_is_known_by_the_kind_that_its_name_says() -> None:
    files = real_files()
    assert len(files) > 30
    for path in files:
        if path.name == BROKEN:
            with pytest.raises(BadInput, match="says JSON and the content is none"):
                recognise(path, path.name)
        else:
            assert path.suffix.lower() in recognise(path, path.name).extensions, path.name


def test_the_word_template_of_another_maker_is_a_word_document() -> None:
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    template = Path(docx.__file__).with_name("templates") / "default.docx"
    assert recognise(template, template.name).title == "Word document"
