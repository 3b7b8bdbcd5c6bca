"""Nothing outside the output folder, nothing half-written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from docgen.errors import OutputError
from docgen.rendering.files import target, write


def test_a_file_is_put_in_place_at_once(tmp_path: Path) -> None:
    place = target(tmp_path / "output", "ru/a.md")
    write(place, b"one")
    write(place, b"two")
    assert place.read_bytes() == b"two"
    assert [p.name for p in place.parent.iterdir()] == ["a.md"]


@pytest.mark.parametrize("name", ["../a.md", "/etc/a.md", "ru/../../a.md", "", "ru/a\\b.md"])
def test_names_stay_inside(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError) as caught:
        target(tmp_path, name)
    assert str(caught.value) == f"{name!r} would be written outside the output folder {tmp_path}"


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    output, elsewhere = tmp_path / "output", tmp_path / "elsewhere"
    output.mkdir()
    elsewhere.mkdir()
    (output / "ru").symlink_to(elsewhere)
    with pytest.raises(OutputError) as caught:
        target(output, "ru/a.md")
    assert str(caught.value) == (
        f"{output / 'ru'} leads out of the output folder, to {elsewhere}\nRemove the link, or choose another --output."
    )


def test_a_linked_file_is_replaced_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("mine")
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "a.md").symlink_to(outside)
    write(target(tmp_path / "output", "a.md"), b"new")
    assert outside.read_text() == "mine"
    assert not (tmp_path / "output" / "a.md").is_symlink()


def test_an_interrupted_write_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "a.md"
    place.write_text("old")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(place, b"new")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.md", "old")]


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    with pytest.raises(OutputError) as caught:
        target(tmp_path, "a.md")
    assert str(caught.value) == f"{tmp_path / 'a.md'} is a folder; a file is to be written there\nMove it away."


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("")
    with pytest.raises(OutputError) as caught:
        target(tmp_path / "output", "ru/a.md")
    assert str(caught.value) == (
        f"{tmp_path / 'output' / 'ru'} cannot be written: Not a directory\n"
        "Choose another folder with --output, or mend its rights."
    )
