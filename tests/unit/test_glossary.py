"""One thing has one name: the texts keep to ``knowledge/seed/glossary.yml``, in three languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from common.texts import Texts
from knowledge.glossary import (
    Written,
    avoided,
    seed_texts,
    spans,
    used_terms,
    uses,
    wrong_names,
)  # fmt: skip
from knowledge.models import LANGUAGES
from knowledge.seed_files import read_seed
from knowledge.seed_schema import TermSeed

SEED_DATA = read_seed()
TERMS = SEED_DATA.terms
IDS = [term.id for term in TERMS]


def of_the_responses(texts: Texts) -> Iterator[Written]:
    """Every phrase, every response and every title of a button."""
    for key, phrases in texts.phrases.items():
        yield f"responses: {key}", {language: phrases[language] for language in LANGUAGES}
    for key, responses in texts.responses.items():
        said = [responses[language] for language in LANGUAGES]
        yield (
            f"responses: {key}",
            {language: response.text for language, response in zip(LANGUAGES, said, strict=True)},
        )
        for number, buttons in enumerate(zip(*(one.buttons for one in said), strict=True)):
            titles = (button.title for button in buttons)
            yield f"responses: {key}.{number}", dict(zip(LANGUAGES, titles, strict=True))


TEXTS = seed_texts()
TEXTS += of_the_responses(Texts.load())
USED = [
    {language: used_terms(TERMS, language, text[language]) for language in LANGUAGES}
    for _, text in TEXTS
]


# --- the texts -----------------------------------------------------------------------------------


def test_the_texts_are_found() -> None:
    places = " ".join(place for place, _ in TEXTS)
    assert len(TEXTS) > 700
    for name in ("acts.yml", "law.yml", "rights.yml", "responses: utter_greet"):
        assert name in places
    for place, text in TEXTS:
        assert all(isinstance(one, str) and one for one in text.values()), place


def test_no_text_gives_a_thing_another_name() -> None:
    assert list(wrong_names(TERMS, TEXTS)) == []


def test_a_term_that_is_used_in_one_language_is_used_in_the_other_two() -> None:
    loose = {term.id for term in TERMS if term.loose}
    wrong = []
    for (place, text), used in zip(TEXTS, USED, strict=True):
        for name in sorted(set().union(*used.values()) - loose):
            missing = [language for language in LANGUAGES if name not in used[language]]
            if missing:
                wrong.append(f"{place}: {name} is not in {', '.join(missing)}: {text}")
    assert wrong == []


@pytest.mark.parametrize("term", TERMS, ids=IDS)
def test_our_texts_really_use_the_term(term: TermSeed) -> None:
    for language in LANGUAGES:
        assert any(term.id in used[language] for used in USED), language


# --- the glossary itself -------------------------------------------------------------------------


def test_the_ids_are_in_kebab_case_and_stand_once() -> None:
    assert len(IDS) == len(set(IDS))
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", one) for one in IDS)
    assert 60 <= len(IDS) <= 80


def test_few_terms_are_loose() -> None:
    assert len([term for term in TERMS if term.loose]) <= 3


def test_the_names_differ_in_each_language() -> None:
    for language in LANGUAGES:
        names = [getattr(term.term, language) for term in TERMS]
        assert len(names) == len(set(names)), language


@pytest.mark.parametrize("term", TERMS, ids=IDS)
def test_a_term_is_whole(term: TermSeed) -> None:
    for by_language in (term.term.model_dump(), term.stems, term.avoid, term.meaning.model_dump()):
        assert tuple(by_language) == LANGUAGES
    for language in LANGUAGES:
        assert uses(term, language, getattr(term.term, language)), language
        assert not avoided(term, language, getattr(term.term, language)), language
        forms = term.stems[language] + term.avoid[language]
        assert forms == [form.lower() for form in forms]
        assert len(forms) == len(set(forms))


@pytest.mark.parametrize("term", TERMS, ids=IDS)
def test_a_meaning_is_one_short_sentence_in_our_own_words(term: TermSeed) -> None:
    for language, meaning in term.meaning.model_dump().items():
        assert len(meaning.split()) <= 15, language
        assert re.fullmatch(r"[^.]+(?:ст\. \d[^.]*|art\. \d[^.]*)?\.", meaning), language
        assert [one.id for one in TERMS if avoided(one, language, meaning)] == [], language
    for language in ("kk", "ru"):
        assert not re.search(r"[a-z]", getattr(term.meaning, language)), language


def test_every_provision_is_in_the_law() -> None:
    provisions = {one.id for one in SEED_DATA.provisions}
    assert {term.provision for term in TERMS} - {None} <= provisions


# --- the forms -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        ("шантаж", "шантажом", True),
        ("шантаж", "антишантаж", False),
        ("защитн* предписани*", "о защитном\n  предписании", True),
        ("защитн* предписани", "защитный знак и предписание", False),
        ("легк* вред", "Лёгкого вреда", True),
        ("victims' fund", "the victims’ fund", True),
        ("fine*", "a fine", True),
        ("қылмыс|", "бұл — қылмыс.", True),
        ("қылмыс|", "қылмыстық топ", False),
        ("battery (", "Save the battery, then", False),
    ],
)
def test_a_form_is_the_beginning_of_words(form: str, text: str, found: bool) -> None:
    assert bool(spans([form], text)) is found


@pytest.mark.parametrize(
    ("language", "text", "used"),
    [
        ("en", "a criminal offence", {"criminal-offence"}),
        ("en", "an offence by the offender", {"offence", "offender"}),
        ("kk", "құқық бұзушылық", {"offence"}),
        ("kk", "құқық бұзушыға", {"offender"}),
        ("kk", "сексуалдық қылмыстар", {"sexual-crime"}),
        ("ru", "Фонд компенсации потерпевшим", {"victims-fund"}),
        ("ru", "незаконное лишение свободы", {"deprivation-of-liberty"}),
    ],
)
def test_the_longest_name_counts(language: str, text: str, used: set[str]) -> None:
    assert used_terms(TERMS, language, text) == used
