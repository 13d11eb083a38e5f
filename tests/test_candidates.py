"""What is proposed from a sentence: the figure, whose it is, when, and whether it is observed, aimed at or a change."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecobrief.extraction import attachment
from ecobrief.extraction.candidates import LONGEST_EVIDENCE, Candidate, candidates
from ecobrief.extraction.quantities import Figure

Said = tuple[str, str, str, str]


def said(text: str, published: str = "") -> list[Said]:
    """Indicator, kind, value and year of what is proposed."""
    return [
        (c.indicator, c.kind, c.value, c.year)
        for c in candidates(text, document="a.txt", published=published)
    ]


def one(text: str, published: str = "") -> Candidate:
    (found,) = candidates(text, document="a.txt", published=published)
    return found


def test_a_figure_beside_its_name() -> None:
    found = one("2021年，全市森林覆盖率为46.30%。")
    assert (found.indicator, found.value, found.unit, found.year) == ("forest_cover", "46.30", "%", "2021")
    assert (found.kind, found.scope, found.qualifier, found.evidence) == (
        "observed",
        "全市",
        "exact",
        "46.30%",
    )
    assert found.confidence > 0.9


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "2022年空气质量优良天数320天，比上年减少12天，优良率87.7%，同比下降3.3个百分点。",
            [
                ("good_air_days", "observed", "320", "2022"),
                ("good_air_days", "change", "-12", "2022"),
                ("good_air_day_ratio", "observed", "87.7", "2022"),
                ("good_air_day_ratio", "change", "-3.3", "2022"),
            ],
        ),
        (
            "2020年，PM2.5年均浓度由2015年的58微克/立方米下降到36微克/立方米，下降37.9%。",
            [
                ("pm25_annual_mean", "observed", "58", "2015"),
                ("pm25_annual_mean", "observed", "36", "2020"),
                ("pm25_annual_mean", "change", "-37.9", "2020"),
            ],
        ),
        (
            "2021年，森林覆盖率和草原植被盖度分别为35.8%、62.6%。",
            [("forest_cover", "observed", "35.8", "2021")],
        ),
        (
            "2019年、2020年优良天数分别为300天和312天。",
            [("good_air_days", "observed", "300", "2019"), ("good_air_days", "observed", "312", "2020")],
        ),
        (
            "2021年国考断面优良率、县级饮用水水源地水质达标率均为100%。",
            [
                ("water_sections_good_ratio", "observed", "100", "2021"),
                ("drinking_source_compliance", "observed", "100", "2021"),
            ],
        ),
        (
            "2021年，国考断面优良率、省考断面达标率、饮用水水源地达标率实现三个100%。",
            [
                ("water_sections_good_ratio", "observed", "100", "2021"),
                ("water_sections_compliance_ratio", "observed", "100", "2021"),
                ("drinking_source_compliance", "observed", "100", "2021"),
            ],
        ),
        (
            "2019年，PM2.5和PM10年均浓度分别为35和62微克/立方米，同比分别下降5.4%和3.1%。",
            [("pm25_annual_mean", "observed", "35", "2019"), ("pm25_annual_mean", "change", "-5.4", "2019")],
        ),
        (
            "2020年，林地面积12万亩，森林覆盖率63.5%，较2015年分别增加1万亩和1.2个百分点。",
            [("forest_cover", "observed", "63.5", "2020"), ("forest_cover", "change", "1.2", "2020")],
        ),
        (
            "2020年劣Ⅴ类断面比例由10.5%降为0。",
            [
                ("water_sections_bad_ratio", "observed", "10.5", ""),
                ("water_sections_bad_ratio", "observed", "0", "2020"),
            ],
        ),
        ("2020年，五年累计造林50万亩。", [("afforestation_area", "observed", "50", "2016-2020")]),
        ("2023年以95%的空气优良率居全省前列。", [("good_air_day_ratio", "observed", "95", "2023")]),
        ("2022年各县优良天数在282-358天之间。", [("good_air_days", "observed", "282-358", "2022")]),
        ("二〇二一年森林覆盖率百分之四十六点三。", [("forest_cover", "observed", "46.3", "2021")]),
        (
            "“十三五”期间完成造林120万亩，总投资9.6亿元。",
            [
                ("afforestation_area", "observed", "120", "2016-2020"),
                ("investment", "observed", "9.6", "2016-2020"),
            ],
        ),
        (
            "2021年划定生态保护红线1520平方公里，占全市国土面积的21.5%。",
            [
                ("eco_redline_area", "observed", "1520", "2021"),
                ("eco_redline_share", "observed", "21.5", "2021"),
            ],
        ),
    ],
)
def test_lists_ways_and_changes(text: str, expected: list[Said]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("力争2025年森林覆盖率达到47%。", ""),
        ("到2025年，森林覆盖率达到47%。", "2021-03-01"),
        ("主要目标：森林覆盖率达到47%。", ""),
        ("三、2025年工作安排\n森林覆盖率达到47%。", ""),
        ("森林覆盖率不得低于47%。", ""),
        ("使2025年森林覆盖率提高2个百分点是规划的目标。", "2021"),
    ],
)
def test_what_is_aimed_at_is_no_result(text: str, published: str) -> None:
    assert [kind for _, kind, _, _ in said(text, published)] == ["target"]


@pytest.mark.parametrize(
    "text",
    [
        "提前完成2020年目标任务，森林覆盖率达到47%。",
        "到2018年底，全市已完成造林，森林覆盖率47%。（2019年3月）",
        "目标任务完成情况：森林覆盖率47%。",
    ],
)
def test_a_goal_that_was_reached_is_a_result(text: str) -> None:
    assert [kind for _, kind, _, _ in said(text)] == ["observed"]


@pytest.mark.parametrize(
    "text",
    [
        "建成区绿化覆盖率44%。",
        "2022年7月PM2.5平均浓度19微克/立方米。",
        "优116天、良187天。",
        "全市水土流失面积172平方公里。",
        "林业产值突破690亿元。",
        "林地面积91897公顷，活立木蓄积量6645万立方米。",
        "生态保护红线内耕地占红线总面积的2.2%。",
        "近岸海域水质优良比例99.1%。",
        "PM2.5浓度优于国家标准（35微克/立方米）。",
        "完成造林任务的107%。",
        "优良天数居全省第3位。",
        "森林覆盖率%，天数为天。",
    ],
)
def test_what_looks_alike_is_left_alone(text: str) -> None:
    assert said(text) == []


def test_part_of_a_year_is_part_of_the_scope() -> None:
    found = one("2022年上半年，市区空气优良率91.2%。")
    assert (found.year, found.scope) == ("2022", "市区 上半年")


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("森林覆盖率约46%。", "about"),
        ("森林覆盖率达46%以上。", "at_least"),
        ("森林覆盖率超过46%。", "more_than"),
        ("森林覆盖率近46%。", "less_than"),
        ("造林70余万亩。", "and_more"),
        ("森林覆盖率45%~46%。", "range"),
    ],
)
def test_how_exactly_a_figure_is_meant(text: str, qualifier: str) -> None:
    assert one(text).qualifier == qualifier


def test_last_year_is_the_year_before_publication() -> None:
    assert said("去年，森林覆盖率46%。", "2023-02-01") == [("forest_cover", "observed", "46", "2022")]
    assert said("去年，森林覆盖率46%。") == [("forest_cover", "observed", "46", "")]


def test_a_table_of_a_plan() -> None:
    table = "指标\t属性\t单位\t2020\t2025\n森林覆盖率\t预期性\t%\t45.1\t46.0\n森林蓄积量\t约束性\t万立方米\t5100\t5600\n"
    assert said(table) == [
        ("forest_cover", "observed", "45.1", "2020"),
        ("forest_cover", "target", "46.0", "2025"),
        ("forest_stock_volume", "observed", "5100", "2020"),
        ("forest_stock_volume", "target", "5600", "2025"),
    ]


def test_a_table_of_months_is_of_the_year_in_its_title() -> None:
    table = """甲县环境空气质量月报  2023年第9期
项目 | 9月 | 上年同月 | 1—9月
优良天数(天) | 28 | 27 | 251
PM2.5(微克/立方米) | 21 | 20 | 25
"""
    found = candidates(table, document="a.txt")
    assert [(c.indicator, c.value, c.year, c.scope) for c in found] == [
        ("good_air_days", "28", "2023", "9月"),
        ("good_air_days", "27", "2022", "上年同月"),
        ("good_air_days", "251", "2023", "1-9月"),
    ]


def test_a_title_with_a_date_is_no_head_of_a_table() -> None:
    text = "甲县环境空气质量月报  2023年第12期\n一、城区\n全年优良率90.4%。"
    assert said(text) == [("good_air_day_ratio", "observed", "90.4", "2023")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021年优良天数三百零九天。", ("good_air_days", "observed", "309", "2021")),
        ("2021年，优良的断面达标率97%。", ("water_sections_compliance_ratio", "observed", "97", "2021")),
        (
            "2020年断面水质Ⅲ类及更好的比例为98%。",
            ("water_sections_good_ratio", "observed", "98", "2020"),
        ),
    ],
)
def test_names_with_words_before_and_after(text: str, expected: Said) -> None:
    assert expected in said(text)


def test_a_subject_may_stand_between_a_figure_and_its_name() -> None:
    assert said("2021年，全市有100%的集中式饮用水水源地水质达标率。") == [
        ("drinking_source_compliance", "observed", "100", "2021")
    ]


def test_days_of_other_weather_are_no_good_days() -> None:
    text = "空气优良天数2018年为274天；年均沙尘天气由从前的六十六天减少到十天以内。"
    assert said(text) == [("good_air_days", "observed", "274", "2018")]


def test_a_short_name_after_another_figure_of_the_forest() -> None:
    assert said("2019年森林面积1.54亿亩、覆盖率58.5%。")[1] == ("forest_cover", "observed", "58.5", "2019")


def test_a_sentence_runs_on_over_the_end_of_a_page() -> None:
    text = "2019年，全县在十条支流新建谷坊和拦沙坝二十一座，治理水土\n\n— 117 —\n\n流失面积172万亩，沟道有人看管。"
    assert ("erosion_control_area", "observed", "172", "2019") in said(text)


def test_a_table_with_a_city_to_each_row() -> None:
    table = (
        "城市 | 优良天数比例（%） | PM2.5年均浓度（微克/立方米）\n东山市 | 94.0 | 24\n西河市 | 91.5 | 27\n"
    )
    assert [(c.indicator, c.value, c.scope) for c in candidates("2022年\n" + table, document="a")] == [
        ("good_air_day_ratio", "94.0", "东山市"),
        ("pm25_annual_mean", "24", "东山市"),
        ("good_air_day_ratio", "91.5", "西河市"),
        ("pm25_annual_mean", "27", "西河市"),
    ]


PIECES = re.split(
    " ",
    "（ ） 。 ， 、 ； ： 的 由 到 % - ~ | 森林覆盖率 优良天数 PM2.5 投资 断面 水质 达标率 饮用水水源地 生态保护红线 "
    "占国土面积的 造林 比例 2022年 “十四五”期间 到2025年 去年 上半年 同比 较上年 提高 下降到 力争 目标 分别为 均为 三个 "
    "其中 100% 3.5个百分点 29微克/立方米 320天 1,234 5.6万亩 三分之二 八成五 百分之九十二点三 亿元 12 [330] 二〇二一年",
)
PIECES += [" ", "  ", "\t", "\n", "\r\n"]


@settings(max_examples=300)
@given(
    st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=80).map("".join)),
    st.sampled_from(["", "2023", "x"]),
)
def test_no_text_makes_it_fail_and_every_span_is_in_the_text(text: str, published: str) -> None:
    for found in candidates(text, document="a.txt", published=published):
        assert text[found.start : found.end] == found.evidence
        assert 0 < len(found.evidence) <= LONGEST_EVIDENCE
        assert found.kind in ("observed", "target", "change")
        assert 0 < found.confidence <= 1


@pytest.mark.parametrize("piece", ["森林覆盖率为", "100%、", "（", " ", "12 ", "2022年、", "|1\n", "由1%到"])
def test_steps_grow_with_the_length_of_a_text(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = 0
    original = attachment._of_row

    def counted(walk: attachment.Walk, number: int, row: list[Figure]) -> object:
        nonlocal steps
        steps += 1
        return original(walk, number, row)

    monkeypatch.setattr(attachment, "_of_row", counted)
    counts = []
    for times in (2000, 4000):
        steps = 0
        candidates(piece * times, document="a.txt")
        counts.append(steps)
    assert counts[1] <= 2 * counts[0] + 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "2021年，优良天数比例90.1%，上年为88.3%；PM2.5年均浓度30微克/立方米。",
            [
                ("good_air_day_ratio", "observed", "90.1", "2021"),
                ("good_air_day_ratio", "observed", "88.3", "2020"),
                ("pm25_annual_mean", "observed", "30", "2021"),
            ],
        ),
        (
            "2021年造林16.2万亩，占全年任务15万亩的108%。",
            [
                ("afforestation_area", "observed", "16.2", "2021"),
                ("afforestation_area", "target", "15", "2021"),
            ],
        ),
        (
            "2021年，机动车达标率91%，饮用水水源地达标率100%。",
            [("drinking_source_compliance", "observed", "100", "2021")],
        ),
    ],
)
def test_what_only_looks_back_and_what_is_of_something_else(text: str, expected: list[Said]) -> None:
    assert said(text) == expected


def test_a_range_of_two_numbers_is_cut_where_its_mark_stands() -> None:
    text = "2021年，各县空气优良率由88.1%与99.2%之间收窄。"
    assert all(text[c.start : c.end] == c.evidence != "" for c in candidates(text, document="a.txt"))


DAYS, RATIO, PM25, COVER, STOCK = (
    "good_air_days",
    "good_air_day_ratio",
    "pm25_annual_mean",
    "forest_cover",
    "forest_stock_volume",
)
TREES, EROSION, MONEY = "afforestation_area", "erosion_control_area", "investment"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "市里下发《2023年治污要点》，要求优良天数比例达到86.7%；PM2.5浓度在上年基础上再下降1微克/立方米。",
            [(RATIO, "target", "86.7", "2023"), (PM25, "target", "-1", "2023")],
        ),
        (
            "城区优良天数301天，其余64天超标；9天重度污染出现在冬季，120天为优。",
            [(DAYS, "observed", "301", "")],
        ),
        (
            "2018年起治理水土流失，当年治理水土流失45平方公里，次年治理水土流失60平方公里。",
            [(EROSION, "observed", "45", "2018"), (EROSION, "observed", "60", "2019")],
        ),
        ("新的一年，我们治理水土流失95平方公里。", [(EROSION, "target", "95", "")]),
        ("今后五年，森林覆盖率提高到45%。", [(COVER, "target", "45", "")]),
        (
            "2019、2020年优良天数分别为286天和304天。",
            [(DAYS, "observed", "286", "2019"), (DAYS, "observed", "304", "2020")],
        ),
        (
            "2021年PM2.5浓度下降6.1%至31微克/立方米，优良天数增加5天至310天。",
            [
                (PM25, "change", "-6.1", "2021"),
                (PM25, "observed", "31", "2021"),
                (DAYS, "change", "5", "2021"),
                (DAYS, "observed", "310", "2021"),
            ],
        ),
        (
            "2021年PM2.5浓度19微克/立方米，优良天数比例98.9%，同比分别下降5.0%、上升0.4个百分点。",
            [
                (PM25, "observed", "19", "2021"),
                (RATIO, "observed", "98.9", "2021"),
                (PM25, "change", "-5.0", "2021"),
                (RATIO, "change", "0.4", "2021"),
            ],
        ),
        (
            "2021年造林20万亩，比上年多造林3万亩，是上年的1.2倍，较计划少完成1万亩。",
            [
                (TREES, "observed", "20", "2021"),
                (TREES, "change", "3", "2021"),
                (TREES, "change", "-1", "2021"),
            ],
        ),
        (
            "2022年，PM2.5浓度与上年（29微克/立方米）相比下降6.9%，为27微克/立方米。",
            [
                (PM25, "observed", "29", "2021"),
                (PM25, "change", "-6.9", "2022"),
                (PM25, "observed", "27", "2022"),
            ],
        ),
        (
            "2018年政府工作报告\n过去五年，造林412万亩。\n今年主要目标：造林10万亩。",
            [(TREES, "observed", "412", "2013-2017"), (TREES, "target", "10", "2018")],
        ),
        (
            "2021年造林12万亩、投入1.9亿元，较2020年分别多2万亩、少0.3亿元。",
            [
                (TREES, "observed", "12", "2021"),
                (MONEY, "observed", "1.9", "2021"),
                (TREES, "change", "2", "2021"),
                (MONEY, "change", "-0.3", "2021"),
            ],
        ),
        (
            "2022年优良天数300天，与2019年水平比较，增加21天。",
            [(DAYS, "observed", "300", "2022"), (DAYS, "change", "21", "2022")],
        ),
        ("“十四五”前三年，造林38万亩。", [(TREES, "observed", "38", "2021-2023")]),
        (
            "2021年下半年投入1.3亿元，2022年再投入2.1亿元治沙。",
            [(MONEY, "observed", "1.3", "2021"), (MONEY, "observed", "2.1", "2022")],
        ),
        ("20个断面水质优良的有17个，占85%。", [("water_sections_good_ratio", "observed", "85", "")]),
        (
            "到2025年，森林覆盖率达到25%（2020年：23.3%）。",
            [(COVER, "target", "25", "2025"), (COVER, "observed", "23.3", "2020")],
        ),
        (
            "省政府于2017年公布红线，划定生态保护红线4200平方公里。到2035年，生态保护红线不低于3900平方公里。",
            [
                ("eco_redline_area", "observed", "4200", "2017"),
                ("eco_redline_area", "target", "3900", "2035"),
            ],
        ),
        (
            "指标 单位 2020年 2025年 属性\n森林覆盖率 % 39.24 42.5 约束性\n森林蓄积量 亿立方米 3.41 3.6 约束性",
            [
                (COVER, "observed", "39.24", "2020"),
                (COVER, "target", "42.5", "2025"),
                (STOCK, "observed", "3.41", "2020"),
                (STOCK, "target", "3.6", "2025"),
            ],
        ),
    ],
)
def test_years_goals_and_changes_of_other_phrasings(text: str, expected: list[Said]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "到2025年，森林覆盖率达到47%。",
        "森林覆盖率47%。",
        "2020年造林5万亩，今年造林6万亩。",
        "2020年预计造林5万亩。2022年造林6万亩。",
    ],
)
def test_a_reading_that_is_not_firm_says_so(text: str) -> None:
    assert min(c.confidence for c in candidates(text, document="a.txt")) < 0.8
