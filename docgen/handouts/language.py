"""The words of a language: sentences, labels and settings read from a folder of TOML files, without any Python.

A language is a folder under ``templates/`` with three files: ``language.toml`` (settings and single words),
``rules.toml`` (one label and one to three whole sentences per rule) and ``phrases.toml`` (the sentences of statements
and solutions). A sentence is a Jinja2 template with ``<< slot >>``, ``<% if %>`` and ``<# comment #>``; the result is
inline markup (:mod:`docgen.handouts.inline`). A value enters a sentence as one opaque character, so it is never read
as markup and never run as a template.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docgen.errors import LanguageError, Place
from docgen.handouts import toml_file
from docgen.handouts.document import Display, Emphasis, Inline, Inlines, Math, Strong, Text
from docgen.handouts.fractions import flat, several
from docgen.handouts.inline import Piece, Slot, inlines, pieces, plain, token
from docgen.handouts.overrides import check_keys
from docgen.handouts.places import stamp, templates_folder

if TYPE_CHECKING:
    from datetime import date

    from jinja2 import Environment, Template

#: A space between two Chinese characters or full-width marks.
_WIDE = r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
_BETWEEN_WIDE = re.compile(rf"(?<={_WIDE}) +(?={_WIDE})")
_PLAIN_SLOT = re.compile(r"<<\s*([^\W\d]\w*)\s*>>")

FILES = ("language.toml", "rules.toml", "phrases.toml")
#: What a value of a sentence may be, as classes: see :data:`docgen.handouts.inline.Slot`.
_VALUES = (Math, str, int, tuple, Display)


def _is_ideograph(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def seed(name: str) -> int:
    """A number that depends on a name alone: it picks among alternates, so that adding a problem changes no other."""
    return zlib.crc32(name.encode())


class Language:
    """One language. ``code`` is the folder's name; ``folders`` are the places it was read from, the base first."""

    def __init__(self, code: str, folders: Sequence[Path]) -> None:
        self.code = code
        self.folders = tuple(folders)
        self.tables = {name: self.read(name) for name in FILES}
        self.rules, self.phrases = self.tables["rules.toml"], self.tables["phrases.toml"]
        self._templates: dict[str, Template] = {}
        self.formula: Callable[[str], str] = str
        self.decimal = ""

    def written(self, formula: Callable[[str], str] | None = None, decimal: str = "") -> Language:
        """The same language in the notation of a page: the formulas typed in its sentences pass through ``formula``,
        and numbers have the sign ``decimal``."""
        found = copy(self)
        found.formula, found.decimal = formula or self.formula, decimal or self.decimal
        return found

    def read(self, file: str) -> dict[str, Any]:
        """A file of the language, such as ``theory.toml``; empty where it has none."""
        return toml_file.merged([folder / file for folder in self.folders])

    # ---- settings and words ------------------------------------------------------------------------------------

    def setting(self, key: str) -> Any:
        """A setting by its dotted key, from language.toml; raises LanguageError where it is missing."""
        return self._find("language.toml", key)

    def word(self, key: str) -> str:
        """A word or head of language.toml, such as ``words.solution``."""
        found = self.setting(key)
        if not isinstance(found, str):
            where, place = self._where("language.toml", key), self._place("language.toml", key)
            raise LanguageError(f"the setting {key} of the language {self.code} must be text ({where})", place=place)
        return found.replace("~", "\u00a0")

    def _find(self, file: str, key: str) -> Any:
        found: Any = self.tables[file]
        for part in key.split("."):
            if not isinstance(found, Mapping) or part not in found:
                raise LanguageError(f"the language {self.code} has no {key}", hint=f"Add {key} to {self._where(file)}.")
            found = found[part]
        return found

    def _where(self, file: str, key: str = "") -> str:
        """The file that a message names: that of docgen, or the one in front that has the key."""
        own = self._own(file, key)
        return f"templates/{self.code}/{file}" if own is None else str(own)

    def _place(self, file: str, key: str, line: int = 1) -> Place | None:
        """File and line of a sentence in a folder that is in front; ``line`` counts within the sentence."""
        own = self._own(file, key)
        if own is None:
            return None
        first = toml_file.line_of(own, key)
        return Place(str(own), None if first is None else first + line - 1)

    def _own(self, file: str, key: str) -> Path | None:
        for folder in reversed(self.folders if key else ()):
            if folder.parent != templates_folder() and toml_file.find(toml_file.read(folder / file), key) is not None:
                return folder / file
        return None

    # ---- sentences ---------------------------------------------------------------------------------------------

    def has_rule(self, rule: str) -> bool:
        """Whether there is an entry for the rule."""
        return rule in self.rules

    def phrase(self, key: str, turn: int = 0, **slots: Any) -> Inlines:
        """The sentence of phrases.toml with its slots filled; ``turn`` picks among alternates."""
        return self.fill("phrases.toml", key, self._alternate("phrases.toml", key, turn), slots)

    def pieces(self, key: str, turn: int = 0, **slots: Any) -> tuple[Piece, ...]:
        """As :meth:`phrase`, for a sentence that may hold displays."""
        markup, values = self._filled("phrases.toml", key, self._alternate("phrases.toml", key, turn), slots)
        return pieces(markup, values, tilde=True, formula=self.formula)

    def alternates(self, key: str, file: str = "phrases") -> int:
        """How many alternates a sentence has; ``file`` is ``phrases`` or ``rules``."""
        found = self._find(f"{file}.toml", key)
        return len(found) if isinstance(found, list) and found else 1

    def rule_text(self, rule: str, facts: Mapping[str, Slot], turn: int = 0) -> Inlines:
        """The whole sentence of a rule."""
        key = f"{rule}.text"
        return self.fill("rules.toml", key, self._alternate("rules.toml", key, turn), self._in_sentence(facts))

    def _in_sentence(self, facts: Mapping[str, Slot]) -> Mapping[str, Slot]:
        """The facts of a rule as a sentence has them: its formula has no tall fractions, and two formulas are joined by
        a word."""
        formula = facts.get("formula")
        if not isinstance(formula, Math):
            return facts
        return {**facts, "formula": self.join([(Math(flat(one)),) for one in several(formula.latex)])}

    def rule_label(self, rule: str, facts: Mapping[str, Slot]) -> Inlines:
        """The short words beside a line."""
        key = f"{rule}.label"
        return self.fill("rules.toml", key, self._alternate("rules.toml", key), facts)

    def answer_in(self, layout: str) -> str:
        """The head of an answer in a layout, which the rule of that layout names."""
        return self.word("heads.answer_in").replace("#", plain(self.rule_label(layout, {})))

    def rule_name(self, rule: str) -> Inlines:
        """The name of a rule in a table of rules."""
        key = f"{rule}.name"
        return self.fill("rules.toml", key, self._alternate("rules.toml", key), {})

    def sentence(self, rule: str, facts: Mapping[str, Slot], turn: int = 0) -> str:
        """The sentence of a rule as one string with ``$…$``, as the JSON of a solution has it."""
        return plain(self.rule_text(rule, facts, turn))

    def join(self, items: Sequence[Inlines]) -> Inlines:
        """A list of things as the language writes it: ``a, b and c``."""
        return separated(items, self.word("list.comma"), self.word("list.pair" if len(items) == 2 else "list.last"))

    def count(self, key: str, number: int | float) -> str:
        """A number with its noun in the right plural form: ``5 баллов``."""
        from decimal import Decimal

        from babel import Locale

        form = Locale.parse(self.word("locale")).plural_form(Decimal(f"{number:g}"))
        return self.word(f"plurals.{key}.{form}").replace("#", self.number(number))

    def number(self, value: int | float) -> str:
        """A number with the decimal mark of the language."""
        text = str(int(value)) if value == int(value) else str(value)
        return text.replace(".", self.decimal or self.word("typography.decimal"))

    def date(self, day: date) -> str:
        """A date in words."""
        from babel.dates import format_date

        return format_date(day, format=self.word("typography.date"), locale=self.word("locale"))

    # ---- typography --------------------------------------------------------------------------------------------

    def typeset(self, given: Sequence[Inline]) -> Inlines:
        """Inline pieces with the spaces of the language: none at either end, a no-break one after short Russian words,
        a space between Chinese characters and formulas and none between two Chinese characters."""
        out: list[Inline] = []
        for piece in given:
            last = out[-1] if out else None
            if isinstance(piece, Text) and isinstance(last, Text):
                out[-1] = Text(last.text + piece.text)
            elif isinstance(piece, (Strong, Emphasis)):
                out.append(type(piece)(self.typeset(piece.inlines)))
            else:
                out.append(piece)
        spaced = bool(self.setting("typography.math_space"))
        glue = self._glue
        for index, piece in enumerate(out):
            if not isinstance(piece, Text):
                continue
            text = piece.text
            if spaced:
                text = _BETWEEN_WIDE.sub("", text)
                if index and isinstance(out[index - 1], Math) and text[:1] and _is_ideograph(text[0]):
                    text = " " + text
                if index + 1 < len(out) and isinstance(out[index + 1], Math) and text and _is_ideograph(text[-1]):
                    text += " "
            if glue is not None:
                text = glue.sub("\\1\u00a0", text).replace(" —", "\u00a0—")
            out[index] = Text(text)
        for index, edge in ((0, str.lstrip), (-1, str.rstrip)):
            at = out[index] if out else None
            if isinstance(at, Text):
                out[index] = Text(edge(at.text, " "))
        return tuple(piece for piece in out if not (isinstance(piece, Text) and not piece.text))

    @cached_property
    def _glue(self) -> re.Pattern[str] | None:
        """What finds a short word and the space after it, where the language keeps such words off the line's end."""
        words = self.setting("typography.glue")
        if not words:
            return None
        return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, words))}) (?=\S|$)", re.IGNORECASE)

    # ---- filling -----------------------------------------------------------------------------------------------

    def _alternate(self, file: str, key: str, turn: int = 0) -> str:
        """One of the alternates of a sentence."""
        found = self._find(file, key)
        if isinstance(found, str):
            return found
        if isinstance(found, list) and found and all(isinstance(text, str) for text in found):
            return str(found[turn % len(found)])
        raise self._fault(file, key, f"{key} of the language {self.code} is neither a sentence nor a list of sentences")

    def _fault(self, file: str, key: str, what: str, more: str = "", line: int = 1) -> LanguageError:
        """The error for a sentence that somebody has to mend; ``line`` counts within the sentence."""
        place = self._place(file, key, line)
        return LanguageError(what, hint=f"Mend it in {self._where(file, key)}{more}.", place=place)

    def fill(self, file: str, key: str, text: str, slots: Mapping[str, Any]) -> Inlines:
        """A sentence with its slots filled; ``file`` and ``key`` name it in messages."""
        markup, values = self._filled(file, key, text, slots)
        return inlines(markup, values, tilde=True, formula=self.formula)

    def _filled(self, file: str, key: str, text: str, slots: Mapping[str, Any]) -> tuple[str, list[Slot]]:
        """The markup of a sentence with a private character for every value, and the values."""
        if "<<" not in text and "<%" not in text and "<#" not in text:
            return text, []
        if (filled := _substituted(text, slots)) is not None:
            return filled
        from jinja2 import TemplateSyntaxError, UndefinedError

        values: list[Slot] = []
        sentence = f"the sentence {key} of the language {self.code}"
        try:
            if (template := self._templates.get(text)) is None:
                template = self._templates[text] = _environment().from_string(text)
            return template.render(slots, _values=values), values
        except UndefinedError as error:
            what = f"{sentence} asks for a value that is not there: {error.message}"
            given = ", ".join(sorted(slots)) or "none"
            raise self._fault(file, key, what, f"; its values are: {given}") from None
        except TemplateSyntaxError as error:
            raise self._fault(file, key, f"{sentence} cannot be read: {error.message}", line=error.lineno) from None
        except Exception as error:  # a template computes what it likes; whatever goes wrong is its fault
            raise self._fault(file, key, f"{sentence} cannot be filled: {error}") from None


def separated(items: Sequence[Inlines], comma: str, last: str) -> Inlines:
    """Things in a row: ``last`` stands before the last of them, ``comma`` between any others."""
    out: list[Inline] = []
    for number, item in enumerate(items):
        if number:
            out.append(Text(last if number == len(items) - 1 else comma))
        out += item
    return tuple(out)


def _substituted(text: str, slots: Mapping[str, Any]) -> tuple[str, list[Slot]] | None:
    """A sentence with nothing but plain slots, each with its value: to compile a template for it would cost a hundred
    times as much. None for any other: Jinja2 fills it, or finds the fault in it."""
    parts = _PLAIN_SLOT.split(text)
    values: list[Any] = [slots.get(name) for name in parts[1::2]]
    if any("<" in words for words in parts[::2]) or not all(isinstance(value, _VALUES) for value in values):
        return None
    parts[1::2] = map(token, range(len(values)))
    return "".join(parts), values


#: The signs of Jinja2 in sentences and skeletons: none that LaTeX or Markdown has.
DELIMITERS: Final = {
    "variable_start_string": "<<",
    "variable_end_string": ">>",
    "block_start_string": "<%",
    "block_end_string": "%>",
    "comment_start_string": "<#",
    "comment_end_string": "#>",
}


@cache
def _environment() -> Environment:
    """The Jinja2 environment of all sentences: every value becomes one private character."""
    from jinja2 import StrictUndefined, Undefined, pass_context
    from jinja2.runtime import Context
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    @pass_context
    def opaque(context: Context, value: Any) -> str:
        if isinstance(value, Undefined):
            return str(value)  # raises UndefinedError with the name of the slot
        if not isinstance(value, _VALUES):
            raise TypeError(f"not a value for a sentence: {value!r}")
        values: list[Slot] = context["_values"]
        values.append(value)
        return token(len(values) - 1)

    return ImmutableSandboxedEnvironment(
        **DELIMITERS,
        undefined=StrictUndefined,
        autoescape=False,
        finalize=opaque,
    )


def languages(override: Path | None = None) -> tuple[str, ...]:
    """The codes of all languages: every folder with a language.toml, in alphabetical order."""
    roots = [templates_folder(), *([override] if override else [])]
    return tuple(sorted({file.parent.name for root in roots for file in root.glob("*/language.toml")}))


def load_language(code: str, override: Path | None = None) -> Language:
    """The language ``code``, with the sentences of ``override/<code>`` in front of those that docgen brings along.

    Raises LanguageError for a language that does not exist, a file that cannot be read, or a sentence in front that
    would replace none.
    """
    return _loaded(code, override, stamp(override))


@lru_cache(maxsize=32)
def _loaded(code: str, override: Path | None, _: str) -> Language:
    known = languages(override)
    if code not in known:
        raise LanguageError(f"there is no language {code!r}", hint=f"The languages are: {', '.join(known)}.")
    roots = [templates_folder(), *([override] if override else [])]
    folders = [root / code for root in roots if (root / code).is_dir()]
    if len(folders) > 1:
        check_keys(folders[0], folders[1], FILES)
    return Language(code, folders)
