"""Grants of the records reach the figures and the files of others in the columns of the contract."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from assessments.grants import list_grants, revoke_grant
from assessments.records import Actor, Records
from assessments.review.decisions import Outcome, decide
from assessments.settings import Home
from dashboard.exports.catalogue import contracts
from dashboard.exports.check import check_paths
from dashboard.exports.grant_file import write_grants
from dashboard.exports.options import Options
from dashboard.warehouse.record_copy import copy_records
from tests.assessments.grants.requests import TODAY, open_office, waiting_request

OTTO = Actor.person("otto")


@pytest.fixture
def records(tmp_path: Path) -> Records:
    opened = open_office(tmp_path)
    decide(opened, OTTO, waiting_request(opened), Outcome.APPROVED, "It is needed.")
    return opened


def copied(records: Records) -> list[tuple[object, ...]]:
    connection = duckdb.connect()
    copy_records(connection, records)
    return connection.execute(
        "select person_id, dataset_id, purpose_id, valid_from, valid_to, revoked_on, known_from "
        "from record_grant order by known_from"
    ).fetchall()


def test_a_grant_is_copied_with_the_day_from_which_it_was_known(records: Records) -> None:
    last = TODAY + timedelta(days=30)
    assert copied(records) == [("uma", "d-1", "pu-fraud", TODAY, last, None, TODAY)]


def test_a_grant_that_was_revoked_on_its_first_day_was_never_known_as_unrevoked(
    records: Records,
) -> None:
    with records.read() as connection:
        (grant,) = list_grants(connection)
    revoke_grant(records, OTTO, grant.id, "A mistake.")
    ((*_, revoked_on, known_from),) = copied(records)
    assert (revoked_on, known_from) == (TODAY, TODAY)


def test_a_file_of_grants_has_the_columns_of_the_contract_and_no_word_of_a_person(
    records: Records,
) -> None:
    with records.read() as connection:
        (grant,) = list_grants(connection)
    header, row = csv.reader(io.StringIO(write_grants([grant])))
    assert tuple(header) == tuple(contracts()["grants"].names)
    said = dict(zip(header, row, strict=True))
    assert (said["person_id"], said["granted_by"], said["revoked_on"]) == ("uma", "otto", "")
    assert said["reason"] == f"Access request {grant.assessment_id}"


def test_a_file_of_grants_is_accepted_as_an_export(
    records: Records, loaded_home: Path, tmp_path: Path
) -> None:
    with records.read() as connection:
        (grant,) = list_grants(connection)
    known = replace(
        grant,
        person_id="p-073",
        granted_by="p-060",
        dataset_id="d-payments",
        purpose_id="pu-arrears",
    )
    file = tmp_path / "grants.csv"
    file.write_text(write_grants([known]))
    (found,) = check_paths(Home.locate(loaded_home), [file], options=Options(is_declared=False)).files  # fmt: skip
    assert (found.kind, found.rows, found.quarantined) == ("grants", 1, 0)
