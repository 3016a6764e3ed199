"""Where one installation keeps its things."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path


@dataclass(frozen=True, slots=True)
class Home:
    """The home directory: records, warehouse, evidence, keys and packs of one installation."""

    path: Path

    @classmethod
    def locate(cls, given: str | os.PathLike[str] | None = None) -> Home:
        """``given``, else ``PRIVACY_HOME``, else the platform's user data folder."""
        chosen = given or os.environ.get("PRIVACY_HOME") or user_data_path("privacy-workbench")
        return cls(Path(chosen).expanduser().resolve())

    def prepare(self) -> Home:
        """Create the folders, readable by their owner only."""
        for folder in (self.path, self.warehouse, self.evidence, self.keys, self.reports):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    @property
    def records_url(self) -> str:
        """``PRIVACY_RECORDS_URL`` (PostgreSQL), else a SQLite file in the home directory."""
        return os.environ.get("PRIVACY_RECORDS_URL") or f"sqlite:///{self.path / 'records.sqlite'}"

    @property
    def warehouse(self) -> Path:
        """Landed exports and the numbered warehouse generations (DuckDB); rebuildable."""
        return self.path / "warehouse"

    @property
    def evidence(self) -> Path:
        return self.path / "evidence"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def reports(self) -> Path:
        return self.path / "reports"
