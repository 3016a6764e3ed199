"""Nodes hold text as text, links stay inside, and nothing a user typed becomes markup."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dashboard.components import markup
from dashboard.components.markup import Link, Tag, cell_nodes
from dashboard.components.page import _literal
from dashboard.components.tables import Column, table_node

RENDER = Path(markup.__file__).with_name("render.js")
HOSTILE = "<img src=x onerror=alert(1)>"


def test_a_link_has_a_real_address_with_its_parameters_encoded() -> None:
    link = Link("Claims", "dataset", {"id": "d/1&x=<2>"})
    assert link.href == "/dataset?id=d%2F1%26x%3D%3C2%3E"


def test_the_overview_is_the_first_address() -> None:
    assert Link("Overview", "overview").href == "/"


def test_a_hostile_value_stays_one_string_of_a_table() -> None:
    found = table_node("Caption", ["Name"], [[HOSTILE]])
    assert json.dumps(found).count(json.dumps(HOSTILE)[1:-1]) == 1
    assert [HOSTILE] in _children(found)


def test_several_texts_become_a_list_and_links_stand_side_by_side() -> None:
    assert cell_nodes(["a", "b"])[0][0] == "ul"
    assert [part[0] for part in cell_nodes([Link("a", "kpi"), Tag("b")])] == ["span", "span"]


@pytest.mark.parametrize("nothing", [None, "", []])
def test_an_absent_value_is_said_in_words(nothing: str | list[str] | None) -> None:
    assert cell_nodes(nothing)[0][2] == ["Not provided"]


def test_a_row_with_a_missing_cell_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        table_node("Caption", [Column("A"), Column("B")], [["only one"]])


def test_every_element_that_parts_use_is_one_that_the_browser_builds() -> None:
    allowed = set(
        re.findall(r"[a-z0-9]+", RENDER.read_text(encoding="utf-8").split("NAMES")[1][:420])
    )
    used = set()
    for file in RENDER.parent.glob("*.py"):
        used |= set(re.findall(r"node\(\s*\"([a-z0-9]+)\"", file.read_text(encoding="utf-8")))
    assert used
    assert used <= allowed


def test_the_builder_writes_text_nodes_and_never_markup() -> None:
    for script in RENDER.parent.glob("*.js"):
        source = script.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", source
        )


@pytest.mark.parametrize("title", ["a *b* [c](http://x)", ":material/home:", "$x$ <b>", "1. first"])
def test_a_title_is_text_whatever_it_looks_like(title: str) -> None:
    escaped = _literal(title)
    assert re.sub(r"\\(.)", r"\1", escaped) == title
    assert not re.search(r"(?<!\\)[*_\[\]()<>$:#`]", escaped)


def _children(found: list[object]) -> list[object]:
    inner = found[2]
    assert isinstance(inner, list)
    nested = [each for child in inner if isinstance(child, list) for each in _children(child)]
    return [inner, *nested]
