"""What a printed scope says: which part of the year, which place, whose sites or sections.

A scope is in the source's words, as a candidate carries it (全市, 国控断面, 1-6月). What it does not say stays unsaid.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

YEAR = re.compile(r"\d{4}")
YEARS = re.compile(r"(\d{4})\s*[-/~–—至到]\s*(\d{4})")
_CHINESE_MONTHS = [*"一二三四五六七八九十", "十一", "十二"]
_MONTH = "(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_MONTHS = re.compile(rf"(?<!\d){_MONTH}月?份?[-~–—至到、]{_MONTH}月")
_ONE_MONTH = re.compile(rf"(?<![\d.]){_MONTH}月")
_QUARTER = re.compile("(前三|前两|前二|[一二三四1-4])个?季度")
_QUARTERS = {"前三": (1, 9), "前两": (1, 6), "前二": (1, 6)} | {
    name: (3 * number - 2, 3 * number)
    for number in (1, 2, 3, 4)
    for name in (str(number), "一二三四"[number - 1])
}
_HALVES = {"上半年": (1, 6), "下半年": (7, 12)}
_DAYS = re.compile(r"[上中下]旬|第?[一二三四五\d]+周|[\d一二三四五六七八九十]+日")
_SEASON = re.compile("[春夏秋冬][季天]|秋冬|冬春|汛期|[枯丰平]水期|采暖|供暖")
_BEYOND = re.compile(
    "全省|我省|全国|全自治区|全球|[㐀-鿿]{2,3}省(?![控考级辖内市])|(?:蒙古|壮族|西藏|回族|维吾尔)自治区"
)
_WHOLE = "市辖?区|中心城区|主城区|城区|建成区|中心城市|全市域?|我市|本市|市域|全域|全境|境内|[全本]地区|全[州盟]|城[市镇]|县城"
_KIND_OF_SITE = (
    "[国省市]+[控考]|国家|省级|市级|县级?(?:及)?以上|地级(?:市)?(?:及)?以上|考核|监测|地表水|集中式|饮用水"
    "|(?:水环境|水)?功能区|生态保护红线区?域?|区域|地级市|[\\d一二三四五六七八九十]+个"
)
"""What names no place, although it may end like one."""
_PART_OF_CITY = re.compile(
    "[㐀-鿿]{1,12}?(?:自治县|自治旗|县|旗|镇乡?|乡镇?|街道|村|流域|支流|干流|水库|林场|林区|保护区|园区|开发区|新区|项目|市|区"
    "|江(?![苏西市县区])|河(?![流南北源池市县区])|湖(?![南北州库市县区]))|乡镇|镇乡|农村"
)


class Months(NamedTuple):
    """The first and the last month of a part of the year."""

    first: int
    last: int


class Beyond(ValueError):
    """The scope is wider than a city."""


def months(scope: str) -> Months | None:
    """The part of the year that the scope names; None for the whole year.

    Raises:
        ValueError: it names a part that has no months (冬季, 7月上旬).
    """
    bare = "".join(scope.split())
    if found := _DAYS.search(bare) or _SEASON.search(bare):
        raise ValueError(f"{found[0]} is a part of the year without months")
    if found := _MONTHS.search(bare):
        return Months(_number(found[1]), _number(found[2]))
    if found := _ONE_MONTH.search(bare):
        return Months(_number(found[1]), _number(found[1]))
    if found := _QUARTER.search(bare):
        return Months(*_QUARTERS[found[1]])
    return next((Months(*ends) for half, ends in _HALVES.items() if half in bare), None)


def _number(month: str) -> int:
    if month.isdigit():
        return int(month)
    return (
        10 + ("一二".find(month[1]) + 1 if len(month) > 1 else 0)
        if month[0] == "十"
        else "一二三四五六七八九".index(month) + 1
    )


def period(year: str, scope: str) -> str:
    """The period of a figure by its year or years and its scope: 2022, 2016/2020, 2022-07, 2022-01/2022-06; empty where the part
    of the year has no months."""
    bare = year.strip()
    if both := YEARS.fullmatch(bare):
        bare = f"{both[1]}/{both[2]}"
    try:
        part = months(scope)
    except ValueError:
        return ""
    if part is None or not YEAR.fullmatch(bare):
        return bare if part is None else ""
    first, last = (f"{bare}-{month:02}" for month in part)
    return first if first == last else f"{first}/{last}"


def place(scope: str, city: str, level: str = "") -> str:
    """The part of the city that the scope names; empty for the whole of it.

    city: its name in Chinese; level: "district" where 全区 is the whole of it

    Raises:
        Beyond: it names the province, the country or the world.
    """
    bare = "".join(scope.split())
    if wider := _BEYOND.search(bare):
        raise Beyond(wider[0])
    whole = f"{re.escape(city)}|{re.escape(city[:-1]) if len(city) > 2 else re.escape(city)}(?![㐀-鿿]*?[县旗镇乡])"
    if level != "district" and "全区" in bare:
        raise Beyond("全区")
    own = "|全区|我区|本区" if level == "district" else ""
    left = re.sub(f"{whole}|{_WHOLE}{own}|{_KIND_OF_SITE}", " ", bare)
    found = _PART_OF_CITY.search(left)
    return found[0] if found else ""


def attributes(scope: str, family: str) -> dict[str, str]:
    """What the scope says of network, denominator and adjustment, as codes of the data package."""
    bare = "".join(scope.split())
    said: dict[str, str] = {}
    # Of two words one of which holds the other, the longer one is meant.
    for word, of_family, attribute, code in sorted(_words(), key=lambda entry: -len(entry[0])):
        if of_family == family and word in bare:
            said.setdefault(attribute, code)
    return said


@cache
def _words() -> tuple[tuple[str, str, str, str], ...]:
    return tuple(_rows())


def _rows() -> Iterator[tuple[str, str, str, str]]:
    with resources.files(__package__).joinpath("extent_words.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield row["word"], row["family"], row["attribute"], row["code"]
