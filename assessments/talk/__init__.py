"""Talk about assessments: threads, mentions, notices in the app, and mail through an outbox.

Whoever shows or counts something asks here, with the person who reads; tables are never read
elsewhere, so that what is said among reviewers stays there.
"""

from assessments.talk.access import Access, Visibility, access_of, readers
from assessments.talk.notices import (
    Choice,
    Notice,
    choose,
    count_unread,
    list_notices,
    mark_read,
    read_choice,
)
from assessments.talk.places import Kind, Place, risk_tables
from assessments.talk.threads import (
    Comment,
    Thread,
    count_open,
    earlier_texts,
    find_thread,
    list_threads,
)
from assessments.talk.words import KINDS
from assessments.talk.writing import (
    can_settle,
    edit,
    erase_comment,
    open_thread,
    reopen,
    reply,
    resolve,
)

__all__ = [
    "KINDS",
    "Access",
    "Choice",
    "Comment",
    "Kind",
    "Notice",
    "Place",
    "Thread",
    "Visibility",
    "access_of",
    "can_settle",
    "choose",
    "count_open",
    "count_unread",
    "earlier_texts",
    "edit",
    "erase_comment",
    "find_thread",
    "list_notices",
    "list_threads",
    "mark_read",
    "open_thread",
    "read_choice",
    "readers",
    "reopen",
    "reply",
    "resolve",
    "risk_tables",
]
