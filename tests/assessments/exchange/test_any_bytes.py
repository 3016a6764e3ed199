"""Whatever bytes arrive: a reading, or an error that the product raises on purpose."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.errors import WorkbenchError
from assessments.exchange.keep import preview
from tests.assessments.exchange.pia import pia

names = st.sampled_from(["x.json", "x.zip", "x.yaml", "x.yml", "x.xlsx", "x.csv", "x", "x.bin"])
words = st.sampled_from(
    ["pia", "answers", "measures", "evaluations", "comments", "name", "export", "pia_id", "structure",
     "data", "sections", "items", "questions", "knowledges", "system", "dataset", "metadata", "urn",
     "tasks", "id", "title", "version", "fides_key", "collections", "text", "list", "gauge"]
)  # fmt: skip
leaves = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
)
content = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=5),
    max_leaves=25,
)
WHOLE = json.dumps(pia()).encode()


def tried(data: bytes, name: str) -> None:
    """Any other exception fails the test."""
    with contextlib.suppress(WorkbenchError):
        assert preview(data, name).readings


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=content, name=names)
def test_any_json_is_read_or_refused(content: Any, name: str) -> None:
    tried(json.dumps(content).encode(), name)


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=200), name=names)
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    tried(data, name)


@settings(max_examples=60, deadline=None)
@given(position=st.integers(0, len(WHOLE) - 1), byte=st.integers(0, 255), is_packed=st.booleans())
def test_a_damaged_byte_is_read_or_refused(position: int, byte: int, is_packed: bool) -> None:
    data = bytearray(WHOLE)
    if is_packed:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("pia.json", WHOLE)
        data = bytearray(made.getvalue())
    data[position % len(data)] = byte
    tried(bytes(data), "pia.zip" if is_packed else "pia.json")
