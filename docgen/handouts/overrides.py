"""What a folder of own templates may say in front of docgen's own sentences and settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from docgen.algebra.notation import PLAIN
from docgen.errors import LanguageError, Place
from docgen.handouts import toml_file

#: The file of settings, whose values are of fixed kinds.
SETTINGS: Final = "language.toml"
_KINDS = {str: "text", bool: "true or false", list: "a list", dict: "a table"}


def check_keys(base: Path, own: Path, files: Sequence[str]) -> None:
    """LanguageError for a key of a folder in front that docgen has not, which would change nothing, and for a setting
    that is of another kind than docgen's.

    Plural forms are a matter of the language; ``theory.toml`` and ``tables.toml`` may have new entries.
    """
    for file in files:
        mine, known = toml_file.read(own / file), toml_file.read(base / file)
        if file == SETTINGS:
            known["notation"] = {field.name: getattr(PLAIN, field.name) for field in fields(PLAIN)}
            known["notation"]["repeat_sign"] = True
        for key in toml_file.keys(mine):
            there, value = toml_file.find(known, key), toml_file.find(mine, key)
            if there is None and not key.startswith("plurals."):
                near = get_close_matches(key, toml_file.keys(known), n=1)
                hint = f"Did you mean {near[0]}?" if near else f"The names are those of templates/{base.name}/{file}."
                message = f"docgen has no {key} in {file}"
            elif file == SETTINGS and there is not None and type(value) is not type(there):
                message = f"{key} must be {_KINDS[type(there)]}"
                hint = f"Here it is {_KINDS.get(type(value), 'a number')}."
            else:
                continue
            raise LanguageError(message, hint=hint, place=Place(str(own / file), toml_file.line_of(own / file, key)))
