"""output/ holds the shipped handouts as they are built now; ``make handouts`` renews it."""

from pathlib import Path

from docgen.rendering.build import build

ROOT = Path(__file__).parent.parent
#: What is kept in the repository; the PDF files are built on the spot.
KEPT = (".md", ".tex", ".svg")
#: Of a figure only that it is there: its outlines depend on the fonts of the machine.
DRAWN = ".svg"


def files(folder: Path) -> dict[str, bytes]:
    """The kept files of a folder by their path in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in KEPT and ".docgen" not in path.parts
    }


def test_the_kept_handouts_are_what_a_build_gives_now(tmp_path: Path) -> None:
    report = build([ROOT / "problems"], formats=["md", "tex"], output=tmp_path)
    assert not report.failures
    made, kept = files(tmp_path), files(ROOT / "output")
    assert len(made) > 20
    assert sorted(made) == sorted(kept)
    stale = [name for name in made if made[name] != kept[name] and not name.endswith(DRAWN)]
    assert not stale, "run: make handouts"
