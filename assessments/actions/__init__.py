"""Actions: what somebody has promised to do, by when, and how it ended.

An action has an owner and a day from the start; it ends done, with a note or a file that shows it, or
dropped, with a reason. Sources: ISO/IEC 29134, 6.4.4 (risk treatment plan), GDPR Art. 5(2).
"""

from assessments.actions.action import MAX_TEXT, Action, NewAction, Origin, Status
from assessments.actions.adding import add_action
from assessments.actions.closing import drop_action, finish_action
from assessments.actions.due import Due, DueKind, list_due
from assessments.actions.fields import about_fields, dismiss_field, promise_field
from assessments.actions.reading import find_action, list_actions

__all__ = [
    "MAX_TEXT",
    "Action",
    "Due",
    "DueKind",
    "NewAction",
    "Origin",
    "Status",
    "about_fields",
    "add_action",
    "dismiss_field",
    "drop_action",
    "find_action",
    "finish_action",
    "list_actions",
    "list_due",
    "promise_field",
]
