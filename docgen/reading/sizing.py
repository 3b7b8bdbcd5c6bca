"""Sizes that are not known yet, and their unification: sizes are equal only when spelled alike."""

from __future__ import annotations

from docgen.algebra.sizes import ONE, Shape, Size, shape, size, times

#: A size: known, unknown (a number of its own), or a product of such.
Side = Size | int | tuple["Side", ...]
Sides = tuple[Side, Side]


class Sizing:
    """The unknown sizes of one formula and what is found out about them. An unknown size is never 1: whether a factor
    is a scalar is decided by the kind of the symbol, not by chance."""

    def __init__(self) -> None:
        self.bound: dict[int, Side] = {}
        self.count = 0
        self.open_products: list[tuple[Side, Side]] = []

    def fresh(self) -> int:
        """A new unknown size."""
        self.count += 1
        return self.count

    def find(self, side: Side) -> Side:
        """What is known of a size by now."""
        while isinstance(side, int) and side in self.bound:
            side = self.bound[side]
        if isinstance(side, tuple):
            return self.product(*side)
        return side

    def product(self, *factors: Side) -> Side:
        """The product of sizes."""
        known: Size = ONE
        rest: list[Side] = []
        for factor in factors:
            for part in self._parts(factor):
                if isinstance(part, Size):
                    known = times(known, part)
                else:
                    rest.append(part)
        if not rest:
            return known
        if known is not ONE:
            rest.insert(0, known)
        return rest[0] if len(rest) == 1 else tuple(rest)

    def _parts(self, side: Side) -> tuple[Side, ...]:
        """The factors of a size as far as it is known by now."""
        found = self.find(side)
        return found if isinstance(found, tuple) else (found,)

    def unify(self, left: Side, right: Side) -> bool:
        """Make two sizes equal; False where they cannot be."""
        left, right = self.find(left), self.find(right)
        if left == right:
            return True
        if isinstance(left, int) and isinstance(right, int):
            self.bound[max(left, right)] = min(left, right)
            return True
        if isinstance(right, int):
            left, right = right, left
        if isinstance(left, int):
            if right is ONE or (isinstance(right, tuple) and left in right):
                return False
            self.bound[left] = right
            return True
        if isinstance(left, Size) and isinstance(right, Size):
            return False
        if left is ONE or right is ONE:
            return False
        self.open_products.append((left, right))
        return True

    def settle(self) -> bool | None:
        """Decide the products that could not be compared before; False where two differ, None where one stays open."""
        waiting = self.open_products
        while waiting:
            again = []
            for left, right in waiting:
                one, other = self._cancelled(left, right)
                if len(one) > 1 or len(other) > 1:
                    again.append((left, right))
                elif not self.unify(self.product(*one), self.product(*other)):
                    return False
            if len(again) == len(waiting):
                return None
            waiting = again
        return True

    def _cancelled(self, left: Side, right: Side) -> tuple[list[Side], list[Side]]:
        """The factors of two products without those that they share; all known factors of a side count as one."""
        one, other = self._factors(left), self._factors(right)
        for factor in list(one):
            if factor in other:
                one.remove(factor)
                other.remove(factor)
        return one, other

    def _factors(self, side: Side) -> list[Side]:
        factors: list[Side] = []
        for part in self._parts(side):
            if isinstance(part, Size) and len(part.symbols) + (part.number != 1) > 1:
                factors.extend(size(symbol) for symbol in part.symbols)
                factors.extend([size(part.number)] if part.number != 1 else [])
            else:
                factors.append(part)
        return factors

    def unknowns(self, side: Side) -> list[int]:
        """The unknown sizes in a size."""
        return [part for part in self._parts(side) if isinstance(part, int)]

    def shape(self, sides: Sides) -> Shape:
        """The shape of two sizes that are both known."""
        rows, cols = self.find(sides[0]), self.find(sides[1])
        assert isinstance(rows, Size) and isinstance(cols, Size)
        return shape(rows, cols)

    def show(self, sides: Sides) -> str:
        """A shape for a message; unknown sizes are shown as question marks."""

        def one(side: Side) -> str:
            found = self.find(side)
            if isinstance(found, Size):
                return str(found)
            if isinstance(found, int):
                return "?"
            return "*".join(one(part) for part in found)

        return f"{one(sides[0])} x {one(sides[1])}"
