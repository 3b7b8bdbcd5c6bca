"""Docgen's own theory: definitions, rules and tricks that an instructor puts into a handout by name.

The words are data: ``templates/<language>/theory.toml`` has one entry per id, each a title and a text in the Markdown of
the authors' texts, formulas between dollar signs. What an entry is called is the same in every language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from docgen.errors import LanguageError, Place, SpecError
from docgen.handouts.document import Block, Paragraph, Strong, Text
from docgen.handouts.language import Language, languages, load_language
from docgen.handouts.texts import Texts
from docgen.handouts.values import nearest

FILE = "theory.toml"
#: What asks for every entry.
ALL = "all"


@lru_cache(maxsize=32)
def entries(language: Language) -> Mapping[str, Any]:
    """All entries of a language: id to ``title`` and ``text``."""
    return language.read(FILE)


def known() -> tuple[str, ...]:
    """The ids of all entries in the order of the files: an entry that one language has must be in every one."""
    return tuple(dict.fromkeys(id for code in languages() for id in entries(load_language(code))))


def resolved(names: Sequence[str], place: Place | None = None) -> tuple[str, ...]:
    """The ids that a block of the contents asks for; ``matrix_gradient`` is ``matrix-gradient``.

    Raises SpecError for a name that no language knows.
    """
    there = known()
    if tuple(names) == (ALL,):
        return there
    found = []
    for name in names:
        id = name.replace("_", "-")
        if id not in there:
            raise SpecError(f"there is no theory entry `{name}`", hint=nearest(name, there), place=place)
        found.append(id)
    return tuple(found)


def blocks(names: Sequence[str], language: Language, texts: Texts, place: Place | None = None) -> list[Block]:
    """The entries as blocks, each with its title run into its first paragraph.

    Raises LanguageError where the language lacks an entry.
    """
    found: list[Block] = []
    for id in names:
        entry = entries(language).get(id)
        if not isinstance(entry, Mapping) or not isinstance(entry.get("text"), str):
            raise LanguageError(
                f"the language {language.code} has no theory entry `{id}`",
                hint=f"Add [{id}] with title and text to templates/{language.code}/{FILE}.",
                place=place,
            )
        written = texts.blocks(entry["text"])
        found += _headed(str(entry.get("title", "")), written, language)
    return found


def _headed(title: str, written: Sequence[Block], language: Language) -> list[Block]:
    """The blocks with a bold head at the start of the first paragraph."""
    first, *rest = written
    if not title or not isinstance(first, Paragraph):
        return list(written)
    head = Strong((Text(title.replace("~", "\u00a0")),))
    between = Text(language.word("typography.between") or "\u3000")
    return [Paragraph((head, between, *first.inlines)), *rest]
