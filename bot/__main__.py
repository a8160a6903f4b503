"""The bot process: ``python -m bot`` serves Telegram by long polling."""

from __future__ import annotations

import logging
import sys
from typing import Any

from sqlalchemy import Engine
from telegram.error import InvalidToken
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder

from bot.build import build_core
from bot.message_log import MessageLog
from bot.order import PerChatOrder
from bot.telegram_adapter import ALLOWED_UPDATES, TelegramAdapter
from common.process import die_with_parent
from common.settings import Settings, SettingsError, settings
from common.texts import Texts
from knowledge.database import DatabaseError, connect

log = logging.getLogger("bot")
UNKNOWN_TO_TELEGRAM = (
    "tirek bot: Telegram does not know this token. Copy it again from BotFather "
    "(/mybots, API Token) into TELEGRAM_BOT_TOKEN."
)


def set_up_logging() -> None:
    """Warnings only for libraries: at INFO, httpx writes the token in every line."""
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s"
    )
    for noisy in ("httpx", "httpcore", "telegram", "telegram.ext"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    # At CRITICAL the library writes whole updates, words and all, if it cannot read them.
    for talkative in ("telegram.ext.Updater", "telegram.ext.ExtBot", "telegram.Bot"):
        logging.getLogger(talkative).setLevel(logging.CRITICAL + 1)


def _database(values: Settings) -> Engine | None:
    try:
        return connect(values.database)
    except DatabaseError as error:
        # Help comes first: the bot serves without it, wiping reaches back to this start only.
        log.error("%s", error)
        return None


def build_application(values: Settings) -> Application[Any, Any, Any, Any, Any, Any]:
    """The python-telegram-bot application with our adapter on it."""
    if values.telegram_bot_token is None:
        raise SettingsError("TELEGRAM_BOT_TOKEN: not set; get one from BotFather, see README.md")
    texts = Texts.load()
    core, rasa = build_core(values, texts)
    numbers = MessageLog(_database(values))
    adapter = TelegramAdapter(core, numbers, texts, values.key("chat-hash"))

    async def close(_: Application[Any, Any, Any, Any, Any, Any]) -> None:
        await rasa.close()
        await numbers.close()

    application = (
        ApplicationBuilder()
        .token(values.telegram_bot_token.get_secret_value())
        .base_url(f"{values.telegram_api_url}/bot")
        .base_file_url(f"{values.telegram_api_url}/file/bot")
        .concurrent_updates(PerChatOrder())
        .rate_limiter(AIORateLimiter(max_retries=2))
        .post_init(adapter.set_profile)
        .post_shutdown(close)
        .build()
    )
    adapter.register(application)
    return application


def main() -> int:
    die_with_parent()
    set_up_logging()
    try:
        application = build_application(settings())
    except SettingsError as error:
        print(f"tirek bot: {error}", file=sys.stderr)
        return 2
    try:
        application.run_polling(
            bootstrap_retries=-1, allowed_updates=ALLOWED_UPDATES, drop_pending_updates=False
        )
    except InvalidToken:
        print(UNKNOWN_TO_TELEGRAM, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
