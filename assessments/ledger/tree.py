"""RFC 6962 Merkle tree: hashing, proofs from stored nodes, and verification without them.

Section 2.1 (hashing), 2.1.1 (audit paths), 2.1.2 (consistency). A node (level, idx) is the root of
the perfect subtree over leaves [idx * 2^level, (idx + 1) * 2^level). All hashes are 32-byte SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

NodeReader = Callable[[int, int], bytes]


def hash_leaf(body: bytes) -> bytes:
    """SHA-256(0x00 || body)."""
    return hashlib.sha256(b"\x00" + body).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Edge:
    """The right edge of a growing tree: one node for each bit of the size, and nothing else."""

    size: int = 0
    nodes: list[bytes] = field(default_factory=list)

    def add(self, digest: bytes, level: int = 0) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash, or the root of a whole subtree of ``level``; returns the nodes it completes."""
        grown = 1 << level
        position, current = self.size >> level, digest
        made = [(level, position, digest)]
        while position & 1:
            current = hash_children(self.nodes.pop(), current)
            level, position = level + 1, position >> 1
            made.append((level, position, current))
        self.nodes.append(current)
        self.size += grown
        return made

    def root(self) -> bytes:
        """The RFC 6962 root of what was added."""
        if not self.nodes:
            return EMPTY_ROOT
        current = self.nodes[-1]
        for left in reversed(self.nodes[:-1]):
            current = hash_children(left, current)
        return current


def perfect_levels(leaves: list[bytes]) -> list[list[bytes]]:
    """Every level of the tree over a power of two of leaf hashes, the leaves first, the root last."""
    levels = [leaves]
    sha256 = hashlib.sha256
    while len(leaves) > 1:
        pairs = zip(leaves[::2], leaves[1::2], strict=True)
        leaves = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
        levels.append(leaves)
    return levels


def new_nodes(index: int, leaf: bytes, read: NodeReader) -> list[tuple[int, int, bytes]]:
    """The nodes that appending leaf number ``index`` completes: 1 + trailing ones of index."""
    nodes = [(0, index, leaf)]
    level, position, current = 0, index, leaf
    while position & 1:
        current = hash_children(read(level, position - 1), current)
        level, position = level + 1, position >> 1
        nodes.append((level, position, current))
    return nodes


def range_root(start: int, end: int, read: NodeReader) -> bytes:
    """The RFC 6962 hash over leaves [start, end), from stored perfect nodes."""
    count = end - start
    if count == 0:
        return EMPTY_ROOT
    if count & (count - 1) == 0 and start % count == 0:
        level = count.bit_length() - 1
        return read(level, start >> level)
    split = _largest_power_below(count)
    return hash_children(
        range_root(start, start + split, read), range_root(start + split, end, read)
    )


def inclusion_path(index: int, size: int, read: NodeReader) -> list[bytes]:
    """The audit path of leaf ``index`` in a tree of ``size`` leaves (2.1.1)."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of size {size}")
    return _path(index, 0, size, read)


def consistency_path(old: int, new: int, read: NodeReader) -> list[bytes]:
    """The proof that the tree of ``old`` leaves is a prefix of the one of ``new`` (2.1.2)."""
    if not 0 < old <= new:
        raise ValueError(f"no consistency proof from {old} to {new}")
    return [] if old == new else _subproof(old, 0, new, True, read)


def verify_inclusion(
    index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes
) -> bool:
    """Whether ``path`` leads from ``leaf`` at ``index`` to ``root``; never raises on hostile input."""
    if not 0 <= index < size or not _all_hashes((*path, leaf, root)):
        return False
    position, last, current = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            current = hash_children(sibling, current)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            current = hash_children(current, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and current == root


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether ``path`` shows the old tree to be a prefix of the new; never raises."""
    if not 0 < old <= new or not _all_hashes((*path, old_root, new_root)):
        return False
    if old == new:
        return not path and old_root == new_root
    proof = list(path)
    if old & (old - 1) == 0:
        proof.insert(0, old_root)
    if not proof:
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    older = newer = proof[0]
    for sibling in proof[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            older, newer = hash_children(sibling, older), hash_children(sibling, newer)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            newer = hash_children(newer, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and older == old_root and newer == new_root


def _path(index: int, start: int, end: int, read: NodeReader) -> list[bytes]:
    count = end - start
    if count == 1:
        return []
    middle = start + _largest_power_below(count)
    if index < middle:
        return [*_path(index, start, middle, read), range_root(middle, end, read)]
    return [*_path(index, middle, end, read), range_root(start, middle, read)]


def _subproof(old: int, start: int, end: int, whole: bool, read: NodeReader) -> list[bytes]:
    if old == end:
        return [] if whole else [range_root(start, end, read)]
    middle = start + _largest_power_below(end - start)
    if old <= middle:
        return [*_subproof(old, start, middle, whole, read), range_root(middle, end, read)]
    return [*_subproof(old, middle, end, False, read), range_root(start, middle, read)]


def _largest_power_below(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def _all_hashes(values: Sequence[bytes]) -> bool:
    return all(isinstance(value, bytes) and len(value) == HASH_SIZE for value in values)
