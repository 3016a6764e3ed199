"""Three tagged signature fields in a typeset report, one a role.

Each widget is nested in a Form structure element (ISO 14289-1, 7.18.4) and has an appearance
stream (ISO 19005-3, 6.3.3). The approver's field locks the document (FieldMDP All, P 1): nothing
may be signed after the approver. Field names hold no period: readers take it as a path separator.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from assessments.signing.roles import SIGNERS

_PRINT_AND_LOCKED = 132
_APPEND_ONLY_AND_SIGNED = 3


@dataclass(frozen=True, slots=True)
class SignatureBox:
    """Where a role signs: page from 1, top left corner and size in points from the top left."""

    role: str
    label: str
    name: str
    page: int
    x: float
    y: float
    width: float
    height: float


def add_signature_fields(pdf: bytes, boxes: list[SignatureBox]) -> bytes:
    """The same document with an empty signature field in each box; same input, same bytes."""
    with Pdf.open(io.BytesIO(pdf)) as document:
        widgets = [_add_widget(document, box) for box in boxes]
        document.Root.AcroForm = document.make_indirect(
            Dictionary(Fields=Array(widgets), SigFlags=_APPEND_ONLY_AND_SIGNED)
        )
        out = io.BytesIO()
        document.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def _add_widget(document: Pdf, box: SignatureBox) -> Object:
    page = document.pages[box.page - 1]
    description = f"Signature of the {box.label.lower()}" + (f", {box.name}" if box.name else "")
    widget = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(box.role),
            TU=String(description),
            Contents=String(description),
            F=_PRINT_AND_LOCKED,
            P=page.obj,
            Rect=_rectangle(page, box),
            AP=Dictionary(N=_blank(document, box)),
        )
    )
    if box.role == SIGNERS[-1]:
        widget.Lock = Dictionary(Type=Name.SigFieldLock, Action=Name.All, P=1)
    page.obj.Annots = Array([*page.obj.get("/Annots", Array()), widget])
    page.obj.Tabs = Name.S
    _tag(document, widget, page.obj, description)
    return widget


def _rectangle(page: pikepdf.Page, box: SignatureBox) -> Array:
    top = float(page.mediabox[3])
    corners = (box.x, top - box.y - box.height, box.x + box.width, top - box.y)
    return Array([round(corner, 3) for corner in corners])


def _blank(document: Pdf, box: SignatureBox) -> Object:
    stream = document.make_stream(b"")
    stream.Type, stream.Subtype = Name.XObject, Name.Form
    stream.BBox = Array([0, 0, round(box.width, 3), round(box.height, 3)])
    return stream


def _tag(document: Pdf, widget: Object, page: Object, description: str) -> None:
    """Hang the widget into the structure tree, after everything that Typst put there."""
    root = document.Root.StructTreeRoot
    parent = _document_element(root)
    element = document.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=parent,
            Pg=page,
            Alt=String(description),
            K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=page),
        )
    )
    parent.K = Array([*_children(parent), element])
    key = _next_key(root)
    widget.StructParent = key
    _register(root.ParentTree, key, element)
    root.ParentTreeNextKey = key + 1


def _document_element(root: Object) -> Object:
    children = _children(root)
    found = next((child for child in children if child.get("/S") == Name.Document), None)
    if found is None:
        raise ValueError("the typeset file has no Document element")
    return found


def _children(element: Object) -> list[Object]:
    kids = element.get("/K", Array())
    return list(kids) if isinstance(kids, Array) else [kids]


def _next_key(root: Object) -> int:
    if "/ParentTreeNextKey" in root:
        return int(root.ParentTreeNextKey)
    return 1 + max((int(key) for key in _keys(root.ParentTree)), default=-1)


def _keys(node: Object) -> list[int]:
    own = [int(key) for key in list(node.get("/Nums", Array()))[::2]]
    return own + [key for kid in node.get("/Kids", Array()) for key in _keys(kid)]


def _register(tree: Object, key: int, element: Object) -> None:
    """Add to a number tree; new keys are the largest, so they go to its end."""
    if "/Kids" in tree:
        leaf = Dictionary(Limits=Array([key, key]), Nums=Array([key, element]))
        tree.Kids = Array([*tree.Kids, leaf])
    else:
        tree.Nums = Array([*tree.get("/Nums", Array()), key, element])
