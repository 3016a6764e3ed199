"""A board pack: the key figures on one day, in the ledger, and the proof that its past is untouched."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import rfc8785

from assessments.errors import BadInput
from assessments.ledger import checkpoint as checkpoints
from assessments.ledger import proof
from assessments.ledger.checkpoint import CheckpointSigner
from assessments.ledger.note import Verifier
from assessments.records.actor import Actor
from assessments.records.permissions import check_permission
from assessments.records.store import Event, Records
from assessments.reports.pack import Pack
from assessments.reports.step import prove
from assessments.reports.text import Cleaning
from assessments.reports.typesetting import typeset

PERMISSION = "board.pack"
SCHEMA = "privacy-workbench/board-pack/v1"
DATA, PAGES, ENTRY, PROOF = "board.json", "board.pdf", "packed.json", "packed.tlog-proof"
PREVIOUS, CONSISTENCY = "previous-checkpoint", "consistency.txt"


def make_board_pack(
    records: Records,
    actor: Actor,
    log: CheckpointSigner,
    verifiers: Sequence[Verifier],
    board: Mapping[str, Any],
    files: Mapping[str, bytes],
    previous: bytes | None = None,
) -> Pack:
    """Enter the figures in the ledger, then prove them; ``previous``: the last pack's checkpoint.

    board: ``organisation``, ``as_of`` and ``kpis``, each with ``name title question value target
    state state_words owner board trend sources sql_sha256``.
    """
    data = bytes(rfc8785.dumps({"schema": SCHEMA, **board}))
    digest = hashlib.sha256(data).hexdigest()
    before = None
    if previous is not None:
        before = checkpoints.open_checkpoint(_text(previous), verifiers)
    with records.change(actor) as change:
        check_permission(change.connection, actor, PERMISSION, now=change.now)
        facts = {"sha256": digest, "as_of": board["as_of"], "figures": len(board["kpis"])}
        seq = change.apply(Event("board.packed", "board", board["as_of"], PERMISSION, facts=facts))
    with records.change(actor) as change:
        proved = prove(change, log, seq)
        made = {} if before is None or previous is None else _continues(
            change.connection, previous, before,
            checkpoints.open_checkpoint(proved.checkpoint, verifiers),
        )  # fmt: skip
    return Pack({
        **{f"kpis/{name}": content for name, content in files.items()},
        **made,
        DATA: data,
        PAGES: render_board(data, continues=bool(made)),
        ENTRY: proved.entry,
        PROOF: proved.proof.encode(),
        "checkpoint": proved.checkpoint.encode(),
        "vkey": f"{log.verifier.vkey}\n".encode(),
        "VERIFY.txt": resources.files(__package__).joinpath("BOARD.txt").read_bytes(),
    })  # fmt: skip


def render_board(data: bytes, *, continues: bool) -> bytes:
    """The pages of a board pack; the same figures give the same bytes."""
    board = json.loads(data)
    text = data.decode()

    def inputs(refused: frozenset[str]) -> dict[str, str]:
        kpis = Cleaning(refused=refused).clean_all([_shown(kpi) for kpi in board["kpis"]])
        chosen = sorted((k for k in kpis if k["board"]), key=lambda kpi: kpi["board"])
        view = {
            "title": "Privacy key figures",
            "organisation": Cleaning(refused=refused).clean(board["organisation"]),
            "as_of": board["as_of"],
            "sha256": hashlib.sha256(data).hexdigest(),
            "board": chosen,
            "others": [kpi for kpi in kpis if not kpi["board"]],
            "continues": continues,
            "words": {},
            "language": "en",
        }
        return {"view": json.dumps(view, ensure_ascii=False, sort_keys=True)}

    day = datetime.fromisoformat(board["as_of"]).replace(tzinfo=UTC)
    return typeset("board.typ", inputs, text=text, at=day)[0]


def _shown(kpi: Mapping[str, Any]) -> dict[str, Any]:
    known = [point["value"] for point in kpi["trend"] if point["value"] is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    spread = (high - low) or 1.0
    past = f"from {known[0]:g} to {known[-1]:g}, lowest {low:g}, highest {high:g}" if known else ""
    names = ("name", "title", "question", "state", "state_words", "owner", "board")
    return {name: kpi[name] for name in names} | {
        "value": kpi["words"],
        "target": kpi["target_words"],
        "points": [round((value - low) / spread, 4) for value in known],
        "past": past,
    }


def _continues(connection: Any, previous: bytes, before: Any, now: Any) -> dict[str, bytes]:
    if before.size > now.size:
        raise BadInput(
            "The previous pack's checkpoint is ahead of this ledger",
            "Entries are missing here. Run: privacy ledger verify",
            field="previous",
        )
    made = proof.make_consistency(connection, before, now)
    return {PREVIOUS: previous, CONSISTENCY: made.encode()}


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput("The previous checkpoint is not text", field="previous") from error
