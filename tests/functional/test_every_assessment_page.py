"""The pages of guided work keep the same promises as those of the office."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.functional.crawl import Seen, crawl
from tests.functional.places import assessment_places
from tests.functional.promises import (  # noqa: F401
    test_every_page_has_no_accessibility_violation,
    test_no_page_asks_another_origin_for_anything,
    test_no_page_is_wider_than_a_phone,
    test_no_page_logs_an_error_in_the_browser,
)


@pytest.fixture(scope="module")
def seen(browser: Browser, address: str, loaded_home: Path) -> Seen:
    return crawl(browser, address, assessment_places(loaded_home))
