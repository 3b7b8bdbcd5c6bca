"""The language catalogue: sentences, settings, typography, a language made up in a folder."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from docgen.errors import LanguageError
from docgen.handouts.compose import compose
from docgen.handouts.document import Emphasis, Math, Text
from docgen.handouts.inline import plain
from docgen.handouts.language import Language, languages, load_language, seed
from docgen.handouts.places import templates_folder
from tests.handouts.pages import handout


def write(folder: Path, code: str, **files: str) -> Path:
    """A folder of templates with files of one language."""
    (folder / code).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / code / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_languages_are_found_by_their_folders() -> None:
    assert {"en", "ru", "zh"} <= set(languages())
    assert "formats" not in languages()


def test_a_sentence_with_its_formulas() -> None:
    facts = {"s": Math("a^{T} b")}
    assert load_language("en").sentence("scalar_transpose", facts) == (
        "The expression $a^{T} b$ is a scalar, so transposing it changes nothing."
    )
    assert load_language("ru").sentence("scalar_transpose", facts) == (
        "Выражение $a^{T} b$\u00a0— скаляр, при транспонировании оно не меняется."
    )
    assert load_language("zh").sentence("scalar_transpose", facts) == "注意到 $a^{T} b$ 是标量，转置后不变。"


def test_alternates_rotate() -> None:
    language = load_language("en")
    said = [plain(language.rule_text("symmetry", {"A": Math("A")}, turn)) for turn in (0, 7)]
    assert said[0] == said[1]
    facts = {"dX": Math("dX")}
    assert language.sentence("trace_cyclic", facts, 0) != language.sentence("trace_cyclic", facts, 1)
    assert language.sentence("trace_cyclic", facts, 0) == language.sentence("trace_cyclic", facts, 2)
    assert seed("linear-form") == seed("linear-form") != seed("quadratic-form")


def test_a_value_is_neither_markup_nor_template() -> None:
    evil = "**x** $y$ << s >> <% raise %> {id}"
    assert load_language("en").sentence("scalar_transpose", {"s": evil}) == (
        f"The expression {evil} is a scalar, so transposing it changes nothing."
    )


def test_unknown_language() -> None:
    with pytest.raises(LanguageError) as error:
        load_language("xx")
    assert str(error.value) == f"there is no language 'xx'\nThe languages are: {', '.join(languages())}."


def test_a_missing_sentence_names_language_file_and_key() -> None:
    with pytest.raises(LanguageError) as error:
        load_language("en").rule_text("no_such_rule", {})
    assert str(error.value) == (
        "the language en has no no_such_rule.text\nAdd no_such_rule.text to templates/en/rules.toml."
    )
    with pytest.raises(LanguageError) as error:
        load_language("ru").phrase("open.nothing")
    assert str(error.value) == "the language ru has no open.nothing\nAdd open.nothing to templates/ru/phrases.toml."


def test_a_missing_value_is_named() -> None:
    with pytest.raises(LanguageError) as error:
        load_language("en").rule_text("scalar_transpose", {"x": Math("x")})
    assert str(error.value) == (
        "the sentence scalar_transpose.text of the language en asks for a value that is not there: 's' is undefined\n"
        "Mend it in templates/en/rules.toml; its values are: x."
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[broken\n",
            "{file}:1: this is not TOML: Expected ']' at the end of a table declaration (at line 1, column 8)",
        ),
        (
            '[product]\ntext = "a << x"\nlabel = "b"\n',
            "{file}:2: the sentence product.text of the language en cannot be read: unexpected end of template, expected"
            " 'end of print statement'.\nMend it in {file}.",
        ),
        (
            "[product]\ntext = 5\n",
            "{file}:2: product.text of the language en is neither a sentence nor a list of sentences\nMend it in {file}.",
        ),
        (
            "# mine\n[product]\n\ntext = '<< x + 1 >>'\n",
            "{file}:4: the sentence product.text of the language en cannot be filled: "
            "unsupported operand type(s) for +: 'Math' and 'int'\nMend it in {file}.",
        ),
        (
            "[product]\ntext = ['a', '<< y >>', '<< y >>']\n",
            "{file}:2: the sentence product.text of the language en asks for a value that is not there: 'y' is undefined"
            "\nMend it in {file}; its values are: x.",
        ),
        ("[product]\ntexts = 'a'\n", "{file}:2: docgen has no product.texts in rules.toml\nDid you mean product.text?"),
    ],
)
def test_a_file_at_fault(tmp_path: Path, text: str, message: str) -> None:
    folder = write(tmp_path, "en", rules=text)
    with pytest.raises(LanguageError) as error:
        load_language("en", folder).rule_text("product", {"x": Math("x")}, 1)
    assert str(error.value) == message.replace("{file}", str(folder / "en" / "rules.toml"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[heads]\nanswer = ['a']\n", "{file}:2: heads.answer must be text\nHere it is a list."),
        ("[fields]\nlabels = 3\n", "{file}:2: fields.labels must be a list\nHere it is a number."),
        ("[notation]\nleq = true\n", "{file}:2: notation.leq must be text\nHere it is true or false."),
        ("display = {lead = 'a'}\n", "{file}:1: display.lead must be a table\nHere it is text."),
    ],
)
def test_a_setting_of_another_kind(tmp_path: Path, text: str, message: str) -> None:
    folder = write(tmp_path, "en", language=text)
    with pytest.raises(LanguageError) as error:
        load_language("en", folder)
    assert str(error.value) == message.replace("{file}", str(folder / "en" / "language.toml"))


def test_a_folder_that_has_changed_is_read_again(tmp_path: Path) -> None:
    write(tmp_path, "en", rules='[collect]\nlabel = "one"\n')
    assert plain(load_language("en", tmp_path).rule_label("collect", {})) == "one"
    write(tmp_path, "en", rules='[collect]\nlabel = "two"\n')
    assert plain(load_language("en", tmp_path).rule_label("collect", {})) == "two"


def test_a_folder_in_front_overrides_one_sentence(tmp_path: Path) -> None:
    folder = write(tmp_path, "en", rules='[collect]\nlabel = "together"\n')
    mine = load_language("en", folder)
    assert plain(mine.rule_label("collect", {})) == "together"
    assert plain(mine.rule_text("collect", {})) == "We collect like terms."
    assert plain(load_language("en").rule_label("collect", {})) == "like terms"


def test_a_fourth_language_is_a_folder(tmp_path: Path) -> None:
    """A made-up language, with no Python: English with a few words of its own."""
    shutil.copytree(templates_folder() / "en", tmp_path / "qq")
    settings = (tmp_path / "qq" / "language.toml").read_text(encoding="utf-8")
    settings = settings.replace('"Solution."', '"Qapla."').replace('"Problem~#."', '"Qay~#."')
    (tmp_path / "qq" / "language.toml").write_text(settings, encoding="utf-8")
    rules = (tmp_path / "qq" / "rules.toml").read_text(encoding="utf-8")
    write(tmp_path, "qq", rules=rules.replace("is a scalar", "is a raqs"))
    assert "qq" in languages(tmp_path) and "qq" not in languages()
    document = compose(handout("linear-form", "quadratic-form"), "qq", "handout", templates=tmp_path)
    text = repr(document)
    assert document.language == "qq"
    assert "Qay\\xa03.2." in text and "Qapla." in text and "is a raqs" in text


@pytest.mark.parametrize(
    ("code", "expected"),
    [("en", "5 March 2026"), ("ru", "5 марта 2026 г."), ("zh", "2026年3月5日")],
)
def test_dates(code: str, expected: str) -> None:
    assert load_language(code).date(dt.date(2026, 3, 5)) == expected


@pytest.mark.parametrize(
    ("code", "number", "expected"),
    [
        ("en", 1, "1\u00a0point"),
        ("en", 0, "0\u00a0points"),
        ("en", 1.5, "1.5\u00a0points"),
        ("ru", 1, "1\u00a0балл"),
        ("ru", 21, "21\u00a0балл"),
        ("ru", 3, "3\u00a0балла"),
        ("ru", 11, "11\u00a0баллов"),
        ("ru", 1.5, "1,5\u00a0балла"),
        ("zh", 3, "3\u00a0分"),
    ],
)
def test_plurals(code: str, number: float, expected: str) -> None:
    assert load_language(code).count("points", number) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [("en", "a, b and c"), ("ru", "a, b и c"), ("zh", "a、b和c")],
)
def test_lists(code: str, expected: str) -> None:
    language = load_language(code)
    assert plain(language.join([(Text(x),) for x in "abc"])) == expected
    assert plain(language.join([(Text("a"),)])) == "a"
    assert language.join([]) == ()


def test_russian_short_words_stay_with_the_next() -> None:
    language = load_language("ru")
    typeset = language.typeset((Text("В точке "), Math("x"), Text(" и к ней — по правилу")))
    assert plain(typeset) == "В\u00a0точке $x$ и\u00a0к\u00a0ней\u00a0— по\u00a0правилу"


def test_no_space_at_the_ends() -> None:
    assert load_language("en").typeset((Text(" a "), Text("b "))) == (Text("a b"),)
    assert load_language("en").typeset((Text(" "), Math("x"))) == (Math("x"),)


def test_chinese_spaces() -> None:
    language = load_language("zh")
    given = (Text("求"), Math("x"), Text("和，"), Math("y"), Text("。求 解"), Emphasis((Text("微 分"),)))
    typeset = language.typeset(given)
    assert plain(typeset) == "求 $x$ 和，$y$。求解微分"


def test_a_folder_that_is_missing_a_file(tmp_path: Path) -> None:
    folder = write(tmp_path, "qq", language='name = "Q"\n')
    language = Language("qq", [folder / "qq"])
    with pytest.raises(LanguageError) as error:
        language.rule_label("product", {})
    assert str(error.value) == "the language qq has no product.label\nAdd product.label to templates/qq/rules.toml."
