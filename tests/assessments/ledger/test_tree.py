"""The stored tree against RFC 6962 written straight from its recursive definition."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.ledger import tree


def reference_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = reference_root(leaves[:split]), reference_root(leaves[split:])
    return hashlib.sha256(b"\1" + left + right).digest()


class Stored:
    def __init__(self, leaves: list[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        for index, leaf in enumerate(leaves):
            for level, position, digest in tree.new_nodes(index, tree.hash_leaf(leaf), self.read):
                self.nodes[level, position] = digest

    def read(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]


LEAVES = st.lists(st.binary(max_size=4), min_size=1, max_size=70)


@given(LEAVES)
def test_the_root_is_that_of_the_definition(leaves: list[bytes]) -> None:
    assert tree.range_root(0, len(leaves), Stored(leaves).read) == reference_root(leaves)


@given(LEAVES, st.data())
def test_every_leaf_is_proved_and_no_other_body_is(
    leaves: list[bytes], data: st.DataObject
) -> None:
    stored = Stored(leaves)
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = tree.inclusion_path(index, len(leaves), stored.read)
    root = reference_root(leaves)
    leaf = tree.hash_leaf(leaves[index])
    assert tree.verify_inclusion(index, len(leaves), leaf, path, root)
    assert not tree.verify_inclusion(index, len(leaves), tree.hash_leaf(b"other body"), path, root)
    assert not tree.verify_inclusion(index, len(leaves), leaf, [*path, leaf], root)
    if path:
        assert not tree.verify_inclusion(index, len(leaves), leaf, path[:-1], root)


@given(LEAVES, st.data())
def test_every_prefix_is_consistent_and_no_fork_is(
    leaves: list[bytes], data: st.DataObject
) -> None:
    stored = Stored(leaves)
    old = data.draw(st.integers(1, len(leaves)))
    path = tree.consistency_path(old, len(leaves), stored.read)
    roots = reference_root(leaves[:old]), reference_root(leaves)
    assert tree.verify_consistency(old, len(leaves), *roots, path)
    forked = reference_root([*leaves[: old - 1], leaves[old - 1] + b"!"])
    assert not tree.verify_consistency(old, len(leaves), forked, roots[1], path)


def test_proofs_outside_the_tree_are_refused() -> None:
    stored = Stored([b"a", b"b"])
    with pytest.raises(ValueError, match="leaf 2"):
        tree.inclusion_path(2, 2, stored.read)
    with pytest.raises(ValueError, match="consistency"):
        tree.consistency_path(0, 2, stored.read)
    assert not tree.verify_consistency(0, 2, tree.EMPTY_ROOT, reference_root([b"a", b"b"]), [])
