"""Entries never hold personal data, nor a hash from which it can be guessed."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from assessments.ledger.impersonal import check_facts

FILE_DIGEST = hashlib.sha256(b"a whole file").hexdigest()


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "facts",
    [
        {"name": "x"},
        {"Email": "x"},
        {"author_name": "x"},
        {"ownerName": "x"},
        {"emailSha256": FILE_DIGEST},
        {"e-mail": "x"},
        {"phone_number": 1},
        {"people": [{"home_address": "x"}]},
        {"who": "anna@x.example"},
        {"list": ["fine", "anna@x.example"]},
        {"call": "+49 170 123 45 67"},
    ],
)
def test_personal_facts_are_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="personal"):
        check_facts(facts, None)


@pytest.mark.parametrize("answer", ["yes", "no", "true", "approved", "male", "1"])
@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
def test_an_unsalted_hash_of_a_small_answer_is_refused(answer: str, algorithm: str) -> None:
    digest = hashlib.new(algorithm, answer.encode()).hexdigest()
    with pytest.raises(ValueError, match="guessed"):
        check_facts({"answer_digest": digest.upper()}, None)


@pytest.mark.parametrize("text", ["Anna Weber", "anna weber", "anna@x.example"])
def test_an_unsalted_hash_of_the_private_payload_is_refused(text: str) -> None:
    private = {"person": {"name": "Anna Weber", "email": "anna@x.example"}}
    with pytest.raises(ValueError, match="guessed"):
        check_facts({"who": sha256(text)}, private)


def test_the_refusal_names_the_place_and_never_the_value() -> None:
    with pytest.raises(ValueError, match=r"facts\.who") as refused:
        check_facts({"who": "anna@x.example"}, None)
    assert "anna" not in str(refused.value)


def test_facts_about_files_and_counts_pass() -> None:
    check_facts(
        {
            "sha256": FILE_DIGEST,
            "file_name": "datasets.csv",
            "conditions": 2,
            "outcome": "approved",
            "valid_from": "2026-11-20",
            "vkey": "ledger.example+00000000+AAAA",
            "template": {"id": "dpia", "comments": 3},
        },
        {"reason": "a reason"},
    )
