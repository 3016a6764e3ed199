"""Who signs a report, in this order: the author certifies, the officer has advised, the approver locks."""

from __future__ import annotations

SIGNERS = ("author", "dpo", "approver")
