"""Asked in words to clear the chat: only the bot can do that, so it is told to."""

from __future__ import annotations

from rasa_sdk.events import AllSlotsReset, SlotSet

from actions.base import Events, Talk, TirekAction


class ActionClearChat(TirekAction):
    """Answers ``clear_chat``."""

    def name(self) -> str:
        return "action_clear_chat"

    async def answer(self, talk: Talk) -> Events:
        language = talk.language
        talk.tell_bot(do="wipe")
        return [AllSlotsReset(), SlotSet("language", language)]
