"""Whatever people type is cut into words, and the spellings of a word agree."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nlu.normalize import fix_layout, fold, fold_word, tokenize

# Letters, signs and invisible characters that meet in real messages, more often than by chance.
MESSY = st.text(
    st.one_of(
        st.sampled_from("абвгдежзиклмнопрстуәғқңөұүһіabcdefghijklmnopqrstuvwxyzəöğşı"),
        st.sampled_from(" \n\t.,;:!?'’ʼ-—()[]`\u200b\u200d\u2060\u0301\u00ad\ufe0f😀🇰🇿123460İßŉ"),
        st.characters(),
    ),
    max_size=200,
)


@given(MESSY)
@example("İstanbul ŉ ǰ ΐ")
@example("у\u0301\u200bме\u00adня")
@example("п о м о г и т е")
@example("vtyz ,mtn ve;")
@example("\ud800 одиночный суррогат")
@example("ﷺ" * 50)
def test_any_text_is_cut_into_tokens_that_stand_in_it_in_order(text: str) -> None:
    end = 0
    for token in tokenize(text):
        assert end <= token.start < token.end <= len(text)
        assert token.folded
        assert token.folded == token.folded.strip()
        end = token.end


@given(MESSY)
def test_positions_are_those_of_the_word_as_it_was_typed(text: str) -> None:
    fixed = fix_layout(text)
    assert len(fixed) == len(text)
    for token in tokenize(text):
        written = fixed[token.start : token.end]
        again = tokenize(written)
        assert again, written


@given(MESSY)
def test_folding_gives_tokens_with_single_spaces(text: str) -> None:
    folded = fold(text)
    assert folded.split() == folded.split(" ") or folded == ""
    assert folded.split() == [part for token in tokenize(text) for part in token.folded.split()]


@given(st.text("абвгдежзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі", min_size=1, max_size=30))
def test_capitals_make_no_difference(word: str) -> None:
    assert fold_word(word.upper()) == fold_word(word)


@given(st.text("абвдежзклмнопрстуф", min_size=1, max_size=30))
def test_a_folded_word_stays_as_it_is(word: str) -> None:
    assert fold_word(fold_word(word)) == fold_word(word)


@given(st.text(st.characters(), max_size=30).map(lambda s: s + " сәлем достым " + s))
def test_four_thousand_characters_are_no_different_from_forty(text: str) -> None:
    assert "салем" in fold("көмек. " * 600 + "\n сәлем")
    assert isinstance(fold(text), str)


SPELLINGS = [
    ("қазір", "Қазір", "ҚАЗІР", "казир", "казір", "kazir", "qazir", "qazır"),
    ("күйеуім", "куйеуим", "kuieuim", "kúieuim", "küieuim"),
    ("ұрады", "урады", "urady", "ұрадыыыы"),
    ("көмек", "комек", "komek", "kömek", "kómek"),
    ("жоқ", "жок", "zhok", "joq", "jok"),
    ("заңгер", "зангер", "zanger", "zańger"),
    ("шығу", "шыгу", "shygu", "şığu", "shyǵu"),
    ("шешем", "sheshem"),
    ("помощь", "помошь", "pomosch", "pomoshch", "ПОМОЩЬ", "помощщщщь"),
    ("хочу", "hochu", "xochu", "ho4u"),
    ("ящик", "yashik", "yaschik"),
    ("ещё", "еще", "esche", "eshche"),
    ("человек", "chelovek", "4elovek"),
    ("стой", "стооооой", "СТОЙ", "stoi", "stoy"),
    (
        "помогите",
        "п о м о г и т е",
        "по\u200bмо\u2060гите",
        "поmoгите",
        "помогите\ufe0f",
        "pomogite",
    ),
    ("убьёт", "убьет", "убъет"),
    ("мама", "mama", "МАМА", "м\u0430м\u0430"),
    ("help", "HELP", "helpppp", "h\u200belp"),
]


@pytest.mark.parametrize("spellings", SPELLINGS, ids=[one[0] for one in SPELLINGS])
def test_the_spellings_of_a_word_agree(spellings: tuple[str, ...]) -> None:
    assert {one: fold(one) for one in spellings if fold(one) != fold(spellings[0])} == {}


DIFFERENT = [
    ("ұрады", "оралды"),
    ("муж", "мама"),
    ("нож", "нос"),
    ("бьёт", "пьёт"),
    ("kill", "call"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("vtyz ,mtn ve;", "меня бьет муж"),
        ("rfrbt e vtyz ghfdf", "какие у меня права"),
        ("gjvjubnt? jy kjvftn ldthm", "помогите? он ломает дверь"),
    ],
)
def test_russian_on_the_latin_layout_is_turned_back(typed: str, meant: str) -> None:
    assert fold(typed) == fold(meant)
    assert len(fix_layout(typed)) == len(typed)


@pytest.mark.parametrize(
    "text",
    [
        "hello, my friend",
        "what's up, i'm here",
        "he doesn't let me go, i can't",
        "my husband beats me",
        "muzh menya biet, pomogite",
        "kuieuim meni urady, komektesinizshi",
        "help me pls",
        "меня бьёт муж, vtyz",
        "",
        "...",
    ],
)
def test_what_is_on_the_right_layout_stays(text: str) -> None:
    assert fix_layout(text) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Алматы-да тұрамын", ["алмати-да", "турамин"]),
        ("позвоните 102", ["позвоните", "102"]),
        ("+7 727 376 5660", ["7", "727", "376", "5660"]),
        ("2024-06-16", ["2024-06-16"]),
        ("😭 помогите", ["😭", "помогите"]),
        ("don't", ["донт"]),
        ("mother's house", ["мотхер", "хоусе"]),
        ("а я и ты", ["а", "я", "и", "ти"]),
        ("а б в г", ["абвг"]),
        ("___", []),
    ],
)
def test_words_numbers_and_signs_are_told_apart(text: str, words: list[str]) -> None:
    assert [token.folded for token in tokenize(text)] == words


def test_a_word_with_invisible_characters_keeps_its_place() -> None:
    text = "ол \u200bме\u200bні\u200b ұрады"
    spans = [(token.folded, text[token.start : token.end]) for token in tokenize(text)]
    assert spans == [("ол", "ол"), ("мени", "ме\u200bні"), ("уради", "ұрады")]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hfpdjl b fkbvtyns", "развод и алименты"),
        ("fldjrfn", "адвокат"),
        ("ghbdtn", "привет"),
        ("rhythm", None),
        ("strengths", None),
        ("kuieuim urady", None),
    ],
)
def test_short_texts_on_the_wrong_layout(typed: str, meant: str | None) -> None:
    assert fix_layout(typed) == (meant or typed)
