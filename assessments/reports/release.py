"""From a decided assessment to a signed pack: render, sign per role, release, countersign.

Each step checks what the step before left, writes its ledger entry in the same transaction as the
record, and replaces files in one rename. A report is never edited: new facts mean a new revision.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from cryptography.hazmat.primitives import hashes
from sqlalchemy import Connection, insert, update

from assessments.errors import NotPossibleNow
from assessments.files import replace_file
from assessments.language import say
from assessments.ledger import body as ledger_body
from assessments.ledger.checkpoint import CheckpointSigner
from assessments.questionnaire.current import find_assessment
from assessments.records.actor import Actor
from assessments.records.store import Change, Records
from assessments.records.tables import report, signature
from assessments.reports import words
from assessments.reports.attached import read_files
from assessments.reports.pack import (
    STAMP_ROOT,
    Certificates,
    Draft,
    LedgerEvidence,
    draft_pack,
    pem,
)
from assessments.reports.record import read_record
from assessments.reports.render import render_report
from assessments.reports.state import (
    PACKED,
    RELEASED,
    RENDERED,
    SIGNED,
    ReportState,
    check_signers,
    check_turn,
    find_report,
    has_report,
    role_of,
    signer_ids,
)
from assessments.reports.step import check_may_release, event_of, prove, read_file, same_as
from assessments.review.freeze import find_frozen
from assessments.settings import Home
from assessments.signing.authority import Authority
from assessments.signing.evidence import read_certificate
from assessments.signing.pdf import sign_report
from assessments.signing.statement import Signature, sign_statement


def render(
    records: Records, home: Home, log: CheckpointSigner, actor: Actor, assessment_id: str
) -> ReportState:
    """Render the frozen record once; asking again returns what is there."""
    with records.change(actor) as change:
        check_may_release(change, assessment_id)
        frozen = find_frozen(change.connection, assessment_id)
        check_signers(change.connection, frozen)
        if has_report(change.connection, frozen):
            return find_report(change.connection, home, assessment_id)
        proved = prove(change, log, frozen.ledger_seq)
        pdf = render_report(
            frozen.record,
            proof=proved.proof.encode(),
            checkpoint=proved.checkpoint.encode(),
            entry=proved.entry,
        )
        digest = hashlib.sha256(pdf).hexdigest()
        folder = home.reports / assessment_id / f"r{frozen.revision}"
        replace_file(folder / f"report-{digest[:16]}.pdf", pdf)
        change.apply(
            event_of("report.rendered", change, assessment_id, frozen.revision, digest),
            insert(report).values(
                assessment_id=assessment_id,
                revision=frozen.revision,
                base_sha256=digest,
                file_sha256=digest,
                state=RENDERED,
                created_at=change.now,
            ),
        )
        return find_report(change.connection, home, assessment_id)


def sign(
    records: Records,
    home: Home,
    authority: Authority,
    actor: Actor,
    assessment_id: str,
    passphrase: str,
) -> ReportState:
    """Add the signature of the role that this person played; roles sign in their order."""
    with records.change(actor) as change:
        current = find_report(change.connection, home, assessment_id)
        role = role_of(change.connection, current, actor.person_id)
        check_turn(current, role)
        before = read_file(current)
        key = authority.document_key(actor.person_id, passphrase, now=change.now)
        language = find_assessment(change.connection, assessment_id)["language"]
        reason = say(language, words.REASONS[role])
        after = sign_report(before, role, key, reason=reason, at=change.now, language=language)
        digest = hashlib.sha256(after).hexdigest()
        seq = change.apply(
            event_of("report.signed", change, assessment_id, current.revision, digest,
                   permission="report.sign", role=role,
                   certificate=key.certificate.fingerprint(hashes.SHA256()).hex()),
            update(report).where(*same_as(current)).values(file_sha256=digest, state=SIGNED),
        )  # fmt: skip
        change.connection.execute(
            insert(signature).values(
                assessment_id=assessment_id,
                revision=current.revision,
                role=role,
                person_id=actor.person_id,
                certificate_sha256=key.certificate.fingerprint(hashes.SHA256()).hex(),
                file_sha256=digest,
                ledger_seq=seq,
                at=change.now,
            )
        )
        signed = find_report(change.connection, home, assessment_id)
        replace_file(signed.report_path, after)
        return signed


def release(
    records: Records,
    home: Home,
    authority: Authority,
    log: CheckpointSigner,
    actor: Actor,
    assessment_id: str,
    *,
    with_evidence: bool = False,
) -> ReportState:
    """With all signatures in: enter the release in the ledger, checkpoint it, draft the pack.

    Two changes, since a checkpoint is signed for committed entries only; asking again goes on
    where an interruption left off.
    """
    with records.change(actor) as change:
        check_may_release(change, assessment_id)
        _enter_release(change, find_report(change.connection, home, assessment_id))
    with records.change(actor) as change:
        current = find_report(change.connection, home, assessment_id)
        if not (current.folder / "statement.json").exists():
            frozen = find_frozen(change.connection, assessment_id, current.revision)
            files = read_files(home, read_record(frozen.record)) if with_evidence else {}
            _draft(change, authority, log, current, files)
        return find_report(change.connection, home, assessment_id)


def _enter_release(change: Change, current: ReportState) -> None:
    if current.next_role is not None:
        raise NotPossibleNow(f"The report still waits for the signature of the {current.next_role}")
    if current.state not in {RELEASED, PACKED}:
        read_file(current)
        change.apply(
            event_of(
                "report.released",
                change,
                current.assessment_id,
                current.revision,
                current.file_sha256,
            ),
            update(report).where(*same_as(current)).values(state=RELEASED, released_at=change.now),
        )


def _draft(
    change: Change,
    authority: Authority,
    log: CheckpointSigner,
    current: ReportState,
    files: Mapping[str, bytes],
) -> None:
    pdf = read_file(current)
    released = ledger_body.newest(
        change.connection,
        action="report.released",
        object_id=current.assessment_id,
        facts={"revision": current.revision},
    )
    proved = prove(change, log, released.seq)
    evidence = LedgerEvidence(
        entry=proved.entry,
        proof=proved.proof.encode(),
        checkpoint=proved.checkpoint.encode(),
        vkey=log.verifier.vkey,
    )
    own = current.folder / STAMP_ROOT
    files = {**files, **({STAMP_ROOT: own.read_bytes()} if own.exists() else {})}
    draft = draft_pack(pdf, evidence, _certificates(change.connection, authority, current), files)
    for name, data in draft.files.items():
        replace_file(current.folder / "draft" / name, data)
    replace_file(current.folder / "statement.json", draft.statement)


def countersign(
    records: Records,
    home: Home,
    authority: Authority,
    actor: Actor,
    assessment_id: str,
    passphrase: str,
) -> ReportState:
    """Sign the statement about all files of the pack; the last signature finishes the pack."""
    with records.change(actor) as change:
        current = find_report(change.connection, home, assessment_id)
        if current.state != RELEASED:
            raise NotPossibleNow("There is no released report to countersign now")
        role = role_of(change.connection, current, actor.person_id)
        if role in current.countersigned:
            raise NotPossibleNow("You have countersigned the pack already")
        statement = (current.folder / "statement.json").read_bytes()
        named = read_certificate((current.folder / "draft" / f"{role}.crt").read_bytes())
        key = authority.statement_key(
            actor.person_id, passphrase, now=change.now, certificate=named
        )
        made = sign_statement(statement, key)
        digest = hashlib.sha256(statement).hexdigest()
        change.apply(
            event_of("pack.countersigned", change, assessment_id, current.revision, digest,
                   permission="report.sign", role=role),
        )  # fmt: skip
        replace_file(
            current.folder / f"{role}.sig.json",
            json.dumps({"key_id": made.key_id, "value": made.value.hex()}).encode(),
        )
        finished = find_report(change.connection, home, assessment_id)
        if finished.countersigned == finished.roles:
            _finish(change, finished, statement)
        return find_report(change.connection, home, assessment_id)


def _finish(change: Change, current: ReportState, statement: bytes) -> None:
    files = {path.name: path.read_bytes() for path in (current.folder / "draft").iterdir()}
    signatures = {}
    for role in current.roles:
        kept = json.loads((current.folder / f"{role}.sig.json").read_bytes())
        signatures[role] = Signature(kept["key_id"], bytes.fromhex(kept["value"]))
    packed = Draft(files, statement, current.roles).sign(signatures).zip()
    replace_file(current.pack_path, packed)
    change.apply(
        event_of("pack.finished", change, current.assessment_id, current.revision,
               hashlib.sha256(packed).hexdigest(), permission="report.sign"),
        update(report).where(*same_as(current)).values(state=PACKED, pack_name=current.pack_path.name),
    )  # fmt: skip


def _certificates(
    connection: Connection, authority: Authority, current: ReportState
) -> Certificates:
    """One chain for all: a person under a retired authority is certified anew first."""
    people = signer_ids(connection, current.assessment_id)
    own = {role: authority.certificate(str(people[role]), "statement") for role in current.roles}
    issuers = {role: authority.issuer_of(certificate) for role, certificate in own.items()}
    issuing = issuers["approver"]
    behind = [role for role, found in issuers.items() if found != issuing]
    if behind:
        raise NotPossibleNow(
            f"The certificate of the {behind[0]} comes from a retired authority",
            "It is renewed when this person signs next, or with: privacy authority renew PERSON",
            field=behind[0],
        )
    return Certificates(
        root=pem(authority.issuer_of(issuing)),
        issuing=pem(issuing),
        statement={role: pem(certificate) for role, certificate in own.items()},
    )
