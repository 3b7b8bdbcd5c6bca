"""Writing to the output folder: nothing outside it, nothing half-written, nothing left behind."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from docgen.errors import OutputError


def target(output: Path, relative: str) -> Path:
    """The place of a file in the output folder, its own folder made.

    OutputError where the path would leave the folder, be it by ``..``, by an absolute path or through a link.
    """
    inside = Path(relative)
    parts = inside.parts
    if inside.is_absolute() or not parts or any(part in ("..", "") or "\\" in part or "\0" in part for part in parts):
        raise OutputError(f"{relative!r} would be written outside the output folder {output}")
    place = output / inside
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        root, folder = output.resolve(), place.parent.resolve()
    except OSError as error:
        raise _cannot_write(place.parent, error) from None
    if not folder.is_relative_to(root):
        raise OutputError(
            f"{place.parent} leads out of the output folder, to {folder}",
            hint="Remove the link, or choose another --output.",
        )
    if place.is_dir():
        raise OutputError(f"{place} is a folder; a file is to be written there", hint="Move it away.")
    return place


def write(place: Path, data: bytes) -> None:
    """Put the data in place at once: written beside, then moved. OutputError where that fails: all is as it was."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent)
    except OSError as error:
        raise _cannot_write(place.parent, error) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, place)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(name)
        if isinstance(error, OSError):
            raise _cannot_write(place, error) from None
        raise


def _umask() -> int:
    """The mask for new files; there is no way to read it but to set it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _cannot_write(place: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{place} cannot be written: {error.strerror}", hint="Choose another folder with --output, or mend its rights."
    )
