"""One name for one thing: the words of the law that Tirek uses, and how a text is seen to use them.

A form is the beginning of a word or of several words, as ``knowledge/seed/glossary.yml`` writes it:
it is matched where a word starts, and anything may follow. ``*`` stands for any letters (also
none), so ``защитн* предписани*`` finds every case; ``|`` at the end says that the word ends there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from knowledge.seed_schema import Language, TermSeed


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
