"""A handout in one language and edition: the title, the contents in order, the problems with what the edition shows.

The numbers are those of the handout, the same in every edition and language. An edition shows of a problem its
statement with room to work (``worksheet``), its statement and worked solution (``handout``), or its answer (``key``);
a section may choose otherwise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from docgen.algebra.node import walk
from docgen.algebra.notation import PLAIN
from docgen.calculus.derivation import Function
from docgen.calculus.rules import RULES
from docgen.errors import LanguageError, Place, SpecError
from docgen.handouts import EDITIONS, claims, figures, tables, theory
from docgen.handouts.document import (
    Block,
    Document,
    Fields,
    Heading,
    Inline,
    Inlines,
    Listing,
    Math,
    PageBreak,
    Paragraph,
    Reference,
    Table,
    Text,
)
from docgen.handouts.exercise import Exercise
from docgen.handouts.handout import (
    Break,
    Chart,
    Claimed,
    Handout,
    Item,
    Lesson,
    Passage,
    Plate,
    ProblemList,
    RuleTable,
    Section,
    Sheet,
    Words,
)
from docgen.handouts.inline import plain
from docgen.handouts.language import Language, load_language
from docgen.handouts.macros import Macros
from docgen.handouts.memory import Memory
from docgen.handouts.spelling import Spelling, known
from docgen.handouts.texts import Texts
from docgen.handouts.wording import jacobian, notation_of

#: What an edition shows of a problem, unless its section says otherwise.
SHOWN = {"worksheet": "statements", "handout": "solutions", "key": "answers"}


def _logarithm(handout: Handout) -> str:
    """The natural logarithm as the author of all formulas with one typed it."""
    typed = {
        solution.function.notation.log
        for sheet in handout.sheets
        for solution in sheet.solutions
        if any(node.op == "fn" and node.data == "log" for node in walk(solution.function.formula))
    }
    return typed.pop() if len(typed) == 1 else PLAIN.log


def _functions(handout: Handout) -> Iterator[Function]:
    """The functions of the problems and of the tables."""
    for item in handout.items:
        solved = item.rows if isinstance(item, Chart) else ()
        solved += tuple(x for sheet in item.sheets for x in sheet.solutions) if isinstance(item, ProblemList) else ()
        yield from (solution.function for solution in solved)


class Composer:
    """Composes one page of words and formulas."""

    def __init__(self, handout: Handout, language: Language, edition: str) -> None:
        self.handout, self.edition = handout, edition
        usual = notation_of(language, None, handout.notation)
        #: What the file chose, and the letter of the Jacobian matrix, which is one for the whole page.
        self.chosen = {**handout.notation, "jacobian": jacobian(_functions(handout), usual.jacobian)}
        self.notation = replace(usual, log=_logarithm(handout), jacobian=self.chosen["jacobian"])
        self.language = language = language.written(decimal=handout.notation.get("decimal") or "")
        self.texts = Texts(language, self.refer, Spelling(self.notation), Macros(handout.macros, handout.macros_place))
        self.memory = Memory()
        self.numbers: dict[str, str] = {sheet.id: sheet.number for sheet in handout.sheets}
        self.numbers |= {item.id: item.number for item in handout.items if isinstance(item, RuleTable | Chart | Plate)}
        self.numbers |= {entry.id: f"[{entry.number}]" for entry in handout.references}

    # ---- words -------------------------------------------------------------------------------------------------

    def text(self, words: Words, place: Place | None) -> str:
        """A text in the page's language; SpecError where there is none."""
        found = words.get(self.language.code)
        if found is None:
            raise SpecError(
                f"a text is missing in the language {self.language.code}",
                hint=f"Add it: {{{self.language.code}: …}}, or build other languages only.",
                place=place,
            )
        return found

    def inline(self, words: Words | None, place: Place | None = None) -> Inlines:
        """A text of one line; nothing where none was given."""
        return () if words is None else self.texts.inline(self.text(words, place), place)

    def refer(self, target: str) -> Inline:
        """What is printed for ``{id}``."""
        number = self.numbers.get(target)
        if number is not None:
            return Reference(target, number)
        if target in RULES:
            return Text(plain(self.language.rule_name(target)))
        message = f"{{{target}}} refers to a problem that the contents do not show"
        raise SpecError(message, hint="List it in `contents`.")

    # ---- the document ------------------------------------------------------------------------------------------

    def document(self) -> Document:
        """The whole document."""
        handout, language = self.handout, self.language
        kind = self.kind()
        title = self.inline(handout.title)
        if kind:
            title = language.phrase("title.numbered", kind=kind, title=title)
        blocks = [Fields(tuple(language.setting("fields.labels")))] if self.edition == "worksheet" else []
        return Document(
            name=handout.name,
            language=language.code,
            edition=self.edition,
            title=plain(language.typeset(title)),
            blocks=(*blocks, *self.contents(), *self.references()),
            overline=plain(self.inline(handout.course)),
            subtitle=" · ".join(filter(None, (self.date(handout.date), self.due(), self.total()))),
            head=kind or plain(self.inline(handout.title)),
            author=plain(self.inline(handout.author)),
            banner=language.word(f"editions.{self.edition}"),
            paper=handout.paper,
            repeat_sign=self.notation.repeat_sign,
        )

    def date(self, day: dt.date | None) -> str:
        """A date in words, with the time of day where it has one; empty where there is none."""
        if day is None:
            return ""
        words = self.language.date(day)
        return f"{words}, {day:%H:%M}" if isinstance(day, dt.datetime) and (day.hour or day.minute) else words

    def due(self) -> str:
        """When the work is due; empty where nothing is said."""
        when = self.date(self.handout.due)
        return plain(self.language.phrase("total.due", date=when)) if when else ""

    def total(self) -> str:
        """All points, and those that are extra; empty where the problems have none."""
        given = [sheet for sheet in self.handout.sheets if sheet.points is not None]
        graded = [part for sheet in self.handout.sheets for part in (*sheet.parts, sheet)]
        extra = sum(one.points or 0 for one in graded if one.bonus)
        points = self.language.count("points", sum(sheet.points or 0 for sheet in given if not sheet.bonus))
        if not given and not extra:
            return ""
        if not extra:
            return plain(self.language.phrase("total.points", points=points))
        bonus = self.language.count("points", extra)
        return plain(self.language.phrase("total.bonus", points=points, bonus=bonus))

    def kind(self) -> str:
        """``Seminar 3``; empty where the handout is of no kind."""
        handout = self.handout
        if handout.kind is None:
            return ""
        if handout.number is None:
            return self.language.word(f"heads.kind_alone.{handout.kind}")
        return self.language.word(f"heads.kind.{handout.kind}").replace("#", str(handout.number))

    def shown(self) -> Iterator[tuple[Item, str]]:
        """The items in order, each with what its section shows of problems."""
        shown = SHOWN[self.edition]
        for item in self.handout.items:
            if isinstance(item, Section):
                shown = item.shown.get(self.edition, SHOWN[self.edition])
            yield item, shown

    def contents(self) -> list[Block]:
        """The items as blocks; only a handout has more than problems under their headings."""
        blocks: list[Block] = []
        section = 0
        for place, (item, shown) in enumerate(self.shown()):
            if self.edition != "handout" and not isinstance(item, Section | ProblemList):
                continue
            self.speak_of(self.near(place) if isinstance(item, Section | Passage) else ())
            match item:
                case Section():
                    section += 1
                    number = str(section) if self.edition == "handout" else ""  # a worksheet leaves sections out
                    blocks.append(Heading(self.inline(item.text, item.place), 1, number))
                case Passage():
                    blocks.extend(self.texts.blocks(self.text(item.text, item.place), item.place))
                case RuleTable():
                    blocks.append(self.rules(item))
                case Lesson():
                    blocks.extend(theory.blocks(item.entries, self.language, self.texts, item.place))
                case Chart():
                    caption = self.inline(item.caption, item.place)
                    blocks.extend(tables.blocks(item, self.language, self.texts, self.chosen, caption))
                case Plate():
                    caption = self.inline(item.caption, item.place)
                    blocks.append(figures.figure(item, self.handout.name, self.language, self.chosen, caption))
                case Claimed():
                    introduced = place > 0 and isinstance(self.handout.items[place - 1], Passage)
                    blocks.extend(self.claim(item, introduced))
                case ProblemList():
                    for sheet in item.sheets if shown != "nothing" else ():
                        blocks.extend(Exercise(self, sheet).blocks(shown))
                case Break():
                    blocks.append(PageBreak())
        return _without_empty_sections(blocks)

    def near(self, place: int) -> Sequence[Sheet]:
        """The problems that a text of the contents speaks of: the next of its section, or those before it."""
        items = self.handout.items
        after = takewhile(lambda one: not isinstance(one, Section), items[place + 1 :])
        for item in (*after, *reversed(items[:place])):
            if isinstance(item, ProblemList) and item.sheets:
                return item.sheets
        return ()

    def speak_of(self, sheets: Sequence[Sheet]) -> None:
        """What the letters in the texts that follow stand for: the symbols on which these problems agree, and those of
        the file."""
        found: dict[str, set[bool]] = {}
        for sheet in sheets:
            for solution in sheet.solutions:
                for name, bold in known(solution.function).items():
                    found.setdefault(name, set()).add(bold)
        agreed = {name: kinds.pop() for name, kinds in found.items() if len(kinds) == 1}
        self.texts.spelling = Spelling(self.notation, {**self.handout.symbols, **agreed})

    def references(self) -> list[Block]:
        """The list of references, at the end of a handout."""
        if not self.handout.references or self.edition != "handout":
            return []
        items = tuple((Paragraph(self.inline(entry.text, entry.place)),) for entry in self.handout.references)
        ids = tuple(entry.id for entry in self.handout.references)
        return [Heading((Text(self.language.word("heads.references")),), 1), Listing(items, True, ids)]

    def rules_shown(self) -> set[str]:
        """The rules of the solutions that this edition shows."""
        return {
            line.rule
            for item, shown in self.shown()
            if isinstance(item, ProblemList) and shown == "solutions"
            for sheet in item.sheets
            for solution in sheet.solutions
            for derivation in solution.derivations
            for line in derivation.lines
        }

    def rules(self, item: RuleTable) -> Block:
        """A table of rules: name and formula."""
        spelling = Spelling(self.notation)
        language = self.language.written(spelling.formula)
        rows: list[tuple[Inlines, ...]] = []
        capitals = bool(language.setting("typography.capitals"))
        shown = self.rules_shown() if item.used else set(item.rules)
        for rule in (one for one in item.rules if one in shown or not shown):
            if not language.has_rule(rule):
                raise LanguageError(
                    f"the language {language.code} has no words for the rule {rule}",
                    hint=f"Add [{rule}] to templates/{language.code}/rules.toml.",
                )
            name = language.rule_name(rule)
            rows.append((_capital(name) if capitals else name, (Math(spelling.formula(RULES[rule].formula)),)))
        caption = self.inline(item.caption, item.place)
        if not caption:
            caption = (Text(language.word("tables.rules" if item.used else "tables.all_rules")),)
        head = tuple((Text(language.word(f"tables.{key}")),) for key in ("rule", "formula"))
        number = language.word("tables.number").replace("#", item.number)
        return Table(head, tuple(rows), "ll", language.typeset(caption), item.id, number)

    def claim(self, item: Claimed, introduced: bool) -> Sequence[Block]:
        """A formula that was proved, the words before it, and what its symbols are. ``introduced``: a text leads to
        it, and it needs no words of docgen's."""
        words = () if item.text is None else self.texts.blocks(self.text(item.text, item.place), item.place)
        lead = not words and not introduced
        return (*words, *claims.blocks(item.claim, self.language, self.chosen, lead))

    def headed(self, key: str, blocks: Sequence[Block]) -> Sequence[Block]:
        """Blocks with a head run into the first paragraph."""
        head = self.language.word(f"heads.{key}")
        if blocks and isinstance(blocks[0], Paragraph):
            return (Paragraph(blocks[0].inlines, head), *blocks[1:])
        return (Paragraph((), head), *blocks)


def _capital(name: Inlines) -> Inlines:
    first = name[0] if name else None
    return (Text(first.text[:1].upper() + first.text[1:]), *name[1:]) if isinstance(first, Text) else name


def _without_empty_sections(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without headings that nothing follows."""
    kept: list[Block] = []
    for block in reversed(blocks):
        if isinstance(block, Heading) and (not kept or isinstance(kept[-1], Heading)):
            continue
        kept.append(block)
    return kept[::-1]


def compose(
    handout: Handout, language: str | Language, edition: str = "handout", templates: Path | None = None
) -> Document:
    """The handout in one language and edition.

    ``templates`` is a folder with sentences that go before docgen's own. Raises LanguageError where the language misses
    a sentence, and SpecError where a text of the author is missing or at fault.
    """
    if edition not in EDITIONS:
        raise SpecError(f"there is no edition {edition!r}", hint=f"The editions are: {', '.join(EDITIONS)}.")
    spoken = load_language(language, templates) if isinstance(language, str) else language
    return Composer(handout, spoken, edition).document()
