"""What a figure is of: the place, the set of sections or sources, the part of the year; as printed."""

from __future__ import annotations

import re
from importlib import resources

from ecobrief.extraction.text import HAN

_SUFFIX = (
    "自治州|自治县|自治旗|林区|新区|经开区|开发区|核心区|市区|城区|地区|市|县|区|旗|州|盟|省|镇|流域|林场"
)
_NOT_A_PLACE = "(?!域|区划|级|控|民|场|直|委|政|长|政府|人民|际|内外|别)"
_KNOWN_NAMES = frozenset(resources.files(__package__).joinpath("places.txt").read_text("utf-8").split())
_KNOWN = "|".join(sorted(_KNOWN_NAMES, key=len, reverse=True))
PLACE = re.compile(
    rf"(?:(?<![比于])[全本我该各](?:市|县|区|省|州|旗|盟|地区|域|国|境)|(?:中心|主)城(?:市|区)|中心城市|(?<![{HAN}])市[辖城]?区|建成区|县城|城[市]?区|市域|两岸"
    rf"|(?<![{HAN}])(?:其中|而|在|据|由|为|使|让|与|和|及)?(?P<name>[{HAN}]{{1,7}}?(?:{_SUFFIX})){_NOT_A_PLACE}(?:(?:中心)?城区|市区|全域)?"
    rf"|(?P<known>{_KNOWN})(?:市区|城区|自治区|[省市州盟]|地区)?(?:全[省市域]|境内)?)"
)
_VERBS = re.compile(
    "力争|要求|确保|争取|率|居|较|比|按|是|为|约|达|将|提高|增强|通过|推进|推动|实施|完成|建设|加快|加强|创建|打造|落实|带动|稳固|聚焦|深入|由|示范|举|在|成为|来到|对|条|个|座|处|的|了|被|从|到|于|以|把|向|让|使|占"
)
_NO_NAME = re.compile(
    "城市$|小流域|国家|先行|(?:^|[老重点])林区|项目|功能区|保护区|工业|重点|多廊|^核心区|^[国省市县]和|人民|区域$"
)
_CLAUSES = re.compile("[，；：。（]")
_BEFORE_SET = re.compile(rf"[{HAN}0-9Ⅰ-Ⅹ“”、~-]{{0,20}}$")
_IDLE = re.compile(
    r"^(?:要求|其中|全部|实现了?|保持|其|使|了|确保|力争|争取|实现|达到或?|同时|以及|以|及|和|与|有|的|约|占|均|已|[，、：；]|\d+年|共有?"
    r"|目前|截至|劣|[优好]于|[Ⅰ-Ⅹ][-~至]?[Ⅰ-Ⅹ]?类?|水质|余)+"
)


def place(clause: str) -> str:
    """The last place named in a stretch of a clause, or nothing."""
    named = ""
    for found in PLACE.finditer(clause):
        name = _VERBS.split(found["name"])[-1] if found["name"] else found[0]
        if found["name"] and name not in _KNOWN_NAMES and (len(name) < 3 or _NO_NAME.search(name)):
            continue
        named = name
    return named


def network(sentence: str, ends: re.Pattern[str]) -> str:
    """The set of sections or sources that the last clause to name one speaks of, without idle words before it."""
    for clause in reversed(_CLAUSES.split(sentence)):
        for found in reversed(list(ends.finditer(clause))):
            before = _BEFORE_SET.search(clause[: found.start()])
            named = _IDLE.sub("", before[0] if before else "")
            if len(named) > 1:
                return (named + found[0])[-30:]
    return ""


def scope(place_named: str, network_named: str, part: str) -> str:
    """The parts that are known, in this order, with spaces between."""
    parts = [place_named if place_named not in network_named else "", network_named, part]
    return " ".join(piece for piece in parts if piece)
