"""The reference page is made from the catalogue and from the executed examples."""

from __future__ import annotations

from dashboard.kpis.docs import PAGE, write_page


def test_the_reference_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == write_page(), "renew it: python -m dashboard.kpis.docs"
