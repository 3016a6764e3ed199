"""``verify``: is this report, or pack, what these people signed and the organisation released?

The checks run in a child process with bounded time and memory, since the file may be hostile.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assessments.errors import BadInput, NotFound, WorkbenchError
from assessments.signing.evidence import Policy, read_evidence, read_policy, read_trust
from assessments.signing.verification import Check, Verification, incomplete

MEMORY = 3 * 1024**3
SECONDS = 120
_ERRORS: dict[str, type[WorkbenchError]] = {"BadInput": BadInput, "NotFound": NotFound}


def verify(
    path: str | Path,
    *,
    trust_root: Path | bytes | None = None,
    policy: Path | bytes | None = None,
    status: Path | bytes | None = None,
) -> Verification:
    """Check a pack (folder or zip) or a report; offline.

    trust_root: the organisation's root certificate, obtained over another channel; a file that goes
    on with the root's successors, each signed by the one before, carries trust over to the last.
    policy: who has to have signed. status: the published list of releases, for what came after. BadInput when the path is neither a report nor a pack.
    """
    request = {
        "path": str(Path(path).absolute()),
        "root": _text(_read(trust_root)),
        "policy": _text(_read(policy)),
        "status": _text(_read(status)),
    }
    answer = _ask_child(request)
    if "error" in answer:
        kind = _ERRORS.get(answer["error"], BadInput)
        raise kind(answer["title"], answer["detail"], field=answer["field"], where=answer["where"])
    return Verification.from_dict(answer)


def verify_here(request: dict[str, Any]) -> Verification:
    """The same in this process, without limits."""
    from assessments.signing.examine import examine

    evidence = read_evidence(Path(request["path"]))
    root = None if request["root"] is None else read_trust(b64decode(request["root"]), evidence)
    policy = Policy() if request["policy"] is None else read_policy(b64decode(request["policy"]))
    status = request.get("status") and b64decode(request["status"])
    return examine(evidence, root, policy, datetime.now(UTC), status)


def _ask_child(request: dict[str, Any]) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "assessments.signing.verify"],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        check = incomplete("limits", "the file needs more time or memory than a report may")
        return Verification.of([check]).as_dict()
    return answer


def _read(source: Path | bytes | None) -> bytes | None:
    if source is None or isinstance(source, bytes):
        return source
    try:
        return source.read_bytes()
    except OSError as error:
        raise NotFound("The file cannot be read", where={"file": source.name}) from error


def _text(data: bytes | None) -> str | None:
    return None if data is None else b64encode(data).decode()


def _main() -> None:
    """The child: limits first, then the checks; answers in JSON on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        answer = verify_here(json.load(sys.stdin)).as_dict()
    except WorkbenchError as error:
        answer = error.as_dict()
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main()

__all__ = ["Check", "Verification", "verify"]
