"""The cover: a plain calculator, for when somebody else looks at the phone.

:func:`answer` does sums and converts units in Kazakh, Russian and English, and says one neutral
line to everything else. It keeps nothing, evaluates nothing but its own grammar, and answers at
once whatever is typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import (
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import pint

from common.texts import Texts

__all__ = ["answer"]

# --- what is taken, and how far it goes ----------------------------------------------------------

MAX_TYPED = 1000
MAX_ANSWER = 200
MAX_DEPTH = 40
# Numbers beyond 10^100 are "too large", nearer to zero than 10^-100 are zero.
MAX_TENS = 100
# A sum this long is not repeated before its result.
_MAX_REPEATED = 120
_CONTEXT = Context(prec=40, traps=[DivisionByZero, InvalidOperation, Overflow])
_SIGNIFICANT = 6


class _Unanswered(Exception):
    """The phrase ``key`` is the answer."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class _Unreadable(Exception):
    """Not a sum, or not units."""


def answer(text: str, language: str, texts: Texts) -> str:
    """What a calculator says to ``text``: always one short line, in ``language``."""
    for read in (_calculated, _converted):
        try:
            said = read(_plain(text), language, texts)
        except _Unreadable:
            continue
        except _Unanswered as reason:
            return texts.phrase(reason.key, language)
        except DecimalException:
            return texts.phrase("cover_no_answer", language)
        if said is not None and len(said) <= MAX_ANSWER:
            return said
    return texts.phrase("cover_unknown", language)


# --- one spelling --------------------------------------------------------------------------------

_SIGNS = str.maketrans(
    {
        "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "×": "*", "·": "*", "∙": "*", "⋅": "*",
        "÷": "/", "∕": "/", "⁄": "/", "²": "^2", "³": "^3", "½": ".5", "¼": ".25", "¾": ".75",
        "º": "°", "’": "'", "′": "'", "“": '"', "”": '"', "″": '"', "→": " ",
    }
)  # fmt: skip
# "С" is Celsius as a capital after a number or after "°"; else it may be a second.
_CELSIUS = re.compile(r"(?:(?<=[0-9]) ?[СC]|° ?[СCсc])(?![^\W_])")
# Kazakh is typed without its own letters, too.
_LETTERS = str.maketrans("әғқңөұүһіё", "агкноуухие")
_SPACES = re.compile(r"\s+")
_GLUED = re.compile(r"(?<=[0-9])(?=[^\W\d_])")
_GROUPS = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?: [0-9]{3})+(?![0-9])")
_NUMBER = r"(?<![0-9.,])(?:[0-9]+(?:[.,][0-9]+)*|[.,][0-9]+)"
_TIMES = (
    (r"тыс|тысяч\w*|мын|thousand", 3),
    (r"млн|миллион\w*|mln|million", 6),
    (r"млрд|миллиард\w*|billion", 9),
)


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _plain(text: str) -> str:
    """Lower case, no special letters, usual signs, single spaces, ``1 000`` as ``1000``."""
    text = text[: 4 * MAX_TYPED].strip()
    if len(text) > MAX_TYPED:
        raise _Unreadable
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    text = _CELSIUS.sub(" °c", text).lower()
    # "Й" and "Ё" typed as two signs are one by now; other marks and invisible signs go.
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn", "Me"))
    text = _GLUED.sub(" ", text.translate(_LETTERS))
    text = _SPACES.sub(" ", text).strip()
    return _GROUPS.sub(lambda found: found[0].replace(" ", ""), text)


def _with_thousands(typed: str, language: str) -> str:
    """Write ``2 тыс`` and ``1.5 million`` in digits."""
    for words, zeros in _TIMES:
        pattern = _pattern(rf"({_NUMBER}) ?(?:{words})\b\.?")
        while found := pattern.search(typed):
            many = _number(found[1], language).scaleb(zeros, _CONTEXT)
            typed = f"{typed[: found.start()]}{many:f}{typed[found.end() :]}"
    return typed


def _number(typed: str, language: str) -> Decimal:
    """Read ``3,5``, ``3.5``, ``1,234,567`` and, where a comma divides thousands, ``1,234``."""
    commas, dots = typed.count(","), typed.count(".")
    thousands = ""
    if commas and dots:
        thousands = "," if typed.rindex(".") > typed.rindex(",") else "."
    elif commas > 1 or (language == "en" and re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", typed)):
        thousands = ","
    elif dots > 1:
        thousands = "."
    if thousands:
        sign = re.escape(thousands)
        if not re.fullmatch(rf"[0-9]{{1,3}}(?:{sign}[0-9]{{3}})+(?:[^{sign}][0-9]+)?", typed):
            raise _Unreadable
        typed = typed.replace(thousands, "")
    if typed.count(",") + typed.count(".") > 1:
        raise _Unreadable
    return _checked(_CONTEXT.create_decimal(typed.replace(",", ".")))


def _checked(value: Decimal) -> Decimal:
    if value.is_finite() and value:
        if value.adjusted() > MAX_TENS:
            raise _Unanswered("cover_too_large")
        if value.adjusted() < -MAX_TENS:
            return Decimal(0)
    return value


# --- how a number is shown -----------------------------------------------------------------------


def _rounded(value: Decimal, decimals: int) -> Decimal:
    """Six significant digits, but whole numbers and money are not cut.

    ``decimals`` is how many stand behind the point of a number above one.
    """
    value = Context(prec=25).plus(value)
    if not value:
        return Decimal(0)
    tens = value.adjusted()
    if tens >= 15 or tens < -6:
        return Context(prec=_SIGNIFICANT).plus(value)
    if value == value.quantize(Decimal("0.01"), context=_CONTEXT):
        return value
    places = min(_SIGNIFICANT - 1 - tens, decimals if tens >= 0 else decimals - tens)
    return value.quantize(Decimal(1).scaleb(-max(places, 0)), context=_CONTEXT)


def _shown(value: Decimal, language: str) -> str:
    value = value.normalize(_CONTEXT)
    if not value or -7 < value.adjusted() < 15:
        return _grouped(value, language)
    mantissa, _, power = f"{value:e}".partition("e")
    return f"{mantissa.replace('.', _point(language))}·10^{int(power)}"


def _grouped(value: Decimal, language: str) -> str:
    """All digits: ``12 345,6`` or ``12,345.6``."""
    whole, _, rest = f"{value.normalize(_CONTEXT):f}".partition(".")
    if len(whole.lstrip("-")) > 4:
        whole = f"{int(whole):,}".replace(",", "," if language == "en" else "\u00a0")
    return f"{whole}{_point(language)}{rest}" if rest else whole


def _point(language: str) -> str:
    return "." if language == "en" else ","


# --- sums ----------------------------------------------------------------------------------------

# Stands for "of" between signs; whoever types it gets no sum.
_OF = "@"
# Kazakh endings after a number: "2000-ның", "10-нан", "5ке", "3 ті".
_KK_FROM = r"[- ]?[ндт][ыиае]н"
_KK_TO = r"[- ]?(?:[ндт][ыи]|[гк][ае])"
_KK_ONE = rf"({_NUMBER}%?)(?:{_KK_FROM}|{_KK_TO}|[- ]?[мбп]ен)?"
_MONEY = r"тенге\w*|тг|kzt|рубл\w*|руб|usd|eur|доллар\w*|евро|dollars?|euros?|tenge"
# Words become signs, in this order. Kazakh puts the verb last: "10-нан 3-ті ал".
_WORDS = (
    (rf"(?:[₸$€£₽]|\b(?:{_MONEY})\b\.?)", " "),
    (r"%-?(?:[ыи]н?[ае]?|[гк][ае]|тен|тин|ти)\b", "%"),
    (r" ?\b(?:процент\w*|пайыз\w*|паиыз\w*|per ?cent)\b", "%"),
    (rf"({_NUMBER}){_KK_FROM} ({_NUMBER})%", rf"\2%{_OF}\1"),
    (rf"({_NUMBER}){_KK_FROM} (?:квадрат )?туб[иы]р\w*", r"√\1"),
    (rf"({_NUMBER}){_KK_FROM} квадраты\b", r"\1^2"),
    (rf"({_NUMBER}){_KK_FROM} кубы\b", r"\1^3"),
    (rf"({_NUMBER}){_KK_FROM} ({_NUMBER})-?(?:[шн][иы])? ?дареже\w*", r"\1^\2"),
    (rf"({_NUMBER}){_KK_TO} ({_NUMBER}){_KK_FROM} ал\w*", r"\2-\1"),
    (rf"{_KK_ONE} {_KK_ONE} (?:кос\w*)", r"\1+\2"),
    (rf"{_KK_ONE} {_KK_ONE} (?:ал\w*|азайт\w*)", r"\1-\2"),
    (rf"{_KK_ONE} {_KK_ONE} (?:кобейт\w*)", r"\1*\2"),
    (rf"{_KK_ONE} {_KK_ONE} (?:бол(?!ад)\w*)", r"\1/\2"),
    (r"\b(?:квадратный корень(?: из)?|корень квадратный(?: из)?|корень(?: из)?|"
     r"square root(?: of)?|root of|sqrt(?: of)?|туб[иы]р астында|туб[иы]р)(?![^\W\d_])", "√"),
    (r"\b(?:в степени|в степень|to the power(?: of)?|дарежеси)\b|\*\*", "^"),
    (r"\b(?:в квадрате|squared)\b", "^2"),
    (r"\b(?:в кубе|cubed)\b", "^3"),
    (r"\b(?:умножить|умножь|умножено|помножить|помножь)(?: на)?\b|\bmultiplied by\b|"
     r"\btimes\b|\bкобейту\b", "*"),
    (r"(?<![^\W\d_])[xх](?![^\W\d_])", "*"),
    (r"\b(?:разделить|раздели|разделено|поделить|подели|делить|делим)(?: на)?\b|"
     r"\bdivided? by\b|\bболу\b|:", "/"),
    (r"\b(?:плюс|прибавить|прибавь|plus|косу)\b", "+"),
    (r"\b(?:минус|отнять|вычесть|отними|minus|алу)\b", "-"),
    (rf"% ?(?:от|из|of)\b(?: числа\b| суммы\b)?|% ?(?={_NUMBER})", f"%{_OF}"),
    (r"\b(?:сколько|скока|будет|это|равно|посчитай|посчитайте|вычисли|реши|чему|what|is|how|much|"
     r"calculate|equals?|канша|неше|болады|есепте\w*|тен)\b", " "),
    (r"(?:\s*[=?!.,;])+\s*$", ""),
    (r"^\s*[=]\s*", ""),
    (r"\s+", " "),
)  # fmt: skip
_TOKEN = re.compile(rf" ?(?:({_NUMBER})|(pi|пи|π)(?![^\W\d_])|([-+*/^()%√{_OF}]))")
_PI = Decimal("3.14159265358979323846264338327950288")


class _Part(NamedTuple):
    """A sign or, with its ``value``, a number."""

    sign: str
    value: Decimal | None = None


def _calculated(typed: str, language: str, texts: Texts) -> str | None:
    if _OF in typed:
        return None
    typed = _with_thousands(typed, language)
    for pattern, sign in _WORDS:
        typed = _pattern(pattern).sub(sign, typed)
    parts = list(_parts(typed.strip(), language))
    # A number alone is no sum, whatever its sign.
    if sum(part.sign in ("n", "pi") for part in parts) < 2 and not any(
        part.sign in ("*", "/", "^", "%", "√", _OF) for part in parts
    ):
        return None
    result = _shown(_rounded(_Sum(parts).result(), 15), language)
    repeated = _repeated(parts, language, texts)
    return f"{repeated} = {result}" if len(repeated) <= _MAX_REPEATED else f"= {result}"


def _parts(typed: str, language: str) -> Iterator[_Part]:
    at = 0
    while at < len(typed):
        found = _TOKEN.match(typed, at)
        if found is None:
            raise _Unreadable
        at = found.end()
        number, pi, sign = found.groups()
        if number:
            yield _Part("n", _number(number, language))
        elif pi:
            yield _Part("pi", _PI)
        else:
            yield _Part(sign)


def _repeated(parts: list[_Part], language: str, texts: Texts) -> str:
    """The sum in usual signs."""
    of = texts.phrase("cover_percent_of", language)
    signs = {"*": " × ", "/": " / ", "pi": "π", _OF: f" {of} "}
    said: list[str] = []
    before = ""
    for sign, value in parts:
        after_value = before in ("n", "pi", ")", "%")
        if sign == "n" and value is not None:
            said.append(_grouped(value, language))
        elif sign in "+-":
            said.append(f" {sign} " if after_value else sign)
        else:
            said.append(signs.get(sign, sign))
        before = sign
    return "".join(said) + ")" * (said.count("(") - said.count(")"))


class _Sum:
    """Reads and works out a sum; brackets left open at the end are closed."""

    def __init__(self, parts: list[_Part]) -> None:
        self._parts = parts
        self._at = 0
        self._depth = 0

    def result(self) -> Decimal:
        value, _ = self._sum()
        if self._at < len(self._parts):
            raise _Unreadable
        return value

    def _next(self) -> str:
        return self._parts[self._at].sign if self._at < len(self._parts) else ""

    def _take(self) -> _Part:
        if self._at >= len(self._parts):
            raise _Unreadable
        self._at += 1
        return self._parts[self._at - 1]

    def _sum(self) -> tuple[Decimal, bool]:
        """``2000 + 10%`` adds a tenth of 2000; whether all is one percentage is told, too."""
        value, percent = self._product()
        while self._next() in ("+", "-"):
            sign = self._take().sign
            right, right_percent = self._product()
            if right_percent and not percent:
                right = _CONTEXT.multiply(value, right)
            percent = percent and right_percent
            value = _checked(
                _CONTEXT.add(value, right) if sign == "+" else _CONTEXT.subtract(value, right)
            )
        return value, percent

    def _product(self) -> tuple[Decimal, bool]:
        value, percent = self._signed()
        # "2(3+4)" and "2√9" are products.
        while self._next() in ("*", "/", _OF, "(", "√", "pi"):
            sign = self._take().sign if self._next() in ("*", "/", _OF) else "*"
            right, _ = self._signed()
            percent = False
            if sign == "/":
                if not right:
                    raise _Unanswered("cover_zero")
                value = _checked(_CONTEXT.divide(value, right))
            else:
                value = _checked(_CONTEXT.multiply(value, right))
        return value, percent

    def _signed(self) -> tuple[Decimal, bool]:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _Unreadable
        if self._next() in ("+", "-"):
            sign = self._take().sign
            value, percent = self._signed()
            value = -value if sign == "-" else value
        else:
            value, percent = self._power()
        self._depth -= 1
        return value, percent

    def _power(self) -> tuple[Decimal, bool]:
        value, percent = self._atom()
        if self._next() == "^":
            self._take()
            exponent, _ = self._signed()
            return _raised(value, exponent), False
        return value, percent

    def _atom(self) -> tuple[Decimal, bool]:
        sign, number = self._take()
        percent = False
        if number is not None:
            value = number
        elif sign == "(":
            value, percent = self._sum()
            if self._at < len(self._parts) and self._take().sign != ")":
                raise _Unreadable
        elif sign == "√":
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise _Unreadable
            value, _ = self._signed() if self._next() in ("+", "-") else self._atom()
            self._depth -= 1
            if value < 0:
                raise _Unanswered("cover_no_answer")
            value = _CONTEXT.sqrt(value)
        else:
            raise _Unreadable
        while self._next() == "%":
            self._take()
            value, percent = _checked(_CONTEXT.divide(value, Decimal(100))), True
        return value, percent


def _raised(base: Decimal, exponent: Decimal) -> Decimal:
    """``base ^ exponent`` within the limits, without working out what is beyond them."""
    if not exponent:
        return Decimal(1)
    if not base:
        if exponent < 0:
            raise _Unanswered("cover_zero")
        return base
    if abs(base) == 1 and exponent == exponent.to_integral_value():
        odd = _CONTEXT.remainder(exponent, Decimal(2)) if exponent.adjusted() < 30 else 0
        return base if odd else Decimal(1)
    tens = _CONTEXT.multiply(_CONTEXT.log10(abs(base)), exponent)
    if tens > MAX_TENS:
        raise _Unanswered("cover_too_large")
    if tens < -MAX_TENS:
        return Decimal(0)
    return _checked(_CONTEXT.power(base, exponent))


# --- units ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Unit:
    """``key`` names the phrase ``cover_unit_...``, ``pint`` the unit of the library.

    ``other`` is what it is turned into when nothing is asked for. ``words`` are how people write
    it; a star stands for the endings of nouns.
    """

    key: str
    kind: str
    pint: str
    other: str
    words: str


_TEMPERATURES = {"celsius": "°C", "fahrenheit": "°F", "kelvin": "K"}
_OWN = (
    # The library's acre is of survey feet.
    "tirek_acre = 4840 * yard**2",
    "tirek_verst = 1066.8 * meter",
    "tirek_centner = 100 * kilogram",
    "tirek_pood = 16.3804964 * kilogram",
    "tirek_glass = 250 * milliliter",
    "tirek_tablespoon = 15 * milliliter",
    "tirek_teaspoon = 5 * milliliter",
    "tirek_year = 365 * day",
    "tirek_month = tirek_year / 12",
)
_UNITS = (
    _Unit("km", "length", "kilometer", "m",
          "км km kms километр* шақырым* kilometer* kilometre*"),
    _Unit("m", "length", "meter", "cm", "м m метр* meter* metre*"),
    _Unit("cm", "length", "centimeter", "inch", "см cm сантиметр* сантим* centimeter* centimetre*"),
    _Unit("mm", "length", "millimeter", "cm", "мм mm миллиметр* милиметр* millimeter* millimetre*"),
    _Unit("mile", "length", "mile", "km", "мил* миль* миля* mile* mi"),
    _Unit("sea_mile", "length", "nautical_mile", "km", "nmi"),
    _Unit("foot", "length", "foot", "cm", "фут* foot feet ft '"),
    _Unit("inch", "length", "inch", "cm", 'дюйм* inch* "'),
    _Unit("yard", "length", "yard", "m", "ярд* yard* yd yds"),
    _Unit("verst", "length", "tirek_verst", "km", "верст* верста* verst* versta*"),
    _Unit("kg", "weight", "kilogram", "g",
          "кг kg kgs кило килограмм* килограм* келі* kilo* kilogram* kilogramme*"),
    _Unit("g", "weight", "gram", "kg", "г гр g gr грамм* грам* gram* gramme*"),
    _Unit("mg", "weight", "milligram", "g", "мг mg миллиграмм* милиграмм* milligram*"),
    _Unit("tonne", "weight", "metric_ton", "kg", "т тн t тонн* тонна* tonne* ton*"),
    _Unit("centner", "weight", "tirek_centner", "kg", "ц центнер* centner* quintal*"),
    _Unit("pound", "weight", "pound", "kg", "фунт* pound* lb lbs"),
    _Unit("ounce", "weight", "ounce", "g", "унци* унция* унций ounce* oz"),
    _Unit("carat", "weight", "carat", "g", "карат* carat* ct"),
    _Unit("pood", "weight", "tirek_pood", "kg", "пуд* пұт пұтқа пұтты pood*"),
    _Unit("km2", "area", "kilometer**2", "hectare", ""),
    _Unit("m2", "area", "meter**2", "are", "кв квм sqm"),
    _Unit("cm2", "area", "centimeter**2", "m2", ""),
    _Unit("hectare", "area", "hectare", "are", "га ha гектар* hectare*"),
    _Unit("are", "area", "are", "m2", "сот сотк* соток сотих сотық* соты* ар ары аров are ares"),
    _Unit("acre", "area", "tirek_acre", "hectare", "акр* acre* ac"),
    _Unit("foot2", "area", "foot**2", "m2", "sqft"),
    _Unit("mile2", "area", "mile**2", "km2", "sqmi"),
    _Unit("litre", "volume", "liter", "ml", "л l литр* liter* litre*"),
    _Unit("ml", "volume", "milliliter", "litre",
          "мл ml миллилитр* милилитр* milliliter* millilitre*"),
    _Unit("m3", "volume", "meter**3", "litre", "куб кубов куба кубы кубометр* cbm"),
    _Unit("cm3", "volume", "centimeter**3", "ml", "cc"),
    _Unit("foot3", "volume", "foot**3", "litre", "cuft"),
    _Unit("gallon", "volume", "gallon", "litre", "галлон* галон* gallon* gal"),
    _Unit("quart", "volume", "quart", "litre", "кварт* кварта* quart* qt"),
    _Unit("pint", "volume", "pint", "litre", "пинт* пинта* pint* pt"),
    _Unit("barrel", "volume", "oil_barrel", "litre", "баррел* баррель* barrel* bbl"),
    _Unit("fluid_ounce", "volume", "fluid_ounce", "ml", "floz oz"),
    _Unit("glass", "volume", "tirek_glass", "ml", "стакан* glass*"),
    _Unit("cup", "volume", "cup", "ml", "чашк* чашка* чашек кесе* cup*"),
    _Unit("tablespoon", "volume", "tirek_tablespoon", "ml", "tbsp tbs tablespoon*"),
    _Unit("teaspoon", "volume", "tirek_teaspoon", "ml", "tsp teaspoon*"),
    _Unit("second", "time", "second", "minute", "с s сек sec secs секунд* секунда* second*"),
    _Unit("minute", "time", "minute", "second", "мин min mins минут* минута* minute*"),
    _Unit("hour", "time", "hour", "minute", "ч h hr hrs час* сағ сағат* hour*"),
    _Unit("day", "time", "day", "hour",
          "д d день дня дней дни днях дням сутки сутках суток күн* тәулік* тәулиг* day*"),
    _Unit("week", "time", "week", "day", "нед недел* неделя* апта* week* wk wks"),
    _Unit("month", "time", "tirek_month", "day", "мес месяц* ай* month* mo"),
    _Unit("year", "time", "tirek_year", "day", "г год* лет жыл* year* yr yrs"),
    _Unit("kmh", "speed", "kilometer/hour", "ms", "kmh kph кмч"),
    _Unit("ms", "speed", "meter/second", "kmh", "mps"),
    _Unit("mph", "speed", "mile/hour", "kmh", "mph"),
    _Unit("knot", "speed", "knot", "kmh", "узел узл* түйін* knot* kn kt kts"),
    _Unit("celsius", "temperature", "degC", "fahrenheit",
          "c с цельси* цельсий* celsius celcius centigrade"),
    _Unit("fahrenheit", "temperature", "degF", "celsius", "f ф фаренгейт* fahrenheit farenheit"),
    _Unit("kelvin", "temperature", "kelvin", "celsius", "k к кельвин* kelvin*"),
)  # fmt: skip
# "км" and "ч", "кв" and "м": what two units or a word and a unit make together.
_TOGETHER = {
    ("km", "hour"): "kmh", ("m", "second"): "ms", ("mile", "hour"): "mph",
    ("km", "2"): "km2", ("m", "2"): "m2", ("cm", "2"): "cm2", ("foot", "2"): "foot2",
    ("mile", "2"): "mile2", ("m", "3"): "m3", ("cm", "3"): "cm3", ("foot", "3"): "foot3",
}  # fmt: skip
# Units of two words, before the words are looked at one by one.
_TWO_WORDS = (
    (r"\bст(?:ол\w*)?\.? ?л(?:ож\w*)?\b\.?|\bас касы\w*", "tbsp"),
    (r"\bч(?:айн\w*)?\.? ?л(?:ож\w*)?\b\.?|\bша[йи] касы\w*", "tsp"),
    (r"\bfl\.? ?oz\b|\bfluid ounces?\b|\bжидк\w*\.? унц\w*|\bсу[йи]ык унц\w*", "floz"),
    (r"\bnautical miles?\b|\bмор(?:ск\w*|\.) мил\w*|\bтен[ие]з мил\w*", "nmi"),
    (r"\bsq\.? ?ft\b", "sqft"),
    (r"\bcu\.? ?ft\b", "cuft"),
    (r"(?<=[^\W\d_])\^?([23])(?![0-9.,])", r" ^\1"),
)
_ENDING = re.compile(
    r"(?:ом|ов|ам|ами|ах|ем|е[йи]|ям|ями|ях|ью|ев|о[йи]|[ауеыиояюьй]|s|es|'s|"
    r"(?:[лдт][ае]р)?(?:[сс]?[ыи])?"
    r"(?:[ндт][ыи]н?|[гк][ае]|н[ае]|н?[дт][ае]|[ндт][ае]н|н|[мбп]ен|[дт][ае]й)?)"
)
_SQUARE = re.compile(r"кв|квадратн\w*|шаршы|sq|square|\^2")
_CUBIC = re.compile(r"куб|кубическ\w*|текше|cubic|cu|\^3")
_PER = {"в", "за", "per", "an", "a", "/"}
_ASKING = {"сколько", "скока", "how", "канша", "неше"}
_AN_HOUR = {"сагатына": "hour", "секундына": "second"}
_DEGREE = re.compile(r"°|градус\w*|degrees?|deg")
_SMALL_WORDS = (
    "- в во на за это будет равно равен = == ? . , ; : ! > -> => как перевести переведи переведите "
    "перевод пересчитать пересчитай из по при то если и один одна одном одной in into to as is are "
    "equal equals convert from what the of many much there a an one and per please бар болады "
    "болса тен бул бир айналдыр айналдыру айналдырсак аудар аудару шакканда ма ме сонда"
)
# "3/4 inch"
_PART = re.compile(r" ?/ ?([1-9][0-9]*)(?![0-9.,])")
_PIECE = re.compile(
    rf" ?(?:(?P<number>{_NUMBER})|(?P<word>[^\W\d_]+(?:-[^\W\d_]+)?)"
    r"|(?P<sign>\^[23]|[-=]?>|[^\w\s]))"
)


class _Item(NamedTuple):
    """A piece of a question about units: an amount, the units a word may mean, or neither."""

    word: str
    amount: Decimal | None = None
    units: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _by_key() -> dict[str, _Unit]:
    return {unit.key: unit for unit in _UNITS}


@lru_cache(maxsize=1)
def _by_word() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Whole words, and beginnings that take an ending."""
    whole: dict[str, tuple[str, ...]] = {}
    begun: dict[str, tuple[str, ...]] = {}
    for unit in _UNITS:
        for word in unit.words.translate(_LETTERS).split():
            table = begun if word.endswith("*") else whole
            beginning = word.rstrip("*")
            table[beginning] = (*table.get(beginning, ()), unit.key)
    return whole, begun


@lru_cache(maxsize=1)
def _registry() -> pint.UnitRegistry[float]:
    registry: pint.UnitRegistry[float] = pint.UnitRegistry()
    for definition in _OWN:
        registry.define(definition)
    return registry


def _units_of(word: str) -> tuple[str, ...]:
    whole, begun = _by_word()
    if "-" in word:
        word, ending = word.split("-", 1)
        return _units_of(word) if _ENDING.fullmatch(ending) else ()
    if word in whole:
        return whole[word]
    for cut in range(len(word), 1, -1):
        if word[:cut] in begun and _ENDING.fullmatch(word[cut:]):
            return begun[word[:cut]]
    return ()


def _converted(typed: str, language: str, texts: Texts) -> str | None:
    """The answer to a question about units; None when it is none."""
    items = _together(_items(_with_thousands(typed, language), language))
    if items is None:
        return None
    given, wanted = _sides(items)
    if not given or len(wanted) > 1 or len(given) > 3:
        return None
    choices = [item.units for _, item in given] + [item.units for item in wanted]
    by_key = _by_key()
    for keys in product(*choices):
        units = [by_key[key] for key in keys]
        if len({unit.kind for unit in units}) == 1:
            break
    else:
        raise _Unanswered("cover_other_kind")
    sources = units[: len(given)]
    target = units[-1] if wanted else by_key[sources[-1].other]
    if len(given) > 1:
        if sources[0].kind == "temperature":
            return None
        target = units[-1] if wanted else sources[-1]
    amounts = [amount for amount, _ in given]
    result = sum(_turned(a, s, target) for a, s in zip(amounts, sources, strict=True))
    left = " ".join(
        _measured(_rounded(a, 15), s, language, texts)
        for a, s in zip(amounts, sources, strict=True)
    )
    return f"{left} = {_measured(_rounded(Decimal(result), 3), target, language, texts)}"


def _items(typed: str, language: str) -> list[_Item] | None:
    """The pieces of the question, or None if it has one that is not about units."""
    for pattern, written in _TWO_WORDS:
        typed = _pattern(pattern).sub(written, typed)
    items: list[_Item] = []
    negative = False
    at = 0
    while at < len(typed.rstrip()):
        found = _PIECE.match(typed, at)
        if found is None:
            return None
        at = found.end()
        word = found["word"] or found["sign"] or ""
        if found["number"]:
            amount = _number(found["number"], language)
            if part := _PART.match(typed, at):
                amount = _CONTEXT.divide(amount, _number(part[1], language))
                at = part.end()
            items.append(_Item("", -amount if negative else amount))
            negative = False
            continue
        if negative:
            return None
        if word in ("-", "минус", "minus") and re.match(" ?[0-9.,]", typed[at:]):
            negative = True
            # "10-12 км" is no amount.
            if items and items[-1].amount is not None:
                return None
            continue
        units = _units_of(word)
        if word == "in":
            units = ("inch",) if _is_inch(items, typed[at:]) else ()
        if not (units or _helps(word)):
            return None
        items.append(_Item(word, None, units))
    return None if negative else items


@lru_cache(maxsize=1)
def _small_words() -> frozenset[str]:
    return frozenset(_SMALL_WORDS.split()) | _ASKING | _PER | set(_AN_HOUR)


def _helps(word: str) -> bool:
    """Whether a question about units may have this word that is no unit."""
    return word in _small_words() or any(
        pattern.fullmatch(word) for pattern in (_SQUARE, _CUBIC, _DEGREE)
    )


def _is_inch(items: list[_Item], rest: str) -> bool:
    """Whether "in" is the inch: after a number or "how many", or last after another "in"."""
    if not items:
        return False
    last = items[-1]
    return last.amount is not None or last.word == "many" or (
        not rest.strip(" ?.!") and last.word in ("in", "to", "into")
    )  # fmt: skip


def _together(items: list[_Item] | None) -> list[_Item] | None:
    """Make one of "квадратный метр", "м кв", "км / ч" and "миль в час"."""
    made: list[_Item] = []
    rest = list(items or ())
    while rest:
        item = rest.pop(0)
        power = "2" if _SQUARE.fullmatch(item.word) else "3" if _CUBIC.fullmatch(item.word) else ""
        if power:
            if rest and rest[0].word == ".":
                rest.pop(0)
            if rest and (both := _both(rest[0], power)):
                rest[0] = both
                continue
            if made and (both := _both(made[-1], power)):
                made[-1] = both
                continue
            if not item.units:
                return None
        elif made and item.word in _PER and rest:
            both = next((b for time in rest[0].units if (b := _both(made[-1], time))), None)
            if both:
                made[-1] = both
                rest.pop(0)
                continue
            if item.word == "/":
                return None
        made.append(item)
    hourly = next((_AN_HOUR[item.word] for item in made if item.word in _AN_HOUR), None)
    if hourly is not None:
        # "сағатына 60 км неше м/с"
        return [_both(item, hourly) or item for item in made if item.word not in _AN_HOUR]
    return made or None


def _both(item: _Item, other: str) -> _Item | None:
    units = tuple(_TOGETHER[one, other] for one in item.units if (one, other) in _TOGETHER)
    return _Item(item.word, item.amount, units) if units else None


def _sides(items: list[_Item]) -> tuple[list[tuple[Decimal, _Item]], list[_Item]]:
    """The amounts with their units, and the units that are asked for."""
    given: list[tuple[Decimal, _Item]] = []
    wanted: list[_Item] = []
    amount: Decimal | None = None
    # An amount of degrees whose scale is not told: "100 градусов в фаренгейтах".
    degrees: Decimal | None = None
    asked_first = False
    for before, item in zip((_Item(""), *items), items, strict=False):
        if item.amount is not None:
            if amount is not None:
                return [], []
            amount = item.amount
        elif item.units and amount is not None:
            given.append((amount, item))
            amount = None
        elif item.units:
            wanted.append(item)
        elif amount is not None and _DEGREE.fullmatch(before.word):
            if item.word not in ("по", "°"):
                degrees, amount = amount, None
        elif item.word in _ASKING and not given and not wanted:
            asked_first = True
    if amount is not None and _DEGREE.fullmatch(items[-1].word):
        degrees, amount = amount, None
    if degrees is not None and amount is None and not given:
        scale = "fahrenheit" if wanted and "celsius" in wanted[0].units else "celsius"
        return [(degrees, _Item("", None, (scale,)))], wanted
    if amount is not None or degrees is not None:
        return [], []
    if not given and len(wanted) == 2:
        # "сколько грамм в фунте", "миля в км"
        source, target = reversed(wanted) if asked_first else wanted
        return [(Decimal(1), source)], [target]
    return given, wanted


def _turned(amount: Decimal, source: _Unit, target: _Unit) -> Decimal:
    if amount and amount.adjusted() >= 15:
        raise _Unanswered("cover_too_large")
    if source == target:
        return amount
    registry = _registry()
    turned = registry.Quantity(float(amount), source.pint).to(target.pint)
    return Context(prec=13).create_decimal(repr(float(turned.magnitude)))


def _measured(amount: Decimal, unit: _Unit, language: str, texts: Texts) -> str:
    """``7,456 мили``."""
    number = _shown(amount, language)
    if unit.key in _TEMPERATURES:
        return f"{number} {_TEMPERATURES[unit.key]}"
    forms = texts.phrase(f"cover_unit_{unit.key}", language).split("|")
    return f"{number} {forms[_form(amount, len(forms))]}"


def _form(amount: Decimal, forms: int) -> int:
    """Which of the forms stands after the number; three forms are Russian, two English."""
    whole = amount == amount.to_integral_value()
    if forms < 3:
        return 0 if abs(amount) == 1 else forms - 1
    if not whole:
        return 1
    last_two = int(_CONTEXT.remainder(abs(amount), Decimal(100)))
    if last_two % 10 == 1 and last_two != 11:
        return 0
    return 1 if last_two % 10 in (2, 3, 4) and not 12 <= last_two <= 14 else 2
