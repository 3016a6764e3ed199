"""Pictures of every page: ``python -m tests.functional.screenshots ADDRESS HOME FOLDER [NAME...]``.

Desktop and phone, light and dark; for looking at, and for the docs.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.functional.conftest import ARGUMENTS, CHROMIUM, visit
from tests.functional.crawl import DESK, PHONE
from tests.functional.places import all_places

SETTLING_MS = 400


def main(address: str, home: str, folder: str, *names: str) -> None:
    """Take them all, or those that are named."""
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    places = [place for place in all_places(Path(home)) if not names or place.name in names]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        for scheme in ("light", "dark"):
            for label, (width, height) in (("desk", DESK), ("phone", PHONE)):
                context = browser.new_context(
                    base_url=address,
                    color_scheme=scheme,  # type: ignore[arg-type]
                    viewport={"width": width, "height": height},
                )
                page = context.new_page()
                for place in places:
                    visit(page, place.path)
                    page.wait_for_timeout(SETTLING_MS)
                    grow(page, width)
                    page.screenshot(path=out / f"{place.name}-{scheme}-{label}.png")
                    page.set_viewport_size({"width": width, "height": height})
                context.close()
        browser.close()


def grow(page: Page, width: int, most: int = 4_000) -> None:
    """Make the window as tall as the page: Streamlit scrolls inside its main element."""
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": min(int(height) + 20, most)})


if __name__ == "__main__":
    main(*sys.argv[1:])
