"""What stands between a name and a figure: whether it leads from one to the other, or to something else.

Words of time, place, comparison and degree lead on. What remains is strange; how much of it a figure bears depends on its kind of
unit: 个百分点 can only be of a share, 亩 may be of anything.
"""

from __future__ import annotations

import re

from ecobrief.extraction import scopes

_GLUE = re.compile(
    "[一二三四五六七八九十两0-9]{1,3}个?年(?:来|间|多)?|[时序]序进度|年度|同期|同月|同比|环比|相比|比较|分别|依次"
    "|(?:提高|上升|下降|增长|增加|变化|改善|降低)(?:幅度|比例)|提高|提升|上升|增加|增长|下降|降低|减少|回落|改善|升高|净增|新增|递增|高出|扩大|上涨|攀升"
    "|调减|调增|核减|(?:原|上一?轮|上次|原来的)?(?:方案|调查|普查|清查)|降幅|增幅|升幅|跌幅|反弹|退步|压减|缩减|优化|压降|抬升|抬高|跃升|下滑|减轻|收窄|翻|跌|涨|滑|爬|涨|提|退|压|降|升|掉|冲|拉"
    "|达到|达成|实现|完成|保持|维持|稳定|稳居|持续|连续|继续|基本|首次|全部|累计|合计|总计|总共|占比|比例|比重|所占|年末|年底|期末|目前|如今|现在|最高|最低|平均|均值"
    "|超过|突破|跨过|迈过|迈上|不低于|不少于|不得低于|不高于|高于|低于|高达|低至|大约|接近|将近|至少|力争|争取|确保|预计|预期|计划|目标|控制|介于|介乎|落在|幅度|多年|全年|年均|当年|其中|折合|相当"
    "|已经|仍然|依然|同样|也是|均为|都是|左右|以上|以下|以内|之间|区间|数量|数值|数据|指标值|(?:这|该)(?:个|一|项)?(?:数字|比例|指标|数据|数值|比率|数)?|水平|均值|平均值|中途|一度|后来|此后|随后|最终|进一步|仅|只有|只"
    "|相应|总体|全面|实际|规划|要求|任务|大幅|显著|明显|有望|任务量|总数|天数|期间|以来|截至|截止|快速|稳步|由原来|原来|改写|刷新|定在|守住|稳住|稳在|长年|常年"
    "|比|较|为|是|达|到|至|由|从|自|的|了|约|超|逾|近|增|减|多|少|高|低|共|计|有|已|仍|也|均|都|各|在|将|要|应|须|内|同|跟|和|与|及|或|而|则|且|并|又|再|占|上|下|于|成|里|过|想|力|保"
    '|出|起|年|第|后|前|还|率|值|其|中|就|可|能|每|以|个|不足|[“”"‘’<>≥≤=+：:\\[\\]【】*~.·—-]|\\s'
)
_RANK = re.compile(
    "(?:继续|连续)?(?:位居|稳居|位列|名列|排名?|排在|居|列|仅次于|领先|处于|保持)[^，。；：]{0,10}"
    "(?:(?:第|前)[一二三四五六七八九十\\d]{1,3}(?:位|名)?|首位|之首|前列|榜首|首|领先水平|位居前列)|创[^，。；]{0,10}(?:新高|新低|纪录)"
    "|(?:优于|好于|达到|符合|满足)[^，。；]{0,6}(?:国家)?(?:环境)?(?:空气)?(?:质量)?[一二]级标准"
)
_COUNTS = re.compile(r"\d+(?:\.\d+)?(?:个|处|条|座|家|项|天|位|名|次)")
_BORNE = {"points": 8, "concentration": 6, "days": 6, "percent": 4, "area": 2, "volume": 2, "money": 12}
_BORNE_CHANGE = {"percent": 2, "days": 3}
_BORNE_NAMED = 14
SIDE_LIMIT = 10
"""How much a clause without figures may hold beside rank and degree before the thread is lost."""


_PLACES = re.compile(
    r"(?:[一-鿿]{2,4}、){1,12}[一-鿿]{2,4}?等?[两二三四五六七八九十\d]{0,2}个?(?:县市区?|县区|市县|市区|市州|区县|县|区|市|州|旗)"
)
"""Places that their common kind follows (安源、湘东两区)."""


def strange(text: str) -> str:
    """What is left of a stretch of text without words of time, place, comparison, degree and rank."""
    bare = _COUNTS.sub("", _RANK.sub("", text.replace("|", "")))
    return _GLUE.sub("", scopes.PLACE.sub("", _PLACES.sub("", bare) if "、" in bare else bare))


def bears(kind: str, text: str, *, change: bool) -> bool:
    """Whether a figure of this kind can still be of a name of an earlier clause, with this between."""
    limit = _BORNE_CHANGE.get(kind, _BORNE.get(kind, 0)) if change else _BORNE.get(kind, 0)
    return len(strange(text)) <= limit


def leads_on(text: str) -> int:
    """How many strange characters stand between a name and a figure of one clause."""
    return len(strange(text))


def near_enough(gap: int) -> bool:
    """Whether a name so many strange characters away is still of the figure."""
    return gap <= _BORNE_NAMED
