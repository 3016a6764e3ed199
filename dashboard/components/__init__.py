"""What pages are made of. Import from here; every name below is the whole public surface.

Words on a page (all text reaches the browser as text nodes: no HTML, no Markdown, nothing to escape)
    Link(text, page, params)     a link inside the app; a real address, so a new tab works too
    Tag(text, tone)              a status: tone is neutral, info, good, warn or bad
    Columns                      annotate a mixed list of headings with it: ``columns: Columns = [...]``
    Cell                         str | Link | Tag | None, or a list of them; None reads "Not provided"

Parts
    page_head(title, lead, trail)        breadcrumb, the one h1, one sentence; call it first on a page
    facts([(key, cell, action), ...])    summary list; the optional action is a Link ("Change purpose")
    table(caption, columns, rows)        a real table that turns into cards on a phone
    paged(caption, columns, total, read) the same, one SQL page at a time, page number in the address
    board([Card, ...])                   at most six numbers
    trend(Trend)                         line with target, its sentence, and the same figures as a table
    link_list(groups)                    task list: groups of Item(link, hint, tag)
    notice(text, tone, title)            a quiet box: what happens next, why something is not possible
    empty(title, text, action)           what will appear here, why it is empty, one thing to do
    code(title, text, note)              SQL or JSON, folded away
    error_box(error)                     "There is a problem" for any WorkbenchError
    tags([Tag, ...])                     statuses in a row, under the title
    field_error(error, key=)             what would be right, beside an input; its height is kept too
    status_line(text)                    one line *below* the buttons; its height is always reserved
    autosave_area(label, value, key=, on_save=)   long text that saves while you type
    shell(...)                           once a run, in app.py: language, announcements, focus
    announce(text)                       say something to screen readers, politely
    go(page, **params)                   switch to another page of the app at once

Rules that hold for every page
    Nothing above a button may appear or move when something is saved (measured: the next click is lost).
    One h1 (page_head), then h2 (st.header), then h3. Links between pages are Link, never Markdown.
"""

from dashboard.components.autosave import autosave_area
from dashboard.components.board import Card, board
from dashboard.components.boxes import code, empty, error_box, field_error, notice, status_line
from dashboard.components.listing import Item, facts, link_list, tags
from dashboard.components.markup import Cell, Link, Tag, go
from dashboard.components.page import page_head
from dashboard.components.shell import announce, shell
from dashboard.components.tables import Column, Columns, paged, table
from dashboard.components.trend import trend

__all__ = [
    "Card",
    "Cell",
    "Column",
    "Columns",
    "Item",
    "Link",
    "Tag",
    "announce",
    "autosave_area",
    "board",
    "code",
    "empty",
    "error_box",
    "facts",
    "field_error",
    "go",
    "link_list",
    "notice",
    "page_head",
    "paged",
    "shell",
    "status_line",
    "table",
    "tags",
    "trend",
]
