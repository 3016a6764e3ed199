"""The authority's clock against dates worked out by hand, and what a consultation lets people do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from assessments.errors import BadInput, NotFound, NotPermitted, NotPossibleNow
from assessments.questionnaire import load
from assessments.records import Records
from assessments.review import decisions, rounds
from assessments.review.clock import Pause, add_period, consultation_clock
from assessments.review.consultation import (
    answer_request,
    close_consultation,
    consult,
    extend,
    list_consultations,
    suspend,
)
from assessments.review.decisions import Outcome, Position
from assessments.review.lifecycle import State
from assessments.review.parts import played_parts
from tests.assessments.review.desk import accepted, begin, who

SENT = ("purposes", "safeguards", "assessment")
TODAY = datetime.now(UTC).date()


@pytest.mark.parametrize(
    ("received", "is_extended", "pauses", "due"),
    [
        (date(2026, 3, 2), False, (), date(2026, 4, 27)),
        (date(2026, 3, 2), True, (), date(2026, 6, 8)),
        (date(2026, 3, 7), False, (), date(2026, 5, 4)),
        (date(2026, 3, 2), False, (Pause(date(2026, 3, 10), date(2026, 3, 20)),), date(2026, 5, 7)),
        (date(2026, 3, 2), False, (Pause(date(2026, 3, 10), date(2026, 3, 15)),), date(2026, 5, 4)),
        (date(2026, 3, 2), True, (Pause(date(2026, 4, 1), None),), date(2026, 6, 18)),
    ],
    ids=["eight weeks", "fourteen weeks", "ends on a Saturday", "stood still for ten days",
         "five days end on a Saturday", "still standing"],
)  # fmt: skip
def test_advice_is_due_after_eight_weeks_six_more_and_the_time_it_stood_still(
    received: date, is_extended: bool, pauses: tuple[Pause, ...], due: date
) -> None:
    clock = consultation_clock(received, pauses, date(2026, 4, 11), is_extended=is_extended)
    assert clock.due_on == due
    assert clock.is_suspended == any(pause.ended_on is None for pause in pauses)


def test_word_of_an_extension_is_due_within_a_month_of_receipt() -> None:
    found = consultation_clock(date(2026, 1, 30), (), date(2026, 2, 1), is_extended=False)
    assert found.notice_due_on == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("day", "period", "end"),
    [
        (date(2028, 1, 31), "P1M", date(2028, 2, 29)),
        (date(2026, 12, 15), "P1M", date(2027, 1, 15)),
        (date(2028, 2, 29), "P1Y", date(2029, 2, 28)),
        (date(2026, 1, 1), "P10D", date(2026, 1, 11)),
    ],
)
def test_a_period_in_months_ends_on_the_same_date_or_the_last_day(
    day: date, period: str, end: date
) -> None:
    assert add_period(day, period) == end


def waiting(records: Records) -> str:
    made = begin(records)
    rounds.submit(records, who("ann"), made)
    accepted(records, made, "rosa")
    decisions.advise(records, who("dora"), made, Position.PROCEED, "Ask the authority.")
    return made


def test_the_authority_gets_what_the_law_lists(desk: Records) -> None:
    made = waiting(desk)
    with pytest.raises(BadInput) as caught:
        consult(desk, who("otto"), made, "The authority", TODAY, ("purposes", "officer"))
    assert "Art. 36(3)(c)" in caught.value.detail
    assert "Art. 36(3)(e)" in caught.value.detail
    with pytest.raises(NotPermitted):
        consult(desk, who("rosa"), made, "The authority", TODAY, SENT)
    with pytest.raises(BadInput, match="not come yet"):
        consult(desk, who("otto"), made, "The authority", TODAY + timedelta(days=1), SENT)
    assert load(desk, made).state == State.DECISION_PENDING


def test_a_decision_waits_for_the_authority_and_its_answer_stays_on_record(desk: Records) -> None:
    made = waiting(desk)
    received = TODAY - timedelta(days=30)
    consult(desk, who("otto"), made, "The authority", received, SENT, reference="7/26")
    with pytest.raises(NotPossibleNow):
        decisions.decide(desk, who("otto"), made, Outcome.APPROVED, "Now.")
    suspend(desk, who("dora"), made, received + timedelta(days=5), "The leakage test")
    with pytest.raises(NotPossibleNow, match="stands still"):
        suspend(desk, who("dora"), made, TODAY, "More")
    answer_request(desk, who("dora"), made, received + timedelta(days=15))
    extend(desk, who("dora"), made, received + timedelta(days=20), "It is complex.")
    with pytest.raises(NotPossibleNow, match="extended already"):
        extend(desk, who("dora"), made, TODAY, "Again.")
    with pytest.raises(NotPossibleNow, match="still time"):
        close_consultation(desk, who("otto"), made, TODAY)
    assert close_consultation(desk, who("otto"), made, TODAY, "Lower the risk.") == (
        State.DECISION_PENDING
    )
    with desk.read() as connection:
        (found,) = list_consultations(connection, made)
    assert (found.answer, found.clock(TODAY).suspended_days) == ("Lower the risk.", 10)
    with pytest.raises(NotFound):
        extend(desk, who("dora"), made, TODAY, "Late.")
    assert decisions.decide(desk, who("otto"), made, Outcome.APPROVED, "Yes.") == State.APPROVED


def test_silence_ends_a_consultation_only_when_the_period_is_over(desk: Records) -> None:
    made = waiting(desk)
    consult(desk, who("otto"), made, "The authority", TODAY - timedelta(days=60), SENT)
    assert close_consultation(desk, who("otto"), made, TODAY) == State.DECISION_PENDING


def test_whoever_asked_the_authority_has_acted_as_its_approver(desk: Records) -> None:
    made = waiting(desk)
    consult(desk, who("many"), made, "The authority", TODAY, SENT)
    with desk.read() as connection:
        assert played_parts(connection, made, "many") == {"approver"}
    with pytest.raises(NotPermitted):
        close_consultation(desk, who("dora"), made, TODAY, "Go on.")
