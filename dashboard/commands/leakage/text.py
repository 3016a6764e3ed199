"""``privacy leakage text``."""

from __future__ import annotations

from pathlib import Path

import click

from dashboard.commands.leakage.answer import Repeating, answer
from dashboard.commands.plumbing import Session, json_option, pass_session


@click.command(cls=Repeating)
@click.argument("file", type=click.Path())
@click.option(
    "--column", "columns", multiple=True, metavar="COLUMN", help="Search only this; repeat it."
)
@click.option("--names", type=click.Path(), help="Given names, one a line, to look for.")
@click.option(
    "--salt-file", type=click.Path(), help="Its content salts the digests, so that runs compare."
)
@click.option("--presidio", is_flag=True, help="Also let presidio-analyzer read a sample.")
@click.option("--model", type=click.Path(), help="Folder of a spaCy model for it.")
@json_option
@pass_session
def text(
    session: Session,
    file: str,
    columns: tuple[str, ...],
    names: str | None,
    salt_file: str | None,
    presidio: bool,
    model: str | None,
) -> None:
    """Find personal data in the columns of FILE, or in its lines; hits themselves are never shown."""
    from assessments.leakage.text import Options, Presidio, evaluate

    salt = _salt(salt_file) if salt_file else ""
    recogniser = Presidio(model) if presidio or model else None
    answer(session, [evaluate(file, Options(columns, names, salt, recogniser))])


def _salt(file: str) -> str:
    path = Path(file)
    if not path.is_file() or len(path.read_bytes().strip()) < 16:
        raise click.UsageError("The salt has to be a file of at least 16 bytes.")
    return path.read_bytes().strip().hex()


def register(group: click.Group) -> None:
    """Add the command."""
    group.add_command(text)
