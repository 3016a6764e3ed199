"""``privacy``: the command line of Privacy Workbench."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import click

from assessments.errors import WorkbenchError
from assessments.settings import Home
from dashboard import commands
from dashboard.commands.plumbing import Session, fail


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--home",
    metavar="DIR",
    help="Home directory (default: PRIVACY_HOME, else the user data folder).",
)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.option(
    "--as", "person_id", envvar="PRIVACY_PERSON", metavar="PERSON", help="Act as this person (id)."
)
@click.version_option(package_name="privacy-workbench")
@click.pass_context
def cli(context: click.Context, home: str | None, as_json: bool, person_id: str | None) -> None:
    """Guided privacy assessments, KPIs over exports, measured leakage and signed reports."""
    context.obj = Session(Home.locate(home), as_json, person_id)


for _module in pkgutil.iter_modules(commands.__path__):
    _loaded = importlib.import_module(f"{commands.__name__}.{_module.name}")
    if hasattr(_loaded, "register"):
        _loaded.register(cli)


def main() -> None:
    """The console script: every expected error is one block and an exit code, never a traceback."""
    try:
        cli(standalone_mode=True)
    except WorkbenchError as error:
        fail(error, as_json="--json" in sys.argv)


if __name__ == "__main__":
    main()
