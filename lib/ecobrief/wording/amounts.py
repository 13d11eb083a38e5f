"""How a printed amount is written for readers: its digits, its unit, and the word that stands with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache

from ecobrief.wording import Message, Term, msg

Label = Message | Term | str

QUALIFIERS: dict[str, Callable[[Label], Label]] = {
    "exact": lambda value: value,
    "range": lambda value: value,
    "about": lambda value: msg("about {value}", value=value),
    "at_least": lambda value: msg("at least {value}", value=value),
    "at_most": lambda value: msg("at most {value}", value=value),
    "more_than": lambda value: msg("more than {value}", value=value),
    "less_than": lambda value: msg("less than {value}", value=value),
    "and_more": lambda value: msg("somewhat more than {value}", value=value),
}
UNITS: dict[str, Label] = {
    "%": "%",
    "percent": "%",
    "percentage_point": msg("percentage points"),
    "个百分点": msg("percentage points"),
    "百分点": msg("percentage points"),
    "天": msg("days"),
    "day": msg("days"),
    "个": Term("个", ""),
    "section": msg("sections"),
    "source": msg("sources"),
    "处": Term("处", ""),
    "位": Term("位", ""),
    "Prozent": "%",
    "處": Term("处", ""),
    "萬畝": msg("×10⁴ mu"),
    "億立方米": msg("×10⁸ m³"),
    "亩": msg("mu"),
    "万亩": msg("×10⁴ mu"),
    "亿亩": msg("×10⁸ mu"),
    "公顷": msg("ha"),
    "万公顷": msg("×10⁴ ha"),
    "亿公顷": msg("×10⁸ ha"),
    "平方公里": msg("km²"),
    "平方千米": msg("km²"),
    "km2": msg("km²"),
    "万平方公里": msg("×10⁴ km²"),
    "万平方千米": msg("×10⁴ km²"),
    "立方米": msg("m³"),
    "m3": msg("m³"),
    "万立方米": msg("×10⁴ m³"),
    "亿立方米": msg("×10⁸ m³"),
    "万m3": msg("×10⁴ m³"),
    "108m3": msg("×10⁸ m³"),
    "微克/立方米": msg("µg/m³"),
    "ug/m3": msg("µg/m³"),
    "每立方米微克": msg("µg/m³"),
    "m2": msg("m²"),
    "万m2": msg("×10⁴ m²"),
    "hm2": msg("ha"),
    "亿m3": msg("×10⁸ m³"),
    "米": msg("m"),
    "m": msg("m"),
    "metre": msg("m"),
    "mm": msg("mm"),
    "m/s": msg("m/s"),
    "m_per_s": msg("m/s"),
    "°C": "°C",
    "celsius": "°C",
    "MW": msg("MW"),
    "watt": msg("W"),
    "公斤": msg("kg"),
    "kg": msg("kg"),
    "万公斤": msg("×10⁴ kg"),
    "元": msg("yuan"),
    "yuan": msg("yuan"),
    "万元": msg("×10⁴ yuan"),
    "亿元": msg("×10⁸ yuan"),
    "万亿元": msg("×10¹² yuan"),
    "年": msg("years"),
    "个年头": msg("years"),
    "year": msg("years"),
    "month": msg("months"),
    "万": msg("×10⁴"),
    "万人": msg("×10⁴ people"),
    "person": msg("people"),
    "piece": Term("个", ""),
    "species": Term("种", ""),
    "种": Term("种", ""),
    "条": Term("条", ""),
    "座": Term("座", ""),
    "栋": Term("栋", ""),
    "项": Term("项", ""),
    "家": Term("家", ""),
    "大": Term("大", ""),
    "级": Term("级", ""),
    "次": Term("次", ""),
    "期": Term("期", ""),
    "所": Term("所", ""),
    "户": Term("户", ""),
    "部": Term("部", ""),
    "届": Term("届", ""),
    "例": Term("例", ""),
    "篇": Term("篇", ""),
    "目": Term("目", ""),
    "科": Term("科", ""),
    "属": Term("属", ""),
    "区": Term("区", ""),
    "县": Term("县", ""),
    "旗": Term("旗", ""),
    "名": Term("名", ""),
    "连丰": Term("连丰", ""),
}
"""By the unit as printed, folded as `unit` folds it; a unit that is not here is shown as printed."""


@cache
def unit(printed: str) -> Label:
    """A unit as readers write it; as printed where the catalogue has no name for it."""
    bare = unicodedata.normalize("NFKC", "".join(printed.split()))
    return UNITS.get(bare, bare)


def amount(value: str, printed_unit: str, qualifier: str = "exact") -> Label:
    """The printed digits with unit and qualifier: 97.4%, about 910.38 ha, 约910.38公顷."""
    digits: Label = value.replace("-", "–") if qualifier == "range" else value
    if qualifier == "and_more":
        # 余 stands between number and unit, the English words before both.
        digits = Term(f"{value}余", value)
    together: Label
    match name := unit(printed_unit):
        case "%" | "°C" | "":
            together = msg("{digits}{unit}", digits=digits, unit=name)
        case Term(zh, ""):
            together = msg("{digits}{unit}", digits=digits, unit=Term(zh, ""))
        case _:
            together = msg("{digits} {unit}", digits=digits, unit=name)
    return QUALIFIERS[qualifier](together)
