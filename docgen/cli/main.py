"""The command ``docgen``: its sub-commands, found by name, and what an error becomes on the way out.

A command stands in the module of its name, as ``command``, and is imported only when it is called, so that
``docgen --version`` costs no more than click.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from typing import TextIO

import click

from docgen.cli.options import no_such
from docgen.errors import DocgenError
from docgen.version import __version__

#: The commands in the order of ``docgen --help``, and the module of each.
COMMANDS = {
    "build": "build",
    "derive": "derive",
    "check": "check",
    "equal": "equal",
    "new": "new",
    "list": "listing",
    "rules": "rules",
    "schema": "schema",
    "diff": "diff",
    "clean": "clean",
}

#: What docgen ends with after an unexpected exception: like a failed proof, it is a defect of docgen.
DEFECT = 3


class Commands(click.Group):
    """A group that imports a command when it is asked for, and turns every error into a message and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"docgen.cli.{COMMANDS[cmd_name]}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As in click, with the nearest name in the message."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            ctx.fail(no_such("command", name, COMMANDS))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a :class:`DocgenError` ends it with its own message and exit code."""
        try:
            return super().invoke(ctx)
        except DocgenError as error:
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            raise  # the reader of our output has gone, as in `docgen list | head`; click ends quietly
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            click.echo(f"{where}{error.strerror or error}", err=True)
            ctx.exit(1)
        except Exception as error:
            if os.environ.get("DOCGEN_DEBUG"):
                raise
            click.echo(defect(error), err=True)
            ctx.exit(DEFECT)


def defect(error: Exception) -> str:
    """What to say of an exception that nobody foresaw."""
    said = f"{type(error).__name__}: {error}".rstrip(": ")
    return (
        f"docgen {__version__} has a defect: {said}\n"
        "It is not your fault. Please report it with the command and the formula or the spec file;\n"
        "with DOCGEN_DEBUG=1 in the environment docgen shows where it happened."
    )


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 a spec or a formula is at fault, 2 wrong command line, 3 a proof failed (a defect of "
    "docgen), 4 an outside program or a font is missing or failed.",
)
@click.version_option(__version__, prog_name="docgen", message="%(prog)s %(version)s")
def cli() -> None:
    """Handouts in matrix calculus, every line proved, in Russian, English and Chinese.

    \b
    Example:
      docgen derive "x^T A x" --wrt x
      docgen build problems/seminar-03.yaml -l en -f pdf
    """


def utf8(stream: TextIO | None) -> None:
    """Let a stream take every letter, whatever the locale; what is no letter at all is shown by its code."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")


def main() -> None:
    """The entry point of the program."""
    gc.set_threshold(1_000_000)  # a short life with hardly a cycle in it: searching for them is wasted on most commands
    utf8(sys.stdout)
    utf8(sys.stderr)
    cli(prog_name="docgen")
