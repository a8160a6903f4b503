"""Put the core together from settings; both adapters start with this."""

from __future__ import annotations

from bot.core import Core
from bot.rasa_client import RasaClient
from common.settings import Settings
from common.texts import Texts
from nlu.danger import DangerChecker
from nlu.language import LanguageModel


def build_core(settings: Settings, texts: Texts) -> tuple[Core, RasaClient]:
    """The core and the client to close in the end."""
    rasa = RasaClient(settings.rasa_port, settings.channel_secret)
    return Core(texts, DangerChecker.load(), LanguageModel.load(), rasa), rasa
