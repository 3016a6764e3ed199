"""A redacted edition: hides what it says, shows what was signed, and every forged twin is found."""

from __future__ import annotations

import hashlib
import io
import json
from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.errors import BadInput, NotPossibleNow
from assessments.reports.edition import make_edition
from assessments.reports.pack import Pack
from assessments.reports.record import read_record
from assessments.reports.redaction import (
    edition_root,
    leaves_root,
    pointers,
    read_edition,
    redact,
    stand_in,
)
from assessments.reports.render import render_report
from assessments.signing.verification import Verification
from assessments.signing.verify import verify_here
from tests.assessments.reports.dpia import make_record, record_bytes
from tests.assessments.signing.signed_pack import SignedPack, build, make_signed_pack, new_authority

SEED = "5e" * 32
SECRET = "The salts are kept in the vault on the third floor"
Files = dict[str, bytes]


def record() -> bytes:
    content = make_record() | {"seed": SEED}
    content["sections"][1]["questions"][0]["text"] = SECRET
    content["sections"][1]["questions"][0]["value"] = SECRET
    return rfc8785.dumps(content)


@lru_cache(maxsize=1)
def signed() -> SignedPack:
    return build(new_authority(), record())


@lru_cache(maxsize=1)
def made() -> tuple[Pack, int]:
    section = make_record()["sections"][1]["id"]
    return make_edition(dict(signed().pack.files), frozenset({"people", f"section:{section}"}))


def files() -> Files:
    return dict(made()[0].files)


def look_at(found: Files, tmp_path: Path, root: bytes | None = None) -> Verification:
    path = tmp_path / "edition.zip"
    path.write_bytes(Pack(found).zip())
    text = b64encode(root or signed().root).decode()
    return verify_here({"path": str(path), "root": text, "policy": None})


def test_an_edition_is_valid_under_the_root_of_the_original(tmp_path: Path) -> None:
    found = look_at(files(), tmp_path)
    assert found.verdict == "VALID", found.checks
    assert "shown parts" in {check.name for check in found.checks}


def test_what_is_hidden_is_in_no_file_and_the_salts_of_hidden_parts_neither() -> None:
    _, hidden = made()
    assert hidden > 5
    found = files()
    with pikepdf.open(io.BytesIO(found["redacted.pdf"])) as pages:
        streams = b"".join(bytes(o.read_bytes()) for o in pages.objects
                           if isinstance(o, pikepdf.Stream) and o.get("/Subtype") != "/Image")  # fmt: skip
    everything = b"".join(found.values()) + streams
    assert SECRET.encode() not in everything
    assert SEED.encode() not in everything
    owner = make_record()["project"]["owner"].encode()
    assert owner not in found["redacted.json"]
    edition = json.loads(found["redacted.json"])
    assert not any(path.startswith("/people/0/name") for path in edition["salts"])


def changed_json(change: Callable[[dict[str, Any]], None]) -> Callable[[Files], Files]:
    def forge(found: Files) -> Files:
        edition = json.loads(found["redacted.json"])
        change(edition)
        return found | {"redacted.json": rfc8785.dumps(edition)}

    return forge


def shown_changed(edition: dict[str, Any]) -> None:
    edition["record"]["decision"]["outcome"] = "approved"


def shown_added(edition: dict[str, Any]) -> None:
    edition["record"]["decision"]["conditions"].append(
        {"id": "C9", "text": "None", "owner": "x", "due_on": None}
    )


def shown_dropped(edition: dict[str, Any]) -> None:
    edition["record"]["risks"].pop()


def salt_changed(edition: dict[str, Any]) -> None:
    edition["salts"]["/project/name"] = "00" * 32


def salt_missing(edition: dict[str, Any]) -> None:
    del edition["salts"]["/project/name"]


def hidden_replaced(edition: dict[str, Any]) -> None:
    edition["record"]["project"]["owner"] = {"redacted": "00" * 32}


def hidden_shown_with_another_value(edition: dict[str, Any]) -> None:
    edition["record"]["project"]["owner"] = "Somebody else"
    edition["salts"]["/project/owner"] = "11" * 32


def rows_swapped(edition: dict[str, Any]) -> None:
    sections = edition["record"]["sections"]
    sections[0], sections[1] = sections[1], sections[0]


def another_revision(edition: dict[str, Any]) -> None:
    edition["record"]["assessment"]["revision"] += 1


def pages_of_another_text(found: Files) -> Files:
    return found | {"redacted.pdf": found["redacted.pdf"] + b"\n% more"}


def pages_typeset_with_another_decision(found: Files) -> Files:
    edition = json.loads(found["redacted.json"])
    edition["record"]["decision"]["outcome"] = "approved"
    return found | {"redacted.pdf": render_report(stand_in(edition, "0" * 64).data)}


def statement_of_another_pack(found: Files) -> Files:
    other = make_signed_pack().pack.files
    return found | {name: other[name] for name in found if name in other}


def without_the_list(found: Files) -> Files:
    return {name: data for name, data in found.items() if name != "issuing.crl"}


def list_of_another_authority(found: Files) -> Files:
    own = new_authority()
    return found | {"issuing.crl": own.revocation_lists()[0]}


def release_of_another_file(found: Files) -> Files:
    said = json.loads(found["released.json"])
    said["facts"]["sha256"] = hashlib.sha256(b"x").hexdigest()
    return found | {"released.json": rfc8785.dumps(said)}


def one_file_more(found: Files) -> Files:
    return found | {"addendum.txt": b"approved"}


FORGED = [
    *(changed_json(change) for change in (
        shown_changed, shown_added, shown_dropped, salt_changed, salt_missing, hidden_replaced,
        hidden_shown_with_another_value, rows_swapped, another_revision,
    )),
    pages_of_another_text, pages_typeset_with_another_decision, statement_of_another_pack,
    without_the_list, list_of_another_authority, release_of_another_file, one_file_more,
]  # fmt: skip


@pytest.mark.parametrize("forge", FORGED)
def test_no_forged_edition_is_valid(forge: Callable[[Files], Files], tmp_path: Path) -> None:
    assert look_at(forge(files()), tmp_path).verdict == "INVALID"


@pytest.mark.parametrize("name", sorted(made()[0].files))
def test_a_changed_byte_in_any_file_is_never_valid(name: str, tmp_path: Path) -> None:
    found = files()
    content = bytearray(found[name])
    content[len(content) // 2] ^= 1
    try:
        verdict = look_at(found | {name: bytes(content)}, tmp_path).verdict
    except BadInput:
        return
    assert verdict == "INVALID"


def test_an_edition_made_wholly_by_an_attacker_is_invalid_under_the_real_root(
    tmp_path: Path,
) -> None:
    forged, _ = make_edition(dict(build(new_authority(), record()).pack.files), frozenset())
    assert look_at(dict(forged.files), tmp_path).verdict == "INVALID"


def test_structure_figures_and_states_cannot_be_hidden() -> None:
    read = read_record(record())
    for pointer in ("/decision/outcome", "/risks/0/severity", "/assessment", "/sections/0/id"):
        with pytest.raises(BadInput, match="cannot be hidden"):
            redact(read, pointers(read, frozenset({pointer})))


def test_what_is_not_there_cannot_be_hidden() -> None:
    read = read_record(record())
    for choice in ("question:none", "section:none", "/none"):
        with pytest.raises(BadInput, match="The record has no"):
            pointers(read, frozenset({choice}))
    with pytest.raises(BadInput, match="cannot be hidden"):
        pointers(read, frozenset({"everything"}))


def test_a_record_without_a_seed_has_no_edition() -> None:
    read = read_record(record_bytes())
    assert leaves_root(read) is None
    with pytest.raises(NotPossibleNow, match="seed"):
        redact(read, frozenset())


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_any_choice_of_hidden_parts_proves_the_same_root(data: st.DataObject) -> None:
    read = read_record(record())
    every = sorted(pointers(read, frozenset({"people", "notes", "risks", "measures", "sources"})))
    hidden = frozenset(data.draw(st.sets(st.sampled_from(every))))
    edition = read_edition(redact(read, hidden))
    assert edition_root(edition) == leaves_root(read)
    assert not hidden & edition["salts"].keys()
    stand_in(edition, read.sha256)


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[]", b"null", b'{"schema":1}', b"[" * 100_000, b"\xff"]
)
def test_any_other_file_is_no_edition(text: bytes) -> None:
    with pytest.raises(BadInput):
        read_edition(text)
