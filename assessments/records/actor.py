"""Who does something: a person under a session, or the product itself."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

SYSTEM_PREFIX = "system:"


@dataclass(frozen=True, slots=True)
class Actor:
    """person_id is the pseudonym that the ledger shows; names stay in the person table."""

    person_id: str
    session: str

    @classmethod
    def person(cls, person_id: str, session: str | None = None) -> Actor:
        return cls(person_id, session or uuid4().hex)

    @classmethod
    def system(cls, part: str) -> Actor:
        """A part of the product acting by itself: loading, checkpointing, set-up."""
        return cls(f"{SYSTEM_PREFIX}{part}", uuid4().hex)

    @property
    def is_system(self) -> bool:
        return self.person_id.startswith(SYSTEM_PREFIX)


SYSTEM = Actor.system("workbench")
