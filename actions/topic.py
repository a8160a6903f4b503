"""The frame of the ``ask_`` actions: opening words, answer of the database, services, buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions import questions, rendering
from actions.base import ButtonKey, Events, Talk, TirekAction
from actions.context import ask_knowledge, texts, today
from knowledge import finding, queries


@dataclass(frozen=True)
class _Found:
    """What the database has for a topic; ``offers`` only for a page of further questions."""

    routes: queries.TopicRoutes
    answer: queries.Answer | None
    offers: Sequence[queries.Offer] = ()


class TopicAction(TirekAction):
    """Answers one topic from ``routes.yml``; subclasses name the topic, its words and buttons.

    ``kinds`` are the kinds of services that belong to the topic; without them none are shown.
    """

    topic: str
    intro: str
    buttons: Sequence[ButtonKey] = ()
    kinds: Sequence[str] = ()

    async def answer(self, talk: Talk) -> Events:
        return await self.say(talk, talk.need)

    async def say(self, talk: Talk, need: str | None) -> Events:
        """Say the answer for a need, or what a button of this topic asks for."""
        wanted, who = talk.question, questions.audience_of(talk.question)
        if wanted == questions.WHO:
            return questions.ask_who(talk, self.topic)
        events: Events = []
        if who is not None:
            talk.who = None if who == "self" else who
            events.append(SlotSet("who", talk.who))
        found = await ask_knowledge(lambda session: self._find(session, talk, need, wanted))
        buttons = questions.with_offers(self.topic, self.buttons, found.routes)
        if questions.is_page(wanted):
            hidden = [one for one in self.buttons if one not in buttons]
            return questions.say_more(talk, self.topic, found.offers, hidden)
        is_wanted = found.answer is not None and found.answer.question_id == wanted
        text, says_source = await self.words(talk, need, found.answer, is_wanted=is_wanted)
        if says_source:
            events.append(SlotSet("source_said", True))
        if self.kinds and not is_wanted:
            talk.say(text)
            return [*events, *await say_contacts(talk, self.topic, self.kinds, buttons)]
        talk.say(text, buttons)
        return events

    async def words(
        self, talk: Talk, need: str | None, found: queries.Answer | None, *, is_wanted: bool
    ) -> tuple[str, bool]:
        """The opening words and the answer, and whether its source is named.

        A button's question is said again above its answer.
        """
        if found is None:
            return talk.phrase(self.intro), False
        # Whose question it is must be plain: it may not be the one that was typed.
        repeats = is_wanted or talk.who is not None
        opening = found.question.get(talk.language) if repeats else talk.phrase(self.intro)
        disclaimer = not talk.source_said
        return f"{opening}\n\n{rendering.answer(texts(), talk.language, found, disclaimer)}", True

    def _find(self, session: Session, talk: Talk, need: str | None, wanted: str | None) -> _Found:
        routes = queries.routes(session, self.topic, need, talk.who or "")
        if questions.is_page(wanted):
            return _Found(routes, None, queries.offers(session, routes.more))
        # A button may only name a question of this topic.
        allowed = (*routes.questions, *routes.more)
        chosen = wanted if wanted in allowed else next(iter(routes.questions), None)
        return _Found(routes, queries.answer(session, chosen, today()) if chosen else None)


async def say_contacts(
    talk: Talk, topic: str, kinds: Sequence[str], buttons: Sequence[ButtonKey]
) -> Events:
    """Say the services for the need and place of the talk; ask for the place if none is known."""
    need, place_id, region_id = talk.need, talk.place, talk.region

    def ask(session: Session) -> tuple[finding.Contacts, str | None, str | None]:
        place = queries.place(session, place_id) if place_id else None
        region = queries.place(session, region_id) if region_id else None
        if place is not None and (region is None or place.region_id != region.id):
            # A region named later than the town: the town is no longer meant.
            region = region or queries.place(session, place.region_id)
            place = place if region is not None and place.region_id == region.id else None
        found = finding.contacts(
            session,
            need,
            place.id if place else None,
            region.id if region else None,
            kinds,
            topic,
            for_child=True if talk.who in ("minor", "parent") else None,
        )
        language = talk.language
        return (
            found,
            place.name.get(language) if place else None,
            region.name.get(language) if region else None,
        )

    found, place_name, region_name = await ask_knowledge(ask)
    text = rendering.contacts(texts(), talk.language, found, place_name, region_name, today())
    text += "\n\n" + talk.phrase("contacts_choice")
    if not any(one.checked_on for one in found.shown):
        text += " " + talk.phrase("contacts_not_phoned")
    if region_name is None:
        text += "\n\n" + talk.phrase("contacts_ask_place")
        talk.say(text, buttons)
        return [SlotSet("waiting_topic", topic), SlotSet("asked", "place")]
    talk.say(text, buttons)
    return []
