"""The record as JSON, JSON-LD and workbook, each judged by somebody else's software."""

import io
import json
from typing import Any

import jsonschema
import openpyxl
import pytest
from pyld import jsonld

from assessments.errors import BadInput
from assessments.exchange import dpv, record_json, record_sheets
from assessments.exchange.dpv.write import make_graph
from assessments.exchange.frame import Subject
from assessments.exchange.record_json import DRAFT, draft, draft_schema
from assessments.reports.record import record_schema
from tests.assessments.reports.dpia import make_record, record_bytes

DPV = "https://w3id.org/dpv#"
GDPR = "https://w3id.org/dpv/legal/eu/gdpr#"
DCT = "http://purl.org/dc/terms/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
TERMS = {
    DPV: "Process DPIA PIA FRIA DataTransferImpactAssessment ImpactAssessment DataController Purpose "
    "PersonalData SpecialCategoryPersonalData DataSubject Recipient Risk ResidualRisk Impact Severity "
    "Likelihood RiskMitigationMeasure hasImpactAssessment hasStatus hasDataController hasPurpose "
    "hasLegalBasis hasPersonalData hasDataSubject hasRecipient hasRisk hasResidualRisk hasSeverity "
    "hasLikelihood hasConsequence isMitigatedByMeasure",
    GDPR: "DPIANecessityAssessment DPIARequired DPIANotRequired DPIAIndicatesHighRisk "
    "DPIAIndicatesLowRisk DPIAOutcomeDPAConsultation DPIAOutcomeHighResidualRisk "
    "DPIAOutcomeRisksAcceptable DPIARecommendsProcessingContinue "
    "DPIARecommendsProcessingNotContinue A6-1-a A6-1-b A6-1-c A6-1-d A6-1-e A6-1-f",
}  # terms of the vocabulary's own lists, release 2.0


def subject(record: dict[str, Any], frozen: bytes | None = None) -> Subject:
    return Subject(assessment=None, record=record, frozen=frozen)  # type: ignore[arg-type]


def no_network(url: str, options: dict[str, Any]) -> dict[str, Any]:
    raise AssertionError(f"{url} was asked for")


def triples(record: dict[str, Any]) -> set[tuple[str, str, str]]:
    """What a JSON-LD processor reads out of the file, without the network."""
    assert dpv.FORMAT.write is not None
    document = json.loads(dpv.FORMAT.write(subject(record)).data)
    dataset = jsonld.to_rdf(document, {"documentLoader": no_network})
    return {
        (t["subject"]["value"], t["predicate"]["value"], t["object"]["value"])
        for t in dataset["@default"]
    }


@pytest.fixture
def record() -> dict[str, Any]:
    made = make_record()
    made["sections"][0]["questions"].append(
        {
            "id": "purposes", "title": "Purposes", "type": "table", "status": "answered", "text": "",
            "value": [{"id": "p 1/ü", "purpose": "Retention \"of\" customers", "description": "Keep",
                       "basis": "legitimate_interests"}],
            "columns": [{"id": "purpose", "title": "Purpose"}], "rows": [["Retention"]],
            "source": None, "note": None,
        }
    )  # fmt: skip
    return made


def test_a_processor_reads_the_process_its_assessment_and_its_legal_basis(
    record: dict[str, Any],
) -> None:
    found = triples(record)
    process = f"urn:privacy-workbench:process:{record['assessment']['id']}"
    purpose = f"urn:privacy-workbench:purposes:{record['assessment']['id']}:p%201%2F%C3%BC"

    assert (process, RDF_TYPE, f"{DPV}Process") in found
    assert (process, f"{DPV}hasPurpose", purpose) in found
    assert (purpose, f"{DPV}hasLegalBasis", f"{GDPR}A6-1-f") in found
    assert (purpose, f"{DCT}title", 'Retention "of" customers') in found
    assessment = next(o for s, p, o in found if (s, p) == (process, f"{DPV}hasImpactAssessment"))
    assert (assessment, RDF_TYPE, f"{DPV}DPIA") in found


def test_every_risk_has_its_levels_its_residual_risk_and_its_measures(
    record: dict[str, Any],
) -> None:
    found = triples(record)
    objects = {(p, o) for _, p, o in found}

    assert sum(1 for _, p, o in found if (p, o) == (RDF_TYPE, f"{DPV}Risk")) == len(record["risks"])
    assert sum(1 for _, p, _ in found if p == f"{DPV}hasResidualRisk") == len(record["risks"])
    for measure in record["measures"]:
        if any(measure["id"] in risk["measures"] for risk in record["risks"]):
            assert (f"{DCT}title", measure["title"]) in objects


def test_only_terms_of_the_vocabulary_are_used(record: dict[str, Any]) -> None:
    known = {base + term for base, terms in TERMS.items() for term in terms.split()}
    used = {part for triple in triples(record) for part in triple if part.startswith((DPV, GDPR))}

    assert used
    assert used <= known


def test_no_term_of_the_context_is_lost_in_expansion(record: dict[str, Any]) -> None:
    """A key that no context explains would vanish without a word."""
    graph = make_graph(record)
    keys: set[str] = set()

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            keys.update(node)
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    collect(graph)
    assert keys <= set(dpv.write.context())


@pytest.mark.parametrize(
    ("outcome", "acceptable", "expected"),
    [
        ("approved", True, {"DPIAOutcomeRisksAcceptable", "DPIARecommendsProcessingContinue"}),
        ("approved", False, {"DPIAOutcomeHighResidualRisk", "DPIARecommendsProcessingContinue"}),
        ("rejected", False, {"DPIAOutcomeHighResidualRisk", "DPIARecommendsProcessingNotContinue"}),
    ],
)
def test_the_outcome_follows_the_decision_and_the_residual_risks(
    record: dict[str, Any], outcome: str, acceptable: bool, expected: set[str]
) -> None:
    record["decision"]["outcome"] = outcome
    for risk in record["risks"]:
        risk["acceptable"] = acceptable
    statuses = {o.removeprefix(GDPR) for _, p, o in triples(record) if p == f"{DPV}hasStatus"}

    assert expected <= statuses


def test_a_decided_screening_recommends_nothing_about_the_processing(
    record: dict[str, Any],
) -> None:
    record["template"]["id"] = "screening"
    record["screening"] = {"outcome": "no_dpia", "title": "No DPIA", "reasons": []}
    found = triples(record)
    statuses = {o for _, p, o in found if p == f"{DPV}hasStatus"}

    assert f"{GDPR}DPIANotRequired" in statuses
    assert not any("Recommends" in status or "Outcome" in status for status in statuses)


def test_what_dpv_has_no_term_for_is_reported(record: dict[str, Any]) -> None:
    assert dpv.FORMAT.write is not None
    where = {loss.where for loss in dpv.FORMAT.write(subject(record)).losses}

    assert "reviews" in where
    assert "purposes" not in where


def test_a_decided_record_leaves_byte_for_byte() -> None:
    frozen = record_bytes()
    assert record_json.FORMAT.write is not None

    made = record_json.FORMAT.write(subject(make_record(), frozen))

    assert made.data == frozen
    jsonschema.Draft202012Validator(record_schema()).validate(json.loads(made.data))
    assert made.losses


def test_a_draft_says_that_it_is_one_and_fits_its_schema() -> None:
    open_record = make_record() | {"decision": None, "opinion": None}
    open_record["assessment"]["revision"] = 0

    content = json.loads(draft(open_record))

    assert content["schema"] == DRAFT
    jsonschema.Draft202012Validator(draft_schema()).validate(content)
    assert not jsonschema.Draft202012Validator(record_schema()).is_valid(content)


def test_a_draft_that_does_not_fit_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        draft(make_record() | {"risks": [{"id": "r"}]})

    assert refused.value.field == "risks.0"


def test_the_workbook_has_every_table_and_runs_no_formula(record: dict[str, Any]) -> None:
    record["measures"][0]["title"] = "=1+1"
    record["measures"][0]["due_on"] = "2026-12-24"
    assert record_sheets.FORMAT.write is not None
    book = openpyxl.load_workbook(io.BytesIO(record_sheets.FORMAT.write(subject(record)).data))

    measures = book["Measures"]
    assert measures["B2"].value == "=1+1"
    assert measures["B2"].data_type == "s"
    assert measures["E2"].is_date
    assert book["Risks"].max_row == len(record["risks"]) + 2
    assert "purposes" in book.sheetnames
    assert all(sheet.freeze_panes for sheet in book)
