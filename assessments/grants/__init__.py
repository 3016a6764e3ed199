"""Time-bound permissions to use a dataset, given by an approval and checked at the moment of use."""

from assessments.grants.giving import give_grant
from assessments.grants.grant import Grant, Standing, find_grant, is_granted, list_grants
from assessments.grants.revoking import revoke_grant

__all__ = [
    "Grant",
    "Standing",
    "find_grant",
    "give_grant",
    "is_granted",
    "list_grants",
    "revoke_grant",
]
