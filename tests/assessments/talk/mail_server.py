"""An SMTP server (aiosmtpd) on a port of its own that keeps what it accepts."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

SENDER = "office@workbench.example"
BASE = "https://privacy.example"


class MailServer:
    """Accepts everything, except for recipients that it was told to refuse."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.refusals: dict[str, str] = {}
        self.port = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = bytes(envelope.content or b"")
        self.raw.append(content)
        parsed = message_from_bytes(content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        return "250 OK"

    def environment(self) -> dict[str, str]:
        return {
            "PRIVACY_MAIL_HOST": "127.0.0.1",
            "PRIVACY_MAIL_PORT": str(self.port),
            "PRIVACY_MAIL_SECURITY": "none",
            "PRIVACY_MAIL_SENDER": SENDER,
            "PRIVACY_BASE_URL": BASE,
        }


@contextmanager
def running(**options: Any) -> Iterator[MailServer]:
    handler = MailServer()
    handler.port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port, **options)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
