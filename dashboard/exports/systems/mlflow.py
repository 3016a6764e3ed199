"""MLflow runs and registered model versions, as its REST API writes them, one a line or in a list.

``runs/search`` answers ``{"runs": [...]}``, ``model-versions/search`` ``{"model_versions": [...]}``. A
version becomes a model; a run gives its experiment as a project and the datasets that it read as edges.
``Run.to_dictionary()`` writes tags as an object. Tried on what MLflow 3.17 itself wrote about a run that
logged its data and registered its model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from dashboard.exports.systems.events import items, part, text
from dashboard.exports.systems.inventory import Once, edge, found
from dashboard.exports.systems.objects import Item, read_objects
from dashboard.exports.systems.resources import ResourceMap
from dashboard.exports.systems.system import Found, System

KINDS = ("models", "projects", "lineage", "datasets")
STAGES = {"Production": "released", "Archived": "retired"}
MODEL_META = (
    "retention_period",
    "explanation_method",
    "privacy_epsilon",
    "released_on",
    "retired_on",
    "kind",
)
PROJECT_META = ("description", "team", "stage", "activity_id", "launched_on", "uses_federated_learning",
                "uses_differential_privacy", "screening_outcome")  # fmt: skip
NEITHER = "this is neither an MLflow run nor a model version"
_WRAPPER = re.compile(rb'^\s*\{\s*"(runs|model_versions)"\s*:\s*\[')


def read(path: Path, resources: ResourceMap) -> Iterator[Found]:
    """The rows of runs and versions, each once."""
    once = Once()
    for item in read_objects(path, _WRAPPER):
        if item.reason:
            rows = iter([Found(KINDS[0], item.line_no, item.raw[:1000], {}, item.reason)])
        elif isinstance(item.value.get("info"), dict):
            rows = _run(item, resources)
        elif text(item.value.get("version")) and text(item.value.get("name")):
            rows = iter([_version(item, resources)])
        else:
            rows = iter([Found(KINDS[0], item.line_no, item.raw[:1000], {}, NEITHER)])
        for row in rows:
            keys = [row.values.get(n) for n in ("edge_id", "model_id", "project_id", "dataset_id")]
            if row.reason or once.is_new(row.kind, str(next(filter(None, keys), item.line_no))):
                yield row


def _tags(entry: object) -> dict[str, str | None]:
    if isinstance(entry, dict):
        return {str(name): text(value) for name, value in entry.items()}
    pairs = items(entry)
    return {str(text(part(tag, "key"))): text(part(tag, "value")) for tag in pairs}


def _day(value: object) -> str | None:
    """Milliseconds since 1970; the REST API writes them as a number or as a text."""
    number = text(value)
    if number is None or not number.isdigit() or len(number) > 14:
        return None
    return datetime.fromtimestamp(int(number) / 1000, UTC).date().isoformat()


def _owner(name: str | None, resources: ResourceMap) -> str | None:
    person = resources.person(name) if name else None
    return person.id if person else name


def _version(item: Item, resources: ResourceMap) -> Found:
    value, tags = item.value, _tags(item.value.get("tags"))
    stage = text(value.get("current_stage"))
    return found("models", item, {name: tags[name] for name in MODEL_META if name in tags} | {
        "model_id": f"{value['name']}/{value['version']}", "name": value["name"],
        "version": str(value["version"]), "project_id": tags.get("project_id"),
        "owner_id": _owner(tags.get("owner_id") or text(value.get("user_id")), resources),
        "status": STAGES.get(stage or "", "development"),
        "trained_on": _day(value.get("creation_timestamp")),
        "training_dataset_ids": (tags.get("training_dataset_ids") or "").split(";"),
    })  # fmt: skip


def _run(item: Item, resources: ResourceMap) -> Iterator[Found]:
    value = item.value
    info, tags = value["info"], _tags(part(value, "data", "tags"))
    experiment = text(part(info, "experiment_id")) or ""
    started = _day(part(info, "start_time"))
    owner = _owner(tags.get("mlflow.user") or text(part(info, "user_id")), resources)
    yield found("projects", item, {name: tags[name] for name in PROJECT_META if name in tags} | {
        "project_id": tags.get("project_id") or f"mlflow:{experiment}",
        "name": tags.get("mlflow.experimentName") or f"MLflow experiment {experiment}",
        "owner_id": owner, "started_on": started,
    })  # fmt: skip
    run = text(part(info, "run_id")) or text(part(info, "run_uuid")) or ""
    for entry in items(part(value, "inputs", "dataset_inputs")):
        source = text(part(entry, "dataset", "name")) or text(part(entry, "dataset", "digest"))
        if source:
            named = resources.name(source)
            yield found("datasets", item, {"dataset_id": named, "name": source})
            target = tags.get("model_id") or f"mlflow:run/{run}"
            yield edge(item, ("dataset", named), ("model", target), f"mlflow:{experiment}", started)


SYSTEM = System(
    "mlflow", "MLflow", KINDS,
    (re.compile(rb'"experiment_id"|"model_versions"|"current_stage"'),
     re.compile(rb'"artifact_uri"|"run_id"|"current_stage"')),
    read, "https://mlflow.org/docs/latest/api_reference/rest-api.html",
)  # fmt: skip
