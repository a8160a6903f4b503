"""The gazetteer finds places however they are typed, and nothing where no place is meant."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from nlu.places import DEFAULT_PATH, Gazetteer, GazetteerError, PlaceMention


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def ids(mentions: list[PlaceMention]) -> list[str]:
    return [mention.place for mention in mentions]


# --- what has to be found ------------------------------------------------------------------------

FOUND = {
    "names alone": [
        ("Алматы", "almaty"),
        ("Astana", "astana"),
        ("шымкент", "shymkent"),
        ("Семей", "semey"),
        ("Ақтау", "aktau"),
        ("шу", "shu"),
        ("Сарань", "saran"),
        ("Орал", "uralsk"),
        ("мой город Костанай", "kostanay-city"),
    ],
    "Kazakh endings": [
        ("Алматыданмын", "almaty"),
        ("шымкенттемін", "shymkent"),
        ("Шымкентте тұрамын", "shymkent"),
        ("Қарағандыдағы әпкем", "karaganda-city"),
        ("Таразда тұрамын", "taraz"),
        ("тараздан жазып отырмын", "taraz"),
        ("Арқалыққа көшіп келдім", "arkalyk"),
        ("Қаскелеңнен", "kaskelen"),
        ("Ақтауда бір жағдай болды", "aktau"),
        ("Семейден жазып отырмын", "semey"),
        ("мен қызылордалықпын", "kyzylorda-city"),
        ("Степногорскіде тұрамыз", "stepnogorsk"),
        ("Орал қаласынанмын", "uralsk"),
        ("Есікте тұрамын", "esik"),
        ("Абайда тұрамын", "abai-city"),
        ("ЗКО-дан", "west-kazakhstan"),
        ("Шуданмын", "shu"),
    ],
    "Russian cases and adjectives": [
        ("живу в Астане", "astana"),
        ("я из Караганды", "karaganda-city"),
        ("переехала в Кызылорду", "kyzylorda-city"),
        ("в Усть-Каменогорске", "oskemen"),
        ("муж под Актобе на вахте", "aktobe-city"),
        ("из Конаева", "konaev"),
        ("темиртауские мы", "temirtau"),
        ("карагандинский кризисный центр", "karaganda-city"),
        ("жетысуский", "jetisu"),
        ("Сарыагашский р-н", "saryagash"),
        ("Сайрамский район", "aksukent"),
        ("живу в Семее", "semey"),
        ("г. Актау", "aktau"),
        ("с. Аса", "asa"),
        ("Алға ауданы", "alga"),
        ("Бухар-Жырауский район", "botakara"),
        ("ауыл Аса", "asa"),
        ("в поселке Глубокое", "glubokoe"),
        ("из Есика помогите", "esik"),
    ],
    "English": [
        ("I live in Karaganda with him", "karaganda-city"),
        ("i am from Oral", "uralsk"),
        ("Aktobe city", "aktobe-city"),
        ("almaty's police do nothing", "almaty"),
        ("A village near Saryagash", "saryagash"),
        ("city of Abai", "abai-city"),
    ],
    "former and everyday names": [
        ("Алма-Ата", "almaty"),
        ("алмата", "almaty"),
        ("Целиноград", "astana"),
        ("Нур-Султан", "astana"),
        ("Чимкент", "shymkent"),
        ("из Джамбула", "taraz"),
        ("Гурьев", "atyrau-city"),
        ("в Актюбинске", "aktobe-city"),
        ("Кзыл-Орда", "kyzylorda-city"),
        ("Капчагай", "konaev"),
        ("семск", "semey"),
        ("уст-каман", "oskemen"),
        ("Зыряновск", "altai"),
        ("я из столицы", "astana"),
        ("Крг", "karaganda-city"),
        ("в Шевченко", "aktau"),
    ],
    "without Kazakh letters, in Latin, on the wrong layout": [
        ("кызылордадан", "kyzylorda-city"),
        ("оскеменде турамын", "oskemen"),
        ("Qyzylordadan", "kyzylorda-city"),
        ("taldyqorganda turam", "taldykorgan"),
        ("ya iz astany", "astana"),
        ("Öskemende", "oskemen"),
        ("Jezqazğan", "zhezkazgan"),
        ("kokshetaw", "kokshetau"),
        ("Almaty-да", "almaty"),
        ("fkvfns", "almaty"),
        ("z bp rfhfufyls", "karaganda-city"),
        ("d fcnfyt", "astana"),
    ],
    "spaces, hyphens, stretching, invisible characters": [
        ("Алма Ата", "almaty"),
        ("Усть Каменогорск", "oskemen"),
        ("Кызыл Орда", "kyzylorda-city"),
        ("Астанаааа", "astana"),
        ("а л м а т ы", "almaty"),
        ("А\u200bлматы", "almaty"),
    ],
    "one slip": [
        ("Almty", "almaty"),
        ("astna", "astana"),
        ("костонай", "kostanay-city"),
        ("i live in Kyzylodra now", "kyzylorda-city"),
        ("кызыларда", "kyzylorda-city"),
        ("Ust-Kamenogrsk", "oskemen"),
        ("талдыкурган", "taldykorgan"),
    ],
    "regions": [
        ("Карагандинская область", "karaganda"),
        ("Абай облысы", "abai"),
        ("область Абай", "abai"),
        ("Алматы облысы", "almaty-region"),
        ("Туркестанская обл.", "turkistan"),
        ("туркистан обылысы", "turkistan"),
        ("Turkistan oblast pls", "turkistan"),
        ("мой регион ВКО", "east-kazakhstan"),
        ("Солтүстік Қазақстан облысынанмын", "north-kazakhstan"),
        ("Жамбыл облысының тұрғынымын", "zhambyl"),
        ("Мангистау", "mangystau"),
    ],
}


@pytest.mark.parametrize(
    ("text", "place"), [case for cases in FOUND.values() for case in cases], ids=str
)
def test_finds_the_place(gazetteer: Gazetteer, text: str, place: str) -> None:
    assert ids(gazetteer.find(text)) == [place]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Карагандинская область, Темиртау", ["karaganda", "temirtau"]),
        ("Сарань карагандинская обл", ["saran", "karaganda"]),
        ("сама из Кентау, сейчас в Шымкенте", ["kentau", "shymkent"]),
        ("Павлодардағы Екібастұздан", ["pavlodar-city", "ekibastuz"]),
        ("Алматы облысы, Қонаев қаласы", ["almaty-region", "konaev"]),
        ("Медеуский район Алматы", ["almaty"]),
        ("из Шымкента, Абайский район", ["shymkent"]),
        ("Астана, Алматы ауданы", ["astana"]),
        ("район Байконыр, Астана", ["astana"]),
        ("Астана, Астанада, из Астаны", ["astana"]),
    ],
)
def test_finds_several_places_in_reading_order(
    gazetteer: Gazetteer, text: str, places: list[str]
) -> None:
    mentions = gazetteer.find(text)
    assert ids(mentions) == places
    assert all(a.end <= b.start for a, b in itertools.pairwise(mentions))


# --- what has to be left alone -------------------------------------------------------------------

NOT_FOUND = {
    "ordinary words": [
        "помощь для семей",
        "много семей живёт так",
        "дети из неблагополучных семей",
        "в семье проблемы",
        "с моей семьей плохо",
        "сот оны ақтады",
        "ақтап шықты",
        "сот ақтау үкімін шығарды",
        "өзін ақтауға тырысты",
        "қала ма",
        "үйге орал",
        "қайтып ораламын",
        "ол үйге оралды",
        "he forced me to oral sex",
        "аса қауіпті",
        "мен аса қатты қорқамын",
        "жақсы адам",
        "үлкен қала",
        "есіктен кірді",
        "есікте тұрып ұрды",
        "темірден жасалған",
        "алға қарай жүрді",
        "қашар жерім жоқ",
        "мен ақша ала алмайды екен",
        "үстел астына тығылдым",
        "фото таратам деп қорқытады",
        "саран адам ақша бермейді",
        "он верный муж",
        "не глубоко порезала",
        "мы жили вместе",
        "шелек пен шұлық",
        "ісікті емдеу",
        "трудный случай",
        "Караул!",
        "кража скота",
        "в столице Турции",
        "керек емес маған",
        "жездем мені ұрды",
    ],
    "people": [
        "Абай деген ағам ұрды",
        "муж Алтай бьет",
        "мой муж Нурсултан",
        "у меня Жанибек забрал ребёнка",
        "следователь Конаев не берет заявление",
        "адвокат Шевченко",
        "Талгат бьёт меня",
        "судья Темирлан отказал",
        "Сын Аслана меня бьет",
    ],
    "streets, houses, clubs, firms": [
        "Абая 45",
        "улица Абая, дом 3",
        "живу на Абая",
        "ул. Сатпаева 22а",
        "Абай атындағы мектеп",
        "улица Толе би 25",
        "Астана көшесі 5",
        "проспект Астана",
        "Turkestan Street 5",
        "I flew with Air Astana",
        "ФК Астана играет",
        "hotel Almaty",
        "отель Алматы",
        "мкр Аксай",
        "Карагандинский университет",
    ],
    "places elsewhere": [
        "Алтайский край",
        "Уральские горы",
        "Петропавловск-Камчатский",
        "на Иссык-Куле отдыхали",
        "поехали в Ташкент",
        "в Москве",
    ],
    "nothing": ["", " ", "🙏🙏", "...", "12345", "-", "'", "қ"],
}


@pytest.mark.parametrize("text", [text for texts in NOT_FOUND.values() for text in texts])
def test_leaves_look_alikes_alone(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.find(text) == []


# --- the mention ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Сәлем, мен Алматыданмын!", "Алматыданмын"),
        ("Карагандинская область", "Карагандинская область"),
        ("помогите, г. Актау", "г. Актау"),
        ("я тут 😭 в Усть-Каменогорске", "Усть-Каменогорске"),
        ("А\u200bлматы, помогите", "А\u200bлматы"),
    ],
)
def test_span_is_in_the_original_text(gazetteer: Gazetteer, text: str, written: str) -> None:
    (mention,) = gazetteer.find(text)
    assert text[mention.start : mention.end] == written


def test_tells_when_the_name_may_mean_something_else(gazetteer: Gazetteer) -> None:
    def ambiguous(text: str) -> bool:
        (mention,) = gazetteer.find(text)
        return mention.ambiguous

    assert ambiguous("Акмола")
    assert ambiguous("Жамбыл")
    assert ambiguous("из Абая")
    assert not ambiguous("Абай облысы")
    assert not ambiguous("Ақтауда тұрамын")
    assert not ambiguous("Семей")
    assert not ambiguous("Тараз")


def test_a_slip_scores_lower(gazetteer: Gazetteer) -> None:
    (right,), (slip,) = gazetteer.find("Костанай"), gazetteer.find("Костонай")
    assert slip.score < right.score


def test_town_or_region_by_the_word_beside(gazetteer: Gazetteer) -> None:
    assert ids(gazetteer.find("Қостанай")) == ["kostanay-city"]
    assert ids(gazetteer.find("Қостанай облысы")) == ["kostanay"]
    assert ids(gazetteer.find("область Жетысу")) == ["jetisu"]
    assert ids(gazetteer.find("город Акмола")) == ["astana"]
    assert ids(gazetteer.find("Жамбыл қаласы")) == ["taraz"]


# --- the whole file ------------------------------------------------------------------------------


def test_every_region_is_well_covered(gazetteer: Gazetteer) -> None:
    assert len(gazetteer.places) >= 250
    regions = {p.id for p in gazetteer.places.values() if p.kind == "region"}
    assert len(regions) == 17
    for region in regions:
        assert sum(p.region == region for p in gazetteer.places.values()) >= 7, region
    for place in gazetteer.places.values():
        assert 40 < place.latitude < 56 and 46 < place.longitude < 88, place.id


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_place_is_found_by_its_names(gazetteer: Gazetteer, language: str) -> None:
    for place in gazetteer.places.values():
        found = gazetteer.find(place.names[language])
        assert found, place.id
        # Two villages of one name, or one named like a region, are told apart by asking.
        assert found[0].place == place.id or found[0].ambiguous or found[0].region == place.region


def test_messages_that_inform_of_a_place(gazetteer: Gazetteer) -> None:
    messages = Path(__file__).parents[2] / "nlu" / "messages"
    missed = [
        line
        for file in messages.glob("*/inform_location.yml")
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
        for line in entry["examples"].splitlines()
        if not gazetteer.find(line.removeprefix("- "))
    ]
    assert len(missed) <= 5, missed


# --- hostile and long input ----------------------------------------------------------------------


def test_any_text_is_survived(gazetteer: Gazetteer) -> None:
    chance = random.Random(7)
    signs = "алматықӘğñ'’-–.,; \n\u200b\u0301🙏12 qw[]İßﬁ\ud800"
    for _ in range(2000):
        text = "".join(chance.choice(signs) for _ in range(chance.randrange(60)))
        for mention in gazetteer.find(text):
            assert 0 <= mention.start < mention.end <= len(text)


def test_a_long_story_is_fast(gazetteer: Gazetteer) -> None:
    story = ("Мой муж пьёт и бьёт меня, я живу в Караганде у его родителей и боюсь. " * 60)[:4096]
    gazetteer.find(story)
    fastest = min(_seconds(lambda: gazetteer.find(story)) for _ in range(5))
    assert fastest < 0.05  # really under 5 ms; wide, for slow machines


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def test_importing_reads_nothing() -> None:
    code = "import builtins; builtins.open = None; import nlu.places"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


# --- a broken file -------------------------------------------------------------------------------

ENTRY = """\
places:
- id: home
  region: home
  kind: city
  names: {kk: Үйжай, ru: Домово, en: Homeville}
  other_names: []
  latitude: 50.0
  longitude: 70.0
  population: null
  ambiguous: false
"""


def test_reads_another_file(tmp_path: Path) -> None:
    path = tmp_path / "p.yml"
    path.write_text(ENTRY, encoding="utf-8")
    assert ids(Gazetteer.load(path).find("Үйжайдамын")) == ["home"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("region: home", "region: nowhere"), ["entry 1 (home)", "nowhere"]),
        (("ru: Домово, ", ""), ["entry 1 (home)", "'ru'"]),
        (("Домово", "''"), ["entry 1 (home)", "'ru'"]),
        (("- id: home\n", "- id: ''\n"), ["entry 1", "'id'"]),
        (("latitude: 50.0", "latitude: north"), ["entry 1 (home)", "latitude"]),
        (("ambiguous: false", "ambiguous: perhaps"), ["entry 1 (home)", "ambiguous"]),
        (("other_names: []", "other_names: [5]"), ["entry 1 (home)", "other_names"]),
        (("places:\n", "places:\n" + ENTRY.split("\n", 1)[1]), ["entry 2 (home)", "twice"]),
        (("places:", "towns:"), ["'places'"]),
        (("places:\n", "places: [\n"), ["not valid YAML"]),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, change: tuple[str, str], says: list[str]) -> None:
    path = tmp_path / "broken.yml"
    path.write_text(ENTRY.replace(*change, 1), encoding="utf-8")
    with pytest.raises(GazetteerError) as error:
        Gazetteer.load(path)
    for part in ["broken.yml", *says]:
        assert part in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match="none.yml"):
        Gazetteer.load(tmp_path / "none.yml")


def test_lists_of_other_meanings_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "p.yml"
    path.write_text(ENTRY + "other_meanings:\n  colours: [x]\n", encoding="utf-8")
    with pytest.raises(GazetteerError, match="colours"):
        Gazetteer.load(path)
    assert DEFAULT_PATH.is_file()
