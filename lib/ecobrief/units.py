"""Units as Chinese texts print them, on pint.

`factor("万亩", "km2")` says how many km² one printed unit is. A printed unit is read after blanks are dropped and
full-width forms folded; the multipliers 千, 万 and 亿 are prefixes (万亩, 亿立方米), in traditional script too. A
percentage point is no percent and the two do not convert into one another: a change is no share. Temperatures are points
on one scale and have no other unit. Days, sections, species and whatever else a classifier counts are whole things, so that
their counts are exact (`counts_whole_things`).
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import cache
from typing import Any

import pint

DEFINITIONS = """
千- = 1e3
万- = 1e4 = 萬-
亿- = 1e8 = 億-
万亿- = 1e12 = 萬億-
metre = [length] = m = 米
mm = 1e-3 * metre = _ = 毫米
km = 1000 * metre = _ = 公里 = 千米
mu = 2000/3 * metre ** 2 = _ = 亩 = 畝
hectare = 10000 * metre ** 2 = ha = 公顷 = hm2
km2 = km ** 2 = _ = 平方公里 = 平方千米
m2 = metre ** 2 = _ = 平方米
m3 = metre ** 3 = _ = 立方米
gram = [mass] = g = 克
mg = 1e-3 * gram = _ = 毫克
ug = 1e-6 * gram = _ = μg = 微克
kg = 1000 * gram = _ = 公斤 = 千克
percent = [share] = _ = Prozent = 百分之
percentage_point = [change_of_share] = _ = 百分点 = 个百分点
day = [day] = _ = 天 = 日
year = [year] = _ = 年 = 个年头
month = [month] = _ = 月 = 月份
piece = [piece] = _ = section = source = species = person
@alias piece = 大 = 个 = 個 = 处 = 處 = 座 = 条 = 家 = 项 = 次 = 种 = 所 = 户 = 期 = 部 = 栋 = 人 = 科 = 属 = 目 = 级
@alias piece = 篇 = 届 = 例 = 盏 = 眼 = 镇 = 乡 = 村 = 区 = 旗 = 县 = 市 = 类 = 方面
place = [place_in_an_order] = _ = 位 = 名
second = [time] = s = 秒
m_per_s = metre / second
watt = [power] = W = 瓦
MW = 1e6 * watt = _ = 兆瓦
celsius = [temperature] = _ = 摄氏度
yuan = [money] = _ = 元
"""
SHARES = ("[share]", "[change_of_share]")
WHOLE_THINGS = ("[day]", "[piece]", "[place_in_an_order]")
_POWER_OF_TEN = re.compile(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})")
_NAMES = re.compile(r"(1e\d+\*)?[^\W\d]\w*(/[^\W\d]\w*)*")
"""What is handed to pint: names, one over another, after a power of ten. pint itself would compute `-m` and `m**9`."""


class UnknownUnit(ValueError):
    """The printed unit is not known here, or measures something else than the unit asked for."""


@cache
def registry() -> pint.UnitRegistry[Any]:
    """The units of the field and no others, in decimal arithmetic."""
    units: pint.UnitRegistry[Any] = pint.UnitRegistry(None, non_int_type=Decimal)
    for line in DEFINITIONS.strip().splitlines():
        units.define(line)
    return units


@cache
def quantity(printed: str) -> pint.Quantity[Any]:
    """One printed unit as a quantity: `10 ⁸ m ³` is 10⁸ cubic metres.

    Raises:
        UnknownUnit: no such unit.
    """
    bare = "".join(printed.split())
    powers = _POWER_OF_TEN.sub(lambda ten: f"1e{unicodedata.normalize('NFKC', ten[1])}*", bare)
    expression = unicodedata.normalize("NFKC", powers).replace("%", "percent").replace("°C", "celsius")
    if not _NAMES.fullmatch(expression):
        raise UnknownUnit(f"{printed!r} is no unit known here")
    try:
        read = registry().parse_expression(expression)
    except (pint.errors.PintError, ArithmeticError, AssertionError, TypeError) as error:
        raise UnknownUnit(f"{printed!r} is no unit known here") from error
    if not isinstance(read, registry().Quantity) or read.dimensionless:
        raise UnknownUnit(f"{printed!r} is no unit known here")
    return read


@cache
def factor(printed: str, target: str) -> Decimal:
    """How many `target` units one printed unit is: 万亩 in km2 is 6.666….

    Raises:
        UnknownUnit: a unit is not known, or the two measure different things.
    """
    try:
        asked = quantity(target)
        return Decimal(quantity(printed).to(asked.units).magnitude) / Decimal(asked.magnitude)
    except pint.errors.DimensionalityError as error:
        raise UnknownUnit(f"{printed!r} does not convert to {target!r}") from error


@cache
def factor_of_difference(printed: str, target: str) -> Decimal:
    """The same where sums and differences meet: the difference of two shares in percent is in percentage points.

    Raises:
        UnknownUnit: a unit is not known, or the two measure different things.
    """
    if is_share(printed) and is_share(target):
        return Decimal(1)
    return factor(printed, target)


@cache
def is_share(unit: str) -> bool:
    """Whether the unit is percent or percentage points."""
    return any(quantity(unit).check(dimension) for dimension in SHARES)


@cache
def factor_of_quotient(numerator: str, denominator: str, target: str) -> Decimal:
    """How many `target` units a numerator unit over a denominator unit is: one 万亩 in one km2 is 666.6… percent.

    Raises:
        UnknownUnit: a unit is not known, or the quotient measures something else.
    """
    if quantity(target).check(SHARES[0]):
        return factor(numerator, denominator) * 100
    try:
        quotient, asked = quantity(numerator) / quantity(denominator), quantity(target)
        return Decimal(quotient.to(asked.units).magnitude) / Decimal(asked.magnitude)
    except pint.errors.DimensionalityError as error:
        raise UnknownUnit(f"{numerator!r} over {denominator!r} does not convert to {target!r}") from error


@cache
def counts_whole_things(unit: str) -> bool:
    """Whether the unit counts things that come whole (days, sections, sources, places in an order)."""
    return any(quantity(unit).check(dimension) for dimension in WHOLE_THINGS)
