"""The HTTP channel between the bot and Rasa. Loopback only, and every call shows the secret.

``POST /webhooks/tirek/webhook`` takes ``{"sender", "language", "text"}`` for typed text or
``{"sender", "language", "intent", "entities"}`` for a button, and answers a list of messages
``{"text", "buttons": [{"title", "payload"}]}`` or ``{"custom": {...}}``.
``DELETE /webhooks/tirek/conversations/<sender>`` forgets a conversation.
``GET /webhooks/tirek/`` tells that Rasa is there.
"""

from __future__ import annotations

import hmac
import logging
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.constants import DEFAULT_INTENTS as RASA_INTENTS
from rasa.shared.core.domain import Domain
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from common.secret import derive, load_or_create
from dialogue.tracker_store import DeletableStore

log = logging.getLogger(__name__)
HEADER = "X-Tirek-Secret"
LANGUAGES = ("kk", "ru", "en")
DEFAULT_INTENTS = (*RASA_INTENTS, DEFAULT_NLU_FALLBACK_INTENT_NAME)
MAX_TEXT = 4096
_QUESTION = re.compile(r"[a-z0-9-]{1,64}")
# What a button may carry, and nothing else: coded values, never words.
BUTTON_ENTITIES = ("need", "question")


class BadCall(Exception):
    """The call is not of the form above; the text says what is wrong with it."""


class TirekOutput(CollectingOutputChannel):
    """Collects messages whole: Rasa's own collector splits them at blank lines."""

    @classmethod
    def name(cls) -> str:
        return "tirek"

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        await self._persist_message(self._message(recipient_id, text=text))


class TirekChannel(InputChannel):
    """The channel named in ``credentials.yml`` as ``dialogue.channel.TirekChannel``."""

    @classmethod
    def name(cls) -> str:
        return "tirek"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TirekChannel:
        given = os.environ.get("TIREK_CHANNEL_SECRET")
        if not given:
            # Started by hand (`rasa run`): the secret of this checkout, as for every process.
            var = Path(os.environ.get("TIREK_VAR_DIR", Path(__file__).parent.parent / "var"))
            secret = os.environ.get("TIREK_SECRET") or load_or_create(var)
            given = derive(secret, "rasa-channel").hex()
        return cls(given)

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def _is_known(self, request: Request) -> bool:
        shown = request.headers.get(HEADER, "").encode(errors="replace")
        return hmac.compare_digest(shown, self._secret)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[None]]) -> Blueprint:
        webhook = Blueprint("tirek_webhook")

        @webhook.listener("after_server_start")
        async def check_store(app: Sanic[Any, Any], _: Any = None) -> None:
            # A wrong path in endpoints.yml gives a silent memory store that keeps every text.
            if not isinstance(unwrapped_store(app.ctx.agent), DeletableStore):
                log.critical("the tracker store is not ours: correct endpoints.yml; stopping")
                app.stop()

        @webhook.middleware("request")
        async def refuse_strangers(request: Request) -> HTTPResponse | None:
            if self._is_known(request):
                return None
            return response.json({"error": "wrong or missing secret"}, status=403)

        @webhook.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            output = TirekOutput()
            try:
                agent: Agent = request.app.ctx.agent
                message = read_message(request.json, output, agent.domain)
            except BadCall as error:
                return response.json({"error": str(error)}, status=400)
            try:
                await on_new_message(message)
            except Exception as error:
                # Only the type: the error may quote the person's words.
                log.error("a message could not be handled: %s", type(error).__name__)
                return response.json({"error": type(error).__name__}, status=500)
            return response.json(output.messages)

        @webhook.delete("/conversations/<sender:str>")
        async def forget(request: Request, sender: str) -> HTTPResponse:
            agent: Agent = request.app.ctx.agent
            store = unwrapped_store(agent)
            async with agent.lock_store.lock(sender):
                await store.delete(sender)
            return response.json({"status": "forgotten"})

        return webhook


def unwrapped_store(agent: Agent) -> Any:
    """Our store; Rasa wraps it in one that falls back to memory."""
    return getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)


def read_message(
    content: Any, output: CollectingOutputChannel, domain: Domain | None
) -> UserMessage:
    """Check a call and turn it into a message; raises :class:`BadCall`."""
    if not isinstance(content, dict):
        raise BadCall("send a JSON object")
    sender, language = content.get("sender"), content.get("language")
    if not isinstance(sender, str) or not 16 <= len(sender) <= 128:
        raise BadCall("sender: the keyed hash of a chat, 16 to 128 characters")
    if language not in LANGUAGES:
        raise BadCall("language: kk, ru or en")
    common = {
        "output_channel": output,
        "sender_id": sender,
        "input_channel": TirekChannel.name(),
    }
    if "intent" in content:
        return UserMessage(text="", parse_data=_button(content, language, domain), **common)
    text = content.get("text")
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_TEXT:
        raise BadCall(f"text: 1 to {MAX_TEXT} characters")
    # A leading slash names an intent to Rasa; typed text never may.
    return UserMessage(
        text=re.sub(r"^[\s/]+", "", text) or "…", metadata={"language": language}, **common
    )


def _is_button_value(name: str, value: Any, intents: set[str]) -> bool:
    """A need is the name of its intent; a question is an id of the knowledge database."""
    if not isinstance(value, str):
        return False
    return value in intents if name == "need" else bool(_QUESTION.fullmatch(value))


def _button(content: dict[str, Any], language: str, domain: Domain | None) -> dict[str, Any]:
    intent = content["intent"]
    # Rasa adds intents of its own ("restart", "back"): no button of ours carries those.
    known = set(domain.intents) - set(DEFAULT_INTENTS) if domain is not None else set()
    if not isinstance(intent, str) or intent not in known:
        raise BadCall("intent: not one of the domain")
    entities = content.get("entities", {})
    if not isinstance(entities, dict):
        raise BadCall("entities: a JSON object")
    found = [{"entity": "language", "value": language, "start": 0, "end": 0}]
    for name, value in entities.items():
        if name not in BUTTON_ENTITIES or not _is_button_value(name, value, known):
            raise BadCall("entities: only need and question, with coded values")
        found.append({"entity": name, "value": value, "start": 0, "end": 0})
    confident = {"name": intent, "confidence": 1.0}
    return {"text": "", "intent": confident, "intent_ranking": [confident], "entities": found}
