"""When the authority's advice is due: GDPR Art. 36(2), counted as Regulation 1182/71 counts.

Up to eight weeks from receipt; six more when the authority extends; both stand still while it waits
for information. A period in weeks ends on the weekday of its start, one in months on the same date,
and one that would end on a Saturday or Sunday ends on the Monday after (Art. 3(2)(c), 3(4)). Public
holidays differ by place and are not known here.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assessments.errors import BadInput
from assessments.questionnaire import load_pack

_PERIOD = re.compile(r"P(\d{1,3})([YMWD])\Z")
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the authority waits for information; ended_on is None while it does."""

    began_on: date
    ended_on: date | None
    wanted: str = ""

    def days(self, today: date) -> int:
        return max((self.ended_on or today) - self.began_on, timedelta()).days


@dataclass(frozen=True, slots=True)
class Clock:
    """due_on: the last day of the period; while the clock stands still, the earliest last day."""

    due_on: date
    notice_due_on: date
    is_extended: bool
    is_suspended: bool
    suspended_days: int

    def is_over(self, today: date) -> bool:
        """Whether the period has passed without an answer."""
        return not self.is_suspended and today > self.due_on


def consultation_clock(
    received_on: date, pauses: Sequence[Pause], today: date, *, is_extended: bool
) -> Clock:
    """The clock of one consultation as it stands today."""
    end = add_period(received_on, period_of("consultation_reply"))
    if is_extended:
        end = add_period(end, period_of("consultation_extension"))
    suspended = sum(pause.days(today) for pause in pauses)
    return Clock(
        due_on=_working_day(end + timedelta(days=suspended)),
        notice_due_on=_working_day(add_period(received_on, period_of("consultation_notice"))),
        is_extended=is_extended,
        is_suspended=any(pause.ended_on is None for pause in pauses),
        suspended_days=suspended,
    )


def period_of(clock_id: str) -> str:
    """The period that the law sets, from the pack of clocks."""
    found = load_pack("clocks").entry(clock_id)
    if found is None:
        raise BadInput(f"The pack of clocks has no {clock_id}")
    return str(found["period"])


def add_period(day: date, period: str) -> date:
    """The day on which a period of days, weeks, months or years ends that starts on this day."""
    found = _PERIOD.match(period)
    if found is None:
        raise BadInput("This is not a period of days, weeks, months or years", f"'{period}'")
    number, unit = int(found[1]), found[2]
    if unit in "DW":
        return day + timedelta(days=number * (7 if unit == "W" else 1))
    months = day.month - 1 + number * (12 if unit == "Y" else 1)
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _working_day(day: date) -> date:
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= _SATURDAY else day
