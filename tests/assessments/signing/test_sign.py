from __future__ import annotations

import io
import re
from itertools import pairwise

import pikepdf
import pytest
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from assessments.errors import BadInput, NotPossibleNow
from assessments.signing.pdf import sign_report
from tests.assessments.signing.signed_pack import (
    PEOPLE,
    make_signed_pack,
    new_authority,
    passphrase,
)

XMP = re.compile(rb"<\?xpacket begin.*?<\?xpacket end[^>]*>", re.DOTALL)


def test_each_signature_only_appends_to_what_was_signed_before() -> None:
    genuine = make_signed_pack()
    stages = [genuine.base, *genuine.revisions]

    for before, after in pairwise(stages):
        assert after.startswith(before)


def test_signing_leaves_the_metadata_as_it_was() -> None:
    genuine = make_signed_pack()

    assert len(XMP.findall(genuine.base)) == 1
    assert XMP.findall(genuine.report) == XMP.findall(genuine.base)
    with (
        pikepdf.open(io.BytesIO(genuine.report)) as signed,
        pikepdf.open(io.BytesIO(genuine.base)) as base,
    ):
        assert dict(signed.docinfo.items()) == dict(base.docinfo.items())
        assert signed.pdf_version == "1.7"
        assert "/Version" not in signed.Root
        assert set(signed.Root.Extensions.keys()) == {"/ESIC"}


def test_the_method_that_we_override_is_still_there() -> None:
    assert callable(BasePdfFileWriter._update_meta)


def test_revocation_lists_and_certificates_are_in_the_file() -> None:
    with pikepdf.open(io.BytesIO(make_signed_pack().report)) as document:
        store = document.Root.DSS

        assert len(store.CRLs) >= 2
        assert len(store.Certs) >= 5 - 1
        assert "/VRI" not in store


def test_the_author_certifies_and_nobody_else_does() -> None:
    with pikepdf.open(io.BytesIO(make_signed_pack().report)) as document:
        methods = [
            [str(r.TransformMethod) for r in field.V.get("/Reference", [])]
            for field in document.Root.AcroForm.Fields
        ]

        assert methods == [["/DocMDP"], [], ["/FieldMDP"]]
        assert document.Root.AcroForm.Fields[0].V.Reference[0].TransformParams.P == 2
        assert [str(f.V.SubFilter) for f in document.Root.AcroForm.Fields] == [
            "/ETSI.CAdES.detached"
        ] * 3


def test_roles_sign_in_their_order_and_once() -> None:
    genuine = make_signed_pack()
    key = genuine.authority.document_key(PEOPLE["dpo"][0], passphrase(PEOPLE["dpo"][0]))

    with pytest.raises(NotPossibleNow):
        sign_report(genuine.base, "dpo", key, reason="too early")
    with pytest.raises(NotPossibleNow):
        sign_report(genuine.report, "dpo", key, reason="twice")
    with pytest.raises(BadInput):
        sign_report(genuine.base, "reviewer", key, reason="no such box")


def test_a_name_that_the_stamp_s_font_lacks_is_signed_all_the_same() -> None:
    genuine = make_signed_pack()
    authority = new_authority("組織")
    authority.issue("wang", "王小明", "wang")

    signed = sign_report(
        genuine.base, "author", authority.document_key("wang", "wang"), reason="好"
    )

    assert signed.startswith(genuine.base)
