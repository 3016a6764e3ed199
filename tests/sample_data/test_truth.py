"""Counts every planted problem again, in pandas, from the files alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

import assessments.templates

AS_OF = pd.Timestamp("2026-11-20")
Export = Callable[[str], pd.DataFrame]
UNITS = {"Y": "years", "M": "months", "D": "days"}
PACK = Path(next(iter(assessments.templates.__path__))) / "packs" / "data_categories.yaml"


def ends(oldest: pd.Timestamp, period: str) -> pd.Timestamp:
    """Calendar addition as pandas does it, independent of the generator."""
    return oldest + pd.DateOffset(**{UNITS[period[-1]]: int(period[1:-1])})


def ids(found: pd.Series) -> list[str]:
    return sorted(found)


def personal() -> set[str]:
    pack = yaml.safe_load(PACK.read_text(encoding="utf-8"))
    return {category["id"] for category in pack["categories"] if category["personal"]}


def past_window(export: Export, day: pd.Timestamp, holds_count: bool) -> list[str]:
    seen = export("dataset_observations")
    seen = seen[seen.observed_on <= day].sort_values("observed_on").groupby("dataset_id").tail(1)
    datasets = export("datasets")
    datasets = datasets[datasets.retired_on.isna() | (datasets.retired_on > day)]
    both = datasets.merge(seen, on="dataset_id").dropna(subset="oldest_record_on")
    limit = [ends(o, p) for o, p in zip(both.oldest_record_on, both.retention_period, strict=True)]
    late = both[pd.Series(limit, index=both.index) < day]
    holds = export("legal_holds")
    held = holds[(holds.starts_on <= day) & (holds.ends_on.isna() | (holds.ends_on >= day))]
    return ids(
        late.dataset_id
        if not holds_count
        else late[~late.dataset_id.isin(held.dataset_id)].dataset_id
    )


def test_datasets_past_their_window(export: Export, truth: dict[str, Any]) -> None:
    claim = truth["retention_compliance"]
    found = past_window(export, AS_OF, holds_count=True)
    assert (found, len(found)) == (claim["ids"], claim["count"])
    ignoring_holds = past_window(export, AS_OF, holds_count=False)
    assert sorted(set(ignoring_holds) - set(found)) == claim["excluded_under_hold"]


def test_retention_over_thirty_weeks(export: Export, truth: dict[str, Any]) -> None:
    trend = truth["retention_compliance"]["trend"]
    counted = {day: len(past_window(export, pd.Timestamp(day), True)) for day in trend}
    assert counted == trend
    assert len(set(trend.values())) >= 4


def test_a_dataset_exactly_on_its_border_is_not_past_it(export: Export) -> None:
    seen = export("dataset_observations")
    quotes = seen[(seen.dataset_id == "d-quotes") & (seen.observed_on == AS_OF)]
    assert ends(quotes.oldest_record_on.iloc[0], "P1Y") == AS_OF
    assert "d-quotes" not in past_window(export, AS_OF, True)


def test_overdue_deletions(export: Export, truth: dict[str, Any]) -> None:
    runs = export("deletion_runs")
    late = runs[(runs.due_on < AS_OF) & (runs.executed_on.isna() | (runs.executed_on > AS_OF))]
    assert ids(late.run_id) == truth["overdue_deletions"]["ids"]
    assert len(late) == truth["overdue_deletions"]["count"]


def test_undeclared_personal_data(export: Export, truth: dict[str, Any]) -> None:
    fields = export("dataset_fields")
    hidden = fields[
        fields.detected_category.isin(personal()) & ~fields.declared_category.isin(personal())
    ]
    assert ids(hidden.dataset_id + "." + hidden.field) == truth["undeclared_personal_data"]["ids"]
    differing = fields[
        fields.detected_category.notna() & (fields.detected_category != fields.declared_category)
    ]
    assert ids(differing.field) == ids(hidden.field)


def test_fields_never_read(export: Export, active: pd.DataFrame, truth: dict[str, Any]) -> None:
    border = AS_OF - pd.Timedelta(days=180)
    old = active[active.created_on < border]
    fields = export("dataset_fields")
    fields = fields[fields.dataset_id.isin(old.dataset_id)]
    unread = fields[fields.last_read_on.isna() | (fields.last_read_on < border)]
    assert ids(unread.dataset_id + "." + unread.field) == truth["fields_never_read"]["ids"]


def test_special_categories_without_encryption(
    export: Export, active: pd.DataFrame, truth: dict[str, Any]
) -> None:
    systems = export("systems").set_index("system_id").encrypted_at_rest
    special = active[active.classification == "special_category"]
    bare = special[special.system_id.map(systems) == "false"]
    claim = truth["unencrypted_special_data"]
    assert (ids(bare.dataset_id), len(special)) == (claim["ids"], claim["population"])


def test_contracts_that_are_not_current(export: Export, truth: dict[str, Any]) -> None:
    contracts = export("contracts")
    bad = contracts[(contracts.expires_on < AS_OF) | (contracts.dpa_signed == "false")]
    assert ids(bad.contract_id) == truth["vendor_contracts_current"]["ids"]
    assert bad.vendor_id.is_unique


def test_activities_with_an_overdue_review(export: Export, truth: dict[str, Any]) -> None:
    activities = export("processing_activities")
    old = activities[activities.last_reviewed_on < AS_OF - pd.DateOffset(years=1)]
    assert ids(old.activity_id) == truth["activities_review_overdue"]["ids"]


def test_datasets_whose_owner_left(
    export: Export, active: pd.DataFrame, truth: dict[str, Any]
) -> None:
    people = export("people")
    gone = people[people.left_on <= AS_OF].person_id
    assert (
        ids(active[active.owner_id.isin(gone)].dataset_id) == truth["datasets_without_owner"]["ids"]
    )


def test_models_without_lineage(export: Export, truth: dict[str, Any]) -> None:
    models, edges = export("models"), export("lineage")
    fed = edges[(edges.source_kind == "dataset") & (edges.target_kind == "model")].target_id
    bare = models[(models.status != "retired") & ~models.model_id.isin(fed)]
    claim = truth["models_without_lineage"]
    assert ids(bare.model_id) == claim["ids"]
    assert set(bare.status) == {"released"}


def scores(export: Export) -> pd.Series:
    results = export("leakage_results")
    results = results[(results.status == "valid") & (results.measured_on <= AS_OF)]
    latest = results.sort_values("measured_on").groupby(["subject_id", "channel"]).tail(1)
    return (latest.severity.astype(float) * 100).round(4).groupby(latest.subject_id).max()


def test_leakage_scores(export: Export, truth: dict[str, Any]) -> None:
    claim, found = truth["leakage_score"], scores(export)
    released = export("models").query("status == 'released'").model_id
    assert {name: found[name] for name in released} == claim["scores"]
    limits = {
        n: claim["limit_sensitive" if n in claim["sensitive_models"] else "limit"] for n in released
    }
    assert [n for n in sorted(released) if found[n] > limits[n]] == claim["ids"]
    datasets = found[found.index.str.startswith("d-")]
    assert (
        ids(datasets[datasets > claim["limit"]].index.to_series())
        == truth["leakage_datasets"]["ids"]
    )


@pytest.mark.parametrize("name", ["assessment_coverage", "stale_assessments"])
def test_assessments_of_running_projects(export: Export, truth: dict[str, Any], name: str) -> None:
    register = export("assessment_register")
    latest = register.sort_values("recorded_on").groupby("assessment_id").tail(1)
    dpias = latest[(latest.template == "dpia") & latest.state.str.startswith("approved")]
    stale = dpias[dpias.review_due_on < AS_OF]
    running = export("projects").query("stage in ['pilot', 'production']")
    covered = dpias[dpias.review_due_on >= AS_OF].project_id
    bare = running[~running.project_id.isin(covered)]
    found = {"assessment_coverage": bare.project_id, "stale_assessments": stale.assessment_id}
    assert ids(found[name]) == truth[name]["ids"]


def test_breaches_notified_late(export: Export, truth: dict[str, Any]) -> None:
    incidents = export("incidents").query("personal_data_breach == 'true'")
    late = incidents[~(incidents.notified_on <= incidents.detected_on + pd.Timedelta(days=3))]
    assert ids(late.incident_id) == truth["breach_notified_late"]["ids"]


def test_overdue_training(export: Export, truth: dict[str, Any]) -> None:
    records = export("training_records")
    due = records[records.due_on < AS_OF]
    late = due[due.completed_on.isna() | (due.completed_on > AS_OF)]
    claim = truth["training_completion"]
    assert (ids(late.record_id), len(due)) == (claim["ids"], claim["population"])


def test_late_rights_requests(export: Export, truth: dict[str, Any]) -> None:
    requests = export("rights_requests")
    deadline = requests.extended_to.fillna(requests.due_on)
    late = requests[
        (requests.closed_on > deadline) | (requests.closed_on.isna() & (deadline < AS_OF))
    ]
    assert ids(late.request_id) == truth["rights_requests_on_time"]["ids"]
    assert requests.closed_on.isna().sum() == truth["rights_requests_on_time"]["open"]


def test_purposes_that_the_record_does_not_list(
    export: Export, active: pd.DataFrame, truth: dict[str, Any]
) -> None:
    listed = export("processing_activities").set_index("activity_id").purposes.str.split(";")
    gaps = [
        f"{dataset.dataset_id}.{purpose}"
        for dataset in active.itertuples()
        for purpose in dataset.purposes.split(";")
        if purpose not in listed[dataset.activity_id]
    ]
    assert sorted(gaps) == truth["purposes_beyond_record"]["ids"]


def test_periods_longer_than_the_record_allows(
    export: Export, active: pd.DataFrame, truth: dict[str, Any]
) -> None:
    start = pd.Timestamp("2000-01-01")
    period = export("processing_activities").set_index("activity_id").retention_period
    longer = [
        ends(start, own) > ends(start, period[activity])
        for own, activity in zip(active.retention_period, active.activity_id, strict=True)
    ]
    assert ids(active[longer].dataset_id) == truth["retention_beyond_record"]["ids"]


def test_special_categories_in_the_clear(active: pd.DataFrame, truth: dict[str, Any]) -> None:
    clear = active.query("classification == 'special_category' and masking == 'none'")
    assert ids(clear.dataset_id) == truth["unmasked_special_data"]["ids"]


@pytest.mark.parametrize(
    ("name", "column"),
    [("open_conditions", "open_conditions"), ("residual_high_risks", "high_residual_risks")],
)
def test_what_approvals_left_open(
    export: Export, truth: dict[str, Any], name: str, column: str
) -> None:
    register = export("assessment_register")
    latest = register.sort_values("recorded_on").groupby("assessment_id").tail(1)
    approved = latest[latest.state.str.startswith("approved")]
    open_ones = approved[approved[column].astype(int) > 0]
    assert (ids(open_ones.assessment_id), len(approved)) == (
        truth[name]["ids"],
        truth[name]["population"],
    )


def test_controls_that_a_class_asks_for(
    export: Export, active: pd.DataFrame, truth: dict[str, Any]
) -> None:
    merged = active.merge(export("systems"), on="system_id", suffixes=("", "_of_system"))
    special = merged["classification"] == "special_category"
    guarded = special | (merged["classification"] == "confidential")
    start = pd.Timestamp("2000-01-01")
    allowed = merged["classification"].map(
        {"internal": 15, "confidential": 10, "special_category": 10}
    )
    bounded = merged[allowed.notna()]
    too_long = [
        ends(start, period) > start + pd.DateOffset(years=int(allowed[index]))
        for index, period in bounded["retention_period"].items()
    ]
    missing = [
        *(bounded[too_long]["dataset_id"] + ".retention"),
        *(merged[guarded & ~(merged["encrypted_at_rest"] == "true")]["dataset_id"] + ".encryption"),
        *(merged[special & (merged["masking"] == "none")]["dataset_id"] + ".masking"),
        *(merged[special & ~(merged["enclave"] == "true")]["dataset_id"] + ".enclave"),
    ]
    claim = truth["class_controls_missing"]
    assert sorted(missing) == claim["ids"]
    assert len(bounded) + int(guarded.sum()) + 2 * int(special.sum()) == claim["population"]


def test_scenarios_that_nobody_passed_within_a_year(export: Export, truth: dict[str, Any]) -> None:
    drills = export("drills")
    recent = drills[
        (drills["passed"] == "true") & (drills["held_on"] > AS_OF - pd.DateOffset(years=1))
    ]
    plan = {"breach_notification", "restore", "rights_surge", "erasure", "vendor_failure"}
    assert sorted(plan - set(recent["scenario"])) == truth["drills_held"]["ids"]


def test_scans_confirm_planted_fields_and_name_no_other(
    export: Export, truth: dict[str, Any]
) -> None:
    scans = export("field_scans")
    found = scans[scans["is_proven"] == "true"]
    assert set(ids(found["dataset_id"] + "." + found["field"])) <= set(
        truth["undeclared_personal_data"]["ids"]
    )
    low, share, high = (found[name].astype(float) for name in ("low", "share", "high"))
    assert (low < share).all()
    assert (share < high).all()


def test_datasets_classified_below_their_content(
    export: Export, active: pd.DataFrame, truth: dict[str, Any]
) -> None:
    pack = yaml.safe_load(PACK.read_text(encoding="utf-8"))
    high = {each["id"] for each in pack["categories"] if each["special"]} | {"offence"}
    fields = export("dataset_fields")
    holding = fields[
        fields["declared_category"].isin(high) | fields["detected_category"].isin(high)
    ]
    below = active[active["classification"] != "special_category"]
    found = below[below["dataset_id"].isin(holding["dataset_id"])]["dataset_id"]
    assert ids(found) == truth["class_below_content"]["ids"]
