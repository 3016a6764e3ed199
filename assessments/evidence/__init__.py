"""Evidence: files that answers rest on, addressed by their SHA-256.

A file is looked into before it is kept, served only to people who may read an assessment that uses
it, and stays as long as a frozen record names it.
"""

from assessments.evidence.integrity import Damage, check_evidence
from assessments.evidence.media import Media, recognise
from assessments.evidence.rules import Rules
from assessments.evidence.store import Evidence, add, find, read, remove, set_expiry
from assessments.evidence.uses import Use, described, list_reusable, list_uses

__all__ = [
    "Damage",
    "Evidence",
    "Media",
    "Rules",
    "Use",
    "add",
    "check_evidence",
    "described",
    "find",
    "list_reusable",
    "list_uses",
    "read",
    "recognise",
    "remove",
    "set_expiry",
]
