"""The cover: right sums and units in three languages, and nothing that betrays."""

from __future__ import annotations

import re
import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import cover
from bot.cover import answer
from common.texts import LANGUAGES, Texts

TEXTS = Texts.load()
PHRASES = {key: by for key, by in TEXTS.phrases.items() if key.startswith("cover_")}
UNITS = {unit.key: unit for unit in cover._UNITS}
NBSP = "\u00a0"


def unknown(language: str) -> str:
    return TEXTS.phrase("cover_unknown", language)


# --- sums ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "typed", "expected"),
    [
        ("ru", "12*3,5+7", "12 × 3,5 + 7 = 49"),
        ("en", "12*3.5+7", "12 × 3.5 + 7 = 49"),
        ("ru", "(2+3)/4", "(2 + 3) / 4 = 1,25"),
        ("ru", "15% от 2000", "15% от 2000 = 300"),
        ("ru", "15 ПРОЦЕНТОВ ОТ 2 млн тенге", f"15% от 2{NBSP}000{NBSP}000 = 300{NBSP}000"),
        ("en", "what is 20 percent of 50?", "20% of 50 = 10"),
        ("ru", "2000 + 10%", "2000 + 10% = 2200"),
        ("ru", "2000 - 10%", "2000 - 10% = 1800"),
        ("ru", "10% + 5%", "10% + 5% = 0,15"),
        ("ru", "100*(1+5%)", "100 × (1 + 5%) = 105"),
        ("ru", "100 + 200*5%", "100 + 200 × 5% = 110"),
        ("ru", "5000₸ - 20%", "5000 - 20% = 4000"),
        ("ru", "2^10", "2^10 = 1024"),
        ("ru", "2²+3³", "2^2 + 3^3 = 31"),
        ("ru", "2 в квадрате", "2^2 = 4"),
        ("ru", "-2^2", "-2^2 = -4"),
        ("ru", "2^3^2", "2^3^2 = 512"),
        ("ru", "√81", "√81 = 9"),
        ("en", "sqrt(81)", "√(81) = 9"),
        ("ru", "корень из 144", "√144 = 12"),
        ("en", "square root of 2", "√2 = 1.41421"),
        ("ru", "3 х 4", "3 × 4 = 12"),
        ("en", "3x4", "3 × 4 = 12"),
        ("ru", "10:4", "10 / 4 = 2,5"),
        ("ru", "5 — 7", "5 - 7 = -2"),
        ("ru", "5--3", "5 - -3 = 8"),
        ("ru", "2(3+4)", "2(3 + 4) = 14"),
        ("ru", "2(7)", "2(7) = 14"),
        ("ru", "((2+3)*4", "((2 + 3) × 4) = 20"),
        ("ru", "2½*2", "2,5 × 2 = 5"),
        ("ru", "2*пи", "2 × π = 6,28319"),
        ("ru", "сколько будет 2+2?", "2 + 2 = 4"),
        ("ru", "２＋２＝", "2 + 2 = 4"),
        ("ru", "0,1+0,2", "0,1 + 0,2 = 0,3"),
        ("ru", "1/3", "1 / 3 = 0,333333"),
        ("ru", "1/3*3", "1 / 3 × 3 = 1"),
        ("ru", "0^0", "0^0 = 1"),
        ("ru", "1,0000001^100000", f"1,0000001^100{NBSP}000 = 1,01005"),
        # Thin and other spaces, and commas or dots that divide thousands.
        ("ru", "1\u2009000\u202f000 + 1", f"1{NBSP}000{NBSP}000 + 1 = 1{NBSP}000{NBSP}001"),
        ("ru", "1.000.000/4", f"1{NBSP}000{NBSP}000 / 4 = 250{NBSP}000"),
        ("ru", "1,000*2", "1 × 2 = 2"),
        ("en", "1,000*2", "1000 × 2 = 2000"),
        ("en", "0,125*2", "0.125 × 2 = 0.25"),
        ("en", "15% of 1,250.50", "15% of 1250.5 = 187.575"),
        # Whole numbers and money are not cut to six digits.
        ("en", "1234567*2", "1,234,567 × 2 = 2,469,134"),
        ("ru", "100000,55+1", f"100{NBSP}000,55 + 1 = 100{NBSP}001,55"),
        ("ru", "2^300", "2^300 = 2,03704·10^90"),
        ("ru", "0,0000001/3", "0,0000001 / 3 = 3,33333·10^-8"),
        # Kazakh, with its letters and without, verb last.
        ("kk", "2000-ның 15%-ы", "15% × 2000 = 300"),
        ("kk", "2000 нын 15 пайызы канша", "15% × 2000 = 300"),
        ("kk", "2000-ға 10% қосса қанша болады?", "2000 + 10% = 2200"),
        ("kk", "10-нан 3-ті ал", "10 - 3 = 7"),
        ("kk", "3-ті 10-нан алсақ", "10 - 3 = 7"),
        ("kk", "12 ні 4 ке бөл", "12 / 4 = 3"),
        ("kk", "12-ни 4-ке болсек", "12 / 4 = 3"),
        ("kk", "5 пен 3-ті көбейт", "5 × 3 = 15"),
        ("kk", "5 көбейту 3", "5 × 3 = 15"),
        ("kk", "81-дің түбірі", "√81 = 9"),
        ("kk", "2-нің 10 дәрежесі", "2^10 = 1024"),
        ("kk", "5 мың + 1", "5000 + 1 = 5001"),
    ],
)
def test_sums(language: str, typed: str, expected: str) -> None:
    assert answer(typed, language, TEXTS) == expected
    assert answer(f"  {typed.upper()} ", language, TEXTS) == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("1/0", "cover_zero"),
        ("5/(3-3)", "cover_zero"),
        ("0^-1", "cover_zero"),
        ("√-4", "cover_no_answer"),
        ("(-8)^(1/3)", "cover_no_answer"),
        ("9**9**9", "cover_too_large"),
        ("9^9^9^9", "cover_too_large"),
        ("1" * 200 + "+1", "cover_too_large"),
        ("10^99 * 10^99", "cover_too_large"),
        ("5 кг в км", "cover_other_kind"),
        ("10 C in kg", "cover_other_kind"),
        ("999999999999999999 км в м", "cover_too_large"),
    ],
)
def test_what_has_no_result_is_said_in_words(language: str, typed: str, key: str) -> None:
    assert answer(typed, language, TEXTS) == TEXTS.phrase(key, language)


def test_a_long_sum_is_answered_without_repeating_it() -> None:
    assert answer("+".join(["1"] * 200), "ru", TEXTS) == "= 200"


_OPERATORS = {"+": Fraction.__add__, "-": Fraction.__sub__, "*": Fraction.__mul__}
Sums = st.recursive(
    st.decimals(min_value=0, max_value=999, places=1).map(lambda d: (str(d), Fraction(d))),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(
        lambda three: (
            f"({three[0][0]}{three[1]}{three[2][0]})",
            _OPERATORS[three[1]](three[0][1], three[2][1]),
        )
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(Sums, st.sampled_from("+-*/"), Sums)
def test_sums_are_right(left: tuple[str, Fraction], sign: str, right: tuple[str, Fraction]) -> None:
    said = answer(left[0] + sign + right[0], "en", TEXTS)
    if sign == "/" and not right[1]:
        assert said == TEXTS.phrase("cover_zero", "en")
        return
    exact = left[1] / right[1] if sign == "/" else _OPERATORS[sign](left[1], right[1])
    shown = said.rsplit("= ", 1)[1].replace(",", "").replace("·10^", "E")
    # Six significant digits, and a whole part is not cut.
    assert abs(Fraction(Decimal(shown)) - exact) <= abs(exact) * Fraction(1, 10**5) / 2


# --- units ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "typed", "expected"),
    [
        ("ru", "12 км в мили", "12 км = 7,456 мили"),
        ("ru", "12км=мили", "12 км = 7,456 мили"),
        ("ru", "12 км — мили", "12 км = 7,456 мили"),
        ("ru", "12 км -> мили", "12 км = 7,456 мили"),
        ("ru", "Переведи 5 миль в километры", "5 миль = 8,047 км"),
        ("ru", "1 миля", "1 миля = 1,609 км"),
        ("ru", "21 миля", "21 миля = 33,796 км"),
        ("ru", "12 миль", "12 миль = 19,312 км"),
        ("ru", "3 морских мили", "3 морские мили = 5,556 км"),
        ("en", "5 kg in pounds", "5 kg = 11.023 pounds"),
        ("en", "1 lb", "1 pound = 0.4536 kg"),
        ("ru", "3 пуда", "3 пуда = 49,141 кг"),
        ("ru", "10 дюймов см", "10 дюймов = 25,4 см"),
        ("ru", "сколько грамм в фунте", "1 фунт = 453,592 г"),
        ("ru", "сколько метров в 5 км", "5 км = 5000 м"),
        ("en", "how many inches in 5 feet", "5 feet = 60 inches"),
        ("en", "5 in in cm", "5 inches = 12.7 cm"),
        ("en", "5 cm in in", "5 cm = 1.969 inches"),
        ("en", "how many in in 5 ft", "5 feet = 60 inches"),
        ("en", "6'2\" in cm", "6 feet 2 inches = 187.96 cm"),
        ("en", "3/4 inch in mm", "0.75 inches = 19.05 mm"),
        ("ru", "1/3 км в м", "0,333333 км = 333,333 м"),
        ("ru", "2 тыс метров в км", "2000 м = 2 км"),
        ("en", "1,500 m in km", "1500 m = 1.5 km"),
        ("ru", "1 мм в км", "1 мм = 0,000001 км"),
        # Area and volume
        ("ru", "5 сот в га", "5 соток = 0,05 га"),
        ("ru", "5 кв. м в кв. футах", "5 м² = 53,82 кв. фута"),
        ("ru", "5 м2 в см2", f"5 м² = 50{NBSP}000 см²"),
        ("ru", "5 м кв в соток", "5 м² = 0,05 сотки"),
        ("ru", "5 квадратных метров в сотках", "5 м² = 0,05 сотки"),
        ("en", "100 square meters in sq ft", "100 m² = 1076.39 sq ft"),
        ("ru", "3 куба в литрах", "3 м³ = 3000 л"),
        ("ru", "3 кубических метра в литрах", "3 м³ = 3000 л"),
        ("ru", "2 ст. л. в мл", "2 ст. л. = 30 мл"),
        ("ru", "3 чайные ложки", "3 ч. л. = 15 мл"),
        ("ru", "1/2 стакана в мл", "0,5 стакана = 125 мл"),
        ("en", "8 fl oz in ml", "8 fl oz = 236.588 ml"),
        ("en", "10 oz to ml", "10 fl oz = 295.735 ml"),
        ("en", "10 oz to g", "10 ounces = 283.495 g"),
        # Temperature; "с" is a second, too.
        ("en", "100 F in C", "100 °F = 37.778 °C"),
        ("ru", "100 F в С", "100 °F = 37,778 °C"),
        ("ru", "-40 c в f", "-40 °C = -40 °F"),
        ("ru", "20 °с", "20 °C = 68 °F"),
        ("ru", "36,6 С", "36,6 °C = 97,88 °F"),
        ("ru", "90 с", "90 секунд = 1,5 минуты"),
        ("ru", "минус 40 градусов в фаренгейты", "-40 °C = -40 °F"),
        ("ru", "25 градусов", "25 °C = 77 °F"),
        ("ru", "212 градусов по фаренгейту в цельсий", "212 °F = 100 °C"),
        ("ru", "300 K в цельсий", "300 K = 26,85 °C"),
        # Time
        ("ru", "2 часа в минутах", "2 часа = 120 минут"),
        ("ru", "2 часа 30 минут", "2 часа 30 минут = 150 минут"),
        ("ru", "сколько секунд в сутках", f"1 день = 86{NBSP}400 секунд"),
        ("ru", "1 год в днях", "1 год = 365 дней"),
        ("en", "how many days in a year", "1 year = 365 days"),
        # Speed
        ("ru", "60 км/ч в м/с", "60 км/ч = 16,667 м/с"),
        ("ru", "100 миль в час в км/ч", "100 миль/ч = 160,934 км/ч"),
        ("en", "60 mph in km/h", "60 mph = 96.561 km/h"),
        ("en", "10 meters per second to km/h", "10 m/s = 36 km/h"),
        ("ru", "10 узлов", "10 узлов = 18,52 км/ч"),
        # Kazakh
        ("kk", "12 км неше миля", "12 км = 7,456 миля"),
        ("kk", "12 км-ді миляға айналдыр", "12 км = 7,456 миля"),
        ("kk", "12 шақырым қанша миль болады?", "12 км = 7,456 миля"),
        ("kk", "12 шакырым канша миля", "12 км = 7,456 миля"),
        ("kk", "5 келі неше грамм", "5 кг = 5000 г"),
        ("kk", "5 кели граммен", "5 кг = 5000 г"),
        ("kk", "2 сағат неше минут", "2 сағат = 120 минут"),
        ("kk", "2 сагатта неше минут бар", "2 сағат = 120 минут"),
        ("kk", "бір фунтта неше грамм бар", "1 фунт = 453,592 г"),
        ("kk", "6 сотық гектармен", "6 сотық = 0,06 га"),
        ("kk", "100 шаршы метр неше сотық", "100 м² = 1 сотық"),
        ("kk", "3 текше метр неше литр", "3 м³ = 3000 л"),
        ("kk", "2 ас қасық неше мл", "2 ас қасық = 30 мл"),
        ("kk", "5 теңіз милясы", "5 теңіз милясы = 9,26 км"),
        ("kk", "20 градус цельсий фаренгейтке", "20 °C = 68 °F"),
        ("kk", "сағатына 60 км неше м/с", "60 км/сағ = 16,667 м/с"),
        ("kk", "90 км/сағ неше м/с", "90 км/сағ = 25 м/с"),
        # The language of the answer is the chat's.
        ("kk", "2 hours in minutes", "2 сағат = 120 минут"),
        ("en", "2 сағат неше минут", "2 hours = 120 minutes"),
    ],
)
def test_units(language: str, typed: str, expected: str) -> None:
    assert answer(typed, language, TEXTS) == expected
    assert answer(f" {typed.replace('С', 'C').upper()}  ", language, TEXTS) == expected.replace(
        "90 секунд = 1,5 минуты", "90 °C = 194 °F"
    )


@pytest.mark.parametrize(
    ("source", "target", "amount"),
    [
        ("mile", "m", 1609.344),
        ("sea_mile", "m", 1852),
        ("foot", "cm", 30.48),
        ("inch", "mm", 25.4),
        ("yard", "cm", 91.44),
        ("verst", "m", 1066.8),
        ("pound", "g", 453.59237),
        ("ounce", "g", 28.349523125),
        ("carat", "mg", 200),
        ("centner", "kg", 100),
        ("tonne", "kg", 1000),
        ("pood", "kg", 16.3804964),
        ("hectare", "m2", 10000),
        ("are", "m2", 100),
        ("acre", "m2", 4046.8564224),
        ("mile2", "m2", 2589988.110336),
        ("foot2", "cm2", 929.0304),
        ("gallon", "ml", 3785.411784),
        ("quart", "ml", 946.352946),
        ("pint", "ml", 473.176473),
        ("cup", "ml", 236.5882365),
        ("fluid_ounce", "ml", 29.5735295625),
        ("barrel", "litre", 158.987294928),
        ("foot3", "litre", 28.316846592),
        ("cm3", "ml", 1),
        ("week", "hour", 168),
        ("year", "month", 12),
        ("knot", "kmh", 1.852),
        ("mph", "ms", 0.44704),
    ],
)
def test_the_units_of_the_library_are_the_ones_meant(
    source: str, target: str, amount: float
) -> None:
    turned = cover._turned(Decimal(1), UNITS[source], UNITS[target])
    assert float(turned) == pytest.approx(amount, rel=1e-6)


@pytest.mark.parametrize("key", UNITS)
def test_a_unit_turns_into_its_neighbour_of_the_same_kind_and_back(key: str) -> None:
    unit = UNITS[key]
    other = UNITS[unit.other]
    assert other.kind == unit.kind
    there = cover._turned(Decimal("12.5"), unit, other)
    assert float(cover._turned(there, other, unit)) == pytest.approx(12.5)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(set(UNITS) - set(cover._TEMPERATURES)))
def test_what_the_cover_writes_it_reads(language: str, key: str) -> None:
    forms = TEXTS.phrase(f"cover_unit_{key}", language).split("|")
    assert len(forms) in {"kk": (1,), "ru": (1, 3), "en": (1, 2)}[language]
    for form in forms:
        for typed in (f"2 {form}", f"2{form.upper()}"):
            said = answer(typed, language, TEXTS)
            assert said.startswith(f"2 {forms[{1: 0, 2: 1, 3: 1}[len(forms)]]} = "), typed


def test_every_word_for_a_unit_is_understood() -> None:
    for unit in UNITS.values():
        for word in unit.words.split():
            said = answer(f"2 {word.rstrip('*')} in {unit.other.replace('_', ' ')}", "en", TEXTS)
            assert said != TEXTS.phrase("cover_other_kind", "en"), word
            assert unit.key in cover._units_of(word.rstrip("*").translate(cover._LETTERS)), word


def test_units_have_their_words_and_none_is_left_over() -> None:
    assert len(UNITS) == len(cover._UNITS)
    written = {key.removeprefix("cover_unit_") for key in PHRASES if key.startswith("cover_unit_")}
    assert written == set(UNITS) - set(cover._TEMPERATURES)
    assert set(cover._TOGETHER.values()) <= set(UNITS)


# --- everything else -----------------------------------------------------------------------------

OTHER = (
    "", " ", "?", "...", "5", "-5", "102", "87011234567", "+7 701 123 45 67", "12.11.2026",
    "привет", "что это", "help", "помогите", "көмек керек", "күйеуім ұрады", "муж бьёт",
    "он бил меня 2 часа", "he hit me 2 times", "мені 3 күн ұрды", "права", "/start", "/rights",
    "5 км и муки", "км", "12 км в", "3 стакана муки", "2 + 2 км", "5 км 3", "10-12 км", "2+", "*3",
    "(", ")", "()", "5)", "%", "√", "5@3", "1.2.3", "1,2,3+1", "--5", "2 2 2", "__import__('os')",
    "{cover_on}", "{0}", "<b>5</b>", "1" * 5000, "(" * 5000, "(" * 900 + "1", "√" * 900 + "1",
    "-" * 900 + "1", "2^" * 400 + "2", "а" * 5000, "\x00", "\ud800", "٣+٣", "5 с / км в м",
    "1 c 2 c в f",
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", OTHER)
def test_to_anything_else_it_says_one_neutral_line(language: str, typed: str) -> None:
    if typed == "12 км в":
        assert " = " in answer(typed, language, TEXTS)
    else:
        assert answer(typed, language, TEXTS) == unknown(language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["cover_on", "cover_unknown"])
def test_the_examples_it_gives_work(language: str, key: str) -> None:
    text = TEXTS.phrase(key, language)
    examples = re.search(r"(?:Мысалы|Например|For example): (.+) (?:немесе|или|or) (.+)\.$", text)
    assert examples is not None
    assert answer(examples[1], language, TEXTS).endswith(" = 300")
    assert re.search(r" = 7[.,]456 \w+$", answer(examples[2], language, TEXTS))


BETRAYS = re.compile(
    r"помощ|помог|прав[ао]|насил|безопас|опасн|полици|кризис|тирек|бот|чат|"
    r"көмек|құқық|зорлық|қауіп|полиция|"
    r"help|right|violen|safe|danger|police|abuse|tirek|\bbot\b|cover|hid",
    re.IGNORECASE,
)


@pytest.mark.parametrize("key", PHRASES)
def test_no_phrase_betrays(key: str) -> None:
    for text in PHRASES[key].values():
        assert not BETRAYS.search(text)
        assert len(text) <= cover.MAX_ANSWER
        assert key == "cover_on" or "\n" not in text


def test_every_phrase_is_said() -> None:
    said = {"cover_on", "cover_unknown", "cover_zero", "cover_too_large", "cover_no_answer",
            "cover_other_kind", "cover_percent_of"}  # fmt: skip
    assert {key for key in PHRASES if not key.startswith("cover_unit_")} == said


def test_an_unknown_language_is_answered_in_russian() -> None:
    assert answer("12 км в мили", "de", TEXTS) == "12 км = 7,456 мили"
    assert answer("hallo", "de", TEXTS) == unknown("ru")


# --- whatever comes ------------------------------------------------------------------------------

_WORDS = sorted({word.rstrip("*") for unit in UNITS.values() for word in unit.words.split()})
_BITS = st.sampled_from(
    [*_WORDS, *"0123456789.,+-*/^%√()²³°'\"½×=?@:", " ", "  ", "в", "in", "to", "кв", "куб", "от",
     "of", "млн", "тыс", "мың", "-ның", "-ға", "-ді", "қос", "ал", "бөл", "көбейт", "түбірі", "пи",
     "градусов", "сколько", "неше", "/ч", "сағатына", "9**9", "1e9", "999999999999", "0,000001"]
)  # fmt: skip


def check(typed: str, language: str) -> None:
    began = time.perf_counter()
    said = answer(typed, language, TEXTS)
    assert time.perf_counter() - began < 2
    assert said
    assert "\n" not in said
    assert len(said) <= cover.MAX_ANSWER
    assert not re.search(r"nan|infinity|E[+-]?\d", said, re.IGNORECASE) or "n" in typed.lower()


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
@example("\U0001d7d9+\U0001d7d9", "ru")
@example("İ" * 400, "ru")
def test_any_text_is_answered(typed: str, language: str) -> None:
    check(typed, language)


@settings(deadline=None, max_examples=1500)
@given(st.lists(_BITS, max_size=25), st.sampled_from(LANGUAGES), st.sampled_from(["", " "]))
def test_any_pieces_of_questions_are_answered(
    pieces: list[str], language: str, between: str
) -> None:
    check(between.join(pieces), language)


@pytest.mark.parametrize(
    "typed",
    [
        "9^" * 30 + "9",
        "1,1^" * 300 + "2",
        "1.000000000000001^999999999999999999999999999999999999",
        "0.5^(10^90)",
        "(1+10^-39)^(10^40)",
        "1" * 1000,
        "1 " * 500,
        "1." * 500,
        "1,1" * 333,
        "1 1 " * 250,
        "1% " * 333,
        "5-ке " * 200,
        "= " * 500,
        "((((1+" * 166,
        "√(" * 300,
        "1 км " * 200,
        "м2 " * 333,
        "кв " * 333,
        "1 млн " * 166,
        "ст " * 333,
        "ﷺ" * 1000,
    ],
)
def test_nothing_makes_it_think_for_long(typed: str) -> None:
    answer("1 км", "ru", TEXTS)
    began = time.perf_counter()
    for language in LANGUAGES:
        said = answer(typed, language, TEXTS)
        assert len(said) <= cover.MAX_ANSWER
    assert time.perf_counter() - began < 1
