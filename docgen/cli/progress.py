"""A progress bar on a terminal; nothing where messages go to a file or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, str], None]]:
    """A bar on standard error, from the first step on: call it with the steps done, their total, and the last one.

    The total may grow on the way.
    """
    bar: Any = None

    def step(done: int, total: int, text: str) -> None:
        nonlocal bar
        if not sys.stderr.isatty():
            return
        if bar is None:
            bar = stack.enter_context(
                click.progressbar(length=total, file=sys.stderr, item_show_func=lambda item: item, show_eta=False)
            )
        bar.length = total
        bar.update(max(0, done - bar.pos), text)

    with ExitStack() as stack:
        yield step
