"""How the pages of a language are set: data of ``templates/<language>/latex.toml`` over the defaults of the format."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from docgen.errors import LanguageError
from docgen.handouts.places import templates_folder


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
    repeat_sign: bool
    files: tuple[str, ...]


@cache
def setting(language: str, override: Path | None = None) -> Setting:
    """The settings of a language, those of ``override/<language>`` in front.

    Raises LanguageError for a file that cannot be read, an unknown key or a value of another type.
    """
    base = templates_folder()
    table = _read(base / "formats" / "tex" / "defaults.toml")
    kinds = {key: type(value) for key, value in table.items()}
    for folder in (base, override):
        if folder is not None:
            file = folder / language / "latex.toml"
            for key, value in _read(file).items():
                if key not in kinds or type(value) is not kinds[key]:
                    known = f"a {kinds[key].__name__} is expected" if key in kinds else f"known are {', '.join(kinds)}"
                    raise LanguageError(f"{language}/latex.toml: the key {key} cannot be used: {known}")
                table[key] = value
    values = {field.name: _frozen(table[field.name]) for field in fields(Setting)}
    values["pdf_language"] = values["pdf_language"] or language
    return Setting(**values)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise LanguageError(f"{file.parent.name}/{file.name} cannot be read: {error}") from None


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
