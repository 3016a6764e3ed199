"""Long text that saves while somebody types.

The stock text area saves on blur only and loses text when the server restarts. This one commits
0.8 s after the last key and at once on blur, keeps the caret, and keeps a draft in the tab until the
server has confirmed it; after a restart the draft is offered again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from dashboard.text import say

DEBOUNCE_MS = 800
_FOLDER = Path(__file__).parent
_mount = st.components.v2.component(
    "privacy_workbench.autosave",
    js=(_FOLDER / "autosave.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def autosave_area(
    label: str,
    value: str,
    *,
    key: str,
    on_save: Callable[[str], None],
    draft: str = "",
    hint: str = "",
    lines: int = 6,
    longest: int = 20_000,
    disabled: bool = False,
    show_label: bool = False,
) -> str:
    """The text as it is now; ``on_save(text)`` runs before the page when it has changed.

    ``draft`` names the place of the draft in the tab: give person, assessment and question, so that
    nobody is offered the words of somebody else. Errors of ``on_save`` are for the page to show.
    """

    def commit() -> None:
        found = st.session_state[key]
        on_save(_text(getattr(found, "value", None), value)[:longest])

    result = _mount(
        key=key,
        data={
            "label": label,
            "showLabel": show_label,
            "hint": hint,
            "value": value,
            "lines": lines,
            "longest": longest,
            "disabled": disabled,
            "draft": draft or key,
            "debounce": DEBOUNCE_MS,
            "words": {
                "found": say("Text that was not saved was found in this tab."),
                "restore": say("Restore it"),
                "discard": say("Discard it"),
            },
        },
        default={"value": value},
        on_value_change=commit,
    )
    return _text(result.value, value)


def _text(found: object, otherwise: str) -> str:
    return found if isinstance(found, str) else otherwise
