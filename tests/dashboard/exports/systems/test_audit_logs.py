"""Six audit logs become one kind of event; what is no event keeps its reason."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from assessments.errors import BadInput
from dashboard.exports.readers.csv_file import BAD_QUOTES
from dashboard.exports.systems.catalogue import SYSTEMS, find_system
from dashboard.exports.systems.pgaudit import BAD_JSON
from dashboard.exports.systems.physical import OPEN_QUOTE
from dashboard.exports.systems.resources import ResourceMap, read_resources
from dashboard.exports.systems.system import Found
from tests.dashboard.exports.systems.logs import (
    CLOUDTRAIL,
    GCP,
    KUBERNETES,
    M365,
    OCSF,
    PGAUDIT,
    RECORDS,
    SNOWFLAKE,
    lines,
)

EXPECTED = {
    "cloudtrail": ("cloudtrail:e-1", "ana", "arn:aws:s3:::sales/2026/a.csv", "read", "success"),
    "kubernetes": ("kubernetes:k-1", "ana", "namespaces/shop/secrets/db", "read", "success"),
    "ocsf": ("ocsf:o-1", "ana", "shop", "query", "success"),
    "m365": ("m365:m-1", "ana@x.example", "https://x/a.xlsx", "read", "success"),
    "snowflake": ("snowflake:q-1/query/DB.S.ORDERS", "ANA", "snowflake:DB.S.ORDERS", "query", "success"),
}  # fmt: skip


def read(folder: Path, text: str, system: str) -> list[Found]:
    path = folder / "log.json"
    path.write_text(text, encoding="utf-8")
    return list(SYSTEMS[system].read(path, ResourceMap()))


def shown(found: Found) -> tuple[Any, ...]:
    return tuple(found.values[n] for n in ("event_id", "actor", "resource", "activity", "outcome"))


@pytest.mark.parametrize("system", EXPECTED)
def test_an_event_says_who_did_what_to_which_resource(tmp_path: Path, system: str) -> None:
    found = read(tmp_path, lines(RECORDS[system]), system)

    assert shown(found[0]) == EXPECTED[system]
    assert str(found[0].values["ts"])[:19].replace(" ", "T") == "2026-03-01T10:00:00"


@pytest.mark.parametrize("system", RECORDS)
def test_a_log_is_recognised_by_its_content(tmp_path: Path, system: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(lines(RECORDS[system]), encoding="utf-8")

    assert find_system(path) is SYSTEMS[system]


def test_a_log_that_looks_like_two_systems_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(lines(M365, KUBERNETES), encoding="utf-8")

    with pytest.raises(BadInput, match="more than one system"):
        find_system(path)


@pytest.mark.parametrize("system", RECORDS)
def test_a_field_nobody_knows_is_reported_and_a_foreign_record_rejected(
    tmp_path: Path, system: str
) -> None:
    found = read(tmp_path, lines(RECORDS[system] | {"Aura": 1}, {"hello": 1}), system)

    assert {name.casefold() for name in found[0].extra or {}} == {"aura"}
    assert (found[-1].line_no, bool(found[-1].reason), found[-1].kind) == (2, True, "audit_events")


@pytest.mark.parametrize(
    ("error", "outcome"), [("AccessDenied", "denied"), ("NoSuchKey", "failure"), (None, "success")]
)
def test_cloudtrail_tells_refusals_from_failures(
    tmp_path: Path, error: str | None, outcome: str
) -> None:
    (found,) = read(tmp_path, lines(CLOUDTRAIL | {"errorCode": error}), "cloudtrail")

    assert found.values["outcome"] == outcome


def test_settings_of_a_bucket_are_not_its_content(tmp_path: Path) -> None:
    management = {"eventName": "GetBucketAcl", "eventCategory": "Management"}
    (found,) = read(tmp_path, lines(CLOUDTRAIL | management), "cloudtrail")

    assert found.values["reaches_data"] == "false"


def test_a_request_of_kubernetes_counts_once_and_a_refusal_is_one(tmp_path: Path) -> None:
    stages = [KUBERNETES | {"stage": stage} for stage in ("RequestReceived", "ResponseStarted")]
    refused = KUBERNETES | {"auditID": "k-2", "responseStatus": {"code": 403}}
    listed = json.dumps(
        {"kind": "EventList", "metadata": {}, "items": [*stages, KUBERNETES, refused]}
    )

    found = read(tmp_path, listed, "kubernetes")

    assert [row.values["outcome"] for row in found] == ["success", "denied"]


def test_an_operation_of_google_cloud_counts_once_and_other_entries_do_not(tmp_path: Path) -> None:
    start = GCP | {"operation": {"id": "x", "first": True}}
    end = GCP | {"insertId": "g-2", "operation": {"id": "x", "last": True}}
    refused = GCP | {
        "insertId": "g-3",
        "protoPayload": GCP["protoPayload"] | {"status": {"code": 7}},
    }
    other = {name: GCP[name] for name in ("insertId", "logName")} | {"textPayload": "x"}

    found = read(tmp_path, lines(start, end, refused, other), "gcp")

    assert [row.values["outcome"] for row in found] == ["success", "denied"]


def test_one_query_of_snowflake_is_an_event_for_each_object(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        lines(SNOWFLAKE, SNOWFLAKE | {"BASE_OBJECTS_ACCESSED": None, "OBJECTS_MODIFIED": None}),
        "snowflake",
    )

    assert [row.values.get("activity") for row in found] == ["query", "update", None]
    assert found[-1].reason


def test_columns_of_snowflake_are_fields_and_functions_hold_no_data(tmp_path: Path) -> None:
    table = {"objectName": "DB.S.T", "objectDomain": "Table",
             "columns": [{"columnId": 1, "columnName": "EMAIL"}, {"columnName": "EMAIL"}, {"x": 1}]}  # fmt: skip
    function = {
        "objectName": "DB.S.F",
        "objectDomain": "FUNCTION",
        "argumentSignature": "(N NUMBER)",
    }
    objects = {"BASE_OBJECTS_ACCESSED": json.dumps([function, table]), "OBJECTS_MODIFIED": "[]"}

    found = read(tmp_path, lines(SNOWFLAKE | objects), "snowflake")

    shown_ = [
        tuple(row.values[name] for name in ("resource", "fields", "reaches_data")) for row in found
    ]
    assert shown_ == [
        ("snowflake:DB.S.F", None, "false"),
        ("snowflake:DB.S.T", "EMAIL", "true"),
    ]


def test_the_csv_of_an_audit_search_is_read_like_its_objects(tmp_path: Path) -> None:
    data = json.dumps(M365).replace('"', '""')
    text = (
        f'CreationDate,UserIds,Operations,AuditData\n2026,ana,FileDownloaded,"{data}"\n2026,x,y,\n'
    )

    found = read(tmp_path, text, "m365")

    assert shown(found[0]) == EXPECTED["m365"]
    assert (found[1].line_no, found[1].reason) == (3, "the line holds no AuditData")


def test_an_audit_record_spans_lines_and_its_statement_is_only_hashed(tmp_path: Path) -> None:
    text = f'{PGAUDIT}"select ""name""\n from orders, \nusers",<not logged>,12\nplain line\n'

    (found,) = read(tmp_path, text, "pgaudit")

    assert shown(found)[1:] == ("ana", "postgresql:shop/public.orders", "query", "success")
    assert (found.values["ts"], found.values["rows_read"]) == ("2026-03-01 10:00:00.123Z", "12")
    assert "name" not in str(found.values["statement_sha256"])


def test_an_open_quote_of_pgaudit_swallows_no_later_record(tmp_path: Path) -> None:
    sound = f"{PGAUDIT}select 1,<not logged>\n"
    text = f'{PGAUDIT}"select \n{sound}{PGAUDIT}short\n'

    found = read(tmp_path, text, "pgaudit")

    assert [row.reason for row in found] == [
        OPEN_QUOTE,
        None,
        "the AUDIT record has fewer than nine fields",
    ]


def test_a_line_of_jsonlog_is_one_record_whatever_stands_in_it(tmp_path: Path) -> None:
    entry = {
        "timestamp": "2026-03-01 10:00:00.717 UTC", "user": "ana", "dbname": "shop", "pid": 77,
        "message": 'AUDIT: OBJECT,1,1,READ,SELECT,TABLE,public.orders,"select ""Name""\nfrom orders",<not logged>,7',
        "statement": "select 'AUDIT: SESSION,'",
    }  # fmt: skip
    odd = entry | {"message": 'AUDIT: OBJECT,1,1,READ,SELECT,TABLE,public.orders,"open'}
    text = lines(entry, odd) + '{"message":"AUDIT: SESSION,cut\n'

    found = read(tmp_path, text, "pgaudit")

    assert shown(found[0])[1:] == ("ana", "postgresql:shop/public.orders", "query", "success")
    assert (found[0].values["ts"], found[0].values["rows_read"]) == (
        "2026-03-01 10:00:00.717Z",
        "7",
    )
    assert [row.reason for row in found[1:]] == [BAD_QUOTES, BAD_JSON]


def test_csvlog_has_moment_user_and_database_as_columns(tmp_path: Path) -> None:
    message = 'AUDIT: SESSION,1,1,WRITE,INSERT,TABLE,public.a,""insert (1, 2)"",<not logged>'
    text = f'2026-03-01 10:00:00.5 UTC,"ana","shop",77,"[local]",x,1,"INSERT",now,,0,LOG,00000,"{message}",,\n'

    (found,) = read(tmp_path, text, "pgaudit")

    assert found.values["actor"] == "ana"
    assert (found.values["resource"], found.values["activity"]) == (
        "postgresql:shop/public.a",
        "create",
    )


@pytest.mark.parametrize("zone", ["CET", ""])
def test_a_moment_without_an_offset_is_refused_not_guessed(desk: Any, zone: str) -> None:
    line = f"{PGAUDIT}select 1,<not logged>\n".replace("UTC", zone)
    found = next(
        file for file in desk.report(desk.write("a.log", line)).files if file.kind == "audit_events"
    )

    assert found.quarantined == 1
    assert any("ts must be a moment" in reason for reason, _ in found.reasons)


MAP = """resources:
  - {match: "arn:aws:s3:::sales/*", dataset: ds-1, purpose: p-1}
  - {match: "arn:aws:s3:::*", dataset: ds-2}
actors:
  - {match: "an?", person: per-1}
"""


def test_the_map_names_dataset_person_and_purpose_and_what_it_does_not_name_stays_open(
    desk: Any,
) -> None:
    other = CLOUDTRAIL | {"eventID": "e-2", "requestParameters": {"tableName": "t"}}
    path = desk.write("log.json", json.dumps({"Records": [CLOUDTRAIL, other]}))

    desk.report(path)
    assert desk.ask("select count(*) from access_events") == [(0,)]
    report = desk.report(path, resources=desk.write("map.yaml", MAP))

    assert {file.kind: file.landed for file in report.files} == {
        "audit_events": 2,
        "access_events": 1,
    }
    assert desk.ask(
        "select dataset_id, actor_id, action, purpose_id, rows_read from access_events"
    ) == [("ds-1", "per-1", "read", "p-1", None)]
    assert desk.ask("select event_id, dataset_id from audit_events order by event_id") == [
        ("cloudtrail:e-1", "ds-1"), ("cloudtrail:e-2", None)
    ]  # fmt: skip
    assert desk.ask("select count(*) from audit_events") == [(2,)]
    again = desk.report(path, resources=desk.folder / "map.yaml")
    assert all(file.was_loaded for file in again.files)


def test_the_first_entry_that_fits_counts_and_signs_mean_themselves(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text('resources: [{match: "a[1].*b*c", dataset: x}, {match: "a*", dataset: y}]\n')
    found = read_resources(path)

    names = ["a[1].--b--c", "a1.bc", "abc", "b"]
    assert [t.id if (t := found.dataset(name)) else None for name in names] == ["x", "y", "y", None]


def test_a_map_that_says_something_unknown_is_refused_with_its_line(desk: Any) -> None:
    bad = desk.write("map.yaml", "resources:\n  - {match: a, datset: b}\n")

    with pytest.raises(BadInput) as refused:
        desk.report(desk.write("l.json", lines(CLOUDTRAIL)), resources=bad)
    assert refused.value.where["line"] == 2


def test_compressed_logs_land_once_whatever_the_compression(desk: Any) -> None:
    data = json.dumps({"Records": [CLOUDTRAIL]}).encode()
    with pa.output_stream(str(desk.folder / "b.json.zst"), compression="zstd") as out:
        out.write(data)
    report = desk.report(desk.write("a.json.gz", gzip.compress(data)), desk.folder / "*.zst")

    counts = [(f.kind, f.rows, f.was_loaded) for f in report.files if f.kind == "audit_events"]
    assert counts == [("audit_events", 1, False), ("audit_events", 1, True)]
    assert not list((desk.home.warehouse).glob("unpacked-*"))


@pytest.mark.parametrize("name", ["a.json.gz", "a.json.zst"])
def test_a_compressed_file_that_is_damaged_is_left_aside(desk: Any, name: str) -> None:
    whole = gzip.compress(json.dumps([CLOUDTRAIL] * 50).encode())

    error = desk.refusal(name, whole[: len(whole) // 2])

    assert error.title == "This compressed file cannot be unpacked"


def test_a_decompression_bomb_is_refused(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.exports.readers.inflate.FREE_SIZE", 1 << 20)

    error = desk.refusal("bomb.json.gz", gzip.compress(b" " * (8 << 20)))

    assert error.title == "This file unpacks to far more than it should"


def test_ocsf_numbers_activities_by_class_and_counts_rows_of_stores_only(tmp_path: Path) -> None:
    api = OCSF | {"class_uid": 6003, "metadata": {"uid": "o-2"}, "count": 9}
    store = OCSF | {"count": 9, "action_id": 2}

    found = read(tmp_path, lines(store, api), "ocsf")

    assert [(f.values["activity"], f.values["rows_read"], f.values["outcome"]) for f in found] == [
        ("query", "9", "denied"), ("delete", None, "success")
    ]  # fmt: skip
