"""How the pages of a language are set: data of ``templates/<language>/latex.toml`` over the defaults of the format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from docgen.errors import LanguageError, Place
from docgen.handouts import toml_file
from docgen.handouts.document import Document
from docgen.handouts.places import stamp, templates_folder


@dataclass(frozen=True, slots=True)
class Setting:
    """The settings of one language; ``templates/formats/tex/defaults.toml`` says what each key means."""

    pdf_language: str
    packages: tuple[tuple[str, ...], ...]
    preamble: str
    qed: str
    reason: tuple[str, str]
    title: tuple[str, str]
    caption: str
    gap: str
    repeat_sign: bool
    files: tuple[str, ...]
    figure_fonts: tuple[str, ...]

    def numbered(self, number: str) -> str:
        """What stands before a caption."""
        return self.caption.replace("{number}", number)


def setting(language: str, override: Path | None = None) -> Setting:
    """The settings of a language, those of ``override/<language>`` in front.

    Raises LanguageError for a file that cannot be read, an unknown key or a value of another type.
    """
    return _setting(language, override, stamp(override))


@lru_cache(maxsize=32)
def _setting(language: str, override: Path | None, _stamp: str) -> Setting:
    """As :func:`setting`; with the stamp as a key, a folder that has changed is read anew."""
    base = templates_folder()
    table = toml_file.read(base / "formats" / "tex" / "defaults.toml")
    kinds = {key: type(value) for key, value in table.items()}
    for folder in (base, override):
        if folder is not None:
            file = folder / language / "latex.toml"
            for key, value in toml_file.read(file).items():
                expected = ""
                if key not in kinds:
                    expected = f"known are {', '.join(kinds)}"
                elif type(value) is not kinds[key]:
                    expected = f"a {kinds[key].__name__} is expected"
                elif isinstance(value, list):
                    holds, example = _LISTS.get(key, (_texts, '["cmunrm.otf"]'))
                    expected = "" if holds(value) else f"as in {example}"
                if expected:
                    place = Place(str(file), toml_file.line_of(file, key))
                    raise LanguageError(f"the key {key} cannot be used: {expected}", place=place)
                table[key] = value
    values = {field.name: _frozen(table[field.name]) for field in fields(Setting)}
    values["pdf_language"] = values["pdf_language"] or language
    return Setting(**values)


def _texts(value: list[Any]) -> bool:
    return all(isinstance(item, str) for item in value)


def _pair(value: list[Any]) -> bool:
    return _texts(value) and len(value) == 2


def _packages(value: list[Any]) -> bool:
    return all(isinstance(item, list) and item and _texts(item) for item in value)


#: What the lists among the settings must hold, with an example; any other holds names of files.
_LISTS: dict[str, tuple[Callable[[list[Any]], bool], str]] = {
    "reason": (_pair, '["(", ")"]'),
    "title": (_pair, '[" ", "."]'),
    "packages": (_packages, '[["babel", "english"]]'),
}


def setting_of(document: Document, override: Path | None = None) -> Setting:
    """The settings of a document: those of its language, but for what its notation chose."""
    chosen = setting(document.language, override)
    return chosen if document.repeat_sign is None else replace(chosen, repeat_sign=document.repeat_sign)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
