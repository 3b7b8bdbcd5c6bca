"""What a page has told so far: rules that it explained, and the sentences that it used last."""

from __future__ import annotations

from dataclasses import dataclass, field

from docgen.handouts.language import seed


@dataclass(slots=True)
class Memory:
    """The memory of one page. A rule is explained in full where it comes first and named after that; of the alternates
    of a sentence none comes twice in a row."""

    known: set[str] = field(default_factory=set)
    turns: dict[str, int] = field(default_factory=dict)
    cited: set[str] = field(default_factory=set)  # the results of earlier problems that the solution has just named

    def first(self, key: str) -> bool:
        """Whether this is new to the page; from now on it is not."""
        new = key not in self.known
        self.known.add(key)
        return new

    def turn(self, key: str, alternates: int, name: str) -> int:
        """Which of the alternates of a sentence comes now. ``name`` is the problem's id, on which the choice depends,
        so that a problem put in somewhere changes few sentences of the others."""
        turn = seed(f"{name}/{key}") % alternates
        if alternates > 1 and turn == self.turns.get(key):
            turn = (turn + 1) % alternates
        self.turns[key] = turn
        return turn
