"""Costs as ratios: two things timed in turn, in one run, so that a busy machine slows down both."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ratio:
    """The medians of both, in seconds, and how often the second goes into the first."""

    ours: float
    theirs: float

    @property
    def value(self) -> float:
        """Ours divided by theirs."""
        return self.ours / self.theirs

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.ours * 1000:.0f} ms against {self.theirs * 1000:.0f} ms)"


def process(command: Sequence[object], **options: Any) -> Callable[[], None]:
    """A call that runs the command as a process of its own, output thrown away; it must succeed."""
    argv = [str(part) for part in command]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

    def run() -> None:
        subprocess.run(argv, check=True, **{**quiet, **options})

    return run


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def ratio(ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 11) -> Ratio:
    """Both called ``rounds`` times in turn, after one call each that warms the caches of the disk."""
    ours()
    theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    first, second = zip(*pairs, strict=True)
    return Ratio(statistics.median(first), statistics.median(second))
