"""Foreign HTML as text that people read, and text as the simplest HTML.

Markup is first cleaned by a parser that follows the HTML standard (nh3), so that scripts, styles and
handlers are gone before anything is read. What remains is turned into plain text: it is safe
wherever text is safe. The original is kept elsewhere, byte for byte.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import nh3

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_GROUPS = frozenset({"p", "div", "blockquote", "pre", "section", "article"})
_LISTS = frozenset({"ul", "ol", "dl", "dt", "dd", "table", "tr"})
_BLOCKS = _HEADINGS | _GROUPS | _LISTS
_CELLS = frozenset({"td", "th"})
_KEPT = set(_BLOCKS | _CELLS | {"li", "br", "hr", "a", "img", "thead", "tbody"})
_BLANK_LINES = re.compile(r"\n{3,}")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/<>]*)[^<>]*>")
_VOID = frozenset({"br", "hr", "img", "input", "wbr", "col", "meta", "link"})
_HIDDEN = frozenset({"script", "style"})
_SHOWN_LINKS = ("http://", "https://", "mailto:")
MAX_NESTED = 300
"""The parser's time grows with the square of the depth; no editor nests this deep."""
_MARKUP = re.compile(r"<[A-Za-z/!][^>]*>|&[A-Za-z#][A-Za-z0-9]*;")


def is_markup(text: str) -> bool:
    """Whether a text holds tags or entities at all."""
    return _MARKUP.search(text) is not None


def to_text(markup: str) -> str:
    """Plain text: paragraphs and list items on lines of their own, links and pictures named."""
    if _is_too_deep(markup):
        return _bare_text(markup)
    clean = nh3.clean(
        markup,
        tags=_KEPT,
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}, "img": {"alt"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    reader = _Text()
    reader.feed(clean)
    reader.close()
    return reader.text()


def _is_too_deep(markup: str) -> bool:
    depth = 0
    for closing, name in _TAG.findall(markup):
        depth += 0 if name.lower() in _VOID else -1 if closing else 1
        if depth > MAX_NESTED:
            return True
    return False


def _bare_text(markup: str) -> str:
    """Text between tags, read once from left to right; for markup that only a machine nests."""
    parts: list[str] = []
    position, hidden = 0, ""
    for tag in _TAG.finditer(markup):
        if not hidden:
            parts.append(markup[position : tag.start()])
        name = tag[2].lower()
        if name in _HIDDEN and not tag[1]:
            hidden = hidden or name
        elif name == hidden:
            hidden = ""
        position = tag.end()
    parts.append("" if hidden else markup[position:])
    lines = (_SPACES.sub(" ", html.unescape(part)).strip() for part in parts)
    return "\n".join(line for line in lines if line)


def to_html(text: str) -> str:
    """A text as paragraphs and line breaks, everything else escaped."""
    paragraphs = [part for part in re.split(r"\n{2,}", text.strip("\n")) if part]
    return "\n".join(
        "<p>" + html.escape(part, quote=False).replace("\n", "<br />") + "</p>"
        for part in paragraphs
    )


class _Text(HTMLParser):
    """Collects the text of clean markup; knows the lists that it is in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.lists: list[int | None] = []
        self.links: list[str] = []

    def text(self) -> str:
        lines = (line.rstrip() for line in "".join(self.parts).split("\n"))
        return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"ul", "ol"}:
            self._line()
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._line()
            self.parts.append(self._bullet())
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "img":
            self.parts.append(f"[picture: {given.get('alt') or 'not described'}]")
        elif tag == "a":
            self.links.append(given.get("href") or "")
        elif tag in _CELLS:
            self._cell()
        elif tag in _BLOCKS or tag == "hr":
            self._line()

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        if tag == "a" and self.links:
            self._link(self.links.pop())
        elif tag == "p" or (tag in {"ul", "ol"} and not self.lists):
            self._line()
            self.parts.append("\n")
        elif tag in _BLOCKS:
            self._line()

    def handle_data(self, data: str) -> None:
        shown = _SPACES.sub(" ", data)
        if self._is_fresh():
            shown = shown.lstrip(" ")
        if shown:
            self.parts.append(shown)

    def _is_fresh(self) -> bool:
        return not self.parts or self.parts[-1].endswith("\n")

    def _line(self) -> None:
        if not self._is_fresh():
            self.parts.append("\n")

    def _bullet(self) -> str:
        indent = "  " * min(max(len(self.lists) - 1, 0), 8)
        if not self.lists or self.lists[-1] is None:
            return f"{indent}- "
        self.lists[-1] += 1
        return f"{indent}{self.lists[-1]}. "

    def _cell(self) -> None:
        if not self._is_fresh():
            self.parts.append(" | ")

    def _link(self, address: str) -> None:
        if address.lower().startswith(_SHOWN_LINKS) and address not in "".join(self.parts[-3:]):
            self.parts.append(f" ({address})")
