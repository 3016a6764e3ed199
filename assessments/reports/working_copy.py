"""A filled form typeset to read, send and comment on: unsigned, and marked so on every page.

What is signed is the record and its report; a form is laid out anew from the answers at any time.
"""

from __future__ import annotations

import json
from typing import Any

from assessments.language import known, say
from assessments.reports import words
from assessments.reports.cells import cell, paragraphs, weights
from assessments.reports.record import moment
from assessments.reports.spoken import spoken
from assessments.reports.text import Cleaning
from assessments.reports.typesetting import typeset
from assessments.views.filled import Block, FilledForm, FilledItem


def render_working_copy(filled: FilledForm) -> bytes:
    """The form as PDF/A-3a and PDF/UA-1; the same form gives the same bytes."""
    content = _content(filled)
    text = json.dumps(content, ensure_ascii=False)

    def inputs(refused: frozenset[str]) -> dict[str, str]:
        cleaned = Cleaning(refused=refused).clean_all(content)
        shown = _laid_out(cleaned) | {"words": spoken(known(filled.language))}
        return {"view": json.dumps(shown, ensure_ascii=False, sort_keys=True)}

    pdf, _ = typeset("forms/view.typ", inputs, text=text, at=moment(filled.head.as_of))
    return pdf


def _content(filled: FilledForm) -> dict[str, Any]:
    """Every text of the form as it is said."""
    language, head = known(filled.language), filled.head
    items = list(filled.items)
    return {
        "title": filled.form.title,
        "authority": filled.form.authority,
        "source": filled.form.source,
        "note": filled.form.note,
        "excuse": filled.excuse,
        "language": language,
        "spoken": filled.language,
        "assessment": {
            "id": head.assessment_id,
            "title": head.title,
            "organisation": head.organisation,
        },
        "state": say(language, words.state(head.state)).replace("_", " "),
        "as_of": words.date_time(head.as_of, language),
        "items": len(items),
        "lacking": sum(bool(item.gaps) for item in items),
        "sections": [
            {"ref": s.ref, "title": s.title, "items": [_item(item) for item in s.items]}
            for s in filled.sections
        ],
    }


def _item(item: FilledItem) -> dict[str, Any]:
    return {
        "ref": item.ref,
        "title": item.title,
        "source": item.source,
        "blocks": [_block(block) for block in item.blocks],
        "gaps": [gap.text for gap in item.gaps],
        "moot": item.does_not_apply,
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        "title": block.title,
        "text": block.text,
        "columns": [{"title": title} for title in block.columns],
        "rows": [list(row) for row in block.rows],
    }


def _laid_out(content: dict[str, Any]) -> dict[str, Any]:
    """Cleaned texts as paragraphs, cells and column widths."""
    sections = [
        section
        | {
            "items": [
                item
                | {
                    "blocks": [
                        _laid_out_block(block, content["language"]) for block in item["blocks"]
                    ]
                }
                for item in section["items"]
            ]
        }
        for section in content["sections"]
    ]
    return content | {"sections": sections}


def _laid_out_block(block: dict[str, Any], language: str) -> dict[str, Any]:
    return block | {
        "text": paragraphs(block["text"]),
        "weights": weights(block["columns"], block["rows"]),
        "rows": [[cell(text, language) for text in row] for row in block["rows"]],
    }
