"""Models and where they come from."""

from datetime import date, timedelta
from random import Random

from sample_data.generate.authored import Row, items, joined, load, rows
from sample_data.generate.problems import NO_LINEAGE

MODEL = (
    "model_id name version project_id kind status trained_on released_on retired_on datasets"
    " explanation_method privacy_epsilon"
)


def build_models(projects: list[Row], rng: Random) -> list[Row]:
    """Trained models; the owner is the owner of the project."""
    owner_of = {p["project_id"]: p["owner_id"] for p in projects}
    return [
        {
            **line,
            "owner_id": owner_of[line["project_id"]],
            "retention_period": rng.choice(["P1Y", "P2Y", "P3Y"]),
            "training_dataset_ids": joined(items(line["datasets"])),
        }
        for line in rows("models.yaml", "models", MODEL)
    ]


def build_lineage(models: list[Row], datasets: list[Row], rng: Random) -> list[Row]:
    """Edges from training data to models, and from tables and models to what is derived."""
    created = {d["dataset_id"]: d["created_on"] for d in datasets}
    edges = [edge for model in models for edge in _training_edges(model)]
    for line in load("models.yaml")["derived"]:
        path, job = (part.strip() for part in line.split("|"))
        source, target = (part.strip() for part in path.split("->"))
        edges.append((source, target, _recorded(target, created, models, rng), job))
    return [_edge(number, *edge) for number, edge in enumerate(edges, start=1)]


def _training_edges(model: Row) -> list[tuple[str, str, date, str]]:
    if model["model_id"] in NO_LINEAGE:
        return []
    trained = date.fromisoformat(model["trained_on"])
    job = f"train_{model['model_id'][2:].replace('-', '_')}"
    return [(source, model["model_id"], trained, job) for source in items(model["datasets"])]


def _recorded(target: str, created: dict[str, str], models: list[Row], rng: Random) -> date:
    trained = {m["model_id"]: m["trained_on"] for m in models}
    day = date.fromisoformat(created.get(target) or trained[target])
    return max(day, date(2024, 1, 8)) + timedelta(days=rng.randrange(0, 9))


def _edge(number: int, source: str, target: str, day: date, job: str) -> Row:
    return {
        "edge_id": f"l-{number:03d}",
        "source_kind": _kind(source),
        "source_id": source,
        "target_kind": _kind(target),
        "target_id": target,
        "recorded_on": day,
        "job": job,
    }


def _kind(identifier: str) -> str:
    return "dataset" if identifier.startswith("d-") else "model"
