"""A records store with one author, and small foreign files made by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assessments.exchange.keep import bring_in, preview
from assessments.exchange.loss import Imported
from assessments.exchange.send import export
from assessments.records import Actor, Records, people

ANNA = Actor.person("anna")
PROJECT = "pr-1"


@pytest.fixture
def records(tmp_path: Path) -> Records:
    opened = Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")
    with opened.change(Actor.system("test")) as change:
        for name, role in (("anna", "author"), ("vera", "auditor"), ("max", "approver")):
            people.add_person(change, name, name.title())
            people.grant_role(change, name, role, reason="test")
    return opened


@pytest.fixture
def bring(records: Records) -> Callable[[Any], Imported]:
    """Import JSON content as a file and return the first result."""

    def run(content: Any, name: str = "pia.json") -> Imported:
        return bring_in(records, ANNA, preview(json.dumps(content).encode(), name), PROJECT)[0]

    return run


def exported(records: Records, assessment_id: str) -> Any:
    """The CNIL file that is written for an assessment, parsed."""
    return json.loads(export(records, ANNA, assessment_id, "cnil_pia").data)
