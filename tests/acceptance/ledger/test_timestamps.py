"""RFC 3161 tokens from a real authority (OpenSSL's), checked by us and by OpenSSL."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assessments.errors import BadInput, CannotSay
from assessments.ledger import note, store, timestamp
from assessments.ledger.checkpoint import make_checkpoint
from assessments.records import Records

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is absent"),
]
CONFIG = """
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
[tsa]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[plain]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
[tsa_default]
serial = serial
digests = sha256
default_policy = 1.2.3.4.1
signer_digest = sha256
ess_cert_id_alg = sha256
"""


def openssl(folder: Path, *command: object) -> subprocess.CompletedProcess[bytes]:
    words = ["openssl", *(str(word) for word in command)]
    return subprocess.run(words, cwd=folder, capture_output=True, check=False)


class Authority:
    """A root and a time-stamping certificate that OpenSSL made; answers over HTTP."""

    def __init__(self, folder: Path, extensions: str = "tsa") -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "tsa.cnf").write_text(CONFIG)
        (folder / "serial").write_text("01\n")
        self._certify("root", "root", "-key", "root.key")
        self._certify("tsa", extensions, "-CA", "root.crt", "-CAkey", "root.key", "-key", "tsa.key")
        self.root = timestamp.read_root((folder / "root.crt").read_bytes())

    def _certify(self, name: str, extensions: str, *more: str) -> None:
        made = openssl(self.folder, "genpkey", "-algorithm", "RSA", "-pkeyopt",
                       "rsa_keygen_bits:2048", "-out", f"{name}.key")  # fmt: skip
        assert made.returncode == 0
        made = openssl(self.folder, "req", "-x509", "-new", "-config", "tsa.cnf", "-subj",
                       f"/CN=Test {name}", "-days", "30", "-extensions", extensions,
                       *more, "-out", f"{name}.crt")  # fmt: skip
        assert made.returncode == 0, made.stderr

    def answer(self, request: bytes) -> bytes:
        (self.folder / "request.tsq").write_bytes(request)
        made = openssl(self.folder, "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa_default",
                       "-queryfile", "request.tsq", "-signer", "tsa.crt", "-inkey", "tsa.key",
                       "-out", "answer.tsr")  # fmt: skip
        return (self.folder / "answer.tsr").read_bytes() if made.returncode == 0 else b""

    def verify(self, data: bytes, response: bytes) -> str:
        (self.folder / "checkpoint").write_bytes(data)
        (self.folder / "checkpoint.tsr").write_bytes(response)
        done = openssl(self.folder, "ts", "-verify", "-data", "checkpoint", "-in",
                       "checkpoint.tsr", "-CAfile", "root.crt")  # fmt: skip
        return (done.stdout + done.stderr).decode()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "authority")


def serve(answer: object) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            assert callable(answer)
            body = answer(request)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def address(authority: Authority) -> Iterator[str]:
    yield from serve(authority.answer)


@pytest.fixture(scope="module")
def stamped(authority: Authority, address: str) -> bytes:
    return timestamp.ask(address, b"a checkpoint\n", authority.root)


def test_the_token_states_the_time_and_openssl_agrees(authority: Authority, stamped: bytes) -> None:
    at = timestamp.verify_response(stamped, b"a checkpoint\n", authority.root)
    assert abs(at - datetime.now(UTC)) < timedelta(minutes=2)
    assert "Verification: OK" in authority.verify(b"a checkpoint\n", stamped)


def test_both_refuse_other_data(authority: Authority, stamped: bytes) -> None:
    with pytest.raises(BadInput, match="other data"):
        timestamp.verify_response(stamped, b"another checkpoint\n", authority.root)
    assert "Verification: OK" not in authority.verify(b"another checkpoint\n", stamped)


def test_a_changed_byte_passes_only_where_openssl_lets_it_pass_too(
    authority: Authority, stamped: bytes
) -> None:
    passed = []
    for position in range(0, len(stamped), 3):
        changed = bytearray(stamped)
        changed[position] ^= 0x11
        try:
            timestamp.verify_response(bytes(changed), b"a checkpoint\n", authority.root)
        except BadInput:
            continue
        passed.append(position)
        assert "Verification: OK" in authority.verify(b"a checkpoint\n", bytes(changed))
    assert len(passed) <= 3


def test_a_token_of_another_root_or_of_an_ordinary_certificate_is_refused(
    authority: Authority, stamped: bytes, tmp_path: Path
) -> None:
    other = Authority(tmp_path / "other")
    with pytest.raises(BadInput, match="root"):
        timestamp.verify_response(stamped, b"a checkpoint\n", other.root)
    plain = Authority(tmp_path / "plain", "plain")
    request = timestamp.make_request(b"a checkpoint\n", 7)
    assert plain.answer(request) == b"" or pytest.fail("OpenSSL stamped without the purpose")


def test_an_answer_to_another_request_is_refused(authority: Authority) -> None:
    request = timestamp.make_request(b"a checkpoint\n", 7)
    old = authority.answer(request)
    for address in serve(lambda _: old):
        with pytest.raises(BadInput, match="another request"):
            timestamp.ask(address, b"a checkpoint\n", authority.root)


@pytest.mark.parametrize(
    "answer", [b"", b"<html>", b"0\x03\x02\x01\x02" * 5, b"\x30\x05\x30\x03\x02\x01\x02"]
)
def test_nonsense_and_refusals_are_bad_input(authority: Authority, answer: bytes) -> None:
    for address in serve(lambda _: answer):
        with pytest.raises(BadInput):
            timestamp.ask(address, b"a checkpoint\n", authority.root)


def test_an_absent_authority_cannot_say(authority: Authority) -> None:
    with pytest.raises(CannotSay):
        timestamp.ask("http://127.0.0.1:9/", b"x", authority.root)
    with pytest.raises(BadInput, match="address"):
        timestamp.ask("file:///etc/passwd", b"x", authority.root)


def test_a_checkpoint_keeps_its_tokens(authority: Authority, address: str, tmp_path: Path) -> None:
    records = Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")
    log = note.Signer("ledger.example", Ed25519PrivateKey.generate())
    with records.engine.begin() as connection:
        store.append(connection, b"{}")
    with records.engine.begin() as connection:
        made = make_checkpoint(connection, [log], datetime.now(UTC))
    response = timestamp.ask(address, made.encode(), authority.root)
    with records.engine.begin() as connection:
        timestamp.keep(connection, 1, timestamp.Stamped(made, response), datetime.now(UTC))
    with records.read() as connection:
        (kept,) = timestamp.stamps_at(connection, 1)
    assert kept == timestamp.Stamped(made, response)
    assert "Verification: OK" in authority.verify(kept.note.encode(), kept.response)
