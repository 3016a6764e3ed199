"""Writes truth.yaml: what each KPI must find on the as-of day, from the plan of the problems."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from sample_data.generate import problems
from sample_data.generate.authored import Row
from sample_data.generate.company import Company
from sample_data.generate.dates import AS_OF, WEEKS, add_duration, add_months
from sample_data.generate.events import Event
from sample_data.generate.inventory import active
from sample_data.generate.leakage import SENSITIVE_MODELS
from sample_data.generate.storage import is_held, oldest_record

WINDOWS = (7, 30, 90)
LIMIT, LIMIT_SENSITIVE = 9, 5
SCENARIOS = ("breach_notification", "restore", "rights_surge", "erasure", "vendor_failure")
HEAD = "# Written by `python -m sample_data.generate`; tests/sample_data counts everything again.\n"


def write_truth(path: Path, company: Company) -> None:
    """One entry a KPI: the rule, how many rows break it, out of how many, and which."""
    parts = (_retention, _inventory, _protection, _models, _governance, _people, _access)
    kpis: dict[str, Any] = {}
    for part in parts:
        kpis |= part(company)
    document = {"as_of": AS_OF, "kpis": kpis}
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)
    path.write_text(HEAD + text, encoding="utf-8")


def _entry(rule: str, ids: Iterable[str], population: int | None = None, **more: Any) -> Row:
    found = sorted(ids)
    entry: Row = {"rule": rule, "count": len(found)}
    if population is not None:
        entry["population"] = population
    return {**entry, **more, "ids": found}


def past_window(datasets: list[Row], day: date) -> list[str]:
    """Datasets whose oldest record is past the retention period on a day, holds respected."""
    return sorted(
        d["dataset_id"]
        for d in active(datasets, day)
        if add_duration(oldest_record(d, day), d["retention_period"]) < day
        and not is_held(d["dataset_id"], day)
    )


def _retention(company: Company) -> Row:
    datasets, runs = company.tables["datasets"], company.tables["deletion_runs"]
    overdue = [r["run_id"] for r in runs if r["due_on"] < AS_OF and r["executed_on"] is None]
    trend = {day: len(past_window(datasets, day)) for day in WEEKS}
    held = [h.dataset_id for h in problems.HOLDS if is_held(h.dataset_id, AS_OF)]
    return {
        "retention_compliance": _entry(
            "active dataset, oldest record + retention period before as_of, no legal hold",
            past_window(datasets, AS_OF),
            len(active(datasets)),
            excluded_under_hold=sorted(held),
            trend=trend,
        ),
        "overdue_deletions": _entry(
            "deletion run due before as_of and not executed by then", overdue
        ),
    }


def _inventory(company: Company) -> Row:
    fields = company.tables["dataset_fields"]
    return {
        "undeclared_personal_data": _entry(
            "field whose scan found a personal category and whose declared category is not personal",
            map(".".join, problems.UNDECLARED),
            len(fields),
        ),
        "fields_that_sound_personal": _entry(
            "field whose name suggests a category, or a special one, that it does not declare, never scanned",
            map(".".join, problems.SOUNDING),
        ),
        "class_below_content": _entry(
            "active dataset with special categories or offences that is classified lower",
            problems.UNDERCLASSED,
            len(active(company.tables["datasets"])),
        ),
        "fields_never_read": _entry(
            "field of an active dataset created over 180 days ago, not read within 180 days",
            map(".".join, problems.NEVER_READ),
        ),
        "datasets_without_owner": _entry(
            "active dataset whose owner has left",
            problems.DEPARTED_OWNER,
            len(active(company.tables["datasets"])),
        ),
        "purposes_beyond_record": _entry(
            "purpose of an active dataset that its processing activity does not list",
            map(".".join, problems.PURPOSE_GAPS),
        ),
        "retention_beyond_record": _entry(
            "active dataset with a longer retention period than its processing activity",
            problems.RETENTION_GAPS,
            len(active(company.tables["datasets"])),
        ),
        "activities_review_overdue": _entry(
            "processing activity last reviewed more than a year before as_of",
            problems.STALE_ACTIVITIES,
            len(company.tables["processing_activities"]),
        ),
    }


def _protection(company: Company) -> Row:
    tables = company.tables
    bare = {s["system_id"] for s in tables["systems"] if not s["encrypted_at_rest"]}
    special = [d for d in active(tables["datasets"]) if d["classification"] == "special_category"]
    failing = [
        c["contract_id"]
        for c in tables["contracts"]
        if not c["dpa_signed"] or date.fromisoformat(c["expires_on"]) < AS_OF
    ]
    return {
        "unencrypted_special_data": _entry(
            "active dataset of special categories in a system without encryption at rest",
            (d["dataset_id"] for d in special if d["system_id"] in bare),
            len(special),
        ),
        "unmasked_special_data": _entry(
            "active dataset of special categories that shows identities in the clear",
            (d["dataset_id"] for d in special if d["masking"] == "none"),
            len(special),
        ),
        "vendor_contracts_current": _entry(
            "contract expired before as_of or without a data protection agreement",
            failing,
            len(tables["contracts"]),
        ),
        "class_controls_missing": _controls(tables),
        "drills_held": _entry(
            "scenario without a passed drill within a year",
            (name for name in SCENARIOS if name not in _rehearsed(tables["drills"])),
            len(SCENARIOS),
        ),
    }


def _controls(tables: dict[str, list[Row]]) -> Row:
    """The controls that the class asks for, in the words of the pack."""
    systems = {s["system_id"]: s for s in tables["systems"]}
    needed: dict[str, bool] = {}
    for d in active(tables["datasets"]):
        name, kind, system = d["dataset_id"], d["classification"], systems[d["system_id"]]
        longest = {"internal": 15, "confidential": 10, "special_category": 10}.get(kind)
        if longest is None:
            continue
        end = add_duration(date(2000, 1, 1), d["retention_period"])
        needed[f"{name}.retention"] = end <= date(2000 + longest, 1, 1)
        if kind != "internal":
            needed[f"{name}.encryption"] = system["encrypted_at_rest"]
        if kind == "special_category":
            needed[f"{name}.masking"] = d["masking"] != "none"
            needed[f"{name}.enclave"] = system["enclave"]
    return _entry(
        "control that the class of an active dataset asks for and that is not there",
        (name for name, is_there in needed.items() if not is_there),
        len(needed),
    )


def _rehearsed(drills: list[Row]) -> set[str]:
    return {d["scenario"] for d in drills if d["passed"] and d["held_on"] > add_months(AS_OF, -12)}


def _models(company: Company) -> Row:
    models = [m for m in company.tables["models"] if m["status"] != "retired"]
    released = [m["model_id"] for m in models if m["status"] == "released"]
    scores = _scores(company.tables["leakage_results"])
    return {
        "models_without_lineage": _entry(
            "model in use without a lineage edge from any dataset", problems.NO_LINEAGE, len(models)
        ),
        "leakage_score": _entry(
            "released model whose latest valid results exceed the limit (100 x largest severity)",
            [problems.OVEREXPOSED_MODEL],
            len(released),
            limit=LIMIT,
            limit_sensitive=LIMIT_SENSITIVE,
            sensitive_models=sorted(SENSITIVE_MODELS),
            scores={name: scores[name] for name in sorted(released)},
        ),
        "leakage_datasets": _entry(
            "dataset whose latest valid results exceed the limit",
            [problems.OVEREXPOSED_DATASET],
            scores={name: score for name, score in sorted(scores.items()) if name.startswith("d-")},
        ),
    }


def _scores(results: list[Row]) -> dict[str, float]:
    latest: dict[tuple[str, str], float] = {}
    for row in results:
        if row["status"] == "valid":
            latest[row["subject_id"], row["channel"]] = row["severity"]
    scores: dict[str, float] = {}
    for (subject, _), severity in latest.items():
        scores[subject] = max(scores.get(subject, 0.0), round(100 * severity, 4))
    return scores


def _governance(company: Company) -> Row:
    latest: dict[str, Row] = {r["assessment_id"]: r for r in company.tables["assessment_register"]}
    dpias = [
        r for r in latest.values() if r["template"] == "dpia" and r["state"].startswith("appr")
    ]
    stale = [r for r in dpias if r["review_due_on"] < AS_OF]
    covered = {r["project_id"] for r in dpias if r not in stale}
    approved = [r for r in latest.values() if r["state"].startswith("appr")]
    live = [p for p in company.tables["projects"] if p["stage"] in ("pilot", "production")]
    return {
        "assessment_coverage": _entry(
            "project in pilot or production without an approved DPIA whose review is not overdue",
            (p["project_id"] for p in live if p["project_id"] not in covered),
            len(live),
        ),
        "stale_assessments": _entry(
            "approved DPIA whose review was due before as_of",
            (r["assessment_id"] for r in stale),
            len(dpias),
        ),
        "open_conditions": _entry(
            "assessment whose latest state is approved and that has a condition to fulfil",
            (r["assessment_id"] for r in approved if r["open_conditions"]),
            len(approved),
        ),
        "residual_high_risks": _entry(
            "assessment whose latest state is approved with a high residual risk",
            (r["assessment_id"] for r in approved if r["high_residual_risks"]),
            len(approved),
        ),
        "breach_notified_late": _entry(
            "breach notified to the authority more than three days after detection",
            [problems.LATE_BREACH],
            sum(i["personal_data_breach"] for i in company.tables["incidents"]),
        ),
    }


def _people(company: Company) -> Row:
    due = [r for r in company.tables["training_records"] if r["due_on"] < AS_OF]
    requests = company.tables["rights_requests"]
    late = [r for r in requests if (r["closed_on"] or AS_OF) > (r["extended_to"] or r["due_on"])]
    grants = company.tables["grants"]
    in_force = [
        g for g in grants if g["valid_from"] <= AS_OF <= g["valid_to"] and not g["revoked_on"]
    ]
    return {
        "training_completion": _entry(
            "course due before as_of and not completed by then",
            (r["record_id"] for r in due if r["completed_on"] is None),
            len(due),
        ),
        "rights_requests_on_time": _entry(
            "request closed after its (extended) deadline, or open with the deadline before as_of",
            (r["request_id"] for r in late),
            len(requests),
            open=sum(r["closed_on"] is None for r in requests),
        ),
        "dormant_grants": _entry(
            "grant in force without a successful event in the last 90 days",
            company.roles.dormant,
            len(in_force),
        ),
    }


def _access(company: Company) -> Row:
    ends = {g["grant_id"]: g for g in company.tables["grants"]}
    purposes = {d["dataset_id"]: d["purposes"].split(";") for d in company.tables["datasets"]}
    good = [event for event in company.events if event[7] == "success"]
    return {
        "off_purpose_access": _events(
            "successful event whose purpose the dataset does not declare",
            good,
            lambda event: event[4] not in purposes[event[2]],
            2,
        ),
        "expired_grant_use": _events(
            "successful event on a day after valid_to or revoked_on of its grant",
            good,
            lambda event: event[5] is not None and _is_over(ends[event[5]], event[0].date()),
            5,
        ),
        "access_events": {"rule": "all events", "count": len(company.events)},
    }


def _is_over(grant: Row, day: date) -> bool:
    revoked = grant["revoked_on"]
    return bool(day > grant["valid_to"] or (revoked and day > revoked))


def _events(rule: str, events: list[Event], breaks: Callable[[Event], bool], by: int) -> Row:
    found = [event for event in events if breaks(event)]
    days = [event[0].date() for event in found]
    return {
        "rule": rule,
        "count": len(found),
        "last_days": {n: sum(day > AS_OF - timedelta(days=n) for day in days) for n in WINDOWS},
        "by": dict(sorted(Counter(str(event[by]) for event in found).items())),
    }
