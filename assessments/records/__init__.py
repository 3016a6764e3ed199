"""The irreplaceable store: assessments, reviews, people, grants and the ledger beside them."""

from assessments.records.actor import SYSTEM, Actor
from assessments.records.store import Change, Event, Records

__all__ = ["SYSTEM", "Actor", "Change", "Event", "Records"]
