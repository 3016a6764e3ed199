"""Check a pack with nothing but this file and Python's standard library: a second pair of eyes.

    python3 -I check_pack.py FOLDER_OR_ZIP ROOT.crt

It is short so that an auditor can read all of it. It follows the organisation's root to the
signers' keys, and those to the statement, every file, the report's signatures and the ledger.
CONSISTENT (exit 0) says that these hold. It does not typeset the report again, look into what
the PDF draws, check an archive time-stamp, or ask who was allowed to sign: `privacy verify` does. BROKEN is exit 1.
Sources: RFC 5280, 5652, 6962, 8017, 8032, FIPS 186-5, DSSE v1, C2SP signed-note and tlog-proof.
"""

import base64
import hashlib
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Point = tuple[int, int]
Files = dict[str, bytes]
ROLES = ("author", "dpo", "approver")
LIMIT = 200_000_000
ECDSA_SHA256 = bytes.fromhex("2a8648ce3d040302")
MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
BASIC_CONSTRAINTS = bytes.fromhex("551d13")
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")


class Broken(Exception):
    """Something does not hold."""


def need(condition: object, why: str) -> None:
    if not condition:
        raise Broken(why)


def der(data: bytes, at: int = 0) -> tuple[int, bytes, bytes, int]:
    """One element: (tag, content, whole, end)."""
    tag, length, start = data[at], data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        need(0 < count <= 4, "DER length")
        length, start = int.from_bytes(data[start : start + count], "big"), start + count
    need(start + length <= len(data), "DER is cut off")
    return tag, data[start : start + length], data[at : start + length], start + length


def children(content: bytes) -> list[tuple[int, bytes, bytes]]:
    found, at = [], 0
    while at < len(content):
        tag, inner, whole, at = der(content, at)
        found.append((tag, inner, whole))
    return found


P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def integers(data: bytes) -> list[int]:
    """A DER sequence of positive integers in their shortest form, and nothing else."""
    tag, content, _, end = der(data)
    found = children(content)
    need(tag == 0x30 and end == len(data) and len(found) == 2, "not a pair of integers")
    for kind, inner, _ in found:
        need(kind == 2 and inner and inner[0] < 0x80, "not a positive integer")
        need(inner[0] or len(inner) == 1 or inner[1] >= 0x80, "not the shortest form")
    return [int.from_bytes(inner, "big") for _, inner, _ in found]


def p256_add(a: Point | None, b: Point | None) -> Point | None:
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P) % P
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P) % P
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def p256_times(k: int, point: Point | None) -> Point | None:
    found: Point | None = None
    while k:
        if k & 1:
            found = p256_add(found, point)
        point, k = p256_add(point, point), k >> 1
    return found


def ecdsa(public: bytes, signature: bytes, message: bytes) -> None:
    """FIPS 186-5, 6.4.2; public is the uncompressed point, signature DER."""
    need(len(public) == 65 and public[0] == 4, "not an uncompressed P-256 key")
    point = int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big")
    need((point[1] ** 2 - point[0] ** 3 + 3 * point[0] - B) % P == 0, "the key is not on the curve")
    r, s = integers(signature)
    need(0 < r < N and 0 < s < N, "an ECDSA signature is out of range")
    inverse, digest = pow(s, -1, N), int.from_bytes(hashlib.sha256(message).digest(), "big")
    sum_ = p256_add(p256_times(digest * inverse % N, G), p256_times(r * inverse % N, point))
    need(sum_ is not None and sum_[0] % N == r, "an ECDSA signature does not verify")


def rsa(public: bytes, signature: bytes, message: bytes) -> None:
    """RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2.2)."""
    n, e = integers(public)
    size = (n.bit_length() + 7) // 8
    need(n.bit_length() >= 2048 and len(signature) == size, "an RSA key or signature is too short")
    told = pow(int.from_bytes(signature, "big"), e, n).to_bytes(size, "big")
    tail = SHA256_PREFIX + hashlib.sha256(message).digest()
    need(told == b"\0\1" + b"\xff" * (size - len(tail) - 3) + b"\0" + tail,
         "an RSA signature does not verify")  # fmt: skip


Q = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, Q) % Q
ED_BASE_Y = 4 * pow(5, -1, Q) % Q


def ed_point(data: bytes) -> Point:
    y = int.from_bytes(data, "little") & ((1 << 255) - 1)
    need(y < Q, "an Ed25519 point is not canonical")
    xx = (y * y - 1) * pow(D * y * y + 1, -1, Q) % Q
    x = pow(xx, (Q + 3) // 8, Q)
    if (x * x - xx) % Q:
        x = x * pow(2, (Q - 1) // 4, Q) % Q
    need((x * x - xx) % Q == 0, "an Ed25519 point is not on the curve")
    return (Q - x if x & 1 != data[31] >> 7 else x), y


def ed_add(a: Point, b: Point) -> Point:
    t = D * a[0] * b[0] * a[1] * b[1] % Q
    x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + t, -1, Q) % Q
    return x, (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, -1, Q) % Q


def ed_times(k: int, point: Point) -> Point:
    found = 0, 1
    while k:
        if k & 1:
            found = ed_add(found, point)
        point, k = ed_add(point, point), k >> 1
    return found


def ed25519(public: bytes, signature: bytes, message: bytes) -> None:
    """RFC 8032, 5.1.7."""
    need(len(public) == 32 and len(signature) == 64, "an Ed25519 key or signature has another size")
    a, r, s = ed_point(public), ed_point(signature[:32]), int.from_bytes(signature[32:], "little")
    need(s < L, "an Ed25519 signature is out of range")
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    base = ed_point(ED_BASE_Y.to_bytes(32, "little"))
    need(ed_times(s, base) == ed_add(r, ed_times(k, a)), "an Ed25519 signature does not verify")


class Certificate:
    """The parts of an X.509 certificate that are needed here."""

    def __init__(self, data: bytes) -> None:
        if data.lstrip().startswith(b"-----"):
            data = base64.b64decode(b"".join(data.strip().splitlines()[1:-1]))
        self.der = data
        (_, tbs, self.signed), (_, algorithm, _), (_, bits, _) = children(der(data)[1])
        self.signature, self.algorithm = bits[1:], children(algorithm)[0][1]
        parts = children(tbs)[1:]
        self.serial, self.issuer, self.subject = parts[0][1], parts[2][2], parts[4][2]
        self.start, self.end = (moment(inner) for _, inner, _ in children(parts[3][1]))
        _, (_, key, _) = children(parts[5][1])
        self.spki, self.key = parts[5][2], key[1:]
        extensions = {
            children(inner)[0][1]: children(inner)[-1][1]
            for tag, content, _ in parts[6:] if tag == 0xA3
            for _, inner, _ in children(der(content)[1])
        }  # fmt: skip
        constraints = der(extensions.get(BASIC_CONSTRAINTS, b"\x30\x00"))[1]
        self.is_authority = constraints[:3] == b"\x01\x01\xff"

    def check_issued_by(self, issuer: "Certificate", now: datetime) -> None:
        need(
            self.issuer == issuer.subject and issuer.is_authority,
            "a certificate has another issuer",
        )
        need(self.start <= now and issuer.start <= now, "a certificate is not valid yet")
        need(self.algorithm == ECDSA_SHA256, "a certificate has another algorithm")
        ecdsa(issuer.key, self.signature, self.signed)


def moment(text: bytes) -> datetime:
    value = text.decode("ascii")
    full = value if len(value) == 15 else ("20" if value[:2] < "50" else "19") + value
    return datetime.strptime(full, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def signers(files: Files) -> tuple[str, ...]:
    """Who signs, as the record says; the statement that they sign names the record's digest."""
    roles = tuple(json.loads(files["assessment.json"]).get("signers", ROLES))
    need(roles in (ROLES, ("author", "approver")), "the record names nobody who can sign it")
    return roles


def check_chain(
    files: Files, root_data: bytes, now: datetime
) -> tuple[Certificate, dict[str, Certificate]]:
    root, issuing = Certificate(root_data), Certificate(files["issuing.crt"])
    need(Certificate(files["root.crt"]).der == root.der, "root.crt is not the root that you trust")
    issuing.check_issued_by(root, now)
    people = {role: Certificate(files[f"{role}.crt"]) for role in signers(files)}
    for person in people.values():
        person.check_issued_by(issuing, now)
        need(not person.is_authority, "a signer's certificate is an authority")
    need(len({p.spki for p in people.values()}) == len(people), "two roles share a key")
    return issuing, people


def check_statement(files: Files, people: dict[str, Certificate]) -> dict[str, Any]:
    envelope = json.loads(files["att.dsse.json"])
    kind, payload = envelope["payloadType"].encode(), base64.b64decode(envelope["payload"])
    told = {s["keyid"]: base64.b64decode(s["sig"], validate=True) for s in envelope["signatures"]}
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    for person in people.values():
        ecdsa(person.key, told[hashlib.sha256(person.spki).hexdigest()], message)
    for role, person in people.items():
        hint = hashlib.sha256(person.spki).hexdigest()
        bundle = json.loads(files[f"{role}.sigstore.json"])
        own = bundle["dsseEnvelope"].pop("signatures")
        need(bundle == {
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {"publicKey": {"hint": hint}, "tlogEntries": []},
            "dsseEnvelope": {"payload": envelope["payload"], "payloadType": kind.decode()},
        }, "a bundle states something else")  # fmt: skip
        need([signature["keyid"] for signature in own] == [hint], "a bundle is of another key")
        ecdsa(person.key, base64.b64decode(own[0]["sig"], validate=True), message)
    statement: dict[str, Any] = json.loads(payload)
    named = {s["name"]: s["digest"]["sha256"] for s in statement["subject"]}
    need(len(named) == len(statement["subject"]), "the statement names a file twice")
    unsigned = {"att.dsse.json", *(f"{role}.sigstore.json" for role in people)}
    found = {n: hashlib.sha256(d).hexdigest() for n, d in files.items() if n not in unsigned}
    need(found == named, f"files differ from the statement: {sorted(differing(found, named))}")
    record = statement["predicate"]["record_sha256"]
    need(found["assessment.json"] == record, "the statement is about another record")
    assessment = json.loads(files["assessment.json"])["assessment"]
    need((assessment["id"], assessment["revision"])
         == (statement["predicate"]["assessment"], statement["predicate"]["revision"]),
         "the statement is about another assessment or revision")  # fmt: skip
    return statement


def differing(a: dict[str, str], b: dict[str, str]) -> set[str]:
    return {name for name in a.keys() | b.keys() if a.get(name) != b.get(name)}


def check_report(
    data: bytes, issuing: Certificate, people: dict[str, Certificate], now: datetime
) -> None:
    """Signed by the people of the statement in their order, the last signature over all of it."""
    found = [
        [int(n) for n in m] for m in re.findall(rb"/ByteRange *\[(\d+) (\d+) (\d+) (\d+) *\]", data)
    ]
    archived = len(found) == len(people) + 1 and b"/ETSI.RFC3161" in data
    need(len(found) == len(people) + archived, "the report has not one signature a role")
    *_, (start, gap, rest, length) = found
    need(start == 0 and rest + length == len(data), "something follows the last signature")
    need(re.fullmatch(rb"<[0-9a-fA-F]*>", data[gap:rest]), "the last leaves more than itself out")
    ends = []
    for role, (zero, before, after, rest) in zip(people, found[: len(people)], strict=True):
        need(zero == 0 and before < after, f"the {role}'s signature covers other bytes")
        hexed = re.fullmatch(rb"<([0-9a-fA-F]*)>", data[before:after])
        need(hexed, f"the {role}'s signature leaves more than itself out")
        cms = bytes.fromhex(hexed[1].decode()) if hexed else b""
        signer = check_cms(cms, data[:before] + data[after : after + rest], issuing, now)
        need(signer.subject == people[role].subject, f"another person signed as {role}")
        ends.append(after + rest)
    need(ends == sorted(set(ends)), "the signatures are out of order")
    need(archived or ends[-1] == len(data), "something follows the last signature")


def check_cms(data: bytes, message: bytes, issuing: Certificate, now: datetime) -> Certificate:
    """RFC 5652, 5.4: the signed attributes hold the digest of the message."""
    _, outer, _, end = der(data)
    need(not any(data[end:]), "something hides behind a signature")
    content = children(children(children(outer)[1][1])[0][1])
    signer = children(children(content[-1][1])[0][1])
    certificates = [Certificate(whole) for tag, inner, _ in content if tag == 0xA0
                    for _, _, whole in children(inner)]  # fmt: skip
    serial = children(signer[1][1])[1][1]
    need(serial in [c.serial for c in certificates], "a signature comes without its certificate")
    person = next(c for c in certificates if c.serial == serial)
    person.check_issued_by(issuing, now)
    tag, attributes, whole = signer[3]
    need(tag == 0xA0, "a signature has no signed attributes")
    digests = [children(children(i)[1][1])[0][1] for _, i, _ in children(attributes)
               if children(i)[0][1] == MESSAGE_DIGEST]  # fmt: skip
    need(digests == [hashlib.sha256(message).digest()], "the report was changed after a signature")
    rsa(person.key, signer[5][1], b"\x31" + whole[1:])
    return person


def check_ledger(files: Files) -> None:
    """The entry names the report; the proof leads from it to the root that the log signed."""
    name, log_id, public = files["vkey"].decode().strip().split("+", 2)
    key = base64.b64decode(public)[1:]
    proof, text = files["report.tlog-proof"].decode().split("\n\n", 1)
    head, signatures = text.split("\n\n", 1)
    head += "\n"
    lines = [line.split(" ") for line in signatures.strip().splitlines()]
    own = [base64.b64decode(w[2]) for w in lines if w[0] == "\u2014" and w[1] == name]
    own = [s[4:] for s in own if s[:4].hex() == log_id]
    need(len(own) == 1, "the log did not sign the checkpoint")
    ed25519(key, own[0], head.encode())
    origin, size, root = head.splitlines()[:3]
    need(origin == name, "the checkpoint is of another log")
    title, index, *path = [line for line in proof.splitlines() if not line.startswith("extra ")]
    need(title == "c2sp.org/tlog-proof@v1", "the proof is of another kind")
    entry = files["released.json"]
    leaf = hashlib.sha256(b"\0" + entry).digest()
    climbed = climb(int(index.split(" ")[1]), int(size), leaf, [base64.b64decode(p) for p in path])
    need(climbed == base64.b64decode(root), "the entry is not in the tree that the log signed")
    said = json.loads(entry)
    need(said["action"] == "report.released", "the entry is about something else")
    digest = hashlib.sha256(files["report.pdf"]).hexdigest()
    need(said["facts"]["sha256"] == digest, "the ledger names another report")


def climb(index: int, size: int, digest: bytes, path: list[bytes]) -> bytes:
    """RFC 9162, 2.1.3.2, which is the tree of RFC 6962."""
    need(0 <= index < size, "the proof's index is beyond the tree")
    last = size - 1
    for step in path:
        need(last > 0, "the proof is too long")
        if index & 1 or index == last:
            digest = hashlib.sha256(b"\1" + step + digest).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            digest = hashlib.sha256(b"\1" + digest + step).digest()
        index, last = index >> 1, last >> 1
    need(last == 0, "the proof is too short")
    return digest


def read(path: Path) -> Files:
    if path.is_dir():
        found = {p.name: p for p in path.iterdir()}
        need(sum(p.stat().st_size for p in found.values()) < LIMIT, "the pack is too large")
        return {name: p.read_bytes() for name, p in found.items()}
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        need(sum(e.file_size for e in entries) < LIMIT, "the pack is too large")
        need(len({e.filename for e in entries}) == len(entries), "the pack has a name twice")
        return {e.filename: archive.read(e) for e in entries}


def check(path: Path, root: bytes) -> Iterator[str]:
    """Yield a line for each part that holds; Broken for the first that does not."""
    now = datetime.now(UTC)
    files = read(path)
    issuing, people = check_chain(files, root, now)
    yield "certificates lead from the signers to the root that you trust"
    statement = check_statement(files, people)
    yield f"{', '.join(people)} signed {len(statement['subject'])} files, all unchanged"
    check_report(files["report.pdf"], issuing, people, now)
    yield f"{len(people)} signatures cover the report, the last one all of it"
    check_ledger(files)
    yield "the ledger has the release of this report"


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print(__doc__)
        return 2
    try:
        for line in check(Path(arguments[0]), Path(arguments[1]).read_bytes()):
            print(f"holds: {line}")
    except Broken as error:
        print(f"BROKEN: {error}")
        return 1
    except (
        ArithmeticError,
        LookupError,
        OSError,
        TypeError,
        ValueError,
        zipfile.BadZipFile,
    ) as error:
        print(f"BROKEN: cannot be read ({type(error).__name__}: {error})")
        return 1
    print("CONSISTENT")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
