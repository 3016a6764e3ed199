"""Certificates and the revocation list: what ends soon."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from assessments.doctor.finding import Finding, attention, broken, in_order
from assessments.records import Records
from assessments.settings import Home
from assessments.signing.succession import BRIDGE, RETIRED

SOON = timedelta(days=60)


def check_certificates(home: Home, records: Records, now: datetime) -> Finding:
    """No certificate of the authority or of a person has ended or ends within 60 days."""
    folder = home.keys / "authority"
    found = sorted((_end(path), path) for path in folder.rglob("*.crt") if _is_in_use(path))
    if not found:
        return attention("certificates", "There is no certificate authority.", "Run: privacy setup")
    end, path = found[0]
    name = path.relative_to(folder).with_suffix("").as_posix()
    if end < now:
        return broken("certificates", f"The certificate {name} ended on {end:%Y-%m-%d}.",
                      "Renew it before anybody signs.")  # fmt: skip
    if end - now < SOON:
        return attention("certificates", f"The certificate {name} ends on {end:%Y-%m-%d}.",
                         "Renew it in time.")  # fmt: skip
    return in_order("certificates", f"{len(found)} certificates, the first ends on {end:%Y-%m-%d}.")


def check_revocation_list(home: Home, records: Records, now: datetime) -> Finding:
    """The root's list is renewed at a signature; it must not be out of date for verifiers."""
    path = home.keys / "authority" / "root.crl"
    if not path.exists():
        return attention("revocation", "There is no revocation list.", "Run: privacy setup")
    end = x509.load_der_x509_crl(path.read_bytes()).next_update_utc
    if end is None or end < now:
        return attention("revocation", "The root's revocation list is out of date.",
                         "The next signature renews it.")  # fmt: skip
    return in_order("revocation", f"The root's revocation list counts until {end:%Y-%m-%d}.")


def _is_in_use(path: Path) -> bool:
    return path.name != BRIDGE and RETIRED not in path.parts


def _end(path: Path) -> datetime:
    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
