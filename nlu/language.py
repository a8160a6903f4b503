"""Tell the language of a message: Kazakh, Russian or English, in whatever letters it is typed.

A naive Bayes model over character n-grams of the words as they were typed. It is small, needs no
library, and is trained on our own messages (``python -m scripts.build_language_model``), because
no ready-made detector knows Kazakh typed in Latin letters or without its own letters.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nlu.normalize import fix_layout

LANGUAGES = ("kk", "ru", "en")
MODEL = Path(__file__).resolve().parent / "lexicons" / "language.json"
# Only Kazakh has these among our languages.
_KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
# Below this difference of log-likelihoods a message says too little ("ok", "да", a town's name).
_SURE = 3.0
_FEW_WORDS = 3
_SURE_OF_FEW_WORDS = 0.7
# Said in more than one of the languages: these never change the language of a talk.
_IN_MORE_THAN_ONE = frozenset(
    {
        "а", "ал", "алло", "ата", "бала", "да", "деп", "и", "мама", "мен", "ну", "о", "ок", "папа",
        "полиция", "рахмет", "салам", "салем", "стоп", "хелп", "help", "ok", "okay", "sos", "stop",
    }
)  # fmt: skip
_KAZAKH_LETTER_BONUS = 4.0
_WHOLE_WORD_FACTOR = 4.0


def ngrams(text: str) -> Iterator[str]:
    """N-grams of 1 to 4 letters with word borders, and whole words."""
    for match in _WORD.finditer(unicodedata.normalize("NFKC", text).lower()):
        word = match.group()
        yield "^" + word + "$"
        padded = " " + word + " "
        for size in (1, 2, 3, 4):
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]


@dataclass(frozen=True)
class LanguageModel:
    """Log-likelihoods of n-grams by language, in the order of :data:`LANGUAGES`."""

    weights: dict[str, tuple[float, float, float]]

    @classmethod
    def load(cls, path: Path = MODEL) -> LanguageModel:
        """Read the table that :meth:`train` made."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ValueError(
                f"{path.name} cannot be read ({error}); make it again with "
                "`python -m scripts.build_language_model`"
            ) from None
        return cls({ngram: (w[0], w[1], w[2]) for ngram, w in content.items()})

    @classmethod
    def train(cls, messages: Iterable[tuple[str, str]], keep: int = 7000) -> LanguageModel:
        """Count n-grams of (language, text) pairs; keep those that tell languages apart best."""
        counts: dict[str, Counter[str]] = {language: Counter() for language in LANGUAGES}
        for language, text in messages:
            # Once a message: a long story must not outvote the rest.
            counts[language].update(set(ngrams(text[:400])))
        totals = [sum(counts[language].values()) for language in LANGUAGES]
        scored = []
        for ngram in set().union(*counts.values()):
            seen = [counts[language][ngram] for language in LANGUAGES]
            if sum(seen) < 5:
                continue
            logs = [
                math.log((count + 0.5) / (total + 1.0))
                for count, total in zip(seen, totals, strict=True)
            ]
            mean = sum(logs) / 3
            weights = tuple(round(value - mean, 2) for value in logs)
            scored.append((math.sqrt(sum(seen)) * (max(weights) - min(weights)), ngram, weights))
        scored.sort(reverse=True)
        # Common whole words stay whatever their rank: short messages have nothing else.
        chosen = scored[:keep] + [one for one in scored[keep:] if one[1][0] == "^"]
        return cls({ngram: (w[0], w[1], w[2]) for _, ngram, w in chosen})

    def save(self, path: Path = MODEL) -> None:
        """Write the table, sorted, so that a new training gives a readable difference."""
        rows = (
            f"{json.dumps(ngram, ensure_ascii=False)}: {json.dumps(list(weights))}"
            for ngram, weights in sorted(self.weights.items())
        )
        path.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")

    def scores(self, text: str) -> dict[str, float]:
        """Relative log-likelihood of each language; longer texts give larger differences."""
        sums = [0.0, 0.0, 0.0]
        # The first 600 characters are enough and keep a 4,096-character message cheap.
        for ngram in ngrams(text[:600]):
            weights = self.weights.get(ngram)
            if weights is not None:
                # A whole known word says more than its pieces, which names of towns share.
                factor = _WHOLE_WORD_FACTOR if ngram[0] == "^" else 1.0
                for index in range(3):
                    sums[index] += factor * weights[index]
        letters = len(_KAZAKH.findall(text[:600]))
        sums[0] += _KAZAKH_LETTER_BONUS * min(letters, 5)
        return dict(zip(LANGUAGES, sums, strict=True))

    def detect(self, text: str, previous: str | None = None) -> str | None:
        """The language of ``text``; ``previous`` (or None) when the text says too little."""
        text = fix_layout(text)
        words = _WORD.findall(text.lower())
        if len(words) <= _FEW_WORDS:
            return self._of_few_words(words, previous)
        ranked = sorted(self.scores(text).items(), key=lambda item: item[1], reverse=True)
        return ranked[0][0] if ranked[0][1] - ranked[1][1] >= _SURE else previous

    def _of_few_words(self, words: list[str], previous: str | None) -> str | None:
        """Few words decide only if they are common in one language: a town's name is in all."""
        if any(_KAZAKH.search(word) for word in words):
            return "kk"
        known = [
            self.weights[key]
            for word in words
            if word not in _IN_MORE_THAN_ONE and (key := f"^{word}$") in self.weights
        ]
        if not known:
            return previous
        ranked = sorted(
            ((sum(w), name) for w, name in zip(zip(*known, strict=True), LANGUAGES, strict=True)),
            reverse=True,
        )
        return ranked[0][1] if ranked[0][0] - ranked[1][0] >= _SURE_OF_FEW_WORDS else previous
