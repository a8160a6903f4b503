"""What the person who harms may face, by need."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions import rendering
from actions.ask_protection_order import ActionAskProtectionOrder
from actions.base import Events, Talk
from actions.context import ask_knowledge, texts, today
from actions.needs import ask_need, asks_for_needs
from actions.topic import TopicAction
from knowledge import queries


class ActionAskPenalty(TopicAction):
    """Answers ``ask_penalty``; without a need it asks for one and remembers the question."""

    topic = "ask_penalty"
    intro = "penalty_intro"
    buttons = (
        ("button_report", "/ask_report_police"),
        ("button_rights", "/ask_rights"),
        ("button_contacts", "/ask_contacts"),
        ("button_change_need", '/ask_penalty{"question": "needs-1"}'),
    )

    def name(self) -> str:
        return "action_ask_penalty"

    async def answer(self, talk: Talk) -> Events:
        if talk.follow_up == "how_long" and talk.last_spoken == "action_ask_protection_order":
            # Days of the order, not years of prison: that answer says both.
            return await ActionAskProtectionOrder().answer(talk)
        if talk.need is None or asks_for_needs(talk.question):
            return ask_need(talk, self.topic)
        return await self.say(talk, talk.need)

    async def words(
        self, talk: Talk, need: str | None, found: queries.Answer | None, *, is_wanted: bool
    ) -> tuple[str, bool]:
        if is_wanted or need is None:
            return await super().words(talk, need, found, is_wanted=is_wanted)
        return await penalties(talk, need), True


async def penalties(talk: Talk, need: str) -> str:
    """What the law threatens for a need; fines also in tenge of this year."""

    def ask(session: Session) -> tuple[list[queries.PenaltyAnswer], int, float]:
        mci = queries.constant(session, "mci_tenge", today().year)
        if mci is None:
            raise LookupError("the database has no MCI")
        return queries.penalties(session, need, today()), mci.year, mci.value

    found, year, mci = await ask_knowledge(ask)
    text_date = min((one.text_date for one in found if one.text_date), default=None)
    blocks = [
        talk.phrase("penalty_intro"),
        rendering.penalties(texts(), talk.language, found, mci),
        talk.phrase("penalty_mci_note", value=rendering.number(mci), year=year)
        + "\n"
        + rendering.source_line(texts(), talk.language, text_date, not talk.source_said),
    ]
    return "\n\n".join(blocks)
