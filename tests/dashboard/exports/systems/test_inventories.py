"""Lineage, inventories, models and cards become rows of the registers; what stands is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assessments.errors import BadInput
from dashboard.exports.systems.catalogue import SYSTEMS, find_system
from dashboard.exports.systems.resources import ResourceMap, read_resources
from dashboard.exports.systems.system import Found

FILL = """resources:
  - {match: "db.shop.*", dataset: ds-orders}
fill:
  datasets:
    system_id: s-1
    owner_id: p-1
    activity_id: a-1
    purposes: u-1
    classification: confidential
    retention_period: P2Y
    created_on: "2026-01-01"
    origin: collected
    masking: none
    description: Filled
  dataset_fields: {declared_category: contact, type: text, description: Filled}
"""


def node(name: str, parents: list[str], **more: Any) -> dict[str, Any]:
    base = {"resource_type": "model", "database": "db", "schema": "mart", "alias": name, "name": name,
            "depends_on": {"nodes": parents}, "config": {"materialized": "table"}, "columns": {}}  # fmt: skip
    return base | more


MANIFEST = {
    "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
                 "generated_at": "2026-02-03T04:05:06Z"},
    "nodes": {
        "m.mid": node("mid", ["s.orders"], config={"materialized": "ephemeral"}),
        "m.top": node("top", ["m.mid"], meta={"owner_id": "p-9", "aura": 1},
                      columns={"email": {"name": "email", "data_type": "text", "description": "Mail",
                                         "meta": {"declared_category": "contact"}}}),
        "t.x": node("t", ["m.top"], resource_type="test"),
    },
    "sources": {"s.orders": node("orders", [], resource_type="source", schema="shop",
                                 identifier="orders", alias=None)},
}  # fmt: skip


def read(folder: Path, content: Any, system: str, name: str = "f.json") -> dict[str, list[Found]]:
    path = folder / name
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")
    assert find_system(path) is SYSTEMS[system]
    kinds: dict[str, list[Found]] = {}
    for row in SYSTEMS[system].read(path, ResourceMap()):
        kinds.setdefault(row.kind, []).append(row)
    return kinds


def pick(rows: list[Found], *names: str) -> list[tuple[str | None, ...]]:
    return [tuple(row.values.get(name) for name in names) for row in rows]


def test_a_manifest_gives_edges_through_ephemeral_models_and_reads_meta(tmp_path: Path) -> None:
    found = read(tmp_path, MANIFEST, "dbt_manifest")

    assert pick(found["lineage"], "source_id", "target_id", "recorded_on") == [
        ("db.shop.orders", "db.mart.top", "2026-02-03")
    ]
    assert pick(found["datasets"], "dataset_id", "owner_id") == [
        ("db.mart.top", "p-9"),
        ("db.shop.orders", None),
    ]
    assert found["datasets"][0].extra == {"meta.aura": 1}
    assert pick(found["dataset_fields"], "field", "declared_category") == [("email", "contact")]


def test_a_manifest_that_runs_in_a_circle_ends(tmp_path: Path) -> None:
    loop = {name: node(name, [f"m.{other}"], config={"materialized": "ephemeral"})
            for name, other in (("a", "b"), ("b", "a"))}  # fmt: skip
    nodes = {f"m.{name}": each for name, each in loop.items()} | {"m.c": node("c", ["m.a"])}

    assert "lineage" not in read(tmp_path, MANIFEST | {"nodes": nodes}, "dbt_manifest")


def test_a_manifest_that_is_cut_off_is_left_aside(desk: Any) -> None:
    report = desk.report(desk.write("manifest.json", json.dumps(MANIFEST)[:-40]))

    assert {held.error.title for held in report.held} == {"This is not valid JSON"}
    assert not report.files


def test_a_partial_source_adds_and_completes_but_ends_and_empties_nothing(desk: Any) -> None:
    fill = desk.write("map.yaml", FILL)
    path = desk.write("manifest.json", json.dumps(MANIFEST))
    desk.report(path, resources=fill)
    assert desk.ask("select dataset_id, owner_id from datasets order by 1") == [
        ("db.mart.top", "p-9"), ("ds-orders", "p-1")
    ]  # fmt: skip

    only_top = MANIFEST | {"sources": {}, "nodes": {"m.top": node("top", [], description="New")}}
    path = desk.write("manifest-2.json", json.dumps(only_top))
    (datasets,) = [f for f in desk.report(path).files if f.kind == "datasets"]

    assert (datasets.changed, datasets.ended, datasets.quarantined) == (1, 0, 0)
    ask = "select dataset_id, owner_id, description, purposes from datasets where known_until = '9999-12-31' order by 1"
    assert desk.ask(ask) == [
        ("db.mart.top", "p-9", "New", ["u-1"]), ("ds-orders", "p-1", "Filled", ["u-1"])
    ]  # fmt: skip


def test_what_a_source_cannot_say_is_quarantined_and_not_made_up(desk: Any) -> None:
    report = desk.report(desk.write("manifest.json", json.dumps(MANIFEST)))

    (datasets,) = [f for f in report.files if f.kind == "datasets"]
    assert (datasets.rows, datasets.landed) == (2, 0)
    assert "retention_period is required" in dict(datasets.reasons)
    assert datasets.extra_columns == ("meta.aura",)


def test_only_what_completed_is_lineage(tmp_path: Path) -> None:
    event = {"eventType": "START", "eventTime": "2026-01-02T03:04:05Z", "run": {"runId": "r"},
             "job": {"namespace": "n", "name": "j"}, "inputs": [{"namespace": "pg", "name": "a"}],
             "outputs": [{"namespace": "pg", "name": "b", "facets": {"schema": {"fields": [
                 {"name": "email", "type": "text"}]}}}]}  # fmt: skip
    done = event | {"eventType": "COMPLETE"}

    found = read(tmp_path, [event, done, done, {"eventType": "COMPLETE"}], "openlineage")

    assert pick(found["lineage"], "source_id", "target_id") == [("pg/a", "pg/b"), (None, None)]
    assert (
        found["lineage"][1].reason == "this is not an OpenLineage event: it names no job and no run"
    )
    assert pick(found["dataset_fields"], "dataset_id", "field") == [("pg/b", "email")]


def test_runs_and_versions_of_mlflow_become_projects_models_and_edges(tmp_path: Path) -> None:
    tags = [
        {"key": "mlflow.user", "value": "ana"},
        {"key": "mlflow.experimentName", "value": "Churn"},
    ]
    run = {"info": {"run_id": "r1", "experiment_id": "7", "start_time": "1772359200000",
                    "artifact_uri": "x"},
           "data": {"tags": tags}, "inputs": {"dataset_inputs": [{"dataset": {"name": "db.t"}}]}}  # fmt: skip
    version = {"name": "churn", "version": "3", "current_stage": "Production", "user_id": "ana",
               "creation_timestamp": 1772359200000, "run_id": "r1"}  # fmt: skip

    found = read(tmp_path, {"runs": [run, run]}, "mlflow")
    models = read(tmp_path, {"model_versions": [version, {"x": 1}]}, "mlflow")["models"]

    assert pick(found["projects"], "project_id", "name", "started_on") == [
        ("mlflow:7", "Churn", "2026-03-01")
    ]
    assert pick(found["lineage"], "source_id", "target_id") == [("db.t", "mlflow:run/r1")]
    assert pick(models, "model_id", "status", "owner_id") == [
        ("churn/3", "released", "ana"),
        (None,) * 3,
    ]
    assert models[1].reason


def test_a_model_card_names_model_base_and_training_data(tmp_path: Path) -> None:
    card = "---\nlicense: mit\nmodel_name: tiny\nbase_model: org/base\ndatasets: [squad]\naura: 1\n---\n# Tiny\n"

    found = read(tmp_path, card, "model_card", "README.md")

    assert pick(found["models"], "model_id", "training_dataset_ids") == [("tiny", "squad")]
    assert found["models"][0].extra == {"aura": 1}
    assert pick(found["lineage"], "source_kind", "source_id") == [
        ("dataset", "squad"),
        ("model", "org/base"),
    ]


@pytest.mark.parametrize(
    "front",
    [
        "license: [",
        "license: mit\n  - x: y: z",
        "a: &a [x]\nlicense: *a",
        "license: !!python/object:os.system x",
    ],
)
def test_a_damaged_front_matter_is_refused(tmp_path: Path, front: str) -> None:
    with pytest.raises(BadInput, match="front matter"):
        read(tmp_path, f"---\n{front}\n---\n", "model_card", "README.md")


def test_croissant_fields_come_from_every_record_set(tmp_path: Path) -> None:
    card = {"conformsTo": "http://mlcommons.org/croissant/1.0", "name": "Titanic", "url": "https://x/t",
            "aura": 1, "recordSet": [{"name": "p", "field": [
                {"name": "age", "dataType": "sc:Integer", "description": "Age"}, {"@id": "p/sex"}]}]}  # fmt: skip

    found = read(tmp_path, card, "croissant")

    assert pick(found["dataset_fields"], "dataset_id", "field", "type") == [
        ("https://x/t", "p/age", "sc:Integer"), ("https://x/t", "p/sex", None)
    ]  # fmt: skip
    assert found["datasets"][0].extra == {"aura": 1}


def test_the_aspects_of_datahub_are_gathered_by_dataset(tmp_path: Path) -> None:
    urn = "urn:li:dataset:(urn:li:dataPlatform:pg,shop.orders,PROD)"
    aspects = {
        "datasetProperties": {"description": "Orders"},
        "ownership": {"owners": [{"owner": "urn:li:corpuser:ana"}]},
        "schemaMetadata": {"fields": [{"fieldPath": "email", "nativeDataType": "text"}]},
        "upstreamLineage": {"upstreams": [{"dataset": urn.replace("orders", "raw"), "type": "COPY"}]},
        "siblings": {},
    }  # fmt: skip
    proposals = [
        {"entityUrn": urn, "aspectName": name, "aspect": {"json": aspect}}
        for name, aspect in aspects.items()
    ]

    found = read(tmp_path, [*proposals, {"aspectName": "x"}], "datahub")

    assert pick(found["datasets"], "name", "description", "owner_id") == [
        (None, None, None), ("shop.orders", "Orders", "urn:li:corpuser:ana")
    ]  # fmt: skip
    assert found["datasets"][0].reason
    assert found["datasets"][1].extra == {"aspect.siblings": True}
    assert pick(found["lineage"], "target_id", "job") == [(urn, "COPY")]
    assert pick(found["dataset_fields"], "field", "type") == [("email", "text")]


def test_a_snapshot_of_datahub_names_the_types_of_unions_and_of_paths(tmp_path: Path) -> None:
    urn = "urn:li:dataset:(urn:li:dataPlatform:kafka,Orders,PROD)"
    fields = [
        {
            "fieldPath": "note",
            "description": {"string": "A note"},
            "nativeDataType": "varchar(100)",
        },
        {"fieldPath": "[version=2.0].[type=struct].[type=string].city", "nativeDataType": "string"},
    ]
    space = "com.linkedin.pegasus2avro"
    aspects = [
        {f"{space}.dataset.DatasetProperties": {"description": {"string": "Orders"}, "uri": None}},
        {f"{space}.schema.SchemaMetadata": {"fields": fields}},
    ]
    snapshot = {f"{space}.metadata.snapshot.DatasetSnapshot": {"urn": urn, "aspects": aspects}}

    found = read(tmp_path, [{"auditHeader": None, "proposedSnapshot": snapshot}], "datahub")

    assert pick(found["datasets"], "name", "description") == [("Orders", "Orders")]
    assert pick(found["dataset_fields"], "field", "description") == [
        ("note", "A note"),
        ("city", None),
    ]


def test_a_file_of_tables_of_openmetadata_is_read_like_an_answer(tmp_path: Path) -> None:
    table = {"fullyQualifiedName": "pg.a.b.c", "name": "c", "tableType": "Regular", "columns": []}

    assert pick(read(tmp_path, {"tables": [table]}, "openmetadata")["datasets"], "dataset_id") == [
        ("pg.a.b.c",)
    ]


def test_a_run_of_mlflow_as_its_own_dictionary_has_its_tags(tmp_path: Path) -> None:
    run = {"info": {"run_id": "r1", "experiment_id": "7", "artifact_uri": "x"},
           "data": {"tags": {"mlflow.user": "ana", "project_id": "pr-1"}}}  # fmt: skip

    found = read(tmp_path, run, "mlflow")

    assert pick(found["projects"], "project_id", "owner_id") == [("pr-1", "ana")]


def test_tables_of_openmetadata_have_their_nested_columns(tmp_path: Path) -> None:
    table = {"fullyQualifiedName": "pg.shop.public.orders", "name": "orders", "tableType": "Regular",
             "owners": [{"name": "ana"}], "columns": [{"name": "who", "dataType": "STRUCT", "children": [
                 {"name": "email", "dataType": "VARCHAR", "tags": [{"tagFQN": "PII.Sensitive"}]}]}]}  # fmt: skip

    found = read(tmp_path, {"data": [table, {"id": 1}]}, "openmetadata")

    assert pick(found["datasets"], "dataset_id", "owner_id") == [
        ("pg.shop.public.orders", "ana"),
        (None, None),
    ]
    assert pick(found["dataset_fields"], "field") == [("who",), ("who.email",)]
    assert found["dataset_fields"][1].extra == {"tags": ["PII.Sensitive"]}


def test_fill_never_replaces_what_a_source_says(desk: Any) -> None:
    fill = read_resources(desk.write("map.yaml", FILL)).fill["datasets"]

    assert fill["owner_id"] == "p-1"
    desk.report(
        desk.write("manifest.json", json.dumps(MANIFEST)), resources=desk.folder / "map.yaml"
    )
    assert desk.ask("select owner_id from datasets where dataset_id = 'db.mart.top'") == [("p-9",)]
