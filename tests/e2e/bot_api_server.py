"""A Bot API server on loopback: what python-telegram-bot needs, over real HTTP.

It keeps what a person would see on the screen of each chat, and refuses what Telegram refuses:
unknown tokens and methods, empty or too long texts, broken HTML, callback data over 64 bytes.

By hand: ``.venv/bin/python -m tests.e2e.bot_api_server`` prints how to point the bot at it, then
every typed line is sent as a message, and ``#2`` presses the second button on the screen.
"""

from __future__ import annotations

import html.parser
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

TOKEN = "123456:TEST-TOKEN-FOR-LOOPBACK-ONLY"
BOT = {"id": 123456, "is_bot": True, "first_name": "Tirek", "username": "tirek_test_bot"}
BOT_RIGHTS = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
_TRUE_METHODS = {
    "answerCallbackQuery", "deleteWebhook", "sendChatAction", "setMyCommands", "setMyName",
    "setMyDescription", "setMyShortDescription", "setWebhook",
}  # fmt: skip
_QUIET_SECONDS = 0.6


class ApiError(Exception):
    """Telegram's own kind of refusal."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code


@dataclass
class ShownMessage:
    """A message on the screen of a chat."""

    message_id: int
    from_bot: bool
    text: str
    buttons: dict[str, str] = field(default_factory=dict)
    keyboard: list[str] | None = None
    keyboard_removed: bool = False


class _Text(html.parser.HTMLParser):
    """The text of Telegram HTML; unbalanced or unknown tags are an error, as at Telegram."""

    _ALLOWED = frozenset({"b", "i", "u", "s", "code", "pre", "a", "tg-spoiler", "blockquote"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._ALLOWED:
            raise ApiError(400, f"Bad Request: can't parse entities: unsupported tag {tag}")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            raise ApiError(400, "Bad Request: can't parse entities: unexpected end tag")

    def handle_data(self, data: str) -> None:
        self.text += data

    @classmethod
    def of(cls, source: str) -> str:
        parser = cls()
        parser.feed(source)
        parser.close()
        if parser._open:
            raise ApiError(400, "Bad Request: can't parse entities: tag is not closed")
        return parser.text


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A bot that was killed leaves a broken pipe behind; that is no fault of the server."""


class BotApiServer:
    """The server; use as a context manager."""

    def __init__(self, port: int = 0, token: str = TOKEN) -> None:
        self._token = token
        self._changed = threading.Condition()
        self._updates: list[dict[str, Any]] = []
        self._next_update = 1
        self._next_message = 1
        self.screens: dict[int, list[ShownMessage]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.left: list[int] = []
        self._last_change = 0.0
        self._http = _Server(("127.0.0.1", port), self._handler())
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> BotApiServer:
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    # -- the person's side ------------------------------------------------------------------

    def user(self, chat_id: int, language_code: str = "ru") -> User:
        return User(self, chat_id, language_code)

    def push(self, **update: Any) -> None:
        """Queue an update for the bot."""
        with self._changed:
            self._updates.append({"update_id": self._next_update, **update})
            self._next_update += 1
            self._changed.notify_all()

    def new_message_id(self) -> int:
        with self._changed:
            self._next_message += 1
            return self._next_message - 1

    def show(self, chat_id: int, message: ShownMessage) -> None:
        with self._changed:
            self.screens.setdefault(chat_id, []).append(message)
            self._touch()

    def wait(self, condition: Callable[[], bool], timeout: float, what: str) -> None:
        """Wait for something on the screens."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while not condition():
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"after {timeout:.0f} s: {what}")
                self._changed.wait(min(left, 0.1))

    def quiet_for(self) -> float:
        """Seconds since anything changed on any screen."""
        return time.monotonic() - self._last_change

    def _touch(self) -> None:
        self._last_change = time.monotonic()
        self._changed.notify_all()

    # -- the bot's side ---------------------------------------------------------------------

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                """Quiet."""

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                try:
                    result: dict[str, Any] = {"ok": True, "result": server.call(self.path, body)}
                    status = 200
                except ApiError as error:
                    status = error.code
                    result = {"ok": False, "error_code": error.code, "description": str(error)}
                answer = json.dumps(result).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST

        return Handler

    def call(self, path: str, body: bytes) -> Any:
        """One API call: ``/bot<token>/<method>`` with form or JSON parameters."""
        parts = path.split("?", maxsplit=1)[0].strip("/").split("/")
        if len(parts) != 2 or parts[0] != f"bot{self._token}":
            raise ApiError(401, "Unauthorized")
        parameters = _parameters(body)
        method = parts[1]
        with self._changed:
            self.calls.append((method, parameters))
        if method == "getMe":
            return {**BOT, **BOT_RIGHTS}
        if method in _TRUE_METHODS:
            return True
        known = {
            "getUpdates": self._get_updates,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message,
            "deleteMessage": self._delete_message,
            "deleteMessages": self._delete_messages,
            "leaveChat": self._leave_chat,
        }
        if method not in known:
            raise ApiError(404, f"Not Found: method {method} is not served here")
        return known[method](parameters)

    def _get_updates(self, parameters: dict[str, Any]) -> Any:
        offset = int(parameters.get("offset") or 0)
        deadline = time.monotonic() + min(float(parameters.get("timeout") or 0), 20)
        with self._changed:
            self._updates = [u for u in self._updates if u["update_id"] >= offset]
            while not self._updates and (left := deadline - time.monotonic()) > 0:
                self._changed.wait(left)
            return list(self._updates)

    def _send_message(self, parameters: dict[str, Any]) -> Any:
        chat_id = int(parameters["chat_id"])
        message = ShownMessage(self.new_message_id(), True, _text_of(parameters))
        _read_markup(message, parameters.get("reply_markup"))
        self.show(chat_id, message)
        return _as_message(chat_id, message)

    def _edit_message(self, parameters: dict[str, Any]) -> Any:
        chat_id = int(parameters["chat_id"])
        with self._changed:
            message = self._find(chat_id, int(parameters["message_id"]))
            message.text, message.buttons = _text_of(parameters), {}
            _read_markup(message, parameters.get("reply_markup"))
            self._touch()
        return _as_message(chat_id, message)

    def _delete_message(self, parameters: dict[str, Any]) -> Any:
        self._find(int(parameters["chat_id"]), int(parameters["message_id"]))
        return self._delete_messages({**parameters, "message_ids": [parameters["message_id"]]})

    def _delete_messages(self, parameters: dict[str, Any]) -> Any:
        numbers = {int(number) for number in parameters["message_ids"]}
        if not 1 <= len(numbers) <= 100:
            raise ApiError(400, "Bad Request: message identifiers: 1-100 are allowed")
        chat_id = int(parameters["chat_id"])
        with self._changed:
            # Numbers that are not there are skipped, as Telegram does.
            screen = self.screens.get(chat_id, [])
            self.screens[chat_id] = [m for m in screen if m.message_id not in numbers]
            self._touch()
        return True

    def _leave_chat(self, parameters: dict[str, Any]) -> Any:
        with self._changed:
            self.left.append(int(parameters["chat_id"]))
            self._touch()
        return True

    def _find(self, chat_id: int, number: int) -> ShownMessage:
        for message in self.screens.get(chat_id, []):
            if message.message_id == number:
                return message
        raise ApiError(400, "Bad Request: message to edit not found")


@dataclass
class User:
    """A person with a phone: writes, presses, and reads the screen."""

    server: BotApiServer
    chat_id: int
    language_code: str

    @property
    def screen(self) -> list[ShownMessage]:
        """What stands on the screen now."""
        return list(self.server.screens.get(self.chat_id, []))

    @property
    def _person(self) -> dict[str, Any]:
        return {
            "id": self.chat_id,
            "is_bot": False,
            "first_name": "A",
            "language_code": self.language_code,
        }

    @property
    def _chat(self) -> dict[str, Any]:
        return {"id": self.chat_id, "type": "private", "first_name": "A"}

    def send(
        self, kind: str = "message", patience: float = 15.0, **content: Any
    ) -> list[ShownMessage]:
        """Send anything and give the bot's new messages, waiting ``patience`` seconds for them."""
        number = self.server.new_message_id()
        text = str(content.get("text") or content.get("caption") or "")
        self.server.show(self.chat_id, ShownMessage(number, False, text))
        message = {
            "message_id": number,
            "date": int(time.time()),
            "chat": self._chat,
            "from": self._person,
            **content,
        }
        if kind == "edited_message":
            message["edit_date"] = int(time.time())
        return self._answers(lambda: self.server.push(**{kind: message}), patience)

    def write(self, text: str) -> list[ShownMessage]:
        """Write words; a leading slash is a command."""
        content: dict[str, Any] = {"text": text}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self.send(**content)

    def press(self, title: str) -> list[ShownMessage]:
        """Press the newest button with this title."""
        for message in reversed(self.screen):
            if title in message.buttons:
                return self.press_data(message.buttons[title], message)
        shown = [title for message in self.screen for title in message.buttons]
        raise AssertionError(f"no button {title!r} on the screen, only {shown}")

    def press_data(self, data: str, message: ShownMessage) -> list[ShownMessage]:
        """Press a button that carries ``data`` (which may be anybody's invention)."""
        query = {
            "id": str(time.monotonic_ns()),
            "from": self._person,
            "chat_instance": "1",
            "data": data,
            "message": _as_message(self.chat_id, message),
        }
        return self._answers(lambda: self.server.push(callback_query=query))

    def _answers(self, act: Callable[[], None], timeout: float = 15.0) -> list[ShownMessage]:
        known = {message.message_id for message in self.screen if message.from_bot}

        def new() -> list[ShownMessage]:
            return [m for m in self.screen if m.from_bot and m.message_id not in known]

        act()
        self.server.wait(lambda: bool(new()), timeout, "the bot said nothing")
        self.server.wait(
            lambda: self.server.quiet_for() > _QUIET_SECONDS, timeout, "the bot does not stop"
        )
        return new()


def _parameters(body: bytes) -> dict[str, Any]:
    if body[:1] == b"{":
        return dict(json.loads(body))
    found: dict[str, Any] = {}
    for name, values in parse_qs(body.decode()).items():
        try:
            found[name] = json.loads(values[-1]) if values[-1][:1] in "[{" else values[-1]
        except ValueError:
            found[name] = values[-1]
    return found


def _text_of(parameters: dict[str, Any]) -> str:
    text = str(parameters.get("text") or "")
    if parameters.get("parse_mode") == "HTML":
        text = _Text.of(text)
    if not text.strip():
        raise ApiError(400, "Bad Request: message text is empty")
    if len(text) > 4096:
        raise ApiError(400, "Bad Request: message is too long")
    return text


def _read_markup(message: ShownMessage, markup: Any) -> None:
    markup = markup or {}
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if not 1 <= len(button["callback_data"].encode()) <= 64:
                raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
            message.buttons[button["text"]] = button["callback_data"]
    if "keyboard" in markup:
        message.keyboard = [button["text"] for row in markup["keyboard"] for button in row]
    message.keyboard_removed = bool(markup.get("remove_keyboard"))


def _as_message(chat_id: int, message: ShownMessage) -> dict[str, Any]:
    return {
        "message_id": message.message_id,
        "date": int(time.time()),
        "chat": {"id": chat_id, "type": "private", "first_name": "A"},
        "from": BOT,
        "text": message.text,
    }


def main() -> None:
    """Chat by hand."""
    with BotApiServer(int(sys.argv[1]) if len(sys.argv) > 1 else 8081) as server:
        print(f"TELEGRAM_API_URL={server.url} TELEGRAM_BOT_TOKEN={TOKEN} make run")
        user = server.user(1)
        for line in sys.stdin:
            text = line.strip()
            buttons = [title for message in user.screen[-3:] for title in message.buttons]
            if text.startswith("#"):
                answers = user.press(buttons[int(text[1:]) - 1])
            else:
                answers = user.write(text)
            for message in answers:
                print(f"\n{message.text}\n  {list(message.buttons)}")


if __name__ == "__main__":
    main()
