"""No genuine pack is ever INVALID, whatever people write; ``PRIVACY_PACKS=500`` looks longer."""

from __future__ import annotations

import os
from base64 import b64encode
from functools import lru_cache
from typing import Any

import rfc8785
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assessments.signing.authority import Authority
from assessments.signing.verify import verify_here
from tests.assessments.reports.dpia import EVERY_SCRIPT, HOSTILE, make_record
from tests.assessments.signing.signed_pack import build, new_authority

PACKS = int(os.environ.get("PRIVACY_PACKS", "3"))
EMOJI = ("🙂", "👩‍💻", "🏳️‍🌈", "👨‍👩‍👧‍👦", "🇪🇺", "✅", "☎️", "1️⃣", "🫠", "🧑🏿‍🚀")
SCRIPTS = (
    EVERY_SCRIPT, HOSTILE, "አማርኛ", "မြန်မာ", "ქართული", "Հայերեն", "தமிழ்", "తెలుగు", "ខ្មែរ", "ລາວ",
    "සිංහල", "བོད་ཡིག", "ᏣᎳᎩ", "ߒߞߏ", "𐎀𐎁", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "ﷺ", "e\u0301\u0323", "\u202eabc", "\u200b", "a\u00adb",
)  # fmt: skip
words = st.one_of(
    st.sampled_from(SCRIPTS + EMOJI),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60),
)
texts = st.lists(words, min_size=1, max_size=4).map(" ".join)
FREE = {"title", "text", "name", "description", "owner", "comment", "note", "reason", "source",
        "impact", "reviewer", "by", "subject", "measure", "organisation", "path"}  # fmt: skip


@lru_cache(maxsize=1)
def authority() -> Authority:
    return new_authority()


def fill(data: st.DataObject, value: Any, key: str = "") -> Any:
    """The record with every free text replaced, ids and codes left as they are."""
    if isinstance(value, dict):
        return {
            name: inner if name in ("id", "people") and key == "" else fill(data, inner, name)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [fill(data, inner, "text" if key == "rows" else key) for inner in value]
    return data.draw(texts) if isinstance(value, str) and key in FREE else value


@given(data=st.data())
@settings(
    max_examples=PACKS, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
def test_whatever_people_write_their_pack_is_valid(
    data: st.DataObject, tmp_path_factory: Any
) -> None:
    written = make_record()
    people = written["people"]
    record = fill(data, written) | {"people": people, "seed": "5e" * 32}
    for person in record["people"]:
        person["title"] = data.draw(texts)
    made = build(authority(), rfc8785.dumps(record))
    path = tmp_path_factory.mktemp("pack") / "pack.zip"
    path.write_bytes(made.pack.zip())
    root = b64encode(made.root).decode()
    found = verify_here({"path": str(path), "root": root, "policy": None})
    assert found.verdict == "VALID", [c for c in found.checks if c.verdict != "VALID"]
