"""Where mail goes out: from the environment, so that no password stands in a file of ours.

PRIVACY_MAIL_HOST      the SMTP server; without it nothing is queued and nothing is sent
PRIVACY_MAIL_PORT      587 by default, 465 with tls
PRIVACY_MAIL_SECURITY  starttls (default), tls, or none, which only this machine's own server may have
PRIVACY_MAIL_USER, PRIVACY_MAIL_PASSWORD   when the server wants to know who sends
PRIVACY_MAIL_SENDER    the address that mails come from
PRIVACY_BASE_URL       where people open the app, for the links in mails
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import urlsplit

from assessments.errors import BadInput

PREFIX = "PRIVACY_MAIL_"
BASE = "PRIVACY_BASE_URL"
SECURITIES = ("starttls", "tls", "none")


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How to reach the server, who sends, and where links lead."""

    host: str
    port: int
    security: str
    sender: str
    base_url: str
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 20.0

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


def is_configured(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this process knows a mail server."""
    return bool(environment.get(f"{PREFIX}HOST"))


def read_settings(environment: Mapping[str, str] = os.environ) -> MailSettings:
    """The settings, or BadInput naming the variable that is missing or wrong."""
    given = {name: environment.get(f"{PREFIX}{name}", "") for name in
             ("HOST", "PORT", "SECURITY", "USER", "PASSWORD", "SENDER")}  # fmt: skip
    security = given["SECURITY"] or SECURITIES[0]
    _check(bool(given["HOST"]), "HOST", "It names the SMTP server.")
    _check(security in SECURITIES, "SECURITY", f"It is one of: {', '.join(SECURITIES)}.")
    port = given["PORT"] or ("465" if security == "tls" else "587")
    _check(port.isdecimal() and 0 < int(port) < 65_536, "PORT", "It is a number up to 65535.")
    _check(
        security != "none" or is_loopback(given["HOST"]), "SECURITY",
        "Mail leaves this machine only over STARTTLS or TLS.",
    )  # fmt: skip
    _check(is_address(given["SENDER"]), "SENDER", "It is the address that mails come from.")
    base = environment.get(BASE, "").rstrip("/")
    if urlsplit(base).scheme not in {"http", "https"} or not urlsplit(base).netloc:
        raise BadInput(f"{BASE} is missing or not usable", "For example https://privacy.example.",
                       field=BASE)  # fmt: skip
    return MailSettings(given["HOST"], int(port), security, given["SENDER"], base, given["USER"],
                        given["PASSWORD"])  # fmt: skip


def _check(is_right: bool, name: str, detail: str) -> None:
    if not is_right:
        raise BadInput(f"{PREFIX}{name} is missing or not usable", detail, field=f"{PREFIX}{name}")


def is_loopback(host: str) -> bool:
    """Whether an address cannot be reached from another machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_address(text: str) -> bool:
    """Whether a text is one plain address and nothing beside it."""
    try:
        Address(addr_spec=text)
    except (ValueError, IndexError, LookupError):
        return False
    except Exception as error:
        if type(error).__module__.startswith("email."):
            return False
        raise
    return "@" in text and parseaddr(text)[1] == text
