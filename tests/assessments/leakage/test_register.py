"""A measurement comes in by one way: checked, permitted, signed or accepted, and in the ledger."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from assessments.errors import BadInput, Conflict, NotPermitted, NotPossibleNow
from assessments.leakage.measurement import Check, Estimate, Measurement, Source, from_dict
from assessments.leakage.register import keys, reading, signature, store
from assessments.leakage.register.store import Subject
from assessments.leakage.results_file import read_parts, read_result
from assessments.ledger.verify import NO_CHECKPOINT, verify_ledger
from assessments.records import Actor, Records, people

MODEL = Subject("model", "m-1", "pr-1")
DAY = date(2026, 11, 2)
TEAM, OFFICE, OFFICER, OTHER = (Actor.person(each) for each in ("team", "office", "dpo", "other"))


@pytest.fixture
def records(tmp_path: Path) -> Records:
    opened = Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")
    with opened.change(Actor.system("test")) as change:
        for person, role, scope in (("team", "author", "pr-1"), ("office", "reviewer", "*"),
                                    ("dpo", "dpo", "*"), ("other", "author", "pr-2")):  # fmt: skip
            people.add_person(change, person, person)
            people.grant_role(change, person, role, scope=scope, reason="test")
    return opened


def result(**changes: Any) -> dict[str, Any]:
    found = Measurement(
        channel="membership", method="rmia", method_version="1", value=0.7, ci_low=0.6, ci_high=0.8,
        confidence=0.95, n=1000, baseline=0.5, baseline_kind="coin", severity=0.2, severity_high=0.3,
        extent=0.1, status="measured", power_check=Check("passed", ""), null_check=Check("passed", ""),
        results={"auc": Estimate(0.7, 0.6, 0.8)}, inputs=(Source("signals.parquet", "ab" * 32, 9),),
        params={"attacks": ["rmia"]},
        tables={"roc": ({"fpr": 0.1, "tpr": 0.4}, {"fpr": 1.0, "tpr": 1.0})},
    ).as_dict()  # fmt: skip
    return found | changes


def as_bytes(**changes: Any) -> bytes:
    return json.dumps(result(**changes)).encode()


def pem(key: Any) -> tuple[bytes, bytes]:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ), key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def test_an_unsigned_result_of_the_team_waits_until_the_office_accepts_it(records: Records) -> None:
    (kept,) = store.register(records, TEAM, MODEL, as_bytes(), "r.json", measured_on=DAY)
    assert (kept.score, kept.counts, kept.is_evidence) == (20.0, False, True)
    with pytest.raises(NotPermitted):
        store.accept(records, TEAM, kept.id)
    assert store.accept(records, OFFICE, kept.id).counts
    with pytest.raises(NotPossibleNow):
        store.accept(records, OFFICE, kept.id)


def test_what_the_office_registers_counts_at_once_and_the_same_file_is_kept_once(
    records: Records,
) -> None:
    first = store.register(records, OFFICE, MODEL, as_bytes(), "r.json", measured_on=DAY)
    again = store.register(records, OFFICE, MODEL, as_bytes(), "r.json", measured_on=DAY)
    assert first == again
    assert first[0].counts
    with records.read() as connection:
        assert reading.list_registered(connection) == first
        assert reading.read_file(connection, first[0].sha256) == as_bytes()
        assert verify_ledger(connection, []).problems == (NO_CHECKPOINT,)


def test_a_role_in_another_project_registers_nothing_here(records: Records) -> None:
    with pytest.raises(NotPermitted):
        store.register(records, OTHER, MODEL, as_bytes(), "r.json")


def test_a_withdrawn_result_stays_readable_and_does_not_count(records: Records) -> None:
    (kept,) = store.register(records, OFFICE, MODEL, as_bytes(), "r.json")
    with pytest.raises(BadInput):
        store.withdraw(records, OFFICE, kept.id, " ")
    gone = store.withdraw(records, OFFICE, kept.id, "Wrong model file")
    assert (gone.counts, gone.withdrawn_reason) == (False, "Wrong model file")


def test_an_inconclusive_result_is_kept_grey_and_never_as_zero(records: Records) -> None:
    grey = as_bytes(severity=None, severity_high=None, status="inconclusive")
    (kept,) = store.register(records, OFFICE, MODEL, grey, "r.json")
    assert (kept.score, kept.counts, kept.is_evidence) == (None, False, False)


def test_channels_that_a_file_carries_beside_its_own_are_kept_too(records: Records) -> None:
    both = result() | {"attribute_disclosure": result(channel="attribute_disclosure", severity=0.1)}
    kept = store.register(records, OFFICE, MODEL, json.dumps(both).encode(), "r.json")
    assert [each.channel for each in kept] == ["membership", "attribute"]
    with records.read() as connection:
        assert reading.read_measurement(connection, kept[1]).severity == 0.1


@pytest.mark.parametrize(
    "key", [ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1()),
            ec.generate_private_key(ec.SECP384R1())], ids=["ed25519", "p256", "p384"],
)  # fmt: skip
def test_a_result_that_an_enrolled_key_signed_counts_at_once(records: Records, key: Any) -> None:
    private, public = pem(key)
    enrolled = keys.enrol(records, OFFICER, "Nightly build", public, "pr-1")
    envelope = signature.sign(as_bytes(), "model:m-1", DAY, private)
    (kept,) = store.register(records, TEAM, MODEL, as_bytes(), "r.json", envelope=envelope)
    assert (kept.key_id, kept.measured_on, kept.counts) == (enrolled.id, DAY, True)


def test_a_signature_made_with_openssl_over_the_encoding_of_dsse_is_accepted(
    records: Records, tmp_path: Path
) -> None:
    key, payload = tmp_path / "key.pem", json.dumps({
        "_type": "https://in-toto.io/Statement/v1", "predicateType": signature.PREDICATE_TYPE,
        "subject": [{"name": "r.json", "digest": {"sha256": hashlib.sha256(as_bytes()).hexdigest()}}],
        "predicate": {"about": "model:m-1", "measured_on": "2026-11-02"},
    }).encode()  # fmt: skip
    kind = b"application/vnd.in-toto+json"
    (tmp_path / "pae").write_bytes(b"DSSEv1 28 %s %d %s" % (kind, len(payload), payload))
    for words in (
        f"genpkey -algorithm ed25519 -out {key}",
        f"pkey -in {key} -pubout -out {tmp_path}/public.pem",
        f"pkeyutl -sign -rawin -inkey {key} -in {tmp_path}/pae -out {tmp_path}/sig",
    ):
        subprocess.run(["openssl", *words.split()], check=True, capture_output=True)
    keys.enrol(records, OFFICER, "Build", (tmp_path / "public.pem").read_bytes())
    made = base64.b64encode((tmp_path / "sig").read_bytes()).decode()
    envelope = {"payload": base64.b64encode(payload).decode(), "payloadType": kind.decode(),
                "signatures": [{"keyid": "", "sig": made}]}  # fmt: skip
    (kept,) = store.register(
        records, TEAM, MODEL, as_bytes(), "r.json", envelope=json.dumps(envelope).encode()
    )
    assert kept.counts


def test_a_signature_for_another_file_subject_day_or_by_another_key_is_refused(
    records: Records,
) -> None:
    private, public = pem(ed25519.Ed25519PrivateKey.generate())
    key = keys.enrol(records, OFFICER, "Build", public)

    def register(envelope: bytes, **given: Any) -> Any:
        return store.register(
            records, TEAM, MODEL, as_bytes(), "r.json", envelope=envelope, **given
        )

    for wrong in (
        signature.sign(as_bytes(severity=0.1), "model:m-1", DAY, private),
        signature.sign(as_bytes(), "model:m-2", DAY, private),
        signature.sign(as_bytes(), "model:m-1", date(9000, 1, 1), private),
    ):
        with pytest.raises(BadInput):
            register(wrong)
    right = signature.sign(as_bytes(), "model:m-1", DAY, private)
    with pytest.raises(BadInput, match="another subject or day"):
        register(right, measured_on=date(2026, 11, 3))
    stranger, _ = pem(ed25519.Ed25519PrivateKey.generate())
    with pytest.raises(NotPermitted):
        register(signature.sign(as_bytes(), "model:m-1", DAY, stranger))
    keys.revoke(records, OFFICER, key.id)
    with pytest.raises(NotPermitted):
        register(right)
    with records.read() as connection:
        assert reading.list_registered(connection) == []


def test_a_signature_that_comes_later_is_added(records: Records) -> None:
    private, public = pem(ed25519.Ed25519PrivateKey.generate())
    keys.enrol(records, OFFICER, "Build", public)
    (first,) = store.register(records, TEAM, MODEL, as_bytes(), "r.json", measured_on=DAY)
    envelope = signature.sign(as_bytes(), "model:m-1", DAY, private)
    (signed,) = store.register(records, TEAM, MODEL, as_bytes(), "r.json", envelope=envelope)
    assert (first.counts, signed.id, signed.counts) == (False, first.id, True)


def test_only_the_office_enrols_a_key_and_only_public_ones_of_known_kinds(records: Records) -> None:
    private, public = pem(ed25519.Ed25519PrivateKey.generate())
    with pytest.raises(NotPermitted):
        keys.enrol(records, TEAM, "Build", public)
    _, other = pem(rsa.generate_private_key(65537, 2048))
    for wrong in (private, other, b"no key"):
        with pytest.raises(BadInput):
            keys.enrol(records, OFFICER, "Build", wrong)
    keys.enrol(records, OFFICER, "Build", public)
    with pytest.raises(Conflict):
        keys.enrol(records, OFFICER, "Build again", public)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('{"severity": NaN}', None),
        ('{"severity": 1e999}', None),
        ('{"a": 1, "a": 2}', None),
        ("[" * 100_000, None),
        ("[]", None),
        (json.dumps(result(severity=1.5)), "severity"),
        (json.dumps(result(severity=0.4)), "severity"),
        (json.dumps(result(tables={"roc": [{"fpr": 0.1, "tpr": 0.1}] * 201})), "tables.roc"),
        (json.dumps(result(tables={"roc": [{"fpr": 2, "tpr": 0.1}]})), "tables.roc.0.fpr"),
        (json.dumps(result(tables={"most_exposed": [{"id": "x" * 201}]})), "tables.most_exposed.0.id"),
        (json.dumps(result(beside=result(n=-1))), "beside.n"),
    ],
)  # fmt: skip
def test_a_result_file_that_is_wrong_is_refused_with_file_and_field(
    text: str, field: str | None
) -> None:
    with pytest.raises(BadInput) as refused:
        read_parts(text.encode(), "hostile.json")
    assert (refused.value.where, refused.value.field) == ({"file": "hostile.json"}, field)


def test_a_file_of_the_first_schema_version_is_read_still() -> None:
    optional = {"schema_version", "tables", "params", "caveats", "value", "ci_low", "ci_high",
                "extent", "baseline", "baseline_kind", "seed", "seconds", "peak_mb", "code_digest",
                "input_digest"}  # fmt: skip
    old = {name: value for name, value in result().items() if name not in optional}
    read = from_dict(read_result(json.dumps(old).encode(), "old.json"))
    assert (read.severity, read.value, dict(read.tables)) == (0.2, None, {})


def test_a_trend_is_cut_where_method_or_settings_changed(records: Records) -> None:
    later = [{}, {"method_version": "2"}, {"method_version": "2", "seconds": 9.0},
             {"method_version": "2", "params": {"attacks": ["lira"]}}]  # fmt: skip
    for number, changes in enumerate(later):
        data = as_bytes(**changes)
        store.register(
            records, OFFICE, MODEL, data, "r.json", measured_on=date(2026, 1, 1 + number)
        )
    with records.read() as connection:
        history = reading.list_registered(connection, subject=("model", "m-1"))
        contents = [reading.read_measurement(connection, each) for each in history]
    assert [len(run) for run in reading.runs(history)] == [1, 2, 1]
    assert reading.what_changed(contents[0], contents[1]) == ["method_version"]
    assert reading.what_changed(contents[1], contents[2]) == []
    assert reading.what_changed(contents[2], contents[3]) == ["attacks"]


def test_a_measurement_of_a_day_to_come_is_refused(records: Records) -> None:
    tomorrow = date.fromordinal(datetime.now(UTC).date().toordinal() + 1)
    with pytest.raises(BadInput):
        store.register(records, OFFICE, MODEL, as_bytes(), "r.json", measured_on=tomorrow)
