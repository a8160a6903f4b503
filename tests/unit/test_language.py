"""The language of a message is told in whatever letters it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.language import LANGUAGES, LanguageModel

TYPICAL = {
    "kk": [
        "Сәлем, маған көмек керек",
        "күйеуім ұрады",
        "кайда барсам болады, уйден кетким келеди",
        "менин кукыктарым кандай",
        "kuieuim meni urady",
        "zan boiynsha kukyktarym kandai",
        "Мені жұмыста бастық мазалайды",
        "балам мектепте қорлық көріп жүр",
        "полицияга калай арыз беремин",
        "Алматыда кризистік орталық бар ма",
        "рахмет сізге",
        "маған қорқынышты",
    ],
    "ru": [
        "меня бьёт муж",
        "какие у меня права",
        "где можно переночевать с ребёнком",
        "mne nuzhna pomosch",
        "muzh menya biet chto delat",
        "vtyz ,mtn ve;",
        "меня преследует бывший",
        "как написать заявление в полицию",
        "мою дочь травят в школе",
        "спасибо большое",
        "есть ли приют в Шымкенте",
        "не знаю что делать",
    ],
    "en": [
        "my husband beats me",
        "what are my rights",
        "where can I stay tonight with my kids",
        "he keeps following me",
        "my boss touches me at work",
        "someone posted my photos online",
        "thank you so much",
        "how do I report to the police",
        "is there a shelter in Astana",
        "I am scared of my stepfather",
    ],
}


@pytest.mark.parametrize(
    ("language", "text"), [(name, text) for name, texts in TYPICAL.items() for text in texts]
)
def test_a_typical_message_is_told_whatever_came_before(
    language_model: LanguageModel, language: str, text: str
) -> None:
    for previous in (None, *LANGUAGES):
        assert language_model.detect(text, previous) == language, previous


@pytest.mark.parametrize("text", ["ok", "👍", "102", "...", "+7 727 376 5660", "", " "])
@pytest.mark.parametrize("previous", [None, *LANGUAGES])
def test_a_message_that_says_too_little_keeps_the_language(
    language_model: LanguageModel, text: str, previous: str | None
) -> None:
    assert language_model.detect(text, previous) == previous


@pytest.mark.parametrize("town", ["Алматы", "Астана", "Шымкент", "Almaty", "Astana", "Семей"])
@pytest.mark.parametrize("previous", LANGUAGES)
def test_the_name_of_a_town_keeps_the_language(
    language_model: LanguageModel, town: str, previous: str
) -> None:
    assert language_model.detect(town, previous) == previous


@pytest.mark.parametrize(
    ("word", "language"),
    [("иә", "kk"), ("жоқ", "kk"), ("керек", "kk"), ("нет", "ru"), ("меня", "ru"), ("my", "en")],
)
@pytest.mark.parametrize("previous", LANGUAGES)
def test_one_word_that_only_one_language_has_changes_the_language(
    language_model: LanguageModel, word: str, language: str, previous: str
) -> None:
    assert language_model.detect(word, previous) == language


@given(st.text(max_size=700), st.sampled_from([None, *LANGUAGES]))
def test_any_text_has_a_language_or_keeps_the_last_one(text: str, previous: str | None) -> None:
    found = MODEL.detect(text, previous)
    assert found in LANGUAGES or found is previous


MODEL = LanguageModel.load()


def test_a_long_story_costs_no_more_than_its_beginning(language_model: LanguageModel) -> None:
    story = "меня преследует бывший муж. " * 150
    assert language_model.scores(story) == language_model.scores(story[:600])


def test_a_model_learns_keeps_and_reads_what_tells_languages_apart(tmp_path: Path) -> None:
    messages = [(name, text) for name, texts in TYPICAL.items() for text in texts] * 4
    trained = LanguageModel.train(messages, keep=500)
    assert 0 < len(trained.weights) <= 500
    path = tmp_path / "language.json"
    trained.save(path)
    assert LanguageModel.load(path) == trained
    for name, texts in TYPICAL.items():
        assert max(trained.scores(texts[0]).items(), key=lambda item: item[1])[0] == name


@pytest.mark.parametrize("content", [None, "", "not json"])
def test_a_model_file_that_cannot_be_read_says_how_to_make_it(
    tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "language.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match="build_language_model"):
        LanguageModel.load(path)
