"""What holds for every page; the files that walk over pages take these tests in."""

from __future__ import annotations

from tests.functional.crawl import PHONE, Seen


def test_every_page_has_no_accessibility_violation(seen: Seen) -> None:
    assert not seen.violations


def test_no_page_asks_another_origin_for_anything(seen: Seen, address: str) -> None:
    assert len(seen.asked) > 50
    assert not seen.outside(address)


def test_no_page_is_wider_than_a_phone(seen: Seen) -> None:
    assert not {name: width for name, width in seen.widths.items() if width > PHONE[0]}


def test_no_page_logs_an_error_in_the_browser(seen: Seen) -> None:
    assert not seen.errors
