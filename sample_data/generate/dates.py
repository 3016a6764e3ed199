"""Days, weeks and ISO 8601 durations of the sample."""

import calendar
import re
from datetime import date, timedelta

AS_OF = date(2026, 11, 20)
FIRST_EVENT_DAY = AS_OF - timedelta(days=119)
WEEKS = [AS_OF - timedelta(weeks=29 - n) for n in range(30)]

_DURATION = re.compile(r"P(\d+)([YMWD])")


def add_months(day: date, months: int) -> date:
    """Calendar addition; the day of the month is cut to the last one that exists."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_duration(day: date, duration: str, sign: int = 1) -> date:
    """Add one ISO 8601 duration of a single unit, such as P2Y, P18M or P90D."""
    match = _DURATION.fullmatch(duration)
    if match is None:
        raise ValueError(f"not a duration of one unit: {duration}")
    count, unit = int(match[1]) * sign, match[2]
    if unit in "YM":
        return add_months(day, count * (12 if unit == "Y" else 1))
    return day + timedelta(days=count * (7 if unit == "W" else 1))


def days_in(duration: str) -> int:
    """Length of a duration in days, counted back from the as-of day."""
    return (AS_OF - add_duration(AS_OF, duration, -1)).days


def parse(text: str | date | None) -> date | None:
    """ISO date or nothing."""
    if isinstance(text, date):
        return text
    return date.fromisoformat(text) if text else None
