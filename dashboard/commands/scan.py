"""``privacy scan`` and ``privacy finding``: what samples of datasets hold, and closing what was found."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from assessments.actions import about_fields, dismiss_field, promise_field
from assessments.errors import CannotSay
from assessments.files import replace_file
from assessments.leakage.text.fields import Row, field_rows, write_field_rows
from dashboard.commands.plumbing import Session, emit, json_option, pass_session
from dashboard.inventory.findings import FieldFinding, open_findings

DAY = click.DateTime(["%Y-%m-%d"])


def register(cli: click.Group) -> None:
    """Add the command and the group to the command line."""
    cli.add_command(scan)
    cli.add_command(group)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--dataset", required=True, metavar="ID", help="The dataset that FILE is a sample of."
)
@click.option("--names", type=click.Path(), help="Given names, one a line, to look for.")
@click.option("--on", "day", type=DAY, help="Day of the sample; today by default.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write rows to load.")
@click.option("--load", "is_loaded", is_flag=True, help="Land the rows and build the warehouse.")
@json_option
@pass_session
def scan(
    session: Session, file: Path, dataset: str, names: str | None, day: datetime | None,
    out: Path | None, is_loaded: bool,
) -> None:  # fmt: skip
    """Look for personal data in a sample of a dataset; only counts and masked shapes are kept.

    Exit 3: the detectors did not find what was planted for them.
    """
    from assessments.leakage.text import Options, evaluate

    measured = evaluate(file, Options(names=names))
    on = (day or datetime.now(UTC)).date()
    rows = field_rows(measured, dataset, on)
    if out is not None:
        replace_file(out, write_field_rows(rows))
    if is_loaded:
        _land(session, rows, f"field_scans-{on.isoformat()}.csv")
    emit(session, rows, lambda: "\n".join(map(_line, rows)))


def _land(session: Session, rows: list[Row], name: str) -> None:
    """Land the rows as any export; what the scan read is named by its digest."""
    from dashboard.exports.load import load_paths
    from dashboard.exports.options import Options as Landing

    with tempfile.TemporaryDirectory(prefix="scan-") as folder:
        path = Path(folder) / name
        path.write_bytes(write_field_rows(rows))
        report = load_paths(
            session.home, [path], records=session.records(), actor=session.actor("load"),
            options=Landing("field_scans", is_declared=False),
        )  # fmt: skip
    if report.held or report.quarantined:
        raise CannotSay("Not every finding could be landed", report.as_text()[:1000])


def _line(row: Row) -> str:
    if not row["matched"]:
        return f"{row['field']}: nothing found in {row['sampled']} values"
    standing = "" if row["is_proven"] else ", not proven"
    return (
        f"{row['field']}: {row['detector']} ({row['category']}) in {row['matched']} of {row['sampled']}"
        f" values, {row['low']:.1%} to {row['high']:.1%}, such as {row['masked']}{standing}"
    )


@click.group("finding")
def group() -> None:
    """Personal data that was found and that the inventory does not declare."""


@group.command("list")
@click.option("--dataset", metavar="ID", help="Only this dataset.")
@json_option
@pass_session
def list_(session: Session, dataset: str | None) -> None:
    """List open findings; exit 1 while there are any."""
    with session.warehouse() as warehouse, warehouse.cursor() as cursor:
        with session.records().read() as connection:
            promised = about_fields(connection)
        found = open_findings(cursor, promised, dataset)
    emit(session, [each.as_dict() for each in found],
         lambda: "\n".join(map(_words, found)) or "No open finding.")  # fmt: skip
    sys.exit(1 if found else 0)


def _words(each: FieldFinding) -> str:
    if each.share is None:
        how = "its name says so"
    else:
        interval = "" if each.low is None else f", {each.low:.1%} to {each.high:.1%}"
        how = f"{each.found_by}, {each.share:.1%} of values{interval}"
    promised = f"; action {each.action_id}" if each.action_id else ""
    return f"{each.ref}: declared as {each.declared}; {how}{promised}"


@group.command("promise")
@click.argument("finding", metavar="FINDING")
@click.option("--owner", required=True, help="Who puts it right (id).")
@click.option("--due", type=DAY, required=True, help="By when.")
@click.option("--project", default="", help="The project that it belongs to, if it is one's.")
@json_option
@pass_session
def promise(session: Session, finding: str, owner: str, due: datetime, project: str) -> None:
    """Make an action of FINDING (DATASET.FIELD:CATEGORY)."""
    made = promise_field(
        session.records(), session.person(), finding, owner, due.date(), project
    )  # fmt: skip
    emit(session, made.as_dict(), f"{made.id} is due on {made.due_on}.")


@group.command("dismiss")
@click.argument("finding", metavar="FINDING")
@click.option("--because", "reason", required=True, help="Why it is not personal data.")
@click.option("--owner", required=True, help="Who answers for the dataset (id); somebody else.")
@click.option("--project", default="", help="The project that it belongs to, if it is one's.")
@json_option
@pass_session
def dismiss(session: Session, finding: str, reason: str, owner: str, project: str) -> None:
    """Close FINDING (DATASET.FIELD:CATEGORY) as no personal data, with the reason."""
    made = dismiss_field(
        session.records(), session.person(), finding, owner, reason, project
    )  # fmt: skip
    emit(session, made.as_dict(), f"{finding} is closed: {made.closing_note}")
