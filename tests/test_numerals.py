"""Chinese numerals are read as the digits they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecobrief.extraction import numerals

DIGITS = "零一二三四五六七八九"


def below_myriad(number: int) -> str:
    """A number below 10,000 in full: 1024 is 一千零二十四."""
    words, gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        gap = gap or bool(words and not digit)
        if digit:
            words += ("零" if gap and words else "") + DIGITS[digit] + name
            gap = False
    return words


def written(number: int) -> str:
    """A number below a hundred million in full."""
    high, low = divmod(number, 10**4)
    if not high:
        return below_myriad(low)
    return below_myriad(high) + "万" + ("零" if 0 < low < 1000 else "") + below_myriad(low)


@given(st.integers(1, 10**8 - 1))
def test_a_number_written_in_full_is_read_back(number: int) -> None:
    assert numerals.whole(written(number)) == number


@given(st.integers(10, 10**8 - 1))
def test_a_number_written_digit_by_digit_is_read_back(number: int) -> None:
    assert numerals.whole("".join(DIGITS[int(digit)] for digit in str(number))) == number


@given(st.integers(1, 9999), st.text("0123456789", min_size=1, max_size=4))
def test_digits_after_the_point_are_kept_as_printed(number: int, fraction: str) -> None:
    printed = written(number) + "点" + "".join(DIGITS[int(digit)] for digit in fraction)
    assert numerals.decimal(printed) == f"{number}.{fraction}"


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("十九", 19),
        ("二十", 20),
        ("两千", 2000),
        ("三千二", 3200),
        ("一百零五", 105),
        ("二〇一九", 2019),
        ("百", 100),
        ("一亿二千万", 120_000_000),
    ],
)
def test_what_is_said_in_short_is_read(printed: str, meant: int) -> None:
    assert numerals.whole(printed) == meant


@pytest.mark.parametrize("printed", ["", "一二十三", "点五", "森林", "12"])
def test_what_is_no_numeral_is_no_number(printed: str) -> None:
    assert numerals.whole(printed) is None


@given(st.text(numerals.ALL + "点", max_size=30))
def test_any_row_of_numeral_characters_is_a_number_or_nothing(text: str) -> None:
    value = numerals.decimal(text)
    assert value is None or value.replace(".", "", 1).isdigit()
