"""The CNIL view has a place for every question that a real export of the CNIL's software answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assessments.views import find_form

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
FILE = SHARED / "data/cnil/pia-example-captoo-2018-02-21.json"
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not FILE.is_file(), reason="the shared sample files are not here"),
]


def test_every_answered_question_of_the_real_file_has_its_number_in_the_view() -> None:
    answers = json.loads(FILE.read_text(encoding="utf-8"))["answers"]
    numbers = {str(answer["reference_to"]) for answer in answers}
    assert len(numbers) == 36
    assert numbers <= {item.ref for item in find_form("cnil").items}
