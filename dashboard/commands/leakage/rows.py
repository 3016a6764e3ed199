"""``privacy leakage rows``: results as an export to load, so that a measured leak closes the gate."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from assessments.files import replace_file
from assessments.leakage.results_file import as_row, read_result, write_rows
from dashboard.commands.plumbing import Session, emit, json_option, pass_session

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def register(group: click.Group) -> None:
    """Add the command to ``privacy leakage``."""
    group.add_command(rows)


@click.command("rows")
@click.argument("results", type=FILE, nargs=-1, required=True)
@click.option("--subject", required=True, metavar="KIND:ID", help="model:ID or dataset:ID.")
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Day of measurement; today by default."
)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@json_option
@pass_session
def rows(
    session: Session, results: tuple[Path, ...], subject: str, day: datetime | None, out: Path
) -> None:
    """Turn result files (`privacy leakage ... --json`) into rows of the kind leakage_results.

    Load them with: privacy load FILE --kind leakage_results. Exit 3: a result shows nothing.
    """
    kind, _, subject_id = subject.partition(":")
    if not subject_id:
        raise click.UsageError("--subject is KIND:ID, such as model:m-churn-5.")
    measured_on = (day or datetime.now(UTC)).date()
    made = [
        as_row(read_result(path.read_bytes(), path.name), kind, subject_id, measured_on)
        for path in results
    ]
    replace_file(out, write_rows(made))
    counted = sum(row["status"] == "valid" for row in made)
    emit(session, {"path": str(out), "rows": len(made), "valid": counted},
         f"{len(made)} rows, {counted} of them count. Load them with: privacy load {out} --kind leakage_results")  # fmt: skip
