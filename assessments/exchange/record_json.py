"""The assessment record as JSON: of a decided assessment the frozen bytes, else a draft of the same shape.

The schema of the record is published as ``assessments/reports/record.schema.json``. A draft says so in
its "schema", has revision 1 at least, and may lack the decision; nothing else differs. Both are
checked before they leave.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema
import rfc8785

from assessments.errors import BadInput
from assessments.exchange.frame import Format, Subject
from assessments.exchange.loss import Exported, Loss
from assessments.reports.record import read_record, record_schema

DRAFT = "privacy-workbench/assessment-draft/v1"
_LOSSES = (
    Loss("history", "earlier answers and who gave them", "The record holds the answers as they stand."),
    Loss("comments", "threads of comments", "They belong to the review, not to the record."),
    Loss("evidence", "attached files", "The record names them with their digests; the files stay here."),
)  # fmt: skip


def write(subject: Subject) -> Exported:
    """Canonical JSON (RFC 8785), fit for its schema."""
    held = subject.frozen
    data = draft(subject.record) if held is None else read_record(held).data
    return Exported("json", f"{subject.record['assessment']['id']}.json", data, _LOSSES)


def draft(record: Mapping[str, Any]) -> bytes:
    """The record of an assessment that is not decided, in canonical form."""
    about = record["assessment"]
    content = {
        **record,
        "schema": DRAFT,
        "assessment": {**about, "revision": max(1, about["revision"])},
    }
    error = jsonschema.exceptions.best_match(
        jsonschema.Draft202012Validator(draft_schema()).iter_errors(content)
    )
    if error is not None:
        place = ".".join(str(part) for part in error.absolute_path) or None
        raise BadInput("The draft does not fit its schema", error.message[:300], field=place)
    return bytes(rfc8785.dumps(content))


@cache
def draft_schema() -> Mapping[str, Any]:
    """The record's schema, but for the name and a decision that may not be there yet."""
    schema = json.loads(json.dumps(record_schema()))
    properties = schema["properties"]
    properties["schema"] = {"const": DRAFT}
    properties["decision"] = {"anyOf": [properties["decision"], {"type": "null"}]}
    found: Mapping[str, Any] = schema | {"$id": DRAFT, "title": "Assessment draft, version 1"}
    return found


FORMAT = Format("json", "Assessment record", write=write)
