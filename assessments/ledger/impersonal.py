"""What may not stand in a ledger entry: personal data, and hashes from which it can be guessed.

An entry can never be changed, so a name in it could never be erased (GDPR Art. 17). A hash without
a salt is no protection: names, addresses and yes/no answers are few enough to try them all
(Article 29 Working Party, WP216, section 4). Digests of whole files are fine.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

LONGEST_GUESS = 500

_PERSONAL_WORD = re.compile(
    "address|birthdate|birthday|comment|dob|e?mail|firstname|forename|fullname|givenname|iban"
    "|lastname|mobile|password|passphrase|phone|ssn|surname|telephone"
)
_PERSON = re.compile(
    "actor|approver|author|customer|display|dpo|family|first|full|given|last|owner|patient|person"
    "|reviewer|subject|user"
)
_PERSONAL_KEYS = frozenset({"name", "note", "text"})
_DIGEST_NAMES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_PHONE = re.compile(r"\+\d[\d ()/.-]{6,}\d")
_SMALL_ANSWERS = (
    *("yes", "no", "true", "false", "y", "n", "1", "0", "unknown", "none", "null", "m", "f"),
    *("male", "female", "approved", "rejected", "accepted", "granted", "denied", "positive"),
    *("negative", "high", "medium", "low"),
)


def check_facts(facts: dict[str, Any], private: dict[str, Any] | None) -> None:
    """ValueError, naming the key and never the value, when facts hold personal data."""
    guessable = {word for text in _texts(private or {}) for word in _digests(text)} | _SMALL_DIGESTS
    for path, value in _leaves(facts):
        key = path.rsplit(".", 1)[-1]
        if is_personal_key(key):
            raise ValueError(f"personal data must not enter the ledger in clear: {path}")
        if isinstance(value, str):
            if "@" in value or _PHONE.fullmatch(value.strip()):
                raise ValueError(f"this looks like personal data, an address: {path}")
            if value.lower() in guessable:
                raise ValueError(f"an unsalted hash can be guessed; commit to it instead: {path}")


def is_personal_key(key: str) -> bool:
    """Whether a key says that its value, in clear or hashed, is about a person."""
    words = [word.lower() for word in _WORD.findall(key.replace("e-mail", "email"))]
    if key.lower() in _PERSONAL_KEYS or any(map(_PERSONAL_WORD.fullmatch, words)):
        return True
    return "name" in words and any(map(_PERSON.fullmatch, words))


def _leaves(value: Any, path: str = "facts") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{path}.{key}", None
            yield from _leaves(inner, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner, path)
    else:
        yield path, value


def _texts(value: Any) -> Iterator[str]:
    for _, leaf in _leaves(value):
        if leaf is not None and len(str(leaf)) <= LONGEST_GUESS:
            text = str(leaf).strip()
            yield from {text, text.lower(), text.casefold(), text.upper()}


def _digests(text: str) -> Iterator[str]:
    for name in _DIGEST_NAMES:
        yield hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()


_SMALL_DIGESTS = frozenset(digest for text in _SMALL_ANSWERS for digest in _digests(text))
