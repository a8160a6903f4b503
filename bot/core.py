"""The channel-free heart of the gateway: local things, danger check, Rasa, fixed answers.

Whatever is down, :meth:`Core.handle` answers.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator

from bot import local_commands
from bot.chat_state import ChatState, ChatStates
from bot.messages import Button, Incoming, Kind, Outgoing, Replace, Say, Typing, Wipe
from bot.payload import Press, parse
from bot.rasa_client import RasaClient, RasaMessage, RasaUnavailable
from common.texts import LANGUAGES, Texts
from nlu.danger import DangerChecker
from nlu.language import LanguageModel
from nlu.normalize import fold

log = logging.getLogger(__name__)
MAX_TEXT = 4096
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
        if incoming.kind in _UNSUPPORTED:
            yield self._say(state, _UNSUPPORTED[incoming.kind], self._main_buttons(state))
        elif incoming.kind is Kind.BUTTON:
            async for outgoing in self._press(incoming.chat, state, parse(incoming.text)):
                yield outgoing
        elif incoming.kind is Kind.COMMAND:
            data = local_commands.COMMANDS.get(incoming.text.lower())
            if data is None:
                yield self._say(state, "unknown_command", self._main_buttons(state))
                return
            async for outgoing in self._press(incoming.chat, state, parse(data)):
                yield outgoing
        else:
            async for outgoing in self._text(incoming, state):
                yield outgoing

    def emergency(self, chat: str) -> Say:
        """The fixed answer for whatever goes wrong outside the core."""
        return self._service_down(self._states.get(chat))

    # -- typed words ------------------------------------------------------------------------

    async def _text(self, incoming: Incoming, state: ChatState) -> AsyncIterator[Outgoing]:
        text = incoming.text
        if not text.strip():
            yield self._say(state, "empty_message", self._main_buttons(state))
            return
        state.language = self._language.detect(text, state.language) or state.language
        command = self._local_words.get(self._folded(text))
        if command is not None:
            async for outgoing in self._press(incoming.chat, state, parse(command)):
                yield outgoing
            return
        # Before any limit: a message about danger is never held back, however long it is.
        hit = self._danger.check(text)
        if hit is not None:
            yield Say(
                self._texts.phrase(f"danger_{hit.kind.value}", self._lang(state)),
                self._buttons(
                    state,
                    ("button_safe_now", "local:safe_now"),
                    ("button_wrong_understood", "local:misread"),
                    ("button_contacts", "/ask_contacts"),
                    ("button_rights", "/ask_rights"),
                ),
            )
            state.held = []
            if len(text) <= MAX_TEXT:
                state.held = await self._answer_to_hold(incoming.chat, state, text)
            return
        if state.is_flooding(time.monotonic()):
            if not state.told_to_slow_down:
                state.told_to_slow_down = True
                yield self._say(state, "slow_down")
            return
        state.told_to_slow_down = False
        if len(text) > MAX_TEXT:
            yield self._say(state, "too_long", self._main_buttons(state))
            return
        if incoming.kind is Kind.EDITED:
            yield self._say(state, "edited_message")
        if not state.greeted and not text.startswith("/"):
            # Whoever writes at once gets the five facts too, before the answer.
            async for outgoing in self._welcome(state, greet=False):
                yield outgoing
        yield Typing()
        async for outgoing in self._ask_rasa(incoming.chat, state, text=text):
            yield outgoing

    async def _answer_to_hold(self, chat: str, state: ChatState, text: str) -> list[Say]:
        """Let Rasa read a danger message too: it remembers need and place for what follows."""
        try:
            messages = await self._rasa.send_text(chat, self._lang(state), text)
        except RasaUnavailable:
            return []
        return [Say(message.text, message.buttons) for message in messages if message.text]

    # -- buttons and commands ---------------------------------------------------------------

    async def _press(
        self, chat: str, state: ChatState, press: Press | None
    ) -> AsyncIterator[Outgoing]:
        if press is None:
            yield self._say(state, "old_button", self._main_buttons(state))
        elif not press.local:
            yield Typing()
            async for outgoing in self._ask_rasa(chat, state, press=press):
                yield outgoing
        elif press.local == "start":
            state.greeted = False
            async for outgoing in self._welcome(state, greet=True):
                yield outgoing
        elif press.local == "exit":
            await self._forget(chat, state)
            yield Replace(self._texts.phrase("exit_screen", self._lang(state)))
        elif press.local == "wipe":
            await self._forget(chat, state)
            yield self._wipe(state)
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
            state.held = []
            yield self._say(state, "danger_safe_now_reply", self._main_buttons(state))
        elif press.local == "misread":
            async for outgoing in self._misread(state):
                yield outgoing
        elif press.local == "language":
            response = self._texts.response("utter_choose_language", self._lang(state))
            yield Say(response.text, response.buttons)
        elif press.local.removeprefix("language_") in LANGUAGES:
            state.language = press.local.removeprefix("language_")
            async for outgoing in self._welcome(state, greet=True):
                yield outgoing
        else:
            yield self._say(state, "old_button", self._main_buttons(state))

    async def _misread(self, state: ChatState) -> AsyncIterator[Outgoing]:
        held, state.held = state.held, []
        if not held:
            yield self._say(state, "danger_misread_empty", self._main_buttons(state))
            return
        yield self._say(state, "danger_misread_reply")
        for say in held:
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

    def _wipe(self, state: ChatState) -> Wipe:
        language = self._lang(state)
        return Wipe(
            self._texts.phrase("wiped", language),
            self._texts.phrase("wipe_partly", language),
            Button(self._texts.phrase("button_more", language), "local:wipe_limits"),
        )

    async def _forget(self, chat: str, state: ChatState) -> None:
        language = state.language
        self._states.forget(chat)
        # The language stays while the program runs: the next greeting should be readable.
        self._states.get(chat).language = language
        await self._rasa.forget(chat)

    # -- Rasa -------------------------------------------------------------------------------

    async def _ask_rasa(
        self, chat: str, state: ChatState, text: str = "", press: Press | None = None
    ) -> AsyncIterator[Outgoing]:
        language = self._lang(state)
        try:
            if press is not None:
                messages = await self._rasa.send_press(chat, language, press)
            else:
                messages = await self._rasa.send_text(chat, language, text)
        except RasaUnavailable as error:
            log.error("no answer from Rasa: %s", error)
            yield self._service_down(state)
            return
        for message in messages:
            async for outgoing in self._from_rasa(chat, state, message):
                yield outgoing

    async def _from_rasa(
        self, chat: str, state: ChatState, message: RasaMessage
    ) -> AsyncIterator[Outgoing]:
        if message.text:
            yield Say(message.text, message.buttons)
        if message.do == "wipe":
            await self._forget(chat, state)
            yield self._wipe(state)

    def _service_down(self, state: ChatState) -> Say:
        language = self._lang(state)
        text = self._texts.phrase("service_down", language)
        return Say(f"{text}\n\n{self._texts.phrase('emergency_card', language)}")

    # -- words ------------------------------------------------------------------------------

    @staticmethod
    def _folded(text: str) -> str:
        # Commands are short; a story need not be folded to know that it is none.
        return fold(text) if len(text) <= 64 else ""

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
