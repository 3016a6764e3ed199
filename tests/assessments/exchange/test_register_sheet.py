"""Register spreadsheets: the mapping is proposed, corrected by a person, kept as YAML, and applied.

The headers are those that the British, French and German authorities' templates use; the rows are made up.
"""

import io

import openpyxl
import pytest

from assessments.errors import BadInput
from assessments.exchange.frame import ForeignFile
from assessments.exchange.register_sheet import (
    FORMAT,
    Applied,
    Mapping,
    Proposal,
    apply,
    propose,
    read_mapping,
    write_mapping,
)
from assessments.exchange.register_sheet.propose import plain, rate
from assessments.exchange.register_sheet.values import basis, category, day, items, retention
from assessments.exchange.sheets import Sheet, read_sheets
from assessments.exchange.workbook import Page, write_csv, write_workbook

ICO_HEADER = (
    "Business function", "Purpose of processing", "Name and contact details of joint controller (if applicable)",
    "Categories of individuals", "Categories of personal data", "Categories of recipients",
    "Names of third countries or international organisations that personal data are transferred to (if applicable)",
    "Safeguards for exceptional transfers of personal data to third countries or international organisations (if applicable)",
    "Retention schedule (if possible)", "Article 6 lawful basis for processing personal data",
    "Article 9 basis for processing special category data",
)  # fmt: skip
ICO_ROW = (
    "Finance", "Payroll", "", "Employees", "Contact details; Bank details; Health data", "HMRC, pension fund",
    "N/A", "N/A", "6 years", "Article 6(1)(c) - legal obligation", "Employment law",
)  # fmt: skip
ICO_BAD = (
    "HR", "Recruitment", "", "Applicants", "Star signs", "None", "", "", "as long as needed", "we like it", "",
)  # fmt: skip
CNIL_HEADER = (
    "N° / RÉF", "Nom du traitement", "Finalité principale", "Sous-finalité 1", "Base légale",
    "Catégories de personnes concernées", "Catégories de données", "Destinataires", "Transferts hors UE",
    "Durée de conservation", "Date de création", "Dernière mise à jour", "Mesures de sécurité",
)  # fmt: skip
CNIL_ROW = (
    "REF-01", "Paie", "Payer les salaires", "Déclarer", "Obligation légale", "Salariés",
    "Coordonnées, Salaire", "URSSAF", "Non", "5 ans", "02/03/2021", "2024-05-06", "Chiffrement",
)  # fmt: skip
DSK_HEADER = (
    "Lfd. Nr.", "Bezeichnung der Verarbeitungstätigkeit", "Zwecke der Verarbeitung", "Rechtsgrundlage",
    "Kategorien betroffener Personen", "Kategorien personenbezogener Daten", "Kategorien von Empfängern",
    "Fristen für die Löschung", "Datum der Einführung", "Verantwortliche Fachabteilung",
)  # fmt: skip
DSK_ROW = (
    "7", "Zeiterfassung", "Arbeitszeit nachweisen", "Art. 6 Abs. 1 lit. c DSGVO", "Beschäftigte",
    "Kundennummer", "keine", "2 Jahre", "1.4.2020", "Personal",
)  # fmt: skip


def proposed(header: tuple[str, ...], *rows: tuple[str, ...]) -> tuple[list[Sheet], Proposal]:
    sheets = read_sheets(write_csv(Page("R", header, rows)), "r.csv")
    return sheets, propose(sheets)


def applied(header: tuple[str, ...], *rows: tuple[str, ...], **constants: str) -> Applied:
    sheets, found = proposed(header, *rows)
    mapping = found.mapping
    return apply(sheets, Mapping(mapping.columns, "", mapping.header_row, mapping.dates, constants))


@pytest.mark.parametrize(
    ("header", "row", "fields"),
    [
        (ICO_HEADER, ICO_ROW, "name purposes data_subjects data_categories recipients transfer_countries "
         "transfer_mechanism retention_period lawful_basis special_category_condition"),
        (CNIL_HEADER, CNIL_ROW, "activity_id name purposes lawful_basis data_subjects data_categories recipients "
         "transfer_countries retention_period registered_on last_reviewed_on"),
        (DSK_HEADER, DSK_ROW, "activity_id name purposes lawful_basis data_subjects data_categories recipients "
         "retention_period registered_on"),
    ],
    ids=["British", "French", "German"],
)  # fmt: skip
def test_the_authorities_headers_are_recognised(
    header: tuple[str, ...], row: tuple[str, ...], fields: str
) -> None:
    _, found = proposed(header, row)

    assert set(found.mapping.columns) == set(fields.split())
    assert found.count == 1


def test_the_confidence_falls_with_the_likeness_of_the_header() -> None:
    exact = rate("Retention period", "retention_period")
    inside = rate("Retention period of the data in our archive", "retention_period")

    assert exact == 1.0
    assert 0.5 < inside < exact
    assert rate("Shoe size", "retention_period") < 0.5


def test_a_title_above_the_header_is_skipped() -> None:
    rows = [
        ("Register of Example Ltd", "", ""),
        ("", "", ""),
        ("Purpose", "Retention", "Data subjects"),
        ("a", "1 year", "b"),
    ]
    sheets = read_sheets(
        write_workbook([Page("Cover", ("Hello",), []), Page("R", ("x", "", ""), rows)]), "r.xlsx"
    )

    found = propose(sheets)

    assert (found.mapping.sheet, found.mapping.header_row, found.count) == ("R", 4, 1)


def test_a_good_row_lands_in_our_words() -> None:
    found = applied(ICO_HEADER, ICO_ROW, owner_id="p-1", registered_on="2026-01-02")
    activity = found.activities[0]

    assert activity["activity_id"] == "finance"
    assert activity["lawful_basis"] == "legal_obligation"
    assert activity["data_categories"] == ["contact", "financial", "health"]
    assert activity["recipients"] == ["HMRC", "pension fund"]
    assert activity["transfer_countries"] == []
    assert activity["retention_period"] == "P6Y"
    assert activity["owner_id"] == "p-1"
    assert found.purposes[0]["name"] == "Payroll"
    assert activity["purposes"] == [found.purposes[0]["purpose_id"]]
    assert not found.rejected


def test_a_bad_row_is_kept_with_every_reason() -> None:
    found = applied(ICO_HEADER, ICO_ROW, ICO_BAD, owner_id="p-1", registered_on="2026-01-02")

    assert len(found.activities) == 1
    assert found.rejected[0].row == 3
    assert [reason.split(":")[0] for reason in found.rejected[0].reasons] == [
        "lawful_basis", "data_categories", "retention_period",
    ]  # fmt: skip
    assert "Star signs" in found.rejected[0].cells


def test_without_an_owner_no_row_is_taken_and_nothing_is_guessed() -> None:
    found = applied(ICO_HEADER, ICO_ROW)

    assert found.rejected[0].reasons == ("owner_id: no value", "registered_on: no value")


def test_a_sentence_as_purpose_keeps_its_commas_and_several_columns_add_up() -> None:
    row = (*CNIL_ROW[:2], "Payer, déclarer, archiver", *CNIL_ROW[3:])
    found = applied(CNIL_HEADER, row, owner_id="p-1")

    assert [p["name"] for p in found.purposes] == ["Payer, déclarer, archiver", "Déclarer"]
    assert found.activities[0]["registered_on"] == "2021-03-02"
    assert found.activities[0]["last_reviewed_on"] == "2024-05-06"
    assert [loss.where for loss in found.losses] == ["column Mesures de sécurité"]


def test_two_rows_of_one_reference_are_told_apart_or_rejected() -> None:
    same = applied(CNIL_HEADER, CNIL_ROW, CNIL_ROW, owner_id="p-1")
    unnumbered = applied(ICO_HEADER, ICO_ROW, ICO_ROW, owner_id="p", registered_on="2026-01-02")

    assert same.rejected[0].reasons == ("activity_id: another row has it",)
    assert [a["activity_id"] for a in unnumbered.activities] == ["finance", "finance-2"]


def test_rejected_rows_can_be_corrected_in_their_own_sheet() -> None:
    found = applied(ICO_HEADER, ICO_BAD, owner_id="p-1", registered_on="2026-01-02")
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook([found.rejected_page()]))).active

    header = [cell.value for cell in sheet[1]]
    assert header == [*ICO_HEADER, "Reason"]
    assert "retention_period" in sheet.cell(2, len(header)).value


def test_a_mapping_is_the_same_after_it_was_kept() -> None:
    _, found = proposed(CNIL_HEADER, CNIL_ROW)
    mapping = Mapping(found.mapping.columns, "Feuille: 1", 3, "month-first", {"owner_id": "p-1"})

    assert read_mapping(write_mapping(mapping), "m.yaml") == mapping


@pytest.mark.parametrize(
    "text",
    [
        "columns: {shoe_size: [a]}",
        "columns: {name: [a, b]}",
        "columns: {name: [a]}\nheader_row: 0",
        "columns: {name: [a]}\ndates: backwards",
        "columns: {name: [a]}\nformula: '=1'",
        "columns: [a]",
        "columns: &x {name: [a]}",
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_mapping(text.encode(), "m.yaml")

    assert refused.value.where["line"] >= 1


def test_a_mapped_column_that_is_not_there_is_named() -> None:
    sheets, _ = proposed(ICO_HEADER, ICO_ROW)

    with pytest.raises(BadInput, match="Gone"):
        apply(sheets, Mapping({"name": ("Gone",)}), "r.csv")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Art. 6(1)(f)", "legitimate_interests"),
        ("Article 6 (1) (b): contract", "contract"),
        ("Art. 6 Abs. 1 lit. a DSGVO", "consent"),
        ("6.1.e", "public_task"),
        ("Exécution d'un contrat", "contract"),
        ("Einwilligung", "consent"),
        ("consent or contract", None),
        ("6(1)(a) and 6(1)(b)", None),
    ],
)
def test_a_lawful_basis_is_read_where_exactly_one_is_named(text: str, found: str | None) -> None:
    assert basis(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [("2 ans", "P2Y"), ("18 months", "P18M"), ("P90D", "P90D"), ("6 Monate", "P6M"),
     ("2 years after leaving", None), ("forever", None), ("0x10 years", None)],
)  # fmt: skip
def test_a_period_is_read_where_exactly_one_is_named(text: str, found: str | None) -> None:
    assert retention(text) == found


def test_dates_follow_the_stated_order_and_impossible_ones_are_none() -> None:
    assert str(day("03/04/2025", "day-first")) == "2025-04-03"
    assert str(day("03/04/2025", "month-first")) == "2025-03-04"
    assert day("31/02/2025", "day-first") is None
    assert day("soon", "day-first") is None


def test_words_are_compared_without_accents_and_none_is_no_value() -> None:
    assert plain("Durée d'Effacement ") == "duree d effacement"
    assert items("N/A; -; Aucun; a") == ["a"]
    assert category("Coordonnées bancaires") == "financial"
    assert category("horoscope") is None


def test_the_sheet_is_recognised_and_its_rejected_rows_are_losses() -> None:
    file = ForeignFile("register.csv", write_csv(Page("R", CNIL_HEADER, [CNIL_ROW])))
    other = ForeignFile("prices.csv", b"article,price\nshoe,3\n")

    assert FORMAT.recognise is not None
    assert FORMAT.read is not None
    assert FORMAT.recognise(file)
    assert not FORMAT.recognise(other)
    assert FORMAT.read(file)[0].counts["rejected"] == 1
    assert any("owner_id" in loss.why for loss in FORMAT.read(file)[0].losses)
