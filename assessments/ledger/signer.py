"""The checkpoint key in a process of its own: ``python -m assessments.ledger.signer``.

Run it as another operating-system user. The application reaches it over a Unix socket, one JSON
object a line, and can only ask for the public keys, the last signed head, and a signature with a
proof that the tree continues that head. Whoever owns the application can then append lies from now
on, and cannot rewrite what was signed. Restoring and rotating are done here, by the signer's owner.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import socketserver
import sys
from collections.abc import Sequence
from getpass import getpass
from pathlib import Path
from typing import Any

from assessments.errors import BadInput, WorkbenchError
from assessments.ledger import keys
from assessments.ledger.keys import LogKey
from assessments.ledger.proof import read_hashes

PASSPHRASE_VARIABLE = "PRIVACY_LEDGER_PASSPHRASE"  # noqa: S105
MAX_REQUEST = 65_536
TIMEOUT = 10


class SignerServer(socketserver.UnixStreamServer):
    """One request at a time; the memory of the last head allows no two at once anyway."""

    def __init__(self, socket: Path, key: LogKey, mode: int = 0o600) -> None:
        self.key = key
        socket.unlink(missing_ok=True)
        mask = os.umask(0o777 & ~mask_of(mode))
        try:
            super().__init__(str(socket), _Handler)
        finally:
            os.umask(mask)


class _Handler(socketserver.StreamRequestHandler):
    timeout = TIMEOUT
    server: SignerServer

    def handle(self) -> None:
        """Answer one line with one line; whatever arrives, the process stays up."""
        try:
            raw = self.rfile.readline(MAX_REQUEST + 1)
            answer = answer_request(self.server.key, raw)
            self.wfile.write(json.dumps(answer).encode() + b"\n")
        except OSError:
            return


def mask_of(mode: int) -> int:
    """The permission bits that a socket may have; never for others."""
    if mode & ~0o660:
        raise BadInput("The signer's socket is for its owner and group only", field="mode")
    return mode


def answer_request(key: LogKey, raw: bytes) -> dict[str, Any]:
    """What the signer says to one line: keys, last head, or signature lines; else the refusal."""
    try:
        asked = _parse(raw)
        if asked["op"] == "keys":
            return {"name": key.name, "vkeys": [verifier.vkey for verifier in key.verifiers]}
        if asked["op"] == "last":
            last = key.memory.last()
            return {"last": None if last is None else last.size}
        if asked["op"] == "sign":
            path = read_hashes(asked["proof"])
            return {"lines": key.sign_checkpoint(str(asked["text"]), lambda _: path)}
        raise BadInput("The signer does not know this request", field="op")
    except WorkbenchError as error:
        return error.as_dict()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return BadInput("The request is malformed", type(error).__name__).as_dict()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the key in a folder until the process is ended."""
    parser = argparse.ArgumentParser(prog="python -m assessments.ledger.signer")
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--keys", type=Path, required=True, help="folder with the key and memory")
    parser.add_argument("--mode", type=lambda text: int(text, 8), default=0o600)
    given = parser.parse_args(arguments)
    passphrase = os.environ.pop(PASSPHRASE_VARIABLE, None) or getpass("Passphrase: ")
    try:
        server = SignerServer(given.socket, keys.open_key(given.keys, passphrase), given.mode)
    except WorkbenchError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write(f"signing for {server.key.name}\n")
    sys.stdout.flush()
    with server:
        server.serve_forever()
    return 0


def encode_hashes(path: Sequence[bytes]) -> list[str]:
    """The consistency path as the signer reads it."""
    return [base64.b64encode(digest).decode() for digest in path]


def _parse(raw: bytes) -> dict[str, Any]:
    if len(raw) > MAX_REQUEST:
        raise BadInput("The request is too large")
    try:
        asked = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadInput("The request is not JSON") from error
    if not isinstance(asked, dict) or not isinstance(asked.get("op"), str):
        raise BadInput("The request is malformed", "Expected an object with op.")
    return asked


if __name__ == "__main__":
    sys.exit(main())
