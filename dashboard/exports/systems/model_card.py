"""Hugging Face model cards: the YAML front matter of a README.md ("Model cards", hub documentation).

A card names a model, its licence, its base model and the datasets that it was trained on; edges follow
from these. It does not say who answers for the model here or how long it is kept: that comes from the
resource map's ``fill`` or from the contract's own names in the front matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from assessments.errors import BadInput
from dashboard.exports.systems.inventory import as_text, edge, found
from dashboard.exports.systems.objects import Item
from dashboard.exports.systems.resources import ResourceMap
from dashboard.exports.systems.system import Found, System, signs

KINDS = ("models", "datasets", "lineage")
LIMIT = 1 << 20
OWN = ("model_id", "project_id", "version", "kind", "owner_id", "status", "trained_on", "released_on",
       "retired_on", "retention_period", "explanation_method", "privacy_epsilon")  # fmt: skip
KNOWN = frozenset(
    [
        "language",
        "license",
        "license_name",
        "license_link",
        "tags",
        "datasets",
        "base_model",
        "base_model_relation",
        "metrics",
        "library_name",
        "pipeline_tag",
        "model-index",
        "model_name",
        "thumbnail",
        "inference",
        "widget",
        "co2_eq_emissions",
        "new_version",
        "extra_gated_prompt",
        "extra_gated_fields",
    ]
)
NO_NAME = "the card does not name its model (model_name or model_id)"
_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


def read(path: Path, resources: ResourceMap) -> Iterator[Found]:
    """The rows of one card."""
    item = Item(1, path.name, _front_matter(path))
    value = item.value
    name = as_text(value.get("model_id")) or as_text(value.get("model_name")) or _index_name(value)
    if name is None:
        yield Found(KINDS[0], 1, path.name, {}, NO_NAME)
        return
    sources = [str(each) for each in _all(value.get("datasets"))]
    named = [resources.name(source) for source in sources]
    own = {key: value[key] for key in OWN if key in value}
    extra = {key: each for key, each in value.items() if key not in KNOWN and key not in OWN}
    row = {"model_id": name, "name": name, "kind": value.get("pipeline_tag"),
           "training_dataset_ids": named}  # fmt: skip
    yield found("models", item, row | own, **extra)
    for source, dataset_id in zip(sources, named, strict=True):
        yield found("datasets", item, {"dataset_id": dataset_id, "name": source})
        yield _edge(item, "dataset", dataset_id, name)
    for base in _all(value.get("base_model")):
        yield _edge(item, "model", str(base), name)


def _edge(item: Item, kind: str, source: str, model: str) -> Found:
    trained = as_text(item.value.get("trained_on"))
    return edge(item, (kind, source), ("model", model), "model card", trained)


def _front_matter(path: Path) -> dict[str, Any]:
    where = {"file": path.name, "line": 1}
    with path.open("rb") as file:
        text = file.read(LIMIT).decode("utf-8", errors="replace")
    front = _FRONT.match(text)
    try:
        value = _plain(front[1]) if front else None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadInput(
            "The front matter is not valid YAML", "Nothing was loaded.", where=where
        ) from error
    if not isinstance(value, dict):
        raise BadInput("The card has no front matter", "Nothing was loaded.", where=where)
    return {str(key): each for key, each in value.items()}


def _plain(text: str) -> object:
    """Without aliases: a few lines of them can stand for more than any memory holds."""
    if any(
        isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)
    ):
        raise ValueError("aliases")
    return yaml.safe_load(text)


def _index_name(value: dict[str, Any]) -> str | None:
    index = _all(value.get("model-index"))
    return as_text(index[0].get("name")) if index and isinstance(index[0], dict) else None


def _all(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


SYSTEM = System(
    "model_card", "Model card", KINDS,
    signs(rb"\A(\xef\xbb\xbf)?---[ \t]*\r?\n", rb"(?m)^(license|datasets|base_model|pipeline_tag|library_name|model-index|model_name|model_id):"),
    read, "https://huggingface.co/docs/hub/model-cards",
)  # fmt: skip
