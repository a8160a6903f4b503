"""The trained model as Rasa runs it: what clear messages are understood as."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from dialogue.channel import BadCall, TirekOutput, read_message
from nlu.places import Gazetteer
from tests.model.test_training_data import INTENTS

# Language as the detector must find it, intent, message. None of these is a hard one.
CLEAR = (
    # Russian
    ("ru", "domestic_violence", "Муж бьёт меня уже третий год"),
    ("ru", "sexual_violence", "Меня изнасиловали"),
    ("ru", "harassment", "Начальник пристаёт ко мне на работе, намекает на секс"),
    ("ru", "bullying", "Меня травят одноклассники в школе"),
    ("ru", "cyberbullying", "Меня травят в интернете, пишут гадости в комментариях"),
    ("ru", "image_abuse", "Он выложил мои интимные фото"),
    ("ru", "stalking", "Бывший следит за мной и караулит у дома"),
    ("ru", "child_abuse", "Отчим бьёт ребёнка"),
    ("ru", "forced_marriage", "Меня украли и заставляют выйти замуж"),
    ("ru", "immediate_danger", "Он ломает дверь, помогите"),
    ("ru", "self_harm", "Я не хочу больше жить"),
    ("ru", "ask_rights", "Какие у меня права?"),
    ("ru", "ask_contacts", "Дайте номер телефона кризисного центра"),
    ("ru", "ask_legal_aid", "Нужен бесплатный адвокат"),
    ("ru", "ask_protection_order", "Как получить защитное предписание?"),
    ("ru", "ask_report_police", "Как написать заявление в полицию?"),
    ("ru", "ask_police_inaction", "Полиция отказывается принимать заявление"),
    ("ru", "ask_penalty", "Сколько лет ему дадут?"),
    ("ru", "ask_new_law", "Что изменилось в законе в 2024 году?"),
    ("ru", "ask_privacy", "Это анонимно? Кто читает мои сообщения?"),
    ("ru", "ask_help_someone", "Как помочь подруге, которую бьёт муж?"),
    ("ru", "ask_abuser_help", "Я бью жену и хочу остановиться"),
    ("ru", "human_handoff", "Хочу поговорить с живым человеком, оператором"),
    ("ru", "out_of_scope", "Какая завтра погода?"),
    # Kazakh
    ("kk", "sexual_violence", "Мені зорлап кетті"),
    ("kk", "harassment", "Бастығым маған жұмыста тиісе береді"),
    ("kk", "bullying", "Сыныптастарым мені мектепте мазақ қылады"),
    ("kk", "stalking", "Бұрынғы жігітім артымнан аңдып жүр"),
    ("kk", "child_abuse", "Өгей әкесі баланы ұрады"),
    ("kk", "forced_marriage", "Мені алып қашып кетті"),
    ("kk", "immediate_danger", "Қазір есікті бұзып жатыр, көмектесіңіз"),
    ("kk", "self_harm", "Өмір сүргім келмейді"),
    ("kk", "ask_rights", "Менің құқықтарым қандай?"),
    ("kk", "ask_legal_aid", "Маған тегін адвокат керек"),
    ("kk", "ask_protection_order", "Қорғау нұсқамасын қалай алуға болады?"),
    ("kk", "ask_report_police", "Полицияға арызды қалай жазамын?"),
    ("kk", "ask_divorce_custody", "Қалай ажырасамын, балалар кіммен қалады?"),
    ("kk", "thank", "Рахмет сізге"),
    ("kk", "out_of_scope", "Ертең ауа райы қандай?"),
    # English
    ("en", "domestic_violence", "My husband beats me and calls me names"),
    ("en", "sexual_violence", "I was raped last year"),
    ("en", "image_abuse", "My ex threatens to post my nude photos"),
    ("en", "immediate_danger", "He is breaking down the door right now"),
    ("en", "self_harm", "I want to kill myself"),
    ("en", "ask_rights", "What are my rights?"),
    ("en", "ask_shelter", "I need a shelter to stay tonight"),
    ("en", "ask_psychological_help", "I need to talk to a psychologist"),
    ("en", "ask_evidence", "Are screenshots valid as evidence?"),
    ("en", "ask_safety_plan", "What should I pack before leaving him?"),
    ("en", "out_of_scope", "What is the weather tomorrow?"),
    # Russian and Kazakh in Latin letters, Kazakh without its own letters
    ("ru", "self_harm", "ya ne hochu bolshe zhit"),
    ("ru", "ask_rights", "kakie u menya prava"),
    (None, "ask_legal_aid", "nuzhen besplatnyi advokat"),
    ("kk", "ask_legal_aid", "magan tegin advokat kerek"),
    ("kk", "domestic_violence", "kuieuim meni uradi, korkamin"),
    ("kk", "domestic_violence", "Куйеуим мени урады"),
    ("kk", "ask_rights", "Менин кукыктарым кандай"),
    # The wrong keyboard layout: "муж бьёт меня"
    ("ru", "domestic_violence", "ve; ,mtn vtyz"),
    # Both languages in one sentence: the language is not asked for
    (None, "domestic_violence", "Күйеуім мені избивает, қорқамын"),
    (None, "ask_legal_aid", "Маған бесплатный адвокат керек"),
    (None, "ask_psychological_help", "Маған психолог керек, поговорить надо"),
)


def entities(parsed: dict[str, Any], kind: str) -> list[str]:
    return [e["value"] for e in parsed["entities"] if e["entity"] == kind]


async def parse(agent: Any, text: str, hint: str | None = None) -> dict[str, Any]:
    if hint is None:
        return await agent.parse_message(text)
    # What the channel hands over; parse_message of the agent takes words only.
    return await agent.processor.parse_message(UserMessage(text, metadata={"language": hint}))


def test_the_model_knows_the_intents_of_the_list(agent: Any) -> None:
    assert set(INTENTS) <= set(agent.domain.intents)


@pytest.mark.parametrize(("language", "intent", "text"), CLEAR, ids=[c[2] for c in CLEAR])
async def test_clear_messages(agent: Any, language: str | None, intent: str, text: str) -> None:
    parsed = await parse(agent, text)
    assert parsed["intent"]["name"] == intent
    if language:
        assert entities(parsed, "language") == [language]
    assert entities(parsed, "place") == entities(parsed, "region") == []


@pytest.mark.parametrize(
    ("intent", "texts"),
    [
        ("greet", ("Здравствуйте", "Сәлеметсіз бе", "Hello", "salem", "privet")),
        ("goodbye", ("До свидания", "Сау болыңыз", "Goodbye")),
        ("thank", ("Спасибо", "Рахмет", "Thank you", "rahmet", "spasibo")),
        ("affirm", ("Да", "Иә", "yes")),
        ("deny", ("Нет", "Жоқ", "no")),
        ("bot_challenge", ("Ты бот или человек?", "Сен ботсың ба?", "Are you a robot?")),
        ("choose_language", ("Можно на русском?", "Қазақша сөйлесейік", "Can we speak English?")),
        ("clear_chat", ("Удали переписку", "Чатты өшір", "Delete this chat")),
    ],
)
async def test_everyday_words(agent: Any, intent: str, texts: tuple[str, ...]) -> None:
    read = {text: (await parse(agent, text))["intent"]["name"] for text in texts}
    assert read == dict.fromkeys(texts, intent)


@pytest.mark.parametrize("text", ["Күйеуім мені ұрып-соғады", "Күйеуім мені ұрып соғады"])
async def test_the_kazakh_word_for_battery(agent: Any, text: str) -> None:
    """ "Ұрып-соғу" is the word of everyday speech and of the law."""
    assert (await parse(agent, text))["intent"]["name"] == "domestic_violence"


@pytest.mark.parametrize(
    ("text", "intent", "follow_up"),
    [
        ("+", "affirm", "yes"),
        ("-", "deny", "no"),
        ("неше жыл", "ask_penalty", "how_long"),
        ("бузса ше", "ask_protection_order", "order_broken"),
        ("боюсь", "affirm", "afraid"),
        ("😭😭😭", "affirm", "afraid"),
        ("и что дальше?", "affirm", "what_now"),
    ],
)
async def test_short_follow_ups(agent: Any, text: str, intent: str, follow_up: str) -> None:
    parsed = await parse(agent, text)
    assert parsed["intent"]["name"] == intent
    assert entities(parsed, "follow_up") == [follow_up]
    assert entities(parsed, "need") == entities(parsed, "offender") == []


async def test_a_broken_order_is_asked_for_by_its_question(agent: Any) -> None:
    parsed = await parse(agent, "а если нарушит")
    assert entities(parsed, "question") == ["protection-order-broken"]


@pytest.mark.parametrize(
    ("text", "intent", "need", "offender"),
    [
        ("Муж бьёт меня, какие у меня права?", "ask_rights", "domestic_violence", "partner"),
        ("Начальник пристаёт ко мне, что ему за это будет?", "ask_penalty", "harassment", "boss"),
        ("Муж бьёт меня уже третий год", "domestic_violence", "domestic_violence", "partner"),
    ],
)
async def test_a_need_beside_what_is_asked(
    agent: Any, text: str, intent: str, need: str, offender: str
) -> None:
    parsed = await parse(agent, text)
    assert parsed["intent"]["name"] == intent
    assert entities(parsed, "need") == [need]
    assert entities(parsed, "offender") == [offender]
    assert entities(parsed, "concerns") == ["self"]


async def test_no_question_goes_before_danger(agent: Any) -> None:
    """The model is the second net behind the danger check."""
    parsed = await parse(agent, "Он ломает дверь прямо сейчас, куда мне звонить?")
    assert parsed["intent"]["name"] == "immediate_danger"


@pytest.mark.parametrize("text", ["Какие у меня права?", "Қандай ауа райы?", "hello"])
async def test_no_need_is_made_up(agent: Any, text: str) -> None:
    parsed = await parse(agent, text)
    for kind in ("need", "offender", "concerns", "minor", "follow_up", "question"):
        assert entities(parsed, kind) == []


async def test_a_school_pupil_is_noticed(agent: Any) -> None:
    parsed = await parse(agent, "мне 14 лет, отчим меня бьет")
    assert entities(parsed, "minor") == ["yes"]


# --- what is not understood -----------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "   ", "?!...", "\u200b"])
async def test_nothing_said_is_the_fallback(agent: Any, text: str) -> None:
    parsed = await parse(agent, text)
    assert parsed["intent"]["name"] == "nlu_fallback"
    assert parsed["entities"] == []


@pytest.mark.parametrize("text", ["а" * 4096, "муж бьёт меня. " * 273, "\ud83d", "\0", "😭" * 4096])
async def test_odd_messages_are_parsed(agent: Any, text: str) -> None:
    parsed = await parse(agent, text, "ru")
    assert parsed["intent"]["name"] in {*INTENTS, "nlu_fallback"}
    assert len(entities(parsed, "language")) == 1


async def test_the_ranking(agent: Any) -> None:
    parsed = await parse(agent, "Муж бьёт меня уже третий год")
    ranking = parsed["intent_ranking"]
    assert len(ranking) == 10
    assert ranking[0] == parsed["intent"]
    names = [item["name"] for item in ranking]
    assert len(set(names)) == 10
    assert set(names) <= set(INTENTS)
    confidences = [item["confidence"] for item in ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= c <= 1 for c in confidences)
    assert sum(confidences) <= 1 + 1e-6
    assert confidences[0] > 2 * confidences[1]


async def test_the_ranking_behind_a_fallback(agent: Any) -> None:
    ranking = (await parse(agent, "?!"))["intent_ranking"]
    assert ranking[0]["name"] == "nlu_fallback"
    assert {item["name"] for item in ranking[1:]} <= set(INTENTS)
    assert len(ranking) == 11


async def test_the_same_message_is_read_the_same(agent: Any) -> None:
    first = await parse(agent, "Мен Алматыда тұрамын", "ru")
    await parse(agent, "something else in between", "en")
    assert await parse(agent, "Мен Алматыда тұрамын", "ru") == first


# --- language -------------------------------------------------------------------------------------


@pytest.mark.parametrize("hint", ["kk", "ru", "en"])
@pytest.mark.parametrize("text", ["ok", "Almaty", "Алматы", "Тараз", "😭", "123", "2 500"])
async def test_short_words_keep_the_language_of_the_talk(agent: Any, text: str, hint: str) -> None:
    assert entities(await parse(agent, text, hint), "language") == [hint]


@pytest.mark.parametrize("text", ["ok", "Almaty", "😭", "123"])
async def test_short_words_without_a_hint_have_no_language(agent: Any, text: str) -> None:
    assert entities(await parse(agent, text), "language") == []


@pytest.mark.parametrize(
    ("hint", "text", "language"),
    [
        ("ru", "сәлем", "kk"),
        ("kk", "Какие у меня права?", "ru"),
        ("ru", "Менің құқықтарым қандай?", "kk"),
        ("kk", "What are my rights?", "en"),
        ("en", "kakie u menya prava", "ru"),
        ("ru", "magan tegin advokat kerek", "kk"),
    ],
)
async def test_clear_words_beat_the_hint(agent: Any, hint: str, text: str, language: str) -> None:
    assert entities(await parse(agent, text, hint), "language") == [language]


@pytest.mark.parametrize(
    "text",
    [
        "Я из Алматы",
        "в Астане",
        pytest.param(
            "из Караганды",
        ),
    ],
)
async def test_a_town_does_not_change_the_language(agent: Any, text: str) -> None:
    assert entities(await parse(agent, text, "ru"), "language") == ["ru"]


async def test_the_language_covers_the_whole_message(agent: Any) -> None:
    text = "Какие у меня права?"
    (found,) = [e for e in (await parse(agent, text))["entities"] if e["entity"] == "language"]
    assert (found["start"], found["end"]) == (0, len(text))


# --- places ---------------------------------------------------------------------------------------

PLACES = (
    # text, how it is written there, place or None for a whole region, region
    ("Мен Алматыда тұрамын", "Алматыда", "almaty", "almaty"),
    ("Алматыданмын", "Алматыданмын", "almaty", "almaty"),
    ("Мен Шымкенттенмін", "Шымкенттенмін", "shymkent", "shymkent"),
    ("живу в Темиртау", "Темиртау", "temirtau", "karaganda"),
    ("Я из Караганды", "Караганды", "karaganda-city", "karaganda"),
    ("в Астане", "Астане", "astana", "astana"),
    ("I live in Taraz", "Taraz", "taraz", "zhambyl"),
    ("Қостанайдан жазып отырмын", "Қостанайдан", "kostanay-city", "kostanay"),
    ("жезказганда турамын", "жезказганда", "zhezkazgan", "ulytau"),
    ("Мен Семейденмін", "Семейденмін", "semey", "abai"),
    ("живу в Усть-Каменогорске", "Усть-Каменогорске", "oskemen", "east-kazakhstan"),
    ("из Петропавловска", "Петропавловска", "petropavl", "north-kazakhstan"),
    ("men almatydan", "almatydan", "almaty", "almaty"),
    ("Карагандинская область", "Карагандинская область", None, "karaganda"),
    ("Маңғыстау облысында", "Маңғыстау облысында", None, "mangystau"),
    ("Живу в Алматинской области", "Алматинской области", None, "almaty-region"),
    ("I am from Turkistan region", "Turkistan region", None, "turkistan"),
)


@pytest.mark.parametrize(
    ("text", "written", "place", "region"), PLACES, ids=[case[0] for case in PLACES]
)
async def test_places(agent: Any, text: str, written: str, place: str | None, region: str) -> None:
    parsed = await parse(agent, text)
    assert parsed["intent"]["name"] == "inform_location"
    assert entities(parsed, "place") == ([place] if place else [])
    assert entities(parsed, "region") == [region]
    for entity in parsed["entities"]:
        if entity["entity"] in ("place", "region"):
            assert text[entity["start"] : entity["end"]] == written
            assert 0 < entity["confidence_entity"] <= 1


async def test_a_place_inside_a_story(agent: Any) -> None:
    parsed = await parse(agent, "Муж бьёт меня, живу в Таразе, куда идти?")
    assert entities(parsed, "place") == ["taraz"]
    assert entities(parsed, "region") == ["zhambyl"]
    assert parsed["intent"]["name"] in ("domestic_violence", "ask_shelter", "ask_contacts")


async def test_two_places(agent: Any) -> None:
    parsed = await parse(agent, "Я переехала из Тараза в Астану")
    assert entities(parsed, "place") == ["taraz", "astana"]
    assert entities(parsed, "region") == ["zhambyl", "astana"]


async def test_ids_are_those_of_the_gazetteer(agent: Any) -> None:
    places = Gazetteer.load().places
    for text, _, place, region in PLACES:
        parsed = await parse(agent, text)
        for found in entities(parsed, "place"):
            assert places[found].region == region == places[region].region
            assert found == place


@pytest.mark.parametrize(
    "text", ["нет места", "Кісі ақтау туралы айтты", "семь семей", "есікте тұр"]
)
async def test_words_that_are_no_place(agent: Any, text: str) -> None:
    parsed = await parse(agent, text)
    assert entities(parsed, "place") == entities(parsed, "region") == []


# --- typed text never names an intent -------------------------------------------------------------

COMMANDS = (
    "/restart",
    "/session_start",
    "/back",
    "/ask_rights",
    " /restart",
    "\n\t/restart",
    "\u00a0/restart",
    "//restart",
    "////ask_rights",
    '/ask_rights{"need": "forced_marriage"}',
    '/ask_contacts{"place": "almaty", "language": "en"}',
    "/greet@0.9",
    "/",
)
HIDDEN_COMMANDS = ("/ /restart", "/\n/session_start", '/ /ask_rights{"need": "stalking"}')


async def through_the_channel(agent: Any, text: str) -> dict[str, Any]:
    content = {"sender": "s" * 32, "language": "ru", "text": text}
    message = read_message(content, TirekOutput(), agent.domain)
    assert message.parse_data is None
    return await agent.processor.parse_message(message)


@pytest.mark.parametrize(
    "text",
    [
        *COMMANDS,
        *(
            pytest.param(
                text,
            )
            for text in HIDDEN_COMMANDS
        ),
    ],
)
async def test_typed_commands_are_words(agent: Any, text: str) -> None:
    parsed = await through_the_channel(agent, text)
    # What a command says comes with certainty and without any other reading.
    assert parsed["intent"]["confidence"] < 1
    assert len(parsed["intent_ranking"]) > 1
    assert parsed["intent"]["name"] not in ("restart", "session_start", "back")
    # A need may be read from the words, as from any others; no entity is taken from the command.
    assert {e["extractor"] for e in parsed["entities"]} <= {
        "CircumstanceExtractor", "LanguageDetector", "LinearIntentClassifier", "PlaceExtractor",
    }  # fmt: skip
    assert entities(parsed, "question") == []


async def test_rasa_itself_would_obey(agent: Any) -> None:
    """Why the channel takes the slash away; without this the tests above prove nothing."""
    parsed = await parse(agent, '/ask_rights{"need": "stalking"}')
    assert parsed["intent"] == {"name": "ask_rights", "confidence": 1.0}
    assert entities(parsed, "need") == ["stalking"]


async def test_words_around_a_slash_stay(agent: Any) -> None:
    content = {"sender": "s" * 32, "language": "ru", "text": "  /муж и/или свекровь  "}
    message = read_message(content, TirekOutput(), agent.domain)
    assert message.text == "муж и/или свекровь"
    assert message.metadata == {"language": "ru"}


def test_only_words_within_the_limit(agent: Any) -> None:
    content = {"sender": "s" * 32, "language": "ru", "text": "а" * 4096}
    assert read_message(content, TirekOutput(), agent.domain).text == "а" * 4096
    with pytest.raises(BadCall, match="4096"):
        read_message({**content, "text": "а" * 4097}, TirekOutput(), agent.domain)
