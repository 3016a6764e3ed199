"""Boxes: a notice, an empty state, an error, and the line that says what was saved."""

from __future__ import annotations

from assessments.errors import WorkbenchError
from dashboard.components.markup import Link, Node, Tone, link_node, node, show
from dashboard.text import language, say, say_error


def notice(text: str, *, tone: Tone = "info", title: str = "", key: str = "notice") -> None:
    """A quiet box: what happens next, or why something is not possible now."""
    heading = node("strong", "", title) if title else None
    show(node("div", f"pw-box pw-box-{tone}", heading, node("p", "", text)), key=key)


def empty(title: str, text: str, action: Link | None = None, *, key: str = "empty") -> None:
    """What will appear here, why it is empty, and one thing to do."""
    more = node("p", "", link_node(action, "pw-button")) if action else None
    show(
        node("div", "pw-empty", node("p", "pw-empty-title", title), node("p", "", text), more),
        key=key,
    )


def error_box(
    error: WorkbenchError, action: Link | None = None, *, level: int = 2, key: str = "error"
) -> None:
    """What went wrong, what was kept and what would be right; never a traceback."""
    heading = node(f"h{level}", "", say("There is a problem"))
    place = ", ".join(f"{say(name)} {value}" for name, value in error.where.items())
    lines = [node("p", "", place)] if place else []
    lines += [_said(error.detail)] if error.detail else []
    more = node("p", "", link_node(action)) if action else None
    box = node("div", "pw-error", heading, _said(error.title, "pw-strong"), *lines, more)
    box[1]["role"] = "alert"
    show(box, key=key)


def _said(text: str, kind: str = "") -> Node:
    """An error's words; those that no catalogue has are marked as English."""
    shown, spoken = say_error(text)
    return node("p", kind, shown) if spoken == language() else node("p", kind, shown, lang=spoken)


def code(title: str, text: str, note: str = "", *, key: str = "code") -> None:
    """A text that people may read and run again, folded away."""
    more = node("p", "pw-hint", note) if note else None
    body = node("div", "pw-code", node("pre", "", node("code", "", text), tabindex="0"), more)
    show(node("details", "pw-twin", node("summary", "", title), body), key=key)


def field_error(error: WorkbenchError | None, *, key: str) -> None:
    """What would be right, beside the input; the height is kept, so that nothing below it moves."""
    if error is None:
        show(node("p", "pw-field-error", "\u00a0"), key=key)
        return
    (title, _), (detail, _) = say_error(error.title), say_error(error.detail)
    show(node("p", "pw-field-error", f"{title}. {detail}".strip(), role="alert"), key=key)


def status_line(text: str = "", *, key: str = "status") -> None:
    """One line below the buttons, its height kept when it is empty, so that nothing ever moves."""
    show(node("p", "pw-status", text or "\u00a0"), key=key)
