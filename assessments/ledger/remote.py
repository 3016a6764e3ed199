"""Asking the signer process for signatures over its Unix socket."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessments import errors
from assessments.errors import BadInput, Busy, WorkbenchError
from assessments.ledger.note import Verifier
from assessments.ledger.signer import MAX_REQUEST, TIMEOUT, encode_hashes


@dataclass(frozen=True, slots=True)
class RemoteKey:
    """The ledger's key as the application knows it: a socket, a name and public keys."""

    socket: Path
    name: str
    verifiers: tuple[Verifier, ...]

    @classmethod
    def connect(cls, path: Path) -> RemoteKey:
        """Ask the signer who it is."""
        said = _ask(path, {"op": "keys"})
        return cls(path, str(said["name"]), tuple(Verifier.parse(v) for v in said["vkeys"]))

    @property
    def verifier(self) -> Verifier:
        """The newest public key."""
        return self.verifiers[0]

    def sign_checkpoint(self, text: str, prove: Callable[[int], Sequence[bytes]]) -> list[str]:
        """Prove growth from what the signer remembers, and take its lines."""
        last = _ask(self.socket, {"op": "last"})["last"]
        size = int(text.split("\n")[1])
        path = prove(last) if last and last <= size else []
        said = _ask(self.socket, {"op": "sign", "text": text, "proof": encode_hashes(path)})
        return [str(line) for line in said["lines"]]


def _ask(path: Path, request: dict[str, Any]) -> dict[str, Any]:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
            channel.settimeout(TIMEOUT)
            channel.connect(str(path))
            channel.sendall(json.dumps(request).encode() + b"\n")
            with channel.makefile("rb") as answer:
                said = json.loads(answer.readline(MAX_REQUEST + 1))
    except (OSError, ValueError) as error:
        raise Busy(
            "The ledger's signer does not answer",
            f"Start it, or try again ({type(error).__name__}). Nothing was signed.",
        ) from error
    if "error" in said:
        raise _refusal(said)
    return dict(said)


def _refusal(said: dict[str, Any]) -> WorkbenchError:
    kind = getattr(errors, str(said["error"]), BadInput)
    if not (isinstance(kind, type) and issubclass(kind, WorkbenchError)):
        kind = BadInput
    return kind(str(said.get("title")), str(said.get("detail")), field=said.get("field"))
