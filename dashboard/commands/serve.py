"""``privacy serve``: the app."""

from __future__ import annotations

import click

from dashboard.commands.plumbing import Session, pass_session


def register(cli: click.Group) -> None:
    """Add the command to the command line."""
    cli.add_command(serve)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Loopback unless behind a proxy."
)
@click.option("--behind-proxy", metavar="NAME", help="Host name of the proxy that ends TLS.")
@click.option("--open", "open_browser", is_flag=True, help="Open the browser.")
@pass_session
def serve(
    session: Session, port: int, host: str, behind_proxy: str | None, open_browser: bool
) -> None:
    """Serve the app on this machine, or behind a named TLS proxy."""
    from dashboard.server import serve as run
    from dashboard.warehouse.renewal import renew

    renew(session.home.prepare(), session.records())
    click.echo(f"Privacy Workbench on http://localhost:{port}/ (stop with Ctrl+C)", err=True)
    run(session.home, host, port, open_browser=open_browser, behind_proxy=behind_proxy)
