"""Where the files live that docgen brings along: templates and the problem bank."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from docgen.errors import LanguageError

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def data_folder(name: str) -> Path:
    """The folder ``name`` inside the installed package, or beside the package in a source tree.

    A wheel carries ``templates`` and ``problems`` inside the package; a source tree has them at its root.
    """
    for place in (_PACKAGE / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise LanguageError(
        f"the folder {name} that comes with docgen is missing", hint="Install docgen again: pip install ."
    )


def templates_folder() -> Path:
    """The folder with one folder per language and the skeletons of the formats."""
    return data_folder("templates")
