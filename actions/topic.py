"""The frame of the ``ask_`` actions: opening words, answer of the database, services, buttons."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions import questions, rendering
from actions.base import ButtonKey, Events, Talk, TirekAction
from actions.context import ask_knowledge, texts, today
from knowledge import finding, queries


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
        if (wanted or "").startswith(f"{questions.MORE}-"):
            return await questions.say_more(talk, self.topic, self._hidden(True, True))
        events: Events = []
        if who is not None:
            wanted, talk.who = None, None if who == "self" else who
            events.append(SlotSet("who", talk.who))

        def ask(session: Session) -> tuple[queries.Answer | None, bool, bool]:
            found = queries.answers(session, self.topic, need, today(), talk.who or "")
            further = queries.related(session, self.topic, need)
            has_variants = queries.has_variants(session, self.topic, need)
            # A button may only name a question of this topic.
            if wanted in {one.question_id for one in further}:
                return queries.answer(session, str(wanted), today()), bool(further), has_variants
            chosen = [one for one in found if one.question_id == wanted]
            return next(iter(chosen or found), None), bool(further), has_variants

        found, more, has_variants = await ask_knowledge(ask)
        is_asked_for = found is not None and found.question_id == wanted
        blocks = [] if is_asked_for else [talk.phrase(self.intro)]
        if found is not None:
            if is_asked_for or talk.who:
                # Whose question it is must be plain: it may not be the one that was typed.
                blocks = [found.question.get(talk.language)]
            disclaimer = not talk.source_said
            blocks.append(rendering.answer(texts(), talk.language, found, disclaimer))
            events.append(SlotSet("source_said", True))
        buttons = questions.with_offers(self.topic, self.buttons, more=more, who=has_variants)
        if self.kinds and not is_asked_for:
            talk.say("\n\n".join(blocks))
            return [*events, *await say_contacts(talk, self.topic, self.kinds, buttons)]
        talk.say("\n\n".join(blocks), buttons)
        return events

    def _hidden(self, more: bool, who: bool) -> Sequence[ButtonKey]:
        shown = questions.with_offers(self.topic, self.buttons, more=more, who=who)
        return [one for one in self.buttons if one not in shown]


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
    if region_name is None:
        text += "\n\n" + talk.phrase("contacts_ask_place")
        talk.say(text, buttons)
        return [SlotSet("waiting_topic", topic), SlotSet("asked", "place")]
    talk.say(text, buttons)
    return []
