"""Sums over several indices of products: each sum is carried out as early as the factors let it be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from docgen.algebra.rings import Number

#: The values of a factor by the values of its indices.
Table = tuple[tuple[str, ...], Mapping[tuple[int, ...], Number]]


def places(names: Sequence[str], counts: Mapping[str, int]) -> Iterator[tuple[int, ...]]:
    """All values of some indices."""
    return product(*(range(counts[name]) for name in names))


def sum_of_products(tables: Sequence[Table], counts: Mapping[str, int], modulus: Number) -> Number:
    """Σ over all indices of the product of the tables.

    The index that meets the fewest others is summed first, by variable elimination."""
    left = list(tables)
    waiting = dict(counts)
    while waiting:
        index = min(waiting, key=lambda name: len(_neighbours(left, name)))
        count = waiting.pop(index)
        involved = [table for table in left if index in table[0]]
        left = [table for table in left if index not in table[0]]
        others = _neighbours(involved, index)
        summed: dict[tuple[int, ...], Number] = {}
        for place in places(others, counts):
            at = dict(zip(others, place, strict=True))
            whole: Number = 0
            for value in range(count):
                at[index] = value
                term: Number = 1
                for names, table in involved:
                    term = term * table[tuple(at[name] for name in names)] % modulus
                whole = whole + term
            summed[place] = whole % modulus
        left.append((others, summed))
    result: Number = 1
    for _, table in left:
        result = result * table[()] % modulus
    return result


def _neighbours(tables: Sequence[Table], index: str) -> tuple[str, ...]:
    """The indices that share a table with an index."""
    return tuple(sorted({name for names, _ in tables if index in names for name in names} - {index}))
