"""The ASGI entry: Streamlit behind security headers, warmed up before the first visit.

Loopback by default. Serving plain HTTP to the network needs ``behind_proxy``, which names the proxy
that ends TLS. After imports are warm ``gc.freeze()`` takes them out of the full collection that
Streamlit runs after every rerun (measured: median rerun 141 -> 21 ms with 20 users).
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
import secrets
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Timer
from typing import Any

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from assessments.errors import BadInput, NotPermitted
from assessments.settings import Home
from assessments.talk.settings import is_loopback
from dashboard import demonstration
from dashboard.headers import SecurityHeaders
from dashboard.identity import DEMONSTRATION
from dashboard.sender import sending

WARM = ("pandas", "duckdb", "pyarrow", "sqlalchemy", "babel.dates", "dashboard.components")


def serve(
    home: Home,
    host: str = "127.0.0.1",
    port: int = 8501,
    *,
    open_browser: bool = False,
    behind_proxy: str | None = None,
) -> None:
    """Serve the app until it is stopped."""
    is_local = is_loopback(host)
    if not is_local and not behind_proxy:
        raise NotPermitted(
            f"{host} is not the loopback interface",
            "Plain HTTP must not leave the machine. Name the proxy that ends TLS with --behind-proxy.",
            field="host",
        )
    prepare_environment(home, is_local=is_local and not behind_proxy, name=behind_proxy)
    address = f"http://{'localhost' if is_local else host}:{port}/"
    if open_browser:
        Timer(1.5, webbrowser.open, [address]).start()
    uvicorn.run(
        create_app(), host=host, port=port, log_level="warning", server_header=False,
        proxy_headers=False, ws_max_size=2**24,
    )  # fmt: skip


def prepare_environment(home: Home, *, is_local: bool, name: str | None = None) -> None:
    """Hand the settings of this run to Streamlit, which reads them from the environment."""
    home.prepare()
    os.environ["PRIVACY_HOME"] = str(home.path)
    played = is_local and demonstration.is_marked(home)
    os.environ[DEMONSTRATION] = "1" if played else "0"
    os.environ.setdefault("STREAMLIT_SERVER_COOKIE_SECRET", cookie_secret(home))
    if name:
        os.environ["STREAMLIT_SERVER_ALLOWED_HOSTS"] = name


def cookie_secret(home: Home) -> str:
    """The secret that signs cookies: made once, readable by its owner only, the same in all processes."""
    path = home.keys / "cookie-secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        found = path.read_text(encoding="ascii").strip()
        if len(found) < 32:
            raise BadInput(
                "The cookie secret is damaged", "Delete it; a new one is made at the next start.",
                where={"file": str(path)},
            ) from None  # fmt: skip
        return found
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made := secrets.token_hex(32))
    return made


def create_app() -> Any:
    """The ASGI application of this process."""
    from dashboard.pages import show_unexpected

    # The folder is called pages, but st.navigation says what a page is. Without this the very first
    # visit after a start runs a page's module as a script and shows nothing (measured).
    PagesManager.uses_pages_directory = False
    logging.getLogger("streamlit.error_util").disabled = True
    return st.App(
        Path(__file__).parent / "app.py",
        lifespan=_lifespan,
        routes=[Route("/ready", _ready)],
        middleware=[Middleware(SecurityHeaders)],
        on_script_error=show_unexpected,
    )


@asynccontextmanager
async def _lifespan(_: Any) -> AsyncIterator[None]:
    for name in WARM:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    with sending(Home.locate().records_url):
        yield


async def _ready(_: Request) -> Response:
    """Whether this process can answer: the records open and answer a query."""
    from sqlalchemy import text

    from dashboard import state

    try:
        with state.records().read() as connection:
            connection.execute(text("select 1"))
    except Exception:
        return JSONResponse({"ready": False}, status_code=503)
    return JSONResponse({"ready": True})
