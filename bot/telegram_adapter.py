"""Telegram on the core: updates in, messages out. Holds no rules of its own about what is said."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import html
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from datetime import datetime, timezone
from functools import partial
from typing import Any, TypeVar

from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MaybeInaccessibleMessage,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.constants import ChatAction, ChatType, MessageLimit, ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError
from telegram.ext import Application, ContextTypes, TypeHandler

from bot.core import Core
from bot.message_log import MessageLog
from bot.messages import Incoming, Kind, Outgoing, Replace, Say, Wipe
from bot.payload import shorten
from common.texts import LANGUAGES, Texts

log = logging.getLogger(__name__)
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
_DELETE_AT_ONCE = 100
_BUTTONS_IN_ROW = 2
_SHORT_TITLE = 16
# What quick exit takes away: about two screens of a phone.
_SCREEN = 20
_TOO_LATE_SECONDS = 600
_TYPING_AFTER_SECONDS = 0.5
_PAUSES_SECONDS = (0.3, 1.0)
T = TypeVar("T")
# Their order is that of the menu; what they do stands in bot/local_commands.py.
MENU = ("help", "rights", "contacts", "sos", "language", "clear", "exit", "privacy")


class TelegramAdapter:
    """Turns updates into :class:`Incoming` and shows what the core answers."""

    def __init__(self, core: Core, numbers: MessageLog, texts: Texts, key: bytes) -> None:
        self._core = core
        self._numbers = numbers
        self._texts = texts
        self._key = key
        # An album arrives as many messages and gets one answer.
        self._albums: deque[str] = deque(maxlen=1000)
        # asyncio keeps no hold on tasks; without this they may vanish half-done.
        self._side_tasks: set[asyncio.Task[Any]] = set()

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Attach to a python-telegram-bot application."""
        application.add_handler(TypeHandler(Update, self.on_update))
        application.add_error_handler(self.on_error)

    def chat_hash(self, chat_id: int) -> str:
        """The only form in which a chat is known beyond this class."""
        return hmac.new(self._key, str(chat_id).encode(), hashlib.sha256).hexdigest()

    async def on_update(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        chat = update.effective_chat
        if chat is None:
            return
        if chat.type != ChatType.PRIVATE:
            await self._leave(update, context)
            return
        if update.callback_query is not None:
            # At once: until then the button shows a spinner.
            self._on_the_side(update.callback_query.answer())
        hashed = self.chat_hash(chat.id)
        message = update.effective_message
        if message is not None:
            self._numbers.remember(hashed, message.message_id)
        incoming = read_update(update, hashed)
        if incoming is None or self._is_late(update) or self._is_more_of_an_album(message):
            return
        typing = self._on_the_side(self._type_soon(chat.id, context))
        try:
            async for outgoing in self._core.handle(incoming):
                typing.cancel()
                await self._show(chat.id, hashed, outgoing, context)
        finally:
            typing.cancel()

    @staticmethod
    def _is_late(update: Update) -> bool:
        """Tell whether it is too late to answer: somebody else may look at the phone by now."""
        message = update.message or update.edited_message
        if message is None:
            return False
        sent = message.edit_date or message.date
        return (datetime.now(timezone.utc) - sent).total_seconds() > _TOO_LATE_SECONDS

    def _is_more_of_an_album(self, message: MaybeInaccessibleMessage | None) -> bool:
        album = message.media_group_id if isinstance(message, Message) else None
        if album is None:
            return False
        known = album in self._albums
        self._albums.append(album)
        return known and not (isinstance(message, Message) and message.caption)

    async def on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """The last net: the person gets the fixed card, the log gets types and nothing else."""
        error = context.error
        if isinstance(error, Forbidden):
            # Blocked by the person: their right, and nothing to repair.
            return
        number = update.update_id if isinstance(update, Update) else None
        log.error("update %s failed: %s", number, type(error).__name__)
        if not isinstance(update, Update) or update.effective_chat is None:
            return
        chat_id = update.effective_chat.id
        hashed = self.chat_hash(chat_id)
        try:
            await self._say(chat_id, hashed, self._core.emergency(hashed), context)
        except TelegramError as second:
            log.error("the fixed card could not be sent either: %s", type(second).__name__)

    async def set_profile(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Set the neutral menu, in three languages; a failure is logged and no more."""
        try:
            for language in ("", *LANGUAGES):
                await application.bot.set_my_commands(
                    [
                        BotCommand(name, self._texts.phrase(f"command_{name}", language or "ru"))
                        for name in MENU
                    ],
                    language_code=language or None,
                )
        except TelegramError as error:
            log.warning("the menu could not be set: %s", type(error).__name__)

    # -- showing ----------------------------------------------------------------------------

    async def _show(
        self, chat_id: int, hashed: str, outgoing: Outgoing, context: ContextTypes.DEFAULT_TYPE
    ) -> None:
        if isinstance(outgoing, Say):
            await self._say(chat_id, hashed, outgoing, context)
            return
        try:
            if isinstance(outgoing, Replace):
                await self._exit(chat_id, hashed, outgoing, context)
            else:
                await self._wipe(chat_id, hashed, outgoing, context)
        except Forbidden:
            raise
        except TelegramError as error:
            # Never the emergency card now: the screen is meant to say nothing.
            log.error("exit or wipe failed: %s", type(error).__name__)

    async def _say(
        self, chat_id: int, hashed: str, say: Say, context: ContextTypes.DEFAULT_TYPE
    ) -> None:
        pieces = list(cut(say.text))
        for index, piece in enumerate(pieces):
            last = index == len(pieces) - 1
            markup: Any = None
            if last and say.buttons:
                markup = inline_keyboard(say)
            elif last and say.keyboard:
                rows = [say.keyboard[i : i + 2] for i in range(0, len(say.keyboard), 2)]
                markup = ReplyKeyboardMarkup(rows, resize_keyboard=True, is_persistent=True)
            await self._send(chat_id, hashed, piece, markup, context)

    async def _send(
        self,
        chat_id: int,
        hashed: str,
        text: str,
        markup: Any,
        context: ContextTypes.DEFAULT_TYPE,
    ) -> Message:
        sending = partial(
            context.bot.send_message,
            chat_id,
            html.escape(text, quote=False),
            parse_mode=ParseMode.HTML,
            reply_markup=markup,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        message: Message = await _with_patience(sending)
        self._numbers.remember(hashed, message.message_id)
        return message

    async def _exit(
        self, chat_id: int, hashed: str, replace: Replace, context: ContextTypes.DEFAULT_TYPE
    ) -> None:
        # The dull text first: it takes the keyboard away and pushes the screen up at once.
        dull = await self._send(chat_id, hashed, replace.text, ReplyKeyboardRemove(), context)
        screen = await self._numbers.newest(hashed, _SCREEN)
        screen = [number for number in screen if number != dull.message_id]
        await self._delete(chat_id, hashed, screen, context)

    async def _wipe(
        self, chat_id: int, hashed: str, wipe: Wipe, context: ContextTypes.DEFAULT_TYPE
    ) -> None:
        known = await self._numbers.all_of(hashed)
        all_gone = await self._delete(chat_id, hashed, known.numbers, context)
        text = wipe.done if all_gone and known.complete else wipe.partly
        await self._send(chat_id, hashed, text, ReplyKeyboardRemove(), context)

    async def _delete(
        self, chat_id: int, hashed: str, numbers: list[int], context: ContextTypes.DEFAULT_TYPE
    ) -> bool:
        """Delete messages and forget their numbers; False if some may still be there."""
        all_gone = True
        for start in range(0, len(numbers), _DELETE_AT_ONCE):
            batch = numbers[start : start + _DELETE_AT_ONCE]
            gone = await self._delete_batch(chat_id, batch, context)
            await self._numbers.forget(hashed, gone)
            all_gone = all_gone and len(gone) == len(batch)
        return all_gone

    async def _delete_batch(
        self, chat_id: int, batch: list[int], context: ContextTypes.DEFAULT_TYPE
    ) -> list[int]:
        """The numbers that are gone; one that cannot be deleted must not keep the others."""
        try:
            await _with_patience(partial(context.bot.delete_messages, chat_id, batch))
        except BadRequest:
            if len(batch) == 1:
                return []
            gone = []
            for number in batch:
                gone += await self._delete_batch(chat_id, [number], context)
            return gone
        except TelegramError as error:
            log.error("messages could not be deleted: %s", type(error).__name__)
            return []
        return batch

    async def _type_soon(self, chat_id: int, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Show "typing" if the answer takes longer than a moment."""
        await asyncio.sleep(_TYPING_AFTER_SECONDS)
        await context.bot.send_chat_action(chat_id, ChatAction.TYPING)

    def _on_the_side(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run what may fail without anybody missing an answer."""
        task = asyncio.create_task(work)
        self._side_tasks.add(task)
        task.add_done_callback(self._side_tasks.discard)
        task.add_done_callback(_ignore_failure)
        return task

    async def _leave(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Groups and channels: say nothing and go."""
        chat = update.effective_chat
        member = update.my_chat_member
        gone = member is not None and member.new_chat_member.status in ("left", "kicked")
        if chat is None or gone:
            return
        try:
            await context.bot.leave_chat(chat.id)
        except TelegramError as error:
            log.info("could not leave a group: %s", type(error).__name__)


def read_update(update: Update, chat: str) -> Incoming | None:
    """What the person sent, or None for what needs no answer (service messages)."""
    user = update.effective_user
    hint = (user.language_code or "")[:2] if user else None
    query = update.callback_query
    if query is not None:
        return Incoming(chat, Kind.BUTTON, query.data or "", hint)
    message = update.message or update.edited_message
    if message is None:
        return None
    edited = update.edited_message is not None
    words = Kind.EDITED if edited else Kind.TEXT
    if message.text is not None:
        command = None if edited else read_command(message.text)
        if command is not None:
            return Incoming(chat, Kind.COMMAND, command, hint)
        return Incoming(chat, words, message.text.lstrip("/") or " ", hint)
    if edited and not message.caption:
        # A live location moves on, a picture was exchanged: nothing to answer.
        return None
    kinds = (
        (message.voice or message.audio or message.video_note, Kind.VOICE),
        (message.photo or message.video or message.animation, Kind.PHOTO),
        (message.sticker, Kind.STICKER),
    )
    for found, kind in kinds:
        if found:
            # A caption is typed words, and may be the call for help.
            return Incoming(chat, words if message.caption else kind, message.caption or "", hint)
    if message.caption:
        return Incoming(chat, words, message.caption, hint)
    other = (
        message.document, message.contact, message.location, message.venue, message.poll,
        message.dice, message.game, message.story, message.paid_media,
    )  # fmt: skip
    return Incoming(chat, Kind.OTHER, "", hint) if any(other) else None


def read_command(text: str) -> str | None:
    """The name in "/name", "/name@bot" or "/start payload" (deep links carry nothing for us).

    Other words behind a slash are words: "/help he is here" is no request for a menu.
    """
    match = re.fullmatch(
        r"/([a-z_]{1,32})(?:@\w+)?(\s.*)?", text.strip(), re.IGNORECASE | re.DOTALL
    )
    if match is None or (match.group(2) and match.group(1).lower() != "start"):
        return None
    return match.group(1)


def inline_keyboard(say: Say) -> InlineKeyboardMarkup:
    """Buttons below a message: short titles two in a row, long ones alone."""
    rows: list[list[InlineKeyboardButton]] = []
    for button in say.buttons:
        shown = InlineKeyboardButton(button.title, callback_data=shorten(button.payload))
        short = len(button.title) <= _SHORT_TITLE
        if rows and short and len(rows[-1]) < _BUTTONS_IN_ROW and len(rows[-1][-1].text) <= 16:
            rows[-1].append(shown)
        else:
            rows.append([shown])
    return InlineKeyboardMarkup(rows)


def cut(text: str, limit: int = MessageLimit.MAX_TEXT_LENGTH - 96) -> Iterator[str]:
    """Cut a long text at an empty line, a line or a sentence end, never inside a word."""
    rest = text
    while len(rest) > limit:
        part = rest[:limit]
        end = max(part.rfind("\n\n"), part.rfind("\n"), part.rfind(". ") + 1, 0)
        if end < limit // 4:
            end = part.rfind(" ") if " " in part else limit
        yield rest[:end].strip()
        rest = rest[end:].strip()
    yield rest


async def _with_patience(call: Callable[[], Awaitable[T]]) -> T:
    """Try a call again when the network fails; refusals of Telegram are raised at once."""
    for pause in _PAUSES_SECONDS:
        try:
            return await call()
        except NetworkError as error:
            # BadRequest is a NetworkError to the library, but no second try would change it.
            if isinstance(error, BadRequest):
                raise
            await asyncio.sleep(pause)
    return await call()


def _ignore_failure(task: asyncio.Task[Any]) -> None:
    """A typing sign or a spinner that failed must not count as a failed answer."""
    if not task.cancelled() and task.exception() is not None:
        log.info("a side call failed: %s", type(task.exception()).__name__)
