"""Every rule has its words in every language, and the languages have the same sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from docgen.calculus.rules import RULES
from docgen.handouts.document import Math
from docgen.handouts.language import FILES, languages, load_language

SLOT = re.compile(r"<<\s*([\w.]+)\s*>>")


def leaves(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every entry of nested tables with its dotted key."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def table(code: str, file: str) -> Mapping[str, Any]:
    return load_language(code).tables[file]


@pytest.mark.parametrize("code", languages())
def test_every_rule_has_its_words(code: str) -> None:
    language = load_language(code)
    needed = [(rule, key) for rule in RULES for key in ("name", "label", "text")]
    missing = [f"{rule}.{key}" for rule, key in needed if key not in language.rules.get(rule, {})]
    assert missing == [], f"add to templates/{code}/rules.toml: {missing}"


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("file", FILES)
def test_the_languages_have_the_same_keys(code: str, file: str) -> None:
    def keys(which: str) -> set[str]:
        # plural forms, the list of short words and the notation are a matter of each language
        return {key for key, _ in leaves(table(which, file)) if not key.startswith(("plurals.", "notation."))}

    assert keys(code) ^ keys("en") == set()


@pytest.mark.parametrize("code", languages())
def test_a_rule_has_the_same_slots_in_all_languages(code: str) -> None:
    def slots(which: str) -> dict[str, set[str]]:
        texts: dict[str, set[str]] = {}
        for key, value in leaves(table(which, "rules.toml")):
            alternates = value if isinstance(value, list) else [value]
            texts[key] = {slot for text in alternates for slot in SLOT.findall(text)}
        return texts

    assert slots(code) == slots("en")


@pytest.mark.parametrize("code", languages())
def test_rule_sentences_can_introduce_a_display(code: str) -> None:
    """One to three whole sentences with a full stop and no colon of their own; labels without either."""
    stop = load_language(code).word("display.lead.from")
    for rule, entry in table(code, "rules.toml").items():
        texts = entry["text"]
        assert 1 <= len(texts) <= 3, rule
        for text in texts:
            assert text.endswith(stop), (rule, text)
            assert ":" not in text.replace("\\:", "") and "：" not in text, (rule, text)
        assert not entry["label"].endswith((".", "。")), rule


@pytest.mark.parametrize("code", languages())
def test_no_sentence_starts_with_a_formula(code: str) -> None:
    for file in ("rules.toml", "phrases.toml"):
        for key, value in leaves(table(code, file)):
            for text in value if isinstance(value, list) else [value]:
                if text.endswith((".", "。", ":")) and code != "zh":
                    assert not text.lstrip().startswith(("<< x", "<< f", "$")), key


@pytest.mark.parametrize("code", languages())
def test_every_rule_sentence_fills_in(code: str) -> None:
    language = load_language(code)
    for rule in language.rules:
        facts = {slot: Math("z") for text in language.rules[rule]["text"] for slot in SLOT.findall(text)}
        for turn in range(len(language.rules[rule]["text"])):
            assert language.rule_text(rule, facts, turn)
        assert language.rule_label(rule, facts)
        assert language.rule_name(rule)


#: Words that are written with ё; a text that has them with е is careless.
YO = re.compile(
    r"\b(ее|еще|найдем|приведем|возьмем|перейдем|начнем|узнаем|определенн\w*|присоединенн\w*|трехмерн\w*|берем|"
    r"сведем|придем|учтем|дает|остается|берется)\b",
    re.IGNORECASE,
)


def test_russian_has_its_yo() -> None:
    for file in FILES:
        for key, value in leaves(table("ru", file)):
            for text in value if isinstance(value, list) else [value]:
                assert not YO.search(str(text)), (key, text)


def test_chinese_has_full_width_marks() -> None:
    for file in ("rules.toml", "phrases.toml"):
        for key, value in leaves(table("zh", file)):
            for text in value if isinstance(value, list) else [value]:
                words = re.sub(r"\$[^$]*\$|<<.*?>>|<%.*?%>", "x", text)
                assert not re.search(r"[\u4e00-\u9fff][,.;:?!]", words), key
                assert not re.search(r"[\u4e00-\u9fff] +[\u4e00-\u9fff]", words), key


def test_russian_dashes_and_quotes() -> None:
    for key, value in [*leaves(table("ru", "rules.toml")), *leaves(table("ru", "phrases.toml"))]:
        for text in value if isinstance(value, list) else [value]:
            assert " — " not in text and " - " not in text, key
            assert '"' not in re.sub(r"<%.*?%>", "", text), key
