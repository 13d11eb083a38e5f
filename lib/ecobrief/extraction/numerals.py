"""Chinese numerals as digits: 一千零二十四, 二〇一九, 四十九点九一, 三分之二, 八成五."""

from __future__ import annotations

import re

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
PLACES = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8}
_DIGIT = "".join(DIGITS)
ALL = _DIGIT + "十百千万亿"
WHOLE = rf"[{_DIGIT}十][{_DIGIT}十百千]{{0,15}}(?:[万亿][{_DIGIT}十百千]{{1,15}}){{0,2}}"
"""Matches a whole number; a last 万 or 亿 is left to the unit, as in 三千万亩."""
DECIMAL = rf"{WHOLE}(?:点[{_DIGIT}]{{1,6}})?"
_READ = re.compile(f"[{ALL}]+")


def whole(numeral: str) -> int | None:
    """The number that a numeral without fraction names, or None where it names none.

    二〇一九 (digit by digit) is 2019, 一千零二十四 is 1024, 三千二 is 3200, 百 is 100.
    """
    if not _READ.fullmatch(numeral):
        return None
    if all(char in DIGITS for char in numeral):
        return int("".join(str(DIGITS[char]) for char in numeral))
    total = section = 0
    digit: int | None = None
    after_zero, place = True, 1
    for char in numeral:
        if char in DIGITS:
            if digit not in (None, 0):
                return None
            digit, after_zero = DIGITS[char], after_zero if DIGITS[char] else True
        elif char in PLACES:
            place = PLACES[char]
            section += (1 if digit in (None, 0) else digit or 0) * place
            digit, after_zero = None, False
        else:
            place = MYRIADS[char]
            total = (
                (total + section + (digit or 0)) * place
                if char == "亿"
                else total + (section + (digit or 0)) * place
            )
            section, digit, after_zero = 0, None, False
    if digit and not after_zero and place >= 100:
        digit *= place // 10
    return total + section + (digit or 0)


def decimal(numeral: str) -> str | None:
    """The digits of a numeral that may have a fraction (四十九点九一 is "49.91"), or None."""
    before, point, after = numeral.partition("点")
    number = whole(before)
    if number is None or (point and not (after and all(char in DIGITS for char in after))):
        return None
    return str(number) + (("." + "".join(str(DIGITS[char]) for char in after)) if point else "")
