"""The container of a signature holds nothing that could be changed without notice.

The bytes between the two signed ranges are not signed themselves. What may stand there: one
DER-encoded CMS with one signer, the certificates of its chain, no unsigned attribute but a time
stamp, and zeros. Anything else is room for an unnoticed change.
"""

from __future__ import annotations

from typing import Any

from asn1crypto import cms

from assessments.signing.der import check_der, der_size

_TIME_STAMP = "signature_time_stamp_token"
_MAX_CERTIFICATES = 3


def check_container(signature: Any) -> list[str]:
    """The problems of one signature's container; empty when there are none."""
    raw = bytes(signature.pkcs7_content)
    try:
        size = der_size(raw)
        check_der(raw[:size])
        content = cms.ContentInfo.load(raw[:size], strict=True)
        problems = _signed_data_problems(content["content"])
    except (ValueError, TypeError, KeyError) as error:
        return [f"the container is not DER: {error}"[:120]]
    if raw[size:].strip(b"\x00"):
        problems.append("the padding of the container is not empty")
    return problems


def _signed_data_problems(signed: Any) -> list[str]:
    problems: list[str] = []
    signers = signed["signer_infos"]
    if len(signers) != 1:
        problems.append("more than one signer in a container")
        return problems
    unsigned = signers[0]["unsigned_attrs"]
    kinds = [attribute["type"].native for attribute in unsigned] if unsigned else []
    if any(kind != _TIME_STAMP for kind in kinds):
        problems.append("an unsigned attribute other than a time stamp")
    certificates = signed["certificates"]
    if len(certificates) > _MAX_CERTIFICATES or signed["crls"]:
        problems.append("more certificates or lists than the chain needs")
    return problems
