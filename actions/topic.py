"""The frame of the ``ask_`` actions: opening words, answer of the database, services, buttons."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions import rendering
from actions.base import ButtonKey, Events, Talk, TirekAction
from actions.context import ask_knowledge, texts, today
from knowledge import queries


class TopicAction(TirekAction):
    """Answers one topic from ``routes.yml``; subclasses name the topic, its words and buttons.

    ``kinds`` are the kinds of services that belong to the topic; without them none are shown.
    """

    topic: str
    intro: str
    buttons: Sequence[ButtonKey] = ()
    kinds: Sequence[str] = ()

    async def answer(self, talk: Talk) -> Events:
        wanted, need = talk.question, talk.need

        def ask(session: Session) -> queries.Answer | None:
            found = queries.answers(session, self.topic, need, today())
            # A button may only name a question of this topic.
            chosen = [one for one in found if one.question_id == wanted]
            return next(iter(chosen or found), None)

        found = await ask_knowledge(ask)
        blocks = [] if wanted else [talk.phrase(self.intro)]
        events: Events = []
        if found is not None:
            if wanted:
                blocks.append(found.question.get(talk.language))
            disclaimer = not talk.source_said
            blocks.append(rendering.answer(texts(), talk.language, found, disclaimer))
            events.append(SlotSet("source_said", True))
        if self.kinds:
            talk.say("\n\n".join(blocks))
            return [*events, *await say_contacts(talk, self.topic, self.kinds, self.buttons)]
        talk.say("\n\n".join(blocks), self.buttons)
        return events


async def say_contacts(
    talk: Talk, topic: str, kinds: Sequence[str], buttons: Sequence[ButtonKey]
) -> Events:
    """Say the services for the need and place of the talk; ask for the place if none is known."""
    need, place_id, region_id = talk.need, talk.place, talk.region

    def ask(session: Session) -> tuple[queries.Contacts, str | None, str | None]:
        place = queries.place(session, place_id) if place_id else None
        region = queries.place(session, region_id) if region_id else None
        if place is not None and (region is None or place.region_id != region.id):
            # A region named later than the town: the town is no longer meant.
            region = region or queries.place(session, place.region_id)
            place = place if region is not None and place.region_id == region.id else None
        found = queries.contacts(
            session,
            need,
            place.id if place else None,
            region.id if region else None,
            kinds,
            topic,
        )
        language = talk.language
        return (
            found,
            place.name.get(language) if place else None,
            region.name.get(language) if region else None,
        )

    found, place_name, region_name = await ask_knowledge(ask)
    text = rendering.contacts(texts(), talk.language, found, place_name, region_name, today())
    text += "\n\n" + talk.phrase("contacts_passes_to_police_unknown")
    if region_name is None:
        text += "\n\n" + talk.phrase("contacts_ask_place")
        talk.say(text, buttons)
        return [SlotSet("waiting_topic", topic), SlotSet("asked", "place")]
    talk.say(text, buttons)
    return []
