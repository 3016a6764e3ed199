"""What every command shares: the home directory, JSON or text, errors in one block, exit codes.

Exit 0: yes. 1: the honest answer is no. 2: usage or unreadable input. 3: cannot say.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from assessments.errors import WorkbenchError
from assessments.records import Actor, Records
from assessments.settings import Home

if TYPE_CHECKING:
    from dashboard.warehouse.connect import Warehouse

F = TypeVar("F", bound=Callable[..., Any])

VERDICT_EXIT = {"VALID": 0, "INVALID": 1, "INCOMPLETE": 3}


@dataclass(frozen=True, slots=True)
class Session:
    """One invocation: where the installation lives, who acts, and how to answer."""

    home: Home
    as_json: bool
    person_id: str | None

    def records(self) -> Records:
        """The records store, created when it is not there yet."""
        return _open_records(self.home.prepare().records_url)

    @contextmanager
    def warehouse(self) -> Iterator[Warehouse]:
        """The warehouse for one use, built again first when another version built it."""
        from dashboard.warehouse.renewal import opened

        with opened(self.home.prepare(), self.records()) as found:
            yield found

    def actor(self, part: str = "cli") -> Actor:
        """The person named by ``--as``, else the product acting on the operator's behalf."""
        return Actor.person(self.person_id) if self.person_id else Actor.system(part)

    def person(self) -> Actor:
        """The person named by ``--as``; deciding things needs a person."""
        if not self.person_id:
            raise click.UsageError("Say who you are with --as PERSON (or PRIVACY_PERSON).")
        return Actor.person(self.person_id)


@cache
def _open_records(url: str) -> Records:
    """One engine and one look at the migrations for all that an invocation does."""
    return Records.open(url)


pass_session = click.make_pass_decorator(Session)


def json_option(command: F) -> F:
    """``--json`` on a command, equal to ``privacy --json``."""
    return click.option(
        "--json", "as_json", is_flag=True, expose_value=False, callback=_set_json, is_eager=True,
        help="Answer in JSON.",
    )(command)  # fmt: skip


def _set_json(context: click.Context, _: click.Parameter, value: bool) -> None:
    session = context.find_object(Session)
    if value and session is not None:
        root = context.find_root()
        root.obj = Session(session.home, True, session.person_id)
        context.obj = root.obj


def emit(session: Session, data: Any, text: str | Callable[[], str]) -> None:
    """Print the answer: JSON for scripts, text for people."""
    if session.as_json:
        click.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))
    else:
        click.echo(text() if callable(text) else text)


def fail(error: WorkbenchError, *, as_json: bool) -> NoReturn:
    """Print an error as one block and leave with its exit code."""
    if as_json:
        click.echo(json.dumps(error.as_dict(), indent=2, ensure_ascii=False, default=str))
    click.echo(_block(error), err=True)
    sys.exit(error.exit_code)


def _block(error: WorkbenchError) -> str:
    lines = [f"Error: {error.title}"]
    lines += [f"  {key}: {value}" for key, value in error.where.items()]
    if error.field:
        lines.append(f"  field: {error.field}")
    if error.detail:
        lines.append(f"  {error.detail}")
    return "\n".join(lines)
