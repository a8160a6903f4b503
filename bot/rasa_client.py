"""Talks to our Rasa channel: one deadline for everything, and one kind of failure."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx

from bot.payload import Press
from common.texts import Button

DEADLINE_SECONDS = 2.0


class RasaUnavailable(Exception):
    """Rasa, the action server or the database gave no answer in time."""


@dataclass(frozen=True)
class RasaMessage:
    """One message of Rasa."""

    text: str
    buttons: tuple[Button, ...] = ()


class RasaClient:
    """Keeps its connections open; close with :meth:`close`."""

    def __init__(self, port: int, secret: str, deadline: float = DEADLINE_SECONDS) -> None:
        self._deadline = deadline
        self._http = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}/webhooks/tirek",
            headers={"X-Tirek-Secret": secret},
            timeout=deadline,
            # The proxies of the machine are for the outside.
            trust_env=False,
        )

    async def send_text(self, chat: str, language: str, text: str) -> list[RasaMessage]:
        """Hand over typed words; never empty, else :class:`RasaUnavailable`."""
        return await self._post({"sender": chat, "language": language, "text": text})

    async def send_press(self, chat: str, language: str, press: Press) -> list[RasaMessage]:
        """Hand over a pressed button."""
        content = {"sender": chat, "language": language, "intent": press.intent}
        return await self._post({**content, "entities": press.entities})

    async def forget(self, chat: str) -> bool:
        """Delete what Rasa knows of the chat; False if it could not be reached."""
        try:
            async with asyncio.timeout(self._deadline):
                answer = await self._http.delete(f"/conversations/{chat}")
            return answer.status_code == httpx.codes.OK
        except (httpx.HTTPError, TimeoutError):
            return False

    async def is_ready(self) -> bool:
        """Tell whether Rasa answers with this secret."""
        try:
            return (await self._http.get("/")).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        await self._http.aclose()

    async def _post(self, content: dict[str, Any]) -> list[RasaMessage]:
        try:
            async with asyncio.timeout(self._deadline):
                answer = await self._http.post("/webhook", json=content)
            answer.raise_for_status()
            messages = [_read(message) for message in answer.json()]
        except (httpx.HTTPError, TimeoutError, ValueError, TypeError, KeyError) as error:
            raise RasaUnavailable(type(error).__name__) from None
        said = [message for message in messages if message.text]
        if not said:
            raise RasaUnavailable("empty answer")
        return said


def _read(message: dict[str, Any]) -> RasaMessage:
    buttons = tuple(
        Button(str(button["title"]), str(button["payload"]))
        for button in message.get("buttons") or ()
    )
    return RasaMessage(str(message.get("text") or ""), buttons)
