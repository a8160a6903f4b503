"""A spot check of every legal answer: article, date of the text, source, same figures thrice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from actions import rendering
from common.texts import LANGUAGES, Texts
from knowledge import models, queries
from knowledge.database import connect
from knowledge.seed_files import SeedData, read_seed
from knowledge.seed_schema import AUDIENCES, NEEDS
from tests.unit.conftest import answers_of

TODAY = date(2026, 11, 25)
QUESTIONS = [one.id for one in read_seed().questions]
# What must be answered for every need, or honestly said not to exist.
CORE = ("ask_rights", "ask_report_police", "ask_protection_order", "ask_evidence")


@pytest.fixture(scope="module")
def session(sqlite_url: str) -> Iterator[Session]:
    engine: Engine = connect(sqlite_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def figures(text: str) -> list[str]:
    """All figures of a text in order of size; "346 000" is one."""
    joined = re.sub(r"(?<=\d)[   ](?=\d{3}\b)", "", text)
    return sorted(re.findall(r"\d+(?:[.,]\d+)?", joined))


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_names_articles_date_and_source_and_the_same_figures(
    session: Session, texts: Texts, question: str
) -> None:
    found = queries.answer(session, question, TODAY)
    row = session.get(models.Question, question)
    assert found is not None
    assert row is not None
    assert row.sources
    assert all(source.startswith(("http", "public-code")) for source in row.sources)
    assert found.citations, "an answer about the law rests on a law"
    assert found.text_date is not None
    assert date(2009, 1, 1) < found.text_date <= TODAY
    shown = {one: rendering.answer(texts, one, found, disclaimer=True) for one in LANGUAGES}
    for language in LANGUAGES:
        assert rendering.show_date(found.text_date) in shown[language]
        assert rendering.citations(found.citations, language) in shown[language]
        for point in found.points:
            assert point.text.get(language) in shown[language]
    for point in found.points:
        by_language = {one: figures(point.text.get(one)) for one in LANGUAGES}
        assert by_language["kk"] == by_language["ru"] == by_language["en"], by_language
    conflicting = any(point.confidence == "conflicting" for point in found.points)
    for language in LANGUAGES:
        caveat = texts.phrase("caveat_conflicting", language).lstrip("* ")
        assert (caveat in shown[language]) is conflicting


@pytest.mark.parametrize("need", NEEDS)
def test_penalties_say_the_same_figures_in_three_languages(
    session: Session, texts: Texts, need: str
) -> None:
    found = queries.penalties(session, need, TODAY)
    assert found
    shown = {}
    for language in LANGUAGES:
        blocks = rendering.penalties(texts, language, found, 4325.0).split("\n\n")
        # The official heading in Kazakh and Russian may spell a number out.
        parts = ["\n".join(block.splitlines()[1:]) for block in blocks]
        articles = [rendering.citations([one.citation], language) for one in found]
        assert all(a in block.splitlines()[0] for a, block in zip(articles, blocks, strict=True))
        shown[language] = figures("\n".join(parts + articles))
    assert shown["kk"] == shown["ru"] == shown["en"]


def test_every_provision_has_its_act_date_source_and_confidence(session: Session) -> None:
    for provision in session.scalars(select(models.Provision)).unique():
        assert provision.sources, provision.id
        assert provision.act.name.kk
        assert provision.confidence in ("primary", "secondary", "conflicting")
        assert provision.valid_as_of is None or provision.valid_as_of <= TODAY
        if provision.changed_by_law_2024:
            assert provision.changed_by_law_2024_note, provision.id


def test_what_was_removed_from_the_code_is_no_law_today(session: Session) -> None:
    removed = session.get(models.Provision, "administrative-code-73-1-73-2")
    assert removed is not None
    assert queries.in_force(removed, date(2024, 6, 15))
    assert not queries.in_force(removed, TODAY)


def test_later_changes_name_their_act_and_their_day(session: Session) -> None:
    changed = [p for p in session.scalars(select(models.Provision)).unique() if p.later_changes]
    assert len(changed) >= 8
    for provision in changed:
        for change in provision.later_changes:
            assert re.fullmatch(r"\d+-VIII", change["law"])
            assert date(2024, 6, 16) < date.fromisoformat(change["date"]) <= TODAY
            assert figures(change["what"]["kk"]) == figures(change["what"]["en"])


def test_every_question_can_be_reached(seed: SeedData) -> None:
    routed = {
        question
        for by_topic in (seed.routes.answers, seed.routes.more, *seed.routes.audiences.values())
        for by_need in by_topic.values()
        for questions in by_need.values()
        for question in questions
    }
    assert set(QUESTIONS) - routed == set()


@pytest.mark.parametrize("audience", ["", *AUDIENCES])
def test_no_need_and_nobody_who_asks_is_left_without_the_core_answers(
    session: Session, audience: str
) -> None:
    holes = [
        (need, topic)
        for need in NEEDS
        for topic in CORE
        if not answers_of(session, topic, need, TODAY, audience)
    ]
    assert holes == []


@pytest.mark.parametrize("audience", AUDIENCES)
def test_who_asks_gets_an_answer_of_their_own(session: Session, audience: str) -> None:
    own = 0
    for need in NEEDS:
        ordinary = answers_of(session, "ask_rights", need, TODAY)
        theirs = answers_of(session, "ask_rights", need, TODAY, audience)
        assert set(ordinary) <= set(theirs)
        own += theirs[0] != ordinary[0]
    assert own >= 3
