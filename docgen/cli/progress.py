"""A progress bar on a terminal; nothing where messages go to a file or a pipe."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from types import TracebackType
from typing import Any

import click


class Progress:
    """A bar on standard error, from the first step on. ``total`` may grow on the way."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._bar: Any = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def step(self, done: int, total: int, text: str) -> None:
        """Show that ``done`` of ``total`` steps are done, the last of them ``text``."""
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            self._bar = self._stack.enter_context(
                click.progressbar(length=total, file=sys.stderr, item_show_func=lambda item: item, show_eta=False)
            )
        self._bar.length = total
        self._bar.update(max(0, done - self._bar.pos), text)
