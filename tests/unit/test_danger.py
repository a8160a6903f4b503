"""The fixed danger check: what it must see, what it must leave alone, and how it is built."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from nlu.danger import DEFAULT_LEXICON, Danger, DangerChecker, LexiconError

LINES: dict[str, dict[str, dict[str, list[str]]]] = yaml.safe_load(
    Path(__file__).with_name("danger_lines.yml").read_text(encoding="utf-8")
)

PLAIN = str.maketrans("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноуухиАГКНОУУХИ")
LATIN = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e",
    "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k", "қ": "q", "л": "l", "м": "m", "н": "n",
    "ң": "n", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u",
    "ү": "u", "ф": "f", "х": "h", "һ": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "",
    "ы": "y", "і": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip


def latin(text: str) -> str:
    return "".join(LATIN.get(letter, letter) for letter in text.lower())


def lines(kind: str, form: str) -> list[tuple[str, str]]:
    """(class, line) in one language form; made forms are typed from the written lines."""
    language, _, made = form.partition("-")
    retype: dict[str, Callable[[str], str]] = {
        "": lambda line: line,
        "plain": lambda line: line.translate(PLAIN),
        "latin": latin,
    }
    return [
        (name, retype[made](line))
        for name, kinds in LINES.items()
        for line in kinds[kind].get(language, ())
    ]


@pytest.fixture(scope="module")
def checker() -> DangerChecker:
    return DangerChecker.load()


FORMS = ["kk", "kk-plain", "kk-latin", "ru", "ru-latin", "en", "mixed"]


@pytest.mark.parametrize("form", FORMS)
def test_danger_is_seen_in_every_form(checker: DangerChecker, form: str) -> None:
    wanted = lines("danger", form)
    missed = [line for _, line in wanted if checker.check(line) is None]
    assert len(missed) <= 0.02 * len(wanted), missed


@pytest.mark.parametrize("name", [kind.value for kind in Danger])
def test_no_class_is_weak(checker: DangerChecker, name: str) -> None:
    wanted = [line for form in FORMS for cls, line in lines("danger", form) if cls == name]
    missed = [line for line in wanted if checker.check(line) is None]
    assert len(missed) <= 0.05 * len(wanted), missed


@pytest.mark.parametrize("form", [form for form in FORMS if form != "mixed"])
def test_the_same_words_in_harmless_lines_raise_no_alarm(checker: DangerChecker, form: str) -> None:
    harmless = lines("harmless", form)
    alarms = [line for _, line in harmless if checker.check(line) is not None]
    assert len(alarms) <= 0.03 * len(harmless), alarms


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("он меня душит", Danger.choking),
        ("қолында пышақ бар", Danger.weapon),
        ("есікті сындырып жатыр", Danger.attack_now),
        ("he said he will kill me", Danger.threat_to_kill),
        ("мені үйге қамап кетті", Danger.locked_in),
        ("меня изнасиловали вчера", Danger.rape_recent),
        ("баламды ұрып жатыр", Danger.child_in_danger),
        ("I don't want to live", Danger.self_harm),
        ("мені алып қашып кетті", Danger.abduction),
        ("истекаю кровью", Danger.injury_signs),
        ("шантажирует интимным видео", Danger.image_blackmail),
    ],
)
def test_the_kind_is_named(checker: DangerChecker, text: str, kind: Danger) -> None:
    hit = checker.check(text)
    assert hit is not None
    assert hit.kind is kind


def test_the_most_urgent_kind_is_named_first(checker: DangerChecker) -> None:
    hit = checker.check("шантажирует моими интимными фото, а сейчас душит меня")
    assert hit is not None
    assert hit.kind is Danger.choking


def test_only_blackmail_is_no_emergency() -> None:
    assert [kind for kind in Danger if not kind.is_emergency] == [Danger.image_blackmail]


def test_the_hit_points_at_the_words(checker: DangerChecker) -> None:
    text = "Здравствуйте. Пишу вам вечером. Он меня душит. Спасибо."
    hit = checker.check(text)
    assert hit is not None
    assert "душит" in text[hit.start : hit.end]
    assert "Здравствуйте" not in text[hit.start : hit.end]


# --- telling of violence in general is a disclosure, not an emergency


@pytest.mark.parametrize(
    "text",
    ["муж бьет", "муж бьёт меня", "күйеуім ұрады", "my husband beats me", "енем ұрысады"],
)
def test_a_disclosure_in_general_is_left_to_the_model(checker: DangerChecker, text: str) -> None:
    assert checker.check(text) is None


@pytest.mark.parametrize(
    ("now", "not_now"),
    [
        ("күйеуім ұрып жатыр", "күйеуім ұратын"),
        ("есікті бұзып жатыр", "есік бұзылып қалды"),
        ("өлтіремін деді", "өлтіріп жібере жаздады күлкіден"),
        ("he is hitting me", "he used to hit me"),
    ],
)
def test_endings_carry_the_time(checker: DangerChecker, now: str, not_now: str) -> None:
    assert checker.check(now) is not None
    assert checker.check(not_now) is None


@pytest.mark.parametrize(
    "text",
    ["у него не нож", "пышақ жоқ", "он не угрожает, он не душит", "he does not have a knife"],
)
def test_negation(checker: DangerChecker, text: str) -> None:
    assert checker.check(text) is None


def test_a_negation_inside_the_rule_is_no_negation(checker: DangerChecker) -> None:
    assert checker.check("не выпускает меня из квартиры") is not None
    assert checker.check("не хочу жить") is not None


# --- forms of writing


@pytest.mark.parametrize(
    "text",
    [
        "он   меня\n\nдушит",
        "ОН МЕНЯ ДУШИТ!!!",
        "он ме\u200bня ду\u00adшит",
        "он меня душииииит",
        "он меня душит 😭😭🙏",
        "oн мeня дyшит",
        "on menya dushit",
        "Қ о л ы н д а пышақ бар, ол келе жатыр",
        "ol meni buyndyryp zhatyr",
        "ол мени буындырып жатыр",
    ],
)
def test_forms_of_writing(checker: DangerChecker, text: str) -> None:
    assert checker.check(text) is not None


@pytest.mark.parametrize(
    "text",
    ["SOS", "sos!!!", "тірек sos", "Тирек СОС", "🆘", "help", "Помогите", "помогите пожалуйста 🙏",
     "көмектесіңдер тез", "komektesinder", "полиция шақырыңыздаршы"],
)  # fmt: skip
def test_safe_words_and_bare_cries(checker: DangerChecker, text: str) -> None:
    hit = checker.check(text)
    assert hit is not None
    assert hit.kind is Danger.attack_now


@pytest.mark.parametrize(
    "text",
    ["", " ", "😀😀", "👍", "/start", "...", "\u200b", "1", "тірек", "Привет, Тирек", "да", "иә",
     "Мне уже не опасно", "Вы не так поняли", "Кімге хабарласамын", "Құқықтарым"],
)  # fmt: skip
def test_nothing_and_buttons(checker: DangerChecker, text: str) -> None:
    assert checker.check(text) is None


@pytest.mark.parametrize("end", ["он ломает дверь", "ол есікті сындырып жатыр", "he has a knife"])
@pytest.mark.parametrize("stop", [". ", " ", "\n"])
def test_the_danger_at_the_end_of_a_long_message(
    checker: DangerChecker, end: str, stop: str
) -> None:
    filler = stop.join(["у нас обычная семья", "живем в городе", "работаю в школе"])
    text = (filler + stop) * 100
    text = text[: 4096 - len(end) - 1] + "\n" + end
    assert len(text) == 4096
    hit = checker.check(text)
    assert hit is not None
    assert hit.start > 4000


@pytest.mark.parametrize(
    "text",
    ["a" * 4096, "не он не нож " * 315, "ол мені ұрып емес " * 227, "💥" * 4096, "а б " * 1024],
)
def test_no_text_blows_up(checker: DangerChecker, text: str) -> None:
    """Texts that would take minutes if matching grew faster than the text; no clock is read."""
    for _ in range(10):
        checker.check(text)


# --- the lexicon file


def test_explain_names_the_rule(checker: DangerChecker) -> None:
    fired = checker.explain("он меня душит")
    assert any(kind is Danger.choking and "душит" in rule for kind, rule in fired)


def test_the_head_has_owner_review_and_changes() -> None:
    head = yaml.safe_load(DEFAULT_LEXICON.read_text(encoding="utf-8"))["head"]
    assert {"owner", "reviewed_by", "reviewed_on", "next_review", "changes"} <= set(head)
    assert head["changes"]


SMALL = """
head: {owner: x}
safe_words: {en: [sos]}
whole_message: {attack_now: [help], may_go_with: [please]}
negation: {before: [not], after: [жоқ]}
groups:
  KNIFE: [knife]
guards:
  film: {reach: 5, words: [film]}
classes:
"""
SMALL += "".join(
    f'  {kind.value}: {{guards: [film], rules: ["KNIFE + throat"]}}\n' for kind in Danger
)


def load(tmp_path: Path, text: str) -> DangerChecker:
    path = tmp_path / "danger.yml"
    path.write_text(text, encoding="utf-8")
    return DangerChecker.load(path)


def test_a_small_lexicon(tmp_path: Path) -> None:
    checker = load(tmp_path, SMALL)
    assert checker.check("knife at my throat") is not None
    assert checker.check("throat, then the knife") is not None
    assert checker.check("not knife at my throat") is None
    assert checker.check("the film: knife at my throat") is None
    assert checker.check("knife one two three four five six seven eight throat") is None


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("KNIFE + throat", "NIFE + throat", ["danger.yml", "NIFE"]),
        ("KNIFE: [knife]", "KNIFE: [true]", ["danger.yml", "KNIFE", "True"]),
        ("KNIFE: [knife]", "KNIFE: ['x*']", ["danger.yml", "KNIFE", "x*"]),
        ("KNIFE: [knife]", "KNIFE: [KNIFE knife]", ["danger.yml", "KNIFE"]),
        ("guards: [film]", "guards: [flim]", ["danger.yml", "flim"]),
        ("  self_harm:", "  self_ham:", ["danger.yml", "self_ham"]),
        ("groups:", "groups: [", ["danger.yml", "YAML"]),
    ],
)
def test_a_broken_lexicon_says_where(tmp_path: Path, old: str, new: str, names: list[str]) -> None:
    with pytest.raises(LexiconError) as error:
        load(tmp_path, SMALL.replace(old, new))
    assert all(name in str(error.value) for name in names), error.value


def test_a_missing_lexicon_says_so(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"nothing\.yml"):
        DangerChecker.load(tmp_path / "nothing.yml")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Не хочу больше жить, с каким психологом можно поговорить?", Danger.self_harm),
        ("Он ломает дверь прямо сейчас, куда мне звонить?", Danger.attack_now),
        ("Өмір сүргім келмейді, кіммен сөйлесуге болады?", Danger.self_harm),
        ("i want to kill myself, who can i talk to?", Danger.self_harm),
    ],
)
def test_a_question_beside_danger_does_not_hide_it(
    checker: DangerChecker, text: str, kind: Danger
) -> None:
    hit = checker.check(text)
    assert hit is not None
    assert hit.kind is kind
