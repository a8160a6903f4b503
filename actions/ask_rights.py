"""What the law gives the person, by need."""

from __future__ import annotations

from actions import questions
from actions.base import Events, Talk
from actions.needs import ask_need, asks_for_needs
from actions.topic import TopicAction


class ActionAskRights(TopicAction):
    """Answers ``ask_rights``; without a need it asks for one and remembers the question."""

    topic = "ask_rights"
    intro = "rights_intro"
    buttons = (
        ("button_penalty", "/ask_penalty"),
        ("button_contacts", "/ask_contacts"),
        ("button_report", "/ask_report_police"),
        ("button_change_need", '/ask_rights{"question": "needs-1"}'),
    )

    def name(self) -> str:
        return "action_ask_rights"

    async def answer(self, talk: Talk) -> Events:
        asks_who = talk.question == questions.WHO or questions.audience_of(talk.question)
        if asks_for_needs(talk.question) or (talk.need is None and not asks_who):
            return ask_need(talk, self.topic)
        return await self.say(talk, talk.need)
