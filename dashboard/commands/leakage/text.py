"""``privacy leakage text|memorisation|canaries``."""

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


@click.command()
@click.option(
    "--outputs", required=True, type=click.Path(), help="What the model wrote, one text a row."
)
@click.option("--training", required=True, type=click.Path(), help="What it was trained on.")
@click.option("--control", required=True, type=click.Path(), help="Texts of that kind, never used.")
@click.option("--column", help="The column of texts; the first, if none.")
@click.option(
    "--words",
    type=click.IntRange(5),
    default=50,
    show_default=True,
    help="A run of so many counts.",
)
@click.option(
    "--eidetic",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help="Held by so many training texts at most.",
)
@json_option
@pass_session
def memorisation(
    session: Session,
    outputs: str,
    training: str,
    control: str,
    column: str | None,
    words: int,
    eidetic: int,
) -> None:
    """Outputs of a text model that repeat its training texts word by word, beyond a control."""
    from assessments.leakage.text.verbatim import Options, evaluate

    answer(session, [evaluate(outputs, training, control, Options(words, eidetic, column))])


@click.command()
@click.argument("inserted", type=click.Path())
@click.argument("references", type=click.Path())
@click.option("--column", default="log_likelihood", show_default=True, help="Higher is likelier.")
@click.option("--space", type=float, help="How many texts the form allows.")
@json_option
@pass_session
def canaries(
    session: Session, inserted: str, references: str, column: str, space: float | None
) -> None:
    """Exposure of canaries: how likely INSERTED texts became beside REFERENCES that were left out."""
    from assessments.leakage.text.exposure import Options, evaluate

    answer(session, [evaluate(inserted, references, Options(column, space))])


def register(group: click.Group) -> None:
    """Add the commands."""
    for command in (text, memorisation, canaries):
        group.add_command(command)
