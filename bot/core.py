"""The channel-free heart of the gateway: local things, danger check, Rasa, fixed answers.

Whatever is down, :meth:`Core.handle` answers; only a flood of messages gets silence, and even then
one about danger is answered.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator

from bot import local_commands
from bot.chat_state import ChatState, ChatStates
from bot.messages import Button, Incoming, Kind, Outgoing, Replace, Say, Wipe
from bot.payload import Press, parse
from bot.rasa_client import RasaClient, RasaMessage, RasaUnavailable
from common.texts import LANGUAGES, Texts
from nlu.danger import DangerChecker, DangerHit
from nlu.language import LanguageModel
from nlu.normalize import fold

log = logging.getLogger(__name__)
MAX_TEXT = 4096
_LONGEST_COMMAND = 64
_NEVER_HELD_BACK = ("emergency", "safe_now")
_DEFAULT_LANGUAGE = "ru"
_UNSUPPORTED = {
    Kind.VOICE: "unsupported_voice",
    Kind.PHOTO: "unsupported_photo",
    Kind.STICKER: "unsupported_sticker",
    Kind.OTHER: "unsupported_other",
}


class Core:
    """Answers one chat at a time; the adapter keeps the order within a chat."""

    def __init__(
        self, texts: Texts, danger: DangerChecker, language: LanguageModel, rasa: RasaClient
    ) -> None:
        self._texts = texts
        self._danger = danger
        self._language = language
        self._rasa = rasa
        self._states = ChatStates()
        self._local_words = local_commands.load(texts)

    async def handle(self, incoming: Incoming) -> AsyncIterator[Outgoing]:
        """Give what to show, piece by piece, the most urgent first."""
        state = self._states.get(incoming.chat)
        if state.language is None and incoming.language_hint in LANGUAGES:
            state.language = incoming.language_hint
        press = self._local_press(incoming, state)
        held, state.held = state.held, None
        if press is not None and press.local in ("exit", "wipe"):
            # Before everything that could take time.
            yield self._wipe(state) if press.local == "wipe" else self._exit(state)
            await self._forget(incoming.chat)
            return
        if press is not None and press.local == "misread":
            async for outgoing in self._misread(state, held):
                yield outgoing
            return
        # Before any limit: a message about danger is never held back, however long it is.
        hit = self._danger.check(incoming.text) if press is None and incoming.has_words else None
        if hit is not None:
            yield self._danger_card(state, hit)
            if len(incoming.text) <= MAX_TEXT:
                answering = self._answer_to_hold(incoming.chat, state, incoming.text, held)
                state.held = asyncio.create_task(answering)
            return
        urgent = press is not None and press.local in _NEVER_HELD_BACK
        if not urgent and state.is_flooding(time.monotonic()):
            if not state.told_to_slow_down:
                state.told_to_slow_down = True
                yield self._say(state, "slow_down")
            return
        state.told_to_slow_down = False
        if held is not None:
            # Rasa reads messages in the order in which they were written.
            await asyncio.wait([held])
        if press is not None:
            answers = self._press(incoming.chat, state, press)
        elif incoming.kind is Kind.BUTTON:
            answers = _once(self._say(state, "old_button", self._main_buttons(state)))
        elif incoming.kind in _UNSUPPORTED:
            key = _UNSUPPORTED[incoming.kind]
            answers = _once(self._say(state, key, self._main_buttons(state)))
        elif incoming.kind is Kind.COMMAND:
            answers = _once(self._say(state, "unknown_command", self._main_buttons(state)))
        else:
            answers = self._words(incoming, state)
        async for outgoing in answers:
            yield outgoing

    def emergency(self, chat: str) -> Say:
        """The fixed answer for whatever goes wrong outside the core."""
        return self._service_down(self._states.get(chat))

    def _local_press(self, incoming: Incoming, state: ChatState) -> Press | None:
        """The button, command or exact words that the message is, if any."""
        if incoming.kind is Kind.BUTTON:
            return parse(incoming.text)
        if incoming.kind is Kind.COMMAND:
            data = local_commands.COMMANDS.get(incoming.text.lower())
            return parse(data) if data else None
        if not incoming.has_words:
            return None
        state.language = self._language.detect(incoming.text, state.language) or state.language
        # Commands are short; a story need not be folded to know that it is none.
        folded = fold(incoming.text) if len(incoming.text) <= _LONGEST_COMMAND else ""
        data = self._local_words.get(folded)
        return parse(data) if data else None

    # -- typed words ------------------------------------------------------------------------

    async def _words(self, incoming: Incoming, state: ChatState) -> AsyncIterator[Outgoing]:
        text = incoming.text
        if not text.strip():
            yield self._say(state, "empty_message", self._main_buttons(state))
            return
        if len(text) > MAX_TEXT:
            yield self._say(state, "too_long", self._main_buttons(state))
            return
        if incoming.kind is Kind.EDITED:
            yield self._say(state, "edited_message")
        if not state.greeted:
            # Whoever writes at once gets the five facts too, before the answer.
            async for outgoing in self._welcome(state, greet=False):
                yield outgoing
        async for outgoing in self._ask_rasa(incoming.chat, state, text=text):
            yield outgoing

    def _danger_card(self, state: ChatState, hit: DangerHit) -> Say:
        return self._say(
            state,
            f"danger_{hit.kind.value}",
            self._buttons(
                state,
                ("button_safe_now", "local:safe_now"),
                ("button_wrong_understood", "local:misread"),
                ("button_contacts", "/ask_contacts"),
                ("button_exit", "local:exit"),
            ),
        )

    async def _answer_to_hold(
        self, chat: str, state: ChatState, text: str, before: asyncio.Task[list[Say]] | None
    ) -> list[Say]:
        """Let Rasa read a danger message too: it remembers need and place for what follows."""
        if before is not None:
            await asyncio.wait([before])
        try:
            messages = await self._from_rasa(chat, state, text=text)
        except RasaUnavailable:
            return []
        # Another danger card is no answer to "you misread me".
        return [
            Say(message.text, message.buttons)
            for message in messages
            if all(button.payload != "local:misread" for button in message.buttons)
        ]

    # -- buttons and commands ---------------------------------------------------------------

    async def _press(self, chat: str, state: ChatState, press: Press) -> AsyncIterator[Outgoing]:
        if not press.local:
            async for outgoing in self._ask_rasa(chat, state, press=press):
                yield outgoing
        elif press.local == "start":
            async for outgoing in self._welcome(state, greet=True):
                yield outgoing
        elif press.local == "wipe_limits":
            yield self._say(state, "wipe_limits")
        elif press.local == "emergency":
            yield self._say(
                state,
                "emergency_card",
                self._buttons(
                    state,
                    ("button_safe_now", "local:safe_now"),
                    ("button_contacts", "/ask_contacts"),
                    ("button_exit", "local:exit"),
                ),
            )
        elif press.local == "safe_now":
            yield self._say(state, "danger_safe_now_reply", self._main_buttons(state))
        elif press.local == "language":
            response = self._texts.response("utter_choose_language", self._lang(state))
            yield Say(response.text, response.buttons)
        elif press.local.removeprefix("language_") in LANGUAGES:
            state.language = press.local.removeprefix("language_")
            async for outgoing in self._welcome(state, greet=True):
                yield outgoing
        else:
            yield self._say(state, "old_button", self._main_buttons(state))

    async def _misread(
        self, state: ChatState, held: asyncio.Task[list[Say]] | None
    ) -> AsyncIterator[Outgoing]:
        answer = await held if held is not None else []
        if not answer:
            yield self._say(state, "danger_misread_empty", self._main_buttons(state))
            return
        yield self._say(state, "danger_misread_reply")
        for say in answer:
            yield say

    async def _welcome(self, state: ChatState, greet: bool) -> AsyncIterator[Outgoing]:
        """The five facts with language choice and wipe button, then the small keyboard."""
        state.greeted = True
        language = self._lang(state)
        choice = self._texts.response("utter_choose_language", language).buttons
        clear = Button(self._texts.phrase("keyboard_clear", language), "local:wipe")
        yield Say(self._texts.phrase("start_welcome", language), (*choice, clear))
        if greet:
            yield Say(
                self._texts.response("utter_greet", language).text, keyboard=self.keyboard(language)
            )

    def keyboard(self, language: str) -> tuple[str, ...]:
        """Labels of the small persistent keyboard."""
        return tuple(self._texts.phrase(key, language) for key in local_commands.KEYBOARD)

    def _exit(self, state: ChatState) -> Replace:
        return Replace(self._texts.phrase("exit_screen", self._lang(state)))

    def _wipe(self, state: ChatState) -> Wipe:
        language = self._lang(state)
        return Wipe(
            self._texts.phrase("wiped", language),
            self._texts.phrase("wipe_partly", language),
            Button(self._texts.phrase("button_more", language), "local:wipe_limits"),
        )

    async def _forget(self, chat: str) -> None:
        state = self._states.start_anew(chat)
        state.must_forget = not await self._rasa.forget(chat)

    # -- Rasa -------------------------------------------------------------------------------

    async def _ask_rasa(
        self, chat: str, state: ChatState, text: str = "", press: Press | None = None
    ) -> AsyncIterator[Outgoing]:
        try:
            messages = await self._from_rasa(chat, state, text, press)
        except RasaUnavailable as error:
            log.error("no answer from Rasa: %s", error)
            yield self._service_down(state)
            return
        for message in messages:
            yield Say(message.text, message.buttons)

    async def _from_rasa(
        self, chat: str, state: ChatState, text: str = "", press: Press | None = None
    ) -> list[RasaMessage]:
        if state.must_forget:
            # What was to be forgotten must not come back in an answer.
            if not await self._rasa.forget(chat):
                raise RasaUnavailable("an earlier talk could not be forgotten yet")
            state.must_forget = False
        language = self._lang(state)
        if press is not None:
            return await self._rasa.send_press(chat, language, press)
        return await self._rasa.send_text(chat, language, text)

    def _service_down(self, state: ChatState) -> Say:
        language = self._lang(state)
        text = self._texts.phrase("service_down", language)
        return Say(f"{text}\n\n{self._texts.phrase('emergency_card', language)}")

    # -- words ------------------------------------------------------------------------------

    @staticmethod
    def _lang(state: ChatState) -> str:
        return state.language or _DEFAULT_LANGUAGE

    def _say(self, state: ChatState, key: str, buttons: tuple[Button, ...] = ()) -> Say:
        return Say(self._texts.phrase(key, self._lang(state)), buttons)

    def _buttons(self, state: ChatState, *buttons: tuple[str, str]) -> tuple[Button, ...]:
        language = self._lang(state)
        return tuple(Button(self._texts.phrase(key, language), to) for key, to in buttons)

    def _main_buttons(self, state: ChatState) -> tuple[Button, ...]:
        return self._buttons(
            state,
            ("button_rights", "/ask_rights"),
            ("button_contacts", "/ask_contacts"),
            ("button_safety_plan", "/ask_safety_plan"),
            ("button_emergency", "local:emergency"),
        )


async def _once(outgoing: Outgoing) -> AsyncIterator[Outgoing]:
    yield outgoing
