"""What several commands share: options, how their values are read, and what messages say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


class Name(click.ParamType[str]):
    """One name of a list; a wrong one is answered with the nearest right one and the whole list."""

    name = "name"

    def __init__(self, what: str, names: Iterable[str]) -> None:
        self.what = what
        self._names = tuple(names)

    def names(self, ctx: click.Context | None) -> tuple[str, ...]:
        """The names that are allowed."""
        return self._names

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name itself, if it is one of the list."""
        names = self.names(ctx)
        if value in names:
            return str(value)
        self.fail(f"{no_such(self.what, str(value), names)} There are: {', '.join(names)}.", param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What stands for the value in the help."""
        return "|".join(self._names)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        """The names that begin so."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in self.names(ctx) if name.startswith(incomplete)]


def counted(number: int, noun: str) -> str:
    """A number of things: ``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def no_such(what: str, name: str, known: Iterable[str]) -> str:
    """What to say of a name that is none of those known: the nearest of them."""
    near = get_close_matches(name, known, n=1)
    return f"no such {what}: {name}." + (f" Did you mean {near[0]}?" if near else "")


class LanguageName(Name):
    """The code of a language, be it docgen's or one of the folder that ``--templates`` names."""

    def names(self, ctx: click.Context | None) -> tuple[str, ...]:
        """The codes of all languages."""
        from docgen.handouts.language import languages

        folder = ctx.params.get("templates") if ctx is not None else None
        return languages(folder if isinstance(folder, Path) else None)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What stands for the code in the help; it reads no file."""
        return "LANGUAGE"


LANGUAGE = LanguageName("language", ())


def templates_option(function: F) -> F:
    """``--templates``, a folder of own templates; it is read first, because it may hold a language."""
    return click.option(
        "--templates",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="DIR",
        is_eager=True,
        help="Folder of your own sentences, settings and skeletons, in front of docgen's.",
    )(function)


def language_option(function: F) -> F:
    """``-l``, one language."""
    return click.option("-l", "--language", type=LANGUAGE, default="en", show_default=True, help="Language.")(function)


def output_option(function: F) -> F:
    """``-o``, the folder with what build makes."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        default=Path("output"),
        show_default=True,
        help="Folder of the handouts.",
    )(function)


def languages_option(text: str) -> Callable[[F], F]:
    """``-l``, which may be given several times."""
    return click.option("-l", "--language", "languages", type=LANGUAGE, multiple=True, help=text)


def pairs(param: str, given: Iterable[str], example: str) -> dict[str, str]:
    """``NAME=VALUE`` options as a dict; raises click.BadParameter where one is not of that form or comes twice."""
    result: dict[str, str] = {}
    for text in given:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise click.BadParameter(f"{text!r} is not NAME=VALUE, as in {example}.", param_hint=param)
        if name in result:
            raise click.BadParameter(f"{name} is given twice.", param_hint=param)
        result[name] = value
    return result


def assumptions(given: Iterable[str]) -> dict[str, list[str]]:
    """``A=symmetric,invertible`` and ``y=in {-1, 1}`` as lists by symbol; the same symbol may come again."""
    result: dict[str, list[str]] = {}
    for text in given:
        ((name, value),) = pairs("--assume", [text], "--assume A=symmetric").items()
        # a comma inside braces belongs to the set of values
        words = [word.strip() for word in re.findall(r"(?:\{[^}]*\}?|[^,{])+", value)]
        result.setdefault(name, []).extend(word for word in words if word)
    return result
