"""What made a result that is kept as evidence: digests of its code and of its data.

Known for the results that ``privacy leakage`` writes and for notebooks; anything else says nothing,
and nothing is guessed for it.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from assessments.evidence.media import JSON, NOTEBOOK, Media, read_json

MAX_NAMED = 50
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def read_origin(file: Path, media: Media) -> dict[str, Any] | None:
    """``made_by``, ``code`` and ``data`` digests, and whether every code cell was run."""
    if media not in (JSON, NOTEBOOK):
        return None
    content = read_json(file.read_bytes())
    if media is NOTEBOOK:
        return _of_notebook(content)
    return _of_leakage(content) if isinstance(content, dict) else None


def _of_leakage(content: dict[str, Any]) -> dict[str, Any] | None:
    inputs = content.get("inputs")
    if not {"measure", "results"} <= content.keys() or not isinstance(inputs, list):
        return None
    method = f"{content.get('method') or content['measure']} {content.get('method_version') or ''}"
    named = [str(each.get("sha256", "")) for each in inputs if isinstance(each, dict)]
    return {
        "made_by": f"leakage measure {method.strip()[:80]}",
        "code": [digest for digest in [content.get("code_digest")] if _is_digest(digest)],
        "data": [digest for digest in named if _is_digest(digest)][:MAX_NAMED],
        "is_executed": True,
    }


def _of_notebook(content: dict[str, Any]) -> dict[str, Any]:
    """Code: SHA-256 over the sources of the code cells, in order. Data: digests that outputs name."""
    cells = content["cells"] if isinstance(content["cells"], list) else []
    coded = [c for c in cells if isinstance(c, dict) and c.get("cell_type") == "code"]
    source = "\n".join(_joined(cell.get("source")) for cell in coded)
    printed = json.dumps([cell.get("outputs") for cell in coded])
    return {
        "made_by": "notebook",
        "code": [hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()],
        "data": list(dict.fromkeys(_DIGEST.findall(printed)))[:MAX_NAMED],
        "is_executed": all(cell.get("execution_count") for cell in coded) and bool(coded),
    }


def _is_digest(found: Any) -> bool:
    return isinstance(found, str) and _DIGEST.fullmatch(found) is not None


def _joined(source: Any) -> str:
    return "".join(str(line) for line in source) if isinstance(source, list) else str(source or "")
