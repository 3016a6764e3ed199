"""Systems, vendors, contracts, purposes, processing activities, projects and datasets."""

from datetime import date, timedelta
from random import Random

from sample_data.generate.authored import FOLDER, Row, is_yes, items, joined, load, rows, split
from sample_data.generate.dates import AS_OF, parse
from sample_data.generate.people import heads, staff_of
from sample_data.generate.problems import DEPARTED_OWNER, NO_DPA, STALE_ACTIVITIES

VENDOR = "vendor_id name role country services risk_tier title signed_on expires_on transfer limits"
SYSTEM = "system_id name kind vendor_id country hosting encrypted enclave team description"
PURPOSE = "purpose_id name lawful_basis compatible_with description"
ACTIVITY = (
    "activity_id name purposes lawful_basis special_category_condition data_subjects"
    " data_categories recipients transfer_countries transfer_mechanism team retention_period"
    " registered_on description"
)
PROJECT = (
    "project_id name team owner stage activity_id started_on launched_on screening_outcome"
    " federated private description"
)
DATASET = (
    "dataset_id name system_id team activity_id project_ids purposes data_subjects classification"
    " retention_period created_on origin masking source_vendor_id row_count"
)


def build_vendors() -> list[Row]:
    """Companies that process data for us or with us."""
    return [
        {
            **{key: line[key] for key in ("vendor_id", "name", "role", "country", "services")},
            "contact_email": f"privacy@{line['vendor_id'][2:]}-vendor.example",
            "risk_tier": line["risk_tier"],
        }
        for line in rows("vendors.yaml", "vendors", VENDOR)
    ]


def build_contracts(rng: Random) -> list[Row]:
    """One contract a vendor; the planted ones have run out or lack the agreement of GDPR Art. 28."""
    contracts = []
    for number, line in enumerate(rows("vendors.yaml", "vendors", VENDOR), start=1):
        contracts.append(
            {
                "contract_id": f"c-{number:03d}",
                "vendor_id": line["vendor_id"],
                "title": line["title"],
                "signed_on": line["signed_on"],
                "expires_on": line["expires_on"],
                "dpa_signed": line["vendor_id"] not in NO_DPA,
                "transfer_mechanism": line["transfer"],
                "audit_right": line["role"] != "data_provider",
                "usage_limits": line["limits"],
                "last_reviewed_on": AS_OF - timedelta(days=rng.randrange(20, 330)),
            }
        )
    return contracts


def build_systems(people: list[Row]) -> list[Row]:
    """Systems that hold data, each owned by the head of the team that runs it."""
    head_of = heads(people)
    return [
        {
            **{key: line[key] for key in ("system_id", "name", "kind")},
            "owner_id": head_of[str(line["team"])]["person_id"],
            **{key: line[key] for key in ("vendor_id", "country", "hosting")},
            "encrypted_at_rest": is_yes(line["encrypted"]),
            "description": line["description"],
            "enclave": is_yes(line["enclave"]),
        }
        for line in rows("systems.yaml", "systems", SYSTEM)
    ]


def build_purposes() -> list[Row]:
    """Purposes with their lawful basis (GDPR Art. 6(1))."""
    return [
        {
            **{key: line[key] for key in ("purpose_id", "name", "description", "lawful_basis")},
            "compatible_with": joined(items(line["compatible_with"])),
        }
        for line in rows("purposes.yaml", "purposes", PURPOSE)
    ]


def build_activities(people: list[Row], rng: Random) -> list[Row]:
    """The record of processing activities (GDPR Art. 30), reviewed within a year except as planted."""
    head_of = heads(people)
    lists = ("purposes", "data_subjects", "data_categories", "recipients", "transfer_countries")
    activities = []
    for line in rows("activities.yaml", "activities", ACTIVITY):
        reviewed = AS_OF - timedelta(days=rng.randrange(15, 340))
        activity = {
            **line,
            **{key: joined(items(line[key])) for key in lists},
            "owner_id": head_of[str(line["team"])]["person_id"],
            "last_reviewed_on": STALE_ACTIVITIES.get(str(line["activity_id"]), reviewed),
        }
        activities.append(activity)
    return activities


def build_projects(people: list[Row], rng: Random) -> list[Row]:
    """Machine-learning projects; the owner is named or one of the team."""
    return [
        {
            **line,
            "owner_id": line["owner"] or _owner(people, str(line["team"]), rng),
            "uses_federated_learning": is_yes(line["federated"]),
            "uses_differential_privacy": is_yes(line["private"]),
        }
        for line in rows("projects.yaml", "projects", PROJECT)
    ]


def _owner(people: list[Row], team: str, rng: Random) -> str:
    head = heads(people)[team]["person_id"]
    staff = [p["person_id"] for p in staff_of(people, team) if p["person_id"] > "p-009"]
    return str(rng.choice([head, *staff[:4]]))


def authored_datasets() -> list[Row]:
    """All dataset entries of the authored files, with their fields cut into cells."""
    entries: list[Row] = []
    for path in sorted((FOLDER / "datasets").glob("*.yaml")):
        for entry in load(f"datasets/{path.name}"):
            row = split(entry["d"], DATASET)
            row["description"] = entry["about"]
            row["retired_on"] = parse(entry.get("retired"))
            row["fields"] = [
                split(line, "field type declared_category description")
                for line in entry["fields"].strip().splitlines()
            ]
            entries.append(row)
    return entries


def build_datasets(people: list[Row], rng: Random) -> list[Row]:
    """Datasets, with owners of the team that is responsible."""
    gone = [p["person_id"] for p in people if p["left_on"]]
    datasets = []
    for entry in authored_datasets():
        owner = _owner(people, entry["team"], rng)
        if entry["dataset_id"] in DEPARTED_OWNER:
            owner = gone[len(entry["dataset_id"]) % len(gone)]
        subjects = [s for s in items(entry["data_subjects"]) if s != "none"]
        datasets.append(
            {
                **entry,
                "owner_id": owner,
                "project_ids": joined(items(entry["project_ids"])),
                "purposes": joined(items(entry["purposes"])),
                "data_subjects": joined(subjects),
            }
        )
    return datasets


def active(datasets: list[Row], day: date = AS_OF) -> list[Row]:
    """Datasets that are not retired on the day."""
    return [d for d in datasets if d["retired_on"] is None or d["retired_on"] > day]
