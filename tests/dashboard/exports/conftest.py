"""A desk to load files at: a home directory, files written by hand, and questions about what landed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assessments.errors import WorkbenchError
from assessments.settings import Home
from dashboard.exports.check import check_paths
from dashboard.exports.landing import open_landing
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options
from dashboard.exports.result import FileResult, Report

VENDORS = "vendor_id,name,role,country,services,contact_email,risk_tier"


def vendor(number: int, **changes: str) -> str:
    """One sound line of vendors.csv."""
    row = {
        "vendor_id": f"v-{number}",
        "name": f"Vendor {number}",
        "role": "processor",
        "country": "SE",
        "services": "Hosting",
        "contact_email": f"privacy{number}@vendor.example",
        "risk_tier": "low",
    } | changes
    return ",".join(row.values())


@dataclass
class Desk:
    """Files and a home directory in one temporary folder."""

    home: Home
    folder: Path

    def write(self, name: str, content: str | bytes | Sequence[str]) -> Path:
        path = self.folder / name
        if not isinstance(content, str | bytes):
            content = "\n".join(content) + "\n"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def report(self, *paths: Path, **options: Any) -> Report:
        chosen = Options(**{"is_declared": False, "is_built": False, **options})
        return load_paths(self.home, paths, options=chosen)

    def load(self, name: str, content: str | bytes | Sequence[str], **options: Any) -> FileResult:
        """Load one file and check the sum of the accounts."""
        report = self.report(self.write(name, content), **options)
        if report.held:
            raise report.held[0].error
        (found,) = report.files
        assert found.rows == found.landed + found.quarantined
        return found

    def refusal(
        self, name: str, content: str | bytes | Sequence[str], **options: Any
    ) -> WorkbenchError:
        """The error with which a file is left aside whole."""
        report = self.report(self.write(name, content), **options)
        assert not report.files
        return report.held[0].error

    def check(self, *paths: Path, **options: Any) -> Report:
        return check_paths(self.home, paths, options=Options(**options))

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """A question to the landing store."""
        with open_landing(self.home, write=False) as connection:
            connection.execute("use landed")
            return connection.execute(query).fetchall()

    def state(self) -> list[Any]:
        """Everything that a load may change, as one value."""
        tables = self.ask("select table_name from duckdb_tables() where database_name = 'landed'")
        return [(name, sorted(map(repr, self.ask(f'from "{name}"')))) for (name,) in sorted(tables)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = tmp_path / "files"
    folder.mkdir()
    return Desk(Home(tmp_path / "home"), folder)


@pytest.fixture
def vendors() -> Any:
    """Builds vendors.csv: ``vendors(line, line)``; ``vendors.row(3, country='DE')`` makes a line."""

    def lines(*rows: str) -> list[str]:
        return [VENDORS, *rows]

    lines.row = vendor  # type: ignore[attr-defined]
    return lines


@pytest.fixture
def day() -> type[date]:
    return date


@pytest.fixture
def engine() -> Any:
    connection = duckdb.connect()
    yield connection
    connection.close()
