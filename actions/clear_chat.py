"""Asked in words about clearing: one tap does it, and nothing is cleared by mistake."""

from __future__ import annotations

from actions.base import Events, Talk, TirekAction


class ActionClearChat(TirekAction):
    """Answers ``clear_chat``.

    Only a button, a command or an exact word clears: "he deleted my messages" sounds much like
    "delete my messages", and what is cleared cannot come back.
    """

    def name(self) -> str:
        return "action_clear_chat"

    async def answer(self, talk: Talk) -> Events:
        talk.say(
            talk.phrase("clear_chat_ask"),
            (("keyboard_clear", "local:wipe"), ("button_exit", "local:exit")),
        )
        return []
