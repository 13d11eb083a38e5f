"""What readers read: messages, names, enumerations and periods in Chinese and in English."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecobrief import interval, wording
from ecobrief.wording import LANGS, Lang, Term, amounts, joined, msg, nmsg, period, say, term

CITY = Term("本溪市", "Benxi")
years = st.integers(1949, 2100)
days = st.dates(date(1949, 1, 1), date(2100, 12, 31))


def test_a_message_is_said_in_the_language_asked_for() -> None:
    assert say(msg("not searched"), "en") == "not searched"
    assert say(msg("not searched"), "zh") == "未检索"


def test_a_message_takes_its_values_in_either_language() -> None:
    undated = msg("{label} (undated)", label=CITY)
    assert say(undated, "en") == "Benxi (undated)"
    assert say(undated, "zh") == "本溪市（未注明年份）"


def test_a_message_inside_a_message_is_said_in_the_same_language() -> None:
    unstated = msg("the {attribute} is not stated", attribute=msg("definition"))
    assert say(unstated, "en") == "the definition is not stated"
    assert say(unstated, "zh") == "未说明定义"


def test_one_is_counted_in_the_singular_and_two_in_the_plural() -> None:
    def cities(count: int) -> wording.Message:
        return nmsg("{count} city has a figure.", "{count} cities have a figure.", count)

    assert say(cities(1), "en") == "1 city has a figure."
    assert say(cities(2), "en") == "2 cities have a figure."
    assert say(cities(2), "zh") == "2 个城市有数字。"


def test_a_name_has_both_languages() -> None:
    assert [say(CITY, lang) for lang in LANGS] == ["本溪市", "Benxi"]
    assert term({"name_zh": "本溪市", "name_en": "Benxi"}, "name") == CITY


def test_an_enumeration_is_joined_as_each_language_does() -> None:
    several = joined([CITY, Term("赤峰市", "Chifeng"), msg("not searched")])
    assert say(several, "zh") == "本溪市、赤峰市和未检索"
    assert say(several, "en") == "Benxi, Chifeng, and not searched"


def test_an_enumeration_of_one_is_that_one_and_of_none_is_empty() -> None:
    assert say(joined([CITY]), "zh") == "本溪市"
    assert say(joined([]), "en") == ""


def test_a_number_is_shown_with_the_digits_it_was_printed_with() -> None:
    assert say("76.30", "zh") == say("76.30", "en") == "76.30"


def test_a_value_is_never_taken_for_a_pattern() -> None:
    assert say(msg("{label} (undated)", label="{year}"), "en") == "{year} (undated)"


def test_equal_messages_are_one_in_a_set() -> None:
    assert (
        len({msg("{label} (undated)", label=CITY), msg("{label} (undated)", label=Term("本溪市", "Benxi"))})
        == 1
    )
    assert msg("{label} (undated)", label="a") != msg("{label} (undated)", label="b")


def test_a_sentence_without_a_translation_stays_english() -> None:
    assert say(msg("a sentence that no one has translated"), "zh") == "a sentence that no one has translated"


def test_a_message_prints_as_its_english_text() -> None:
    assert str(msg("{label} (undated)", label=CITY)) == "Benxi (undated)"


@pytest.mark.parametrize(
    ("written", "chinese", "english"),
    [
        ("", "", ""),
        ("2022", "2022年", "2022"),
        ("2022-07", "2022年7月", "July 2022"),
        ("2022-12-31", "2022年12月31日", "31 December 2022"),
        ("2016/2020", "2016–2020年", "2016–2020"),
        ("2022-01/2022-06", "2022年1月–2022年6月", "January 2022–June 2022"),
        ("2022-01-01/2022-06-30", "2022年1月1日–2022年6月30日", "1 January 2022–30 June 2022"),
        ("2020/2022-06", "2020年–2022年6月", "2020–June 2022"),
    ],
)
def test_a_period_is_written_as_its_readers_write_it(written: str, chinese: str, english: str) -> None:
    assert period(written, "zh") == chinese
    assert period(written, "en") == english


@pytest.mark.parametrize("wrong", ["2022-13", "2022-02-30", "2022-1-1-1", "spring"])
def test_what_is_no_period_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"month|day|invalid literal"):
        period(wrong, "en")


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "english", "chinese"),
    [
        ("76.30", "%", "exact", "76.30%", "76.30%"),
        ("80-90", "％", "range", "80–90%", "80–90%"),
        ("26-21.5", "℃", "range", "26–21.5°C", "26–21.5°C"),
        ("-2", "℃", "exact", "-2°C", "-2°C"),
        ("5", "条", "exact", "5", "5条"),
        ("351", "天", "exact", "351 days", "351天"),
        ("910.38", "公 顷", "about", "about 910.38 ha", "约910.38公顷"),
        ("3", "MW", "at_least", "at least 3 MW", "不低于3兆瓦"),
        ("2", "10⁸ m³", "less_than", "less than 2 ×10⁸ m³", "不足2亿立方米"),
        ("1.6", "万亿元", "exact", "1.6 ×10¹² yuan", "1.6万亿元"),
        ("6", "万斗", "exact", "6 万斗", "6万斗"),
    ],
)
def test_an_amount_keeps_its_digits_and_gets_the_unit_and_the_word_of_the_language(
    value: str, unit: str, qualifier: str, english: str, chinese: str
) -> None:
    amount = amounts.amount(value, unit, qualifier)
    assert (say(amount, "en"), say(amount, "zh")) == (english, chinese)


def test_every_qualifier_of_a_figure_has_its_word() -> None:
    assert set(amounts.QUALIFIERS) == set(interval.QUALIFIERS)


def test_a_number_and_more_has_its_word_before_the_unit_in_chinese() -> None:
    amount = amounts.amount("70", "公斤", "and_more")
    assert (say(amount, "en"), say(amount, "zh")) == ("somewhat more than 70 kg", "70余公斤")


@given(days, st.sampled_from(LANGS))
def test_every_day_shows_its_year_and_its_day(day: date, lang: Lang) -> None:
    shown = period(day.isoformat(), lang)
    assert str(day.year) in shown
    assert str(day.day) in shown


@given(years, years, st.sampled_from(LANGS))
def test_a_span_of_years_shows_both_the_first_one_first(one: int, other: int, lang: Lang) -> None:
    shown = period(f"{one}/{other}", lang)
    assert shown.removesuffix("年") == f"{one}–{other}"
