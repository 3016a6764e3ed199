"""Reference pages made from the code: ``python -m dashboard.reference`` writes them, a test compares."""

from __future__ import annotations

from pathlib import Path

import click

from assessments.records.permissions import PERMISSIONS, ROLES, SYSTEM_PERMISSIONS
from assessments.review.lifecycle import TRANSITIONS, WAITS_FOR, Step, mermaid

COMMANDS = "docs/reference/command-line.md"
STATES = "docs/reference/states.md"
WHO_MAY_ACT = "tests/spec/review/who_may_act.md"


def command_line() -> str:
    """Every command with its help, as the program prints it."""
    from dashboard.cli import cli

    lines = ["# Command line", "", "Made by `python -m dashboard.reference`; do not edit.", ""]
    lines += [
        "Exit 0: yes. 1: the honest answer is no. 2: usage or unreadable input. 3: cannot say.",
        "",
    ]
    for path, command in _walk(cli, "privacy"):
        context = click.Context(
            command, info_name=path, terminal_width=100, help_option_names=["-h", "--help"]
        )
        lines += [f"## {path}", "", "```text", command.get_help(context), "```", ""]
    return "\n".join(lines)


def states() -> str:
    """The life of an assessment, as a diagram and as a table."""
    rows = [
        f"| {step.origin} | {step.action} | {step.target} | `{step.permission}` | {_roles(step)} |"
        for step in TRANSITIONS
    ]
    waits = [f"| {state} | {who} |" for state, who in WAITS_FOR.items()]
    return "\n".join(
        [
            "# States of an assessment",
            "",
            "Made by `python -m dashboard.reference` from the transition table; do not edit.",
            "",
            "```mermaid",
            mermaid() + "```",
            "",
            "| from | action | to | permission | roles |",
            "|---|---|---|---|---|",
            *rows,
            "",
            "| state | waits for |",
            "|---|---|",
            *waits,
            "",
            "Whatever is not listed is refused. The list as it is tried, every role in every state "
            f"with every action: [{Path(WHO_MAY_ACT).name}](../../{WHO_MAY_ACT}).",
            "",
        ]
    )


def _roles(step: Step) -> str:
    found = [role for role in ROLES if role in PERMISSIONS[step.permission]]
    return ", ".join([*found, *(["the product"] if step.permission in SYSTEM_PERMISSIONS else [])])


def _walk(command: click.Command, path: str) -> list[tuple[str, click.Command]]:
    found = [(path, command)]
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            found += _walk(command.commands[name], f"{path} {name}")
    return found


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[1]
    for name, text in ((COMMANDS, command_line()), (STATES, states())):
        (root / name).write_text(text, encoding="utf-8")
