"""The words: the same facts in three languages, short, kind, and every key and button is real."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import yaml

from actions.needs import PAGES
from bot.core import Core
from bot.local_commands import COMMANDS, KEYBOARD
from bot.messages import Incoming, Kind, Say
from bot.payload import allowed_intents, parse, shorten
from bot.telegram_adapter import MENU
from common.texts import LANGUAGES, Response, Texts, TextsError, fields
from knowledge.seed_files import SeedData
from knowledge.seed_schema import NEEDS
from nlu.danger import Danger

ROOT = Path(__file__).resolve().parents[2]
ALL = Texts.load()
# Every text by key and language; the words of buttons are looked at through their message.
WRITTEN: dict[str, dict[str, str]] = {
    **ALL.phrases,
    **{key: {name: r.text for name, r in by.items()} for key, by in ALL.responses.items()},
}
DANGER_CARDS = sorted(f"danger_{kind.value}" for kind in Danger)
CARDS = [*DANGER_CARDS, "emergency_card", "need_immediate_danger_answer"]


def written() -> Iterator[tuple[str, str, str]]:
    """Every text, the titles of buttons included: key, language, text."""
    for key, by_language in WRITTEN.items():
        for language, text in by_language.items():
            yield key, language, text
    for key, responses in ALL.responses.items():
        for language, response in responses.items():
            for button in response.buttons:
                yield key, language, button.title


# --- three languages say the same ----------------------------------------------------------------


@pytest.mark.parametrize("key", WRITTEN)
def test_three_languages_have_the_same_fields(key: str) -> None:
    assert set(WRITTEN[key]) == set(LANGUAGES)
    found = {language: fields(text) for language, text in WRITTEN[key].items()}
    assert found["kk"] == found["ru"] == found["en"]


@pytest.mark.parametrize("key", WRITTEN)
def test_three_languages_have_the_same_numbers(key: str) -> None:
    # Phone numbers, hours, dates, articles ("109-1") and numbers of laws ("72-VIII").
    number = re.compile(r"\+?\d+(?:[ -]\d+)*(?:-[IVX]+\b)?")
    found = {name: sorted(number.findall(text)) for name, text in WRITTEN[key].items()}
    assert found["kk"] == found["ru"] == found["en"]


@pytest.mark.parametrize("key", ALL.responses)
def test_three_languages_have_the_same_buttons(key: str) -> None:
    found = {
        language: [button.payload for button in response.buttons]
        for language, response in ALL.responses[key].items()
    }
    assert found["kk"] == found["ru"] == found["en"]


def test_kazakh_russian_and_english_are_not_mixed_up() -> None:
    for key, language, text in written():
        plain = re.sub(r"\{[^}]*\}", "", text)
        if key == "utter_choose_language" or not re.search(r"[^\W\d_]", plain):
            continue
        cyrillic = re.search("[а-яёәғқңөұүһі]", plain.lower())
        if language == "en":
            assert not cyrillic, (key, text)
        else:
            assert cyrillic or plain.strip() == "WhatsApp", (key, text)
        if language == "ru":
            assert not re.search("[әғқңөұүһі]", plain.lower()), (key, text)


# --- buttons -------------------------------------------------------------------------------------


def string_constants() -> Iterator[str]:
    for file in (*sorted((ROOT / "actions").glob("*.py")), ROOT / "bot" / "core.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


PAYLOADS = sorted(
    {b.payload for by in ALL.responses.values() for r in by.values() for b in r.buttons}
    | {one for one in string_constants() if re.fullmatch(r"/[a-z_]+(\{\".*\})?|local:[a-z_]+", one)}
    | {f"/{need}" for page in PAGES for need in page}
    | {
        f'/{topic}{{"question": "needs-{page}"}}'
        for topic in ("ask_rights", "ask_penalty")
        for page in range(1, len(PAGES) + 1)
    }
)
LOCAL_WORDS = sorted(
    {one.removeprefix("local:") for one in PAYLOADS if one.startswith("local:")}
    | {one.removeprefix("local:") for one in (*COMMANDS.values(), *KEYBOARD.values())
       if one.startswith("local:")}
)  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_button_fits_telegram_and_names_a_known_intent_or_local_word(payload: str) -> None:
    short = shorten(payload)
    assert len(short.encode()) <= 64
    press = parse(short)
    assert press is not None
    assert press.intent in allowed_intents() or press.local in LOCAL_WORDS


@pytest.mark.parametrize("word", LOCAL_WORDS)
async def test_the_core_obeys_every_local_word(core: Core, texts: Texts, word: str) -> None:
    incoming = Incoming("c" * 64, Kind.BUTTON, f"local:{word}", "en")
    shown = [outgoing async for outgoing in core.handle(incoming)]
    assert shown
    old = texts.phrase("old_button", "en")
    assert all(one.text != old for one in shown if isinstance(one, Say))


@pytest.mark.parametrize("key", [key for key in ALL.responses if key != "utter_choose_language"])
def test_a_message_has_at_most_four_buttons(key: str) -> None:
    for response in ALL.responses[key].values():
        assert len(response.buttons) <= 4
        titles = [button.title for button in response.buttons]
        assert len(set(titles)) == len(titles)


def test_the_language_question_offers_all_languages_in_their_own_words() -> None:
    for response in ALL.responses["utter_choose_language"].values():
        assert [(b.title, b.payload) for b in response.buttons] == [
            ("Қазақша", "local:language_kk"),
            ("Русский", "local:language_ru"),
            ("English", "local:language_en"),
        ]


def test_buttons_of_the_database_questions_name_questions_of_their_topic(seed: SeedData) -> None:
    named = [re.fullmatch(r'/([a-z_]+)\{"question": "([^"]+)"\}', one) for one in PAYLOADS]
    pages = re.compile(r"needs-\d|who(-[a-z]+)?|more-\d")
    checked = [found for found in named if found and not pages.fullmatch(found[2])]
    assert len(checked) >= 5
    for found in checked:
        routed = [q for ids in seed.routes.answers[found[1]].values() for q in ids]
        assert found[2] in routed, found[0]


# --- how it is said ------------------------------------------------------------------------------

BANNED = {
    "kk": ("шыда", "кешір де қой", "ел не дейді", "өзіңіз кінәлі", "өзің кінәлі", "құрбан",
           "татулас", "балалар үшін төз", "сабыр ет", "неге кетпе", "тиіссіз", "міндеттісіз"),
    "ru": ("почему вы", "почему ты", "сами виноват", "сама виноват", "потерпи", "помирит",
           "помирись", "ради детей", "успокойтесь", "успокойся", "жертв", "вы должны",
           "вы обязаны", "в соответствии с", "понимаем, что вы чувств"),
    "en": ("calm down", "victim", "you must", "you should", "you have to ", "why did you",
           "why didn", "put up with him", "for the sake of", "make peace", "we understand how"),
}  # fmt: skip
# The law has victims and duties (of teachers, of the police), and answers warn of forced peace.
IN_ANSWERS = {
    "victim", "жертв", "құрбан", "you must", "you should", "вы должны", "вы обязаны", "тиіссіз",
    "міндеттісіз", "помирит", "make peace", "татулас",
}  # fmt: skip


def banned(text: str, words: Iterable[str]) -> list[str]:
    """Those words that the text has, at the start of a word."""
    # What is not demanded may be said.
    text = text.lower().replace("do not have to", "").replace("need not", "")
    return [one for one in words if re.search(rf"(?<!\w){re.escape(one)}", text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_banned_words_are_never_said(language: str) -> None:
    texts = [(key, text) for key, name, text in written() if name == language]
    assert len(texts) > 150
    for key, text in texts:
        assert banned(text, BANNED[language]) == [], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_banned_words_are_not_in_the_answers_of_the_database(seed: SeedData, language: str) -> None:
    words = [one for one in BANNED[language] if one not in IN_ANSWERS]
    for question in seed.questions:
        for point in getattr(question.answer_points, language):
            assert banned(point, words) == [], (question.id, point)


def test_nothing_is_shouted_and_no_picture_stands_for_words() -> None:
    picture = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f]")
    for key, _, text in written():
        assert "!" not in text, key
        assert not picture.search(text.replace("📞", "")), key
        letters = re.sub(r"WhatsApp|АИТВ|-[IVX]+", "", text)
        assert not re.search(r"[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]{4,}", letters), key


@pytest.mark.parametrize("key", WRITTEN)
def test_a_message_asks_at_most_one_question(key: str) -> None:
    for text in WRITTEN[key].values():
        assert text.count("?") <= 1


@pytest.mark.parametrize("key", WRITTEN)
def test_a_message_fits_a_small_screen(key: str) -> None:
    for text in WRITTEN[key].values():
        assert len(text) <= (400 if key in CARDS else 700)


def sentences(text: str) -> list[list[str]]:
    parts = re.split(r"[.?:;…](?=\s|$)|\n", text)
    words = [re.findall(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*", part) for part in parts]
    return [found for found in words if found]


@pytest.mark.parametrize("key", WRITTEN)
def test_sentences_are_short(key: str) -> None:
    for text in WRITTEN[key].values():
        found = sentences(text)
        if found:
            assert sum(map(len, found)) / len(found) <= 15
            assert max(map(len, found)) <= 18


# --- danger --------------------------------------------------------------------------------------

LINE_WITH_NUMBER = re.compile(r"(?:\d{3}|\+7(?: \d+)+) — \S")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", CARDS)
def test_a_danger_card_begins_with_a_number_to_call(key: str, language: str) -> None:
    lines = ALL.phrases[key][language].splitlines()
    first = next(i for i, line in enumerate(lines) if LINE_WITH_NUMBER.match(line))
    # Whoever wants to die is met with a kind word first.
    assert first == (1 if key == "danger_self_harm" else 0)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [*DANGER_CARDS, "emergency_card"])
def test_a_danger_card_helps_who_cannot_speak_and_warns_of_the_call_list(
    key: str, language: str
) -> None:
    text = ALL.phrases[key][language]
    silent = {"kk": "қоңырауды үзбеңіз", "ru": "не кладите трубку", "en": "leave the line open"}
    assert silent[language] in text or "WhatsApp" in text
    called = {"kk": "тізімде қалады", "ru": "в списке вызовов", "en": "in the call list"}
    assert called[language] in text.splitlines()[-1]


@pytest.mark.parametrize("key", [*DANGER_CARDS, "emergency_card"])
def test_a_danger_card_names_only_numbers_of_the_directory(seed: SeedData, key: str) -> None:
    known = {phone.number for one in seed.services for phone in one.phones}
    for text in ALL.phrases[key].values():
        found = re.findall(r"^(\d{3}|\+7(?: \d+)+) — ", text, re.MULTILINE)
        assert found
        assert {number.replace(" ", "") for number in found} <= known


@pytest.mark.parametrize("key", WRITTEN)
def test_numbers_to_call_stand_at_the_start_of_a_line(key: str) -> None:
    for text in WRITTEN[key].values():
        for match in re.finditer(r"\b(?:102|103|111|112|150)\b — ", text):
            assert match.start() == 0 or text[match.start() - 1] == "\n"


@pytest.mark.parametrize("need", [n for n in NEEDS if n not in ("immediate_danger", "self_harm")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_to_a_disclosure_believes_lifts_the_blame_and_hands_back_the_choice(
    need: str, language: str
) -> None:
    text = ALL.phrases[f"need_{need}_answer"][language]
    believes = {"kk": "сенеміз", "ru": "верят", "en": "believed"}
    blame = {
        "kk": "кінә|кесіріңізден емес",
        "ru": "[Вв]ин|не из-за вас",
        "en": "not your fault|to blame|not because of you",
    }
    choice = {"kk": "өзіңіз", "ru": "решаете|выбираете|Выбор", "en": "your choice|[Yy]ou choose"}
    assert believes[language] in text
    assert re.search(blame[language], text)
    assert re.search(choice[language], text)


# --- every key that the code says is there -------------------------------------------------------

_KEY = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_SAYS = {"phrase", "has_phrase", "_say"}


def said_keys() -> Iterator[tuple[str, str]]:
    """(file, key): literal keys in calls that say something, in button lists and in tables."""
    for folder in ("actions", "bot"):
        for file in sorted((ROOT / folder).glob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                yield from ((file.name, key) for key in _keys_of(node))


def _keys_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in _SAYS:
            for argument in node.args:
                yield from _literal(argument)
    elif isinstance(node, ast.Tuple) and len(node.elts) == 2:
        # ("button_rights", "/ask_rights")
        second = [*_constants(node.elts[1])]
        if second and re.match(r"/[a-z]|local:", second[0]):
            yield from _literal(node.elts[0])
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        if names & {"intro", "key"}:
            yield from _literal(node.value)
        if names & {"_UNSUPPORTED", "DANGER_CARDS"} and isinstance(node.value, ast.Dict):
            for value in node.value.values:
                yield from _literal(value)


def _literal(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        return
    if isinstance(node, ast.IfExp):
        yield from _literal(node.body)
        yield from _literal(node.orelse)
    yield from (one for one in _constants(node) if _KEY.fullmatch(one))


def _constants(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


COMPUTED = {
    *(f"need_{need}_{what}" for need in NEEDS for what in ("answer", "name")),
    *DANGER_CARDS,
    *(
        f"penalty_{name}_{shape}"
        for name in ("fine", "correctional_works", "community_service", "arrest",
                     "restriction_of_liberty", "imprisonment")
        for shape in ("up_to", "exact", "range")
    ),
    *(f"command_{name}" for name in MENU),
    *KEYBOARD,
}  # fmt: skip


def test_every_key_that_the_code_says_exists() -> None:
    found = list(said_keys())
    assert len({key for _, key in found}) > 60
    assert [(file, key) for file, key in found if key not in ALL.phrases] == []


@pytest.mark.parametrize("key", sorted(COMPUTED))
def test_every_computed_key_exists(key: str) -> None:
    assert ALL.has_phrase(key)


def test_every_way_to_start_a_case_has_words(seed: SeedData) -> None:
    for provision in seed.provisions:
        if provision.prosecution:
            key = f"penalty_prosecution_{provision.prosecution.replace('-', '_')}"
            assert ALL.has_phrase(key), provision.id


def test_every_response_of_the_rules_exists_and_none_is_left_over() -> None:
    said = set()
    for file in (ROOT / "stories").glob("*.yml"):
        for rule in yaml.safe_load(file.read_text(encoding="utf-8"))["rules"]:
            said |= {step.get("action") for step in rule["steps"]}
    said = {one for one in said if one and one.startswith("utter_")}
    assert said == set(ALL.responses)


def test_menu_and_commands_agree() -> None:
    assert set(MENU) <= set(COMMANDS)
    assert "start" in COMMANDS


# --- broken files --------------------------------------------------------------------------------

GOOD = "phrases:\n  hello: {kk: Сәлем, ru: Привет, en: Hello}\n"
UTTER = """
responses:
  utter_hello:
  - condition: [{type: slot, name: language, value: kk}]
    text: Сәлем
  - condition: [{type: slot, name: language, value: ru}]
    text: Привет
"""
BROKEN = {
    "no file at all": ({}, "no responses in"),
    "bad YAML": ({"a.yml": "phrases: [\n"}, "a.yml: not readable as YAML"),
    "a missing language": (
        {"a.yml": "phrases:\n  hello: {kk: Сәлем, ru: Привет}\n"},
        "a.yml: hello",
    ),
    "an empty language": (
        {"a.yml": "phrases:\n  hello: {kk: Сәлем, ru: '', en: Hello}\n"},
        "a.yml: hello",
    ),
    "a language too many": (
        {"a.yml": "phrases:\n  hello: {kk: Сәлем, ru: Привет, en: Hello, de: Hallo}\n"},
        "a.yml: hello",
    ),
    "a phrase without languages": ({"a.yml": "phrases:\n  hello: Hello\n"}, "a.yml: hello"),
    "a key in two files": ({"a.yml": GOOD, "b.yml": GOOD}, "b.yml: hello"),
    "a response without English": ({"a.yml": UTTER}, "a.yml: utter_hello"),
    "a response twice in one language": (
        {"a.yml": UTTER + UTTER[UTTER.index("  - condition") :]},
        "a.yml: utter_hello",
    ),
    "a response without a language": (
        {"a.yml": "responses:\n  utter_hello:\n  - text: Hello\n"},
        "a.yml: utter_hello",
    ),
}


@pytest.mark.parametrize("defect", BROKEN)
def test_a_broken_file_of_words_is_named_with_its_key(tmp_path: Path, defect: str) -> None:
    files, expected = BROKEN[defect]
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(TextsError) as caught:
        Texts.load(tmp_path)
    assert expected in str(caught.value)


def test_an_unknown_language_is_answered_in_russian(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(GOOD, encoding="utf-8")
    found = Texts.load(tmp_path)
    assert found.phrase("hello", "de") == "Привет"
    assert found.phrase("hello", "kk") == "Сәлем"
    assert ALL.response("utter_greet", "de") == ALL.response("utter_greet", "ru")
    assert isinstance(ALL.response("utter_greet", "kk"), Response)


def test_a_field_that_is_not_given_is_an_error_and_no_gap() -> None:
    with pytest.raises(KeyError):
        ALL.phrase("answer_articles", "ru")
