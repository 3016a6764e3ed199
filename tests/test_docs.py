"""The docs are part of the build: every command, state and permission is there, and nothing dangles."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from assessments.review.lifecycle import mermaid
from dashboard.cli import cli
from dashboard.reference import COMMANDS, STATES, command_line, states

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_the_command_line_reference_is_up_to_date() -> None:
    assert (ROOT / COMMANDS).read_text(encoding="utf-8") == command_line()


def test_the_diagram_of_states_is_up_to_date() -> None:
    page = (ROOT / STATES).read_text(encoding="utf-8")
    assert page == states()
    assert mermaid() in page


def test_every_command_has_a_help_text() -> None:
    def walk(command: click.Command, path: str) -> list[str]:
        found = [] if (command.help or "").strip() else [path]
        if isinstance(command, click.Group):
            for name, child in command.commands.items():
                found += walk(child, f"{path} {name}")
        return found

    assert walk(cli, "privacy") == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_files_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [t for t in targets if not (page.parent / t).exists()] == []
