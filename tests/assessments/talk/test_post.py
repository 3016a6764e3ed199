"""Mail: what it says, when it is sent again, and when it is given up; against a real SMTP server."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from assessments import talk
from assessments.errors import BadInput, NotPermitted
from assessments.records import Actor, Records
from assessments.records.tables import person, role_grant
from assessments.review import rounds
from assessments.talk import Choice, Place, Visibility
from assessments.talk.outbox import WAITS, claim, try_again, undelivered
from assessments.talk.post import Sent, send_due
from assessments.talk.settings import read_settings
from assessments.talk.tables import outbox
from tests.assessments.review.desk import begin, who
from tests.assessments.talk.mail_server import BASE, SENDER, MailServer, free_port

SYSTEM = Actor.system("notices")
SECRET = "the quokka stands on the roof"


def with_addresses(records: Records, *names: str) -> None:
    with records.engine.begin() as connection:
        for name in names:
            address = f"{name}@people.example"
            connection.execute(update(person).where(person.c.id == name).values(email=address))


def mentioned(records: Records, *names: str) -> str:
    """A hidden thread in which these people are named, each with an address."""
    with_addresses(records, *names)
    made = begin(records)
    return talk.open_thread(records, who("ruth"), made, Place(), SECRET,
                            visibility=Visibility.REVIEWERS, mentions=names)  # fmt: skip


def send(records: Records, *, after: timedelta = timedelta(seconds=1)) -> Sent:
    return send_due(records, SYSTEM, read_settings(), now=datetime.now(UTC) + after)


def test_a_mail_says_what_happened_and_where_and_nothing_else(
    desk: Records, server: MailServer
) -> None:
    mentioned(desk, "rosa")
    assert send(desk) == Sent(sent=1)
    (mail,), (raw,) = server.mails, server.raw
    assert (mail["To"], mail["From"]) == ("rosa@people.example", SENDER)
    assert mail["Subject"] == "Privacy Workbench: Somebody named you in a comment."
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    assert f"{BASE}/notices?open=notice-" in text
    for word in (b"quokka", b"Private-Name", b"Ruth", b"ruth", b"Small"):
        assert word not in raw
    assert send(desk, after=timedelta(days=2)) == Sent()


def test_a_mail_is_in_the_language_that_its_reader_chose(desk: Records, server: MailServer) -> None:
    talk.choose(desk, who("rosa"), Choice("de"))
    mentioned(desk, "rosa")
    send(desk)
    assert server.mails[0]["Content-Language"] == "de"
    assert "Jemand hat Sie in einem Kommentar genannt." in server.mails[0]["Subject"]


def test_whoever_wants_no_mail_or_has_no_address_gets_the_notice_alone(
    desk: Records, server: MailServer
) -> None:
    talk.choose(desk, who("rosa"), Choice("en", frozenset({"mention"})))
    mentioned(desk, "rosa")
    talk.open_thread(desk, who("rosa"), begin(desk), Place(), "Hello", mentions=("rolf",))
    assert send(desk) == Sent()
    with desk.read() as connection:
        assert talk.count_unread(connection, "rosa") == talk.count_unread(connection, "rolf") == 1


def test_without_a_mail_server_nothing_is_queued(desk: Records) -> None:
    mentioned(desk, "rosa")
    with desk.read() as connection:
        assert connection.execute(select(outbox)).all() == []


def test_a_server_that_is_down_is_asked_again_later_and_others_wait(
    desk: Records, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mentioned(desk, "rosa", "rolf")
    up = os.environ["PRIVACY_MAIL_PORT"]
    monkeypatch.setenv("PRIVACY_MAIL_PORT", str(free_port()))
    assert send(desk) == Sent(failed=1, is_server_down=True)
    monkeypatch.setenv("PRIVACY_MAIL_PORT", up)
    assert send(desk) == Sent(sent=1)
    assert send(desk, after=WAITS[0] + timedelta(seconds=5)) == Sent(sent=1)
    assert sorted(mail["To"] for mail in server.mails) == [
        "rolf@people.example", "rosa@people.example"]  # fmt: skip


def test_a_refused_recipient_is_given_up_and_shown_to_the_office_while_others_get_theirs(
    desk: Records, server: MailServer
) -> None:
    server.refusals["rosa@people.example"] = "550 no such mailbox"
    mentioned(desk, "rosa", "rolf")
    assert send(desk) == Sent(sent=1, given_up=1)
    with desk.read() as connection:
        (lost,) = undelivered(connection, who("adam"))
        with pytest.raises(NotPermitted):
            undelivered(connection, who("ann"))
    assert (lost.person_id, lost.problem, lost.attempts) == ("rosa", "recipient-refused-550", 1)
    server.refusals.clear()
    try_again(desk, who("adam"), lost.id)
    assert send(desk) == Sent(sent=1)
    assert server.mails[-1]["Message-ID"] == f"<{lost.id}@workbench.example>"


def test_a_recipient_refused_for_now_is_tried_with_longer_waits_and_then_given_up(
    desk: Records, server: MailServer
) -> None:
    server.refusals["rosa@people.example"] = "450 try later"
    mentioned(desk, "rosa")
    moment, found = datetime.now(UTC) + timedelta(seconds=1), []
    settings = read_settings()
    for wait in WAITS:
        found.append(send_due(desk, SYSTEM, settings, now=moment))
        assert send_due(desk, SYSTEM, settings, now=moment + wait * 0.9) == Sent()
        moment += wait
    assert found == [Sent(failed=1)] * (len(WAITS) - 1) + [Sent(given_up=1)]
    assert send_due(desk, SYSTEM, settings, now=moment + timedelta(days=3)) == Sent()
    assert list(WAITS) == sorted(WAITS)


KILLED = """
import os, sys
from datetime import UTC, datetime, timedelta
from assessments.records import Actor, Records
from assessments.talk import outbox
from assessments.talk.post import send_due
from assessments.talk.settings import read_settings
outbox.mark_sent = lambda *_: os._exit(9)
send_due(Records.open(sys.argv[1]), Actor.system("notices"), read_settings(),
         now=datetime.now(UTC) + timedelta(seconds=1))
"""


def test_a_sender_killed_between_sending_and_marking_sends_again_under_the_same_message_id(
    desk: Records, server: MailServer
) -> None:
    mentioned(desk, "rosa")
    url = desk.engine.url.render_as_string(hide_password=False)
    died = subprocess.run([sys.executable, "-c", KILLED, url], check=False, timeout=60)
    assert died.returncode == 9
    assert len(server.mails) == 1
    assert send(desk) == Sent()
    assert send(desk, after=WAITS[0] + timedelta(minutes=1)) == Sent(sent=1)
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"]


def test_two_senders_never_hold_one_message(desk: Records, server: MailServer) -> None:
    mentioned(desk, "rosa")
    now = datetime.now(UTC) + timedelta(seconds=1)
    assert claim(desk, SYSTEM, now) is not None
    assert claim(desk, SYSTEM, now) is None


def test_nobody_gets_mail_about_what_they_may_no_longer_read(
    desk: Records, server: MailServer
) -> None:
    mentioned(desk, "rosa")
    with desk.engine.begin() as connection:
        ended = update(role_grant).where(role_grant.c.person_id == "rosa")
        connection.execute(ended.values(valid_to=role_grant.c.valid_from))
    assert send(desk) == Sent(given_up=1)
    assert server.mails == []


def test_an_address_that_is_none_sends_nothing_to_anybody(
    desk: Records, server: MailServer
) -> None:
    for address in ("rosa@x\r\nBcc: all@people.example", "rosa", "@", "ro sa@x y", "<a@b>"):
        mentioned(desk, "rosa")
        with desk.engine.begin() as connection:
            connection.execute(update(person).where(person.c.id == "rosa").values(email=address))
        assert send(desk) == Sent(given_up=1)
    assert server.mails == []


def test_old_mail_is_not_sent_late(desk: Records, server: MailServer) -> None:
    mentioned(desk, "rosa")
    assert send(desk, after=timedelta(days=8)) == Sent(given_up=1)
    assert server.mails == []


def test_events_queue_their_mail_in_their_own_transaction(
    desk: Records, server: MailServer
) -> None:
    with_addresses(desk, "rosa")
    made = begin(desk)
    rounds.submit(desk, who("ann"), made)
    assert send(desk) == Sent(sent=1)
    assert server.mails[0]["Subject"] == "Privacy Workbench: An assessment was sent for review."


WRONG = (
    ("PRIVACY_MAIL_HOST", ""), ("PRIVACY_MAIL_PORT", "0"), ("PRIVACY_MAIL_PORT", "x"),
    ("PRIVACY_MAIL_SECURITY", "ssl"), ("PRIVACY_MAIL_SENDER", "nobody"), ("PRIVACY_BASE_URL", ""),
    ("PRIVACY_BASE_URL", "javascript:alert(1)"), ("PRIVACY_MAIL_HOST", "mail.example"),
)  # fmt: skip


def test_settings_that_cannot_be_used_name_their_variable() -> None:
    good = {"PRIVACY_MAIL_HOST": "127.0.0.1", "PRIVACY_MAIL_SECURITY": "none",
            "PRIVACY_MAIL_SENDER": SENDER, "PRIVACY_BASE_URL": BASE}  # fmt: skip
    assert read_settings(good).port == 587
    for name, value in WRONG:
        with pytest.raises(BadInput) as caught:
            read_settings(good | {name: value})
        assert str(caught.value.field).startswith("PRIVACY_")


def test_a_password_stands_in_no_printed_settings() -> None:
    found = read_settings({"PRIVACY_MAIL_HOST": "h.example", "PRIVACY_MAIL_SENDER": SENDER,
                           "PRIVACY_BASE_URL": BASE, "PRIVACY_MAIL_PASSWORD": "wombat"})  # fmt: skip
    assert "wombat" not in repr(found)
    assert found.security == "starttls"
