"""One name for one thing: the words of the law that Tirek uses, and how a text is seen to use them.

A form is the beginning of a word or of several words, as ``knowledge/seed/glossary.yml`` writes it:
it is matched where a word starts, and anything may follow. ``*`` stands for any letters (also
none), so ``защитн* предписани*`` finds every case; ``|`` at the end says that the word ends there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from knowledge.models import LANGUAGES, Language
from knowledge.seed_files import SEED, read_yaml
from knowledge.seed_schema import TermSeed

# The seed files with texts that people read.
FILES = ("acts.yml", "law.yml", "rights.yml", "contacts.yml")
# A text in the three languages, and where it stands.
Written = tuple[str, dict[Language, str]]


def plain(text: str) -> str:
    """``text`` as it is compared: lower case, one kind of е and of apostrophe, single spaces."""
    text = text.lower().replace("ё", "е").replace("’", "'")
    return " ".join(text.split())


@cache
def pattern(form: str) -> re.Pattern[str]:
    """The expression for a form, to be used on :func:`plain` text."""
    ends = form.endswith("|")
    parts = (re.escape(part) for part in plain(form.removesuffix("|")).split("*"))
    return re.compile(r"(?<!\w)" + r"[^\W\d_]*".join(parts) + (r"(?!\w)" if ends else ""))


def spans(forms: Iterable[str], text: str) -> list[tuple[int, int]]:
    """Where the forms stand in ``text`` (places in :func:`plain` text)."""
    text = plain(text)
    return [match.span() for form in forms for match in pattern(form).finditer(text)]


def uses(term: TermSeed, language: Language, text: str) -> bool:
    """Whether ``text`` has one of the stems of ``term``."""
    return bool(spans(term.stems[language], text))


def avoided(term: TermSeed, language: Language, text: str) -> list[str]:
    """The names of the thing in ``text`` that should not be there."""
    return [form for form in term.avoid[language] if spans([form], text)]


def used_terms(terms: Iterable[TermSeed], language: Language, text: str) -> set[str]:
    """The ids of the terms that ``text`` uses.

    Where a stem starts inside a longer one of another term, only the longer one counts: "criminal
    offence" is not also an "offence", and "құқық бұзушылық" (offence) names no "құқық бұзушы"
    (offender).
    """
    found = [(span, term.id) for term in terms for span in spans(term.stems[language], text)]
    return {
        name
        for (start, end), name in found
        if not any(
            first <= start < last and last - first > end - start
            for (first, last), other in found
            if other != name
        )
    }


def seed_texts(folder: Path = SEED) -> list[Written]:
    """Every text of the seed that people read."""
    return [text for name in FILES for text in texts_of(read_yaml(folder / name), name)]


def texts_of(content: object, path: str) -> Iterator[Written]:
    """The texts of a seed file: every mapping with kk, ru and en; with lists, each item is one."""
    if isinstance(content, dict):
        if set(LANGUAGES) <= set(content):
            values = {language: content[language] for language in LANGUAGES}
            if all(isinstance(value, list) for value in values.values()):
                for number, items in enumerate(zip(*values.values(), strict=True)):
                    yield f"{path}.{number}", dict(zip(LANGUAGES, items, strict=True))
            else:
                yield path, values
            return
        for key, value in content.items():
            yield from texts_of(value, f"{path}.{key}")
    elif isinstance(content, list):
        for number, value in enumerate(content):
            name = value.get("id", number) if isinstance(value, dict) else number
            yield from texts_of(value, f"{path}.{name}")


def wrong_names(terms: Iterable[TermSeed], texts: Iterable[Written]) -> Iterator[str]:
    """Where a text calls a thing by a name that is to be avoided, and how to call it."""
    terms = list(terms)
    for place, text in texts:
        for language in LANGUAGES:
            for term in terms:
                for form in avoided(term, language, text[language]):
                    yield f"{place}.{language}: {form!r} (say {getattr(term.term, language)!r})"
