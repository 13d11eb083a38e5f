"""What a printed scope says of the part of the year, the place, and whose sites or sections."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecobrief.datapackage import period_exists
from ecobrief.extraction import extent


@pytest.mark.parametrize(
    ("year", "scope", "period"),
    [
        ("2022", "", "2022"),
        ("2022", "全市", "2022"),
        ("2022", "全年", "2022"),
        ("2016-2020", "", "2016/2020"),
        ("2016/2020", "", "2016/2020"),
        ("2016—2020", "全市", "2016/2020"),
        ("2022", "7月", "2022-07"),
        ("2022", "七月份", "2022-07"),
        ("2022", "十二月", "2022-12"),
        ("2022", "十月", "2022-10"),
        ("2022", "全市 1—6月", "2022-01/2022-06"),
        ("2022", "1 - 6 月", "2022-01/2022-06"),
        ("2022", "1至11月", "2022-01/2022-11"),
        ("2022", "1月-3月", "2022-01/2022-03"),
        ("2022", "上半年", "2022-01/2022-06"),
        ("2022", "下半年", "2022-07/2022-12"),
        ("2022", "一季度", "2022-01/2022-03"),
        ("2022", "第4季度", "2022-10/2022-12"),
        ("2022", "前三季度", "2022-01/2022-09"),
        ("", "7月", ""),
        ("2016-2020", "7月", ""),
        ("2022", "冬季", ""),
        ("2022", "汛期", ""),
        ("2022", "7月上旬", ""),
        ("2022", "6月5日", ""),
        ("2022", "伊春市", "2022"),
        ("2022", "日照市", "2022"),
    ],
)
def test_a_part_of_the_year_is_not_the_year(year: str, scope: str, period: str) -> None:
    assert extent.period(year, scope) == period
    assert not period or period_exists(period)


@pytest.mark.parametrize(
    ("scope", "place"),
    [
        ("", ""),
        ("全市", ""),
        ("丁市", ""),
        ("丁市城区", ""),
        ("全市国控断面", ""),
        ("12个国控断面", ""),
        ("中心城区 1-6月", ""),
        ("县级以上集中式饮用水水源地", ""),
        ("全市地表水", ""),
        ("河流", ""),
        ("湖库", ""),
        ("城市集中式饮用水水源地", ""),
        ("城镇水源地", ""),
        ("全市水环境功能区", ""),
        ("生态保护红线区域", ""),
        ("全地区", ""),
        ("镇乡水源地", "镇乡"),
        ("甲县", "甲县"),
        ("丁市甲县", "甲县"),
        ("甲县 1-6月", "甲县"),
        ("乙自治县", "乙自治县"),
        ("丙旗", "丙旗"),
        ("丙镇", "丙镇"),
        ("甲河流域", "甲河流域"),
        ("戊市", "戊市"),
        ("牡丹江市", "牡丹江市"),
        ("牡丹江", "牡丹江"),
        ("12个县城", ""),
        ("丁市25个国省控断面", ""),
    ],
)
def test_a_county_or_a_basin_is_not_the_city(scope: str, place: str) -> None:
    assert extent.place(scope, "丁市") == place


def test_the_whole_district_is_the_district() -> None:
    assert extent.place("全区", "己区", "district") == ""
    assert extent.place("己区", "己区", "district") == ""
    assert extent.place("己区甲镇", "己区", "district") == "甲镇"


@pytest.mark.parametrize("scope", ["全省", "全国", "我省国控断面", "某某省", "内蒙古自治区", "全区"])
def test_what_is_wider_than_a_city_is_none_of_its_figures(scope: str) -> None:
    with pytest.raises(extent.Beyond):
        extent.place(scope, "丁市")


@pytest.mark.parametrize(
    ("scope", "family", "said"),
    [
        ("全市国控断面", "water", {"network": "state_sections", "denominator": "sections"}),
        ("省考断面", "water", {"network": "provincial_sections", "denominator": "sections"}),
        ("断面", "water", {"denominator": "sections"}),
        ("国控断面", "air", {}),
        ("未剔除沙尘", "air", {"adjustment": "raw"}),
        ("剔除沙尘", "air", {"adjustment": "dust_excluded"}),
        ("县级及以上城市集中式", "drinking_water", {"network": "county_and_above_sources"}),
        ("", "water", {}),
    ],
)
def test_whose_sections_or_sites_is_taken_from_the_words(
    scope: str, family: str, said: dict[str, str]
) -> None:
    assert extent.attributes(scope, family) == said


@given(st.text(alphabet="丁市甲县区河月季度上下半年0123456789一二三十-—至 全省国控断面", max_size=30))
def test_no_scope_makes_it_crash(scope: str) -> None:
    period = extent.period("2022", scope)
    assert not period or period_exists(period) or scope
    extent.attributes(scope, "water")
    try:
        extent.place(scope, "丁市")
    except extent.Beyond:
        return
