"""``privacy leakage``: one module a measure, each adding its command to the group.

Commands import their measure when they run: numerical libraries would slow every other command.
"""

from __future__ import annotations

import importlib
import pkgutil

import click


@click.group()
def leakage() -> None:
    """Measure what an attacker could learn; figures with intervals, never opinions."""


def register(cli: click.Group) -> None:
    """Add the group and every measure found beside this module."""
    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        if hasattr(module, "register"):
            module.register(leakage)
    cli.add_command(leakage)
