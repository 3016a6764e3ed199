"""Fides manifests into the inventory: what is said lands, what is not said is reported."""

import pytest

from assessments.errors import BadInput
from assessments.exchange.fides.read import read, recognise
from assessments.exchange.frame import ForeignFile, Reading

MANIFEST = b"""
dataset:
  - fides_key: shop_db
    name: Shop
    description: Orders
    retention: 2 years
    collections:
      - name: customer
        fields:
          - name: email
            description: Address
            data_categories: [user.contact.email]
            fides_meta: {data_type: string, primary_key: true}
          - name: health_note
            data_categories: [user.name, user.health_and_medical]
          - name: extra
            fields:
              - name: shoe_size
              - name: aura
                data_categories: [user.sensor]
system:
  - fides_key: shop
    name: Shop system
    description: Sells
    system_type: Database
    administrating_department: Sales
    tattoo: yes
    privacy_declarations:
      - data_use: essential.service
        data_categories: [user.contact]
        data_subjects: [customer]
        legal_basis_for_processing: Legitimate interests
        dataset_references: [shop_db, gone_db]
      - data_use: marketing
        data_categories: []
        data_subjects: [customer]
policy:
  - fides_key: p1
"""


def read_text(data: bytes, name: str = "manifest.yml") -> Reading:
    file = ForeignFile(name, data)
    assert recognise(file)
    return read(file)[0]


def whats(reading: Reading, where: str) -> list[str]:
    return [loss.what for loss in reading.losses if where in loss.where]


def test_nested_fields_become_dotted_names_with_our_category() -> None:
    fields = {row["field"]: row for row in read_text(MANIFEST).registers["dataset_fields"]}

    assert list(fields) == [
        "customer.email", "customer.health_note", "customer.extra", "customer.extra.shoe_size",
        "customer.extra.aura",
    ]  # fmt: skip
    assert fields["customer.email"]["declared_category"] == "contact"
    assert fields["customer.email"]["type"] == "string"


def test_a_field_with_several_categories_takes_the_most_sensitive_and_reports_the_others() -> None:
    reading = read_text(MANIFEST)
    row = next(r for r in reading.registers["dataset_fields"] if r["field"].endswith("note"))

    assert row["declared_category"] == "health"
    assert whats(reading, "collections[0].fields[1].data_categories") == ["name"]


def test_a_field_without_category_is_a_finding_and_gets_none() -> None:
    reading = read_text(MANIFEST)
    row = next(r for r in reading.registers["dataset_fields"] if r["field"].endswith("shoe_size"))

    assert row["declared_category"] is None
    assert whats(reading, "fields[2].fields[0].data_categories") == ["no category"]
    assert reading.counts["fields_without_category"] == 1
    assert reading.counts["structures"] == 1


def test_a_category_without_counterpart_is_reported_and_not_guessed() -> None:
    reading = read_text(MANIFEST)

    assert whats(reading, "fields[2].fields[1].data_categories") == ["user.sensor"]


def test_each_declaration_is_an_activity_and_its_dataset_follows() -> None:
    reading = read_text(MANIFEST)
    first, second = reading.registers["processing_activities"]
    dataset = reading.registers["datasets"][0]

    assert first["lawful_basis"] == "legitimate_interests"
    assert first["data_categories"] == ["contact"]
    assert second["data_categories"] == []
    assert whats(reading, "privacy_declarations[1].data_categories") == ["no category"]
    assert dataset["system_id"] == "shop"
    assert dataset["activity_id"] == first["activity_id"]
    assert dataset["purposes"] == ["essential.service"]
    assert dataset["retention_period"] == "P2Y"


def test_missing_retention_and_basis_are_findings() -> None:
    reading = read_text(MANIFEST)

    assert whats(reading, "processing_activities.retention_period")[0].startswith(
        "no value in 2 of 2"
    )
    assert whats(reading, "processing_activities.lawful_basis")[0].startswith("no value in 1 of 2")
    assert whats(reading, "datasets.retention_period") == []


def test_nothing_is_dropped_in_silence() -> None:
    reading = read_text(MANIFEST)

    assert whats(reading, "system[0].tattoo") == ["a value"]
    assert whats(reading, "system[0].administrating_department")
    assert whats(reading, "fides_meta.primary_key") == ["1 value"]
    assert whats(reading, "policy[0]") == ["policy p1"]
    assert "dataset_references: gone_db" in whats(reading, "privacy_declarations[0]")


def test_a_period_in_a_sentence_is_left_to_a_person() -> None:
    said = MANIFEST.replace(b"2 years", b"two years after the contract ends")
    reading = read_text(said)

    assert reading.registers["datasets"][0]["retention_period"] is None
    assert whats(reading, "dataset[0].retention") == ["a text"]


def test_the_taxonomy_of_uses_becomes_purposes_without_its_root() -> None:
    table = (
        b"fides_key,name,parent_key,description\ndata_use,Data Use,,\nsales,Sales,data_use,Sell\n"
    )
    reading = read_text(table, "uses.csv")

    assert reading.registers["purposes"] == [
        {"purpose_id": "sales", "name": "Sales", "description": "Sell"}
    ]
    assert whats(reading, "line 2") == ["data_use"]


@pytest.mark.parametrize(
    "hostile",
    [
        b"system: &a [{fides_key: x}]\ndataset: *a\n",
        b"system:\n  - fides_key: !!python/object/apply:os.system [id]\n    a: [\n",
        b"dataset:\n  - fides_key: \xff\xfe\n",
    ],
    ids=["aliases", "broken tags", "no UTF-8"],
)
def test_hostile_yaml_is_refused_with_its_line(hostile: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        read(ForeignFile("x.yml", hostile))

    assert refused.value.where["line"] >= 1


@pytest.mark.parametrize(
    "odd",
    [
        b"system: 1\ndataset:\n  - fides_key: a\n",
        b"dataset:\n  - 7\n  - fides_key: a\n    collections: no\n",
    ],
)
def test_odd_shapes_are_reported_and_do_not_fail(odd: bytes) -> None:
    assert read(ForeignFile("x.yml", odd))[0].losses


def test_json_manifests_are_read_too() -> None:
    file = ForeignFile("m.json", b"", {"system": [{"fides_key": "a", "name": "A"}]})

    assert recognise(file)
    assert read(file)[0].counts["systems"] == 1
