"""The words that stand around a place name: regions, towns, prepositions, streets, houses, fillers.

The patterns are in folded spelling. The lists are in ordinary spelling: some are folded here, the
others are compared with the written word.
"""

from __future__ import annotations

import enum
import re

from nlu.normalize import fold_word


class Near(enum.IntEnum):
    """What kind of word stands beside a name."""

    OTHER = 0
    REGION = 1
    DISTRICT = 2
    TOWN = 3


# Folded spellings. On the right only forms that belong to a name before them: "қаласы", but not
# "қала" ("жақсы қала" is a good town, not the town of Zhaksy).
REGION_WORD = re.compile(r"обл|облас|област\w*|об[иу]?лис\w*|регион\w*|провин\w*")
DISTRICT_WORD = re.compile(r"р-н\w*|раион\w*|аудани\w*|дистрикт\w*")
TOWN_LEFT = re.compile(
    r"город(?:а|у|е|ом|ок|ке|ка)?|гор|г|пос|посел\w*|пгт|сел[оае]|аул(?:а|е)?|ауил|станци\w*|деревн\w*"
)
TOWN_RIGHT = re.compile(
    r"калас\w*|ауили\w*|аули(?:н\w*)?|кенти\w*|селоси\w*|кити|тоун|вилаге|станци\w*|статион"
)
TOWN_OF = ("city", "town", "village")
TOWN_IN_NAME = re.compile(r"каласи|кити")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _folded(text: str) -> frozenset[str]:
    return frozenset(fold_word(word) for word in text.split())


# Left of the name, the written word itself (folding would make "in" and "ин", "hotel" and "хотел"
# the same).
PREPOSITIONS = _words("в во из под возле около близ v vo iz pod vozle okolo")
ENGLISH_PREPOSITIONS = _words("in from near around")
SPEAKER = _folded("я мы сама сам ya my")
LIVE_BEFORE = _folded(
    "живу живем живет живут жила жили проживаю проживаем проживает нахожусь находимся находится "
    "родом приехала приехал переехала переехал переехали live lives living based zhivu jivu located"
)
LIVE_AFTER = _folded(
    "тұрамын тұрам тұрамыз тұрады тұратын тұрып тұрған турамин жатырмын жатырмыз боламын "
    "жазып өмір "
    "живу живем живет нахожусь проживаю turam turamyn жүрмін жүрмыз тұрғынымын тұрғынымыз"
)
# "есікте тұрып" is standing at the door, so beside an everyday word only the first person counts.
LIVE_AFTER_EVERYDAY = _folded("тұрамын тұрам тұрамыз turam turamyn")
STREET_LEFT = _folded(
    "улица улицы улице улицу улицей ул көшесі проспект проспекте проспекта просп пр пр-т "
    "пр-кт пр-те "
    "переулок пер бульвар бульваре бульвара б-р площадь площади мкр мкр-н мкрн микрорайон "
    "микрорайоне микрорайона имени атындағы ulitsa ulica prospekt"
)
STREET_LEFT_RAW = _words("им street avenue air эйр")
# Houses, clubs and firms with the name of a town: only when the name stands undeclined ("отель
# Алматы", but not "отель в Алматы" or "гостиница Астаны").
HOUSE_LEFT_RAW = _words(
    "hotel hostel отель отеля отеле отелю гостиница гостинице гостиницу гостиницы хостел хостеле "
    "фк хк вк fc hc fk клуб клуба клубе команда команду команды банк банка банке ресторан кафе "
    "ресторане трц тц авиакомпания theatre театр школа гимназия лицей колледж магазин фирма "
    "компания жк сериал фильм группа газета санаторий қонақүй"
)
STREET_RIGHT = _folded(
    "көшесі көшесінде көшесінің көшесіне көшесінен көше даңғылы даңғылында даңғылының даңғылына "
    "атындағы ықшамауданы ықшамауданында шағынауданы шағынауданында мөлтек проспектісі "
    "бульвары алаңы "
    "радиосы радиосын радиосынан радиосында тобы тобын тобының тобында ансамблі газеті газетінде "
    "арнасы арнасынан командасы клубы тойханасы "
    "қонақүйі мейрамханасы куль куля куле кулю камчатский камчатском камчатского"
)
STREET_RIGHT_RAW = _words(
    "marathon gym team cup radio band fitness group restaurant cafe mall park "
    "street str st avenue ave road hotel hostel airlines air bank motors hub times fc hc fk "
    "край края "
    "крае фк хк қонақ арена arena"
)
UNIVERSITY = re.compile(r"университет\w*|университи|академи\w*|институт\w*")

# "маған қарағанда" is "compared to me": after a dative the name of Karaganda is that word.
COMPARED_TO = fold_word("қарағанда")
DATIVE = re.compile(r"\w*(?:га|ге|ка|ке|ган|на|не)")
# "Аягөз деген құрбым" is a friend of that name, unless a place word follows.
CALLED = fold_word("деген")
PLACE_NOUN = _folded("жер жерде жерден қала қалада қаладан ауыл ауылда ауылдан аудан ауданда облыс")
ARRIVING = _folded(
    "келдім келдик келдик келген келіп келемін барамын бардым барып көштім көшіп көшіп қоныс "
    "ұшамын қайттым қайтып жеттім keldim koshtim bardim"
)

CAPITAL_CITY = fold_word("столица")
# What may stand beside a place in a message that only answers "where?".
FILLER = _folded(
    "я мы мой моя мое это из в во с со на ну вот тут здесь там сейчас пока щас тоже рядом "
    "около под регион г "
    "город городе живу мен біз біздің менің осы қазір қаласы жақта облыс облысы маңы менікі "
    "i am im in at from the a we are is it's its live now here city my to of by near "
    "town region "
    "казахстан қазақстан kazakhstan kz кз рк қр қ к и да пожалуйста pls please спасибо "
    "рахмет район аудан "
    "ya my iz v men qazir"
)
