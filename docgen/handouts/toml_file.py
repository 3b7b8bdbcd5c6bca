"""TOML files of the templates: read, laid one over the other, and the line of a key for messages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docgen.errors import LanguageError, Place

#: [table] or [[table]]; a key, with dots and quotes, before =; where the message of tomllib says the fault is.
_HEADER = re.compile(r"\s*\[+([^\[\]]+)\]+\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([\w.\"'-]+(?:\s*\.\s*[\w\"'-]+)*)\s*=")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)|at end of document")


def read(path: Path) -> dict[str, Any]:
    """The table of a file; empty where there is no such file. LanguageError, with its line, where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found and found[1] else text.count("\n") + 1
        raise LanguageError(f"this is not TOML: {error}", place=Place(str(path), line)) from None
    except UnicodeDecodeError:
        raise LanguageError("the file is not UTF-8 text", place=Place(str(path))) from None
    except OSError as error:
        raise LanguageError(f"the file cannot be read: {error.strerror}", place=Place(str(path))) from None


def merged(files: Sequence[Path]) -> dict[str, Any]:
    """The tables of the files, later ones on top, key by key; a file that is missing adds nothing."""
    table: dict[str, Any] = {}
    for file in files:
        _put_over(table, read(file))
    return table


def _put_over(base: dict[str, Any], top: Mapping[str, Any]) -> None:
    for key, value in top.items():
        if isinstance(value, Mapping):
            if not isinstance(base.get(key), dict):
                base[key] = {}
            _put_over(base[key], value)
        else:
            base[key] = value


def keys(table: Mapping[str, Any], before: str = "") -> list[str]:
    """Every key that has a value, with dots between the tables it stands in."""
    found = []
    for key, value in table.items():
        name = f"{before}{key}"
        found += keys(value, f"{name}.") if isinstance(value, Mapping) and value else [name]
    return found


def find(table: Mapping[str, Any], key: str) -> Any:
    """The value of a dotted key; None where there is none."""
    found: Any = table
    for part in key.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return found


def line_of(path: Path, key: str) -> int | None:
    """The line where a dotted key is set in a file; None where it cannot be told."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    table = ""
    for number, line in enumerate(lines, 1):
        header = _HEADER.match(line)
        if header:
            table = _dotted(header[1])
            if table == key:
                return number
            continue
        found = _KEY.match(line)
        if found:
            name = ".".join(filter(None, (table, _dotted(found[1]))))
            if name == key or key.startswith(f"{name}."):  # in braces: lead = { from = "." }
                return number
    return None


def _dotted(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
