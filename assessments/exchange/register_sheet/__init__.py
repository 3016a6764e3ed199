"""Registers of processing kept in a spreadsheet: propose a mapping, let a person correct it, apply it."""

from assessments.exchange.register_sheet.apply import Applied, Rejected, apply
from assessments.exchange.register_sheet.format import FORMAT
from assessments.exchange.register_sheet.mapping import Mapping, read_mapping, write_mapping
from assessments.exchange.register_sheet.propose import Match, Proposal, propose

__all__ = [
    "FORMAT",
    "Applied",
    "Mapping",
    "Match",
    "Proposal",
    "Rejected",
    "apply",
    "propose",
    "read_mapping",
    "write_mapping",
]
