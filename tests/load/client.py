"""A Streamlit session over its websocket: opens a page, reruns it, and measures until it has finished."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

TIMEOUT_SECONDS = 60.0


class Session:
    """One user. ``rerun`` gives the seconds from the request to the end of the script."""

    def __init__(self, host: str) -> None:
        self._url = f"ws://{host}/_stcore/stream"
        self._socket: websockets.ClientConnection
        self.bytes_read = 0

    async def __aenter__(self) -> Session:
        self._socket = await websockets.connect(
            self._url, subprotocols=["streamlit"], max_size=None  # type: ignore[list-item]
        )  # fmt: skip
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._socket.close()

    async def rerun(self, page: str, query: str = "") -> float:
        """Ask for a page by its name, as a click on a link or a widget does."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        started = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        await asyncio.wait_for(self._finished(), TIMEOUT_SECONDS)
        return time.perf_counter() - started

    async def _finished(self) -> None:
        while True:
            raw = await self._socket.recv()
            self.bytes_read += len(raw)
            message = ForwardMsg()
            message.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
            if message.WhichOneof("type") == "script_finished":
                return
