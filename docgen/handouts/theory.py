"""Docgen's own theory: definitions, rules and tricks that an instructor puts into a handout by name.

The words are data: ``templates/<language>/theory.toml`` has one entry per id, each a title and a text in Markdown as
authors write it, formulas between dollar signs. What an entry is called is the same in every language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from docgen.errors import DocgenError, LanguageError, Place, SpecError
from docgen.handouts.document import Block, Text
from docgen.handouts.language import Language, languages, load_language
from docgen.handouts.prose import headed
from docgen.handouts.texts import Texts
from docgen.handouts.values import nearest

FILE = "theory.toml"
#: What asks for every entry.
ALL = "all"


@lru_cache(maxsize=32)
def entries(language: Language) -> Mapping[str, Any]:
    """All entries of a language: id to ``title`` and ``text``."""
    return language.read(FILE)


def blocks(names: Sequence[str], language: Language, texts: Texts, place: Place | None = None) -> list[Block]:
    """The entries as blocks, each with its title run into its first paragraph; ``matrix_gradient`` is
    ``matrix-gradient``, and ``all`` stands for every entry.

    Raises LanguageError where the language lacks an entry that another has, SpecError where none has it.
    """
    there = entries(language)
    found: list[Block] = []
    for name in there if tuple(names) == (ALL,) else names:
        id = name.replace("_", "-")
        entry = there.get(id)
        if not isinstance(entry, Mapping) or not isinstance(entry.get("text"), str):
            raise _missing(name, id, language, place)
        title = str(entry.get("title", "")).replace("~", "\u00a0")
        found += headed((Text(title),) if title else (), texts.blocks(entry["text"]), language)
    return found


def _missing(name: str, id: str, language: Language, place: Place | None) -> DocgenError:
    if any(id in entries(load_language(code)) for code in languages()):
        return LanguageError(
            f"the language {language.code} has no theory entry `{id}`",
            hint=f"Add [{id}] with title and text to templates/{language.code}/{FILE}.",
            place=place,
        )
    there = tuple(entries(language))
    hint = nearest(name, there, f"There are: {', '.join(there)}.")
    return SpecError(f"there is no theory entry `{name}`", hint=hint, place=place)
