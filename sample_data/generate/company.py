"""The whole company: every export built in the order in which they depend on each other."""

from dataclasses import dataclass
from random import Random

from sample_data.generate import assurance, governance, grants, inventory, leakage, models, storage
from sample_data.generate.authored import Row
from sample_data.generate.events import Event, build_events
from sample_data.generate.fields import build_fields
from sample_data.generate.grants import Roles
from sample_data.generate.misuse import build_misuse
from sample_data.generate.people import build_people
from sample_data.generate.register import build_register

SEED = 20261120


@dataclass(frozen=True, slots=True)
class Company:
    """Rows of each export, the events, and what the grants stand for."""

    tables: dict[str, list[Row]]
    events: list[Event]
    roles: Roles


def dice(name: str) -> Random:
    """A generator for each export, so that a change in one leaves the others as they were."""
    return Random(f"{SEED} {name}")


def build_company() -> Company:
    """Build every export from the fixed seed."""
    tables = _inventory()
    people, datasets = tables["people"], tables["datasets"]
    tables["dataset_fields"] = build_fields(datasets, dice("fields"))
    tables["dataset_observations"] = storage.build_observations(datasets, dice("observations"))
    tables["legal_holds"] = storage.build_holds()
    tables["deletion_runs"] = storage.build_deletion_runs(datasets, dice("deletion"))
    tables["models"] = models.build_models(tables["projects"], dice("models"))
    tables["lineage"] = models.build_lineage(tables["models"], datasets, dice("lineage"))
    tables["leakage_results"] = leakage.build_leakage(tables["models"], dice("leakage"))
    tables["training_records"] = governance.build_training(people, dice("training"))
    tables["rights_requests"] = governance.build_requests(dice("requests"))
    tables["consents"] = governance.build_consents(dice("consents"))
    tables["incidents"] = governance.build_incidents()
    tables["assessment_register"] = build_register()
    tables["drills"] = assurance.build_drills(people)
    tables["field_scans"] = assurance.build_scans()
    return _with_access(tables)


def _inventory() -> dict[str, list[Row]]:
    people = build_people(dice("people"))
    return {
        "people": people,
        "vendors": inventory.build_vendors(),
        "contracts": inventory.build_contracts(dice("contracts")),
        "systems": inventory.build_systems(people),
        "purposes": inventory.build_purposes(),
        "processing_activities": inventory.build_activities(people, dice("activities")),
        "projects": inventory.build_projects(people, dice("projects")),
        "datasets": inventory.build_datasets(people, dice("datasets")),
    }


def _with_access(tables: dict[str, list[Row]]) -> Company:
    names = {p["project_id"]: p["name"] for p in tables["projects"]}
    names |= {p["purpose_id"]: p["name"] for p in tables["purposes"]}
    tables["grants"], roles = grants.build_grants(
        tables["people"], tables["datasets"], names, dice("grants")
    )
    events = build_events(
        tables["datasets"], tables["grants"], tables["deletion_runs"], roles, dice("events")
    )
    events += build_misuse(tables["grants"], roles, dice("misuse"))
    return Company(tables, events, roles)
