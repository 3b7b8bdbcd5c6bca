"""The values of a spec's keys: what each may be, and what to say where it is something else.

Each check takes what was typed (text from YAML, or a Python value) and returns the value or raises :func:`wrong` with
what was expected and an example. :class:`Checked` puts a check and its JSON Schema into a pydantic field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from docgen.reading.declarations import ASSUMPTIONS

Check = Callable[[Any], Any]
Json = dict[str, Any]

KINDS = ("seminar", "lecture", "homework", "exam")
SHOWN = ("solutions", "statements", "answers", "nothing")

_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NUMBER_SET = re.compile(r"in\s*\{\s*[-+]?[\d./]+(\s*,\s*[-+]?[\d./]+)*\s*\}")
_SPACE = re.compile(r"(\d+(?:\.\d+)?)\s*cm")
_MAX_ID = 64


def wrong(message: str, hint: str = "", at: Sequence[str | int] = (), key: bool = False) -> PydanticCustomError:
    """The error of a check. ``at`` leads from the field to the value at fault; ``key`` blames its key instead."""
    context = {"message": message, "hint": hint, "at": list(at), "key": key}
    return PydanticCustomError("docgen", "{message}", context)


def details(error: PydanticCustomError) -> dict[str, Any]:
    """What :func:`wrong` put into an error."""
    return dict(error.context or {})


@dataclass(frozen=True)
class Checked:
    """Field metadata: values are checked by ``check`` and described by ``schema`` in the JSON Schema."""

    check: Check
    schema: Json = field(hash=False)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> Json:
        return dict(self.schema)


def nearest(word: str, known: Sequence[str], many: str = "`docgen schema` prints all that is known.") -> str:
    """The sentence "Did you mean …?" with the nearest known word, else the known words, or ``many`` where there are
    many."""
    lower = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), list(lower), n=1, cutoff=0.6)
    if near:
        return f"Did you mean `{lower[near[0]]}`?"
    return "Known: " + ", ".join(known) + "." if len(known) <= 16 else many


def shown(value: Any) -> str:
    """What was typed, short enough for a message."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = " ".join(str(value).split())
    return f"`{text}`" if len(text) <= 40 else f"`{text[:39]}…`"


def _control(text: str, allowed: str = "") -> str:
    """The first control character in a text that is not among those allowed; empty where there is none."""
    return next((c for c in text if ord(c) < 32 and c not in allowed), "")


# --- single values -----------------------------------------------------------------------------------------------


def formula(value: Any) -> str:
    """A formula as typed, without the white space around it."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise wrong("the formula is empty", r"Type one, for example: x^T A x")
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        hint = "A formula that begins with [ or { must stand in single quotes: '{x}^T A x'"
        raise wrong(f"expected a formula, for example x^T A x, not {shown(value)}", hint)
    text = str(value)
    bad = _control(text, "\n\t") or ("\t" if re.search(r"\t[A-Za-z]", text) else "")
    if bad:
        raise wrong(
            f"the formula contains the control character U+{ord(bad):04X}",
            r"A backslash was lost: in YAML use single quotes ('\theta'), in Python a raw string (r'\theta').",
        )
    return text.strip()


def identifier(value: Any) -> str:
    """An id: it becomes part of file names and anchors, so letters, digits, hyphen and underscore only."""
    if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
        raise wrong(f"expected an id, for example quadratic-form, not {shown(value) if value != '' else 'nothing'}")
    text = str(value)
    if not _ID.fullmatch(text) or len(text) > _MAX_ID:
        raise wrong(
            f"the id {shown(text)} is not allowed",
            f"An id has Latin letters, digits, hyphens and underscores only, at most {_MAX_ID}, "
            "and does not begin with a hyphen; for example quadratic-form.",
        )
    return text


def plain_text(value: Any) -> str:
    """Words on one line without a language (a tag, a table's name, a symbol)."""
    if not isinstance(value, str | int | float) or isinstance(value, bool) or not str(value).strip():
        raise wrong(f"expected a word, not {shown(value)}")
    text = str(value).strip()
    if _control(text):
        raise wrong("the word contains a control character", r"Use single quotes: '\theta'")
    return text


def file_name(value: Any) -> str:
    """A file in the spec's own folder."""
    text = plain_text(value)
    parts = re.split(r"[/\\]", text)
    if ".." in parts or parts[0] in ("", "~") or ":" in parts[0]:
        raise wrong(f"the file {shown(text)} is outside the spec's folder", "Give a path inside it: figures/loss.pdf")
    return text


def number(value: Any) -> float:
    """A number with a decimal point."""
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"[-+]?(\d{1,9}(\.\d*)?|\.\d+)([eE][-+]?\d{1,2})?", text):
        hint = "Write a decimal point." if re.fullmatch(r"[-+]?\d+,\d+", text) else "For example: 0.5"
        raise wrong(f"expected a number, not {shown(value)}", hint)
    return float(text)


def positive(what: str) -> Check:
    """A check for numbers above 0."""

    def check(value: Any) -> float:
        found = number(value)
        if found <= 0:
            raise wrong(f"expected a {what} above 0, not {shown(value)}")
        return found

    return check


def pair(value: Any) -> tuple[float, float]:
    """Two numbers: a point."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise wrong(f"expected two numbers, for example [-1, 2], not {shown(value)}")
    return number(value[0]), number(value[1])


def centimetres(value: Any) -> float:
    """A length, 8cm."""
    found = _SPACE.fullmatch(str(value).strip())
    if found is None or not 0.5 <= float(found.group(1)) <= 50:
        raise wrong(f"expected a width in centimetres, for example 8cm, not {shown(value)}")
    return float(found.group(1))


def switch(value: Any) -> bool:
    """true or false."""
    word = str(value).lower()
    if word in ("true", "yes", "on"):
        return True
    if word in ("false", "no", "off"):
        return False
    raise wrong(f"expected true or false, not {shown(value)}")


def whole(least: int, most: int) -> Check:
    """A check for whole numbers from ``least`` to ``most``."""

    def check(value: Any) -> int:
        if not isinstance(value, bool) and re.fullmatch(r"[-+]?\d{1,9}", str(value).strip()):
            number = int(value)
            if least <= number <= most:
                return number
        raise wrong(f"expected a whole number from {least} to {most}, not {shown(value)}")

    return check


def points(value: Any) -> float:
    """A number of points, not negative, with a decimal point."""
    text = str(value).strip()
    if re.fullmatch(r"\d+,\d+", text):
        right = text.replace(",", ".")
        raise wrong(f"expected a number of points, not {shown(value)}", f"Type a decimal point: {right}")
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,6}(\.\d{1,3})?", text):
        raise wrong(f"expected a number of points, for example 1.5, not {shown(value)}")
    return float(text)


def day(value: Any) -> date:
    """A date as year-month-day."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise wrong(f"expected a date as year-month-day, for example 2026-09-21, not {shown(value)}") from None


def moment(value: Any) -> date | datetime:
    """A date, or a date and a time of day."""
    if isinstance(value, date):
        return value
    text = str(value).strip()
    try:
        return day(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except (ValueError, PydanticCustomError):
        example = "2026-09-28 or 2026-09-28 23:59"
        raise wrong(f"expected a date, for example {example}, not {shown(value)}") from None


def space(value: Any) -> str:
    """Room to work in: none, box, page, auto, or a height in centimetres."""
    text = str(value).strip()
    if text in ("none", "box", "page", "auto") or _SPACE.fullmatch(text):
        return text.replace(" ", "")
    raise wrong(f"expected none, box, page, auto or a height such as 5cm, not {shown(value)}")


def language(value: Any) -> str:
    """The code of a language."""
    text = str(value)
    if not _LANGUAGE.fullmatch(text):
        raise wrong(f"expected the code of a language, for example ru, en or zh, not {shown(value)}")
    return text


def one_of(what: str, names: Sequence[str]) -> Check:
    """A check for one of some names; a near miss is told the name."""

    def check(value: Any) -> str:
        if isinstance(value, str) and value in names:
            return value
        if isinstance(value, str) and value.strip():
            several = [part.strip() for part in value.split(",")]
            hint = f"Several stand in a list: [{', '.join(several)}]" if len(several) > 1 else nearest(value, names)
            raise wrong(f"unknown {what} {shown(value)}", hint)
        raise wrong(f"expected a {what}, for example {names[0]}, not {shown(value)}")

    return check


def assumption(value: Any) -> str:
    """An assumption on a symbol: a known name, or ``in {-1, 1}``."""
    if isinstance(value, str) and (value in ASSUMPTIONS or _NUMBER_SET.fullmatch(value.strip())):
        return value.strip()
    if isinstance(value, Mapping):
        raise wrong("expected an assumption, not a mapping", "Put a set of values in quotes: 'in {-1, 1}'")
    if isinstance(value, str) and value.strip().startswith("in"):
        raise wrong(f"the set of values {shown(value)} cannot be read", "Type it in quotes: 'in {-1, 1}'")
    return str(one_of("assumption", tuple(ASSUMPTIONS))(value))


def shape(value: Any) -> Any:
    """A shape as typed: ``n``, ``n x m``, ``scalar``, ``1``, or a list of rows and columns."""
    example = "n, n x m, scalar or [n, m]"
    if isinstance(value, list | tuple):
        if len(value) != 2 or not all(isinstance(part, str | int) for part in value):
            raise wrong(f"expected a shape, for example {example}; a list gives rows and columns")
        return [_size(part) for part in value]
    if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
        raise wrong(f"expected a shape, for example {example}, not {shown(value)}")
    if "，" in str(value) or "：" in str(value):
        raise wrong("a full-width comma or colon in a shape", "Type ordinary ones: {x: n, A: n x n}")
    return _size(value)


def _size(value: str | int) -> str | int:
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else value


# --- texts -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """A text in Markdown: one for all languages (``common``) or one per language."""

    common: str | None = None
    by_language: Mapping[str, str] = field(default_factory=dict)

    def get(self, language: str) -> str | None:
        """The text in a language; None where there is none."""
        return self.by_language.get(language, self.common)

    def texts(self) -> tuple[tuple[str, str], ...]:
        """Every text with the code of its language, ``""`` for the common one."""
        common = () if self.common is None else (("", self.common),)
        return (*common, *self.by_language.items())


def words(value: Any) -> Words:
    """A text, or a mapping from languages to texts."""
    if isinstance(value, Words):
        return value
    if isinstance(value, Mapping) and value:
        texts: dict[str, str] = {}
        for code, text in value.items():
            try:
                language(code)
            except PydanticCustomError as error:
                hint = "A text is one for all languages, or a mapping such as {ru: …, en: …, zh: …}."
                if text is None and texts:  # {en: first, second}
                    hint = "In braces a comma begins the next entry: put a text that has one in quotes."
                raise wrong(str(details(error)["message"]), hint, [code], key=True) from None
            if text is None or isinstance(text, Mapping | list | tuple) or not str(text).strip():
                raise wrong(f"expected a text in the language {code}, not {shown(text or None)}", at=[code])
            texts[str(code)] = _text(str(text), [code])
        return Words(None, texts)
    if value is None or isinstance(value, Mapping | list | tuple) or not str(value).strip():
        what = shown(value or None)
        hint = "One text for all languages, or one for each: {ru: …, en: …, zh: …}"
        raise wrong(f"expected a text, not {what}", hint)
    return Words(_text(str(value), []))


def _text(text: str, at: Sequence[str]) -> str:
    bad = _control(text, "\n\t")
    if bad:
        raise wrong(f"the text contains the control character U+{ord(bad):04X}", r"Use single quotes: '$\theta$'", at)
    comment = next((line.strip() for line in text.splitlines() if line.lstrip().startswith("#")), None)
    if comment is not None:
        raise wrong(
            f"a line of the text begins with #: {shown(comment)}",
            r"Inside a text YAML keeps a comment as text: put it above the key. For the sign itself type \#; a heading "
            "is a block of its own: - section: …",
            at,
        )
    return text.strip()


# --- compound values ---------------------------------------------------------------------------------------------


def _inside(check: Check, value: Any, at: str | int) -> Any:
    """The checked value; an error inside it leads there."""
    try:
        return check(value)
    except PydanticCustomError as error:
        found = details(error)
        raise wrong(found["message"], found["hint"], [at, *found["at"]], found["key"]) from None


def many(check: Check, what: str, *, whole_word: str = "") -> Check:
    """A check for one value or a list of different ones, as a tuple; ``whole_word`` may stand alone ("all")."""

    def checked(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            return (value,) if whole_word and value == whole_word else (check(value),)
        if not value:
            raise wrong(f"expected at least one {what}, not an empty list")
        items: list[Any] = []
        for index, item in enumerate(value):
            items.append(_inside(check, item, index))
            if items[-1] in items[:-1]:
                raise wrong(f"the {what} {shown(items[-1])} is listed twice", "Remove one of the two.", [index])
        return tuple(items)

    return checked


def table(check: Check, what: str, example: str) -> Check:
    """A check for a mapping from symbols to checked values."""

    def checked(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise wrong(f"expected a mapping of {what}, for example {example}, not {shown(value)}")
        items = {}
        for key, item in value.items():
            name = str(key).strip()
            if not name or _control(name):
                raise wrong(f"the symbol {shown(name)} is not allowed", r"Use single quotes: '\theta'", [key], key=True)
            items[name] = _inside(check, item, key)
        return items

    return checked
