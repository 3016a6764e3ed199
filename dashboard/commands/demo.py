"""``privacy demo``: the main job end to end on sample data, then the app."""

from __future__ import annotations

import time

import click

from dashboard.commands.plumbing import Session, emit, json_option, pass_session


def register(cli: click.Group) -> None:
    """Add the command to the command line."""
    cli.add_command(demo)


@click.command()
@click.option("--no-serve", is_flag=True, help="Stop when the report is verified.")
@click.option("--port", default=8501, show_default=True)
@json_option
@pass_session
def demo(session: Session, no_serve: bool, port: int) -> None:
    """Load sample exports, answer and sign one impact assessment, verify it, and serve the app."""
    from assessments.signing.verify import verify
    from dashboard.demo import run_demo

    started = time.monotonic()

    def say(step: str) -> None:
        click.echo(f"{time.monotonic() - started:6.1f} s  {step}", err=True)

    result = run_demo(session.home, say)
    say("Verification of the pack, as somebody outside would do it")
    found = verify(result.pack, trust_root=result.trust_root)
    say(f"Done: {found.verdict}")
    data = result.as_dict() | {"verdict": found.verdict}
    emit(session, data, lambda: "\n".join(f"{name:12} {value}" for name, value in data.items()))
    if not no_serve:
        from dashboard.server import serve

        click.echo(f"Open http://localhost:{port}/ (stop with Ctrl+C)", err=True)
        serve(session.home, port=port)
