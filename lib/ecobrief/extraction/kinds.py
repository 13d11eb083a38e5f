"""Whether a figure is a level that was observed, one that is aimed at, or a change and which way it goes."""

from __future__ import annotations

import re
from collections.abc import Iterator

_RISE = (
    "多出|多支|多投|多完成|多造|多治理?|多了|高了|涨了|升了|增了|提高|提升|上升|增加|增长|增多|扩大|升高|上涨|攀升|净增|"
    "新增|递增|高出|回升|反弹|上扬|走高|拉高|抬升|跃升|上浮|增幅|升幅|涨幅"
)
_FALL = (
    "少掉|少了|低了|掉了|跌了|降了|减了|滑落|下跌|缩水|减退|走低|退步|退了|压减|调减|核减|净减|缩小|滑坡|少支|少完成|少造|压降|下降|降低|减少|"
    "回落|下滑|缩减|减小|削减|收窄|减轻|下调|降幅|减幅|下降比例"
)
_BETTER = "改善|好转"
_SHORT_RISE, _SHORT_FALL = "多|高|升|增|长|涨", "少|低|降|减|掉|跌|差"
_HOW_MUCH = r"(?:幅度|比例)?(?:了|为|达到?|约|近|逾|高达|超过|超|大约|至少|不低于|不少于|[“：]){0,3}$"
_CHANGED = re.compile(
    rf"(?:(?P<rise>{_RISE})|(?P<fall>{_FALL})|(?P<better>{_BETTER})|(?P<worse>恶化|变差)){_HOW_MUCH}"
)
_CHANGED_SHORT = re.compile(rf"(?:(?P<rise>{_SHORT_RISE})|(?P<fall>{_SHORT_FALL})){_HOW_MUCH}")
_ONLY_CHANGED = re.compile("[多少增减升降]了?")
_TO = re.compile(
    rf"(?:{_RISE}|{_FALL}|{_BETTER}|{_SHORT_RISE}|{_SHORT_FALL}|发展|扩展|变)(?<!幅)(?:到|至|为|成|达到)了?"
    r"(?:约|近|逾|超过|目前的|现在的|[“]){0,2}$"
)
_UNCLEAR = re.compile(
    r"(?:同比|环比|[比较](?:上年|去年|上一年|前一年|(?:19|20)\d\d年)(?:同期)?)[^，。；：、（）\d多少]{1,4}$"
)
_LEVEL = re.compile(r"(?:为|到|至|在|是|的|达|持平|相当|相比|比较)$")
_SIGNED = re.compile(r"(?:同比|环比|变化|变幅|幅度|为|：|（)(?P<sign>[+-])$")
_COMPARED = re.compile(r"同比|环比|比(?![例重率])|较|距|增减|变化")
_BEYOND = re.compile(r"(?P<rise>超过|高于|超额|超出|优于|好于|领先)|(?P<fall>低于|落后)")
_ANY = re.compile(rf"(?P<rise>{_RISE}|{_SHORT_RISE})|(?P<fall>{_FALL}|{_SHORT_FALL})|(?P<better>{_BETTER})")

_AIMED = re.compile(
    r"力争|力保|有望|冲刺|想(?=[做达冲突再把要让])|(?<![共已计])争取(?=(?:在|于|使|让|实现|完成|达|提高|新|林业|到(?:“?(?:20|二〇|十|[今明]年))))|确保|预计|预期|拟于|拟在"
    r"|不得?(?:[低少高超]于?|突破)(?!标)|不低于|不少于|不能[低少]于|控制在|必须|[应须需]要?(?=达|不|控|保|提|完|增|降|实)|拟(?=达|完|造|投|新|建|安排)|瞄准|锚定|剑指|奋力|守住|努力|下一步|接下来|下阶段|建议|打算|展望"
    r"|(?<![比较超按照原度])计划(?=[^，。；]{0,4}(?:完成|实施|投资|造林|治理|投入|总|用|新增|到|在|达|筹|争|营|安排))|规划(?=(?:总?投资|造林|治理|到|期末))"
    r"|(?<![只需主重简次摘概提纲纪])要(?=[^，。；]{0,8}(?:达|实现|完成|超|控制|提高|争取|确保|保持|稳|增|降|新|压|守|保|突破|治理|造林|投入|筹|落实))"
    r"|将(?=[^，。；]{0,6}(?:达|提高|增|完成|实现|超|降|投|新|力争|建|迈|突破|升|压))|到期末|规划期末|总体要求|概算|估算|匡算|需求测算|资金需求"
    r"|(?P<goal>目标任务(?!的?完成|落实|进展)|(?:目标|任务)值?(?!的?完成|落实|进展)(?=[^，。；：、]{0,5}(?:[：是为定]|如下|包括))|底线(?=[是为：]))|(?:提出|定下|设定|确定)[^，。；]{0,12}目标"
    r"|(?<=基础上)再(?=[增提降下减上])|(?:提出|明确|要求|规定)(?=[，：]?[到至]“?(?:20|二〇|十))|(?<=[，：》])(?:要求|提出|明确|规定|部署)(?![的了是])"
)
_ACHIEVED = re.compile(
    r"(?<!未)已(?!经?[锁确制提明])|实际|完成了|实现了|达到了|目前|如今|现状|现有|截至|成绩|共(?:完成|投入|争取|实施|治理)|先后|提前|超额|圆满|过去一年|去年以来"
)
_GOAL_NOUN = r"(?:目标|任务|计划|规划|控制|考核|预期|要求|底线|下限)(?:值|数|量|总量|线|指标)?"
_GOAL_BEFORE = re.compile(
    rf"(?P<lead>[^，。；：]*?){_GOAL_NOUN}(?:分别|依次|均)?(?:[定设]?[在为是]|定为|到|[：（“])?(?:约|不低于|不少于)?$"
)
_GOAL_AFTER = re.compile(
    rf"(?:[以及]?[上下内]|左右)?的?(?:年度|规划|考核|省定|国家)?{_GOAL_NOUN}(?![^，。；：、]{{0,2}}\d)"
)
_DIFFERENCE = re.compile(
    rf"(?:(?P<rise>超过?|高于|高出|多于|超出)|(?P<fall>低于|少于|落后)|(?P<better>优于|好于))[^，。；：、\d]{{0,6}}{_GOAL_NOUN}$"
)
_STANDARD_BEFORE = re.compile(r"(?:标准|限值|指导值|阈值|上限|下限)(?:值)?[为是（]?$")
_STANDARD_AFTER = re.compile(r"(?:及以上|以下)?的?[^，。；：、\d]{0,4}(?:标准限值|限值|标准(?!偏差)|阈值)")
_MEASURED = re.compile(
    r"(?:完成|达到|超过|高于|优于|好于|实现|超额|满足|符合|对照|低于|较)[^，。；：、]{0,8}$"
)
_FIGURE = re.compile(r"\d(?:%|个?百分点|天|[^，。；：、\d]{1,6}[米亩元顷里])的?$")
_HEADING_AIMS = re.compile(
    r"目标|工作(?:安排|打算|计划|思路|任务|重点|要点)|下一步|(?:总体|主要)(?:要求|任务)|任务书|规划指标|预期"
)
_HEADING_SEES = re.compile(r"回顾|完成情况|进展|成效|现状|成就|总结|基础|成绩|账本")


def cues(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Start and end of the words after which figures are aimed at (true) or no longer are."""
    for found in _AIMED.finditer(text, start, end):
        before = text[max(start, found.start() - 14) : found.start()]
        if not (found["goal"] and (_MEASURED.search(before) or _FIGURE.search(before))):
            yield *found.span(), True
    for found in _ACHIEVED.finditer(text, start, end):
        yield *found.span(), False


def local_target(lead: str, after: str, kind: str, in_goal: bool) -> str:
    """The goal named right before or after a figure (全年任务24平方公里, 0.9%的控制值), or before its brackets; else nothing."""
    if in_goal:
        return "目标"
    if kind == "points" or (kind != "percent" and _DIFFERENCE.search(lead)):
        return ""
    before, behind = _GOAL_BEFORE.search(lead), _GOAL_AFTER.match(after)
    if before and "完成" not in lead:
        return before[0][-12:]
    return behind[0] if behind else ""


def standard(lead: str, after: str) -> bool:
    """Whether a figure is a limit of a standard: 二级标准（35微克/立方米）, 35微克/立方米的年均限值."""
    return bool(_STANDARD_BEFORE.search(lead) or _STANDARD_AFTER.match(after))


def has_change(lead: str) -> bool:
    """Whether the words before a figure may make it a change."""
    return bool(
        (_CHANGED.search(lead) and not _TO.search(lead))
        or _SIGNED.search(lead)
        or (_CHANGED_SHORT.search(lead) and _COMPARED.search(lead))
        or _ONLY_CHANGED.fullmatch(lead)
    )


def change_sign(lead: str, kind: str, better: int, *, flow: bool, compared: bool) -> int:
    """+1 or -1 where the words before a figure make it a change, else 0.

    `lead` is what stands between the start of the clause (or the figure before) and the figure, `kind` its kind of unit,
    `better` the sign of an improvement, `compared` whether a year to compare with was just named. A flow that is 新增 is a level.
    """
    if signed := _SIGNED.search(lead):
        return -1 if signed["sign"] == "-" else 1
    if _TO.search(lead):
        return 0
    if kind != "percent" and (found := _DIFFERENCE.search(lead)):
        return _sign(found, better)
    found = _CHANGED.search(lead)
    if not found and (
        compared or kind == "points" or _COMPARED.search(lead) or _ONLY_CHANGED.fullmatch(lead)
    ):
        found = _CHANGED_SHORT.search(lead)
    if found:
        if flow and found[0].startswith(("新增", "净增")):
            return 0
        return _sign(found, better)
    found = (_BEYOND.search(lead) or _ANY.search(lead)) if kind == "points" else None
    return _sign(found, better) if found else 0


def unclear(lead: str) -> bool:
    """Whether the words before a figure compare it (同比…) without saying in words that are known which way it went."""
    return bool(_UNCLEAR.search(lead) and not _LEVEL.search(lead))


def _sign(found: re.Match[str], better: int) -> int:
    said = {name for name, words in found.groupdict().items() if words}
    if "fall" in said:
        return -1
    return better if "better" in said else -better if "worse" in said else 1


def heading_aims(line: str) -> bool | None:
    """Whether what stands under a heading is aimed at; None where the heading does not tell."""
    if _HEADING_AIMS.search(line):
        return not _HEADING_SEES.search(line)
    return False if _HEADING_SEES.search(line) else None
