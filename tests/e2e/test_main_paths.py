"""Need -> rights -> penalty -> contacts: three languages, four needs, by text and by buttons."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from common.texts import Texts
from tests.e2e.bot_api_server import BotApiServer, ShownMessage

TEXTS = Texts.load()


@dataclass(frozen=True)
class Path:
    """What a person writes, and what must be in the answers."""

    language: str
    need: str
    told: str
    rights: str
    penalty: str
    place: str
    articles: tuple[str, ...]
    place_name: str


PATHS = (
    Path("kk", "domestic_violence", "күйеуім ұрады, күн сайын жанжал", "менің құқықтарым қандай",
         "оған қандай жаза бар", "мен Павлодарда тұрамын", ("109-1", "73"), "Павлодар"),
    Path("kk", "sexual_violence", "мені танысым зорлады, бір ай болды", "заң мені қорғай ма",
         "ол неше жылға сотталады", "Шымкенттемін", ("120",), "Шымкент"),
    Path("kk", "harassment", "бастығым маған сөз айтып, қыдырайық деп қысым көрсетеді",
         "құқықтарым қандай", "оған қандай жаза қолданылады", "Қарағандыданмын", ("131",),
         "Қарағанды"),
    Path("kk", "bullying", "сыныптастарым мені мазақтап, ақшамды тартып алады",
         "менің құқықтарым қандай", "оларға қандай жаза болады", "Таразда тұрамын", ("127-2",),
         "Тараз"),
    Path("ru", "domestic_violence", "муж избивает меня уже второй год", "какие у меня права",
         "какое ему будет наказание", "я в Павлодаре", ("109-1", "73"), "Павлодар"),
    Path("ru", "sexual_violence", "меня изнасиловал знакомый месяц назад", "меня закон защищает?",
         "сколько лет ему дадут", "живу в Шымкенте", ("120",), "Шымкент"),
    Path("ru", "harassment", "начальник делает мне сексуальные намёки и пристаёт с разговорами",
         "какие у меня права", "какой штраф ему грозит", "я из Караганды", ("131",), "Караганда"),
    Path("ru", "bullying", "одноклассники травят меня и отбирают деньги", "какие у меня есть права",
         "какое наказание им грозит", "я в Таразе", ("127-2",), "Тараз"),
    Path("en", "domestic_violence", "my husband beats me and controls my money",
         "what are my rights", "what punishment can he get", "I live in Pavlodar",
         ("109-1", "73"), "Pavlodar"),
    Path("en", "sexual_violence", "I was raped by a friend last month", "does the law protect me?",
         "how many years in prison can he get", "I am in Shymkent", ("120",), "Shymkent"),
    Path("en", "harassment", "my boss makes sexual remarks and asks me out all the time",
         "what are my rights", "what fine or penalty does he face", "I am from Karaganda",
         ("131",), "Karaganda"),
    Path("en", "bullying", "my classmates mock me every day and take my money",
         "what rights do I have", "what punishment will they get", "I live in Taraz", ("127-2",),
         "Taraz"),
)  # fmt: skip
IDS = [f"{path.language}-{path.need}" for path in PATHS]
NATIONAL = ("111", "102")


def phrase(key: str, language: str) -> str:
    return TEXTS.phrase(key, language)


def told(messages: list[ShownMessage]) -> str:
    return "\n".join(message.text for message in messages)


def assert_rights(text: str, path: Path) -> None:
    assert phrase("rights_intro", path.language).splitlines()[0] in text
    for article in path.articles:
        assert article in text, f"article {article} is not named in:\n{text}"
    assert re.search(r"\d\d\.\d\d\.20\d\d", text), "the date of the text is not named"


def assert_penalty(text: str, path: Path) -> None:
    assert path.articles[0] in text
    assert "4325" in text


def assert_contacts(text: str, path: Path) -> None:
    assert path.place_name in text
    for number in NATIONAL:
        assert f"📞 {number}" in text


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_by_text(server: BotApiServer, chat_id: int, path: Path) -> None:
    user = server.user(chat_id, path.language)
    user.write("/start")
    first = phrase(f"need_{path.need}_answer", path.language).splitlines()[0]
    assert first in told(user.write(path.told))
    assert_rights(told(user.write(path.rights)), path)
    assert_penalty(told(user.write(path.penalty)), path)
    assert_contacts(told(user.write(path.place)), path)


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_by_buttons(server: BotApiServer, chat_id: int, path: Path) -> None:
    language = path.language
    user = server.user(chat_id, language)
    user.write("/start")
    user.press({"kk": "Қазақша", "ru": "Русский", "en": "English"}[language])
    # The keyboard below the input line sends its label as text.
    user.write(phrase("keyboard_rights", language))
    name = phrase(f"need_{path.need}_name", language)
    while name not in user.screen[-1].buttons:
        user.press(phrase("button_more", language))
    assert_rights(told(user.press(name)), path)
    assert_penalty(told(user.press(phrase("button_penalty", language))), path)
    contacts = told(user.press(phrase("button_contacts", language)))
    assert phrase("contacts_ask_place", language) in contacts
    assert_contacts(told(user.write(path.place)), path)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_rights_asked_first_wait_for_the_need(
    server: BotApiServer, chat_id: int, language: str
) -> None:
    path = next(p for p in PATHS if p.language == language)
    user = server.user(chat_id, language)
    user.write("/start")
    assert phrase("ask_need", language) in told(user.write(path.rights))
    assert_rights(told(user.write(path.told)), path)


def test_a_place_in_the_first_message_is_remembered(server: BotApiServer, chat_id: int) -> None:
    user = server.user(chat_id)
    user.write("/start")
    user.write("я из Караганды, муж меня бьёт")
    contacts = told(user.write("куда мне позвонить?"))
    assert "Караганда" in contacts
    assert phrase("contacts_ask_place", "ru") not in contacts


@pytest.mark.parametrize(
    ("language", "question", "topic_words"),
    [
        ("ru", "как подать заявление в полицию", "report_intro"),
        ("ru", "полиция не принимает моё заявление", "police_inaction_intro"),
        ("ru", "как получить защитное предписание", "order_intro"),
        ("ru", "какие доказательства собрать", "evidence_intro"),
        ("ru", "куда уйти с детьми, где можно пожить", "shelter_intro"),
        ("ru", "нужен бесплатный адвокат", "legal_aid_intro"),
        ("ru", "мне нужен психолог, паника", "psychological_intro"),
        ("ru", "где снять побои и пройти судмедэксперта", "medical_intro"),
        ("ru", "хочу развестись, с кем останутся дети", "divorce_intro"),
        ("ru", "что изменил новый закон 2024 года", "new_law_intro"),
        ("kk", "полицияға қалай арыз беремін", "report_intro"),
        ("kk", "қорғау нұсқамасын қалай аламын", "order_intro"),
        ("kk", "қандай дәлел жинауым керек", "evidence_intro"),
        ("kk", "балаларыммен паналайтын орын керек, дағдарыс орталығы бар ма", "shelter_intro"),
        ("kk", "тегін адвокат керек", "legal_aid_intro"),
        ("kk", "маған психолог керек", "psychological_intro"),
        ("kk", "ажырассам балалар кіммен қалады", "divorce_intro"),
        ("kk", "2024 жылғы жаңа заңда не өзгерді", "new_law_intro"),
        ("en", "how do I report to the police", "report_intro"),
        ("en", "how can I get a protection order", "order_intro"),
        ("en", "what evidence should I keep", "evidence_intro"),
        ("en", "where can I stay with my kids, is there a shelter", "shelter_intro"),
        ("en", "I need a free lawyer", "legal_aid_intro"),
        ("en", "I need to talk to a psychologist", "psychological_intro"),
        ("en", "who gets the children after a divorce", "divorce_intro"),
        ("en", "what changed in the law in 2024", "new_law_intro"),
    ],
)
def test_every_topic_is_answered(
    server: BotApiServer, chat_id: int, language: str, question: str, topic_words: str
) -> None:
    user = server.user(chat_id, language)
    user.write("/start")
    assert phrase(topic_words, language).splitlines()[0] in told(user.write(question))


def test_no_answer_mixes_languages_or_leaves_a_field_unfilled(server: BotApiServer) -> None:
    """Runs last in this file: looks at everything that was said before."""
    for screen in server.screens.values():
        for message in screen:
            if message.from_bot:
                assert "{" not in message.text
                assert "None" not in message.text
