"""Who did it, to whom, and signs that the writer is under 18."""

from __future__ import annotations

import pytest

from nlu.circumstances import CONCERNS, OFFENDERS, CircumstanceReader
from nlu.concepts import Concepts, concept_features
from nlu.normalize import fold


@pytest.fixture(scope="module")
def reader() -> CircumstanceReader:
    return CircumstanceReader.load()


@pytest.mark.parametrize(
    ("text", "offender"),
    [
        ("Муж бьёт меня", "partner"),
        ("куйеуим урады", "partner"),
        ("My ex keeps following me", "partner"),
        ("енем күнде балағаттайды", "family"),
        ("Отчим поднимает руку на братика", "family"),
        ("бастығым маған тиісе береді", "boss"),
        ("my supervisor touched me at the office", "boss"),
        ("Учитель обзывает при всех", "teacher"),
        ("сыныптастарым мазақ қылады", "classmate"),
        ("какой-то мужик трогал меня в автобусе", "stranger"),
        ("в инстаграме пишут оскорбления с фейка", "online"),
        ("Какие у меня права?", None),
        ("Соседка просит сахар", None),
    ],
)
def test_the_offender(reader: CircumstanceReader, text: str, offender: str | None) -> None:
    found = reader.read(text).offender
    assert found == offender
    assert found is None or found in OFFENDERS


@pytest.mark.parametrize(
    ("text", "concerns"),
    [
        ("Муж бьёт меня при детях", "self"),
        ("ұрады күнде", "self"),
        ("Муж бьёт сына ремнём", "child"),
        ("how can i help my friend, her boyfriend hits her", "other"),
        ("құрбымды күйеуі ұрады", "other"),
    ],
)
def test_whom_it_concerns(reader: CircumstanceReader, text: str, concerns: str) -> None:
    found = reader.read(text).concerns
    assert found == concerns
    assert found in CONCERNS


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("мне 14 лет, отчим бьет", True),
        ("8 сыныпта оқимын, мазақтайды", True),
        ("im 15 and my dad hits me", True),
        ("мне 34 года, муж бьет", False),
        ("Мой муж пьёт 15 лет", False),
    ],
)
def test_a_sign_of_age(reader: CircumstanceReader, text: str, minor: bool) -> None:
    assert reader.read(text).minor is minor


@pytest.mark.parametrize("text", ["", "…", "a" * 4096, "\u0000", "муж " * 1000])
def test_odd_input_is_read(reader: CircumstanceReader, text: str) -> None:
    assert reader.read(text).concerns == "self"


def test_the_three_languages_name_the_same_concepts() -> None:
    for text in ("муж угрожает", "күйеуім қорқытады", "my husband threatens"):
        assert {"PARTNER", "THREATEN", "PARTNER+THREATEN"} <= set(concept_features(fold(text)))


def test_every_concept_has_words_of_three_languages() -> None:
    concepts = Concepts.load()
    assert len(concepts.nodes) >= 45
    for word, name in (("свекровь", "INLAW"), ("енем", "INLAW"), ("mother in law", "INLAW")):
        assert name in concepts.names(word)
