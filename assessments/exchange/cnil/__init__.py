"""Files of the CNIL's PIA software: read in all their dialects, written as its front export."""

from __future__ import annotations

from collections.abc import Sequence

from assessments.exchange.cnil.document import documents, is_pia
from assessments.exchange.cnil.fields import TEMPLATE
from assessments.exchange.cnil.reading import read_document
from assessments.exchange.cnil.templates import is_knowledge_base, read_knowledge_base
from assessments.exchange.cnil.writing import write
from assessments.exchange.frame import ForeignFile, Format, Reading


def _recognise(file: ForeignFile) -> bool:
    return is_pia(file.content) or is_knowledge_base(file.content)


def _read(file: ForeignFile) -> Sequence[Reading]:
    if is_knowledge_base(file.content):
        return [read_knowledge_base(file)]
    return [read_document(found) for found in documents(file.content, file.place)]


FORMAT = Format(TEMPLATE, "CNIL PIA", _recognise, _read, write, attachments="attachments")
