"""Make ``nlu/lexicons/language.json`` again from the training messages.

Run it after larger changes to the messages: ``.venv/bin/python -m scripts.build_language_model``.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from nlu.language import LanguageModel
from nlu.messages_reader import read_messages
from nlu.places import DEFAULT_PATH

# Kazakh is typed without its letters and in Latin more often than the messages show it.
_PLAIN = str.maketrans("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноуухиАГКНОУУХИ")
_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "j", "з": "z",
    "и": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sh",
    "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ә": "a", "ғ": "g", "қ": "q",
    "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i",
}  # fmt: skip


def variants() -> Iterator[tuple[str, str]]:
    """Each message as (language, text), Kazakh and Russian also as they are often typed."""
    for message in read_messages():
        yield message.language, message.text
        if message.language == "kk":
            yield "kk", message.text.translate(_PLAIN)
        if message.language != "en":
            yield message.language, "".join(_LATIN.get(c, c) for c in message.text.lower())


def place_names() -> set[str]:
    """Every word in a name of the gazetteer: the same in all languages, so it tells none."""
    content = yaml.safe_load(DEFAULT_PATH.read_text(encoding="utf-8"))
    names: set[str] = set()
    for place in content["places"]:
        for name in (*place["names"].values(), *place.get("other_names", ())):
            names.update(str(name).lower().split())
    return names


if __name__ == "__main__":
    trained = LanguageModel.train(variants())
    for name in place_names():
        trained.weights.pop(f"^{name}$", None)
    trained.save()
