"""The console chat on the same core: ``python -m bot.console``. A number presses a button."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator

from prompt_toolkit import PromptSession
from prompt_toolkit.patch_stdout import patch_stdout

from bot.build import build_core
from bot.core import Core
from bot.messages import Button, Incoming, Kind, Outgoing, Replace, Say, Wipe
from bot.payload import shorten
from common.settings import SettingsError, settings
from common.texts import Texts

HELP = "Write as you would in Telegram; a number presses that button; /quit or Ctrl-D ends."


class Console:
    """One person at a terminal."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._buttons: tuple[Button, ...] = ()
        self._chat = f"console-{os.getpid()}".ljust(64, "0")

    async def say(self, line: str) -> None:
        """Handle one typed line and show the answer."""
        incoming = self._read(line)
        self._buttons = ()
        async for outgoing in self._core.handle(incoming):
            self._show(outgoing)

    def _read(self, line: str) -> Incoming:
        hint = os.environ.get("LANG", "")[:2]
        choice = line.strip()
        if choice.isdigit() and 1 <= int(choice) <= len(self._buttons):
            data = shorten(self._buttons[int(choice) - 1].payload)
            return Incoming(self._chat, Kind.BUTTON, data, hint)
        if choice.startswith("/") and choice[1:].isalnum():
            return Incoming(self._chat, Kind.COMMAND, choice[1:], hint)
        return Incoming(self._chat, Kind.TEXT, line, hint)

    def _show(self, outgoing: Outgoing) -> None:
        if isinstance(outgoing, Say):
            self._print(outgoing.text, outgoing.buttons)
        elif isinstance(outgoing, Replace):
            self._clear()
            self._print(outgoing.text)
        elif isinstance(outgoing, Wipe):
            self._clear()
            self._print(outgoing.done, (outgoing.button,))

    def _print(self, text: str, buttons: tuple[Button, ...] = ()) -> None:
        print(f"\n{text}")
        for button in buttons:
            self._buttons = (*self._buttons, button)
            print(f"  [{len(self._buttons)}] {button.title}")
        sys.stdout.flush()

    @staticmethod
    def _clear() -> None:
        if sys.stdout.isatty():
            # Screen and scroll-back.
            print("\033[2J\033[3J\033[H", end="")


async def lines() -> AsyncIterator[str]:
    """Typed lines, or the lines of a file or pipe."""
    if not sys.stdin.isatty():
        while line := await asyncio.to_thread(sys.stdin.readline):
            print(f"\n> {line.rstrip()}", flush=True)
            yield line.rstrip("\n")
        return
    session: PromptSession[str] = PromptSession()
    while True:
        try:
            with patch_stdout():
                yield await session.prompt_async("\n> ")
        except (EOFError, KeyboardInterrupt):
            return


async def chat() -> None:
    """Talk until the end of input."""
    core, rasa = build_core(settings(), Texts.load())
    console = Console(core)
    print(HELP)
    try:
        await console.say("/start")
        async for line in lines():
            if line.strip() in ("/quit", "/q"):
                break
            await console.say(line)
    finally:
        await rasa.close()


def main() -> int:
    try:
        asyncio.run(chat())
    except SettingsError as error:
        print(f"tirek chat: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
