"""Whether bytes are encoded as DER demands (X.690, sections 8.1 and 10): one way to write a value.

Looser encodings leave room for bytes that can be changed without changing what they say.
"""

from __future__ import annotations

MAX_DEPTH = 32
_CONSTRUCTED, _LONG_TAG, _LONG_LENGTH = 0x20, 0x1F, 0x80
_BOOLEAN = 1


def der_size(data: bytes) -> int:
    """The size of the first value; ValueError when its header is not DER."""
    _, start, end = _header(data, 0, len(data))
    return end if start <= end else 0


def check_der(data: bytes) -> None:
    """ValueError unless the data are exactly one value with definite, shortest lengths throughout."""
    if _check(data, 0, len(data), 0) != len(data):
        raise ValueError("bytes follow the value")


def _check(data: bytes, at: int, limit: int, depth: int) -> int:
    if depth > MAX_DEPTH:
        raise ValueError("nested too deeply")
    tag, start, end = _header(data, at, limit)
    if tag & _CONSTRUCTED:
        inner = start
        while inner < end:
            inner = _check(data, inner, end, depth + 1)
    elif tag == _BOOLEAN and data[start:end] not in (b"\x00", b"\xff"):
        raise ValueError("a boolean is neither 00 nor FF")
    return end


def _header(data: bytes, at: int, limit: int) -> tuple[int, int, int]:
    """Tag, where the content starts, and where it ends."""
    if at + 2 > limit or data[at] & _LONG_TAG == _LONG_TAG:
        raise ValueError("a header is cut off or has a long tag")
    length, start = data[at + 1], at + 2
    if length & _LONG_LENGTH:
        count = length - _LONG_LENGTH
        length, start = int.from_bytes(data[start : start + count]), start + count
        if not 1 <= count <= 4 or length < _LONG_LENGTH or length >> (8 * (count - 1)) == 0:
            raise ValueError("a length is indefinite or not the shortest")
    if start + length > limit:
        raise ValueError("a value reaches beyond its container")
    return data[at], start, start + length
